/*
 * lsp_session.c: a client of `berth lsp` that follows a script and prints what comes.
 *
 *     lsp_session PROGRAM WORKSPACE SCRIPT [ARGUMENT...]
 *
 * A line of the script is a message in JSON, or one of
 *     open PATH         didOpen with what the file holds, as version 1
 *     write PATH TEXT   the file on disk becomes TEXT
 *     remove PATH       the file on disk goes
 *     raw TEXT          bytes without a frame
 *     times N TEXT      the same so often
 *     sync              sends all of this at once, and prints what comes until the
 *                       server has looked at it
 *     end               closes its input, prints what still comes, and how it ended
 * and "#" begins a remark. $ROOT is the URI of the workspace, $PATH its path; in TEXT
 * \n, \r, \\ and \xHH stand for bytes. What is printed has $ROOT and $PATH, too.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lsp/frames.h"
#include "lsp/message.h"
#include "lsp/uri.h"
#include "syntax/syntax.h"

enum { SECONDS_MAX = 60, DEPTH_MAX = 64 };

typedef struct Client {
    Arena *arena;
    Text path, root; /* of the workspace: as a path, as a URI */
    pid_t server;
    int to, from;
    Buffer unsent;
    Frames frames;
    char input[65536];
    Text unread;
    uint32_t syncs;
} Client;

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "lsp_session: %s\n", what);
    exit(2);
}

/* --- texts --- */

static Text replace(Arena *arena, Text text, Text part, Text by)
{
    Buffer out = {.arena = arena};

    while (text.len) {
        size_t at = text_find(text, part);

        buffer_add(&out, text_slice(text, 0, at));
        if (at == text.len)
            break;
        buffer_add(&out, by);
        text = text_from(text, at + part.len);
    }
    return buffer_text(&out);
}

static Text unescape(Arena *arena, Text text)
{
    Buffer out = {.arena = arena};

    for (size_t i = 0; i < text.len; i++) {
        char next = i + 1 < text.len ? text.at[i + 1] : '\0';

        if (text.at[i] != '\\') {
            buffer_add_byte(&out, text.at[i]);
            continue;
        }
        i++;
        if (next == 'x' && i + 2 < text.len) {
            char digits[3] = {text.at[i + 1], text.at[i + 2], '\0'};

            buffer_add_byte(&out, (char)(unsigned char)strtoul(digits, NULL, 16));
            i += 2;
        } else {
            buffer_add_byte(&out, next == 'n' ? '\n' : next == 'r' ? '\r' : next);
        }
    }
    return buffer_text(&out);
}

static Text read_file(Arena *arena, Text path)
{
    FILE *file = fopen(arena_copy(arena, path).at, "rb");
    Buffer out = {.arena = arena};
    char bytes[4096];
    size_t len;

    must(file != NULL, "a file of the script cannot be read");
    while ((len = fread(bytes, 1, sizeof(bytes), file)) > 0)
        buffer_add(&out, (Text){bytes, len});
    (void)fclose(file);
    return buffer_text(&out);
}

/* --- what comes --- */

static void show(const Tree *tree, NodeId id, uint32_t depth, JsonOut *json)
{
    const Node *node = tree_node(tree, id);

    must(depth < DEPTH_MAX, "an answer is nested too deep");
    switch (node->kind) {
    case NODE_OBJECT:
    case NODE_ARRAY: {
        bool is_object = node->kind == NODE_OBJECT;

        (is_object ? json_open_object : json_open_array)(json);
        for (NodeId at = node->first; at.index; at = tree_node(tree, at)->next) {
            if (is_object)
                json_key(json,
                         arena_copy(json->out->arena, tree_node(tree, at)->key).at);
            show(tree, at, depth + 1, json);
        }
        (is_object ? json_close_object : json_close_array)(json);
        return;
    }
    case NODE_STRING:
        json_text(json, node->text);
        return;
    case NODE_NONE:
    case NODE_NULL:
    case NODE_BOOLEAN:
    case NODE_NUMBER:
    case NODE_ALIAS:
        break;
    }
    json_verbatim(json, node->text);
}

/* Prints a message; its id, as JSON, or nothing. */
static Text print_message(Client *client, Text body)
{
    Sources *sources = sources_new(client->arena);
    Diags *diags = diags_new(client->arena);
    Buffer out = {.arena = client->arena};
    JsonOut json = {.out = &out};
    Text shown = replace(client->arena, body, client->root, TEXT("$ROOT"));
    shown = replace(client->arena, shown, client->path, TEXT("$PATH"));
    uint32_t file = sources_add(sources, TEXT("answer"), shown);
    Tree *tree = json_read(client->arena, sources, file, diags);
    const Node *id = tree_node(tree, tree_find(tree, tree->root, TEXT("id")));
    Text written = text_slice(shown, id->start, id->end);

    must(diags->count == 0, "an answer is not JSON");
    if (text_starts_with(written, TEXT("\"sync-")))
        return written;
    show(tree, tree->root, 0, &json);
    fwrite(out.at, 1, out.len, stdout);
    return written;
}

/* False when no message will come any more. */
static bool receive(Client *client, Text *id)
{
    Frame frame;

    for (;;) {
        FrameResult result = frames_take(&client->frames, &client->unread, &frame);

        must(result == FRAME_NEEDS_MORE || result == FRAME_WHOLE,
             "an answer's frame is broken");
        if (result == FRAME_WHOLE)
            break;
        ssize_t len = read(client->from, client->input, sizeof(client->input));
        if (len <= 0)
            return false;
        client->unread = (Text){client->input, (size_t)len};
    }
    *id = print_message(client, frame.body);
    arena_free(frame.arena);
    return true;
}

/* --- what is sent --- */

static void write_all(Client *client)
{
    Text bytes = buffer_text(&client->unsent);

    while (bytes.len) {
        ssize_t some = write(client->to, bytes.at, bytes.len);

        if (some <= 0)
            break; /* the server has ended: what it said is still read */
        bytes = text_from(bytes, (size_t)some);
    }
    client->unsent.len = 0;
}

static void send_open(Client *client, Text path)
{
    Text whole = arena_format(client->arena, "%.*s/%.*s", TEXT_ARG(client->path),
                              TEXT_ARG(path));
    Buffer body = {.arena = client->arena};
    JsonOut json = message_notification(&body, "textDocument/didOpen");

    json_open_object(&json);
    json_key(&json, "textDocument");
    json_open_object(&json);
    json_member_text(&json, "uri", uri_of(client->arena, whole));
    json_member_text(&json, "languageId", TEXT("any"));
    json_member_number(&json, "version", 1);
    json_member_text(&json, "text", read_file(client->arena, whole));
    json_close_object(&json);
    json_close_object(&json);
    message_close(&json);
    frame_add(buffer_text(&body), &client->unsent);
}

/* A question about a file that is not there is answered when all the rest was. */
static void sync_with_server(Client *client)
{
    Text wanted = arena_format(client->arena, "\"sync-%" PRIu32 "\"", ++client->syncs);
    Text id = {0};

    frame_add(
        arena_format(client->arena,
                     "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"method\":"
                     "\"textDocument/hover\",\"params\":{\"textDocument\":{\"uri\":"
                     "\"%.*s/.none\"},\"position\":{\"line\":0,\"character\":0}}}",
                     TEXT_ARG(wanted), TEXT_ARG(client->root)),
        &client->unsent);
    write_all(client);
    while (!text_equal(id, wanted)) {
        if (!receive(client, &id)) {
            puts("the server has closed its output");
            return;
        }
    }
}

static void end(Client *client)
{
    Text id;
    int status;

    write_all(client);
    (void)close(client->to);
    while (receive(client, &id))
        continue;
    must(waitpid(client->server, &status, 0) == client->server, "the server is lost");
    if (WIFEXITED(status))
        printf("exit %d\n", WEXITSTATUS(status));
    else
        printf("ended by signal %d\n", WTERMSIG(status));
}

static void write_file(Client *client, Text words)
{
    size_t blank = text_find_byte(words, ' ');
    Text path = arena_format(client->arena, "%.*s/%.*s", TEXT_ARG(client->path),
                             TEXT_ARG(text_slice(words, 0, blank)));
    Text text = unescape(client->arena, text_from(words, blank + 1));
    FILE *file = fopen(path.at, "wb");

    must(file != NULL && fwrite(text.at, 1, text.len, file) == text.len &&
             fclose(file) == 0,
         "a file of the script cannot be written");
}

static void send_times(Client *client, Text words)
{
    size_t blank = text_find_byte(words, ' ');
    unsigned long count =
        strtoul(arena_copy(client->arena, text_slice(words, 0, blank)).at, NULL, 10);
    Text text = unescape(client->arena, text_from(words, blank + 1));

    for (unsigned long i = 0; i < count; i++) {
        buffer_add(&client->unsent, text);
        if (client->unsent.len > 1 << 20)
            write_all(client);
    }
}

/* --- the script --- */

static bool takes(Text *line, Text word)
{
    if (!text_starts_with(*line, word))
        return false;
    *line = text_from(*line, word.len);
    return true;
}

static void follow(Client *client, Text line)
{
    if (line.len == 0 || line.at[0] == '#')
        return;
    if (line.at[0] == '{' || line.at[0] == '[')
        frame_add(line, &client->unsent);
    else if (takes(&line, TEXT("open ")))
        send_open(client, line);
    else if (takes(&line, TEXT("write ")))
        write_file(client, line);
    else if (takes(&line, TEXT("remove ")))
        must(unlink(arena_format(client->arena, "%.*s/%.*s", TEXT_ARG(client->path),
                                 TEXT_ARG(line))
                        .at) == 0,
             "a file of the script cannot be removed");
    else if (takes(&line, TEXT("raw ")))
        buffer_add(&client->unsent, unescape(client->arena, line));
    else if (takes(&line, TEXT("times ")))
        send_times(client, line);
    else if (text_equal(line, TEXT("sync")))
        sync_with_server(client);
    else if (text_equal(line, TEXT("end")))
        end(client);
    else
        must(false, "a line of the script is none of what this client knows");
}

static void start(Client *client, char **words)
{
    int to[2], from[2];

    must(pipe(to) == 0 && pipe(from) == 0, "there is no pipe");
    client->server = fork();
    must(client->server >= 0, "there is no process");
    if (client->server == 0) {
        (void)dup2(to[0], STDIN_FILENO);
        (void)dup2(from[1], STDOUT_FILENO);
        (void)close(to[0]);
        (void)close(to[1]);
        (void)close(from[0]);
        (void)close(from[1]);
        (void)execv(words[0], words);
        _exit(127);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    client->to = to[1];
    client->from = from[0];
}

int main(int argc, char **argv)
{
    static char command[] = "lsp";
    Client client = {.arena = arena_new((size_t)1 << 30)};
    Text script, line;

    must(argc >= 4 && client.arena, "PROGRAM WORKSPACE SCRIPT [ARGUMENT...]");
    client.unsent.arena = client.arena;
    client.path = text_of(argv[2]);
    client.root = uri_of(client.arena, client.path);
    script = read_file(client.arena, text_of(argv[3]));
    script = replace(client.arena, script, TEXT("$ROOT"), client.root);
    script = replace(client.arena, script, TEXT("$PATH"), client.path);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)alarm(SECONDS_MAX);
    argv[2] = argv[1];
    argv[3] = command;
    start(&client, argv + 2);
    for (bool done = false; text_next_part(&script, '\n', &line, &done);)
        follow(&client, line);
    arena_free(client.arena);
    return 0;
}
