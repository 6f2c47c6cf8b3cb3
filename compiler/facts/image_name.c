#include "facts/image_name.h"

#include "base/buffer.h"
#include "facts/image_name_parts.h"

/* The grammar of distribution/reference, inputs 5.1; each reader takes the longest
 * prefix that fits its production and gives its length, 0 when none does. */

static bool is_alphanumeric(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte);
}

static bool is_path_byte(char byte)
{
    return byte_is_lower(byte) || byte_is_digit(byte);
}

static char byte_at(Text text, size_t at)
{
    return at < text.len ? text.at[at] : '\0';
}

/* separator = "." | "_" | "__" | "-"+ */
static size_t separator_length(Text text, size_t at)
{
    size_t start = at;

    if (byte_at(text, at) == '.')
        return 1;
    if (byte_at(text, at) == '_')
        return byte_at(text, at + 1) == '_' ? 2 : 1;
    while (byte_at(text, at) == '-')
        at++;
    return at - start;
}

/* path-component = [a-z0-9]+ (separator [a-z0-9]+)* ; the whole text */
static bool is_path_component(Text text)
{
    for (size_t at = 0;;) {
        size_t start = at;

        while (at < text.len && is_path_byte(text.at[at]))
            at++;
        if (at == start)
            return false;
        if (at == text.len)
            return true;
        size_t separator = separator_length(text, at);
        if (separator == 0)
            return false;
        at += separator;
    }
}

/* remote-name = path-component ("/" path-component)* */
static bool is_remote_name(Text text)
{
    Text part;

    for (bool done = false; text_next_part(&text, '/', &part, &done);) {
        if (!is_path_component(part))
            return false;
    }
    return true;
}

static bool is_port(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_digit(text.at[i]))
            return false;
    }
    return text.len > 0;
}

static bool is_domain_component(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_alphanumeric(text.at[i]) && text.at[i] != '-')
            return false;
    }
    return text.len > 0 && text.at[0] != '-' && text.at[text.len - 1] != '-';
}

/* "[" [0-9A-Fa-f:]+ "]" */
static bool is_bracketed_address(Text text)
{
    if (text.len < 3 || text.at[text.len - 1] != ']')
        return false;
    for (size_t i = 1; i + 1 < text.len; i++) {
        char byte = byte_to_lower(text.at[i]);

        if (!byte_is_digit(byte) && byte != ':' && !(byte >= 'a' && byte <= 'f'))
            return false;
    }
    return true;
}

/* domain = host [":" port]
 * host   = component ("." component)* | bracketed address */
static bool is_domain(Text text)
{
    Text host = text, part;
    size_t colon = text_find_last_byte(text, ':');

    if (colon < text.len && text.at[text.len - 1] != ']') {
        host = text_slice(text, 0, colon);
        if (!is_port(text_from(text, colon + 1)))
            return false;
    }
    if (byte_at(host, 0) == '[')
        return is_bracketed_address(host);
    for (bool done = false; text_next_part(&host, '.', &part, &done);) {
        if (!is_domain_component(part))
            return false;
    }
    return true;
}

/* tag = [A-Za-z0-9_] [A-Za-z0-9_.-]{0,127} */
static bool is_tag(Text text)
{
    enum { TAG_MAX = 128 };

    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        bool later = i > 0 && (byte == '.' || byte == '-');

        if (!is_alphanumeric(byte) && byte != '_' && !later)
            return false;
    }
    return text.len > 0 && text.len <= TAG_MAX;
}

static bool is_lower_hex(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_digit(text.at[i]) && !(text.at[i] >= 'a' && text.at[i] <= 'f'))
            return false;
    }
    return true;
}

/* digest = algorithm ":" hex ; the three algorithms that have a length [R1] */
static bool digest_check(Text text, Text *problem)
{
    static const struct Algorithm {
        Text name;
        size_t digits;
    } algorithms[] = {
        {TEXT_INIT("sha256"), 64},
        {TEXT_INIT("sha384"), 96},
        {TEXT_INIT("sha512"), 128},
    };
    size_t colon = text_find_byte(text, ':');
    Text hex = text_from(text, colon + 1);

    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
        if (!text_equal(text_slice(text, 0, colon), algorithms[i].name))
            continue;
        if (hex.len == algorithms[i].digits && is_lower_hex(hex))
            return true;
        *problem = TEXT("its digest has the wrong length or is not lower-case "
                        "hexadecimal");
        return false;
    }
    *problem = TEXT("its digest is not sha256, sha384 or sha512");
    return false;
}

static bool has_upper(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (byte_is_upper(text.at[i]))
            return true;
    }
    return false;
}

/* Whether what stands before the first "/" is a registry and no part of a path
 * [inputs 5.2, step 2]. */
static bool names_a_registry(Text first)
{
    return text_equal(first, TEXT("localhost")) || has_upper(first) ||
           text_find_byte(first, '.') < first.len ||
           text_find_byte(first, ':') < first.len;
}

/* [domain "/"] rest, by the rules of Docker's command line; the host is Docker Hub's
 * where none is named. */
static Text split_domain(Text text, Text *host)
{
    size_t slash = text_find_byte(text, '/');
    Text first = text_slice(text, 0, slash);

    *host = TEXT("docker.io");
    if (slash == text.len || !names_a_registry(first))
        return text;
    if (!text_equal(first, TEXT("index.docker.io")))
        *host = first;
    return text_from(text, slash + 1);
}

static bool refuse(Text *problem, Text says)
{
    *problem = says;
    return false;
}

bool image_name_read(Arena *arena, Text text, ImageName *name, Text *problem)
{
    enum { PATH_MAX_BYTES = 255, IDENTIFIER_DIGITS = 64 };
    Text parts;

    *name = (ImageName){0};
    if (text.len == 0)
        return refuse(problem, TEXT("it is empty"));
    if (text.len == IDENTIFIER_DIGITS && is_lower_hex(text))
        return refuse(problem, TEXT("it is an image's id and no name"));
    if (text_find(text, TEXT("://")) < text.len)
        return refuse(problem, TEXT("a reference has no scheme"));
    Text rest = split_domain(text, &name->host);
    size_t at = text_find_byte(rest, '@');
    if (at < rest.len) {
        name->digest = text_from(rest, at + 1);
        if (!digest_check(name->digest, problem))
            return false;
    }
    parts = text_slice(rest, 0, at);
    size_t colon = text_find_byte(parts, ':');
    name->path = text_slice(parts, 0, colon);
    name->tag = text_from(parts, colon + 1);
    if (colon < parts.len && !is_tag(name->tag))
        return refuse(problem, TEXT("its tag is not well formed"));
    if (!is_domain(name->host))
        return refuse(problem, TEXT("its registry is no host name"));
    if (has_upper(name->path))
        return refuse(problem, TEXT("its repository is not in lower case"));
    if (!is_remote_name(name->path))
        return refuse(problem, TEXT("its repository is not well formed"));
    if (text_equal(name->host, TEXT("docker.io")) &&
        text_find_byte(name->path, '/') == name->path.len)
        name->path = arena_format(arena, "library/%.*s", TEXT_ARG(name->path));
    if (name->path.len > PATH_MAX_BYTES)
        return refuse(problem, TEXT("its repository is longer than 255 bytes"));
    return true;
}

Text image_name_canonical(Arena *arena, const ImageName *name)
{
    Buffer out = {.arena = arena};

    buffer_format(&out, "%.*s/%.*s", TEXT_ARG(name->host), TEXT_ARG(name->path));
    if (name->tag.len)
        buffer_format(&out, ":%.*s", TEXT_ARG(name->tag));
    else if (name->digest.len == 0)
        buffer_add(&out, TEXT(":latest"));
    if (name->digest.len)
        buffer_format(&out, "@%.*s", TEXT_ARG(name->digest));
    return buffer_text(&out);
}

bool image_name_is_host(Text text)
{
    return is_domain(text);
}

bool image_name_is_tag(Text text)
{
    return is_tag(text);
}

bool image_name_is_digest(Text text)
{
    Text problem;

    return digest_check(text, &problem);
}
