#include "facts/manifest_schema.h"

#include <assert.h>

enum {
    UNKNOWN_KEYS_SAID = 20, /* of one file */
    ITEMS_MAX = 4 << 20     /* of one file, aliases followed */
};

static const Field manifest_fields[] = {
    {"organizations", FIELD_ENTRIES, true, false, NULL},
    {"repositories", FIELD_ENTRIES, true, false, NULL},
    {"packages", FIELD_ENTRIES, true, false, NULL},
    {"secrets", FIELD_ENTRIES, true, false, NULL},
    {"registries", FIELD_ENTRIES, true, false, NULL},
    {0},
};

static const Field organization_fields[] = {
    {"name", FIELD_OWNER, false, false, NULL},
    {"enterprise", FIELD_TEXT, false, true, NULL},
    {"base_images", FIELD_TEXT, true, false, NULL},
    {"secrets", FIELD_WORD, false, false, ""},
    {0},
};

static const Field repository_fields[] = {
    {"name", FIELD_REPOSITORY, false, false, NULL},
    {"visibility", FIELD_WORD, false, false, " public internal private "},
    {"path", FIELD_PATH, false, false, NULL},
    {"fork_of", FIELD_REPOSITORY, false, true, NULL},
    {"archived", FIELD_BOOLEAN, false, false, NULL},
    {"prebuilds", FIELD_BOOLEAN, false, false, NULL},
    {"secrets", FIELD_WORD, false, false, ""},
    {0},
};

static const Field package_fields[] = {
    {"name", FIELD_PACKAGE, false, false, NULL},
    {"visibility", FIELD_WORD, false, false, " public internal private "},
    {"repository", FIELD_REPOSITORY, false, true, NULL},
    {"published_by", FIELD_WORD, false, false, " actions pat "},
    {"inherit_access", FIELD_BOOLEAN, false, false, NULL},
    {"codespaces_access", FIELD_REPOSITORY, true, false, NULL},
    {"actions_access", FIELD_REPOSITORY, true, false, NULL},
    {"built_from", FIELD_TEXT, false, false, NULL},
    {0},
};

static const Field secret_fields[] = {
    {"name", FIELD_TEXT, false, false, NULL},
    {"organization", FIELD_OWNER, false, false, NULL},
    {"repository", FIELD_REPOSITORY, false, false, NULL},
    {"user", FIELD_OWNER, false, false, NULL},
    {"visibility", FIELD_WORD, false, false, " all private selected "},
    {"repositories", FIELD_REPOSITORY, true, false, NULL},
    {"updated_at", FIELD_TIME, false, false, NULL},
    {"value", FIELD_TEXT, false, false, NULL},
    {0},
};

static const Field registry_fields[] = {
    {"host", FIELD_HOST, false, false, NULL},
    {"access", FIELD_WORD, false, false, " private public "},
    {0},
};

static const Field berth_yaml_fields[] = {
    {"manifests", FIELD_TEXT, true, false, NULL},
    {"checkouts", FIELD_PATH, false, false, NULL},
    {"repository", FIELD_REPOSITORY, false, false, NULL},
    {"mirrors", FIELD_MAP, false, false, NULL},
    {"github", FIELD_HOST, false, false, NULL},
    {"rules", FIELD_PATH, true, false, NULL},
    {"severity", FIELD_MAP, false, false, NULL},
    {"acknowledge", FIELD_ENTRIES, true, false, NULL},
    {0},
};

static const Field acknowledgement_fields[] = {
    {"rule", FIELD_RULE, false, false, NULL},
    {"repository", FIELD_REPOSITORY, false, false, NULL},
    {"image", FIELD_TEXT, false, false, NULL},
    {"reason", FIELD_TEXT, false, false, NULL},
    {"until", FIELD_DATE, false, false, NULL},
    {0},
};

const Level level_manifest = {"a manifest", manifest_fields, true, false};
const Level level_organization = {"an organization's entry", organization_fields, true,
                                  false};
const Level level_repository = {"a repository's entry", repository_fields, true, false};
const Level level_package = {"a package's entry", package_fields, true, false};
const Level level_secret = {"a secret's entry", secret_fields, true, true};
const Level level_registry = {"a registry's entry", registry_fields, true, false};
const Level level_berth_yaml = {"berth.yaml", berth_yaml_fields, false, false};
const Level level_acknowledgement = {"an acknowledgement", acknowledgement_fields,
                                     false, false};

/* Where a key that stands in the wrong place may belong. */
static const Level *const levels[] = {
    &level_manifest, &level_organization, &level_repository,
    &level_package,  &level_secret,       &level_registry,
};

static const Field *field_find(const Level *level, Text name)
{
    for (const Field *field = level->fields; field->name; field++) {
        if (text_equal(name, text_of(field->name)))
            return field;
    }
    return NULL;
}

static const Field *field_get(const Level *level, const char *name)
{
    const Field *field = field_find(level, text_of(name));

    assert(field);
    return field;
}

/* --- keys --- */

static const char *nearest_key(const Level *level, Text key)
{
    uint32_t limit = key.len < 9 ? 2 : (uint32_t)(key.len < 30 ? key.len / 3 : 10);
    const char *nearest = NULL;

    for (const Field *field = level->fields; field->name; field++) {
        uint32_t distance = text_distance(key, text_of(field->name), limit);

        if (distance <= limit) {
            limit = distance ? distance - 1 : 0;
            nearest = field->name;
            if (distance == 0)
                break;
        }
    }
    return nearest;
}

static const Level *level_with(Text key)
{
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
        if (field_find(levels[i], key))
            return levels[i];
    }
    return NULL;
}

/* A key that is an alias may be the text of a password somewhere else. */
static Text key_as_written(SchemaReader *reader, NodeId member)
{
    Text written = span_bytes(reader->sources, tree_key_span(reader->tree, member));
    Text key = text_starts_with(written, TEXT("*"))
                   ? written
                   : tree_node(reader->tree, member)->key;

    return text_slice(key, 0, 100);
}

static void report_key(SchemaReader *reader, const Level *level, NodeId member)
{
    Text key = tree_node(reader->tree, member)->key;
    const char *nearest = nearest_key(level, key);
    const Level *other = level_with(key);
    Buffer message = {.arena = reader->arena};

    if (reader->nunknown++ >= UNKNOWN_KEYS_SAID)
        return;
    buffer_format(&message, "'%.*s' is no key of %s",
                  TEXT_ARG(key_as_written(reader, member)), level->says);
    if (nearest) {
        buffer_format(&message, "; the nearest is '%s'", nearest);
    } else if (other) {
        buffer_format(&message, ", but of %s", other->says);
    } else {
        buffer_add(&message, TEXT("; its keys are "));
        for (const Field *field = level->fields; field->name; field++)
            buffer_format(&message, "%s%s", field == level->fields ? "" : ", ",
                          field->name);
    }
    Diag *diag = diag_add(reader->diags, "input/unknown-key",
                          tree_key_span(reader->tree, member), "%.*s",
                          TEXT_ARG(buffer_text(&message)));
    diag->meant = text_of(nearest);
}

static bool names_a_credential(Text key)
{
    static const char *const words[] = {"password", "secret", "token", "value",
                                        "credential"};
    Text folded = text_slice(key, 0, 64);
    char few[64];

    for (size_t i = 0; i < folded.len; i++)
        few[i] = byte_to_lower(folded.at[i]);
    folded.at = few;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (text_find(folded, text_of(words[i])) < folded.len)
            return true;
    }
    return false;
}

/* What stands under a key that nobody knows may be a credential, and the line of the
 * key is shown. */
static void hide_unknown(SchemaReader *reader, const Level *level, NodeId member)
{
    NodeKind kind = tree_kind(reader->tree, member);

    if (level->holds_passwords || kind == NODE_OBJECT || kind == NODE_ARRAY ||
        names_a_credential(tree_node(reader->tree, member)->key))
        source_mark_secret(reader->sources,
                           tree_span(reader->tree, tree_resolve(reader->tree, member)));
}

void schema_check_keys(SchemaReader *reader, const Level *level, NodeId object)
{
    for (NodeId at = tree_first(reader->tree, object); at.index;
         at = tree_next(reader->tree, at)) {
        const Node *member = tree_node(reader->tree, at);

        if (member->is_merge || field_find(level, member->key))
            continue;
        hide_unknown(reader, level, at);
        report_key(reader, level, at);
    }
}

/* --- values --- */

static void add_words(Buffer *out, const Field *field)
{
    Text rest = text_trim(text_of(field->words)), word;

    for (bool done = rest.len == 0; text_next_part(&rest, ' ', &word, &done);)
        buffer_format(out, "%.*s%s", TEXT_ARG(word), done ? "" : ", ");
}

/* What an entry is about must be stated. */
static bool takes_unknown(const Level *level, const Field *field)
{
    return level->takes_unknown && !text_equal(text_of(field->name), TEXT("name")) &&
           !text_equal(text_of(field->name), TEXT("host"));
}

/* "public, internal, private or unknown" */
static void add_expected(Buffer *out, const Level *level, const Field *field,
                         bool is_item)
{
    bool is_list = field->is_list && !is_item;
    size_t start = out->len;

    if (field->kind == FIELD_WORD)
        add_words(out, field);
    else
        buffer_format(out, "%s%s", is_list ? "a list of " : "",
                      field_kind_expects(field->kind, is_list));
    if (field->takes_none)
        buffer_add(out, TEXT(", none"));
    if (takes_unknown(level, field))
        buffer_format(out, "%s%s", out->len > start ? " or " : "", "unknown");
}

static const char *nearest_word(const Field *field, Text text, Text *nearest)
{
    Text rest = text_trim(text_of(field->words ? field->words : "")), word;
    uint32_t limit = 2;

    for (bool done = rest.len == 0; text_next_part(&rest, ' ', &word, &done);) {
        uint32_t distance = text_distance(text, word, limit);

        if (distance <= limit && distance < word.len) {
            *nearest = word;
            return "; the nearest is ";
        }
    }
    *nearest = (Text){0};
    return "";
}

/* Marks the place and counts as unknown from here on. */
static ValueState reject(SchemaReader *reader, const Level *level, const Field *field,
                         NodeId node, bool is_item)
{
    NodeKind kind = tree_kind(reader->tree, node);
    bool is_scalar = kind != NODE_OBJECT && kind != NODE_ARRAY;
    bool wants_scalar = (is_item || !field->is_list) && field->kind != FIELD_ENTRIES &&
                        field->kind != FIELD_MAP;
    Buffer expected = {.arena = reader->arena};
    Text nearest;
    const char *near = nearest_word(field, tree_scalar(reader->tree, node), &nearest);

    if (field->kind == FIELD_ENTRIES || (level->holds_passwords && !is_scalar))
        source_mark_secret(reader->sources, tree_span(reader->tree, node));
    add_expected(&expected, level, field, is_item);
    if (is_scalar && wants_scalar && kind != NODE_NULL)
        diag_add(reader->diags, "", tree_span(reader->tree, node),
                 "%s'%s' is not valid; expected %.*s%s%.*s",
                 is_item ? "an item of " : "the value of ", field->name,
                 TEXT_ARG(buffer_text(&expected)), near, TEXT_ARG(nearest));
    else
        diag_add(reader->diags, "", tree_span(reader->tree, node),
                 "%s'%s' is %s; expected %.*s", is_item ? "an item of " : "",
                 field->name, node_kind_says(kind), TEXT_ARG(buffer_text(&expected)));
    return VALUE_UNKNOWN;
}

static bool is_scalar_of(SchemaReader *reader, const Field *field, NodeId node,
                         Text text)
{
    NodeKind kind = tree_kind(reader->tree, node);

    if (kind != NODE_STRING && kind != NODE_NUMBER && kind != NODE_BOOLEAN)
        return false;
    if (field->kind == FIELD_BOOLEAN)
        return kind == NODE_BOOLEAN;
    if (field->kind != FIELD_WORD)
        return field_kind_fits(reader->arena, field->kind, text);
    Text words = text_of(field->words);
    Text word = arena_format(reader->arena, " %.*s ", TEXT_ARG(text));

    return text_find_byte(text, ' ') == text.len && text_find(words, word) < words.len;
}

static ValueState state_of_null(Text written)
{
    return written.len ? VALUE_NONE : VALUE_ABSENT; /* "~", and nothing at all */
}

static ValueState state_of(SchemaReader *reader, const Level *level, const Field *field,
                           NodeId node, bool is_item)
{
    NodeKind kind = tree_kind(reader->tree, node);
    Text text = tree_scalar(reader->tree, node);

    if (kind == NODE_NULL && !is_item)
        return state_of_null(tree_node(reader->tree, node)->text);
    if (takes_unknown(level, field) &&
        text_equal(tree_string(reader->tree, node), TEXT("unknown")))
        return VALUE_UNKNOWN;
    if (field->takes_none && text_equal(text, TEXT("none")))
        return VALUE_NONE;
    if (field->is_list && !is_item)
        return kind == NODE_ARRAY ? VALUE_STATED
                                  : reject(reader, level, field, node, false);
    bool fits = field->kind == FIELD_ENTRIES || field->kind == FIELD_MAP
                    ? kind == NODE_OBJECT
                    : is_scalar_of(reader, field, node, text);
    return fits ? VALUE_STATED : reject(reader, level, field, node, is_item);
}

Value schema_value(SchemaReader *reader, const Level *level, NodeId object,
                   const char *name)
{
    const Field *field = field_get(level, name);
    Value value = {.node = tree_find(reader->tree, object, text_of(name))};

    if (value.node.index == 0)
        return value;
    value.span = tree_member_span(reader->tree, value.node);
    value.text = tree_scalar(reader->tree, value.node);
    value.state = state_of(reader, level, field, value.node, false);
    return value;
}

/* The first key of an entry, since a whole entry is many lines. */
static Span start_of(const Tree *tree, NodeId object)
{
    NodeId first = tree_first(tree, object);

    return first.index ? tree_key_span(tree, first) : tree_span(tree, object);
}

bool schema_required(SchemaReader *reader, const Level *level, NodeId object,
                     const char *name, Value *value)
{
    const Field *field = field_get(level, name);
    Buffer expected = {.arena = reader->arena};

    *value = schema_value(reader, level, object, name);
    if (value->state == VALUE_STATED || value->state == VALUE_UNKNOWN)
        return value->state == VALUE_STATED;
    add_expected(&expected, level, field, false);
    return diag_error(reader->diags, "", start_of(reader->tree, object),
                      "%s has no '%s'; expected %.*s", level->says, name,
                      TEXT_ARG(buffer_text(&expected)));
}

bool schema_item(SchemaReader *reader, const Level *level, const char *name,
                 const Value *list, NodeId *item, Value *value)
{
    const Field *field = field_get(level, name);

    *item = item->index ? tree_next(reader->tree, *item)
                        : tree_first(reader->tree, list->node);
    if (item->index == 0)
        return false;
    if (reader->nitems++ == ITEMS_MAX)
        diag_add(reader->diags, "", tree_span(reader->tree, *item),
                 "more than 4,194,304 items; the rest was not read");
    if (reader->nitems > ITEMS_MAX)
        return false;
    *value = (Value){.node = tree_resolve(reader->tree, *item)};
    value->span = tree_span(reader->tree, *item);
    value->text = tree_scalar(reader->tree, value->node);
    value->state = state_of(reader, level, field, value->node, true);
    return true;
}
