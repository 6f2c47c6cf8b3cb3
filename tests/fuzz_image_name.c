/*
 * fuzz_image_name.c: a reference or a Feature id is refused with a reason, or its
 * canonical form reads as itself.
 */
#include <stdlib.h>

#include "facts/image_name.h"

typedef struct Input {
    Arena *arena;
    Text text;
} Input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void an_image_reads_as_itself(Arena *arena, Text text)
{
    ImageName name, again;
    Text problem = {0};

    if (!image_name_read(arena, text, &name, &problem)) {
        must(problem.len > 0);
        return;
    }
    must(name.host.len && name.path.len && name.path.len <= 255);
    Text canonical = image_name_canonical(arena, &name);
    must(image_name_read(arena, canonical, &again, &problem));
    must(text_equal(name.host, again.host) && text_equal(name.path, again.path));
    must(text_equal(name.digest, again.digest));
    must(text_equal(image_name_canonical(arena, &again), canonical));
}

/* What the stricter grammar of Features takes, the other one takes, too. */
static void a_feature_reads_as_itself(Arena *arena, Text text)
{
    FeatureId feature = feature_id_read(arena, text);
    bool refused = feature.form == FEATURE_INVALID || feature.form == FEATURE_LEGACY;
    ImageName name;
    Text problem;

    must((feature.problem.len > 0) == refused);
    if (feature.form != FEATURE_OCI)
        return;
    Text canonical = image_name_canonical(arena, &feature.name);
    FeatureId again = feature_id_read(arena, canonical);
    must(again.form == FEATURE_OCI);
    must(text_equal(image_name_canonical(arena, &again.name), canonical));
    if (feature.name.path.len <= 255)
        must(image_name_read(arena, canonical, &name, &problem) ||
             text_find_byte(feature.name.host, '.') == feature.name.host.len);
}

static void it_is_read(void *context)
{
    Input *input = context;

    an_image_reads_as_itself(input->arena, input->text);
    a_feature_reads_as_itself(input->arena, input->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new(1 << 24), {(const char *)data, size}};
    bool fits = arena_run(input.arena, it_is_read, &input);

    (void)fits; /* what memory did not suffice for was left */
    arena_free(input.arena);
    return 0;
}
