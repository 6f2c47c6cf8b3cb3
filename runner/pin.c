#include "pin.h"

#include "base/server_key.h"

/* host without port, without brackets */
static Text bare_host(Text host)
{
    if (text_starts_with(host, TEXT("[")))
        return text_slice(host, 1, text_find_byte(host, ']'));
    return text_slice(host, 0, text_find_byte(host, ':'));
}

/* 127.0.0.0/8, in four decimal parts up to 255, so that neither "127.evil.example" nor
 * "127.0.0.256", which is a name to be looked up, is among them */
static bool is_loopback_ipv4(Text host)
{
    Text rest = host, part;
    uint32_t parts = 0;

    for (bool done = false; text_next_part(&rest, '.', &part, &done); parts++) {
        uint32_t number = 0;

        if (part.len == 0 || part.len > 3 || parts == 4)
            return false;
        for (size_t i = 0; i < part.len; i++) {
            if (!byte_is_digit(part.at[i]) ||
                (part.at[i] == '0' && i == 0 && part.len > 1))
                return false;
            number = number * 10 + (uint32_t)(part.at[i] - '0');
        }
        if (number > 255)
            return false;
        if (parts == 0 && !text_equal(part, TEXT("127")))
            return false;
    }
    return parts == 4;
}

bool pin_is_loopback(Text host)
{
    Text bare = bare_host(host);

    return text_equal(bare, TEXT("localhost")) || text_equal(bare, TEXT("::1")) ||
           is_loopback_ipv4(bare);
}

PinResult pin_compare(Arena *arena, Text value, Text expect, Text *host, Text *problem)
{
    ServerKey found, expected;
    Text ignored;

    *host = (Text){0};
    if (!server_key_read(arena, value, &found, problem))
        return PIN_INVALID;
    *host = found.host;
    if (text_trim(value).len < value.len)
        found.problem = TEXT("whitespace"); /* whatever else is odd about it */
    if (text_equal(found.problem, TEXT("user-info")) ||
        text_equal(found.problem, TEXT("query")) ||
        text_equal(found.problem, TEXT("whitespace"))) {
        *problem = arena_format(arena, "it is not a plain server: %.*s",
                                TEXT_ARG(found.problem));
        return PIN_INVALID;
    }
    if (!server_key_read(arena, expect, &expected, &ignored) ||
        !text_equal(found.host, expected.host)) {
        *problem = TEXT("it is another server");
        return PIN_DIFFERENT;
    }
    if (text_equal_ignoring_case(text_slice(value, 0, 5), TEXT("http:")) &&
        !pin_is_loopback(found.host)) {
        *problem = TEXT("it asks for plain HTTP");
        return PIN_DIFFERENT;
    }
    return PIN_EQUAL;
}
