#include "facts/template.h"

#include "syntax/syntax.h"

#define HOLE "templateOption_"

/* --- devcontainer-template.json --- */

static void add_value(Arena *arena, TemplateOption *option, Text value)
{
    if (value.len > TEMPLATE_VALUE_BYTES || option->nvalues > TEMPLATE_VALUES_MAX ||
        (option->has_standard && text_equal(value, option->standard)))
        return;
    for (uint32_t i = 0; i < option->nvalues; i++) {
        if (text_equal(option->values[i], value))
            return;
    }
    ARRAY_GROW(arena, option->values, option->nvalues, option->values_capacity);
    option->values[option->nvalues++] = value;
}

static void add_values(Arena *arena, TemplateOption *option, const Tree *tree,
                       NodeId list)
{
    if (tree_kind(tree, list) != NODE_ARRAY)
        return;
    for (NodeId at = tree_first(tree, list); at.index; at = tree_next(tree, at)) {
        if (tree_is_string(tree, at))
            add_value(arena, option, tree_string(tree, at));
    }
}

/* option = { "type": "string" | "boolean", "proposals" | "enum": [value], "default" } */
static void add_option(Template *template, Arena *arena, const Tree *tree, NodeId node)
{
    NodeId standard = tree_find(tree, node, TEXT("default"));
    Text type = tree_string(tree, tree_find(tree, node, TEXT("type")));
    TemplateOption option = {.name = tree_node(tree, node)->key,
                             .span = tree_key_span(tree, node),
                             .standard = tree_scalar(tree, standard)};

    option.has_standard =
        option.standard.len > 0 && option.standard.len <= TEMPLATE_VALUE_BYTES;
    add_values(arena, &option, tree, tree_find(tree, node, TEXT("proposals")));
    add_values(arena, &option, tree, tree_find(tree, node, TEXT("enum")));
    if (text_equal(type, TEXT("boolean"))) {
        add_value(arena, &option, TEXT("true"));
        add_value(arena, &option, TEXT("false"));
    }
    ARRAY_GROW(arena, template->options, template->noptions,
               template->options_capacity);
    template->options[template->noptions++] = option;
}

static void read_options(Template *template, Facts *facts, uint32_t file)
{
    const Tree *tree = jsonc_read(facts->scratch, facts->sources, file, facts->diags);
    NodeId options = tree_find(tree, tree->root, TEXT("options"));

    if (tree_kind(tree, options) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, options);
         at.index && template->noptions < TEMPLATE_OPTIONS_MAX;
         at = tree_next(tree, at)) {
        if (tree_kind(tree, at) == NODE_OBJECT)
            add_option(template, facts->scratch, tree, at);
    }
}

/* root "/src/" id "/" ... ; empty where the path is no such one */
static Text folder_of(Text root, Text path)
{
    size_t start = root.len ? root.len + 1 : 0;
    Text inner = text_from(path, start);
    const Text source = TEXT("src/");

    if (!path_is_inside(path, root) || !text_starts_with(inner, source))
        return (Text){0};
    size_t id = text_find_byte(text_from(inner, source.len), '/');
    return text_slice(path, 0, start + source.len + id);
}

Template *template_read(Facts *facts, Files *files, Text root, Text path)
{
    Text folder = folder_of(root, path);
    uint32_t file;

    if (folder.len == 0)
        return NULL;
    Text name = arena_format(facts->scratch, "%.*s/devcontainer-template.json",
                             TEXT_ARG(folder));
    if (files_read(files, root, name, &file) != FILE_READ)
        return NULL;
    Template *template = ARENA_NEW(facts->scratch, Template);
    template->folder = folder;
    read_options(template, facts, file);
    return template;
}

void template_choose(Template *template, Facts *facts, const TemplateOption *option,
                     Text value)
{
    template->chosen = option;
    template->value = value;
    template->files = NULL;
    template->nfiles = template->files_capacity = 0;
    sources_drop_views(facts->sources);
}

/* --- files --- */

static size_t pass_blanks(Text text, size_t at)
{
    while (at < text.len &&
           (text.at[at] == ' ' || text.at[at] == '\t' || text.at[at] == '\n' ||
            text.at[at] == '\v' || text.at[at] == '\f' || text.at[at] == '\r'))
        at++;
    return at;
}

/* The next "${templateOption:" blank* name blank* "}" from *at on, which is moved to it;
 * *end is behind it. */
static bool next_placeholder(Text text, size_t *at, size_t *end, Text *name)
{
    const Text mark = TEXT("${templateOption:");

    for (;; (*at)++) {
        *at += text_find(text_from(text, *at), mark);
        if (*at >= text.len)
            return false;
        size_t start = pass_blanks(text, *at + mark.len), behind = start;

        while (behind < text.len &&
               (byte_is_letter(text.at[behind]) || byte_is_digit(text.at[behind]) ||
                text.at[behind] == '_'))
            behind++;
        *name = text_slice(text, start, behind);
        *end = pass_blanks(text, behind) + 1;
        if (name->len && *end <= text.len && text.at[*end - 1] == '}')
            return true;
    }
}

/* NULL: no option has that name. */
static TemplateOption *find_option(const Template *template, Text name)
{
    for (uint32_t i = 0; i < template->noptions; i++) {
        if (text_equal(template->options[i].name, name))
            return &template->options[i];
    }
    return NULL;
}

/* False when the option has no value now. */
static bool value_of(const Template *template, const TemplateOption *option,
                     Text *value)
{
    bool is_chosen = option && option == template->chosen;

    if (!option || (!is_chosen && !option->has_standard))
        return false;
    *value = is_chosen ? template->value : option->standard;
    return true;
}

Text template_hole(const Template *template, Text bytes)
{
    Text name, value;
    size_t end;

    for (size_t at = 0; next_placeholder(bytes, &at, &end, &name); at = end) {
        if (!value_of(template, find_option(template, name), &value))
            return name;
    }
    return (Text){0};
}

/* What stands in the place of a hole: JSON is read by the dialect that knows it. */
static Text hole_of(Arena *arena, Text path, Text whole, Text name)
{
    if (text_ends_with(path, TEXT(".json")))
        return whole;
    return arena_format(arena, "${" HOLE "%.*s}", TEXT_ARG(name));
}

bool template_find_hole(Arena *arena, Text name, Text *value)
{
    const Text hole = TEXT(HOLE);

    if (!text_starts_with(name, hole))
        return false;
    name = text_from(name, hole.len);
    *value = arena_format(arena, "${templateOption:%.*s}", TEXT_ARG(name));
    return true;
}

typedef struct Replacements {
    Replacement *items;
    uint32_t count, capacity;
    size_t bytes; /* that the file then has */
} Replacements;

static Replacements replacements_of(const Template *template, Arena *arena, Text path,
                                    Text bytes)
{
    Replacements all = {.bytes = bytes.len};
    Text name, value;
    size_t end;

    for (size_t at = 0; next_placeholder(bytes, &at, &end, &name); at = end) {
        TemplateOption *option = find_option(template, name);

        if (option)
            option->is_used = true;
        if (!value_of(template, option, &value))
            value = hole_of(arena, path, text_slice(bytes, at, end), name);
        all.bytes += value.len;
        ARRAY_GROW(arena, all.items, all.count, all.capacity);
        all.items[all.count++] = (Replacement){(uint32_t)at, (uint32_t)end, value};
    }
    return all;
}

static uint32_t make_view(const Template *template, Facts *facts, uint32_t file)
{
    Replacements all =
        replacements_of(template, facts->scratch, source_path(facts->sources, file),
                        source_bytes(facts->sources, file));

    if (all.count == 0)
        return file;
    if (all.bytes > FILE_BYTES_MAX) {
        diag_add(facts->diags, "input/syntax",
                 (Span){file, all.items[0].start, all.items[0].end},
                 "with its options replaced this file is larger than 16 MiB; it was "
                 "read as it stands");
        return file;
    }
    return sources_add_view(facts->sources, facts->scratch, file, all.items, all.count);
}

uint32_t template_view(Template *template, Facts *facts, uint32_t file)
{
    for (uint32_t i = 0; i < template->nfiles; i++) {
        if (template->files[i].file == file)
            return template->files[i].view;
    }
    uint32_t view = make_view(template, facts, file);
    ARRAY_GROW(facts->scratch, template->files, template->nfiles,
               template->files_capacity);
    template->files[template->nfiles++] = (TemplateFile){file, view};
    return view;
}
