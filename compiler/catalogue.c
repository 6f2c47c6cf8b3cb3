#include "catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"
#include "syntax/syntax.h"

typedef struct Reader {
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    Diags *diags;
    Catalogue *catalogue;
    uint32_t *files; /* of the program */
    uint32_t nfiles, files_capacity;
    const Tree **vocabulary; /* metadata of platform files */
    uint32_t nvocabulary, vocabulary_capacity;
    uint32_t shipped; /* the last shipped file */
    bool failed;
} Reader;

/* Where a rule file's metadata begins. */
static Span head(uint32_t file)
{
    return (Span){file, 0, 5};
}

/* An error of a rule file. */
#define WRONG(reader, span, ...)                                                       \
    ((reader)->failed = true,                                                          \
     (void)diag_error((reader)->diags, "", (span), __VA_ARGS__))

/* The bytes between "/" "*---" and "---*" "/" at the start of the file. */
static bool find_block(const Sources *sources, uint32_t file, Span *block)
{
    Text bytes = source_bytes(sources, file);
    size_t end = text_find(bytes, TEXT("---*/"));

    if (!text_starts_with(bytes, TEXT("/*---")) || end == bytes.len)
        return false;
    *block = (Span){file, 5, (uint32_t)end};
    return true;
}

static Text required(Reader *reader, const Tree *tree, const char *key)
{
    NodeId node = tree_find(tree, tree->root, text_of(key));
    Text value = tree_string(tree, node);

    if (value.len == 0)
        WRONG(reader, tree_span(tree, tree->root),
              "the rule's metadata has no '%.*s'; expected a text",
              TEXT_ARG(text_of(key)));
    return value;
}

/* The text of a key that may be absent. */
static Text optional(Reader *reader, const Tree *tree, const char *key)
{
    NodeId node = tree_find(tree, tree->root, text_of(key));
    Text value = text_trim(tree_string(tree, node));

    if (node.index && value.len == 0)
        WRONG(reader, tree_span(tree, node),
              "'%s' of the rule's metadata is empty or no text; expected a text", key);
    return value;
}

/* The name of a case, which begins with `kind`: "bad" or "bad-...". */
static Text optional_case(Reader *reader, const Tree *tree, const char *key,
                          const char *kind)
{
    Text name = optional(reader, tree, key);
    Text rest = text_from(name, text_of(kind).len);

    if (name.len &&
        (!text_starts_with(name, text_of(kind)) || (rest.len && rest.at[0] != '-') ||
         text_find_byte(name, '/') < name.len))
        WRONG(reader, tree_span(tree, tree_find(tree, tree->root, text_of(key))),
              "'%.*s' is no case for '%s'; expected %s, or a name that begins with "
              "%s-",
              TEXT_ARG(name), key, kind, kind);
    return name;
}

static void read_severity(Reader *reader, const Tree *tree, Rule *rule)
{
    Text value = required(reader, tree, "severity");

    for (Severity i = SEVERITY_INFO; i <= SEVERITY_ERROR; i++) {
        rule->severity = i;
        if (text_equal(value, text_of(severity_name(i))))
            return;
    }
    if (value.len)
        WRONG(reader, tree_span(tree, tree_find(tree, tree->root, TEXT("severity"))),
              "'%.*s' is no severity; expected error, warning or info",
              TEXT_ARG(value));
}

static void read_basis(Reader *reader, const Tree *tree, Rule *rule)
{
    rule->basis = required(reader, tree, "basis");
    if (rule->basis.len && !text_equal(rule->basis, TEXT("documented")) &&
        !text_equal(rule->basis, TEXT("reference code")) &&
        !text_equal(rule->basis, TEXT("inferred")))
        WRONG(reader, tree_span(tree, tree_find(tree, tree->root, TEXT("basis"))),
              "'%.*s' is no basis; expected documented, reference code or inferred",
              TEXT_ARG(rule->basis));
}

static void read_scope(Reader *reader, const Tree *tree, Rule *rule)
{
    Text scope = required(reader, tree, "scope");

    rule->is_organization_wide = text_equal(scope, TEXT("organization"));
    if (scope.len && !rule->is_organization_wide &&
        !text_equal(scope, TEXT("repository")))
        WRONG(reader, tree_span(tree, tree_find(tree, tree->root, TEXT("scope"))),
              "'%.*s' is no scope; expected repository or organization",
              TEXT_ARG(scope));
}

static void read_labels(Reader *reader, const Tree *tree, Rule *rule)
{
    NodeId labels = tree_find(tree, tree->root, TEXT("labels"));
    Label *list = ARENA_ARRAY(reader->arena, tree_node(tree, labels)->count, Label);

    rule->labels = list;
    for (NodeId at = tree_first(tree, labels); at.index; at = tree_next(tree, at))
        list[rule->nlabels++] =
            (Label){tree_node(tree, at)->key, tree_string(tree, at)};
}

/* The texts of a list under a key; none when it is absent. */
static uint32_t read_list(Reader *reader, const Tree *tree, Text key,
                          const Text **items)
{
    NodeId node = tree_find(tree, tree->root, key);
    Text *list = ARENA_ARRAY(reader->arena, tree_node(tree, node)->count, Text);
    uint32_t count = 0;

    for (NodeId at = tree_first(tree, node); at.index; at = tree_next(tree, at))
        list[count++] = tree_string(tree, at);
    *items = list;
    return count;
}

static void check_keys(Reader *reader, const Tree *tree, NodeId object,
                       const Text *known, uint32_t count)
{
    for (NodeId at = tree_first(tree, object); at.index; at = tree_next(tree, at)) {
        Text key = tree_node(tree, at)->key;
        uint32_t i = 0;

        while (i < count && !text_equal(key, known[i]))
            i++;
        if (i == count)
            WRONG(reader, tree_key_span(tree, at),
                  "'%.*s' is no key of a rule file's metadata; the nearest is '%.*s'",
                  TEXT_ARG(key), TEXT_ARG(text_nearest(key, known, count)));
    }
}

/* What a kind of fix needs beside `at`. */
typedef struct FixForm {
    FixKind kind;
    Text name;
    bool needs_with, needs_key;
} FixForm;

static const FixForm fix_forms[] = {{FIX_REPLACE, TEXT_INIT("replace"), true, false},
                                    {FIX_REMOVE, TEXT_INIT("remove"), false, false},
                                    {FIX_APPEND, TEXT_INIT("append"), true, true},
                                    {FIX_SET, TEXT_INIT("set"), true, true},
                                    {FIX_MOVE, TEXT_INIT("move"), false, true}};

static const FixForm *find_fix_form(Text name)
{
    for (size_t i = 0; i < sizeof(fix_forms) / sizeof(*fix_forms); i++) {
        if (text_equal(fix_forms[i].name, name))
            return &fix_forms[i];
    }
    return NULL;
}

/* at = attribute | [attribute, ...] */
static void read_fix_places(Reader *reader, const Tree *tree, NodeId fix, FixRule *rule)
{
    NodeId at = tree_find(tree, fix, TEXT("at"));
    uint32_t count = tree_kind(tree, at) == NODE_ARRAY ? tree_node(tree, at)->count : 1;
    Text *list = ARENA_ARRAY(reader->arena, count, Text);

    rule->at = list;
    if (tree_is_string(tree, at))
        list[rule->nat++] = tree_string(tree, at);
    else if (tree_kind(tree, at) == NODE_ARRAY)
        for (NodeId item = tree_first(tree, at); item.index;
             item = tree_next(tree, item))
            list[rule->nat++] = tree_string(tree, item);
    if (rule->nat == 0)
        WRONG(reader, tree_key_span(tree, fix),
              "the fix has no 'at', an attribute of type Site or a list of them");
}

static void check_fix_part(Reader *reader, const Tree *tree, NodeId fix,
                           const FixForm *form, const char *key, bool is_needed)
{
    NodeId node = tree_find(tree, fix, text_of(key));

    if (is_needed && tree_scalar(tree, node).len == 0)
        WRONG(reader, tree_key_span(tree, fix), "a fix that is to %.*s needs '%s'",
              TEXT_ARG(form->name), key);
    else if (!is_needed && node.index)
        WRONG(reader, tree_key_span(tree, node), "a fix that is to %.*s takes no '%s'",
              TEXT_ARG(form->name), key);
}

static void read_fix(Reader *reader, const Tree *tree, FixRule *rule)
{
    static const Text keys[] = {TEXT_INIT("safe"), TEXT_INIT("at"), TEXT_INIT("do"),
                                TEXT_INIT("with"), TEXT_INIT("key")};
    NodeId fix = tree_find(tree, tree->root, TEXT("fix"));

    if (!fix.index)
        return;
    Text name = tree_string(tree, tree_find(tree, fix, TEXT("do")));
    const FixForm *form = find_fix_form(name);
    NodeId with = tree_find(tree, fix, TEXT("with"));
    check_keys(reader, tree, fix, keys, sizeof(keys) / sizeof(*keys));
    if (!tree_boolean(tree, tree_find(tree, fix, TEXT("safe")), &rule->is_safe))
        WRONG(reader, tree_key_span(tree, fix),
              "the fix has no 'safe', which is true or false");
    read_fix_places(reader, tree, fix, rule);
    if (!form) {
        WRONG(
            reader, tree_key_span(tree, fix),
            "'%.*s' is nothing for a fix to do; expected replace, remove, append, set "
            "or move",
            TEXT_ARG(name));
        return;
    }
    check_fix_part(reader, tree, fix, form, "with", form->needs_with);
    check_fix_part(reader, tree, fix, form, "key", form->needs_key);
    rule->kind = form->kind;
    rule->with = tree_scalar(tree, with);
    rule->with_is_word = with.index && !tree_is_string(tree, with);
    rule->key = tree_scalar(tree, tree_find(tree, fix, TEXT("key")));
}

static void read_rule(Reader *reader, const Tree *tree, Text id, uint32_t file,
                      const RuleHome *home)
{
    static const Text keys[] = {
        TEXT_INIT("title"),         TEXT_INIT("severity"), TEXT_INIT("basis"),
        TEXT_INIT("message"),       TEXT_INIT("help"),     TEXT_INIT("scope"),
        TEXT_INIT("documentation"), TEXT_INIT("labels"),   TEXT_INIT("yields_to"),
        TEXT_INIT("description"),   TEXT_INIT("failing"),  TEXT_INIT("passing"),
        TEXT_INIT("fix"),           TEXT_INIT("tags")};
    Catalogue *catalogue = reader->catalogue;
    Rule rule = {.id = id, .file = file, .home = home};

    rule.relation.index = DL_NO_RELATION;
    check_keys(reader, tree, tree->root, keys, sizeof(keys) / sizeof(*keys));
    rule.title = required(reader, tree, "title");
    rule.message = required(reader, tree, "message");
    rule.help = required(reader, tree, "help");
    rule.documentation = required(reader, tree, "documentation");
    rule.description = optional(reader, tree, "description");
    rule.failing = optional_case(reader, tree, "failing", "bad");
    rule.passing = optional_case(reader, tree, "passing", "good");
    read_severity(reader, tree, &rule);
    read_basis(reader, tree, &rule);
    read_scope(reader, tree, &rule);
    read_labels(reader, tree, &rule);
    rule.nyields_to = read_list(reader, tree, TEXT("yields_to"), &rule.yields_to);
    rule.ntags = read_list(reader, tree, TEXT("tags"), &rule.tags);
    read_fix(reader, tree, &rule.fix);
    ARRAY_GROW(reader->arena, catalogue->rules, catalogue->count, catalogue->capacity);
    catalogue->rules[catalogue->count++] = rule;
}

/* "leak/latent-grant" of "rules/leak/latent-grant.dl"; empty for vocabulary. */
static Text id_of(Text path, Text directory)
{
    Text id = text_from(path, directory.len ? directory.len + 1 : 0);

    if (text_starts_with(id, TEXT("platform/")) || text_equal(id, TEXT("schema.dl")))
        return (Text){0};
    return text_slice(id, 0, id.len - 3);
}

static void read_file(Reader *reader, uint32_t file, Text id, const RuleHome *home)
{
    static const Text keys[] = {TEXT_INIT("says"), TEXT_INIT("absent")};
    uint32_t before = reader->diags->count;
    Span block;

    ARRAY_GROW(reader->arena, reader->files, reader->nfiles, reader->files_capacity);
    reader->files[reader->nfiles++] = file;
    if (!find_block(reader->sources, file, &block)) {
        if (id.len)
            WRONG(reader, head(file),
                  "the rule '%.*s' does not begin with its metadata, a YAML block "
                  "between /*--- and ---*/",
                  TEXT_ARG(id));
        return;
    }
    const Tree *tree =
        yaml_read_part(reader->arena, reader->sources, block, reader->diags);
    for (uint32_t i = before; i < reader->diags->count; i++) {
        reader->diags->items[i].rule = "";
        reader->failed = true;
    }
    if (id.len) {
        read_rule(reader, tree, id, file, home);
        return;
    }
    check_keys(reader, tree, tree->root, keys, sizeof(keys) / sizeof(*keys));
    ARRAY_GROW(reader->arena, reader->vocabulary, reader->nvocabulary,
               reader->vocabulary_capacity);
    reader->vocabulary[reader->nvocabulary++] = tree;
}

static const RuleHome *home_of(Arena *arena, const RuleDirectory *directory, Text path)
{
    RuleHome *home = ARENA_NEW(arena, RuleHome);

    *home = (RuleHome){directory->files, directory->at, directory->path,
                       text_slice(path, 0, path.len - 3)};
    return home;
}

static void read_own(Reader *reader, const RuleDirectory *directories,
                     uint32_t ndirectories)
{
    RulePaths paths = rule_paths_find(reader->arena, directories, ndirectories);

    for (uint32_t i = 0; i < paths.count; i++) {
        const RulePath *found = &paths.items[i];

        if (found->file)
            read_file(reader, found->file, id_of(found->path, found->directory->path),
                      home_of(reader->arena, found->directory, found->path));
        else if (found->listed != FILE_READ)
            WRONG(reader, (Span){0}, "the directory of rules '%.*s' %s",
                  TEXT_ARG(found->path), file_result_says(found->listed));
        else
            WRONG(reader, (Span){0}, "the rule file '%.*s' cannot be read",
                  TEXT_ARG(found->path));
    }
}

static void add_sentence(Reader *reader, const DlProgram *program, const Tree *tree,
                         NodeId node, bool absent)
{
    Text name = tree_node(tree, node)->key;
    DlRelationId id = dl_relation_find(program, name);

    if (id.index == DL_NO_RELATION) {
        WRONG(reader, tree_key_span(tree, node), "no relation '%.*s'", TEXT_ARG(name));
        return;
    }
    Sentence *sentence = &reader->catalogue->sentences[id.index];
    *(absent ? &sentence->absent : &sentence->says) = tree_string(tree, node);
}

static void read_sentences(Reader *reader, const DlProgram *program)
{
    Catalogue *catalogue = reader->catalogue;

    catalogue->nsentences = dl_relation_count(program);
    catalogue->sentences = ARENA_ARRAY(reader->arena, catalogue->nsentences, Sentence);
    for (RelationId i = 0; i < REL_COUNT; i++) {
        DlRelationId id = dl_relation_find(program, text_of(relations[i].name));

        if (id.index != DL_NO_RELATION)
            catalogue->sentences[id.index] =
                (Sentence){text_of(relations[i].says), text_of(relations[i].absent)};
    }
    for (uint32_t i = 0; i < reader->nvocabulary; i++) {
        const Tree *tree = reader->vocabulary[i];
        NodeId says = tree_find(tree, tree->root, TEXT("says"));
        NodeId absent = tree_find(tree, tree->root, TEXT("absent"));

        for (NodeId at = tree_first(tree, says); at.index; at = tree_next(tree, at))
            add_sentence(reader, program, tree, at, false);
        for (NodeId at = tree_first(tree, absent); at.index; at = tree_next(tree, at))
            add_sentence(reader, program, tree, at, true);
    }
}

static const DlAttribute *find_attribute(const DlRelation *relation, Text name)
{
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (text_equal(relation->attributes[i].name, name))
            return &relation->attributes[i];
    }
    return NULL;
}

static Text attribute_names(Arena *arena, const DlRelation *relation)
{
    Buffer out = {.arena = arena};

    for (uint32_t i = 0; i < relation->arity; i++)
        buffer_format(&out, "%s%.*s", i ? ", " : "",
                      TEXT_ARG(relation->attributes[i].name));
    return buffer_text(&out);
}

/* Where the metadata holds these bytes; its head when it writes them otherwise. */
static Span find_in_block(Reader *reader, uint32_t file, Text part)
{
    Text bytes = source_bytes(reader->sources, file);
    size_t at = text_find(bytes, part);

    if (at >= text_find(bytes, TEXT("---*/")))
        return head(file);
    return (Span){file, (uint32_t)at, (uint32_t)(at + part.len)};
}

/* Every {attribute} of a template is one of the relation's. */
static void check_template(Reader *reader, const Rule *rule, const DlRelation *relation,
                           Text template)
{
    for (;;) {
        template = text_from(template, text_find_byte(template, '{'));
        size_t end = text_find_byte(template, '}');

        if (template.len == 0 || end == template.len)
            return;
        Text name = text_slice(template, 1, end);
        if (!find_attribute(relation, name))
            WRONG(reader,
                  find_in_block(reader, rule->file, text_slice(template, 0, end + 1)),
                  "{%.*s} is no attribute of the rule's relation, which has %.*s",
                  TEXT_ARG(name), TEXT_ARG(attribute_names(reader->arena, relation)));
        template = text_from(template, end);
    }
}

/* What a reader says has two places. */
static void check_reader_fix(Reader *reader, const Rule *rule)
{
    for (uint32_t i = 0; i < rule->fix.nat; i++) {
        if (!text_equal(rule->fix.at[i], TEXT("at")) &&
            !text_equal(rule->fix.at[i], TEXT("related")))
            WRONG(reader, head(rule->file),
                  "the fix is at '%.*s'; what a reader finds is 'at' a place and has a "
                  "'related' one",
                  TEXT_ARG(rule->fix.at[i]));
    }
}

/* Anything but blanks behind the metadata. */
static bool has_clauses(const Sources *sources, uint32_t file)
{
    Text bytes = source_bytes(sources, file);

    return text_trim(text_from(bytes, text_find(bytes, TEXT("---*/")) + 5)).len > 0;
}

static void check_fix(Reader *reader, const Rule *rule, const DlRelation *relation)
{
    check_template(reader, rule, relation, rule->fix.with);
    for (uint32_t i = 0; i < rule->fix.nat; i++) {
        const DlAttribute *attribute = find_attribute(relation, rule->fix.at[i]);

        if (!attribute || !text_equal(attribute->type, TEXT("Site")))
            WRONG(reader, head(rule->file),
                  "the fix is at '%.*s', which is no attribute of type Site",
                  TEXT_ARG(rule->fix.at[i]));
    }
}

static void bind_rule(Reader *reader, const DlProgram *program, Rule *rule)
{
    char *name = ARENA_ARRAY(reader->arena, rule->id.len, char);

    for (size_t i = 0; i < rule->id.len; i++) {
        char byte = rule->id.at[i];

        name[i] = byte == '/' || byte == '-' ? '_' : byte;
    }
    rule->relation = dl_relation_find(program, (Text){name, rule->id.len});
    if (rule->relation.index == DL_NO_RELATION) {
        /* Only the shipped ones without clauses are found by a reader. */
        if (rule->file > reader->shipped || has_clauses(reader->sources, rule->file))
            WRONG(reader, head(rule->file),
                  "the rule '%.*s' has no relation of its name; expected '.decl "
                  "%.*s(at: Site, …)'",
                  TEXT_ARG(rule->id), TEXT_ARG(((Text){name, rule->id.len})));
        check_reader_fix(reader, rule);
        return;
    }
    const DlRelation *relation = dl_relation(program, rule->relation);
    if (!relation->is_output || relation->arity == 0 ||
        !text_equal(relation->attributes[0].type, TEXT("Site")))
        WRONG(reader, relation->declared,
              "'%.*s' must be .output, with an attribute of type Site first",
              TEXT_ARG(relation->name));
    check_template(reader, rule, relation, rule->message);
    check_template(reader, rule, relation, rule->help);
    check_fix(reader, rule, relation);
    for (uint32_t i = 0; i < rule->nlabels; i++) {
        const DlAttribute *attribute =
            find_attribute(relation, rule->labels[i].attribute);

        if (!attribute || !text_equal(attribute->type, TEXT("Site")))
            WRONG(reader, head(rule->file),
                  "the label '%.*s' is no attribute of type Site",
                  TEXT_ARG(rule->labels[i].attribute));
        check_template(reader, rule, relation, rule->labels[i].says);
    }
}

static int by_id(const void *left, const void *right)
{
    const Rule *one = left, *other = right;
    int order = text_compare(one->id, other->id);

    return order ? order : (one->file > other->file) - (one->file < other->file);
}

static void check_unique(Reader *reader)
{
    Catalogue *catalogue = reader->catalogue;

    qsort(catalogue->rules, catalogue->count, sizeof(Rule), by_id);
    for (uint32_t i = 1; i < catalogue->count; i++) {
        if (text_equal(catalogue->rules[i - 1].id, catalogue->rules[i].id))
            WRONG(reader, head(catalogue->rules[i].file),
                  "there is a rule '%.*s' already; expected another name for this file",
                  TEXT_ARG(catalogue->rules[i].id));
    }
    for (uint32_t i = 0; i < catalogue->count; i++) {
        for (uint32_t j = 0; j < catalogue->rules[i].nyields_to; j++) {
            if (!rule_find(catalogue, catalogue->rules[i].yields_to[j]))
                WRONG(reader, head(catalogue->rules[i].file),
                      "yields_to names '%.*s', which is no rule",
                      TEXT_ARG(catalogue->rules[i].yields_to[j]));
        }
    }
}

DlProgram *catalogue_read(Arena *arena, Symbols *symbols, Sources *sources,
                          const RuleDirectory *directories, uint32_t ndirectories,
                          Diags *diags, Catalogue *catalogue)
{
    Reader reader = {.arena = arena,
                     .symbols = symbols,
                     .sources = sources,
                     .diags = diags,
                     .catalogue = catalogue};

    for (uint32_t i = 0; i < nrule_files; i++) {
        Text path = text_of(rule_files[i].path);
        Text bytes = {(const char *)rule_files[i].bytes, rule_files[i].len};

        read_file(&reader, sources_add(sources, path, bytes),
                  id_of(path, TEXT("rules")), NULL);
    }
    reader.shipped = sources_count(sources);
    read_own(&reader, directories, ndirectories);
    check_unique(&reader);
    DlProgram *program =
        dl_compile(arena, symbols, sources, reader.files, reader.nfiles, diags);
    if (!program)
        return NULL;
    read_sentences(&reader, program);
    for (uint32_t i = 0; i < catalogue->count; i++)
        bind_rule(&reader, program, &catalogue->rules[i]);
    return reader.failed ? NULL : program;
}
