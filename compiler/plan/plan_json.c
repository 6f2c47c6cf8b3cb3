#include "plan/plan_json.h"

#include "base/json_out.h"

static Text method_name(PlanMethod method)
{
    static const Text names[] = {
#define METHOD(enumerator, name) [enumerator] = TEXT_INIT(name),
        PLAN_METHODS(METHOD)
#undef METHOD
    };

    return names[method];
}

static void write_texts(JsonOut *json, const char *key, const Text *texts,
                        uint32_t count)
{
    json_key(json, key);
    json_open_array(json);
    for (uint32_t i = 0; i < count; i++)
        json_text(json, texts[i]);
    json_close_array(json);
}

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

static void write_step(JsonOut *json, const PlanStep *step)
{
    json_open_object(json);
    json_member_text(json, "registry", step->registry);
    json_member_text(json, "method", method_name(step->method));
    json_key(json, "server");
    json_open_object(json);
    if (step->server_env.len)
        json_member_text(json, "env", step->server_env);
    json_member_text(json, "expect", step->server_expect);
    json_close_object(json);
    if (step->ncandidates) {
        write_texts(json, "candidates", step->candidates, step->ncandidates);
    } else {
        write_variable(json, "username", step->username_env);
        write_variable(json, "password", step->password_env);
    }
    write_texts(json, "images", step->images, step->nimages);
    if (!step->ncandidates)
        write_source(json, step);
    json_key(json, "expires_after");
    if (step->expires_after)
        json_number(json, step->expires_after);
    else
        json_null(json);
    json_close_object(json);
}

static void write_pair(JsonOut *json, Text image, const char *key, Text value)
{
    json_open_object(json);
    json_member_text(json, "image", image);
    json_member_text(json, key, value);
    json_close_object(json);
}

void plan_json(const Plan *plan, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_member_text(&json, "repository", plan->repository);
    json_member_text(&json, "configuration", plan->configuration);
    json_member_text(&json, "target", plan->target);
    json_member_text(&json, "phase", plan->phase);
    json_key(&json, "steps");
    json_open_array(&json);
    for (uint32_t i = 0; i < plan->nsteps; i++)
        write_step(&json, &plan->steps[i]);
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

/* name = (letter | "_") (letter | digit | "_")*  what a shell expands as one variable */
static bool is_variable(Text name)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];

        if (!byte_is_letter(byte) && byte != '_' && (i == 0 || !byte_is_digit(byte)))
            return false;
    }
    return name.len != 0;
}

/* host = what stands for itself between the single quotes of a shell */
static bool is_plain_host(Text host)
{
    for (size_t i = 0; i < host.len; i++) {
        char byte = host.at[i];

        if (!byte_is_letter(byte) && !byte_is_digit(byte) && byte != '.' &&
            byte != '-' && byte != ':' && byte != '[' && byte != ']')
            return false;
    }
    return host.len != 0;
}

/* Why a step cannot be written as a line of the shell; NULL: it can. */
static const char *what_hinders(const PlanStep *step)
{
    if (step->ncandidates)
        return "which secrets serve it is known only where they are; use berth-run";
    if (step->method == METHOD_ECR_EXCHANGE)
        return "its access key must be exchanged for a token; use berth-run";
    if (!is_variable(step->username_env) || !is_variable(step->password_env))
        return "the name of a secret is not the name of a shell variable";
    return NULL;
}

void plan_env(const Plan *plan, Buffer *out)
{
    bool first = true;

    buffer_add(out, TEXT("# A user or a password that holds ',' or '|' cannot be "
                         "carried in this variable.\n"));
    for (uint32_t i = 0; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];
        const char *problem = what_hinders(step);

        if (!is_plain_host(step->registry))
            buffer_add(out, TEXT("# A step was left out: its registry is no host.\n"));
        else if (problem)
            buffer_format(out, "# %.*s was left out: %s.\n", TEXT_ARG(step->registry),
                          problem);
    }
    buffer_add(out, TEXT("DEVCONTAINERS_OCI_AUTH="));
    for (uint32_t i = 0; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];

        if (!is_plain_host(step->registry) || what_hinders(step))
            continue;
        buffer_format(out, "'%s%.*s|'\"$%.*s\"'|'\"$%.*s\"", first ? "" : ",",
                      TEXT_ARG(step->registry), TEXT_ARG(step->username_env),
                      TEXT_ARG(step->password_env));
        first = false;
    }
    buffer_add(out, first ? TEXT("''\n") : TEXT("\n"));
}
