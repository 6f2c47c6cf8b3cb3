#include "syntax/syntax.h"

#include "base/buffer.h"
#include "syntax/comments.h"
#include "syntax/jsonc_tokens.h"

typedef struct Frame {
    NodeId node;
    bool is_object, needs_comma;
    bool is_left_out; /* with everything in it */
} Frame;

typedef struct Reader {
    Scanner scanner;
    Tree *tree;
    Comments comments; /* none where they are an error */
    Token token;       /* never a comment or an unknown one */
    uint32_t before;   /* the end of the token before it */
    bool strict;
    bool too_many;
    const char *const *keys; /* NULL: every member is kept */
    Frame stack[TREE_DEPTH];
    uint32_t depth;
} Reader;

static void report(Reader *reader, Span span, const char *message)
{
    diag_add(reader->scanner.diags, "input/syntax", span, "%s", message);
}

static Span token_span(const Reader *reader, Token token)
{
    return (Span){reader->scanner.file, token.start, token.end};
}

/* Where something is missing: behind the token before. */
static Span gap(const Reader *reader)
{
    uint32_t end = reader->before;

    return (Span){reader->scanner.file, end ? end - 1 : 0, end};
}

/* Whether the token before the comment ends in its line. */
static bool is_behind(const Reader *reader, Token comment)
{
    Text between = text_slice(reader->scanner.bytes, reader->token.end, comment.start);

    return reader->token.end && text_find_byte(between, '\n') == between.len;
}

static void next(Reader *reader)
{
    reader->before = reader->token.end;
    for (;;) {
        Token token = scanner_next(&reader->scanner);

        if (token.kind == TOKEN_UNKNOWN)
            report(reader, token_span(reader, token),
                   "this is no JSON; it was passed over");
        else if (token.kind == TOKEN_COMMENT && reader->strict)
            report(reader, token_span(reader, token), "JSON has no comments");
        else if (token.kind == TOKEN_COMMENT)
            comments_add(&reader->comments, token.start, token.end,
                         is_behind(reader, token));
        if (token.kind != TOKEN_UNKNOWN && token.kind != TOKEN_COMMENT) {
            reader->token = token;
            return;
        }
    }
}

/* Passes over what cannot be understood, up to a comma or the container's end. */
static void skip_to(Reader *reader, TokenKind close)
{
    while (reader->token.kind != TOKEN_END && reader->token.kind != close &&
           reader->token.kind != TOKEN_COMMA)
        next(reader);
}

static NodeId add(Reader *reader, NodeId parent, NodeKind kind, const Token *key)
{
    Node node = {.kind = kind, .style = STYLE_PLAIN};

    if (reader->tree->count >= TREE_NODES_MAX) {
        if (!reader->too_many)
            report(reader, token_span(reader, reader->token),
                   "more than 4,194,304 values in one file; the rest was not read");
        reader->too_many = true;
        return (NodeId){0};
    }
    node.start = reader->token.start;
    node.end = reader->token.end;
    node.text = reader->token.text;
    if (kind == NODE_STRING)
        node.style = STYLE_DOUBLE;
    if (key) {
        node.key = key->text;
        node.key_start = key->start;
        node.key_end = key->end;
    }
    return tree_add(reader->tree, reader->scanner.arena, parent, node);
}

static bool is_kept(const Reader *reader, Text key)
{
    for (const char *const *at = reader->keys; *at; at++) {
        if (text_equal(key, text_of(*at)))
            return true;
    }
    return false;
}

/* Of a value that is left out nothing is, either. */
static bool is_left_out(const Reader *reader, const Token *key)
{
    if (reader->depth && reader->stack[reader->depth - 1].is_left_out)
        return true;
    return key && reader->keys && !is_kept(reader, key->text);
}

/* Passes over a container that is nested too deep, brackets and all. */
static void skip_container(Reader *reader)
{
    uint32_t open = 0;

    report(reader, token_span(reader, reader->token),
           "nested deeper than 512 levels; this value was not read");
    do {
        if (reader->token.kind == TOKEN_OPEN_BRACE ||
            reader->token.kind == TOKEN_OPEN_BRACKET)
            open++;
        if (reader->token.kind == TOKEN_CLOSE_BRACE ||
            reader->token.kind == TOKEN_CLOSE_BRACKET)
            open--;
        next(reader);
    } while (open && reader->token.kind != TOKEN_END);
}

/* value = object | array | string | number | "true" | "false" | "null"
 * A container is opened only; read_containers goes on in it. */
static bool read_value(Reader *reader, NodeId parent, const Token *key, NodeId *id)
{
    NodeKind kind;

    switch (reader->token.kind) {
    case TOKEN_OPEN_BRACE:
        kind = NODE_OBJECT;
        break;
    case TOKEN_OPEN_BRACKET:
        kind = NODE_ARRAY;
        break;
    case TOKEN_STRING:
        kind = NODE_STRING;
        break;
    case TOKEN_NUMBER:
        kind = NODE_NUMBER;
        break;
    case TOKEN_TRUE:
    case TOKEN_FALSE:
        kind = NODE_BOOLEAN;
        break;
    case TOKEN_NULL:
        kind = NODE_NULL;
        break;
    case TOKEN_END:
    case TOKEN_CLOSE_BRACE:
    case TOKEN_CLOSE_BRACKET:
    case TOKEN_COMMA:
    case TOKEN_COLON:
    case TOKEN_COMMENT:
    case TOKEN_UNKNOWN:
    default:
        return false;
    }
    bool container = kind == NODE_OBJECT || kind == NODE_ARRAY;
    if (container && reader->depth == TREE_DEPTH) {
        skip_container(reader);
        return true;
    }
    bool left_out = is_left_out(reader, key);
    *id = left_out ? (NodeId){0} : add(reader, parent, kind, key);
    if (container) {
        reader->tree->nodes[id->index].text = (Text){0};
        reader->stack[reader->depth++] =
            (Frame){*id, kind == NODE_OBJECT, false, left_out};
    }
    next(reader);
    return true;
}

/* member = string ":" value */
static void read_member(Reader *reader, NodeId object)
{
    NodeId id;

    if (reader->token.kind != TOKEN_STRING) {
        report(reader, token_span(reader, reader->token),
               "expected a key in double quotes; everything up to the next comma was "
               "passed over");
        skip_to(reader, TOKEN_CLOSE_BRACE);
        return;
    }
    Token key = reader->token;
    next(reader);
    if (reader->token.kind != TOKEN_COLON) {
        report(reader, token_span(reader, key),
               "expected ':' and a value behind this key; it was left out");
        skip_to(reader, TOKEN_CLOSE_BRACE);
        return;
    }
    next(reader);
    if (!read_value(reader, object, &key, &id)) {
        report(reader, token_span(reader, key),
               "expected a value behind this key; it was left out");
        skip_to(reader, TOKEN_CLOSE_BRACE);
    }
}

static void close_container(Reader *reader, TokenKind close)
{
    Frame frame = reader->stack[--reader->depth];
    bool closed = reader->token.kind == close;

    if (frame.node.index)
        reader->tree->nodes[frame.node.index].end =
            closed ? reader->token.end : reader->before;
    if (closed)
        next(reader);
    else
        report(reader, gap(reader),
               close == TOKEN_CLOSE_BRACE ? "the file ends before '}'"
                                          : "the file ends before ']'");
    if (frame.is_object && frame.node.index)
        tree_report_duplicates(reader->tree, reader->scanner.arena, frame.node,
                               reader->scanner.diags);
}

/* One comma, and one member or element, of the innermost container, or its end.
 * object = "{" [ member ("," member)* [","] ] "}"
 * array  = "[" [ value ("," value)* [","] ] "]" */
static void step(Reader *reader)
{
    Frame *frame = &reader->stack[reader->depth - 1];
    TokenKind close = frame->is_object ? TOKEN_CLOSE_BRACE : TOKEN_CLOSE_BRACKET;
    NodeId id;

    if (reader->token.kind == close || reader->token.kind == TOKEN_END) {
        close_container(reader, close);
        return;
    }
    if (reader->token.kind == TOKEN_COMMA) {
        Span comma = token_span(reader, reader->token);

        if (!frame->needs_comma)
            report(reader, comma,
                   "nothing stands before this comma; it was passed over");
        next(reader);
        if (reader->token.kind == close) {
            if (reader->strict)
                report(reader, comma, "JSON has no comma behind the last value");
            return;
        }
    } else if (frame->needs_comma) {
        report(reader, gap(reader),
               "expected a comma here; it was read as if it stood here");
    }
    frame->needs_comma = true;
    if (frame->is_object) {
        read_member(reader, frame->node);
    } else if (!read_value(reader, frame->node, NULL, &id)) {
        report(reader, token_span(reader, reader->token),
               "expected a value; everything up to the next comma was passed over");
        skip_to(reader, close);
    }
}

/* The bytes behind a byte order mark; false when they are not UTF-8 at all. */
static bool start(Reader *reader)
{
    Text bytes = reader->scanner.bytes;
    Span head = {reader->scanner.file, 0, 2};
    size_t bad;

    if (text_starts_with(bytes, TEXT("\xFF\xFE")) ||
        text_starts_with(bytes, TEXT("\xFE\xFF"))) {
        report(reader, head, "the file is in UTF-16; write it in UTF-8");
        return false;
    }
    if (!text_is_utf8(bytes, &bad))
        report(reader, (Span){reader->scanner.file, (uint32_t)bad, (uint32_t)bad + 1},
               "this byte is not UTF-8; write the file in UTF-8");
    if (text_starts_with(bytes, TEXT("\xEF\xBB\xBF")))
        reader->scanner.at = 3;
    return true;
}

static Reader *reader_new(Arena *arena, Sources *sources, uint32_t file, Diags *diags,
                          bool strict)
{
    Reader *reader = ARENA_NEW(arena, Reader);

    reader->tree = tree_new(arena, file, source_bytes(sources, file).len);
    reader->strict = strict;
    reader->scanner = (Scanner){.arena = arena,
                                .diags = diags,
                                .file = file,
                                .bytes = source_bytes(sources, file)};
    reader->comments = (Comments){.arena = arena, .bytes = reader->scanner.bytes};
    return reader;
}

/* One value with all that is in it; false, and it was said, when none stands there. */
static bool read_root(Reader *reader, NodeId *root)
{
    if (reader->token.kind == TOKEN_END) {
        report(reader, gap(reader), "the file is empty; expected a value");
        return false;
    }
    if (!read_value(reader, (NodeId){0}, NULL, root)) {
        report(reader, token_span(reader, reader->token),
               "expected a value; nothing of the file was read");
        return false;
    }
    while (reader->depth)
        step(reader);
    return true;
}

static Tree *read(Arena *arena, Sources *sources, uint32_t file, Diags *diags,
                  bool strict)
{
    Reader *reader = reader_new(arena, sources, file, diags, strict);
    Tree *tree = reader->tree;

    if (!start(reader))
        return tree;
    next(reader);
    (void)read_root(reader, &tree->root);
    if (tree->root.index && reader->token.kind != TOKEN_END)
        report(reader, token_span(reader, reader->token),
               "expected the end of the file; what follows was not read");
    comments_settle_tree(&reader->comments, tree);
    comments_hand_up(&reader->comments, sources, file);
    return tree;
}

Tree *jsonc_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags)
{
    return read(arena, sources, file, diags, false);
}

Tree *json_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags)
{
    return read(arena, sources, file, diags, true);
}

Tree *json_read_values(Arena *arena, Sources *sources, uint32_t file, Diags *diags,
                       const char *const *keys)
{
    Reader *reader = reader_new(arena, sources, file, diags, true);
    Tree *tree = reader->tree;
    NodeId last = {0}, root = {0};

    reader->keys = keys;
    if (!start(reader))
        return tree;
    next(reader);
    while (read_root(reader, &root) && root.index) {
        if (last.index)
            tree->nodes[last.index].next = root;
        else
            tree->root = root;
        last = root;
        root = (NodeId){0};
        if (reader->token.kind == TOKEN_END)
            break;
    }
    return tree;
}
