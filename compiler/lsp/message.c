#include "lsp/message.h"

#include "syntax/syntax.h"

NodeId message_find(const Message *message, NodeId object, const char *key)
{
    return tree_find(message->tree, object, text_of(key));
}

bool message_number(const Message *message, NodeId node, uint32_t *number)
{
    Text digits = tree_node(message->tree, node)->text;
    uint64_t value = 0;

    if (tree_kind(message->tree, node) != NODE_NUMBER || digits.len > 10)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (!byte_is_digit(digits.at[i]))
            return false;
        value = value * 10 + (uint64_t)(digits.at[i] - '0');
    }
    *number = (uint32_t)value;
    return value <= INT32_MAX;
}

static void refuse(Message *message, int code, const char *problem)
{
    message->kind = MESSAGE_INVALID;
    message->code = code;
    message->problem = problem;
}

static bool is_json(const Diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        if (text_equal(text_of(diags->items[i].rule), TEXT("input/syntax")))
            return false;
    }
    return true;
}

enum { ID_BYTES_MAX = 1024 };

/* id = integer | string; an absent one makes a notification, null is none. */
static bool read_id(Text body, Message *message, NodeId id)
{
    NodeKind kind = tree_kind(message->tree, id);
    const Node *node = tree_node(message->tree, id);

    if (kind != NODE_STRING && kind != NODE_NUMBER)
        return kind == NODE_NONE;
    if (node->end - node->start > ID_BYTES_MAX)
        return false;
    message->id = text_slice(body, node->start, node->end);
    return true;
}

static void read_parts(Text body, Message *message)
{
    NodeId root = message->tree->root;
    NodeId method = message_find(message, root, "method");
    bool has_id = read_id(body, message, message_find(message, root, "id"));

    message->params = message_find(message, root, "params");
    message->method = tree_string(message->tree, method);
    NodeKind params = tree_kind(message->tree, message->params);
    if (!text_equal(tree_string(message->tree, message_find(message, root, "jsonrpc")),
                    TEXT("2.0")))
        refuse(message, MESSAGE_INVALID_REQUEST, "this is no message of JSON-RPC 2.0");
    else if (method.index == 0 && (message_find(message, root, "result").index ||
                                   message_find(message, root, "error").index))
        message->kind = MESSAGE_RESPONSE;
    else if (!has_id)
        refuse(message, MESSAGE_INVALID_REQUEST,
               "the id is no number and no string of at most 1024 bytes");
    else if (!tree_is_string(message->tree, method))
        refuse(message, MESSAGE_INVALID_REQUEST, "the message has no method");
    else if (params != NODE_NONE && params != NODE_NULL && params != NODE_OBJECT &&
             params != NODE_ARRAY)
        refuse(message, MESSAGE_INVALID_REQUEST,
               "the params are neither an object nor an array");
    else
        message->kind = message->id.len ? MESSAGE_REQUEST : MESSAGE_NOTIFICATION;
}

void message_read(Arena *arena, Text body, Message *message)
{
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    size_t bad;

    *message = (Message){.kind = MESSAGE_INVALID};
    message->tree =
        json_read(arena, sources, sources_add(sources, TEXT("message"), body), diags);
    if (!text_is_utf8(body, &bad) || !is_json(diags))
        refuse(message, MESSAGE_PARSE_ERROR, "the message is not JSON");
    else if (tree_kind(message->tree, message->tree->root) == NODE_OBJECT)
        read_parts(body, message);
    else
        refuse(message, MESSAGE_INVALID_REQUEST, "the message is no object");
}

/* --- answers --- */

static JsonOut begin(Buffer *out, Text id, const char *method, const char *value)
{
    buffer_add(out, TEXT("{\"jsonrpc\":\"2.0\""));
    if (id.len) {
        buffer_add(out, TEXT(",\"id\":"));
        buffer_add(out, id);
    }
    if (method) {
        buffer_add(out, TEXT(",\"method\":"));
        json_add_quoted(out, text_of(method));
    }
    buffer_format(out, ",\"%s\":", value);
    return (JsonOut){.out = out, .compact = true};
}

JsonOut message_result(Buffer *out, Text id)
{
    return begin(out, id, NULL, "result");
}

JsonOut message_request(Buffer *out, Text id, const char *method)
{
    return begin(out, id, method, "params");
}

JsonOut message_notification(Buffer *out, const char *method)
{
    return begin(out, (Text){0}, method, "params");
}

void message_close(JsonOut *json)
{
    buffer_add_byte(json->out, '}');
}

void message_error(Buffer *out, Text id, int code, Text says)
{
    JsonOut json = begin(out, id.len ? id : TEXT("null"), NULL, "error");

    json_open_object(&json);
    json_member_number(&json, "code", code);
    json_member_text(&json, "message", says);
    json_close_object(&json);
    message_close(&json);
}
