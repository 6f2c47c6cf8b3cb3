#include "plan/plan_json.h"

#include "base/json_out.h"
#include "plan/plan_read.h"

enum {
    PROOF_LEVELS = 5,        /* of the proof of a step, its root included */
    PROOF_NODES = 64,        /* of it */
    PROOF_BYTES = 256 * 1024 /* of the proofs of a plan */
};

static void write_variable(JsonOut *json, const char *key, Text name)
{
    json_key(json, key);
    json_open_object(json);
    json_member_text(json, "env", name);
    json_close_object(json);
}

static void write_source(JsonOut *json, const PlanStep *step)
{
    json_key(json, "source");
    json_open_object(json);
    json_member_text(json, "identifier", step->identifier);
    json_member_text(json, "level", step->level);
    json_member_text(json, "owner", step->owner);
    json_close_object(json);
}

static void write_ecr(JsonOut *json, const PlanEcr *ecr)
{
    json_key(json, "ecr");
    json_open_object(json);
    json_member_text(json, "access", ecr->access);
    if (ecr->account.len)
        json_member_text(json, "account", ecr->account);
    json_member_text(json, "region", ecr->region);
    json_member_text(json, "partition", ecr->partition);
    json_member_bool(json, "fips", ecr->has_fips);
    json_member_bool(json, "dual_stack", ecr->has_dual_stack);
    json_close_object(json);
}

/* What was told of a step: each reason is told once, where it comes first. */
typedef struct Telling {
    Arena *arena;
    const Proof *told[PROOF_NODES];
    uint32_t count;
} Telling;

static bool tell(Telling *telling, const Proof *proof)
{
    for (uint32_t i = 0; i < telling->count; i++) {
        const Proof *other = telling->told[i];

        if (text_equal(other->says, proof->says) && other->absent == proof->absent &&
            other->span.file == proof->span.file &&
            other->span.start == proof->span.start)
            return false;
    }
    if (telling->count == PROOF_NODES)
        return false;
    telling->told[telling->count++] = proof;
    return true;
}

/* The proof without what was told before. Recursion follows it, PROOF_LEVELS deep. */
static const Proof *shortened(Telling *telling, const Proof *proof)
{
    Proof *copy = ARENA_NEW(telling->arena, Proof);
    const Proof **because = ARENA_ARRAY(telling->arena, proof->nbecause, const Proof *);

    *copy = *proof;
    copy->nbecause = 0;
    for (uint32_t i = 0; i < proof->nbecause; i++) {
        if (tell(telling, proof->because[i]))
            because[copy->nbecause++] = shortened(telling, proof->because[i]);
    }
    copy->because = because;
    return copy;
}

/* What proves the step, at most PROOF_NODES of it. */
static void write_reasons(JsonOut *json, const Report *report, const PlanStep *step)
{
    DlRelationId relation = dl_relation_find(report->program, TEXT("plan_step"));
    Telling telling = {.arena = report->arena};

    json_key(json, "because");
    json_open_array(json);
    for (uint32_t i = 0; i < step->nrows; i++) {
        const Proof *proof = shortened(
            &telling, proof_of(report, relation, step->rows[i], PROOF_LEVELS));

        for (uint32_t j = 0; j < proof->nbecause; j++)
            json_add_proof(report, proof->because[j], json);
    }
    json_close_array(json);
}

/* Left out from the first step on with which all proofs together would take more than
 * PROOF_BYTES, since the runner reads no more than 1 MiB. */
static void write_proof(JsonOut *json, const Report *report, const PlanStep *step,
                        size_t *room)
{
    JsonOut before = *json;
    size_t len = json->out->len;

    write_reasons(json, report, step);
    if (json->out->len - len > *room) {
        *json = before;
        json->out->len = len;
        *room = 0;
    } else {
        *room -= json->out->len - len;
    }
}

static void write_step(JsonOut *json, const Report *report, const PlanStep *step,
                       size_t *room)
{
    json_open_object(json);
    json_member_text(json, "registry", step->registry);
    json_member_text(json, "method", plan_method_name(step->method));
    if (step->credential.len)
        json_member_text(json, "credential", step->credential);
    if (step->ecr.access.len)
        write_ecr(json, &step->ecr);
    json_key(json, "server");
    json_open_object(json);
    if (step->server_env.len)
        json_member_text(json, "env", step->server_env);
    json_member_text(json, "expect", step->server_expect);
    json_close_object(json);
    if (step->ncandidates) {
        json_member_texts(json, "candidates", step->candidates, step->ncandidates);
    } else {
        write_variable(json, "username", step->username_env);
        write_variable(json, "password", step->password_env);
    }
    json_member_texts(json, "images", step->images, step->nimages);
    if (!step->ncandidates)
        write_source(json, step);
    json_key(json, "expires_after");
    if (step->expires_after)
        json_number(json, step->expires_after);
    else
        json_null(json);
    if (report && *room)
        write_proof(json, report, step, room);
    json_close_object(json);
}

static void write_conflict(JsonOut *json, const Report *report,
                           const PlanConflict *conflict)
{
    json_open_object(json);
    json_member_text(json, "registry", conflict->registry);
    json_member_text(json, "rule", conflict->rule);
    json_key(json, "between");
    json_open_array(json);
    for (uint32_t i = 0; i < conflict->nrivals; i++) {
        const PlanRival *rival = &conflict->rivals[i];

        json_open_object(json);
        json_member_text(json, "identifier", rival->identifier);
        json_member_text(json, "level", rival->level);
        json_member_text(json, "owner", rival->owner);
        if (report) {
            json_key(json, "location");
            json_add_location(report, site_span(report->sources, rival->at), json);
        }
        json_close_object(json);
    }
    json_close_array(json);
    json_member_texts(json, "images", conflict->images, conflict->nimages);
    json_close_object(json);
}

static void write_pair(JsonOut *json, Text image, const char *key, Text value)
{
    json_open_object(json);
    json_member_text(json, "image", image);
    json_member_text(json, key, value);
    json_close_object(json);
}

void plan_json(const Plan *plan, const Report *report, Buffer *out)
{
    JsonOut json = {.out = out};
    size_t room = PROOF_BYTES;

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_member_text(&json, "repository", plan->repository);
    json_member_text(&json, "configuration", plan->configuration);
    json_member_text(&json, "target", plan->target);
    json_member_text(&json, "phase", plan->phase);
    json_key(&json, "steps");
    json_open_array(&json);
    for (uint32_t i = 0; i < plan->nsteps; i++)
        write_step(&json, report, &plan->steps[i], &room);
    json_close_array(&json);
    json_key(&json, "conflicts");
    json_open_array(&json);
    for (uint32_t i = 0; i < plan->nconflicts; i++)
        write_conflict(&json, report, &plan->conflicts[i]);
    json_close_array(&json);
    json_key(&json, "without_login");
    json_open_array(&json);
    for (uint32_t i = 0; i < plan->nwithout_login; i++)
        write_pair(&json, plan->without_login[i].image, "because",
                   plan->without_login[i].because);
    json_close_array(&json);
    json_key(&json, "blocked");
    json_open_array(&json);
    for (uint32_t i = 0; i < plan->nblocked; i++)
        write_pair(&json, plan->blocked[i].image, "rule", plan->blocked[i].rule);
    json_close_array(&json);
    json_close_object(&json);
}
