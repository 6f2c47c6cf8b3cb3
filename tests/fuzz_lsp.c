/*
 * fuzz_lsp.c: whatever a client sends, each answer is a whole message of JSON-RPC; what
 * is answered does not depend on the portions in which it came; every request that can
 * be told as one is answered once.
 */
#include <stdlib.h>

#include "lsp/server.h"

typedef struct Input {
    Arena *arena;
    Text bytes;
} Input;

/* A client that keeps what it hears. */
typedef struct Ear {
    Buffer heard;
    Analysis nothing;
} Ear;

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* The workspace is never there: what is found is other fuzzers' matter. */
static const Analysis *analyse(void *context, Text root, const Documents *documents)
{
    Ear *ear = context;
    uint32_t count;

    must(root.len > 0 && root.at[0] == '/');
    documents_as_files(documents, ear->heard.arena, &count);
    for (uint32_t i = 1; i < documents->count; i++)
        must(text_compare(documents->items[i - 1].path, documents->items[i].path) < 0);
    return &ear->nothing;
}

static bool hear(void *context, Text bytes)
{
    Ear *ear = context;

    buffer_add(&ear->heard, bytes);
    return true;
}

/* What is heard when `portion` bytes come at a time. */
static Text talk(Input *input, size_t portion)
{
    Ear *ear = ARENA_NEW(input->arena, Ear);
    const Host host = {ear, analyse, hear, TEXT("0")};
    Server *server = server_new(input->arena, &host, (Text){0});
    Text rest = input->bytes;
    int status;

    ear->heard.arena = input->arena;
    ear->nothing.problems = TEXT("nothing is there");
    while (rest.len && !server_is_over(server, &status)) {
        Text some = text_slice(rest, 0, portion);
        size_t had = some.len;

        server_feed(server, &some);
        rest = text_from(rest, had - some.len);
        if (some.len || rest.len == 0)
            server_work(server);
    }
    server_settle(server);
    server_hang_up(server);
    must(server_is_over(server, &status) && (status == 0 || status == 1));
    server_end(server);
    return buffer_text(&ear->heard);
}

/* How many messages there are of the kind; each of `ours` is well formed. */
static uint32_t count_messages(Arena *arena, Text bytes, MessageKind kind, bool ours)
{
    Frames frames = {0};
    uint32_t count = 0;
    Frame frame;

    for (;;) {
        FrameResult result = frames_take(&frames, &bytes, &frame);
        Message message;

        if (result == FRAME_NEEDS_MORE || result == FRAME_BROKEN) {
            must(!ours ||
                 (bytes.len == 0 && result == FRAME_NEEDS_MORE && frames.nheader == 0));
            break;
        }
        if (result == FRAME_PASSED_OVER)
            continue;
        Text body = arena_copy(arena, frame.body);
        arena_free(frame.arena);
        message_read(arena, body, &message);
        must(!ours || message.kind == MESSAGE_RESPONSE ||
             message.kind == MESSAGE_REQUEST || message.kind == MESSAGE_NOTIFICATION);
        count += message.kind == kind;
        if (!ours && message.kind == MESSAGE_NOTIFICATION &&
            text_equal(message.method, TEXT("exit")))
            break;
    }
    frames_end(&frames);
    return count;
}

static void answers_are_whole(void *context)
{
    Input *input = context;
    Text at_once = talk(input, input->bytes.len ? input->bytes.len : 1);
    uint32_t asked = count_messages(input->arena, input->bytes, MESSAGE_REQUEST, false);
    uint32_t answered = count_messages(input->arena, at_once, MESSAGE_RESPONSE, true);

    must(answered >= asked);
    must(text_equal(at_once, talk(input, 1)));
    must(text_equal(at_once, talk(input, 7)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new((size_t)1 << 28), {(const char *)data, size}};

    (void)arena_run(input.arena, answers_are_whole, &input);
    arena_free(input.arena);
    return 0;
}
