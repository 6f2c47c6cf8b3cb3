/*
 * lsp.c: what a change in an editor costs until its diagnostics are there.
 *
 *   bench_lsp CHANGES PROGRAM DIRECTORY PATH
 *
 * Opens DIRECTORY with `PROGRAM lsp` and in it the configuration PATH, changes that file
 * CHANGES times, each time to another image, and waits each time for the diagnostics of
 * that file. Between changes runs `PROGRAM check DIRECTORY`, so that both meet the same
 * machine. Prints in one line: of the wall time of a change in ms the median, the 95th
 * percentile and the maximum; the same three of the server's CPU time; the median CPU
 * time of a check and what a change's is of it; the server's resident memory in MiB after
 * the first tenth of the changes and after the last.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lsp/frames.h"
#include "lsp/uri.h"

enum { CHANGES_MAX = 100000, CHECKS = 9, SECONDS_MAX = 600 };

typedef struct Client {
    Arena *arena;
    Text root, file; /* URIs */
    pid_t server;
    clockid_t clock; /* the server's CPU time */
    int to, from;
    Frames frames;
    char input[65536];
    Text unread;
} Client;

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench_lsp: %s\n", what);
    exit(2);
}

static double milliseconds(clockid_t clock)
{
    struct timespec time;

    must(clock_gettime(clock, &time) == 0, "there is no such clock");
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* --- the conversation --- */

static void start(Client *client, const char *program)
{
    int to[2], from[2];

    must(pipe(to) == 0 && pipe(from) == 0, "there is no pipe");
    client->server = fork();
    must(client->server >= 0, "there is no process");
    if (client->server == 0) {
        (void)dup2(to[0], STDIN_FILENO);
        (void)dup2(from[1], STDOUT_FILENO);
        (void)close(to[1]);
        (void)close(from[0]);
        (void)execl(program, program, "lsp", (char *)NULL);
        _exit(127);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    client->to = to[1];
    client->from = from[0];
    must(clock_getcpuclockid(client->server, &client->clock) == 0,
         "the server's CPU time cannot be read");
}

static void send(Client *client, Text body)
{
    Buffer out = {.arena = client->arena};

    frame_add(body, &out);
    Text bytes = buffer_text(&out);
    while (bytes.len) {
        ssize_t some = write(client->to, bytes.at, bytes.len);

        must(some > 0, "the server does not read");
        bytes = text_from(bytes, (size_t)some);
    }
}

/* Passes over messages up to one that holds both parts. */
static void await(Client *client, Text part, Text other)
{
    Frame frame;

    for (bool found = false; !found;) {
        FrameResult result = frames_take(&client->frames, &client->unread, &frame);

        if (result == FRAME_NEEDS_MORE) {
            ssize_t len = read(client->from, client->input, sizeof(client->input));

            must(len > 0, "the server has ended");
            client->unread = (Text){client->input, (size_t)len};
            continue;
        }
        must(result == FRAME_WHOLE, "an answer's frame is broken");
        found = text_find(frame.body, part) < frame.body.len &&
                text_find(frame.body, other) < frame.body.len;
        arena_free(frame.arena);
    }
}

static void add_image(Buffer *out, uint32_t version)
{
    buffer_format(out, "{\\\"image\\\": \\\"ghcr.io/acme/change-%" PRIu32 ":1\\\"}\\n",
                  version);
}

static void begin(Client *client)
{
    Buffer out = {.arena = client->arena};

    send(client, arena_format(client->arena,
                              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
                              "\"params\":{\"rootUri\":\"%.*s\",\"capabilities\":{}}}",
                              TEXT_ARG(client->root)));
    await(client, TEXT("\"id\":1"), TEXT("serverInfo"));
    send(client,
         TEXT("{\"jsonrpc\":\"2.0\",\"method\":\"initialized\",\"params\":{}}"));
    buffer_format(&out,
                  "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\","
                  "\"params\":{\"textDocument\":{\"uri\":\"%.*s\","
                  "\"languageId\":\"jsonc\",\"version\":1,\"text\":\"",
                  TEXT_ARG(client->file));
    add_image(&out, 1);
    buffer_add(&out, TEXT("\"}}}"));
    send(client, buffer_text(&out));
    await(client, TEXT("publishDiagnostics"), client->file);
}

static void change(Client *client, uint32_t version)
{
    Buffer out = {.arena = client->arena};

    buffer_format(&out,
                  "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\","
                  "\"params\":{\"textDocument\":{\"uri\":\"%.*s\",\"version\":%" PRIu32
                  "},\"contentChanges\":[{\"text\":\"",
                  TEXT_ARG(client->file), version);
    add_image(&out, version);
    buffer_add(&out, TEXT("\"}]}}"));
    send(client, buffer_text(&out));
    await(client, TEXT("publishDiagnostics"), client->file);
}

/* In MiB. */
static double resident(const Client *client)
{
    FILE *file = fopen(
        arena_format(client->arena, "/proc/%d/statm", (int)client->server).at, "r");
    char line[256] = "";

    must(file && fgets(line, sizeof(line), file), "the server's memory cannot be read");
    (void)fclose(file);
    const char *second = strchr(line, ' ');
    must(second != NULL, "the server's memory cannot be read");
    return (double)strtoul(second, NULL, 10) * (double)sysconf(_SC_PAGESIZE) /
           (1 << 20);
}

/* --- the measurement --- */

static double check(const char *program, const char *directory)
{
    struct rusage usage;
    int status;
    pid_t child = fork();

    if (child == 0) {
        int nowhere = open("/dev/null", O_RDWR);

        if (nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0)
            (void)execl(program, program, "check", directory, (char *)NULL);
        _exit(127);
    }
    must(child > 0 && wait4(child, &status, 0, &usage) == child && WIFEXITED(status) &&
             WEXITSTATUS(status) <= 1,
         "the check cannot be run");
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* The smallest value that so many of a hundred do not exceed. */
static double percentile(double *values, size_t count, size_t hundredths)
{
    qsort(values, count, sizeof(*values), compare);
    return values[(count * hundredths + 99) / 100 - 1];
}

static void measure(Client *client, char **words, size_t changes)
{
    static double wall[CHANGES_MAX], cpu[CHANGES_MAX];
    double checks[CHECKS], early = 0;
    size_t nchecks = 0;

    for (size_t i = 0; i < changes; i++) {
        if (nchecks < CHECKS && i >= changes * nchecks / CHECKS)
            checks[nchecks++] = check(words[0], words[1]);
        double wall_before = milliseconds(CLOCK_MONOTONIC);
        double cpu_before = milliseconds(client->clock);
        change(client, (uint32_t)i + 2);
        wall[i] = milliseconds(CLOCK_MONOTONIC) - wall_before;
        cpu[i] = milliseconds(client->clock) - cpu_before;
        if (i == changes / 10)
            early = resident(client);
        if (i % 100 == 99)
            arena_reset(client->arena);
    }
    double median = percentile(cpu, changes, 50);
    double whole = percentile(checks, nchecks, 50);
    printf("%.1f %.1f %.1f ", percentile(wall, changes, 50),
           percentile(wall, changes, 95), percentile(wall, changes, 100));
    printf("%.1f %.1f %.1f ", median, percentile(cpu, changes, 95),
           percentile(cpu, changes, 100));
    printf("%.1f %.2f %.1f %.1f\n", whole, median / whole, early, resident(client));
}

int main(int argc, char **argv)
{
    unsigned long changes = argc == 5 ? strtoul(argv[1], NULL, 10) : 0;
    Arena *arena = arena_new((size_t)64 << 20);
    Client client = {.arena = arena ? arena_scratch(arena) : NULL};
    char directory[PATH_MAX];

    if (changes < 1 || changes > CHANGES_MAX) {
        fputs("usage: bench_lsp CHANGES PROGRAM DIRECTORY PATH\n", stderr);
        return 2;
    }
    must(arena && realpath(argv[3], directory), "the directory is not there");
    client.root = uri_of(arena, text_of(directory));
    client.file = uri_of(arena, arena_format(arena, "%s/%s", directory, argv[4]));
    (void)signal(SIGPIPE, SIG_IGN);
    (void)alarm(SECONDS_MAX);
    start(&client, argv[2]);
    begin(&client);
    measure(&client, (char *[]){argv[2], directory}, changes);
    (void)close(client.to);
    (void)close(client.from);
    (void)waitpid(client.server, NULL, 0);
    arena_free(arena);
    return 0;
}
