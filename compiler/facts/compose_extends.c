#include "facts/compose_load.h"

typedef enum State { STATE_NEW, STATE_OPEN, STATE_DONE } State;

typedef struct ComposeExtension {
    State state;
    const ComposeValue *value; /* when DONE */
} Extension;

/* The services that are being extended, the innermost first. */
typedef struct Link {
    const ComposeScope *scope;
    uint32_t index;
    const struct Link *from;
    uint32_t depth;
} Link;

static const ComposeValue *resolve(ComposeLoader *loader, const ComposeScope *scope,
                                   uint32_t index, const Link *from);

static void add_link(ComposeLoader *loader, Buffer *out, const ComposeScope *scope,
                     uint32_t index)
{
    Text path = source_path(loader->configuration->facts->sources, scope->file);

    buffer_format(out, "'%.*s' in %.*s", TEXT_ARG(scope->services->members[index].key),
                  TEXT_ARG(path));
}

/* The links from `last`, which is closed over, to `link`, in the order of reading. */
static void add_chain(ComposeLoader *loader, Buffer *out, const Link *link,
                      const Link *last)
{
    if (link != last)
        add_chain(loader, out, link->from, last);
    add_link(loader, out, link->scope, link->index);
    buffer_add(out, TEXT(" extends "));
}

static void say_cycle(ComposeLoader *loader, const Link *link,
                      const ComposeScope *scope, uint32_t index, Span span)
{
    Buffer chain = {.arena = loader->work->arena};
    const Link *last = link;

    while (last->scope != scope || last->index != index)
        last = last->from;
    add_chain(loader, &chain, link, last);
    add_link(loader, &chain, scope, index);
    diag_add(loader->work->diags, "input/syntax", span,
             "services extend each other in a circle: %.*s",
             TEXT_ARG(buffer_text(&chain)));
}

static ComposeScope *scope_new(ComposeLoader *loader, uint32_t file,
                               Variables environment, const ComposeOrigin *origin,
                               const ComposeValue *services)
{
    ComposeScope *scope = ARENA_NEW(loader->work->arena, ComposeScope);

    *scope = (ComposeScope){.file = file,
                            .environment = environment,
                            .origin = origin,
                            .services = services};
    scope->extensions = ARENA_ARRAY(loader->work->arena, services->count, Extension);
    return scope;
}

/* The services of all documents of a file, whose paths start from its directory.
 * [inputs C12] */
static const ComposeScope *scope_of_file(ComposeLoader *loader, const Tree *tree,
                                         Text path, Variables environment,
                                         const Via *via)
{
    static const ComposeValue none = {.kind = NODE_OBJECT};
    ComposeWork *work = loader->work;
    const ComposeValue *root = NULL;

    for (ComposeScope *scope = loader->scopes; scope; scope = scope->next) {
        if (scope->file == tree->file &&
            scope->environment.context == environment.context)
            return scope;
    }
    ComposeOrigin *origin = ARENA_NEW(work->arena, ComposeOrigin);
    *origin = (ComposeOrigin){path_directory(path), via};
    for (NodeId id = tree->root; id.index; id = tree_next(tree, id)) {
        const ComposeValue *document =
            compose_document(loader, tree, id, environment, origin);

        if (document)
            root = compose_merge(work, root, document, false);
    }
    const ComposeValue *services = compose_find(root, "services");
    ComposeScope *scope =
        scope_new(loader, tree->file, environment, origin,
                  compose_is(services, NODE_OBJECT) ? services : &none);
    scope->next = loader->scopes;
    return loader->scopes = scope;
}

/* The index of the service `name`; false, and said, when there is none. */
static bool find_service(ComposeLoader *loader, const ComposeScope *scope,
                         const ComposeValue *name, uint32_t *index)
{
    const ComposeMember *member = compose_member(scope->services, name->text);
    Text path = source_path(loader->configuration->facts->sources, scope->file);

    if (member) {
        *index = (uint32_t)(member - scope->services->members);
        return true;
    }
    if (loader->work->is_exhausted)
        return false; /* it may be among what was not read */
    Text nearest = compose_nearest(loader->work, scope->services, name->text);
    return diag_error(loader->work->diags, "input/syntax", name->span,
                      "%.*s has no service '%.*s' to extend%s%.*s%s", TEXT_ARG(path),
                      TEXT_ARG(name->text), nearest.len ? "; the nearest is '" : "",
                      TEXT_ARG(nearest), nearest.len ? "'" : "");
}

/* extends = NAME | { service: NAME, file: PATH }; NULL when it leads nowhere. */
static const ComposeScope *find_base(ComposeLoader *loader, const ComposeScope *scope,
                                     const ComposeValue *extends, const Via *via,
                                     uint32_t *index)
{
    bool is_mapping = extends->kind == NODE_OBJECT;
    const ComposeValue *name = is_mapping ? compose_find(extends, "service") : extends;
    const ComposeValue *path = is_mapping ? compose_find(extends, "file") : NULL;

    if (path) {
        const Tree *tree;
        Text clean;

        if (!compose_open(loader, path, &tree, &clean))
            return NULL;
        scope = scope_of_file(loader, tree, clean, scope->environment, via);
    }
    if (!compose_is(name, NODE_STRING)) {
        diag_add(loader->work->diags, "input/syntax", extends->span,
                 "'extends' must name a service");
        return NULL;
    }
    if (name->is_refused)
        return NULL;
    return find_service(loader, scope, name, index) ? scope : NULL;
}

/* `service` over what it extends. */
static const ComposeValue *extend(ComposeLoader *loader, const ComposeScope *scope,
                                  const ComposeValue *service,
                                  const ComposeValue *extends, const Link *link)
{
    ComposeWork *work = loader->work;
    const Via *via = configuration_via(loader->configuration, extends->span,
                                       extends->origin ? extends->origin->via : NULL);
    uint32_t index = 0;
    const ComposeScope *base_scope = find_base(loader, scope, extends, via, &index);

    if (!base_scope)
        return service;
    if (base_scope->extensions[index].state == STATE_OPEN) {
        say_cycle(loader, link, base_scope, index, extends->span);
        return service;
    }
    if (link->depth == COMPOSE_EXTENDS_DEPTH) {
        diag_add(work->diags, "input/syntax", extends->span,
                 "services extend each other more than 64 levels deep; this one was "
                 "not followed");
        return service;
    }
    const ComposeValue *base = resolve(loader, base_scope, index, link);
    base = compose_merge(work, NULL, base, false);
    if (!compose_is(base, NODE_OBJECT))
        return service;
    base = compose_reroute(work, base, base_scope->origin->via, via);
    return compose_merge(work, base, service, true);
}

/* The service with what it extends. Recursive up to COMPOSE_EXTENDS_DEPTH. */
static const ComposeValue *resolve(ComposeLoader *loader, const ComposeScope *scope,
                                   uint32_t index, const Link *from)
{
    Extension *extension = &scope->extensions[index];
    const ComposeValue *service = scope->services->members[index].value;
    const ComposeValue *extends = compose_find(service, "extends");
    const Link link = {scope, index, from, from ? from->depth + 1 : 0};

    if (extension->state == STATE_DONE)
        return extension->value;
    extension->state = STATE_OPEN;
    if (extends && extends->tag != TAG_RESET) {
        service = extend(loader, scope, service, extends, &link);
        service = compose_with(loader->work, service,
                               (ComposeMember){.key = TEXT("extends")});
    }
    *extension = (Extension){STATE_DONE, service};
    return service;
}

const ComposeValue *compose_extend(ComposeLoader *loader, const ComposeValue *document,
                                   uint32_t file, Variables environment,
                                   const ComposeOrigin *origin)
{
    ComposeWork *work = loader->work;
    const ComposeMember *services = compose_member(document, TEXT("services"));

    if (!services || services->value->kind != NODE_OBJECT)
        return document;
    const ComposeValue *all = services->value;
    ComposeScope *scope = scope_new(loader, file, environment, origin, all);
    ComposeMember *members = ARENA_ARRAY(work->arena, all->count, ComposeMember);
    ComposeMember changed = *services;
    for (uint32_t i = 0; i < all->count; i++) {
        members[i] = all->members[i];
        members[i].value = resolve(loader, scope, i, NULL);
    }
    changed.value = compose_object(work, all, members, all->count);
    return compose_with(work, document, changed);
}
