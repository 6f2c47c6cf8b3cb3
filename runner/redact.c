/* explicit_bzero is glibc's: hence _DEFAULT_SOURCE. */
#define _DEFAULT_SOURCE
#include "redact.h"

#include <string.h>
#include <sys/mman.h>

#define MARK "•••"

typedef struct Room {
    char *at;
    size_t len;
} Room;

static void wipe(void *handle)
{
    const Room *room = handle;

    explicit_bzero(room->at, room->len);
}

/* Kept out of swap where the limits allow it (RLIMIT_MEMLOCK): it costs nothing to ask,
 * and nothing is lost where it is refused. */
static void lock(const Room *room)
{
    enum { LOCKED_MAX = 64 << 10 }; /* what is longer is a file or a client's output */

    if (room->len && room->len <= LOCKED_MAX)
        (void)mlock(room->at, room->len);
}

char *secret_room(Arena *arena, size_t len)
{
    Room *room = ARENA_NEW(arena, Room);

    *room = (Room){arena_alloc(arena, len + 1, 1), len};
    lock(room);
    arena_defer(arena, wipe, room);
    return room->at;
}

Text secret_copy(Arena *arena, Text secret)
{
    char *copy = secret_room(arena, secret.len);

    if (secret.len)
        memcpy(copy, secret.at, secret.len);
    return (Text){copy, secret.len};
}

static Text base64(Arena *arena, Text bytes)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t len = (bytes.len + 2) / 3 * 4, at = 0;
    char *out = secret_room(arena, len);

    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t group = (uint32_t)(unsigned char)bytes.at[i] << 16;

        if (left > 1)
            group |= (uint32_t)(unsigned char)bytes.at[i + 1] << 8;
        if (left > 2)
            group |= (uint32_t)(unsigned char)bytes.at[i + 2];
        out[at++] = digits[group >> 18 & 63];
        out[at++] = digits[group >> 12 & 63];
        out[at++] = left > 1 ? digits[group >> 6 & 63] : '=';
        out[at++] = left > 2 ? digits[group & 63] : '=';
    }
    return (Text){out, len};
}

Text secret_basic(Arena *arena, Text user, Text password)
{
    size_t len = user.len + 1 + password.len;
    char *pair = secret_room(arena, len);

    if (user.len)
        memcpy(pair, user.at, user.len);
    pair[user.len] = ':';
    if (password.len)
        memcpy(pair + user.len + 1, password.at, password.len);
    return base64(arena, (Text){pair, len});
}

enum { SHORT = 4 }; /* bytes; what is shorter is part of words */

static void learn(Redaction *redaction, Text bytes, bool is_common)
{
    if (bytes.len == 0)
        return;
    ARRAY_GROW(redaction->arena, redaction->needles, redaction->count,
               redaction->capacity);
    redaction->needles[redaction->count++] =
        (Needle){bytes, is_common || bytes.len < SHORT};
}

static Text without_padding(Text base64_text)
{
    while (text_ends_with(base64_text, TEXT("=")))
        base64_text.len--;
    return base64_text;
}

/* The digits of base64 that these bytes decide alone, where `before` bytes of something
 * else stand before them in a group of three, and anything behind. */
static Text base64_within(Arena *arena, Text bytes, size_t before)
{
    char *padded = secret_room(arena, before + bytes.len);

    memset(padded, 0, before);
    if (bytes.len)
        memcpy(padded + before, bytes.at, bytes.len);
    return text_slice(base64(arena, (Text){padded, before + bytes.len}),
                      (before * 8 + 5) / 6, (before + bytes.len) * 8 / 6);
}

void redact_learn_text(Redaction *redaction, Text secret)
{
    learn(redaction, secret, false);
}

void redact_learn(Redaction *redaction, Text user, Text password)
{
    Arena *arena = redaction->arena;

    for (size_t before = 0; before < 3 && password.len > SHORT; before++)
        learn(redaction, base64_within(arena, password, before), false);
    learn(redaction, without_padding(secret_basic(arena, user, password)), false);
    learn(redaction, without_padding(base64(arena, password)), false);
    learn(redaction, password, false);
    learn(redaction, user, true);
}

/* Two hexadecimal digits from `at` on; -1 when they are none. */
static int hex_pair(Text text, size_t at)
{
    int value = 0;

    for (size_t i = at; i < at + 2; i++) {
        char byte = i < text.len ? byte_to_lower(text.at[i]) : '\0';

        if (!byte_is_digit(byte) && (byte < 'a' || byte > 'f'))
            return -1;
        value = value * 16 + (byte_is_digit(byte) ? byte - '0' : byte - 'a' + 10);
    }
    return value;
}

/* Of what `text` starts with, the bytes that stand for this one; 0 when none do.
 * form = "%" XX (RFC 3986, 2.1) | "\x" XX | "\u00" XX | "\" byte (Go's %q, JSON)
 *      | "+" for a blank (a form's) | "-" for "+", "_" for "/" (RFC 4648, 5) | byte */
static size_t form_len(Text text, char byte)
{
    const int value = (unsigned char)byte;

    if (text.len == 0)
        return 0;
    if (text.at[0] == '%' && hex_pair(text, 1) == value)
        return 3;
    if (text_starts_with(text, TEXT("\\x")) && hex_pair(text, 2) == value)
        return 4;
    if (text_starts_with(text, TEXT("\\u00")) && hex_pair(text, 4) == value)
        return 6;
    if (text.len > 1 && text.at[0] == '\\' && text.at[1] == byte)
        return 2;
    return text.at[0] == byte || (text.at[0] == '+' && byte == ' ') ||
           (text.at[0] == '-' && byte == '+') || (text.at[0] == '_' && byte == '/');
}

/* Nothing, or less than one form. */
static bool may_be_cut_form(Text text)
{
    return text.len == 0 || (text.len < 6 && (text.at[0] == '%' || text.at[0] == '\\'));
}

/* The bytes of `text` that are the secret, each of its bytes in whichever form; with
 * `cut` also when it ends within the secret. */
static size_t spelt_len(Text text, Text secret, bool cut)
{
    size_t at = 0;

    for (size_t i = 0; i < secret.len; i++) {
        Text rest = text_from(text, at);
        size_t len = form_len(rest, secret.at[i]);

        if (len == 0)
            return cut && may_be_cut_form(rest) ? text.len : 0;
        at += len;
    }
    return at;
}

/* The length of the longest secret that `text` starts with; with `cut` also of one
 * that it ends within. */
static size_t secret_len(const Redaction *redaction, Text text, bool client, bool cut)
{
    size_t longest = 0;

    for (uint32_t i = 0; i < redaction->count; i++) {
        const Needle *needle = &redaction->needles[i];
        size_t spelt;

        if (needle->is_common && !client)
            continue;
        /* As it is comes first: what looks like a form may be the secret's own. */
        if (text_starts_with(text, needle->bytes) && needle->bytes.len > longest)
            longest = needle->bytes.len;
        if (cut && text_starts_with(needle->bytes, text) && text.len > longest)
            longest = text.len;
        spelt = spelt_len(text, needle->bytes, cut);
        longest = spelt > longest ? spelt : longest;
    }
    return longest;
}

/* "##[" begins a command of GitHub Actions wherever it stands in a line, unlike the
 * newer "::": so it is written as a JSON string may have it. */
static void add_shown(Buffer *out, Text text)
{
    const Text command = TEXT("##[");
    size_t at;

    while ((at = text_find(text, command)) < text.len) {
        buffer_add_printable(out, text_slice(text, 0, at));
        buffer_add(out, TEXT("\\u0023#["));
        text = text_from(text, at + command.len);
    }
    buffer_add_printable(out, text);
}

void redact_add(const Redaction *redaction, Buffer *out, Text text, bool client,
                bool cut)
{
    size_t shown = 0, at = 0;

    while (at < text.len) {
        size_t len = secret_len(redaction, text_from(text, at), client, cut);

        if (len == 0) {
            at++;
            continue;
        }
        add_shown(out, text_slice(text, shown, at));
        buffer_add(out, TEXT(MARK));
        at += len;
        shown = at;
    }
    add_shown(out, text_slice(text, shown, text.len));
}
