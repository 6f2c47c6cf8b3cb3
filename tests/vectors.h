/*
 * vectors.h: the lines of a file of tests/vectors, each as a tree.
 *
 * What the reference tools answered; tests/vectors/README.md. The directory is the
 * environment variable BERTH_TESTS, or "tests" when it is not set.
 */
#ifndef BERTH_TESTS_VECTORS_H
#define BERTH_TESTS_VECTORS_H

#include "syntax/tree.h"

typedef struct Vectors {
    Arena *arena;
    Sources *sources;
    const Tree **lines; /* each a JSON object at its root */
    uint32_t count, capacity;
} Vectors;

/* Ends the test when the file is not there or a line is no JSON. Free with
 * vectors_free. */
Vectors *vectors_read(const char *name);
void vectors_free(Vectors *vectors);

/* The text of a member, "" when it is absent or null. */
Text vector_text(const Tree *line, const char *key);
bool vector_is_null(const Tree *line, const char *key);

#endif
