#include "plan/plan_shell.h"

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

/* Why a step cannot be written for a shell; NULL: it can. */
static const char *what_hinders(const PlanStep *step)
{
    if (step->ncandidates)
        return "which secrets serve it is known only where they are; use berth-run";
    if (!is_variable(step->username_env) || !is_variable(step->password_env) ||
        (step->server_env.len && !is_variable(step->server_env)))
        return "the name of a secret is not the name of a shell variable";
    return NULL;
}

/* Docker Hub's documented form, or a host. */
static bool is_plain_server(Text server)
{
    return text_equal(server, TEXT("https://index.docker.io/v1/")) ||
           is_plain_host(server);
}

static const char *what_hinders_env(const PlanStep *step)
{
    if (!step->ncandidates && step->method == METHOD_ECR_EXCHANGE)
        return "its access key must be exchanged for a token; use berth-run";
    return what_hinders(step);
}

static const char *what_hinders_command(const PlanStep *step)
{
    if (!step->ncandidates && step->method == METHOD_ECR_EXCHANGE &&
        !is_plain_host(step->ecr.region))
        return "its name is no address of ECR, so no token can be had for it";
    if (!is_plain_server(step->server_expect))
        return "what its login is stored under is no host";
    return what_hinders(step);
}

/* False: the step was left out, and a comment says why. */
static bool can_write(const PlanStep *step, const char *problem, Buffer *out)
{
    if (!is_plain_host(step->registry))
        buffer_add(out, TEXT("# A step was left out: its registry is no host.\n"));
    else if (problem)
        buffer_format(out, "# %.*s was left out: %s.\n", TEXT_ARG(step->registry),
                      problem);
    return is_plain_host(step->registry) && !problem;
}

/* Nothing logs in to a registry that two triples are for. */
static void add_conflicts(const Plan *plan, Buffer *out)
{
    for (uint32_t i = 0; i < plan->nconflicts; i++) {
        if (is_plain_host(plan->conflicts[i].registry))
            buffer_format(out, "# %.*s was left out: more than one triple is for it.\n",
                          TEXT_ARG(plan->conflicts[i].registry));
    }
}

void plan_env(const Plan *plan, Buffer *out)
{
    Buffer line = {.arena = out->arena};

    buffer_add(out, TEXT("# A user or a password that holds ',' or '|' cannot be "
                         "carried in this variable.\n"));
    for (uint32_t i = 0; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];

        if (can_write(step, what_hinders_env(step), out))
            buffer_format(&line, "'%s%.*s|'\"$%.*s\"'|'\"$%.*s\"", line.len ? "," : "",
                          TEXT_ARG(step->registry), TEXT_ARG(step->username_env),
                          TEXT_ARG(step->password_env));
    }
    add_conflicts(plan, out);
    buffer_format(out, "DEVCONTAINERS_OCI_AUTH=%.*s\n",
                  TEXT_ARG(line.len ? buffer_text(&line) : TEXT("''")));
}

/* A token instead of the access key that the two variables hold; of the key's own session
 * there is none, whatever the environment has. */
static void add_exchange(const PlanStep *step, const char *indent, Buffer *out)
{
    bool is_public = text_equal(step->ecr.access, TEXT("public"));

    if (text_equal(step->credential, TEXT("unknown")))
        buffer_format(out,
                      "%s# No manifest says that %.*s is an access key's ID: it is "
                      "assumed.\n",
                      indent, TEXT_ARG(step->username_env));
    buffer_format(out,
                  "%sAWS_ACCESS_KEY_ID=\"${%.*s:?}\" \\\n"
                  "%s    AWS_SECRET_ACCESS_KEY=\"${%.*s:?}\" \\\n"
                  "%s    AWS_SESSION_TOKEN='' AWS_SECURITY_TOKEN=''%s%s \\\n",
                  indent, TEXT_ARG(step->username_env), indent,
                  TEXT_ARG(step->password_env), indent,
                  step->ecr.has_fips ? " AWS_USE_FIPS_ENDPOINT=true" : "",
                  step->ecr.has_dual_stack ? " AWS_USE_DUALSTACK_ENDPOINT=true" : "");
    buffer_format(out,
                  "%s    aws %s get-login-password --region '%.*s' |\n"
                  "%s    docker login --password-stdin --username AWS",
                  indent, is_public ? "ecr-public" : "ecr", TEXT_ARG(step->ecr.region),
                  indent);
}

/* Where SERVER is another host, the password is for that one. */
static void add_command(const PlanStep *step, Buffer *out)
{
    const char *indent = step->server_env.len ? "    " : "";

    if (step->server_env.len)
        buffer_format(out, "if test \"${%.*s:?}\" = '%.*s'; then\n",
                      TEXT_ARG(step->server_env), TEXT_ARG(step->server_expect));
    if (step->method == METHOD_ECR_EXCHANGE)
        add_exchange(step, indent, out);
    else
        buffer_format(out,
                      "%sprintf %%s \"${%.*s:?}\" |\n"
                      "%s    docker login --password-stdin --username \"${%.*s:?}\"",
                      indent, TEXT_ARG(step->password_env), indent,
                      TEXT_ARG(step->username_env));
    buffer_format(out, " '%.*s'\n", TEXT_ARG(step->server_expect));
    if (step->server_env.len)
        buffer_format(out, "else\n    echo '%.*s is not %.*s' >&2\n    false\nfi\n",
                      TEXT_ARG(step->server_env), TEXT_ARG(step->server_expect));
}

void plan_commands(const Plan *plan, Buffer *out)
{
    bool has_test = false;

    add_conflicts(plan, out);
    for (uint32_t i = 0; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];

        if (!can_write(step, what_hinders_command(step), out))
            continue;
        if (step->method != METHOD_ECR_EXCHANGE && !has_test) {
            buffer_add(out, TEXT("# Where printf is a program, others see its words.\n"
                                 "test \"$(command -v printf)\" = printf || exit\n"));
            has_test = true;
        }
        add_command(step, out);
    }
}
