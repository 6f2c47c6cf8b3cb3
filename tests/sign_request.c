/*
 * sign_request.c: what this project's signer makes of a request that another has signed.
 *
 *   sign_request SECRET <REQUEST
 *
 * REQUEST is the bytes of an HTTP request, its body included, with an Authorization of
 * AWS4-HMAC-SHA256: whose access key, day, region, service and names of headers are
 * taken. Prints the Authorization that is ours.
 */
#include <stdio.h>

#include "base/arena.h"
#include "runner/sigv4.h"

enum { MEMORY = 1 << 24, REQUEST_MAX = 1 << 20, HEADERS_MAX = 64 };

typedef struct Request {
    Arena *arena;
    Text head, body;
    Text lines[HEADERS_MAX]; /* of headers */
    uint32_t nlines;
} Request;

static Text name_of(Text line)
{
    return text_slice(line, 0, text_find_byte(line, ':'));
}

static Text value_of(const Request *request, Text name)
{
    for (uint32_t i = 0; i < request->nlines; i++) {
        Text line = request->lines[i];

        if (text_equal_ignoring_case(name_of(line), name))
            return text_trim(text_from(line, name_of(line).len + 1));
    }
    return (Text){0};
}

/* What stands between two texts. */
static Text between(Text text, Text before, Text behind)
{
    Text rest = text_from(text, text_find(text, before) + before.len);

    return text_slice(rest, 0, text_find(rest, behind));
}

static Text part_of(Text scope, uint32_t number)
{
    Text part = {0};
    bool done = false;

    for (uint32_t i = 0; i <= number; i++)
        (void)text_next_part(&scope, '/', &part, &done);
    return part;
}

static bool is_signed(Text names, Text name)
{
    Text one;

    for (bool done = false; text_next_part(&names, ';', &one, &done);) {
        if (text_equal_ignoring_case(one, name))
            return true;
    }
    return false;
}

static void sign(Request *request, const char *secret)
{
    Text authorization = value_of(request, TEXT("Authorization"));
    Text credential = between(authorization, TEXT("Credential="), TEXT(","));
    Text names = between(authorization, TEXT("SignedHeaders="), TEXT(","));
    Text first = text_slice(request->head, 0, text_find_byte(request->head, '\r'));
    Text target = between(first, TEXT(" "), TEXT(" "));
    size_t question = text_find_byte(target, '?');
    SignedHeader headers[HEADERS_MAX];
    SignedRequest wanted = {.method = text_slice(first, 0, text_find_byte(first, ' ')),
                            .path = text_slice(target, 0, question),
                            .query = text_from(target, question + 1),
                            .headers = headers,
                            .body = request->body};
    SigningKey key = {.access_key = part_of(credential, 0),
                      .secret_key = text_of(secret),
                      .region = part_of(credential, 2),
                      .service = part_of(credential, 3),
                      .time = value_of(request, TEXT("X-Amz-Date"))};
    Signature signature;

    for (uint32_t i = 0; i < request->nlines; i++) {
        Text name = name_of(request->lines[i]);

        if (is_signed(names, name))
            headers[wanted.nheaders++] =
                (SignedHeader){name, text_from(request->lines[i], name.len + 1)};
    }
    sigv4_sign(request->arena, &wanted, &key, &signature);
    (void)printf("%.*s\n", TEXT_ARG(signature.authorization));
}

int main(int count, char **words)
{
    static char bytes[REQUEST_MAX];
    Text text = {bytes, fread(bytes, 1, sizeof(bytes), stdin)}, rest, line;
    size_t end = text_find(text, TEXT("\r\n\r\n"));
    Request request = {.arena = arena_new(MEMORY),
                       .head = text_slice(text, 0, end),
                       .body = text_from(text, end + 4)};
    bool done = false;

    if (count != 2 || !request.arena || end == text.len)
        return 2;
    rest = request.head;
    (void)text_next_part(&rest, '\n', &line, &done);
    while (request.nlines < HEADERS_MAX && text_next_part(&rest, '\n', &line, &done))
        request.lines[request.nlines++] = line;
    sign(&request, words[1]);
    arena_free(request.arena);
    return 0;
}
