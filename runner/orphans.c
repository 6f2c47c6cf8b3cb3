#include "orphans.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

/* Field 4 of /proc/PID/stat, behind the name, which may hold anything; -1: gone. */
static long parent_of(long pid)
{
    char path[32], bytes[1024];
    int len = snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    int file = len < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    long parent = -1;

    if (file < 0)
        return -1;
    ssize_t some = read(file, bytes, sizeof(bytes) - 1);
    (void)close(file);
    bytes[some < 0 ? 0 : some] = '\0';
    const char *behind = strrchr(bytes, ')');
    return behind && sscanf(behind + 1, " %*c %ld", &parent) == 1 ? parent : -1;
}

/* Whether there is any child at all, alive or not: what /proc need not be read for. */
static bool has_children(void)
{
    siginfo_t info;

    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void orphans_note(Orphans *orphans)
{
    const uint32_t room = sizeof(orphans->before) / sizeof(*orphans->before);
    DIR *list = has_children() ? opendir("/proc") : NULL;

    orphans->count = 0;
    if (!list)
        return;
    for (struct dirent *entry;
         orphans->count < room && (entry = readdir(list)) != NULL;) {
        long pid = strtol(entry->d_name, NULL, 10);

        if (pid > 0 && parent_of(pid) == getpid())
            orphans->before[orphans->count++] = (pid_t)pid;
    }
    (void)closedir(list);
}

static bool holds(const Orphans *orphans, pid_t pid)
{
    uint32_t i = 0;

    while (i < orphans->count && orphans->before[i] != pid)
        i++;
    return i < orphans->count;
}

void orphans_end(const Orphans *orphans, int64_t ms)
{
    int64_t until = clock_now() + ms;
    Orphans now;
    bool any = true;

    while (any && clock_now() < until) {
        any = false;
        orphans_note(&now);
        for (uint32_t i = 0; i < now.count; i++) {
            if (holds(orphans, now.before[i]))
                continue;
            any = true;
            (void)kill(now.before[i], SIGKILL);
            (void)waitpid(now.before[i], NULL, WNOHANG);
        }
        if (any)
            (void)poll(NULL, 0, 1);
    }
}
