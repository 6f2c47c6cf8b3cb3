#include "git_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"

extern char **environ;

/* Objects that a partial clone lacks are not fetched: by the environment where git knows
 * it (2.39.4), else since no protocol is allowed, whatever the repository's
 * protocol.<name>.allow says: one of them, ext, runs what its address holds. */
static const char *const added[] = {"GIT_NO_LAZY_FETCH=1",
                                    "GIT_ALLOW_PROTOCOL=",
                                    "GIT_OPTIONAL_LOCKS=0",
                                    "GIT_TERMINAL_PROMPT=0",
                                    "GIT_NO_REPLACE_OBJECTS=1",
                                    "GIT_LITERAL_PATHSPECS=1",
                                    "LC_ALL=C"};

/* What a hook of git's is given of the repository that called it: which one is meant is
 * said by the directory alone. Other ways to read paths go with literal ones badly. */
static const char *const removed[] = {"GIT_DIR=",
                                      "GIT_WORK_TREE=",
                                      "GIT_IMPLICIT_WORK_TREE=",
                                      "GIT_COMMON_DIR=",
                                      "GIT_INDEX_FILE=",
                                      "GIT_OBJECT_DIRECTORY=",
                                      "GIT_NAMESPACE=",
                                      "GIT_PREFIX=",
                                      "GIT_GRAFT_FILE=",
                                      "GIT_SHALLOW_FILE=",
                                      "GIT_GLOB_PATHSPECS=",
                                      "GIT_NOGLOB_PATHSPECS=",
                                      "GIT_ICASE_PATHSPECS="};
enum {
    ADDED = sizeof(added) / sizeof(*added),
    REMOVED = sizeof(removed) / sizeof(*removed),
    WORDS_MAX = 16,
    SILENCE_MS = 60 * 1000, /* a child that says nothing for so long is ended */
    OUTPUT_MAX = 256 * 1024 * 1024
};

static char *own_string(Arena *arena, const char *string)
{
    size_t len = strlen(string) + 1;
    char *own = arena_alloc(arena, len, 1);

    memcpy(own, string, len);
    return own;
}

static bool is_dropped(const char *entry)
{
    for (size_t i = 0; i < ADDED; i++) {
        size_t name = strcspn(added[i], "=") + 1;

        if (strncmp(entry, added[i], name) == 0)
            return true;
    }
    for (size_t i = 0; i < REMOVED; i++) {
        if (strncmp(entry, removed[i], strlen(removed[i])) == 0)
            return true;
    }
    return false;
}

static char **environment_of(Arena *arena)
{
    size_t count = 0, used = 0;

    while (environ[count])
        count++;
    char **list = ARENA_ARRAY(arena, count + ADDED + 1, char *);
    for (size_t i = 0; i < count; i++) {
        if (!is_dropped(environ[i]))
            list[used++] = environ[i];
    }
    for (size_t i = 0; i < ADDED; i++)
        list[used++] = own_string(arena, added[i]);
    return list;
}

static char **arguments_of(Arena *arena, const char *directory,
                           const char *const *words)
{
    static const char *const first[] = {"git", "--no-pager", "-C"};
    enum { FIRST = sizeof(first) / sizeof(*first) };
    char **list = ARENA_ARRAY(arena, FIRST + WORDS_MAX + 2, char *);
    size_t used = 0;

    for (size_t i = 0; i < FIRST; i++)
        list[used++] = own_string(arena, first[i]);
    list[used++] = own_string(arena, directory);
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
        list[used++] = own_string(arena, words[i]);
    return list;
}

static bool open_pipes(bool has_input, int input[2], int output[2])
{
    input[0] = input[1] = -1;
    /* A socket, since writing to one that is closed can be told without a signal. */
    if (has_input && socketpair(AF_UNIX, SOCK_STREAM, 0, input) != 0)
        return false;
    if (pipe(output) == 0) {
        (void)fcntl(output[0], F_SETFD, FD_CLOEXEC);
        (void)fcntl(output[1], F_SETFD, FD_CLOEXEC);
        if (has_input) {
            (void)fcntl(input[0], F_SETFD, FD_CLOEXEC);
            (void)fcntl(input[1], F_SETFD, FD_CLOEXEC);
        }
        return true;
    }
    if (has_input) {
        (void)close(input[0]);
        (void)close(input[1]);
    }
    return false;
}

bool git_start(Arena *arena, const char *directory, const char *const *words,
               bool has_input, GitChild *child, int *problem)
{
    posix_spawn_file_actions_t actions;
    int input[2], output[2];

    /* Whoever started this program may have asked not to hear of children; none could be
     * waited for then. */
    (void)signal(SIGCHLD, SIG_DFL);
    if (!open_pipes(has_input, input, output)) {
        *problem = errno;
        return false;
    }
    (void)posix_spawn_file_actions_init(&actions);
    if (has_input)
        (void)posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    else
        (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                               O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                           O_WRONLY, 0);
    *problem =
        posix_spawnp(&child->id, "git", &actions, NULL,
                     arguments_of(arena, directory, words), environment_of(arena));
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(output[1]);
    if (has_input)
        (void)close(input[0]);
    child->to = input[1];
    child->from = output[0];
    if (*problem == 0)
        return true;
    (void)close(output[0]);
    if (has_input)
        (void)close(input[1]);
    return false;
}

bool git_ask(const GitChild *child, Text bytes)
{
    while (bytes.len) {
        ssize_t some = send(child->to, bytes.at, bytes.len, MSG_NOSIGNAL);

        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        bytes = text_from(bytes, (size_t)some);
    }
    return true;
}

ssize_t git_take(const GitChild *child, char *bytes, size_t size)
{
    struct pollfd source = {.fd = child->from, .events = POLLIN};

    for (;;) {
        int ready = poll(&source, 1, SILENCE_MS);
        ssize_t some = ready > 0 ? read(child->from, bytes, size) : -1;

        if (some >= 0)
            return some;
        if (ready >= 0 || errno != EINTR)
            break;
    }
    (void)kill(child->id, SIGKILL);
    return -1;
}

int git_end(GitChild *child)
{
    int status;

    if (child->to >= 0)
        (void)close(child->to);
    (void)close(child->from);
    while (waitpid(child->id, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool git_run(Arena *arena, const char *directory, const char *const *words,
             Text *output, int *problem)
{
    Buffer out = {.arena = arena};
    char bytes[16384];
    GitChild child;
    ssize_t some;

    if (!git_start(arena, directory, words, false, &child, problem))
        return false;
    while ((some = git_take(&child, bytes, sizeof(bytes))) > 0) {
        if (out.len > OUTPUT_MAX)
            break;
        buffer_add(&out, (Text){bytes, (size_t)some});
    }
    *output = buffer_text(&out);
    return git_end(&child) == 0 && some == 0;
}
