#include "report/access.h"

#include <stdlib.h>
#include <string.h>

#include "report/cells.h"

enum { STEPS_MAX = 2000, LEVELS_MAX = 100 };

enum { OLD, NEW, SIDES };

typedef struct Names {
    Symbols *symbols;
    bool *is_changed; /* by symbol */
    uint32_t capacity;
} Names;

typedef struct Comparing {
    const AccessSide *sides[SIDES];
    Arena *arena;         /* of what is kept */
    Symbols *rows[SIDES]; /* every input row, as text without its places */
    Names repositories, packages, hosts;
    Symbols *pairs;  /* that are judged: 'p' or 'h', repository, NUL, target */
    Symbols *owners; /* of whom something differs */
    bool all_hosts;  /* a secret differs */
    bool everything;
    Buffer key;
    uint32_t npairs;
} Comparing;

static const Report *report_of(const Comparing *comparing, int side)
{
    return comparing->sides[side]->report;
}

/* --- rows as texts --- */

/* Without its places: what is only written elsewhere is the same. */
static Text row_key(Comparing *comparing, int side, const DlRelation *relation,
                    const uint32_t *row)
{
    Buffer *key = &comparing->key;

    key->len = 0;
    buffer_add(key, relation->name);
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (cell_is_site(&relation->attributes[i]))
            continue;
        buffer_add_byte(key, '\0');
        if (relation->attributes[i].base == DL_SYMBOL)
            buffer_add(key, symbol_text(report_of(comparing, side)->symbols,
                                        (Symbol){row[i]}));
        else
            buffer_format(key, "%d", (int)row[i]);
    }
    return buffer_text(key);
}

static bool has_type(const DlRelation *relation, const char *type)
{
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (text_equal(relation->attributes[i].type, text_of(type)))
            return true;
    }
    return false;
}

/* What configurations pull is no part of who may, nor is what is asked. */
static bool is_compared(const DlRelation *relation)
{
    return relation->is_input && !has_type(relation, "Config") &&
           !has_type(relation, "Ref") &&
           !text_starts_with(relation->name, TEXT("compared_")) &&
           !text_equal(relation->name, TEXT("repository_tree"));
}

typedef void RowVisitor(Comparing *comparing, int side, const DlRelation *relation,
                        const uint32_t *row);

static void visit_rows(Comparing *comparing, int side, RowVisitor *visit)
{
    const Report *report = report_of(comparing, side);

    for (uint32_t i = 0; i < dl_relation_count(report->program); i++) {
        const DlRelation *relation = dl_relation(report->program, (DlRelationId){i});

        if (!is_compared(relation))
            continue;
        uint32_t count =
            dl_row_count(comparing->sides[side]->database, (DlRelationId){i});
        for (uint32_t j = 0; j < count; j++)
            visit(comparing, side, relation,
                  dl_row(comparing->sides[side]->database, (DlRelationId){i}, j));
    }
}

static void note_row(Comparing *comparing, int side, const DlRelation *relation,
                     const uint32_t *row)
{
    symbol_intern(comparing->rows[side], row_key(comparing, side, relation, row));
}

/* --- what differs --- */

static uint32_t name_add(Arena *arena, Names *names, Text name)
{
    uint32_t id = symbol_intern(names->symbols, name).id;

    if (id >= names->capacity) {
        uint32_t capacity = (id + 1) * 2;
        bool *grown = ARENA_ARRAY(arena, capacity, bool);

        if (names->capacity)
            memcpy(grown, names->is_changed, names->capacity * sizeof(bool));
        names->is_changed = grown;
        names->capacity = capacity;
    }
    return id;
}

static void add_pair(Comparing *comparing, char kind, Text repository, Text target)
{
    Buffer *key = &comparing->key;
    uint32_t known = symbols_count(comparing->pairs);

    if (comparing->npairs > ACCESS_PAIRS_MAX)
        return;
    key->len = 0;
    buffer_add_byte(key, kind);
    buffer_add(key, repository);
    buffer_add_byte(key, '\0');
    buffer_add(key, target);
    symbol_intern(comparing->pairs, buffer_text(key));
    comparing->npairs += symbols_count(comparing->pairs) != known;
}

/* The cell of this type; empty when there is none. */
static Text cell_of(const Comparing *comparing, int side, const DlRelation *relation,
                    const uint32_t *row, const char *type)
{
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (text_equal(relation->attributes[i].type, text_of(type)))
            return symbol_text(report_of(comparing, side)->symbols, (Symbol){row[i]});
    }
    return (Text){0};
}

static void note_names(Comparing *comparing, int side, const DlRelation *relation,
                       const uint32_t *row)
{
    if (text_equal(relation->name, TEXT("repository")))
        (void)name_add(comparing->arena, &comparing->repositories,
                       cell_of(comparing, side, relation, row, "Repo"));
    else if (text_equal(relation->name, TEXT("package")))
        (void)name_add(comparing->arena, &comparing->packages,
                       cell_of(comparing, side, relation, row, "Package"));
    else if (text_equal(relation->name, TEXT("secret_server")))
        (void)name_add(comparing->arena, &comparing->hosts,
                       cell_of(comparing, side, relation, row, "Host"));
}

static void change_name(Comparing *comparing, Names *names, Text name)
{
    names->is_changed[name_add(comparing->arena, names, name)] = true;
}

/* A row that only one state has: which pairs it is about. */
static void note_difference(Comparing *comparing, int side, const DlRelation *relation,
                            const uint32_t *row)
{
    Symbol symbol;

    if (symbol_find(comparing->rows[side == OLD ? NEW : OLD],
                    row_key(comparing, side, relation, row), &symbol))
        return;
    Text repository = cell_of(comparing, side, relation, row, "Repo");
    Text package = cell_of(comparing, side, relation, row, "Package");

    if (has_type(relation, "Secret") || has_type(relation, "SecretName") ||
        text_starts_with(relation->name, TEXT("secrets_")))
        comparing->all_hosts = true;
    else if (repository.len && package.len)
        add_pair(comparing, 'p', repository, package);
    else if (package.len)
        change_name(comparing, &comparing->packages, package);
    else if (repository.len)
        change_name(comparing, &comparing->repositories, repository);
    else if (has_type(relation, "Owner"))
        symbol_intern(comparing->owners,
                      cell_of(comparing, side, relation, row, "Owner"));
    else if (text_equal(relation->name, TEXT("container_registry")))
        comparing->everything = true;
    else if (has_type(relation, "Host"))
        change_name(comparing, &comparing->hosts,
                    cell_of(comparing, side, relation, row, "Host"));
}

/* Owners are facts in lower case. */
static bool has_changed_owner(Comparing *comparing, Text full_name)
{
    Text owner = text_slice(full_name, 0, text_find_byte(full_name, '/'));
    Symbol symbol;

    if (symbols_count(comparing->owners) == 1)
        return false;
    comparing->key.len = 0;
    for (size_t i = 0; i < owner.len; i++)
        buffer_add_byte(&comparing->key, byte_to_lower(owner.at[i]));
    return symbol_find(comparing->owners, buffer_text(&comparing->key), &symbol);
}

static void add_pairs(Comparing *comparing, const Names *targets, char kind, bool all)
{
    const Names *repositories = &comparing->repositories;

    for (uint32_t i = 1; i < symbols_count(repositories->symbols); i++) {
        Text repository = symbol_text(repositories->symbols, (Symbol){i});
        bool is_changed = all || repositories->is_changed[i] ||
                          has_changed_owner(comparing, repository);

        for (uint32_t j = 1; j < symbols_count(targets->symbols); j++) {
            Text target = symbol_text(targets->symbols, (Symbol){j});

            if (is_changed || targets->is_changed[j] ||
                has_changed_owner(comparing, target))
                add_pair(comparing, kind, repository, target);
        }
    }
}

/* --- judging --- */

static uint32_t cell_for(const Report *report, Text text)
{
    return symbol_intern(report->symbols, text).id;
}

static bool run(Comparing *comparing, int side, Diags *diags)
{
    const AccessSide *to = comparing->sides[side];
    const Report *report = to->report;
    DlRelationId package = dl_relation_find(report->program, TEXT("compared_package"));
    DlRelationId host = dl_relation_find(report->program, TEXT("compared_host"));

    for (uint32_t i = 1; i < symbols_count(comparing->pairs); i++) {
        Text pair = symbol_text(comparing->pairs, (Symbol){i});
        size_t end = text_find_byte(pair, '\0');
        uint32_t row[] = {cell_for(report, text_slice(pair, 1, end)),
                          cell_for(report, text_from(pair, end + 1))};

        dl_add(to->database, pair.at[0] == 'p' ? package : host, row);
    }
    return dl_run(to->database, dl_default_limits, diags);
}

/* --- answers --- */

typedef struct AccessRow {
    DlRelationId relation;
    uint32_t number;
    bool is_there;
    Text answer;
} AccessRow;

static AccessRow answer_of(const Comparing *comparing, int side, bool is_registry,
                           Text repository, Text target)
{
    static const char *const answers[] = {"allowed", "unknown", "denied"};
    const Report *report = report_of(comparing, side);
    AccessRow row = {.answer = TEXT("none")};

    row.relation = dl_relation_find(report->program, TEXT("access"));
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers) && !row.is_there; i++) {
        uint32_t cells[] = {
            cell_for(report, repository), cell_for(report, target),
            cell_for(report, is_registry ? TEXT("registry") : TEXT("package")),
            cell_for(report, text_of(answers[i]))};

        row.is_there = dl_find(report->database, row.relation, cells, &row.number);
        if (row.is_there)
            row.answer = text_of(answers[i]);
    }
    return row;
}

typedef struct Cause {
    Comparing *comparing;
    int side;
    uint32_t steps;
    Span span;
    Text says;
    Text relation; /* of the fact; when it is searched: empty, or the one wanted */
} Cause;

static Text says_of(const Report *report, const DlProof *proof)
{
    const Sentence *sentence = &report->catalogue->sentences[proof->relation.index];

    return template_fill(report, proof->absent ? sentence->absent : sentence->says,
                         proof->relation, proof->row, proof->any);
}

/* The first fact of a proof that the other state lacks. Recursion is at most LEVELS_MAX
 * deep. */
static bool find_cause(Cause *cause, const DlProof *proof, uint32_t level)
{
    const Report *report = report_of(cause->comparing, cause->side);
    const DlRelation *relation = dl_relation(report->program, proof->relation);
    Symbol symbol;

    if (cause->steps++ >= STEPS_MAX || level >= LEVELS_MAX)
        return false;
    if (!proof->absent && is_compared(relation) &&
        (cause->relation.len == 0 || text_equal(cause->relation, relation->name)) &&
        !symbol_find(cause->comparing->rows[cause->side == OLD ? NEW : OLD],
                     row_key(cause->comparing, cause->side, relation, proof->row),
                     &symbol)) {
        cause->span = cells_span(report, relation, proof->row);
        cause->says = says_of(report, proof);
        cause->relation = relation->name;
        if (cause->span.file)
            return true;
    }
    for (uint32_t i = 0; i < proof->nbecause; i++) {
        if (find_cause(cause, proof->because[i], level + 1))
            return true;
    }
    return false;
}

/* Why an answer holds, as far as the other state lacks it. */
static Cause cause_of(Comparing *comparing, int side, const AccessRow *row, Text wanted)
{
    const Report *report = report_of(comparing, side);
    Cause cause = {.comparing = comparing, .side = side, .relation = wanted};

    if (row->is_there)
        (void)find_cause(
            &cause, dl_why(report->arena, report->database, row->relation, row->number),
            0);
    return cause;
}

/* By what of admits(repo, package, by, answer); empty: by none. */
static Text admitted_by(Comparing *comparing, int side, const AccessRow *row)
{
    const Report *report = report_of(comparing, side);
    const DlProof *proof = row->is_there ? dl_why(report->arena, report->database,
                                                  row->relation, row->number)
                                         : NULL;

    for (uint32_t level = 0; proof && level < LEVELS_MAX; level++) {
        const DlProof *next = NULL;

        for (uint32_t i = 0; i < proof->nbecause; i++) {
            const DlProof *reason = proof->because[i];
            Text name = dl_relation(report->program, reason->relation)->name;

            if (reason->absent)
                continue;
            if (text_equal(name, TEXT("admits")))
                return symbol_text(report->symbols, (Symbol){reason->row[2]});
            if (text_equal(name, TEXT("admission")))
                next = reason;
        }
        proof = next;
    }
    return TEXT("");
}

/* What was gained is told by the fact that gives it; what was lost by the fact that gave
 * it, or by the one that stands now in its place. */
static void explain(Comparing *comparing, const AccessRow *before, const AccessRow *now,
                    AccessEdge *edge)
{
    bool is_lost = text_equal(before->answer, TEXT("allowed"));
    Cause cause = is_lost ? cause_of(comparing, OLD, before, TEXT(""))
                          : cause_of(comparing, NEW, now, TEXT(""));

    edge->by = is_lost ? admitted_by(comparing, OLD, before)
                       : admitted_by(comparing, NEW, now);
    if (is_lost && cause.says.len) {
        Cause instead = cause_of(comparing, NEW, now, cause.relation);

        cause = instead.says.len ? instead : cause;
    } else if (cause.says.len == 0) {
        cause = is_lost ? cause_of(comparing, NEW, now, TEXT(""))
                        : cause_of(comparing, OLD, before, TEXT(""));
    }
    edge->span = cause.span;
    edge->because = cause.says;
    edge->is_of_old = cause.side == OLD;
}

static void add_edge(Comparing *comparing, AccessDiff *diff, Text pair)
{
    size_t end = text_find_byte(pair, '\0');
    AccessEdge edge = {.repository = text_slice(pair, 1, end),
                       .target = text_from(pair, end + 1),
                       .is_registry = pair.at[0] == 'h'};
    AccessRow before =
        answer_of(comparing, OLD, edge.is_registry, edge.repository, edge.target);
    AccessRow now =
        answer_of(comparing, NEW, edge.is_registry, edge.repository, edge.target);

    if (text_equal(before.answer, now.answer))
        return;
    edge.before = before.answer;
    edge.now = now.answer;
    diff->granted += text_equal(now.answer, TEXT("allowed"));
    diff->revoked += text_equal(before.answer, TEXT("allowed"));
    explain(comparing, &before, &now, &edge);
    ARRAY_GROW(comparing->arena, diff->edges, diff->count, diff->capacity);
    diff->edges[diff->count++] = edge;
}

static int by_target(const void *left, const void *right)
{
    const AccessEdge *one = left, *other = right;
    int order = text_compare(one->target, other->target);

    if (order == 0)
        order = (int)one->is_registry - (int)other->is_registry;
    return order ? order : text_compare(one->repository, other->repository);
}

static void begin(Comparing *comparing)
{
    Names *names[] = {&comparing->repositories, &comparing->packages,
                      &comparing->hosts};

    for (int i = 0; i < 3; i++)
        names[i]->symbols = symbols_new(comparing->arena);
    comparing->pairs = symbols_new(comparing->arena);
    comparing->owners = symbols_new(comparing->arena);
    for (int side = 0; side < SIDES; side++) {
        comparing->rows[side] = symbols_new(comparing->arena);
        visit_rows(comparing, side, note_row);
        visit_rows(comparing, side, note_names);
    }
}

bool access_diff(const AccessSide *old_side, const AccessSide *new_side,
                 bool every_pair, Diags *diags, AccessDiff *diff, Text *problem)
{
    Comparing comparing = {.sides = {old_side, new_side},
                           .arena = new_side->report->arena,
                           .key = {.arena = new_side->report->arena}};

    *diff = (AccessDiff){0};
    begin(&comparing);
    comparing.everything = every_pair;
    visit_rows(&comparing, OLD, note_difference);
    visit_rows(&comparing, NEW, note_difference);
    add_pairs(&comparing, &comparing.packages, 'p', comparing.everything);
    add_pairs(&comparing, &comparing.hosts, 'h',
              comparing.everything || comparing.all_hosts);
    if (comparing.npairs > ACCESS_PAIRS_MAX) {
        *problem = TEXT("the change is about more than 4194304 pairs of a repository "
                        "and a package; nothing was compared");
        return false;
    }
    for (int side = 0; side < SIDES; side++) {
        if (!run(&comparing, side, diags)) {
            *problem = TEXT("the rules met a limit; nothing was compared");
            return false;
        }
    }
    for (uint32_t i = 1; i < symbols_count(comparing.pairs); i++)
        add_edge(&comparing, diff, symbol_text(comparing.pairs, (Symbol){i}));
    if (diff->count)
        qsort(diff->edges, diff->count, sizeof(AccessEdge), by_target);
    return true;
}
