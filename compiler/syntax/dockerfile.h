/*
 * dockerfile.h: a Dockerfile as located instructions.
 *
 * As BuildKit's parser reads it: directives, continued lines, heredocs, flags and
 * operands (reference/inputs.md, D1 to D9). Nothing is expanded: a word is written as
 * in the file, quotes and variables included, continuations taken out. Spans are bytes
 * of the file, or all the one span of the scalar that holds an inline Dockerfile. What
 * BuildKit refuses is a Diag ("input/syntax"); what was read before and after it stays.
 */
#ifndef BERTH_SYNTAX_DOCKERFILE_H
#define BERTH_SYNTAX_DOCKERFILE_H

#include "base/diag.h"
#include "base/source.h"

/* KIND(enumerator, name): every instruction that BuildKit knows. */
#define INSTRUCTION_KINDS(KIND)                                                        \
    KIND(INSTRUCTION_UNKNOWN, "UNKNOWN")                                               \
    KIND(INSTRUCTION_ADD, "ADD")                                                       \
    KIND(INSTRUCTION_ARG, "ARG")                                                       \
    KIND(INSTRUCTION_CMD, "CMD")                                                       \
    KIND(INSTRUCTION_COPY, "COPY")                                                     \
    KIND(INSTRUCTION_ENTRYPOINT, "ENTRYPOINT")                                         \
    KIND(INSTRUCTION_ENV, "ENV")                                                       \
    KIND(INSTRUCTION_EXPOSE, "EXPOSE")                                                 \
    KIND(INSTRUCTION_FROM, "FROM")                                                     \
    KIND(INSTRUCTION_HEALTHCHECK, "HEALTHCHECK")                                       \
    KIND(INSTRUCTION_LABEL, "LABEL")                                                   \
    KIND(INSTRUCTION_MAINTAINER, "MAINTAINER")                                         \
    KIND(INSTRUCTION_ONBUILD, "ONBUILD")                                               \
    KIND(INSTRUCTION_RUN, "RUN")                                                       \
    KIND(INSTRUCTION_SHELL, "SHELL")                                                   \
    KIND(INSTRUCTION_STOPSIGNAL, "STOPSIGNAL")                                         \
    KIND(INSTRUCTION_USER, "USER")                                                     \
    KIND(INSTRUCTION_VOLUME, "VOLUME")                                                 \
    KIND(INSTRUCTION_WORKDIR, "WORKDIR")

typedef enum InstructionKind {
#define KIND(enumerator, name) enumerator,
    INSTRUCTION_KINDS(KIND)
#undef KIND
        INSTRUCTION_KIND_COUNT
} InstructionKind;

Text instruction_kind_name(InstructionKind kind);

typedef struct DockerfileWord {
    Text text;
    Span span;
} DockerfileWord;

/* "--name=value", without the quotes and escapes that its reader takes off. */
typedef struct DockerfileFlag {
    Text name, value;
    bool has_value;
    Span span, value_span;
} DockerfileFlag;

/* One "--mount" of a RUN. The options that decide what is mounted. */
typedef struct DockerfileMount {
    DockerfileWord from; /* empty: the build context, or nothing */
    Text type;           /* as written; empty: bind */
    Span span;
} DockerfileMount;

typedef struct Instruction {
    InstructionKind kind;
    Text name; /* as written */
    Span name_span, span;
    DockerfileFlag *flags;
    uint32_t nflags, flags_capacity;
    /* FROM, COPY, ADD, EXPOSE, VOLUME, ARG, ENV, LABEL, and a JSON list: word by word
     * (the strings of a list without their quotes); else all operands as one word. */
    DockerfileWord *words;
    uint32_t nwords, words_capacity;
    bool is_json;
    DockerfileMount *mounts;
    uint32_t nmounts, mounts_capacity;
    DockerfileWord *heredocs; /* bodies; `text` is the name */
    uint32_t nheredocs, heredocs_capacity;
    struct Instruction *trigger; /* of ONBUILD */
    /* What is wrong with a trigger, which BuildKit finds when it runs it. */
    Text problem;
    Span problem_span;
} Instruction;

typedef struct Dockerfile {
    Span span;  /* all of it */
    Span start; /* where a problem of the whole is said */
    Instruction *instructions;
    uint32_t count, capacity;
    DockerfileWord syntax; /* the frontend of "# syntax="; empty: none */
    DockerfileWord escape_directive;
    char escape;     /* "\" or "`" */
    bool is_refused; /* BuildKit reads it and builds nothing */
} Dockerfile;

enum {
    DOCKERFILE_INSTRUCTIONS_MAX = 1 << 14,
    DOCKERFILE_WORDS_MAX = 4096 /* of one instruction; flags and heredocs, too */
};

Dockerfile *dockerfile_read(Arena *arena, Sources *sources, uint32_t file,
                            Diags *diags);
/* The same for text that stands in `span` of another file. */
Dockerfile *dockerfile_read_inline(Arena *arena, Sources *sources, Text text, Span span,
                                   Diags *diags);

/* A flag's last value, NULL when it is not there. */
const DockerfileFlag *instruction_flag(const Instruction *instruction, Text name);

/* S-expressions, one instruction a line, with spans. Secret spans are not shown. */
void dockerfile_dump(const Dockerfile *dockerfile, Sources *sources, Buffer *out);

#endif
