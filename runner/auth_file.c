#include "auth_file.h"

#include <string.h>

#include "base/json_out.h"
#include "base/server_key.h"
#include "redact.h"
#include "syntax/syntax.h"

static const char *const section_names[] = {
    [SECTION_AUTHS] = "auths", [SECTION_HELPERS] = "credHelpers"};

static bool refuse(Text *problem, Text says)
{
    *problem = says;
    return false;
}

static bool is_too_deep(const Tree *tree)
{
    for (uint32_t i = 1; i < tree->count; i++) {
        uint32_t depth = 0;

        for (NodeId up = {i}; up.index && depth <= AUTH_FILE_DEPTH;
             up = tree_node(tree, up)->parent)
            depth++;
        if (depth > AUTH_FILE_DEPTH)
            return true;
    }
    return false;
}

static bool has_other_kind(const AuthFile *file, const char *key, NodeKind kind)
{
    NodeId member = tree_find(file->tree, file->root, text_of(key));

    return member.index && tree_kind(file->tree, member) != kind;
}

/* A member that docker takes for one of ours, since it does not tell capitals apart. */
static bool has_look_alike(const AuthFile *file)
{
    static const char *const names[] = {"auths", "credHelpers", "credsStore"};

    for (NodeId at = tree_first(file->tree, file->root); at.index;
         at = tree_next(file->tree, at)) {
        Text key = tree_node(file->tree, at)->key;

        for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
            if (text_equal_ignoring_case(key, text_of(names[i])) &&
                !text_equal(key, text_of(names[i])))
                return true;
        }
    }
    return false;
}

bool auth_file_read(Arena *arena, Text bytes, AuthFile *file, Text *problem)
{
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);

    if (bytes.len > AUTH_FILE_BYTES_MAX)
        return refuse(problem, TEXT("is larger than 1 MiB"));
    *file = (AuthFile){.arena = arena, .bytes = bytes.len ? bytes : TEXT("{}\n")};
    uint32_t number = sources_add(sources, TEXT("file"), file->bytes);
    file->tree = json_read(arena, sources, number, diags);
    if (diags->count) {
        const Diag *diag = &diags->items[0];
        Place place = source_place(sources, number, diag->span.start);
        bool twice = strcmp(diag->rule, "input/duplicate-key") == 0;

        *problem = arena_format(arena, "%s (line %u, column %u)",
                                twice ? "holds a key twice" : "is not JSON", place.line,
                                place.column);
        return false;
    }
    file->root = file->tree->root;
    for (size_t i = 0; i <= SECTION_HELPERS; i++)
        file->sections[i] =
            tree_find(file->tree, file->root, text_of(section_names[i]));
    if (tree_kind(file->tree, file->root) != NODE_OBJECT)
        return refuse(problem, TEXT("is not a JSON object"));
    if (has_look_alike(file))
        return refuse(
            problem,
            TEXT("has a member that docker takes for 'auths', 'credHelpers' or "
                 "'credsStore', in other letters"));
    if (is_too_deep(file->tree))
        return refuse(problem, TEXT("nests deeper than 64 levels"));
    if (has_other_kind(file, "auths", NODE_OBJECT))
        return refuse(problem, TEXT("has an 'auths' that is not an object"));
    if (has_other_kind(file, "credHelpers", NODE_OBJECT))
        return refuse(problem, TEXT("has a 'credHelpers' that is not an object"));
    if (has_other_kind(file, "credsStore", NODE_STRING))
        return refuse(problem, TEXT("has a 'credsStore' that is not a string"));
    return true;
}

bool auth_file_is_shadowed(const AuthFile *file, Section section, Text host, Text ours,
                           Text *problem)
{
    NodeId store = tree_find(file->tree, file->root, TEXT("credsStore"));

    for (NodeId at = auth_file_first(file, SECTION_HELPERS); at.index;
         at = tree_next(file->tree, at)) {
        ServerKey key;
        Text ignored;

        if (!server_key_read(file->arena, tree_node(file->tree, at)->key, &key,
                             &ignored) ||
            !text_equal(key.host, host) ||
            (section == SECTION_HELPERS &&
             text_equal(tree_string(file->tree, at), ours)))
            continue;
        *problem =
            arena_format(file->arena,
                         "has a credential helper for %.*s, which would be asked "
                         "in the place of this login",
                         TEXT_ARG(host));
        return true;
    }
    if (section == SECTION_HELPERS || tree_string(file->tree, store).len == 0)
        return false;
    *problem = TEXT("keeps its logins in a credential store (credsStore), which would "
                    "be asked in the place of this login");
    return true;
}

NodeId auth_file_first(const AuthFile *file, Section section)
{
    return tree_first(file->tree, file->sections[section]);
}

static NodeId find_entry(const AuthFile *file, Section section, Text key)
{
    return tree_find(file->tree, file->sections[section], key);
}

bool auth_file_entry(const AuthFile *file, Section section, Text key, Text *value)
{
    NodeId entry = find_entry(file, section, key);
    const Node *node = tree_node(file->tree, entry);

    *value = text_slice(file->bytes, node->start, node->end);
    return entry.index != 0;
}

/* The white space before an object's last key: how the next one is set off. */
static Text gap_before_last(const AuthFile *file, NodeId object)
{
    const Node *last = tree_node(file->tree, tree_node(file->tree, object)->last);
    uint32_t start = last->key_start;

    while (start > 0 && text_trim(text_slice(file->bytes, start - 1, start)).len == 0)
        start--;
    return text_slice(file->bytes, start, last->key_start);
}

static void add_entry(Buffer *out, const AuthEntry *entry)
{
    json_add_quoted(out, entry->key);
    buffer_add(out, TEXT(": "));
    buffer_add(out, entry->value);
}

/* The entries that the file does not have yet, as members set off by `gap`. */
static void add_new(const AuthFile *file, Section section, Buffer *out,
                    const AuthEntry *entries, uint32_t count, Text gap, bool first)
{
    for (uint32_t i = 0; i < count; i++) {
        if (find_entry(file, section, entries[i].key).index)
            continue;
        if (!first)
            buffer_add_byte(out, ',');
        buffer_add(out, gap);
        add_entry(out, &entries[i]);
        first = false;
    }
}

/* Where new members go: behind the last one, or behind the bracket. */
static uint32_t insertion(const AuthFile *file, NodeId object)
{
    const Node *node = tree_node(file->tree, object);

    return node->last.index ? tree_node(file->tree, node->last)->end : node->start + 1;
}

static void merge_without_section(const AuthFile *file, Section section, Buffer *out,
                                  const AuthEntry *entries, uint32_t count)
{
    bool empty = tree_node(file->tree, file->root)->count == 0;
    uint32_t at = insertion(file, file->root);

    buffer_add(out, text_slice(file->bytes, 0, at));
    if (!empty)
        buffer_add_byte(out, ',');
    buffer_add(out, empty ? TEXT("\n\t") : gap_before_last(file, file->root));
    buffer_format(out, "\"%s\": {", section_names[section]);
    add_new(file, section, out, entries, count, TEXT("\n\t\t"), true);
    buffer_add(out, empty ? TEXT("\n\t}\n") : TEXT("\n\t}"));
    buffer_add(out, text_from(file->bytes, at));
}

static const AuthEntry *entry_of(const AuthEntry *entries, uint32_t count, Text key)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(entries[i].key, key))
            return &entries[i];
    }
    return NULL;
}

static void merge_into_section(const AuthFile *file, Section section, Buffer *out,
                               const AuthEntry *entries, uint32_t count)
{
    NodeId object = file->sections[section];
    bool empty = tree_node(file->tree, object)->count == 0;
    uint32_t done = 0, at = insertion(file, object);
    uint32_t known = 0;

    for (NodeId member = tree_first(file->tree, object); member.index;
         member = tree_next(file->tree, member)) {
        const Node *node = tree_node(file->tree, member);
        const AuthEntry *entry = entry_of(entries, count, node->key);

        if (!entry)
            continue;
        buffer_add(out, text_slice(file->bytes, done, node->start));
        buffer_add(out, entry->value);
        done = node->end;
        known++;
    }
    buffer_add(out, text_slice(file->bytes, done, at));
    add_new(file, section, out, entries, count,
            empty ? TEXT("\n\t\t") : gap_before_last(file, object), empty);
    if (empty && known < count)
        buffer_add(out, TEXT("\n\t"));
    buffer_add(out, text_from(file->bytes, at));
}

/* An upper bound, so that the buffer never grows and leaves a copy behind. */
static size_t room_for(const AuthFile *file, NodeId object, const AuthEntry *entries,
                       uint32_t count)
{
    size_t gap = object.index && tree_node(file->tree, object)->count
                     ? gap_before_last(file, object).len
                     : 0;
    size_t room = file->bytes.len + 64 +
                  (object.index || tree_node(file->tree, file->root)->count == 0
                       ? 0
                       : gap_before_last(file, file->root).len);

    for (uint32_t i = 0; i < count; i++)
        room += entries[i].key.len * 6 + entries[i].value.len + gap + 16;
    return room;
}

Text auth_file_merge(const AuthFile *file, Section section, const AuthEntry *entries,
                     uint32_t count)
{
    size_t room = room_for(file, file->sections[section], entries, count);
    Buffer out = {.arena = file->arena, .capacity = room};

    out.at = secret_room(file->arena, room);
    if (file->sections[section].index)
        merge_into_section(file, section, &out, entries, count);
    else
        merge_without_section(file, section, &out, entries, count);
    return buffer_text(&out);
}

/* The entry goes with the comma that sets it off: the one before it, or, of the first,
 * the one behind it. */
Text auth_file_without(const AuthFile *file, Section section, Text key)
{
    NodeId object = file->sections[section], entry = find_entry(file, section, key);
    NodeId before = {0};

    for (NodeId at = tree_first(file->tree, object);
         at.index && at.index != entry.index; at = tree_next(file->tree, at))
        before = at;
    if (!entry.index)
        return file->bytes;
    NodeId next = tree_next(file->tree, entry);
    uint32_t start = before.index ? tree_node(file->tree, before)->end
                                  : tree_node(file->tree, object)->start + 1;
    uint32_t end = tree_node(file->tree, entry)->end;
    if (!before.index && next.index) {
        start = tree_node(file->tree, entry)->key_start;
        end = tree_node(file->tree, next)->key_start;
    } else if (!before.index) {
        end = tree_node(file->tree, object)->end - 1; /* nothing is left in it */
    }
    Buffer out = {.arena = file->arena, .capacity = file->bytes.len};

    out.at = secret_room(file->arena, file->bytes.len);
    buffer_add(&out, text_slice(file->bytes, 0, start));
    buffer_add(&out, text_from(file->bytes, end));
    return buffer_text(&out);
}
