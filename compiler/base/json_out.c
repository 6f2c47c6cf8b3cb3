#include "base/json_out.h"

#include <inttypes.h>

static void new_line(JsonOut *json)
{
    if (json->compact)
        return;
    buffer_add_byte(json->out, '\n');
    buffer_add_times(json->out, ' ', (size_t)json->depth * 2);
}

static void before_value(JsonOut *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->has_items)
        buffer_add_byte(json->out, ',');
    if (json->depth)
        new_line(json);
    json->has_items = true;
}

static void open(JsonOut *json, char bracket)
{
    before_value(json);
    buffer_add_byte(json->out, bracket);
    json->depth++;
    json->has_items = false;
}

static void close(JsonOut *json, char bracket)
{
    json->depth--;
    if (json->has_items)
        new_line(json);
    buffer_add_byte(json->out, bracket);
    json->has_items = true;
    if (json->depth == 0 && !json->compact)
        buffer_add_byte(json->out, '\n');
}

void json_open_object(JsonOut *json)
{
    open(json, '{');
}

void json_close_object(JsonOut *json)
{
    close(json, '}');
}

void json_open_array(JsonOut *json)
{
    open(json, '[');
}

void json_close_array(JsonOut *json)
{
    close(json, ']');
}

void json_key(JsonOut *json, const char *key)
{
    before_value(json);
    json_add_quoted(json->out, text_of(key));
    buffer_add(json->out, json->compact ? TEXT(":") : TEXT(": "));
    json->after_key = true;
}

void json_add_quoted(Buffer *out, Text value)
{
    size_t at = 0;

    buffer_add_byte(out, '"');
    while (at < value.len) {
        size_t bad = value.len - at;
        bool fine = text_is_utf8(text_from(value, at), &bad);
        Text good = text_slice(value, at, at + (fine ? value.len - at : bad));

        for (size_t i = 0; i < good.len; i++) {
            char byte = good.at[i];

            if (byte == '"' || byte == '\\') {
                buffer_add_byte(out, '\\');
                buffer_add_byte(out, byte);
            } else if (byte == '\n') {
                buffer_add(out, TEXT("\\n"));
            } else if (byte == '\t') {
                buffer_add(out, TEXT("\\t"));
            } else if (byte == '\r') {
                buffer_add(out, TEXT("\\r"));
            } else if ((unsigned char)byte < 0x20 || byte == 0x7F) {
                buffer_format(out, "\\u%04x", (unsigned)(unsigned char)byte);
            } else {
                buffer_add_byte(out, byte);
            }
        }
        at += good.len;
        if (!fine) {
            buffer_add_utf8(out, 0xFFFD);
            at++;
        }
    }
    buffer_add_byte(out, '"');
}

void json_text(JsonOut *json, Text value)
{
    before_value(json);
    json_add_quoted(json->out, value);
}

void json_number(JsonOut *json, int64_t value)
{
    before_value(json);
    buffer_format(json->out, "%" PRId64, value);
}

void json_bool(JsonOut *json, bool value)
{
    before_value(json);
    buffer_add(json->out, value ? TEXT("true") : TEXT("false"));
}

void json_null(JsonOut *json)
{
    before_value(json);
    buffer_add(json->out, TEXT("null"));
}

void json_verbatim(JsonOut *json, Text value)
{
    before_value(json);
    buffer_add(json->out, value);
}

void json_member_text(JsonOut *json, const char *key, Text value)
{
    json_key(json, key);
    json_text(json, value);
}

void json_member_number(JsonOut *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_number(json, value);
}

void json_member_bool(JsonOut *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}

void json_member_texts(JsonOut *json, const char *key, const Text *values,
                       uint32_t count)
{
    json_key(json, key);
    json_open_array(json);
    for (uint32_t i = 0; i < count; i++)
        json_text(json, values[i]);
    json_close_array(json);
}
