/*
 * Random organizations, two states each: comparing the pairs that some differing fact is
 * about gives what comparing every pair gives; and another spelling of the same manifest
 * gives nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "compile.h"
#include "report/access.h"

enum {
    ROUNDS = 120,
    REPOSITORIES = 5,
    PACKAGES = 4,
    HOSTS = 2,
    MEMBERS = 3,
    OWNERS = 2
};

typedef struct Organization {
    int visibility[REPOSITORIES]; /* 0 public, 1 internal, 2 private, 3 unknown */
    bool is_fork[REPOSITORIES];
    int package_visibility[PACKAGES];
    int link[PACKAGES];     /* a repository; -1: none */
    int inherits[PACKAGES]; /* 0 false, 1 true, 2 unknown */
    bool grants[PACKAGES][REPOSITORIES];
    int enterprise[OWNERS];
    bool has_secrets;
    int policy[HOSTS][MEMBERS]; /* 0 all, 1 private, 2 selected; -1: no such secret */
    bool assigned[HOSTS][MEMBERS][REPOSITORIES];
} Organization;

static const char *const visibilities[] = {"public", "internal", "private", "unknown"};
static const char *const truths[] = {"false", "true", "unknown"};
static const char *const policies[] = {"all", "private", "selected"};
static const char *const members[] = {"SERVER", "USER", "PASSWORD"};

static uint64_t state = 7;

static int pick(int count)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int)((state >> 33) % (uint64_t)count);
}

static void randomize(Organization *it)
{
    for (int i = 0; i < REPOSITORIES; i++) {
        it->visibility[i] = pick(4);
        it->is_fork[i] = pick(5) == 0;
    }
    for (int i = 0; i < OWNERS; i++)
        it->enterprise[i] = pick(3);
    for (int i = 0; i < PACKAGES; i++) {
        it->package_visibility[i] = pick(4);
        it->link[i] = pick(REPOSITORIES + 1) - 1;
        it->inherits[i] = pick(3);
        for (int j = 0; j < REPOSITORIES; j++)
            it->grants[i][j] = pick(4) == 0;
    }
    it->has_secrets = pick(4) != 0;
    for (int i = 0; i < HOSTS; i++) {
        for (int j = 0; j < MEMBERS; j++) {
            it->policy[i][j] = pick(8) == 0 ? -1 : pick(3);
            for (int k = 0; k < REPOSITORIES; k++)
                it->assigned[i][j][k] = pick(2) == 0;
        }
    }
}

/* One thing, as a person would change it. */
static void mutate(Organization *it)
{
    int package = pick(PACKAGES), repository = pick(REPOSITORIES), host = pick(HOSTS);

    switch (pick(9)) {
    case 0:
        it->visibility[repository] = pick(4);
        break;
    case 1:
        it->package_visibility[package] = pick(4);
        break;
    case 2:
        it->link[package] = pick(REPOSITORIES + 1) - 1;
        break;
    case 3:
        it->inherits[package] = pick(3);
        break;
    case 4:
        it->grants[package][repository] ^= true;
        break;
    case 5:
        it->enterprise[pick(OWNERS)] = pick(3);
        break;
    case 6:
        it->has_secrets ^= true;
        break;
    case 7:
        it->policy[host][pick(MEMBERS)] = pick(4) - 1;
        break;
    default:
        it->assigned[host][pick(MEMBERS)][repository] ^= true;
        break;
    }
}

static const char *owner_of(int repository)
{
    return repository % 4 == 3 ? "other" : "octo";
}

static void print_repositories(const Organization *it, FILE *out, bool other)
{
    fputs(other ? "# the same\nrepositories:   # all\n" : "repositories:\n", out);
    for (int n = 0; n < REPOSITORIES; n++) {
        int i = other ? REPOSITORIES - 1 - n : n;

        fprintf(out,
                other ? "- {visibility: '%s', name: \"%s/r%d\"%s}\n\n"
                      : "  - visibility: %s\n    name: %s/r%d\n%s",
                visibilities[it->visibility[i]], owner_of(i), i,
                !it->is_fork[i] ? ""
                : other         ? ", fork_of: up/stream"
                                : "    fork_of: up/stream\n");
    }
    fputs("organizations:\n", out);
    for (int i = 0; i < OWNERS; i++) {
        fprintf(out, "  - name: %s\n", i ? "other" : "octo");
        if (it->enterprise[i])
            fprintf(out, "    enterprise: e%d\n", it->enterprise[i]);
    }
}

static void print_packages(const Organization *it, FILE *out, bool other)
{
    fputs("packages:\n", out);
    for (int i = 0; i < PACKAGES; i++) {
        fprintf(out, "  - name: octo/p%d\n", i);
        if (it->link[i] >= 0)
            fprintf(out, "    repository: %s/r%d\n", owner_of(it->link[i]),
                    it->link[i]);
        fprintf(out, "    inherit_access: %s\n    visibility: %s\n",
                truths[it->inherits[i]], visibilities[it->package_visibility[i]]);
        fputs(other ? "    codespaces_access:\n" : "    codespaces_access: [", out);
        bool any = false;
        for (int j = 0; j < REPOSITORIES; j++) {
            if (it->grants[i][j])
                fprintf(out, other ? "      - %s/r%d # granted\n" : "%s/r%d, ",
                        owner_of(j), j);
            any |= it->grants[i][j];
        }
        fputs(!other ? "]\n" : any ? "" : "      []\n", out);
    }
}

static void print_secret(const Organization *it, FILE *out, int host, int member)
{
    fprintf(out,
            "  - name: H%d_CONTAINER_REGISTRY_%s\n    organization: octo\n"
            "    visibility: %s\n",
            host, members[member], policies[it->policy[host][member]]);
    if (member == 0)
        fprintf(out, "    value: h%d.example.org\n", host);
    if (it->policy[host][member] != 2)
        return;
    fputs("    repositories: [", out);
    for (int i = 0; i < REPOSITORIES; i++) {
        if (it->assigned[host][member][i])
            fprintf(out, "%s/r%d, ", owner_of(i), i);
    }
    fputs("]\n", out);
}

static void print(const Organization *it, const char *directory, bool other)
{
    char path[64];

    snprintf(path, sizeof(path), "%s/.berth/a.yaml", directory);
    FILE *out = fopen(path, "we");
    assert_non_null(out);
    if (!other)
        print_repositories(it, out, false);
    print_packages(it, out, other);
    if (other)
        print_repositories(it, out, true);
    if (it->has_secrets) {
        fputs("secrets:\n  - {name: X, organization: octo, visibility: all}\n", out);
        for (int i = 0; i < HOSTS; i++) {
            for (int j = 0; j < MEMBERS; j++) {
                if (it->policy[i][j] >= 0)
                    print_secret(it, out, i, j);
            }
        }
    }
    assert_int_equal(fclose(out), 0);
}

static void compile_state(Compilation *cc, CompileOptions *options, const char *path)
{
    *options = (CompileOptions){.path = text_of(path), .facts_only = true};
    *cc = (Compilation){.options = options, .arena = arena_new((size_t)1 << 28)};
    assert_true(arena_run(cc->arena, compile, cc));
    assert_false(cc->is_unusable);
    compile_report(cc, cc->arena);
}

static void add_edges(const AccessDiff *diff, Buffer *out)
{
    for (uint32_t i = 0; i < diff->count; i++) {
        const AccessEdge *edge = &diff->edges[i];

        /* Something tells why access was gained or lost. */
        if (text_equal(edge->now, TEXT("allowed")) ||
            text_equal(edge->before, TEXT("allowed")))
            assert_true(edge->because.len && edge->span.file);
        buffer_format(out, "%.*s %.*s %.*s %.*s\n", TEXT_ARG(edge->repository),
                      TEXT_ARG(edge->target), TEXT_ARG(edge->before),
                      TEXT_ARG(edge->now));
    }
}

/* The difference of the two directories, as text in `arena`. */
static Text difference(Arena *arena, const char *left, const char *right,
                       bool every_pair)
{
    Buffer out = {.arena = arena};
    CompileOptions options[2];
    Compilation cc[2];
    AccessDiff diff;
    Text problem;

    compile_state(&cc[0], &options[0], left);
    compile_state(&cc[1], &options[1], right);
    AccessSide before = {&cc[0].report, cc[0].database};
    AccessSide now = {&cc[1].report, cc[1].database};
    assert_true(access_diff(&before, &now, every_pair, cc[1].diags, &diff, &problem));
    add_edges(&diff, &out);
    arena_free(cc[0].arena);
    arena_free(cc[1].arena);
    return buffer_text(&out);
}

static void make(char *directory)
{
    char inner[64];

    snprintf(directory, 24, "/tmp/berth-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(inner, sizeof(inner), "%s/.berth", directory);
    assert_int_equal(mkdir(inner, 0700), 0);
}

static void unmake(const char *directory)
{
    char path[64];

    snprintf(path, sizeof(path), "%s/.berth/a.yaml", directory);
    (void)unlink(path);
    snprintf(path, sizeof(path), "%s/.berth", directory);
    (void)rmdir(path);
    (void)rmdir(directory);
}

static void few_pairs_give_what_all_give(void **context)
{
    char left[24], right[24];
    uint32_t differences = 0;

    (void)context;
    make(left);
    make(right);
    for (int round = 0; round < ROUNDS; round++) {
        Arena *arena = arena_new((size_t)1 << 24);
        Organization it = {0};

        randomize(&it);
        print(&it, left, false);
        print(&it, right, true);
        assert_int_equal(difference(arena, left, right, false).len, 0);
        for (int changes = 1 + pick(2); changes > 0; changes--)
            mutate(&it);
        print(&it, right, pick(2));
        Text few = difference(arena, left, right, false);
        Text all = difference(arena, left, right, true);
        if (!text_equal(few, all))
            fail_msg("round %d\n--- few\n%.*s--- all\n%.*s", round, TEXT_ARG(few),
                     TEXT_ARG(all));
        differences += few.len != 0;
        arena_free(arena);
    }
    unmake(left);
    unmake(right);
    assert_true(differences > ROUNDS / 4);
    printf("%d organizations, %u of them with a difference\n", ROUNDS, differences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(few_pairs_give_what_all_give)};

    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
