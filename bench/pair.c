/*
 * pair.c: two commands, timed in turns, so that both meet the same machine.
 *
 *   bench_pair ROUNDS COMMAND [ARGUMENT...] -- COMMAND [ARGUMENT...]
 *
 * Runs A B A B ..., whole processes, after one round that does not count, and prints in
 * one line: the medians of A's and B's wall time in ms and the median of each round's
 * ratio B/A; the same three of the CPU time (user and system); B's peak memory in MiB.
 * A command that ends with a status above 1 ends the measurement: 1 is what `berth
 * check` says when it finds something.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 999 };

/* Of one run, in ms and MiB. */
typedef struct Cost {
    double wall, cpu, memory;
} Cost;

static double now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double milliseconds(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static Cost run(char **command)
{
    struct rusage usage;
    int status;
    double start = now();
    pid_t child = fork();

    if (child == 0) {
        int nowhere = open("/dev/null", O_RDWR);

        if (nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 &&
            dup2(nowhere, STDOUT_FILENO) >= 0)
            execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
        perror("bench_pair");
        exit(2);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        fprintf(stderr, "bench_pair: %s ended with status %d\n", command[0],
                WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        exit(2);
    }
    return (Cost){now() - start,
                  milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
                  (double)usage.ru_maxrss / 1024};
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);
    return count % 2 ? values[count / 2]
                     : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Medians of A, of B, and of their ratio in each round. */
static void print_medians(const double *a, const double *b, size_t rounds)
{
    static double sorted[3][ROUNDS_MAX];

    for (size_t i = 0; i < rounds; i++) {
        sorted[0][i] = a[i];
        sorted[1][i] = b[i];
        sorted[2][i] = a[i] > 0 ? b[i] / a[i] : 0;
    }
    printf("%.1f %.1f %.2f ", median(sorted[0], rounds), median(sorted[1], rounds),
           median(sorted[2], rounds));
}

static void measure(char **commands[2], size_t rounds)
{
    static double wall[2][ROUNDS_MAX], cpu[2][ROUNDS_MAX];
    double memory = 0;

    for (size_t side = 0; side < 2; side++)
        (void)run(commands[side]);
    for (size_t i = 0; i < rounds; i++) {
        for (size_t side = 0; side < 2; side++) {
            Cost cost = run(commands[side]);

            wall[side][i] = cost.wall;
            cpu[side][i] = cost.cpu;
            if (side == 1 && cost.memory > memory)
                memory = cost.memory;
        }
    }
    print_medians(wall[0], wall[1], rounds);
    print_medians(cpu[0], cpu[1], rounds);
    printf("%.1f\n", memory);
}

int main(int argc, char **argv)
{
    unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    int split = 2;

    while (split < argc && strcmp(argv[split], "--") != 0)
        split++;
    if (rounds < 1 || rounds > ROUNDS_MAX || split == 2 || split + 1 >= argc) {
        fputs("usage: bench_pair ROUNDS COMMAND... -- COMMAND...\n", stderr);
        return 2;
    }
    argv[split] = NULL;
    measure((char **[2]){argv + 2, argv + split + 1}, rounds);
    return 0;
}
