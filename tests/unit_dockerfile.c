/*
 * unit_dockerfile.c: what a Dockerfile pulls, where it says so, and what is wrong in it.
 *
 * The vectors are BuildKit's own answers. Where ours is another one, the table
 * `differences` says why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "facts/configuration.h"
#include "vectors.h"

typedef struct Difference {
    const char *vector, *reason;
} Difference;

static const Difference differences[] = {
    {"syntax json",
     "a frontend that is not Docker's reads the file: that ours cannot is "
     "no error of it"},
    {"ARG override not expanded",
     "\"${R}\" in a build argument's value is a hole that the configuration left: the "
     "reference is unresolved, not invalid"},
};

/* --- a configuration with one Dockerfile --- */

typedef struct World {
    Arena *arena;
    Configuration configuration;
    uint32_t file;
} World;

static World world_new(Arena *arena, Text dockerfile)
{
    Sources *sources = sources_new(arena);
    World world = {.arena = arena};

    world.file = sources_add(sources, TEXT("Dockerfile"), dockerfile);
    world.configuration = (Configuration){
        .facts = facts_new(arena, symbols_new(arena), sources, diags_new(arena)),
        .platform = TEXT("linux/amd64"),
        .references = {.arena = arena},
    };
    return world;
}

static BuildArgument argument_of(Text text)
{
    size_t equals = text_find_byte(text, '=');

    return (BuildArgument){.name = text_slice(text, 0, equals),
                           .value = text_from(text, equals + 1),
                           .has_value = equals < text.len};
}

static void add_span(World *world, Buffer *out, Span span)
{
    Sources *sources = world->configuration.facts->sources;
    Place start = source_place(sources, span.file, span.start);
    Place end = source_place(sources, span.file, span.end);

    buffer_format(out, " %u:%u-%u:%u", start.line, start.column, end.line, end.column);
}

/* References and Diags, one a line. */
static Text shown(World *world)
{
    const References *references = &world->configuration.references;
    const Diags *diags = world->configuration.facts->diags;
    Buffer out = {.arena = world->arena};

    for (uint32_t i = 0; i < references->count; i++) {
        const Reference *reference = &references->items[i];

        buffer_format(&out, "%.*s %.*s %.*s",
                      TEXT_ARG(reference_kind_name(reference->kind)),
                      TEXT_ARG(reference_reach_name(reference->reach)),
                      TEXT_ARG(reference->value));
        add_span(world, &out, reference->span);
        if (reference->hole.len)
            buffer_format(&out, " (%.*s)", TEXT_ARG(reference->hole));
        buffer_add_byte(&out, '\n');
    }
    for (uint32_t i = 0; i < diags->count; i++) {
        assert_string_equal(diags->items[i].rule, "input/syntax");
        buffer_add(&out, TEXT("!"));
        add_span(world, &out, diags->items[i].span);
        buffer_format(&out, " %.*s\n", TEXT_ARG(diags->items[i].message));
    }
    return buffer_text(&out);
}

static void text_is(Text text, const char *expected)
{
    if (!text_equal(text, text_of(expected)))
        fail_msg("expected\n%s\ngot\n%.*s", expected, TEXT_ARG(text));
}

/* --- vectors --- */

typedef struct Vector {
    const Vectors *vectors;
    uint32_t index;
} Vector;

typedef struct Names {
    Text *items;
    uint32_t count, capacity;
} Names;

static int by_text(const void *left, const void *right)
{
    return text_compare(*(const Text *)left, *(const Text *)right);
}

static void add_name(Arena *arena, Names *names, Text name)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (text_equal(names->items[i], name))
            return;
    }
    ARRAY_GROW(arena, names->items, names->count, names->capacity);
    names->items[names->count++] = name;
}

static Text joined(Arena *arena, Names *names)
{
    Buffer out = {.arena = arena};

    if (names->count)
        qsort(names->items, names->count, sizeof(Text), by_text);
    for (uint32_t i = 0; i < names->count; i++)
        buffer_format(&out, "%.*s\n", TEXT_ARG(names->items[i]));
    return buffer_text(&out);
}

static const Difference *difference_of(Text name)
{
    for (size_t i = 0; i < sizeof(differences) / sizeof(*differences); i++) {
        if (text_equal(name, text_of(differences[i].vector)))
            return &differences[i];
    }
    return NULL;
}

static Build vector_build(Arena *arena, const Tree *line)
{
    NodeId list = tree_find(line, line->root, TEXT("args"));
    BuildArgument *arguments =
        ARENA_ARRAY(arena, (size_t)tree_node(line, list)->count + 1, BuildArgument);
    Build build = {.arguments = arguments,
                   .target = vector_text(line, "target"),
                   .reach = REACH_PULLED};

    for (NodeId at = tree_first(line, list); at.index; at = tree_next(line, at))
        arguments[build.narguments++] = argument_of(tree_string(line, at));
    return build;
}

/* What is pulled, in canonical form; *is_invalid: something there is no reference. */
static Text pulls_of(World *world, bool all_stages, Text *syntax, bool *is_invalid)
{
    const References *references = &world->configuration.references;
    Names names = {0};

    for (uint32_t i = 0; i < references->count; i++) {
        const Reference *reference = &references->items[i];
        bool is_pulled = reference->reach == REACH_PULLED ||
                         reference->reach == REACH_OPAQUE ||
                         (all_stages && reference->reach == REACH_DECLARED);
        ImageName name;
        Text problem;

        if (reference->kind == KIND_FRONTEND) {
            *syntax = reference->text;
        } else if (is_pulled) {
            if (image_name_read(world->arena, reference->value, &name, &problem))
                add_name(world->arena, &names,
                         image_name_canonical(world->arena, &name));
            else
                *is_invalid = true;
        }
    }
    return joined(world->arena, &names);
}

static void is_what_buildkit_answers(void **state)
{
    const Vector *vector = *state;
    const Tree *line = vector->vectors->lines[vector->index];
    Arena *arena = arena_new(1 << 24);
    World world = world_new(arena, vector_text(line, "dockerfile"));
    Build build = vector_build(arena, line);
    Names expected = {0};
    Text syntax = {0};
    bool all_stages = false, is_invalid = false;
    NodeId pulls = tree_find(line, line->root, TEXT("pulls"));

    for (NodeId at = tree_first(line, pulls); at.index; at = tree_next(line, at))
        add_name(arena, &expected, tree_string(line, at));
    tree_boolean(line, tree_find(line, line->root, TEXT("all_stages")), &all_stages);
    dockerfile_extract(&world.configuration, world.file, &build);
    Text got = pulls_of(&world, all_stages, &syntax, &is_invalid);
    text_is(got, arena_copy(arena, joined(arena, &expected)).at);
    text_is(syntax, arena_copy(arena, vector_text(line, "syntax")).at);
    bool has_error = world.configuration.facts->diags->count > 0 || is_invalid;
    bool is_error = !vector_is_null(line, "error");
    bool differs = difference_of(vector_text(line, "name")) != NULL;
    assert_int_equal(has_error, differs ? !is_error : is_error);
    arena_free(arena);
}

/* --- our own cases --- */

typedef struct Case {
    const char *name;
    Text dockerfile;
    const char *expected;
    const char *arguments[3];
    const char *target;
    const char *context, *context_value;
    ReferenceReach reach; /* of the build; 0 is REACH_PULLED */
} Case;

#define CASE(says, text, result)                                                       \
    .name = (says), .dockerfile = TEXT_INIT(text), .expected = (result)

static Case cases[] = {
    /* spans */
    {CASE("a span is the operand", "FROM a/b:1 AS x\n",
          "stage pulled a/b:1 1:6-1:11\n")},
    {CASE("a word that goes on in the next line", "FROM a/\\\nb\n",
          "stage pulled a/b 1:6-2:2\n")},
    {CASE("a continued instruction", "FROM \\\n  # c\n\n  a/b\n",
          "stage pulled a/b 4:3-4:6\n")},
    {CASE("behind a byte order mark",
          "\xEF\xBB\xBF"
          "FROM a/b\n",
          "stage pulled a/b 1:6-1:9\n")},
    {CASE("CRLF", "FROM x\r\nCOPY --from=a/b \\\r\n x y\r\n",
          "stage pulled x 1:6-1:7\ncopy-from pulled a/b 2:13-2:16\n")},
    {CASE("a quoted flag", "FROM x\nCOPY --from=\"a/b\" x y\n",
          "stage pulled x 1:6-1:7\ncopy-from pulled a/b 2:14-2:17\n")},
    {CASE("a mount's option", "FROM x\nRUN --mount=type=bind,from=a/c,target=/m ls\n",
          "stage pulled x 1:6-1:7\nmount-from pulled a/c 2:28-2:31\n")},
    {CASE("a mount's option in quotes of both kinds",
          "FROM x\nRUN --mount='type=bind,\"FROM=a/c\",target=/m' ls\n",
          "stage pulled x 1:6-1:7\nmount-from pulled a/c 2:30-2:33\n")},
    {CASE("a directive", "#  syntax = docker/dockerfile:1 x\nFROM a/b\n",
          "frontend pulled docker/dockerfile:1 1:13-1:32\nstage pulled a/b 2:6-2:9\n")},
    /* reach */
    {CASE("an unreachable stage is declared", "FROM a/u AS u\nFROM a/b\n",
          "stage declared a/u 1:6-1:9\nstage pulled a/b 2:6-2:9\n")},
    {CASE("a stage below the target", "FROM a/1 AS one\nFROM a/2\n",
          "stage pulled a/1 1:6-1:9\nstage declared a/2 2:6-2:9\n"),
     .target = "ONE"},
    {CASE(
        "through stages, copies and mounts",
        "FROM a/1 AS one\nFROM a/2 AS two\nFROM a/3 AS three\nFROM a/4 AS four\n"
        "FROM one\nCOPY --from=two x y\nRUN --mount=from=THREE,target=/m ls\n",
        "stage pulled a/1 1:6-1:9\nstage pulled a/2 2:6-2:9\nstage pulled a/3 3:6-3:9\n"
        "stage declared a/4 4:6-4:9\n")},
    {CASE("a declared build declares everything",
          "# syntax=docker/dockerfile:1\nARG X\nFROM a/$X\n",
          "frontend declared docker/dockerfile:1 1:10-1:29\n"
          "stage declared a/${X} 3:6-3:10 (X)\n"),
     .arguments = {"X"}, .reach = REACH_DECLARED},
    {CASE("a conditional build", "FROM a/u AS u\nFROM a/b\n",
          "stage declared a/u 1:6-1:9\nstage conditional a/b 2:6-2:9\n"),
     .reach = REACH_CONDITIONAL},
    {CASE("a target that is not known", "FROM a/1 AS one\nFROM a/2\n",
          "stage conditional a/1 1:6-1:9\nstage conditional a/2 2:6-2:9\n"),
     .target = "${STAGE}"},
    {CASE("a target that is not there", "FROM a/1 AS one\n",
          "stage conditional a/1 1:6-1:9\n"
          "! 1:1-1:1 the Dockerfile has no stage of the target's name\n"),
     .target = "two"},
    {CASE("a foreign frontend hides everything", "# syntax=a/fe\nFROM a/b\nFOO\n",
          "frontend pulled a/fe 1:10-1:14\nstage opaque a/b 2:6-2:9\n")},
    {CASE("a foreign frontend of a file we cannot read", "# syntax=a/fe\nfoo: bar\n",
          "frontend pulled a/fe 1:10-1:14\nfrontend opaque a/fe 1:10-1:14\n")},
    {CASE("BUILDKIT_SYNTAX goes before the directive", "# syntax=a/fe\nFROM a/b\n",
          "frontend pulled docker/dockerfile:2 1:1-1:1\nstage pulled a/b 2:6-2:9\n"),
     .arguments = {"BUILDKIT_SYNTAX=docker/dockerfile:2"}},
    /* holes */
    {CASE("an argument that only the machine knows", "ARG T\nFROM a/b:$T\n",
          "stage unresolved a/b:${T} 2:6-2:12 (T)\n"),
     .arguments = {"T"}},
    {CASE("its default in the ARG is assumed", "ARG T=1\nFROM a/b:$T\n",
          "stage pulled a/b:1 2:6-2:12\n"),
     .arguments = {"T"}},
    {CASE("its default in the FROM is assumed", "ARG T\nFROM a/b:${T:-2}\n",
          "stage pulled a/b:2 2:6-2:17\n"),
     .arguments = {"T"}},
    {CASE("a hole in a value is kept", "ARG R\nARG I=$R/x\nFROM $I:1\n",
          "stage unresolved ${localEnv:R}/x:1 3:6-3:10 (localEnv:R)\n"),
     .arguments = {"R=${localEnv:R}"}},
    {CASE("a hole may be the name of a stage",
          "ARG P\nFROM a/1 AS pip-base\nFROM a/2 AS conda-base\nFROM a/3 AS other\n"
          "FROM ${P}-base\n",
          "stage conditional a/1 2:6-2:9\nstage conditional a/2 3:6-3:9\n"
          "stage declared a/3 4:6-4:9\nstage unresolved ${P}-base 5:6-5:15 (P)\n"),
     .arguments = {"P"}},
    {CASE("an unreachable hole is declared", "ARG T\nFROM a/$T AS u\nFROM b\n",
          "stage declared a/${T} 2:6-2:10 (T)\nstage pulled b 3:6-3:7\n"),
     .arguments = {"T"}},
    {CASE("an escaped variable is no hole", "ARG T=1\nFROM a/b:\\${T}\n",
          "stage pulled a/b:${T} 2:6-2:15\n")},
    /* ONBUILD */
    {CASE("a trigger runs in the stage above",
          "FROM a/x AS b\nONBUILD COPY "
          "--from=a/onb x y\nFROM b\n",
          "stage pulled a/x 1:6-1:9\nonbuild pulled a/onb 2:21-2:26\n")},
    {CASE("a trigger that runs nowhere",
          "FROM a/x AS b\nONBUILD RUN --mount=from=a/onb,target=/m ls\n",
          "stage pulled a/x 1:6-1:9\nonbuild declared a/onb 2:26-2:31\n")},
    {CASE("triggers do not go on to the next stage",
          "FROM x AS a\nONBUILD COPY --from=a/onb x y\nFROM a AS b\nFROM b\n",
          "stage pulled x 1:6-1:7\nonbuild pulled a/onb 2:21-2:26\n")},
    {CASE("a trigger needs a stage",
          "FROM a/t AS t\nFROM a/x AS b\nONBUILD COPY --from=t x y\nFROM b\n",
          "stage pulled a/t 1:6-1:9\nstage pulled a/x 2:6-2:9\n")},
    {CASE("what is wrong in a trigger is said when it runs",
          "FROM x AS a\nONBUILD COPY --from=$I x y\nONBUILD FOO\nFROM a\n",
          "stage pulled x 1:6-1:7\n"
          "! 2:21-2:23 variables are not expanded in '--from', expected the name of a "
          "stage "
          "or image\n"
          "! 3:9-3:12 unknown instruction 'FOO', expected 'FROM'\n")},
    {CASE("and not before", "FROM x AS a\nONBUILD COPY --from=$I x y\n",
          "stage pulled x 1:6-1:7\n")},
    {CASE("a trigger in a heredoc's body is text",
          "FROM x\nONBUILD RUN <<E\nCOPY --from=a/b x y\nE\n",
          "stage pulled x 1:6-1:7\n")},
    /* named contexts */
    {CASE("a context for an image", "FROM alpine\n",
          "named-context pulled ghcr.io/a/b:1 1:1-1:1\nstage declared alpine "
          "1:6-1:12\n"),
     .context = "docker.io/library/alpine:latest",
     .context_value = "docker-image://ghcr.io/a/b:1"},
    {CASE("a context for a stage", "FROM a/b AS base\nFROM base\n",
          "named-context pulled c/d 1:1-1:1\nstage declared a/b 1:6-1:9\n"),
     .context = "base", .context_value = "docker-image://c/d"},
    {CASE("a context for COPY", "FROM x\nCOPY --from=src a b\n",
          "named-context pulled c/d 1:1-1:1\nstage pulled x 1:6-1:7\n"
          "copy-from declared src 2:13-2:16\n"),
     .context = "src", .context_value = "docker-image://c/d"},
    {CASE("a context that is a directory", "FROM x\nCOPY --from=src a b\n",
          "stage pulled x 1:6-1:7\ncopy-from declared src 2:13-2:16\n"),
     .context = "src", .context_value = "../src"},
    {CASE("a context that nobody needs", "FROM x\n",
          "named-context declared c/d 1:1-1:1\nstage pulled x 1:6-1:7\n"),
     .context = "src", .context_value = "docker-image://c/d"},
    {CASE("no context stands in for scratch", "FROM scratch\n",
          "named-context declared c/d 1:1-1:1\n"),
     .context = "scratch", .context_value = "docker-image://c/d"},
    {CASE(
         "a context with a hole", "FROM base\n",
         "named-context unresolved ${R}/d 1:1-1:1 (R)\nstage declared base 1:6-1:10\n"),
     .context = "base", .context_value = "docker-image://${R}/d"},
    /* problems, each at its place; what was found stays */
    {CASE("an instruction that is none", "FROM a/b\n  FRMO c\n",
          "stage conditional a/b 1:6-1:9\n"
          "! 2:3-2:7 unknown instruction 'FRMO', expected 'FROM'\n")},
    {CASE("something else in an instruction's place is not shown",
          "FROM a/b\n--password=hunter2\n",
          "stage conditional a/b 1:6-1:9\n! 2:1-2:19 what stands here is no "
          "instruction\n")},
    {CASE("a comment behind FROM", "FROM a/b # c\n",
          "stage conditional a/b 1:6-1:9\n"
          "! 1:1-1:13 FROM has one operand, or three with AS in the middle\n")},
    {CASE(
        "a blank base name", "FROM a/b\nFROM $X\n",
        "stage declared a/b 1:6-1:9\n"
        "! 2:6-2:8 the name of the base image is empty once variables are expanded\n")},
    {CASE("a form that is none", "FROM a/b:${templateOption:x}\nFROM c/d\n",
          "stage conditional c/d 2:6-2:9\n"
          "! 1:6-1:29 a '${...}' has a form that BuildKit does not know\n")},
    {CASE("a variable that must be set", "ARG V\nFROM a:${V:?no}\n",
          "! 2:6-2:16 'V' must have a value here\n")},
    {CASE("a flag that is none", "FROM x\nCOPY --chown=a --FROM=b c d\n",
          "stage conditional x 1:6-1:7\n! 2:16-2:24 COPY has no such flag\n")},
    {CASE("a flag that stands twice", "FROM x\nCOPY --from=a --from=b c d\n",
          "stage conditional x 1:6-1:7\ncopy-from conditional b 2:22-2:23\n"
          "! 2:15-2:23 this flag stands twice\n")},
    {CASE("a variable in --from", "FROM x\nCOPY --from=$I c d\n",
          "stage conditional x 1:6-1:7\n"
          "! 2:13-2:15 variables are not expanded in '--from', expected the name of a "
          "stage "
          "or image\n")},
    {CASE(
        "a variable in a mount", "FROM x\nRUN --mount=from=$I,target=/m ls\n",
        "stage conditional x 1:6-1:7\n"
        "! 2:18-2:20 variables are not expanded in the 'from' of a mount, expected the "
        "name of a stage or image\n")},
    {CASE(
        "a stage number that is none", "FROM x\nCOPY --from=5 c d\n",
        "stage conditional x 1:6-1:7\n! 2:13-2:14 there is no stage of this number\n")},
    {CASE("a circle",
          "FROM x AS a\nCOPY --from=b c d\nFROM y AS b\nCOPY --from=a c d\n",
          "stage conditional x 1:6-1:7\nstage conditional y 3:6-3:7\n"
          "! 4:13-4:14 the stages need each other in a circle\n")},
    {CASE("a mount from a later stage",
          "FROM a/1\nFROM a/b\nRUN --mount=from=later,target=/m ls\n"
          "FROM c/d AS later\nFROM z\nCOPY --from=1 x y\n",
          "stage declared a/1 1:6-1:9\nstage pulled a/b 2:6-2:9\nstage pulled c/d "
          "4:6-4:9\n"
          "stage pulled z 5:6-5:7\n"
          "! 3:18-3:23 a mount cannot come from a stage that begins later\n")},
    {CASE("a secret from an image",
          "FROM x\nRUN --mount=type=secret,from=a/c,id=y ls\n",
          "stage pulled x 1:6-1:7\nmount-from pulled a/c 2:30-2:33\n"
          "! 2:30-2:33 a mount of the type 'secret' has no 'from'\n")},
    {CASE("a heredoc without an end", "FROM a/b\nRUN <<EOF\nFROM x\n",
          "stage conditional a/b 1:6-1:9\n! 2:1-2:10 this heredoc is never closed\n")},
    {CASE(
        "an escape character that is none", "# escape=x\nFROM a/b\n",
        "stage conditional a/b 2:6-2:9\n"
        "! 1:10-1:11 the escape character must be '\\' or '`'; this directive was left "
        "out\n")},
    {CASE("another escape character", "# escape=`\nFROM a`\n/b\n",
          "stage pulled a/b 2:6-3:3\n")},
    {CASE("RUN before FROM", "RUN x\nFROM a/b\n",
          "stage conditional a/b 2:6-2:9\n"
          "! 1:1-1:4 this stands before the first FROM, where only ARG may stand\n")},
    {CASE("nothing", "", "! 1:1-1:1 the Dockerfile is empty\n")},
    {CASE("nothing but a comment", "# x\n",
          "! 1:1-1:1 there is no instruction here\n")},
    {CASE("nothing but arguments", "ARG A=1\n",
          "! 1:1-1:1 there is no FROM, so there is nothing to build\n")},
    {CASE("a list of other things than strings", "FROM x\nCMD [\"a\", 1]\n",
          "stage conditional x 1:6-1:7\n"
          "! 2:5-2:13 a list in JSON form may hold nothing but strings\n")},
    {CASE("a shell test is no list", "FROM x\nRUN [ 1 -eq 1 ]\nRUN [\"a\"] && b\n",
          "stage pulled x 1:6-1:7\n")},
    {CASE("heredocs are told as BuildKit does",
          "FROM x\nRUN 3<<-A cat <<'B C' ; echo \"<<D\"\n\tA\nFROM no\nB C\n"
          "RUN cat <<-  E\nRUN cat << F\nFROM no\nF\nCOPY [\"<<G\", \"y\"]\n",
          "stage pulled x 1:6-1:7\n")},
};

static Build case_build(World *world, const Case *c)
{
    Arena *arena = world->arena;
    BuildArgument *arguments = ARENA_ARRAY(arena, 3, BuildArgument);
    NamedContext *context = ARENA_NEW(arena, NamedContext);
    Build build = {.arguments = arguments,
                   .contexts = context,
                   .ncontexts = c->context != NULL,
                   .target = text_of(c->target),
                   .reach = c->reach ? c->reach : REACH_PULLED};

    for (size_t i = 0; i < 3 && c->arguments[i]; i++)
        arguments[build.narguments++] = argument_of(text_of(c->arguments[i]));
    *context =
        (NamedContext){.name = text_of(c->context), .value = text_of(c->context_value)};
    return build;
}

static void is_extracted(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 24);
    World world = world_new(arena, c->dockerfile);
    Build build = case_build(&world, c);

    dockerfile_extract(&world.configuration, world.file, &build);
    text_is(shown(&world), c->expected);
    arena_free(arena);
}

/* --- the rest --- */

static void inline_text_has_one_span(void **state)
{
    Arena *arena = arena_new(1 << 22);
    World world = world_new(arena, TEXT("build: {dockerfile_inline: ...}\n"));
    Span span = {world.file, 8, 25};
    Build build = {.reach = REACH_PULLED};

    (void)state;
    dockerfile_extract_inline(&world.configuration,
                              TEXT("# syntax=docker/dockerfile:1\nFROM a/b\n"
                                   "COPY --from=c/d x y\nFOO\n"),
                              span, &build);
    text_is(shown(&world), "frontend pulled docker/dockerfile:1 1:9-1:26\n"
                           "stage conditional a/b 1:9-1:26\n"
                           "copy-from conditional c/d 1:9-1:26\n"
                           "! 1:9-1:26 unknown instruction 'FOO', expected 'FROM'\n");
    arena_free(arena);
}

static void a_long_line_is_said(void **state)
{
    Arena *arena = arena_new((size_t)1 << 26);
    Buffer text = {.arena = arena};
    Build build = {.reach = REACH_PULLED};

    (void)state;
    buffer_add(&text, TEXT("FROM a/b\nRUN "));
    buffer_add_times(&text, 'x', 65531);
    buffer_add_byte(&text, '\n');
    World fits = world_new(arena, buffer_text(&text));
    dockerfile_extract(&fits.configuration, fits.file, &build);
    text_is(shown(&fits), "stage pulled a/b 1:6-1:9\n");
    text.len--;
    buffer_add(&text, TEXT("x\n"));
    World exceeds = world_new(arena, buffer_text(&text));
    dockerfile_extract(&exceeds.configuration, exceeds.file, &build);
    text_is(shown(&exceeds),
            "stage conditional a/b 1:6-1:9\n"
            "! 2:1-2:2 this line is longer than 65535 bytes, which BuildKit does not "
            "read\n");
    arena_free(arena);
}

static void a_mirror_of_stages_is_bounded(void **state)
{
    Arena *arena = arena_new((size_t)1 << 29);
    Buffer text = {.arena = arena};
    Build build = {.reach = REACH_PULLED};

    (void)state;
    buffer_add(&text, TEXT("FROM x AS a\n"));
    for (int i = 0; i < 8000; i++)
        buffer_add(&text, TEXT("ONBUILD COPY --from=y b c\n"));
    for (int i = 0; i < 8000; i++)
        buffer_format(&text, "FROM a AS s%d\nCOPY --from=s%d b c\n", i, i ? i - 1 : 0);
    World world = world_new(arena, buffer_text(&text));
    dockerfile_extract(&world.configuration, world.file, &build);
    assert_true(world.configuration.references.count > 8000);
    assert_true(world.configuration.facts->diags->count > 0);
    arena_free(arena);
}

static void some_work(void *context)
{
    World world = world_new(context, TEXT("# syntax=a/fe\nARG A=1 B=${A%x}\nFROM a/$B\n"
                                          "ONBUILD COPY --from=b c d\nFROM a/1\n"
                                          "RUN --mount=from=e,target=/f <<X\nX\n"));
    Build build = {.reach = REACH_PULLED};

    dockerfile_extract(&world.configuration, world.file, &build);
    assert_int_equal(world.configuration.references.count, 5);
}

/* Whatever the limit, the work ends and nothing leaks (ASan's part). */
static void every_limit_ends_cleanly(void **state)
{
    bool fits = false;

    (void)state;
    for (size_t limit = 1024; !fits; limit += 512) {
        Arena *arena = arena_new(limit);

        fits = arena_run(arena, some_work, arena);
        arena_free(arena);
    }
}

int main(void)
{
    enum { CASES = sizeof(cases) / sizeof(*cases), MAX = 512 + CASES };
    static struct CMUnitTest tests[MAX];
    static Vector vector[512];
    Vectors *vectors = vectors_read("dockerfile");
    size_t count = 0;

    for (uint32_t i = 0; i < vectors->count; i++) {
        Text name = vector_text(vectors->lines[i], "name");

        vector[i] = (Vector){vectors, i};
        tests[count++] =
            (struct CMUnitTest){arena_copy(vectors->arena, name).at,
                                is_what_buildkit_answers, NULL, NULL, &vector[i]};
    }
    for (size_t i = 0; i < CASES; i++)
        tests[count++] =
            (struct CMUnitTest){cases[i].name, is_extracted, NULL, NULL, &cases[i]};
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(inline_text_has_one_span),
        cmocka_unit_test(a_long_line_is_said),
        cmocka_unit_test(a_mirror_of_stages_is_bounded),
        cmocka_unit_test(every_limit_ends_cleanly),
    };
    for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++)
        tests[count++] = rest[i];
    int failed = _cmocka_run_group_tests("dockerfile", tests, count, NULL, NULL);
    vectors_free(vectors);
    return failed;
}
