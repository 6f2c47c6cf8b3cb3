/*
 * fuzz_plan.c: a plan that is accepted sends to one plain host a step, by variables that
 * are names; and it is the same plan when it is written and read again.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/server_key.h"
#include "plan/plan_json.h"
#include "plan/plan_read.h"

typedef struct Input {
    Arena *arena;
    Text bytes;
} Input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool read(Arena *arena, Text bytes, Plan *plan)
{
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    uint32_t file = sources_add(sources, TEXT("plan"), bytes);
    bool fine = plan_read(arena, sources, file, diags, plan);

    must(fine == (diags->count == 0)); /* what is refused is explained */
    return fine;
}

/* Whatever is accepted goes to one plain host, by variables that are names. */
static void check_step(Arena *arena, const PlanStep *step)
{
    ServerKey key;
    Text problem;

    must(server_key_read(arena, step->server_expect, &key, &problem));
    must(text_equal(key.host, step->registry));
    must(step->server_env.len == 0 || plan_is_variable(step->server_env));
    for (uint32_t i = 0; i < step->ncandidates; i++)
        must(plan_is_variable(step->candidates[i]));
    if (step->ncandidates == 0)
        must(plan_is_variable(step->username_env) &&
             plan_is_variable(step->password_env));
}

/* What was accepted and is written again is accepted, and then stays the same. */
static void a_plan_means_what_it_says(void *context)
{
    const Input *input = context;
    Arena *arena = input->arena;
    Buffer once = {.arena = arena}, twice = {.arena = arena};
    Plan plan, again;

    if (!read(arena, input->bytes, &plan))
        return;
    for (uint32_t i = 0; i < plan.nsteps; i++)
        check_step(arena, &plan.steps[i]);
    if (plan.phase.len == 0)
        plan.phase = TEXT("create"); /* may be absent when read, never when written */
    plan_json(&plan, NULL, &once);
    must(once.len > PLAN_BYTES_MAX || read(arena, buffer_text(&once), &again));
    if (once.len > PLAN_BYTES_MAX)
        return;
    plan_json(&again, NULL, &twice);
    must(text_equal(buffer_text(&once), buffer_text(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new(64 << 20), {(const char *)data, size}};

    (void)arena_run(input.arena, a_plan_means_what_it_says, &input);
    arena_free(input.arena);
    return 0;
}
