/*
 * random_organization.h: small organizations by chance, as the files of a workspace.
 *
 * Always the same ones, in the order they are asked for.
 */
#ifndef BERTH_TESTS_RANDOM_ORGANIZATION_H
#define BERTH_TESTS_RANDOM_ORGANIZATION_H

#include <stdbool.h>

enum { REPOSITORIES = 5, PACKAGES = 4, HOSTS = 2, MEMBERS = 3, OWNERS = 2 };
enum { DIRECTORY_ROOM = 24 };

typedef struct Organization {
    int visibility[REPOSITORIES]; /* 0 public, 1 internal, 2 private, 3 unknown */
    bool is_fork[REPOSITORIES];
    bool has_prebuilds[REPOSITORIES];
    int package_visibility[PACKAGES];
    int link[PACKAGES];     /* a repository; -1: none */
    int inherits[PACKAGES]; /* 0 false, 1 true, 2 unknown */
    bool grants[PACKAGES][REPOSITORIES];
    int enterprise[OWNERS];
    bool has_secrets;
    int policy[HOSTS][MEMBERS]; /* 0 all, 1 private, 2 selected; -1: no such secret */
    bool assigned[HOSTS][MEMBERS][REPOSITORIES];
} Organization;

int organization_pick(int count); /* 0 to count - 1 */
void organization_randomize(Organization *it);
void organization_change(Organization *it); /* one thing, as a person would */

/* A temporary directory with a configuration for each repository; its name is left in
 * `directory`. */
void organization_make(char directory[DIRECTORY_ROOM]);
/* Its manifest; `other`: in another order and style, with the same meaning. */
void organization_write(const Organization *it, const char *directory, bool other);
void organization_remove(const char *directory);

#endif
