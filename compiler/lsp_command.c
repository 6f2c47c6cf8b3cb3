/* realpath(3) is of the X/Open part of POSIX. */
#define _XOPEN_SOURCE 700
#include "lsp_command.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "answer.h"
#include "lsp/server.h"
#include "lsp_look.h"

enum { INPUT_BYTES = 64 << 10, LSP_MEMORY_MIB = 64 };

/* --- the conversation --- */

static bool write_all(void *context, Text bytes)
{
    (void)context;
    while (bytes.len) {
        ssize_t some = write(STDOUT_FILENO, bytes.at, bytes.len);

        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        bytes = text_from(bytes, (size_t)some);
    }
    return true;
}

static bool has_come(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&input, 1, 0) > 0;
}

/* False at the end of the input. */
static bool read_some(char *input, Text *bytes)
{
    ssize_t some;

    do
        some = read(STDIN_FILENO, input, INPUT_BYTES);
    while (some < 0 && errno == EINTR);
    *bytes = (Text){input, some > 0 ? (size_t)some : 0};
    return some > 0;
}

/* What has come is worked on before anything is analysed. */
static int converse(Server *server, char *input)
{
    Text bytes = {0};
    int status;

    while (!server_is_over(server, &status)) {
        if (bytes.len == 0 && !has_come())
            server_settle(server);
        if (bytes.len == 0 && !read_some(input, &bytes))
            server_hang_up(server);
        server_feed(server, &bytes);
        if (bytes.len || !has_come())
            server_work(server);
    }
    return status;
}

static Text absolute(Arena *arena, Text path)
{
    char resolved[PATH_MAX];

    if (path.len == 0 || !realpath(arena_copy(arena, path).at, resolved))
        return path;
    return arena_copy(arena, text_of(resolved));
}

int lsp_run(const Options *options, const char *version)
{
    Arena *arena = arena_new((size_t)LSP_MEMORY_MIB << 20);
    Text rules[OPTION_REPEATS];
    Look *look = NULL;

    if (!arena || signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        arena_free(arena);
        return EXIT_INCOMPLETE;
    }
    for (uint32_t i = 0; i < options->rules.count; i++)
        rules[i] = absolute(arena, options->rules.items[i]);
    look = look_new(arena, options, rules);
    Host host = {look, look_at, write_all, text_of(version)};
    Server *server = server_new(arena, &host, absolute(arena, options->arguments[0]));
    int status = converse(server, ARENA_ARRAY(arena, INPUT_BYTES, char));
    server_end(server);
    look_end(look);
    arena_free(arena);
    return status;
}
