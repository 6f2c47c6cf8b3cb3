#include "facts/secret_facts.h"

#include "facts/compose_model.h"
#include "facts/git_ignore.h"

/* What a service's own containers are given; what is fed into its image. */
static void values_extract(Configuration *configuration, const ComposeModel *model,
                           const ComposeValue *values, Text build)
{
    if (!compose_is(values, NODE_OBJECT))
        return;
    for (uint32_t i = 0; i < values->count && i < COMPOSE_SERVICES_MAX; i++) {
        const ComposeMember *member = &values->members[i];
        const ComposeValue *value = member->value;
        Text found;

        if (value->kind == NODE_STRING) {
            secret_facts_value(configuration, member->key, value->written, value->span,
                               USE_OWN);
            if (build.len)
                secret_facts_build(configuration, member->key, value->written,
                                   value->span, build);
        } else if (value->kind == NODE_NULL && build.len &&
                   model->environment.find(model->environment.context, member->key,
                                           &found) != VARIABLE_SET) {
            secret_facts_build_name(configuration, member->key, member->key_span,
                                    build);
        }
    }
}

static void volumes_extract(Configuration *configuration, const ComposeValue *volumes)
{
    const Text how = TEXT("volumes");

    for (uint32_t i = 0; compose_is(volumes, NODE_ARRAY) && i < volumes->count; i++) {
        const ComposeValue *volume = volumes->members[i].value;
        const ComposeValue *source = compose_find(volume, "source");

        if (volume->kind == NODE_STRING)
            mount_facts_volume(configuration, volume->written, volume->span, how);
        else if (source &&
                 text_equal(compose_text(compose_find(volume, "type")), TEXT("bind")))
            mount_facts_add(configuration, source->written, source->span, how);
    }
}

/* The engine's socket, and the registry credentials of whoever starts it. [CS
 * 05-services.md, use_api_socket] */
static void api_socket_extract(Configuration *configuration,
                               const ComposeValue *service)
{
    const ComposeValue *uses = compose_find(service, "use_api_socket");
    Facts *facts = configuration->facts;

    if (uses && text_equal_ignoring_case(uses->text, TEXT("true")))
        FACT(facts, REL_credential_mount, fact_site(facts, uses->span),
             configuration->config,
             fact_symbol(facts, TEXT("the socket of the container engine")),
             fact_symbol(facts, TEXT("use_api_socket")));
}

void compose_secrets_extract(Configuration *configuration, const ComposeModel *model,
                             const bool *started)
{
    const ComposeValue *services = model->services;

    for (uint32_t i = 0; services && i < services->count && i < COMPOSE_SERVICES_MAX;
         i++) {
        const ComposeValue *service = services->members[i].value;

        values_extract(configuration, model, compose_find(service, "environment"),
                       (Text){0});
        values_extract(configuration, model,
                       compose_find(compose_find(service, "build"), "args"),
                       TEXT("build.args"));
        if (!started[i])
            continue;
        volumes_extract(configuration, compose_find(service, "volumes"));
        api_socket_extract(configuration, service);
    }
}

static void hide_values(Configuration *configuration, const Dotenv *dotenv)
{
    for (uint32_t i = 0; i < dotenv->count; i++)
        source_mark_secret(configuration->facts->sources, dotenv->entries[i].span);
}

void dotenv_secrets_extract(Configuration *configuration, const Dotenv *dotenv,
                            uint32_t file, Text path)
{
    Facts *facts = configuration->facts;

    if (git_ignores(facts->scratch, configuration->files, facts->sources,
                    configuration->root, path)) {
        hide_values(configuration, dotenv);
        return;
    }
    secret_facts_scan(configuration, file);
    for (uint32_t i = 0; i < dotenv->count; i++)
        secret_facts_value(configuration, dotenv->entries[i].name,
                           dotenv->entries[i].value, dotenv->entries[i].span, USE_OWN);
}
