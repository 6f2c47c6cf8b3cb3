#include "facts/compose_load.h"

/* What the schema of compose-spec allows, and what compose-go takes beyond it. */
static const char *const top_keys[] = {"configs",  "include", "models",   "name",
                                       "networks", "secrets", "services", "version",
                                       "volumes",  NULL};

static const char *const service_keys[] = {"annotations",
                                           "attach",
                                           "blkio_config",
                                           "build",
                                           "cap_add",
                                           "cap_drop",
                                           "cgroup",
                                           "cgroup_parent",
                                           "command",
                                           "configs",
                                           "container_name",
                                           "cpu_count",
                                           "cpu_percent",
                                           "cpu_period",
                                           "cpu_quota",
                                           "cpu_rt_period",
                                           "cpu_rt_runtime",
                                           "cpu_shares",
                                           "cpus",
                                           "cpuset",
                                           "credential_spec",
                                           "depends_on",
                                           "deploy",
                                           "develop",
                                           "device_cgroup_rules",
                                           "devices",
                                           "dns",
                                           "dns_opt",
                                           "dns_search",
                                           "domainname",
                                           "entrypoint",
                                           "env_file",
                                           "environment",
                                           "expose",
                                           "extends",
                                           "external_links",
                                           "extra_hosts",
                                           "gpus",
                                           "group_add",
                                           "healthcheck",
                                           "hostname",
                                           "image",
                                           "init",
                                           "ipc",
                                           "isolation",
                                           "label_file",
                                           "labels",
                                           "links",
                                           "logging",
                                           "mac_address",
                                           "mem_limit",
                                           "mem_reservation",
                                           "mem_swappiness",
                                           "memswap_limit",
                                           "models",
                                           "network_mode",
                                           "networks",
                                           "oom_kill_disable",
                                           "oom_score_adj",
                                           "pid",
                                           "pids_limit",
                                           "platform",
                                           "ports",
                                           "post_start",
                                           "pre_start",
                                           "pre_stop",
                                           "privileged",
                                           "profiles",
                                           "provider",
                                           "pull_policy",
                                           "pull_refresh_after",
                                           "read_only",
                                           "restart",
                                           "runtime",
                                           "scale",
                                           "secrets",
                                           "security_opt",
                                           "shm_size",
                                           "stdin_open",
                                           "stop_grace_period",
                                           "stop_signal",
                                           "storage_opt",
                                           "sysctls",
                                           "tmpfs",
                                           "tty",
                                           "ulimits",
                                           "use_api_socket",
                                           "user",
                                           "userns_mode",
                                           "uts",
                                           "volumes",
                                           "volumes_from",
                                           "working_dir",
                                           NULL};

static const char *const build_keys[] = {"additional_contexts",
                                         "args",
                                         "cache_from",
                                         "cache_to",
                                         "context",
                                         "dockerfile",
                                         "dockerfile_inline",
                                         "entitlements",
                                         "extra_hosts",
                                         "isolation",
                                         "labels",
                                         "network",
                                         "no_cache",
                                         "platforms",
                                         "privileged",
                                         "provenance",
                                         "pull",
                                         "sbom",
                                         "secrets",
                                         "shm_size",
                                         "ssh",
                                         "tags",
                                         "target",
                                         "ulimits",
                                         NULL};

enum {
    NEAR = 2,     /* edits to the nearest name, and at most half of its bytes */
    NAME_MAX = 40 /* longer names have no nearest one: what bounds the comparison */
};

static uint32_t near(Text name)
{
    return name.len / 2 < NEAR ? (uint32_t)name.len / 2 : NEAR;
}

Text compose_nearest(ComposeWork *work, const ComposeValue *object, Text name)
{
    Text nearest = {0};
    uint32_t best = near(name) + 1;

    if (name.len > NAME_MAX || !compose_spend(work, object->count, object->span))
        return nearest;
    for (uint32_t i = 0; i < object->count; i++) {
        Text key = object->members[i].key;
        uint32_t distance = key.len <= NAME_MAX ? text_distance(key, name, NEAR) : best;

        if (distance < best) {
            best = distance;
            nearest = key;
        }
    }
    return nearest;
}

static bool is_one_of(Text key, const char *const *keys)
{
    for (; *keys; keys++) {
        if (text_equal(key, text_of(*keys)))
            return true;
    }
    return false;
}

static Text nearest_key(Text key, const char *const *keys)
{
    Text nearest = {0};
    uint32_t best = near(key) + 1;

    for (; key.len <= NAME_MAX && *keys; keys++) {
        uint32_t distance = text_distance(text_of(*keys), key, NEAR);

        if (distance < best) {
            best = distance;
            nearest = text_of(*keys);
        }
    }
    return nearest;
}

/* "x-..." is anyone's; whatever else is not in the list compose refuses. [inputs C16] */
static void check_keys(ComposeWork *work, const ComposeValue *object,
                       const char *const *keys, const char *where)
{
    for (uint32_t i = 0; i < object->count; i++) {
        Text key = object->members[i].key;

        if (text_starts_with(key, TEXT("x-")) || is_one_of(key, keys))
            continue;
        Text nearest = nearest_key(key, keys);
        diag_add(work->diags, "input/syntax", object->members[i].key_span,
                 "'%.*s' is no key of %s%s%.*s%s", TEXT_ARG(key), where,
                 nearest.len ? "; the nearest is '" : "", TEXT_ARG(nearest),
                 nearest.len ? "'" : "");
    }
}

static bool is_old_service(const ComposeMember *member)
{
    return !is_one_of(member->key, top_keys) && (compose_find(member->value, "image") ||
                                                 compose_find(member->value, "build"));
}

bool compose_check_top(ComposeWork *work, const ComposeValue *root)
{
    const ComposeMember *services = compose_member(root, TEXT("services"));

    for (uint32_t i = 0; !services && i < root->count; i++) {
        if (!is_old_service(&root->members[i]))
            continue;
        return diag_error(work->diags, "input/syntax", root->members[i].key_span,
                          "compose reads no files of version 1, with services at the "
                          "top level; they were expected under 'services'");
    }
    check_keys(work, root, top_keys, "a compose file");
    if (services && services->value->kind != NODE_OBJECT)
        return diag_error(work->diags, "input/syntax", services->key_span,
                          "'services' must be a mapping");
    return true;
}

static const char *kind_says(NodeKind kind)
{
    switch (kind) {
    case NODE_NONE:
    case NODE_NULL:
    case NODE_ALIAS:
        break;
    case NODE_BOOLEAN:
        return "a boolean";
    case NODE_NUMBER:
        return "a number";
    case NODE_STRING:
        return "a string";
    case NODE_ARRAY:
        return "a list";
    case NODE_OBJECT:
        return "a mapping";
    }
    return "nothing";
}

static void check_kind(ComposeWork *work, const ComposeValue *object, const char *key,
                       NodeKind kind)
{
    const ComposeMember *member = compose_member(object, text_of(key));

    if (member && member->value->kind != kind)
        diag_add(work->diags, "input/syntax",
                 member->value->kind == NODE_NULL ? member->key_span
                                                  : member->value->span,
                 "'%s' is %s; %s was expected", key, kind_says(member->value->kind),
                 kind_says(kind));
}

static void check_build(ComposeModel *model, const ComposeMember *service)
{
    ComposeWork *work = &model->work;
    const ComposeValue *build = compose_find(service->value, "build");
    const ComposeValue *contexts = compose_find(build, "additional_contexts");
    const ComposeMember *text = compose_member(build, TEXT("dockerfile_inline"));

    if (!compose_is(build, NODE_OBJECT)) {
        check_kind(work, service->value, "build", NODE_OBJECT);
        return;
    }
    check_keys(work, build, build_keys, "a build");
    check_kind(work, build, "context", NODE_STRING);
    check_kind(work, build, "dockerfile", NODE_STRING);
    check_kind(work, build, "dockerfile_inline", NODE_STRING);
    check_kind(work, build, "target", NODE_STRING);
    if (text && text->value->kind != NODE_NULL && compose_find(build, "dockerfile"))
        diag_add(work->diags, "input/syntax", text->key_span,
                 "'dockerfile' and 'dockerfile_inline' exclude each other");
    for (uint32_t i = 0; contexts && i < contexts->count; i++) {
        const ComposeMember *context = &contexts->members[i];
        Text name = compose_text(context->value);

        if (!text_starts_with(name, TEXT("service:")))
            continue;
        const ComposeMember *target =
            compose_member(model->services, text_from(name, 8));
        if (target && !compose_find(target->value, "build"))
            diag_add(work->diags, "input/syntax", context->value->span,
                     "the service '%.*s' builds nothing that could be a context",
                     TEXT_ARG(target->key));
    }
}

static void check_needs(ComposeModel *model, const ComposeMember *service)
{
    ComposeNeeds needs = compose_needs(&model->work, service->value);

    for (uint32_t i = 0; i < needs.count; i++) {
        const ComposeNeed *need = &needs.items[i];

        if (need->is_optional || compose_member(model->services, need->service))
            continue;
        Text nearest = compose_nearest(&model->work, model->services, need->service);
        diag_add(model->work.diags, "input/syntax", need->span,
                 "there is no service '%.*s'%s%.*s%s", TEXT_ARG(need->service),
                 nearest.len ? "; the nearest is '" : "", TEXT_ARG(nearest),
                 nearest.len ? "'" : "");
    }
}

static bool is_service_name(Text name)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];

        if (!byte_is_letter(byte) && !byte_is_digit(byte) && byte != '.' &&
            byte != '_' && byte != '-')
            return false;
    }
    return name.len > 0;
}

static void check_service(ComposeModel *model, const ComposeMember *service)
{
    ComposeWork *work = &model->work;
    const ComposeValue *value = service->value;

    if (!is_service_name(service->key))
        diag_add(work->diags, "input/syntax", service->key_span,
                 "a service's name has letters, digits, '.', '_' and '-' only; "
                 "variables are not expanded in keys");
    if (value->kind != NODE_OBJECT) {
        diag_add(work->diags, "input/syntax", service->key_span,
                 "the service '%.*s' must be a mapping", TEXT_ARG(service->key));
        return;
    }
    check_keys(work, value, service_keys, "a service");
    check_kind(work, value, "image", NODE_STRING);
    check_build(model, service);
    if (!model->is_incomplete)
        check_needs(model, service);
    const ComposeValue *image = compose_find(value, "image");
    if (!compose_find(value, "build") && !compose_find(value, "provider") &&
        (!image || (image->kind == NODE_STRING && image->text.len == 0)) &&
        !model->is_incomplete)
        diag_add(work->diags, "input/syntax", service->key_span,
                 "the service '%.*s' has neither 'image' nor 'build'",
                 TEXT_ARG(service->key));
}

void compose_check(ComposeModel *model)
{
    const ComposeValue *services = compose_find(model->root, "services");

    if (!compose_is(services, NODE_OBJECT))
        return;
    model->services = services;
    for (uint32_t i = 0; i < services->count; i++) {
        if (i == COMPOSE_SERVICES_MAX) {
            diag_add(model->work.diags, "input/syntax", services->members[i].key_span,
                     "the project has more than 4,096 services; the rest was not read");
            return;
        }
        check_service(model, &services->members[i]);
    }
}
