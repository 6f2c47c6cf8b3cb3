/*
 * fuzz_ecr.c: whatever answers in the place of ECR, a login gets a token of the plan's
 * registry, or none and a reason.
 */
#include <stdint.h>
#include <stdlib.h>

#include "runner/ecr.h"

typedef struct Input {
    Arena *arena;
    Text bytes;
} Input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void an_answer_is_a_token_or_a_reason(void *context)
{
    const Input *input = context;
    PlanStep step = {.method = METHOD_ECR_EXCHANGE};
    Login login = {.step = &step,
                   .host = TEXT("123456789012.dkr.ecr.us-east-1.amazonaws.com"),
                   .user = TEXT("AKIA"),
                   .password = TEXT("secret")};
    Run run = {.arena = input->arena, .redaction = {.arena = input->arena}};

    run.problems = run.results = fopen("/dev/null", "w");
    must(run.problems != NULL);
    Status status = ecr_take_answer(&run, &login, input->bytes, 1700000000);
    must((status == STATUS_OK) == text_equal(login.user, TEXT("AWS")));
    must((status == STATUS_OK) == (login.because.len == 0));
    must(status == STATUS_OK ? login.password.len > 0 : login.status == status);
    (void)fclose(run.problems);
    (void)ecr_token_expires(input->arena, input->bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new(64 << 20), {(const char *)data, size}};

    (void)arena_run(input.arena, an_answer_is_a_token_or_a_reason, &input);
    arena_free(input.arena);
    return 0;
}
