/*
 * message.h: JSON-RPC 2.0 as LSP 3.17 has it: what a message is, and answers.
 *
 * A request has an id and is answered once; a notification has none and never is. An id
 * is kept, compared and written as it stands in the message. Batches are no messages.
 */
#ifndef BERTH_LSP_MESSAGE_H
#define BERTH_LSP_MESSAGE_H

#include "base/json_out.h"
#include "syntax/tree.h"

enum {
    MESSAGE_PARSE_ERROR = -32700,
    MESSAGE_INVALID_REQUEST = -32600,
    MESSAGE_METHOD_NOT_FOUND = -32601,
    MESSAGE_INVALID_PARAMS = -32602,
    MESSAGE_INTERNAL_ERROR = -32603,
    MESSAGE_NOT_INITIALIZED = -32002,
    MESSAGE_CANCELLED = -32800
};

typedef enum MessageKind {
    MESSAGE_INVALID, /* see `code` and `problem`; answered with its id, or null */
    MESSAGE_REQUEST,
    MESSAGE_NOTIFICATION,
    MESSAGE_RESPONSE
} MessageKind;

typedef struct Message {
    MessageKind kind;
    Text id; /* JSON; empty: none */
    Text method;
    const Tree *tree;
    NodeId params;
    int code;
    const char *problem;
} Message;

/* Reads a message; in the arena, as long as `body` lives. */
void message_read(Arena *arena, Text body, Message *message);

/* The member `key` of an object of the message. */
NodeId message_find(const Message *message, NodeId object, const char *key);
/* A whole number from 0 to 2^31-1, as the protocol's uinteger. */
bool message_number(const Message *message, NodeId node, uint32_t *number);

/* Each begins a message whose result or params follow as JSON; message_close ends it. */
JsonOut message_result(Buffer *out, Text id);
JsonOut message_request(Buffer *out, Text id, const char *method);
JsonOut message_notification(Buffer *out, const char *method);
void message_close(JsonOut *json);
/* A whole one. `id` empty: null. */
void message_error(Buffer *out, Text id, int code, Text says);

#endif
