/* prctl is Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "https_post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/buffer.h"
#include "file_io.h"

enum {
    MEMORY = 1 << 20,
    REQUEST_MAX = 64 << 10,
    ANSWER_MAX = 32 << 10, /* a token of ECR has about 3 KiB */
};

typedef struct Post {
    Arena *arena;
    CURL *curl;
    struct curl_slist *headers;
    Buffer answer;
    Text date;
    bool is_too_long;
    int status; /* of this process */
} Post;

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    Post *post = context;

    if (post->answer.len + size * count > ANSWER_MAX) {
        post->is_too_long = true;
        return 0;
    }
    buffer_add(&post->answer, (Text){bytes, size * count});
    return size * count;
}

/* The server's clock. */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    const Text name = TEXT("date:");
    Post *post = context;
    Text line = {bytes, size * count};

    if (text_equal_ignoring_case(text_slice(line, 0, name.len), name))
        post->date = arena_copy(post->arena, text_trim(text_from(line, name.len)));
    return size * count;
}

static bool add_header(Post *post, Text line)
{
    struct curl_slist *longer =
        curl_slist_append(post->headers, arena_copy(post->arena, line).at);

    if (longer)
        post->headers = longer;
    return longer != NULL;
}

/* What is not said here is libcurl's default: certificates and names are checked, no
 * redirect is followed. */
static bool prepare(Post *post, Text request)
{
    const char *file = getenv("SSL_CERT_FILE"), *directory = getenv("SSL_CERT_DIR");
    const char *proxy = getenv("HTTPS_PROXY"), *without = getenv("NO_PROXY");
    Text line, host = {0};
    bool done = false, fine = text_next_part(&request, '\n', &host, &done);

    while (fine && text_next_part(&request, '\n', &line, &done) && line.len)
        fine = add_header(post, line);
    Text url = arena_format(post->arena, "https://%.*s/", TEXT_ARG(host));
    CURL *curl = post->curl;
    return fine && curl_easy_setopt(curl, CURLOPT_URL, url.at) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, proxy ? proxy : "") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROXY, without ? without : "") ==
               CURLE_OK &&
           (!file || curl_easy_setopt(curl, CURLOPT_CAINFO, file) == CURLE_OK) &&
           (!directory ||
            curl_easy_setopt(curl, CURLOPT_CAPATH, directory) == CURLE_OK) &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, post->headers) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request.len) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request.at) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, post) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, post) == CURLE_OK;
}

static int perform(Post *post)
{
    CURLcode code = curl_easy_perform(post->curl);
    long status = 0;

    if (code == CURLE_OK)
        code = curl_easy_getinfo(post->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) {
        (void)printf("%s\n", post->is_too_long ? "its answer is too long"
                                               : curl_easy_strerror(code));
        return code == CURLE_PEER_FAILED_VERIFICATION ? HTTPS_UNTRUSTED : HTTPS_FAILED;
    }
    (void)printf("%ld\n%.*s\n\n", status, TEXT_ARG(post->date));
    (void)fwrite(post->answer.at, 1, post->answer.len, stdout);
    return 0;
}

static void work(void *context)
{
    Post *post = context;
    Text request;

    if (file_read_stream(post->arena, STDIN_FILENO, REQUEST_MAX, &request) ==
            FILE_FINE &&
        curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        post->curl = curl_easy_init();
    if (post->curl && prepare(post, request))
        post->status = perform(post);
}

int main(void)
{
    Arena *arena = arena_new(MEMORY);
    Post post = {.arena = arena, .answer = {.arena = arena}, .status = HTTPS_FAILED};

    if (prctl(PR_SET_DUMPABLE, 0) != 0 || !arena || !arena_run(arena, work, &post))
        post.status = HTTPS_FAILED;
    (void)fflush(stdout);
    _exit(post.status); /* whatever OpenSSL would still do */
}
