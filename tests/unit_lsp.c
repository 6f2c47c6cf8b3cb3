/* unit_lsp.c: frames, positions, URIs, open files, and where a comment is put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lsp/documents.h"
#include "lsp/frames.h"
#include "lsp/suppression.h"
#include "lsp/uri.h"

static void equal(Text found, Text expected)
{
    if (!text_equal(found, expected))
        fail_msg("found '%.*s', expected '%.*s'", TEXT_ARG(found), TEXT_ARG(expected));
}

/* --- frames --- */

typedef struct FrameCase {
    const char *name;
    Text bytes;
    FrameResult result;
    Text body; /* of a whole one */
    Text rest;
} FrameCase;

static FrameCase frame_cases[] = {
    {"a message is its length's bytes", TEXT_INIT("Content-Length: 2\r\n\r\n{}rest"),
     FRAME_WHOLE, TEXT_INIT("{}"), TEXT_INIT("rest")},
    {"a field's name ignores case", TEXT_INIT("content-LENGTH:2\r\n\r\n{}"),
     FRAME_WHOLE, TEXT_INIT("{}"), TEXT_INIT("")},
    {"other fields are passed over", TEXT_INIT("X: y\r\nContent-Length: 1\r\n\r\n1"),
     FRAME_WHOLE, TEXT_INIT("1"), TEXT_INIT("")},
    {"a message may be empty", TEXT_INIT("Content-Length: 0\r\n\r\n"), FRAME_WHOLE,
     TEXT_INIT(""), TEXT_INIT("")},
    {"a header that is not whole needs more", TEXT_INIT("Content-Length: 2\r\n"),
     FRAME_NEEDS_MORE, TEXT_INIT(""), TEXT_INIT("")},
    {"a body that is not whole needs more", TEXT_INIT("Content-Length: 2\r\n\r\n{"),
     FRAME_NEEDS_MORE, TEXT_INIT(""), TEXT_INIT("")},
    {"utf-8 may be said",
     TEXT_INIT("Content-Type: a/b; charset=\"UTF-8\"\r\nContent-Length: 1\r\n\r\n1"),
     FRAME_WHOLE, TEXT_INIT("1"), TEXT_INIT("")},
    {"another encoding is passed over",
     TEXT_INIT("Content-Type: a/b; charset=latin1\r\nContent-Length: 1\r\n\r\n1x"),
     FRAME_PASSED_OVER, TEXT_INIT(""), TEXT_INIT("x")},
    {"a header without a length is broken", TEXT_INIT("X: y\r\n\r\n"), FRAME_BROKEN,
     TEXT_INIT(""), TEXT_INIT("")},
    {"a negative length is broken", TEXT_INIT("Content-Length: -1\r\n\r\n"),
     FRAME_BROKEN, TEXT_INIT(""), TEXT_INIT("\r\n")},
    {"a length of many digits is broken",
     TEXT_INIT("Content-Length: 184467440737095516170\r\n\r\n"), FRAME_BROKEN,
     TEXT_INIT(""), TEXT_INIT("\r\n")},
    {"a length of 4 GiB is broken", TEXT_INIT("Content-Length: 4294967296\r\n\r\n"),
     FRAME_BROKEN, TEXT_INIT(""), TEXT_INIT("\r\n")},
    {"a length that is no number is broken", TEXT_INIT("Content-Length: 2a\r\n\r\n"),
     FRAME_BROKEN, TEXT_INIT(""), TEXT_INIT("\r\n")},
    {"a line without CR is broken", TEXT_INIT("Content-Length: 2\n\n{}"), FRAME_BROKEN,
     TEXT_INIT(""), TEXT_INIT("\n{}")},
    {"a field without a colon is broken", TEXT_INIT("Hello\r\n\r\n"), FRAME_BROKEN,
     TEXT_INIT(""), TEXT_INIT("\r\n")},
};

static void a_frame(void **state)
{
    const FrameCase *c = *state;
    Frames frames = {0};
    Text rest = c->bytes;
    Frame frame;

    assert_int_equal(frames_take(&frames, &rest, &frame), c->result);
    equal(rest, c->rest);
    equal(frame.body, c->body);
    if (c->result == FRAME_PASSED_OVER || c->result == FRAME_BROKEN)
        assert_non_null(frame.problem);
    arena_free(frame.arena);
    frames_end(&frames);
}

static void a_message_comes_in_any_portions(void **state)
{
    const Text bytes = TEXT("Content-Length: 3\r\n\r\nabcContent-Length: 1\r\n\r\nd");
    Frames frames = {0};
    uint32_t whole = 0;
    Frame frame;

    (void)state;
    for (size_t i = 0; i < bytes.len; i++) {
        Text one = text_slice(bytes, i, i + 1);

        if (frames_take(&frames, &one, &frame) != FRAME_WHOLE)
            continue;
        equal(frame.body, whole++ ? TEXT("d") : TEXT("abc"));
        arena_free(frame.arena);
    }
    assert_int_equal(whole, 2);
    frames_end(&frames);
}

/* --- positions --- */

typedef struct PositionCase {
    const char *name;
    Text bytes;
    bool from_disk;
    uint32_t offset;
    Position utf16, utf8;
} PositionCase;

static PositionCase position_cases[] = {
    {"a byte is a character", TEXT_INIT("ab"), true, 1, {0, 1}, {0, 1}},
    {"a line begins behind LF", TEXT_INIT("a\nb"), true, 2, {1, 0}, {1, 0}},
    {"a line begins behind CR LF", TEXT_INIT("a\r\nb"), true, 3, {1, 0}, {1, 0}},
    {"a line begins behind CR", TEXT_INIT("a\rb"), true, 2, {1, 0}, {1, 0}},
    {"two bytes are one unit", TEXT_INIT("\xC3\xA9x"), true, 2, {0, 1}, {0, 2}},
    {"three bytes are one unit", TEXT_INIT("\xE2\x82\xACx"), true, 3, {0, 1}, {0, 3}},
    {"four bytes are two units",
     TEXT_INIT("\xF0\x9F\x98\x80x"),
     true,
     4,
     {0, 2},
     {0, 4}},
    {"a malformed byte is one", TEXT_INIT("\xFF\xE2\x82x"), true, 3, {0, 3}, {0, 3}},
    {"a byte order mark on disk is none",
     TEXT_INIT("\xEF\xBB\xBFx"),
     true,
     4,
     {0, 1},
     {0, 1}},
    {"one that an editor sent is one",
     TEXT_INIT("\xEF\xBB\xBFx"),
     false,
     4,
     {0, 2},
     {0, 4}},
    {"the end of a text is a place", TEXT_INIT("a\n"), true, 2, {1, 0}, {1, 0}},
    {"an empty text has one line", TEXT_INIT(""), true, 0, {0, 0}, {0, 0}},
};

static void a_position(void **state)
{
    const PositionCase *c = *state;
    Arena *arena = arena_new(1 << 20);
    const Encoding encodings[] = {ENCODING_UTF16, ENCODING_UTF8};

    for (int i = 0; i < 2; i++) {
        Lines lines = lines_of(arena, c->bytes, encodings[i], c->from_disk);
        Position expected = i ? c->utf8 : c->utf16;
        Position found = lines_position(&lines, c->offset);

        assert_int_equal(found.line, expected.line);
        assert_int_equal(found.character, expected.character);
        assert_int_equal(lines_offset(&lines, expected), c->offset);
    }
    arena_free(arena);
}

typedef struct OffsetCase {
    const char *name;
    Text bytes;
    Position position; /* UTF-16 */
    uint32_t offset;
} OffsetCase;

static OffsetCase offset_cases[] = {
    {"the middle of a pair is its start", TEXT_INIT("\xF0\x9F\x98\x80x"), {0, 1}, 0},
    {"a character that is not there is the line's end", TEXT_INIT("ab\ncd"), {0, 9}, 2},
    {"which is before CR LF", TEXT_INIT("ab\r\ncd"), {0, 9}, 2},
    {"which is before CR", TEXT_INIT("ab\rcd"), {0, 3}, 2},
    {"a line that is not there is the end", TEXT_INIT("ab\ncd"), {7, 1}, 5},
};

static void an_offset(void **state)
{
    const OffsetCase *c = *state;
    Arena *arena = arena_new(1 << 20);
    Lines lines = lines_of(arena, c->bytes, ENCODING_UTF16, true);

    assert_int_equal(lines_offset(&lines, c->position), c->offset);
    arena_free(arena);
}

/* --- URIs --- */

typedef struct UriCase {
    const char *name;
    Text uri, path; /* path empty: it is none */
} UriCase;

static UriCase uri_cases[] = {
    {"a file", TEXT_INIT("file:///a/b.json"), TEXT_INIT("/a/b.json")},
    {"a file of this machine", TEXT_INIT("file://localhost/a"), TEXT_INIT("/a")},
    {"a file of another one is none", TEXT_INIT("file://host/a"), TEXT_INIT("")},
    {"without an authority", TEXT_INIT("FILE:/a"), TEXT_INIT("/a")},
    {"octets are decoded", TEXT_INIT("file:///a%20%C3%A9%2Fb"),
     TEXT_INIT("/a \xC3\xA9/b")},
    {"dots are taken out", TEXT_INIT("file:///a/./b/../c//d/"), TEXT_INIT("/a/c/d")},
    {"encoded ones, too", TEXT_INIT("file:///a/%2e%2E/b"), TEXT_INIT("/b")},
    {"none leads above the root", TEXT_INIT("file:///../a"), TEXT_INIT("")},
    {"a NUL is none", TEXT_INIT("file:///a%00b"), TEXT_INIT("")},
    {"half an octet is none", TEXT_INIT("file:///a%2"), TEXT_INIT("")},
    {"what is not hexadecimal is none", TEXT_INIT("file:///a%zz"), TEXT_INIT("")},
    {"another scheme is none", TEXT_INIT("untitled:Untitled-1"), TEXT_INIT("")},
    {"a relative path is none", TEXT_INIT("file:a"), TEXT_INIT("")},
    {"nothing is none", TEXT_INIT(""), TEXT_INIT("")},
};

static void a_uri(void **state)
{
    const UriCase *c = *state;
    Arena *arena = arena_new(1 << 20);
    Text path;

    assert_int_equal(uri_path(arena, c->uri, &path), c->path.len > 0);
    if (c->path.len) {
        equal(path, c->path);
        assert_true(uri_path(arena, uri_of(arena, path), &path)); /* there and back */
        equal(path, c->path);
    }
    arena_free(arena);
}

/* --- open files --- */

/* Changes as a client writes them. */
static const char *change(Documents *documents, Text path, Text changes)
{
    Arena *arena = arena_new(1 << 24);
    Message message;

    message_read(arena,
                 arena_format(arena,
                              "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"c\":"
                              "%.*s}}",
                              TEXT_ARG(changes)),
                 &message);
    assert_int_equal(message.kind, MESSAGE_NOTIFICATION);
    const char *problem = documents_change(
        documents, documents_find(documents, path), &message,
        message_find(&message, message.params, "c"), TEXT("2"), ENCODING_UTF16);
    arena_free(arena);
    return problem;
}

static void open_files_stay_by_path(void **state)
{
    static Documents documents;
    Arena *arena = arena_new(1 << 20);
    uint32_t count;

    (void)state;
    assert_true(documents_open(&documents, TEXT("file:///w/b"), TEXT("b"), TEXT("1"),
                               TEXT("two")));
    assert_true(documents_open(&documents, TEXT("file:///w/a"), TEXT("a"), TEXT(""),
                               TEXT("1")));
    assert_true(documents_open(&documents, TEXT("file:///w/c"), TEXT("c"), TEXT(""),
                               TEXT("3")));
    assert_true(documents_open(&documents, TEXT("file:///w/%62"), TEXT("b"), TEXT("7"),
                               TEXT("again")));
    OpenFile *files = documents_as_files(&documents, arena, &count);
    assert_int_equal(count, 3);
    equal(files[0].path, TEXT("a"));
    equal(files[1].path, TEXT("b"));
    equal(files[1].bytes, TEXT("again"));
    equal(documents_find(&documents, TEXT("b"))->uri, TEXT("file:///w/%62"));
    documents_close(&documents, documents_find(&documents, TEXT("a")));
    assert_null(documents_find(&documents, TEXT("a")));
    equal(documents_find(&documents, TEXT("c"))->text, TEXT("3"));
    documents_end(&documents);
    assert_int_equal(documents.count, 0);
    arena_free(arena);
}

static void changes_are_made_in_their_order(void **state)
{
    static Documents documents;

    (void)state;
    documents_open(&documents, TEXT("file:///w/a"), TEXT("a"), TEXT("1"),
                   TEXT("one\r\ntwo"));
    assert_null(change(
        &documents, TEXT("a"),
        TEXT(
            "[{\"range\":{\"start\":{\"line\":1,\"character\":0},\"end\":{\"line\":1,"
            "\"character\":3}},\"text\":\"2\"},{\"range\":{\"start\":{\"line\":0,"
            "\"character\":3},\"end\":{\"line\":1,\"character\":0}},\"text\":\"\"}]")));
    equal(documents_find(&documents, TEXT("a"))->text, TEXT("one2"));
    equal(documents_find(&documents, TEXT("a"))->version, TEXT("2"));
    assert_null(change(&documents, TEXT("a"), TEXT("[]")));
    equal(documents_find(&documents, TEXT("a"))->text, TEXT("one2"));
    documents_end(&documents);
}

static void a_lost_file_comes_back_with_its_whole_text(void **state)
{
    static Documents documents;
    Arena *arena = arena_new(1 << 20);
    uint32_t count;

    (void)state;
    documents_open(&documents, TEXT("file:///w/a"), TEXT("a"), TEXT("1"), TEXT("one"));
    assert_non_null(
        change(&documents, TEXT("a"), TEXT("[{\"range\":{},\"text\":\"\"}]")));
    assert_true(documents_find(&documents, TEXT("a"))->is_lost);
    documents_as_files(&documents, arena, &count);
    assert_int_equal(count, 0);
    assert_non_null(change(
        &documents, TEXT("a"),
        TEXT("[{\"range\":{\"start\":{\"line\":0,\"character\":0},\"end\":{\"line\":0,"
             "\"character\":0}},\"text\":\"x\"}]")));
    assert_null(change(&documents, TEXT("a"), TEXT("[{\"text\":\"two\"}]")));
    assert_false(documents_find(&documents, TEXT("a"))->is_lost);
    documents_end(&documents);
    arena_free(arena);
}

static void a_text_that_is_too_large_is_lost(void **state)
{
    static Documents documents;
    Text large = {calloc(FILE_BYTES_MAX + 1, 1), FILE_BYTES_MAX + 1};

    (void)state;
    assert_true(documents_open(&documents, TEXT("u"), TEXT("a"), TEXT(""), large));
    assert_true(documents_find(&documents, TEXT("a"))->is_lost);
    large.len--;
    for (int i = 0; i <= DOCUMENTS_BYTES_MAX / FILE_BYTES_MAX; i++) {
        char name[] = {(char)('a' + i), '\0'};

        assert_true(
            documents_open(&documents, TEXT("u"), text_of(name), TEXT(""), large));
    }
    assert_true(documents_find(&documents, TEXT("q"))->is_lost); /* all are too much */
    assert_false(documents_find(&documents, TEXT("p"))->is_lost);
    documents_end(&documents);
    free((void *)(uintptr_t)large.at);
}

static void so_many_files_are_open_and_no_more(void **state)
{
    static Documents documents;
    Arena *arena = arena_new(1 << 24);

    (void)state;
    for (int i = 0; i < DOCUMENTS_MAX; i++)
        assert_true(documents_open(&documents, TEXT("u"), arena_format(arena, "%d", i),
                                   TEXT(""), TEXT("")));
    assert_false(documents_open(&documents, TEXT("u"), TEXT("x"), TEXT(""), TEXT("")));
    assert_true(documents_open(&documents, TEXT("u"), TEXT("7"), TEXT(""), TEXT("")));
    documents_end(&documents);
    arena_free(arena);
}

/* --- comments --- */

typedef struct CommentCase {
    const char *name;
    Text path, before, behind; /* the place is between them */
    Text after;                /* the whole file; empty: there is none */
} CommentCase;

#define IGNORE "berth: ignore[a/b] say here why this is meant to be so"

static CommentCase comment_cases[] = {
    {"above a member", TEXT_INIT("x/devcontainer.json"), TEXT_INIT("{\n  \"image\": "),
     TEXT_INIT("\"a\"\n}\n"), TEXT_INIT("{\n  // " IGNORE "\n  \"image\": \"a\"\n}\n")},
    {"above an object of one line", TEXT_INIT("a.json"), TEXT_INIT("{\"image\": "),
     TEXT_INIT("\"a\"}"), TEXT_INIT("// " IGNORE "\n{\"image\": \"a\"}")},
    {"behind, where the line closes something", TEXT_INIT("a.json"),
     TEXT_INIT("{\"a\": {\n}, \"image\": "), TEXT_INIT("\"a\" \n}"),
     TEXT_INIT("{\"a\": {\n}, \"image\": \"a\"  // " IGNORE "\n}")},
    {"lines end as the file's do", TEXT_INIT("a.json"), TEXT_INIT("{\r\n\t\"a\": "),
     TEXT_INIT("1\r\n}"), TEXT_INIT("{\r\n\t// " IGNORE "\r\n\t\"a\": 1\r\n}")},
    {"behind a byte order mark", TEXT_INIT("a.json"), TEXT_INIT("\xEF\xBB\xBF{\"a\": "),
     TEXT_INIT("1}"), TEXT_INIT("\xEF\xBB\xBF// " IGNORE "\n{\"a\": 1}")},
    {"no comment stands in a lockfile", TEXT_INIT(".devcontainer-lock.json"),
     TEXT_INIT("{\n\"a\": "), TEXT_INIT("1}"), TEXT_INIT("")},
    {"above an item", TEXT_INIT("b/access.yaml"), TEXT_INIT("a:\n  - "),
     TEXT_INIT("b\n  - c\n"), TEXT_INIT("a:\n  # " IGNORE "\n  - b\n  - c\n")},
    {"above a block scalar, not in it", TEXT_INIT("c.yml"),
     TEXT_INIT("a:\n  b: |\n    one\n    "), TEXT_INIT("two\n"),
     TEXT_INIT("a:\n  # " IGNORE "\n  b: |\n    one\n    two\n")},
    {"above an instruction", TEXT_INIT("Dockerfile"), TEXT_INIT("# c\nFROM "),
     TEXT_INIT("a\n"), TEXT_INIT("# c\n# " IGNORE "\nFROM a\n")},
    {"above an instruction, not in its heredoc", TEXT_INIT("Dockerfile.x"),
     TEXT_INIT("FROM a\nRUN <<E\n"), TEXT_INIT("one\nE\n"),
     TEXT_INIT("FROM a\n# " IGNORE "\nRUN <<E\none\nE\n")},
    {"never above a directive", TEXT_INIT("Dockerfile"), TEXT_INIT("# syntax="),
     TEXT_INIT("a/b\nFROM c\n"), TEXT_INIT("")},
    {"above an entry", TEXT_INIT(".env"), TEXT_INIT("A=1\nB="), TEXT_INIT("2\n"),
     TEXT_INIT("A=1\n# " IGNORE "\nB=2\n")},
};

static void a_comment(void **state)
{
    const CommentCase *c = *state;
    Arena *arena = arena_new(1 << 26);
    Text bytes =
        arena_format(arena, "%.*s%.*s", TEXT_ARG(c->before), TEXT_ARG(c->behind));
    Insertion insertion;
    Buffer after = {.arena = arena};

    bool found = suppression_find(arena, c->path, bytes, TEXT("a/b"),
                                  (uint32_t)c->before.len, &insertion);
    assert_int_equal(found, c->after.len > 0);
    if (found) {
        buffer_add(&after, text_slice(bytes, 0, insertion.at));
        buffer_add(&after, insertion.text);
        buffer_add(&after, text_from(bytes, insertion.at));
        equal(buffer_text(&after), c->after);
    }
    arena_free(arena);
}

static void what_nothing_silences_gets_no_comment(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Insertion insertion;

    (void)state;
    assert_false(suppression_find(arena, TEXT("a.json"), TEXT("{\"a\": 1}"),
                                  TEXT("input/unused-suppression"), 6, &insertion));
    arena_free(arena);
}

/* --- */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

int main(void)
{
    static struct CMUnitTest tests[100];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_message_comes_in_any_portions),
        cmocka_unit_test(open_files_stay_by_path),
        cmocka_unit_test(changes_are_made_in_their_order),
        cmocka_unit_test(a_lost_file_comes_back_with_its_whole_text),
        cmocka_unit_test(a_text_that_is_too_large_is_lost),
        cmocka_unit_test(so_many_files_are_open_and_no_more),
        cmocka_unit_test(what_nothing_silences_gets_no_comment),
    };
    size_t count = 0;

#define ADD(cases, test)                                                               \
    for (size_t i = 0; i < COUNT(cases); i++)                                          \
    tests[count++] = (struct CMUnitTest){(cases)[i].name, test, NULL, NULL, &(cases)[i]}
    ADD(frame_cases, a_frame);
    ADD(position_cases, a_position);
    ADD(offset_cases, an_offset);
    ADD(uri_cases, a_uri);
    ADD(comment_cases, a_comment);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return _cmocka_run_group_tests("lsp", tests, count, NULL, NULL);
}
