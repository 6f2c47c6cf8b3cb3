/*
 * json_out.h: JSON, written.
 *
 * Two-space indentation, members in the order they are given, LF at the end of
 * each line, so that equal data is equal bytes. Malformed UTF-8 becomes U+FFFD;
 * control characters are escaped.
 */
#ifndef BERTH_BASE_JSON_OUT_H
#define BERTH_BASE_JSON_OUT_H

#include "base/buffer.h"

typedef struct JsonOut {
    Buffer *out;
    uint32_t depth;
    bool compact;   /* no white space at all: one line */
    bool has_items; /* the open container already has one */
    bool after_key;
} JsonOut;

void json_open_object(JsonOut *json);
void json_close_object(JsonOut *json);
void json_open_array(JsonOut *json);
void json_close_array(JsonOut *json);

void json_key(JsonOut *json, const char *key);
void json_text(JsonOut *json, Text value);
void json_number(JsonOut *json, int64_t value);
void json_bool(JsonOut *json, bool value);
void json_null(JsonOut *json);
void json_verbatim(JsonOut *json, Text value); /* JSON as it is */

/* A key and its value in one. */
void json_member_text(JsonOut *json, const char *key, Text value);
void json_member_number(JsonOut *json, const char *key, int64_t value);
void json_member_bool(JsonOut *json, const char *key, bool value);
void json_member_texts(JsonOut *json, const char *key, const Text *values,
                       uint32_t count);

/* The quoted, escaped form alone. */
void json_add_quoted(Buffer *out, Text value);

#endif
