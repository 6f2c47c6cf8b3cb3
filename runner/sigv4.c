/* explicit_bzero is glibc's: hence _DEFAULT_SOURCE. */
#define _DEFAULT_SOURCE
#include "sigv4.h"

#include <string.h>

#include "base/buffer.h"
#include "redact.h"
#include "sha256.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define TERMINATOR "aws4_request"

enum { BLOCK = 64, DAY = 8 };

typedef struct Digest {
    unsigned char at[SHA256_BYTES];
} Digest;

static const char upper_hex[] = "0123456789ABCDEF";

static Text digest_text(const Digest *digest)
{
    return (Text){(const char *)digest->at, SHA256_BYTES};
}

/* HMAC (RFC 2104) with SHA-256. */
static Digest hmac(Arena *arena, Text key, Text message)
{
    size_t inner_len = BLOCK + message.len, outer_len = BLOCK + SHA256_BYTES;
    char *inner = secret_room(arena, inner_len), *outer = secret_room(arena, outer_len);
    Digest digest = {{0}};

    if (key.len > BLOCK) {
        sha256(key, digest.at);
        key = digest_text(&digest);
    }
    if (key.len)
        memcpy(inner, key.at, key.len);
    memset(inner + key.len, 0, BLOCK - key.len);
    for (size_t i = 0; i < BLOCK; i++) {
        outer[i] = (char)(inner[i] ^ 0x5c);
        inner[i] = (char)(inner[i] ^ 0x36);
    }
    if (message.len)
        memcpy(inner + BLOCK, message.at, message.len);
    sha256((Text){inner, inner_len}, digest.at);
    memcpy(outer + BLOCK, digest.at, SHA256_BYTES);
    sha256((Text){outer, outer_len}, digest.at);
    return digest;
}

static bool is_unreserved(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '-' || byte == '.' ||
           byte == '_' || byte == '~';
}

static void add_encoded(Buffer *out, Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];

        if (is_unreserved(text.at[i])) {
            buffer_add_byte(out, text.at[i]);
        } else {
            buffer_add_byte(out, '%');
            buffer_add_byte(out, upper_hex[byte >> 4]);
            buffer_add_byte(out, upper_hex[byte & 15]);
        }
    }
}

static int hex_value(char digit)
{
    const char *at = digit ? strchr(upper_hex, byte_to_upper(digit)) : NULL;

    return at ? (int)(at - upper_hex) : -1;
}

static Text decode(Arena *arena, Text text)
{
    char *bytes = arena_alloc(arena, text.len + 1, 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        bool is_escape = text.at[i] == '%' && i + 2 < text.len &&
                         hex_value(text.at[i + 1]) >= 0 &&
                         hex_value(text.at[i + 2]) >= 0;

        bytes[len] = text.at[i];
        if (is_escape) {
            bytes[len] =
                (char)(hex_value(text.at[i + 1]) << 4 | hex_value(text.at[i + 2]));
            i += 2;
        }
        len++;
    }
    return (Text){bytes, len};
}

/* Each segment encoded; unless they are kept, without empty ones and dots (RFC 3986,
 * 5.2.4). */
static void add_path(Buffer *out, const SignedRequest *request)
{
    Arena *arena = out->arena;
    Text rest = text_from(request->path, 1), segment, *kept = NULL;
    uint32_t count = 0, capacity = 0;
    bool ends = true, keeps = request->keeps_path;

    for (bool done = false; text_next_part(&rest, '/', &segment, &done);) {
        bool is_dot = !keeps && text_equal(segment, TEXT("."));
        bool is_up = !keeps && text_equal(segment, TEXT(".."));

        ends = segment.len == 0 || is_dot || is_up;
        if (is_up && count)
            count--;
        if (is_up || is_dot || (!keeps && segment.len == 0))
            continue;
        ARRAY_GROW(arena, kept, count, capacity);
        kept[count++] = segment;
    }
    for (uint32_t i = 0; i < count; i++) {
        buffer_add_byte(out, '/');
        add_encoded(out, kept[i]);
    }
    if (count == 0 || (ends && !keeps))
        buffer_add_byte(out, '/');
}

typedef struct Pair {
    Text name, value;
} Pair;

static int compare_pairs(const Pair *left, const Pair *right)
{
    int order = text_compare(left->name, right->name);

    return order ? order : text_compare(left->value, right->value);
}

/* Stable, so that headers of one name stay as they were sent. */
static void sort(Pair *pairs, uint32_t count, bool by_value)
{
    for (uint32_t i = 1; i < count; i++) {
        Pair moved = pairs[i];
        uint32_t at = i;

        for (; at && (by_value ? compare_pairs(&pairs[at - 1], &moved)
                               : text_compare(pairs[at - 1].name, moved.name)) > 0;
             at--)
            pairs[at] = pairs[at - 1];
        pairs[at] = moved;
    }
}

static Text encoded(Arena *arena, Text text)
{
    Buffer out = {.arena = arena};

    add_encoded(&out, decode(arena, text));
    return buffer_text(&out);
}

/* name=value, by name and then by value, both encoded anew. */
static void add_query(Buffer *out, Text query)
{
    Pair *pairs = NULL;
    uint32_t count = 0, capacity = 0;
    Text part;

    for (bool done = query.len == 0; text_next_part(&query, '&', &part, &done);) {
        size_t equals = text_find_byte(part, '=');

        ARRAY_GROW(out->arena, pairs, count, capacity);
        pairs[count++] = (Pair){encoded(out->arena, text_slice(part, 0, equals)),
                                encoded(out->arena, text_from(part, equals + 1))};
    }
    sort(pairs, count, true);
    for (uint32_t i = 0; i < count; i++)
        buffer_format(out, "%s%.*s=%.*s", i ? "&" : "", TEXT_ARG(pairs[i].name),
                      TEXT_ARG(pairs[i].value));
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Without blanks at its ends, and with one space for each run of them. */
static void add_value(Buffer *out, Text value)
{
    value = text_trim(value);
    for (size_t i = 0; i < value.len; i++) {
        if (!is_blank(value.at[i]))
            buffer_add_byte(out, value.at[i]);
        else if (!is_blank(value.at[i - 1]))
            buffer_add_byte(out, ' ');
    }
}

static Text lower(Arena *arena, Text name)
{
    char *bytes = arena_alloc(arena, name.len + 1, 1);

    for (size_t i = 0; i < name.len; i++)
        bytes[i] = byte_to_lower(name.at[i]);
    return (Text){bytes, name.len};
}

/* name:value,value LF for each header, by name; their names, with ";" between. */
static Text add_headers(Buffer *out, const SignedRequest *request)
{
    Pair *headers = ARENA_ARRAY(out->arena, request->nheaders, Pair);
    Buffer names = {.arena = out->arena};

    for (uint32_t i = 0; i < request->nheaders; i++)
        headers[i] = (Pair){lower(out->arena, request->headers[i].name),
                            request->headers[i].value};
    sort(headers, request->nheaders, false);
    for (uint32_t i = 0; i < request->nheaders; i++) {
        if (i && text_equal(headers[i].name, headers[i - 1].name)) {
            buffer_add_byte(out, ',');
        } else {
            buffer_format(out, "%s%.*s:", i ? "\n" : "", TEXT_ARG(headers[i].name));
            buffer_format(&names, "%s%.*s", i ? ";" : "", TEXT_ARG(headers[i].name));
        }
        add_value(out, headers[i].value);
    }
    buffer_add_byte(out, '\n');
    return buffer_text(&names);
}

/* The secret key, narrowed to a day, a region, a service. */
static Digest derive(Arena *arena, const SigningKey *key)
{
    const Text prefix = TEXT("AWS4");
    char *first = secret_room(arena, prefix.len + key->secret_key.len);
    Digest digest;

    memcpy(first, prefix.at, prefix.len);
    if (key->secret_key.len)
        memcpy(first + prefix.len, key->secret_key.at, key->secret_key.len);
    digest = hmac(arena, (Text){first, prefix.len + key->secret_key.len},
                  text_slice(key->time, 0, DAY));
    digest = hmac(arena, digest_text(&digest), key->region);
    digest = hmac(arena, digest_text(&digest), key->service);
    digest = hmac(arena, digest_text(&digest), TEXT(TERMINATOR));
    return digest;
}

static Text hex_of(Arena *arena, const Digest *digest)
{
    Buffer out = {.arena = arena};

    for (size_t i = 0; i < SHA256_BYTES; i++)
        buffer_format(&out, "%02x", digest->at[i]);
    return buffer_text(&out);
}

void sigv4_sign(Arena *arena, const SignedRequest *request, const SigningKey *key,
                Signature *signature)
{
    Buffer out = {.arena = arena};
    Text names, scope;
    Digest digest;

    buffer_format(&out, "%.*s\n", TEXT_ARG(request->method));
    add_path(&out, request);
    buffer_add_byte(&out, '\n');
    add_query(&out, request->query);
    buffer_add_byte(&out, '\n');
    names = add_headers(&out, request);
    buffer_format(&out, "\n%.*s\n%.*s", TEXT_ARG(names),
                  TEXT_ARG(sha256_hex(arena, request->body)));
    signature->canonical = buffer_text(&out);

    scope = arena_format(arena, "%.*s/%.*s/%.*s/" TERMINATOR,
                         TEXT_ARG(text_slice(key->time, 0, DAY)), TEXT_ARG(key->region),
                         TEXT_ARG(key->service));
    signature->to_sign = arena_format(
        arena, ALGORITHM "\n%.*s\n%.*s\n%.*s", TEXT_ARG(key->time), TEXT_ARG(scope),
        TEXT_ARG(sha256_hex(arena, signature->canonical)));
    digest = derive(arena, key);
    digest = hmac(arena, digest_text(&digest), signature->to_sign);
    signature->hex = hex_of(arena, &digest);
    signature->authorization = arena_format(
        arena, ALGORITHM " Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s",
        TEXT_ARG(key->access_key), TEXT_ARG(scope), TEXT_ARG(names),
        TEXT_ARG(signature->hex));
    explicit_bzero(&digest, sizeof(digest));
}
