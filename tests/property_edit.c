/*
 * Random documents with random comments, and random changes of them: what is planned
 * reads as the document that was meant, and nothing else moved. The document is a model
 * of its own, so that the planner's check is not asked about itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/diag.h"
#include "base/json_out.h"
#include "syntax/edit.h"
#include "syntax/syntax.h"

enum { ROUNDS = 4000, CHILDREN = 6, ITEMS_ADDED = 4, DEPTH = 4, CHANGES = 3 };

typedef enum Kind { SCALAR, LIST, MAP } Kind;

typedef struct Model {
    Kind kind;
    Text key, text;
    struct Model *children[CHILDREN + ITEMS_ADDED];
    uint32_t count;
    struct Model *parent;
    bool is_gone;
    uint32_t start, end, key_start, key_end; /* where it was written */
} Model;

typedef struct World {
    Arena *arena;
    uint64_t random;
    bool is_json;
    Text newline;
    Buffer out;
    uint32_t comments, names;
    Model *nodes[4096];
    uint32_t nnodes;
} World;

static uint32_t below(World *world, uint32_t limit)
{
    world->random = world->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(world->random >> 33) % limit;
}

static bool chance(World *world, uint32_t one_in)
{
    return below(world, one_in) == 0;
}

static Text random_text(World *world)
{
    static const char *const odd[] = {"",
                                      "a: b",
                                      "x #y",
                                      "true",
                                      "null",
                                      "~",
                                      "12",
                                      "1.5",
                                      "- x",
                                      "it's",
                                      "\"q\"",
                                      "[x]",
                                      "{x",
                                      "*x",
                                      "&x",
                                      "!x",
                                      " x ",
                                      "a,b",
                                      "é",
                                      "日本",
                                      "yes",
                                      "@x",
                                      "back\\",
                                      "%x",
                                      "x:",
                                      "?",
                                      "-",
                                      "|",
                                      ">",
                                      "# x",
                                      "https://a/b:1",
                                      "0x1f"};

    if (chance(world, 3))
        return text_of(odd[below(world, sizeof(odd) / sizeof(*odd))]);
    return arena_format(world->arena, "v%u", ++world->names);
}

static Model *random_model(World *world, Model *parent, uint32_t depth)
{
    Model *model = ARENA_NEW(world->arena, Model);

    world->nodes[world->nnodes++] = model;
    model->parent = parent;
    model->kind = depth == 0 ? MAP : depth >= DEPTH ? SCALAR : (Kind)below(world, 3);
    if (parent && parent->kind == MAP)
        model->key = chance(world, 6)
                         ? arena_format(world->arena, "k %u", ++world->names)
                         : arena_format(world->arena, "k%u", ++world->names);
    if (model->kind == SCALAR) {
        model->text = random_text(world);
        return model;
    }
    model->count = below(world, CHILDREN) + (depth == 0);
    for (uint32_t i = 0; i < model->count; i++)
        model->children[i] = random_model(world, model, depth + 1);
    return model;
}

/* --- writing --- */

static bool is_simple(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_lower(text.at[i]) && (i == 0 || !byte_is_digit(text.at[i])))
            return false;
    }
    return text.len && !text_equal(text, TEXT("true")) &&
           !text_equal(text, TEXT("null")) && !text_equal(text, TEXT("yes"));
}

static void write_scalar(World *world, Text text)
{
    if (!world->is_json && is_simple(text) && !chance(world, 4)) {
        buffer_add(&world->out, text);
    } else if (!world->is_json && chance(world, 2)) {
        buffer_add_byte(&world->out, '\'');
        for (size_t i = 0; i < text.len; i++)
            buffer_add_times(&world->out, text.at[i], text.at[i] == '\'' ? 2 : 1);
        buffer_add_byte(&world->out, '\'');
    } else {
        json_add_quoted(&world->out, text);
    }
}

static void write_key(World *world, Model *model)
{
    model->key_start = (uint32_t)world->out.len;
    write_scalar(world, model->key);
    model->key_end = (uint32_t)world->out.len;
    buffer_add(&world->out, TEXT(":"));
}

/* Perhaps a comment, and the line's end. */
static void end_line(World *world)
{
    if (chance(world, 3))
        buffer_format(&world->out, " %s c%u", world->is_json ? "//" : "#",
                      ++world->comments);
    buffer_add(&world->out, world->newline);
}

static void own_line_comment(World *world, uint32_t indent)
{
    if (!chance(world, 6))
        return;
    buffer_add_times(&world->out, ' ', indent);
    buffer_format(&world->out, "%s c%u", world->is_json ? "//" : "#",
                  ++world->comments);
    buffer_add(&world->out, world->newline);
}

static void write_flow(World *world, Model *model, uint32_t indent)
{
    bool in_lines = chance(world, 2);

    model->start = (uint32_t)world->out.len;
    if (model->kind == SCALAR) {
        write_scalar(world, model->text);
        model->end = (uint32_t)world->out.len;
        return;
    }
    buffer_add_byte(&world->out, model->kind == LIST ? '[' : '{');
    if (in_lines)
        end_line(world);
    else if (chance(world, 3))
        buffer_add_byte(&world->out, ' ');
    for (uint32_t i = 0; i < model->count; i++) {
        bool is_last = i + 1 == model->count;

        if (in_lines) {
            own_line_comment(world, indent + 2);
            buffer_add_times(&world->out, ' ', indent + 2);
        }
        if (model->kind == MAP) {
            write_key(world, model->children[i]);
            buffer_add_byte(&world->out, ' ');
        }
        write_flow(world, model->children[i], indent + 2);
        if (world->is_json && chance(world, 8))
            buffer_format(&world->out, " /* c%u */", ++world->comments);
        if (!is_last || chance(world, 5))
            buffer_add_byte(&world->out, ',');
        if (in_lines)
            end_line(world);
        else if (!is_last)
            buffer_add_times(&world->out, ' ', 1 + below(world, 2));
    }
    if (in_lines)
        buffer_add_times(&world->out, ' ', indent);
    buffer_add_byte(&world->out, model->kind == LIST ? ']' : '}');
    model->end = (uint32_t)world->out.len;
}

static bool is_flow(World *world, const Model *model)
{
    return model->kind == SCALAR || model->count == 0 || chance(world, 3);
}

static void write_block(World *world, Model *model, uint32_t indent, bool goes_on);

/* What stands behind "key:" or "-". */
static void write_child(World *world, Model *child, uint32_t indent, bool is_item)
{
    if (is_flow(world, child)) {
        buffer_add_byte(&world->out, ' ');
        write_flow(world, child, indent);
        end_line(world);
    } else if (is_item && child->kind == MAP && chance(world, 2)) {
        buffer_add_byte(&world->out, ' ');
        write_block(world, child, indent + 2, true);
    } else {
        end_line(world);
        write_block(world, child,
                    indent +
                        (!is_item && child->kind == LIST ? below(world, 2) * 2 : 2),
                    false);
    }
}

/* `goes_on`: the first member stands in the line that was begun. */
static void write_block(World *world, Model *model, uint32_t indent, bool goes_on)
{
    for (uint32_t i = 0; i < model->count; i++) {
        Model *child = model->children[i];

        if (!goes_on || i > 0) {
            own_line_comment(world, indent);
            buffer_add_times(&world->out, ' ', indent);
        }
        if (i == 0)
            model->start = (uint32_t)world->out.len;
        if (model->kind == LIST)
            buffer_add_byte(&world->out, '-');
        else
            write_key(world, child);
        write_child(world, child, indent, model->kind == LIST);
        model->end = child->end;
    }
}

/* --- changes --- */

static Model *random_node(World *world)
{
    return world->nodes[below(world, world->nnodes)];
}

static Model *scalar_member(const Model *map)
{
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->children[i]->kind == SCALAR)
            return map->children[i];
    }
    return NULL;
}

static Span span_of(const Model *model, uint32_t file)
{
    bool by_key = model->key_end && model->kind != SCALAR;

    return by_key ? (Span){file, model->key_start, model->key_end}
                  : (Span){file, model->start, model->end};
}

static Text random_key(World *world, const Model *map)
{
    if (map->count && !chance(world, 3))
        return map->children[below(world, map->count)]->key;
    return arena_format(world->arena, "new%u", ++world->names);
}

/* False: the dice gave nothing that makes sense. `subject`: what it is about. */
static bool random_change(World *world, uint32_t file, Change *change, Model **subject)
{
    Model *node = random_node(world);
    ChangeKind kind = (ChangeKind)below(world, 4);

    *change = (Change){.kind = kind};
    *subject = node;
    if (kind == CHANGE_REPLACE || kind == CHANGE_REMOVE) {
        if (!node->parent || (kind == CHANGE_REPLACE && node->kind != SCALAR))
            return false;
        change->at = span_of(node, file);
        change->value = random_text(world);
        return true;
    }
    Model *member = node->kind == MAP ? scalar_member(node) : NULL;
    if (!member)
        return false;
    change->at = span_of(member, file);
    change->key = random_key(world, node);
    change->value = random_text(world);
    return true;
}

static Model *find_child(const Model *map, Text key)
{
    for (uint32_t i = 0; i < map->count; i++) {
        if (!map->children[i]->is_gone && text_equal(map->children[i]->key, key))
            return map->children[i];
    }
    return NULL;
}

static Model *add_child(World *world, Model *parent, Kind kind, Text key, Text text)
{
    Model *child = ARENA_NEW(world->arena, Model);

    assert_true(parent->count < CHILDREN + ITEMS_ADDED);
    *child = (Model){.kind = kind, .key = key, .text = text, .parent = parent};
    parent->children[parent->count++] = child;
    return child;
}

static bool has_item(const Model *list, Text text)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->children[i]->kind == SCALAR &&
            text_equal(list->children[i]->text, text))
            return true;
    }
    return false;
}

/* The change, made to the model. */
static void change_model(World *world, const Change *change, Model *subject)
{
    Model *child;

    switch (change->kind) {
    case CHANGE_REPLACE:
        subject->text = change->value;
        break;
    case CHANGE_REMOVE:
        subject->is_gone = true;
        break;
    case CHANGE_APPEND:
        child = find_child(subject, change->key);
        if (!child)
            child = add_child(world, subject, LIST, change->key, (Text){0});
        if (!has_item(child, change->value)) /* two changes may ask for the same */
            add_child(world, child, SCALAR, (Text){0}, change->value);
        break;
    case CHANGE_SET:
        child = find_child(subject, change->key);
        if (!child)
            child = add_child(world, subject, SCALAR, change->key, (Text){0});
        child->text = change->value;
        break;
    case CHANGE_MOVE:
        break;
    }
}

/* --- comparison --- */

static bool is_same(const Tree *tree, NodeId id, const Model *model)
{
    static const NodeKind kinds[] = {NODE_STRING, NODE_ARRAY, NODE_OBJECT};
    const Node *node = tree_node(tree, id);
    NodeId at = node->first;

    if (node->kind != kinds[model->kind] || !text_equal(node->key, model->key) ||
        !text_equal(node->text, model->text))
        return false;
    for (uint32_t i = 0; i < model->count; i++) {
        if (model->children[i]->is_gone)
            continue;
        if (!at.index || !is_same(tree, at, model->children[i]))
            return false;
        at = tree_next(tree, at);
    }
    return !at.index;
}

static Tree *read(World *world, Sources *sources, uint32_t file)
{
    Diags *diags = diags_new(world->arena);
    Tree *tree = world->is_json ? jsonc_read(world->arena, sources, file, diags)
                                : yaml_read(world->arena, sources, file, diags);

    if (diags->count)
        print_error("%.*s\n", TEXT_ARG(source_bytes(sources, file)));
    assert_int_equal(diags->count, 0);
    return tree;
}

/* Whether only bytes of the lines that the node is written on, or a comma, go. */
static bool is_near(Text bytes, Span span, const Model *node)
{
    uint32_t start = node->key_end ? node->key_start : node->start, end = node->end;

    while (start > 0 && bytes.at[start - 1] != '\n')
        start--;
    while (end < bytes.len && bytes.at[end] != '\n')
        end++;
    for (uint32_t i = span.start; i < span.end; i++) {
        char byte = bytes.at[i];

        if ((i < start || i > end) && byte != ',' && byte != ' ' && byte != '\n' &&
            byte != '\r')
            return false;
    }
    return true;
}

/* Every edit lies on what its change is about: the scalar that is replaced, the lines of
 * what goes; or takes no byte away. */
static void check_bytes(Text bytes, const EditPlan *plan, const Change *changes,
                        Model *const *subjects, uint32_t count)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        Span span = plan->edits[i].span;
        bool is_right = span.start == span.end;

        for (uint32_t j = 0; j < count && !is_right; j++) {
            const Model *subject = subjects[j];
            Model *child = changes[j].kind == CHANGE_SET
                               ? find_child(subject, changes[j].key)
                               : NULL;

            if (changes[j].refused)
                continue;
            if (changes[j].kind == CHANGE_REPLACE)
                is_right = span.start == subject->start && span.end == subject->end;
            else if (changes[j].kind == CHANGE_REMOVE)
                is_right = is_near(bytes, span, subject) ||
                           (span.start == subject->parent->start &&
                            span.end == subject->parent->end);
            else if (child)
                is_right = span.start == child->start && span.end == child->end;
        }
        if (!is_right)
            print_error("%.*s\n-----\n%.*s\n", TEXT_ARG(bytes), TEXT_ARG(plan->after));
        assert_true(is_right);
    }
}

typedef struct Figures {
    uint32_t asked, planned;
} Figures;

static void one_round(uint64_t seed, Figures *figures)
{
    Arena *arena = arena_new((size_t)1 << 26);
    World *world = ARENA_NEW(arena, World);
    Sources *sources = sources_new(arena);
    Change changes[CHANGES];
    Model *subjects[CHANGES];
    uint32_t count = 0;
    EditPlan plan;

    *world = (World){.arena = arena, .random = seed * 0x9E3779B97F4A7C15u + 1};
    world->out.arena = arena;
    (void)below(world, 2);
    world->is_json = chance(world, 2);
    world->newline = chance(world, 4) ? TEXT("\r\n") : TEXT("\n");
    Model *root = random_model(world, NULL, 0);
    if (chance(world, 8))
        buffer_add(&world->out, TEXT("\xEF\xBB\xBF"));
    if (world->is_json || chance(world, 6))
        write_flow(world, root, 0);
    else
        write_block(world, root, 0, false);
    if (chance(world, 4)) /* no line end at the end */
        while (world->out.len && (world->out.at[world->out.len - 1] == '\n' ||
                                  world->out.at[world->out.len - 1] == '\r'))
            world->out.len--;
    Text bytes = buffer_text(&world->out);
    Text path = world->is_json ? TEXT("a.json") : TEXT("a.yaml");
    uint32_t file = sources_add(sources, path, bytes);
    assert_true(
        is_same(read(world, sources, file), read(world, sources, file)->root, root));
    for (uint32_t i = 0; i < CHANGES; i++)
        count += random_change(world, file, &changes[count], &subjects[count]);
    bool is_right = edit_plan(edit_open(arena, sources, file), changes, count, &plan);
    if (!is_right)
        print_error("%.*s\n", TEXT_ARG(bytes));
    assert_true(is_right);
    check_bytes(bytes, &plan, changes, subjects, count);
    for (uint32_t i = 0; i < count; i++) {
        figures->asked++;
        figures->planned += !changes[i].refused;
        if (!changes[i].refused)
            change_model(world, &changes[i], subjects[i]);
    }
    uint32_t after = sources_add(sources, path, plan.after);
    const Tree *tree = read(world, sources, after);
    if (!is_same(tree, tree->root, root))
        print_error("%.*s\n-----\n%.*s\n", TEXT_ARG(bytes), TEXT_ARG(plan.after));
    assert_true(is_same(tree, tree->root, root));
    assert_true(
        text_equal(edits_apply(arena, bytes, plan.edits, plan.count), plan.after));
    arena_free(arena);
}

static void changes_read_as_meant(void **state)
{
    Figures figures = {0};

    (void)state;
    for (uint64_t i = 0; i < ROUNDS; i++)
        one_round(i, &figures);
    print_message("%u changes of %u documents, %u planned\n", figures.asked,
                  (unsigned)ROUNDS, figures.planned);
    /* What is refused is the exception. */
    assert_true(figures.planned * 2 > figures.asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_read_as_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
