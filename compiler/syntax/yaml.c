#include "syntax/syntax.h"

#include <yaml.h>

#include "base/intern.h"
#include "syntax/comments.h"
#include "syntax/yaml_scalar.h"

typedef struct Frame {
    NodeId node;
    bool is_object, has_key, key_is_merge;
    Text key;
    uint32_t key_start, key_end;
    Symbol anchor; /* given to the node when it is complete: no alias leads upwards */
} Frame;

typedef struct Reader {
    Arena *arena;
    Diags *diags;
    Tree *tree;
    Text bytes;       /* of the file, up to where the part ends */
    uint32_t base;    /* where libyaml's input begins in them */
    bool is_ascii;    /* a code point is a byte */
    size_t point, at; /* code point `point` starts at byte `at` */
    yaml_parser_t parser;
    yaml_event_t event;
    bool parser_open, event_open;
    Comments comments;
    uint32_t passed; /* comments are known up to here */
    Symbols *names;  /* of anchors */
    NodeId *anchors; /* by symbol; 0: not complete */
    uint32_t nanchors, anchors_capacity;
    NodeId last_root;
    Frame stack[TREE_DEPTH];
    uint32_t depth;
    uint32_t skip;   /* open containers that are passed over */
    bool skip_value; /* the key was no scalar: its value is passed over */
    bool stopped;
} Reader;

/* libyaml's memory is not the arena's; also runs when the arena overflows. */
static void release(void *handle)
{
    Reader *reader = handle;

    if (reader->event_open)
        yaml_event_delete(&reader->event);
    if (reader->parser_open)
        yaml_parser_delete(&reader->parser);
    reader->event_open = reader->parser_open = false;
}

static bool is_ascii(Text bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if ((unsigned char)bytes.at[i] >= 0x80)
            return false;
    }
    return true;
}

static bool starts_point(const Reader *reader, size_t at)
{
    return ((unsigned char)reader->bytes.at[at] & 0xC0) != 0x80;
}

/* A mark's index counts code points from where the input begins, behind the byte order
 * mark. Marks mostly go forward, so the last one is where the search starts. */
static uint32_t offset_of(Reader *reader, yaml_mark_t mark)
{
    if (reader->is_ascii)
        return (uint32_t)(mark.index + reader->base);
    while (reader->point > mark.index) {
        do
            reader->at--;
        while (!starts_point(reader, reader->at));
        reader->point--;
    }
    while (reader->point < mark.index && reader->at < reader->bytes.len) {
        do
            reader->at++;
        while (reader->at < reader->bytes.len && !starts_point(reader, reader->at));
        reader->point++;
    }
    return (uint32_t)reader->at;
}

/* An error at the end has no byte of its own. */
static Span span_of(const Reader *reader, uint32_t start, uint32_t end)
{
    uint32_t len = (uint32_t)reader->bytes.len;

    return (Span){reader->tree->file, start < len ? start : len, end < len ? end : len};
}

static void report(Reader *reader, uint32_t start, uint32_t end, const char *message)
{
    diag_add(reader->diags, "input/syntax", span_of(reader, start, end), "%s", message);
}

static void stop(Reader *reader, uint32_t start, const char *message)
{
    report(reader, start, start + 1, message);
    reader->stopped = true;
}

static Text text_of_yaml(Reader *reader, const yaml_char_t *at, size_t len)
{
    return arena_copy(reader->arena, (Text){(const char *)at, len});
}

static Text text_of_name(const yaml_char_t *name)
{
    return text_of((const char *)name);
}

static NodeId *anchor_slot(Reader *reader, Symbol name)
{
    while (reader->nanchors <= name.id) {
        ARRAY_GROW(reader->arena, reader->anchors, reader->nanchors,
                   reader->anchors_capacity);
        reader->anchors[reader->nanchors++] = (NodeId){0};
    }
    return &reader->anchors[name.id];
}

static Symbol anchor_name(Reader *reader, const yaml_char_t *name)
{
    if (!name)
        return (Symbol){0};
    if (!reader->names)
        reader->names = symbols_new(reader->arena);
    return symbol_intern(reader->names, text_of_name(name));
}

static void anchor_set(Reader *reader, Symbol name, NodeId id)
{
    if (name.id)
        *anchor_slot(reader, name) = id;
}

/* A new node where the reader stands: a root, an element, or the value of the key. */
static NodeId add(Reader *reader, Node node)
{
    Frame *frame = reader->depth ? &reader->stack[reader->depth - 1] : NULL;

    if (reader->tree->count >= TREE_NODES_MAX) {
        stop(reader, node.start, "more than 4,194,304 values; the rest was not read");
        return (NodeId){0};
    }
    if (frame && frame->is_object) {
        node.key = frame->key;
        node.key_start = frame->key_start;
        node.key_end = frame->key_end;
        node.is_merge = frame->key_is_merge;
        frame->has_key = false;
    }
    NodeId id =
        tree_add(reader->tree, reader->arena, frame ? frame->node : (NodeId){0}, node);
    if (!frame) {
        if (reader->last_root.index)
            reader->tree->nodes[reader->last_root.index].next = id;
        else
            reader->tree->root = id;
        reader->last_root = id;
    }
    return id;
}

static NodeStyle style_of(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return STYLE_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return STYLE_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE:
        return STYLE_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE:
        return STYLE_FOLDED;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE:
    default:
        return STYLE_PLAIN;
    }
}

static bool expects_key(const Reader *reader)
{
    const Frame *frame = reader->depth ? &reader->stack[reader->depth - 1] : NULL;

    return frame && frame->is_object && !frame->has_key;
}

static void set_key(Reader *reader, Text key, bool is_merge, uint32_t start,
                    uint32_t end)
{
    Frame *frame = &reader->stack[reader->depth - 1];

    frame->has_key = true;
    frame->key = key;
    frame->key_is_merge = is_merge;
    frame->key_start = start;
    frame->key_end = end;
}

/* What stands behind a "#", up to the end of its line. */
static void add_comment(Reader *reader, uint32_t start, uint32_t end)
{
    Text rest = text_slice(reader->bytes, start, end);
    size_t len = text_find_byte(rest, '\n');

    while (len > 0 && rest.at[len - 1] == '\r')
        len--;
    comments_add(&reader->comments, start, start + (uint32_t)len,
                 comments_is_behind(reader->bytes, start));
}

/* libyaml passes over comments without a word. Between two events there is nothing but
 * indicators, blanks and comments, so that a "#" there begins one. */
static void find_comments(Reader *reader)
{
    uint32_t start = offset_of(reader, reader->event.start_mark);
    uint32_t end = offset_of(reader, reader->event.end_mark), at = reader->passed;

    while (at < start) {
        Text rest = text_slice(reader->bytes, at, start);

        at += (uint32_t)text_find_byte(rest, '#');
        if (at < start)
            add_comment(reader, at, start);
        at += (uint32_t)text_find_byte(text_slice(reader->bytes, at, start), '\n');
    }
    reader->passed = end > reader->passed ? end : reader->passed;
}

/* The header of a block scalar ("|2- # comment") is part of its event. */
static void find_header_comment(Reader *reader, uint32_t start, uint32_t end)
{
    Text header = text_slice(reader->bytes, start, end);

    header = text_slice(header, 0, text_find_byte(header, '\n'));
    size_t mark = text_find(header, TEXT(" #"));
    if (mark < header.len)
        add_comment(reader, start + (uint32_t)mark + 1, end);
}

/* A block scalar's end mark lies behind the line ends after it. */
static uint32_t without_line_ends(const Reader *reader, uint32_t start, uint32_t end)
{
    while (end > start &&
           (reader->bytes.at[end - 1] == '\n' || reader->bytes.at[end - 1] == '\r' ||
            reader->bytes.at[end - 1] == ' '))
        end--;
    return end;
}

static void read_scalar(Reader *reader)
{
    uint32_t start = offset_of(reader, reader->event.start_mark);
    uint32_t end = offset_of(reader, reader->event.end_mark);
    Text text = text_of_yaml(reader, reader->event.data.scalar.value,
                             reader->event.data.scalar.length);
    Text tag = text_of_name(reader->event.data.scalar.tag);
    NodeStyle style = style_of(reader->event.data.scalar.style);
    Symbol anchor = anchor_name(reader, reader->event.data.scalar.anchor);
    bool is_plain = style == STYLE_PLAIN && tag.len == 0;

    if (style == STYLE_LITERAL || style == STYLE_FOLDED) {
        find_header_comment(reader, start, end);
        end = without_line_ends(reader, start, end);
    }
    Node node = {.kind = NODE_STRING, .style = style, .start = start, .end = end};
    node.text = text;
    node.tag = arena_copy(reader->arena, tag);
    if (style == STYLE_PLAIN && !text_equal(tag, TEXT("tag:yaml.org,2002:str")) &&
        !text_equal(tag, TEXT("!")))
        node.kind = yaml_scalar_kind(text);
    if (expects_key(reader)) {
        set_key(reader, text, is_plain && text_equal(text, TEXT("<<")), start, end);
        if (anchor.id) {
            NodeId id = tree_add(reader->tree, reader->arena, (NodeId){0}, node);

            anchor_set(reader, anchor, id); /* a key may be an alias's target */
        }
        return;
    }
    anchor_set(reader, anchor, add(reader, node));
}

static void read_alias(Reader *reader)
{
    uint32_t start = offset_of(reader, reader->event.start_mark);
    uint32_t end = offset_of(reader, reader->event.end_mark);
    NodeId target =
        *anchor_slot(reader, anchor_name(reader, reader->event.data.alias.anchor));

    if (target.index == 0)
        report(
            reader, start, end,
            "this alias names no anchor before it, or one that holds it; it was read "
            "as null");
    if (expects_key(reader)) {
        set_key(reader, tree_scalar(reader->tree, target), false, start, end);
        return;
    }
    Node node = {
        .kind = target.index ? NODE_ALIAS : NODE_NULL, .start = start, .end = end};
    node.target = target;
    (void)add(reader, node);
}

static void open_container(Reader *reader, bool is_object, const yaml_char_t *anchor,
                           const yaml_char_t *tag)
{
    uint32_t start = offset_of(reader, reader->event.start_mark);

    if (expects_key(reader)) {
        report(reader, start, start + 1,
               "a key must be a scalar; this key and its value were passed over");
        reader->skip = 1;
        reader->skip_value = true;
        return;
    }
    if (reader->depth == TREE_DEPTH) {
        stop(reader, start, "nested deeper than 512 levels; the rest was not read");
        return;
    }
    Node node = {.kind = is_object ? NODE_OBJECT : NODE_ARRAY, .start = start};
    node.tag = arena_copy(reader->arena, text_of_name(tag));
    node.end = offset_of(reader, reader->event.end_mark);
    NodeId id = add(reader, node);
    reader->stack[reader->depth++] = (Frame){
        .node = id, .is_object = is_object, .anchor = anchor_name(reader, anchor)};
}

/* A flow collection ends at its bracket; a block collection has an end mark of no
 * width somewhere before the next token, and so ends where its last child does. */
static void close_container(Reader *reader)
{
    Frame frame = reader->stack[--reader->depth];
    uint32_t start = offset_of(reader, reader->event.start_mark);
    uint32_t end = offset_of(reader, reader->event.end_mark);
    Node *node = &reader->tree->nodes[frame.node.index];

    if (end > start)
        node->end = end;
    else if (node->last.index)
        node->end = reader->tree->nodes[node->last.index].end;
    if (frame.is_object)
        tree_report_duplicates(reader->tree, reader->arena, frame.node, reader->diags);
    anchor_set(reader, frame.anchor, frame.node);
}

/* True when the event belongs to what is passed over. */
static bool skips(Reader *reader)
{
    yaml_event_type_t type = reader->event.type;
    bool opens = type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT;
    bool closes = type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT;

    if (reader->skip == 0 && !reader->skip_value)
        return false;
    if (reader->skip == 0) { /* the first event of the value */
        reader->skip_value = false;
        reader->skip = opens;
        return true;
    }
    reader->skip += opens;
    reader->skip -= closes;
    return true;
}

static void read_event(Reader *reader)
{
    find_comments(reader);
    if (skips(reader))
        return;
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        read_scalar(reader);
        break;
    case YAML_ALIAS_EVENT:
        read_alias(reader);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_container(reader, false, reader->event.data.sequence_start.anchor,
                       reader->event.data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        open_container(reader, true, reader->event.data.mapping_start.anchor,
                       reader->event.data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_container(reader);
        break;
    case YAML_STREAM_END_EVENT:
        reader->stopped = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    default:
        break;
    }
}

static void report_error(Reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    uint32_t at = parser->error == YAML_READER_ERROR
                      ? reader->base + (uint32_t)parser->problem_offset
                      : offset_of(reader, parser->problem_mark);
    Diag *diag = diag_add(reader->diags, "input/syntax", span_of(reader, at, at + 1),
                          "%s; what follows was not read",
                          parser->problem ? parser->problem : "this is no YAML");

    if (parser->context && parser->error != YAML_READER_ERROR) {
        uint32_t context = offset_of(reader, parser->context_mark);

        diag->related = span_of(reader, context, context + 1);
        diag->related_says = arena_copy(reader->diags->arena, text_of(parser->context));
    }
    reader->stopped = true;
}

/* What was open when the reading stopped ends with what was read. */
static void close_all(Reader *reader)
{
    while (reader->depth) {
        Node *node = &reader->tree->nodes[reader->stack[--reader->depth].node.index];

        if (node->last.index && reader->tree->nodes[node->last.index].end > node->end)
            node->end = reader->tree->nodes[node->last.index].end;
    }
}

static bool is_utf16(Text bytes)
{
    return text_starts_with(bytes, TEXT("\xFF\xFE")) ||
           text_starts_with(bytes, TEXT("\xFE\xFF"));
}

static void read_events(Reader *reader)
{
    Text input = text_from(reader->bytes, reader->base);

    arena_defer(reader->arena, release, reader);
    if (!yaml_parser_initialize(&reader->parser)) {
        report(reader, reader->base, reader->base, "out of memory");
        return;
    }
    reader->parser_open = true;
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &reader->parser, (const unsigned char *)(input.len ? input.at : ""), input.len);
    while (!reader->stopped) {
        if (!yaml_parser_parse(&reader->parser, &reader->event)) {
            report_error(reader);
            break;
        }
        reader->event_open = true;
        read_event(reader);
        yaml_event_delete(&reader->event);
        reader->event_open = false;
    }
    close_all(reader);
    release(reader);
}

Tree *yaml_read_part(Arena *arena, Sources *sources, Span part, Diags *diags)
{
    Reader *reader = ARENA_NEW(arena, Reader);
    Tree *tree = tree_new(arena, part.file, part.end - part.start);

    *reader =
        (Reader){.arena = arena, .diags = diags, .tree = tree, .base = part.start};
    reader->bytes = text_slice(source_bytes(sources, part.file), 0, part.end);
    if (part.start == 0 && text_starts_with(reader->bytes, TEXT("\xEF\xBB\xBF")))
        reader->base = 3;
    reader->at = reader->passed = reader->base;
    reader->comments = (Comments){.arena = arena, .bytes = reader->bytes};
    reader->is_ascii = is_ascii(text_from(reader->bytes, reader->base));
    if (is_utf16(text_from(reader->bytes, reader->base)))
        report(reader, reader->base, reader->base + 2,
               "the file is in UTF-16; write it in UTF-8");
    else
        read_events(reader);
    comments_settle_tree(&reader->comments, tree);
    comments_hand_up(&reader->comments, sources, part.file);
    return tree;
}

Tree *yaml_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags)
{
    Span whole = {file, 0, (uint32_t)source_bytes(sources, file).len};

    return yaml_read_part(arena, sources, whole, diags);
}
