#include "base/server_key.h"

#include "base/buffer.h"

/* What only Docker Hub is pulled with; the documentation asks for exactly this form. */
#define HUB_KEY "https://index.docker.io/v1/"

enum { HOST_BYTES = 253 }; /* RFC 1035, 2.3.4, without the root's dot */

typedef struct Parts {
    Text host; /* without port; with brackets when it is an IPv6 address */
    Text port; /* empty: none */
    bool has_blanks, has_scheme, has_user, has_path, has_query, has_capitals;
} Parts;

static bool refuse(Text *problem, Text says)
{
    *problem = says;
    return false;
}

static bool has_only_printable_ascii(Text value, Text *problem)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.at[i];

        if (byte < 0x20 || byte == 0x7F)
            return refuse(problem, TEXT("it holds a control character"));
        if (byte > 0x7F)
            return refuse(problem, TEXT("it holds a character beyond ASCII"));
    }
    return true;
}

/* scheme "://" with scheme = letter (letter | digit | "+" | "-" | ".")*  RFC 3986, 3.1 */
static size_t scheme_len(Text value)
{
    size_t end = text_find(value, TEXT("://"));

    if (end == value.len || end == 0 || !byte_is_letter(value.at[0]))
        return 0;
    for (size_t i = 1; i < end; i++) {
        char byte = value.at[i];

        if (!byte_is_letter(byte) && !byte_is_digit(byte) && byte != '+' &&
            byte != '-' && byte != '.')
            return 0;
    }
    return end + 3;
}

static size_t authority_len(Text value)
{
    size_t at = 0;

    while (at < value.len && value.at[at] != '/' && value.at[at] != '?' &&
           value.at[at] != '#')
        at++;
    return at;
}

/* value = [scheme "://"] [user-info "@"] host [":" port] ["/" path] ["?" ...] ["#" ...] */
static void split(Text value, Parts *parts)
{
    Text rest = text_from(value, scheme_len(value));

    parts->has_scheme = rest.len < value.len;
    Text host = text_slice(rest, 0, authority_len(rest));
    rest = text_from(rest, host.len);
    parts->has_path = text_starts_with(rest, TEXT("/"));
    parts->has_query =
        text_find_byte(rest, '?') < rest.len || text_find_byte(rest, '#') < rest.len;
    size_t user = text_find_last_byte(host, '@');
    parts->has_user = user < host.len;
    if (parts->has_user)
        host = text_from(host, user + 1);
    size_t bracket = text_starts_with(host, TEXT("[")) ? text_find_byte(host, ']') : 0;
    size_t colon = bracket + text_find_byte(text_from(host, bracket), ':');
    parts->host = text_slice(host, 0, colon);
    parts->port = text_from(host, colon); /* with its colon, so that "host:" is seen */
}

/* letters, digits and hyphens, none of them at an end */
static bool is_label(Text label)
{
    if (label.len == 0 || label.len > 63 || label.at[0] == '-' ||
        label.at[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++) {
        char byte = label.at[i];

        if (!byte_is_letter(byte) && !byte_is_digit(byte) && byte != '-')
            return false;
    }
    return true;
}

/* "[" (hex digit | ":")+ "]", as distribution's grammar of references has it */
static bool is_ipv6(Text host)
{
    if (host.len < 4 || host.at[0] != '[' || host.at[host.len - 1] != ']')
        return false;
    for (size_t i = 1; i + 1 < host.len; i++) {
        char byte = byte_to_lower(host.at[i]);

        if (!byte_is_digit(byte) && byte != ':' && (byte < 'a' || byte > 'f'))
            return false;
    }
    return true;
}

static bool check_host(const Parts *parts, Text *problem)
{
    Text rest = parts->host, label;

    if (rest.len == 0)
        return refuse(problem, TEXT("it names no host"));
    if (is_ipv6(rest))
        return true;
    if (rest.len > HOST_BYTES)
        return refuse(problem, TEXT("its host is longer than 253 characters"));
    for (bool done = false; text_next_part(&rest, '.', &label, &done);) {
        if (!is_label(label))
            return refuse(problem, TEXT("its host is not a legal host name"));
    }
    /* Image references take a first word without dot and port for a namespace. */
    if (parts->port.len == 0 && text_find_byte(parts->host, '.') == parts->host.len &&
        !text_equal_ignoring_case(parts->host, TEXT("localhost")))
        return refuse(problem, TEXT("it is a single word, and image references name a "
                                    "host by a dot or a port"));
    return true;
}

static bool check_port(Text port, Text *problem)
{
    uint32_t number = 0;

    if (port.len == 0)
        return true;
    bool fits = port.len >= 2 && port.len <= 6 && port.at[1] != '0';
    for (size_t i = 1; fits && i < port.len; i++) {
        fits = byte_is_digit(port.at[i]);
        number = number * 10 + (uint32_t)(port.at[i] - '0');
    }
    if (!fits || number > 65535)
        return refuse(problem, TEXT("its port is not a number from 1 to 65535"));
    return true;
}

static Text lower(Arena *arena, Text text)
{
    Buffer bytes = {.arena = arena};

    for (size_t i = 0; i < text.len; i++)
        buffer_add_byte(&bytes, byte_to_lower(text.at[i]));
    return buffer_text(&bytes);
}

/* Names under which Docker Hub is known: its registry, its index and its pages. */
static bool is_hub(Text host)
{
    static const char *const names[] = {"docker.io",
                                        "index.docker.io",
                                        "registry-1.docker.io",
                                        "hub.docker.io",
                                        "www.docker.io",
                                        "registry.docker.io",
                                        "docker.com",
                                        "index.docker.com",
                                        "registry-1.docker.com",
                                        "hub.docker.com",
                                        "www.docker.com",
                                        "registry.docker.com",
                                        "registry.hub.docker.com"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (text_equal(host, text_of(names[i])))
            return true;
    }
    return false;
}

/* The first that applies; what can send a credential astray comes first. */
static Text problem_of(const Parts *parts, bool hub)
{
    if (parts->has_user)
        return TEXT("user-info");
    if (parts->has_query)
        return TEXT("query");
    if (hub)
        return TEXT("hub-alias");
    if (parts->has_scheme)
        return TEXT("scheme");
    if (parts->has_path)
        return TEXT("path");
    if (text_equal(parts->port, TEXT(":443")))
        return TEXT("default-port");
    if (parts->has_blanks)
        return TEXT("whitespace");
    if (parts->has_capitals)
        return TEXT("upper-case");
    return (Text){0};
}

bool server_key_read(Arena *arena, Text value, ServerKey *key, Text *problem)
{
    Text trimmed = text_trim(value);
    Parts parts = {.has_blanks = trimmed.len < value.len};

    if (trimmed.len == 0)
        return refuse(problem, TEXT("it is empty"));
    if (!has_only_printable_ascii(trimmed, problem))
        return false;
    if (text_equal(trimmed, TEXT(HUB_KEY))) {
        *key = (ServerKey){.host = TEXT("docker.io"), .key = TEXT(HUB_KEY)};
        key->problem = parts.has_blanks ? TEXT("whitespace") : (Text){0};
        return true;
    }
    split(trimmed, &parts);
    if (!check_host(&parts, problem) || !check_port(parts.port, problem))
        return false;
    Text host = lower(arena, parts.host);
    parts.has_capitals = !text_equal(host, parts.host);
    if (is_hub(host)) {
        *key = (ServerKey){.host = TEXT("docker.io"), .key = TEXT(HUB_KEY)};
        key->problem = problem_of(&parts, true);
        return true;
    }
    if (parts.port.len && !text_equal(parts.port, TEXT(":443")))
        host = arena_format(arena, "%.*s%.*s", TEXT_ARG(host), TEXT_ARG(parts.port));
    *key = (ServerKey){.host = host, .key = host};
    key->problem = problem_of(&parts, false);
    return true;
}
