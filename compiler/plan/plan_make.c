#include "plan/plan_make.h"

#include <assert.h>
#include <stdlib.h>

#include "base/server_key.h"

/* plan_step(config, phase, host, identifier, method, credential, sure, level, holder) */
typedef struct StepRow {
    Text host, identifier, method, credential, level, holder;
    bool sure;
    uint32_t number;
} StepRow;

/* plan_conflict(config, phase, host, identifier, level, holder, at, rule) */
typedef struct RivalRow {
    Text host, rule;
    PlanRival rival;
} RivalRow;

/* Two columns of a row: (host, ref), (ref, because), (ref, rule). */
typedef struct Pair {
    Text left, right;
} Pair;

typedef struct Maker {
    Arena *arena;
    const PlanQuestion *question;
    StepRow *rows;
    uint32_t nrows, rows_capacity;
    Pair *images; /* (host, ref), sorted */
    uint32_t nimages;
    PlanStep *steps;
    uint32_t nsteps, steps_capacity;
} Maker;

static Text cell(const Maker *maker, const uint32_t *row, uint32_t column)
{
    return symbol_text(maker->question->symbols, (Symbol){row[column]});
}

static DlRelationId relation(const Maker *maker, Text name, uint32_t *count)
{
    DlRelationId id = dl_relation_find(maker->question->program, name);

    *count =
        id.index == DL_NO_RELATION ? 0 : dl_row_count(maker->question->database, id);
    return id;
}

/* Whether a row is about the configuration and the phase that are asked for. */
static bool is_asked(const Maker *maker, const uint32_t *row, uint32_t phase_column)
{
    return row[0] == maker->question->config.id &&
           text_equal(cell(maker, row, phase_column), maker->question->phase);
}

static int by_pair(const void *left, const void *right)
{
    const Pair *one = left, *other = right;
    int order = text_compare(one->left, other->left);

    return order ? order : text_compare(one->right, other->right);
}

/* Two columns of the rows that are asked for, sorted, each pair once. */
static Pair *pairs_of(const Maker *maker, Text name, uint32_t phase_column,
                      uint32_t left, uint32_t right, uint32_t *npairs)
{
    uint32_t count, capacity = 0, found = 0, kept = 0;
    DlRelationId id = relation(maker, name, &count);
    Pair *pairs = NULL;

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(maker->question->database, id, i);

        if (!is_asked(maker, row, phase_column))
            continue;
        ARRAY_GROW(maker->arena, pairs, found, capacity);
        pairs[found++] = (Pair){cell(maker, row, left), cell(maker, row, right)};
    }
    if (found)
        qsort(pairs, found, sizeof(*pairs), by_pair);
    for (uint32_t i = 0; i < found; i++) {
        if (kept == 0 || by_pair(&pairs[kept - 1], &pairs[i]) != 0)
            pairs[kept++] = pairs[i];
    }
    *npairs = kept;
    return pairs;
}

static PlanMethod method_of(Text name)
{
    static const Text names[] = {
#define METHOD(enumerator, name) [enumerator] = TEXT_INIT(name),
        PLAN_METHODS(METHOD)
#undef METHOD
    };

    const uint32_t count = sizeof(names) / sizeof(*names);
    uint32_t i = 0;

    while (i < count && !text_equal(name, names[i]))
        i++;
    assert(i < count); /* the rules and plan.h list the same methods */
    return (PlanMethod)i;
}

/* What is sure comes before what is not. The levels happen to sort from the widest to
 * the narrowest: organization, repository, user. */
static int by_step(const void *left, const void *right)
{
    const StepRow *one = left, *other = right;
    int order = text_compare(one->host, other->host);

    if (order == 0)
        order = other->sure - one->sure;
    if (order == 0)
        order = text_compare(one->identifier, other->identifier);
    if (order == 0)
        order = text_compare(one->level, other->level);
    return order ? order : text_compare(one->holder, other->holder);
}

static void read_rows(Maker *maker)
{
    uint32_t count;
    DlRelationId id = relation(maker, TEXT("plan_step"), &count);

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(maker->question->database, id, i);

        if (!is_asked(maker, row, 1))
            continue;
        ARRAY_GROW(maker->arena, maker->rows, maker->nrows, maker->rows_capacity);
        maker->rows[maker->nrows++] =
            (StepRow){.host = cell(maker, row, 2),
                      .identifier = cell(maker, row, 3),
                      .method = cell(maker, row, 4),
                      .credential = cell(maker, row, 5),
                      .sure = text_equal(cell(maker, row, 6), TEXT("yes")),
                      .level = cell(maker, row, 7),
                      .holder = cell(maker, row, 8),
                      .number = i};
    }
    if (maker->nrows)
        qsort(maker->rows, maker->nrows, sizeof(*maker->rows), by_step);
}

/* plan_variable(identifier, member, name); empty when there is none. */
static Text variable(const Maker *maker, Text identifier, Text member)
{
    uint32_t count;
    DlRelationId id = relation(maker, TEXT("plan_variable"), &count);

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(maker->question->database, id, i);

        if (text_equal(cell(maker, row, 0), identifier) &&
            text_equal(cell(maker, row, 1), member))
            return cell(maker, row, 2);
    }
    return (Text){0};
}

/* plan_lifetime(kind, seconds); 0 when it is not known. */
static int64_t lifetime(const Maker *maker, Text kind)
{
    uint32_t count;
    DlRelationId id = relation(maker, TEXT("plan_lifetime"), &count);

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(maker->question->database, id, i);

        if (text_equal(cell(maker, row, 0), kind))
            return (int32_t)row[1];
    }
    return 0;
}

/* plan_ecr(host, access, account, region, partition, fips, dual_stack) */
static PlanEcr ecr_of(const Maker *maker, Text host)
{
    uint32_t count;
    DlRelationId id = relation(maker, TEXT("plan_ecr"), &count);

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(maker->question->database, id, i);

        if (text_equal(cell(maker, row, 0), host))
            return (PlanEcr){.access = cell(maker, row, 1),
                             .account = cell(maker, row, 2),
                             .region = cell(maker, row, 3),
                             .partition = cell(maker, row, 4),
                             .has_fips = text_equal(cell(maker, row, 5), TEXT("yes")),
                             .has_dual_stack =
                                 text_equal(cell(maker, row, 6), TEXT("yes"))};
    }
    return (PlanEcr){0};
}

/* The value that a SERVER secret should have: Docker Hub's documented form, else the
 * host itself. */
static Text expected_server(const Maker *maker, Text host)
{
    ServerKey key;
    Text problem;

    return server_key_read(maker->arena, host, &key, &problem) ? key.key : host;
}

/* The images of a registry that are pulled with a login. */
static const Text *images_of(const Maker *maker, Text host, uint32_t *count)
{
    uint32_t first = 0;

    *count = 0;
    while (first < maker->nimages && !text_equal(maker->images[first].left, host))
        first++;
    while (first + *count < maker->nimages &&
           text_equal(maker->images[first + *count].left, host))
        (*count)++;
    Text *images = ARENA_ARRAY(maker->arena, *count, Text);
    for (uint32_t i = 0; i < *count; i++)
        images[i] = maker->images[first + i].right;
    return images;
}

/* A step that `count` rows prove. */
static PlanStep *add_step(Maker *maker, const StepRow *rows, uint32_t count,
                          Text method, Text credential)
{
    uint32_t *numbers = ARENA_ARRAY(maker->arena, count, uint32_t);
    int64_t expires = lifetime(maker, method);

    for (uint32_t i = 0; i < count; i++)
        numbers[i] = rows[i].number;
    ARRAY_GROW(maker->arena, maker->steps, maker->nsteps, maker->steps_capacity);
    PlanStep *step = &maker->steps[maker->nsteps++];
    *step = (PlanStep){.registry = rows->host,
                       .method = method_of(method),
                       .credential = credential,
                       .ecr = ecr_of(maker, rows->host),
                       .server_expect = expected_server(maker, rows->host),
                       .expires_after = expires ? expires : lifetime(maker, credential),
                       .rows = numbers,
                       .nrows = count};
    step->images = images_of(maker, rows->host, &step->nimages);
    return step;
}

/* One step for each identifier; where it stands on several levels, of the narrowest. */
static void add_sure(Maker *maker, const StepRow *rows, uint32_t count)
{
    for (uint32_t i = 0; i < count && rows[i].sure; i++) {
        const StepRow *row = &rows[i];

        if (i + 1 < count && rows[i + 1].sure &&
            text_equal(rows[i + 1].identifier, row->identifier))
            continue;
        PlanStep *step = add_step(maker, row, 1, row->method, row->credential);
        step->server_env = variable(maker, row->identifier, TEXT("SERVER"));
        step->username_env = variable(maker, row->identifier, TEXT("USER"));
        step->password_env = variable(maker, row->identifier, TEXT("PASSWORD"));
        step->identifier = row->identifier;
        step->level = row->level;
        step->owner = row->holder;
    }
}

/* One step for all. An exchange is decided by the user, which only the runner sees:
 * where one candidate may need it, the step does. */
static void add_candidates(Maker *maker, const StepRow *rows, uint32_t count)
{
    Text *names = ARENA_ARRAY(maker->arena, count, Text), method = rows[0].method;
    Text credential = rows[0].credential;
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (n == 0 || !text_equal(names[n - 1], rows[i].identifier))
            names[n++] = rows[i].identifier;
        if (text_equal(rows[i].method, TEXT("ecr-exchange")))
            method = rows[i].method;
        if (!text_equal(rows[i].credential, credential))
            credential = TEXT("unknown");
    }
    PlanStep *step = add_step(maker, rows, count, method, credential);
    step->candidates = names;
    step->ncandidates = n;
}

/* Registry by registry. What is sure makes candidates needless. */
static void make_steps(Maker *maker)
{
    for (uint32_t i = 0, count; i < maker->nrows; i += count) {
        const StepRow *rows = maker->rows + i;

        count = 1;
        while (i + count < maker->nrows && text_equal(rows[count].host, rows[0].host))
            count++;
        if (rows[0].sure)
            add_sure(maker, rows, count);
        else
            add_candidates(maker, rows, count);
    }
}

static int by_rival(const void *left, const void *right)
{
    const RivalRow *one = left, *other = right;
    int order = text_compare(one->host, other->host);

    if (order == 0)
        order = text_compare(one->rival.identifier, other->rival.identifier);
    if (order == 0)
        order = text_compare(one->rival.level, other->rival.level);
    if (order == 0)
        order = text_compare(one->rival.owner, other->rival.owner);
    return order ? order
                 : (one->rival.at.id > other->rival.at.id) -
                       (one->rival.at.id < other->rival.at.id);
}

static RivalRow *rivals_of(const Maker *maker, uint32_t *found)
{
    uint32_t count, capacity = 0;
    DlRelationId id = relation(maker, TEXT("plan_conflict"), &count);
    RivalRow *rows = NULL;

    *found = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(maker->question->database, id, i);

        if (!is_asked(maker, row, 1))
            continue;
        ARRAY_GROW(maker->arena, rows, *found, capacity);
        rows[(*found)++] = (RivalRow){.host = cell(maker, row, 2),
                                      .rule = cell(maker, row, 7),
                                      .rival = {.identifier = cell(maker, row, 3),
                                                .level = cell(maker, row, 4),
                                                .owner = cell(maker, row, 5),
                                                .at = {row[6]}}};
    }
    if (*found)
        qsort(rows, *found, sizeof(*rows), by_rival);
    return rows;
}

/* Registry by registry; an identifier once, as it stands on the narrowest level. */
static void make_conflicts(const Maker *maker, Plan *plan)
{
    uint32_t count;
    const RivalRow *rows = rivals_of(maker, &count);
    PlanRival *rivals = ARENA_ARRAY(maker->arena, count, PlanRival);
    PlanConflict *conflicts = ARENA_ARRAY(maker->arena, count, PlanConflict);
    PlanConflict *into = conflicts;
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        bool is_first = i == 0 || !text_equal(rows[i - 1].host, rows[i].host);

        if (is_first) {
            into = &conflicts[plan->nconflicts++];
            *into = (PlanConflict){
                .registry = rows[i].host, .rule = rows[i].rule, .rivals = rivals + n};
            into->images = images_of(maker, rows[i].host, &into->nimages);
        } else if (text_equal(rows[i - 1].rival.identifier, rows[i].rival.identifier)) {
            rivals[n - 1] = rows[i].rival;
            continue;
        }
        rivals[n++] = rows[i].rival;
        into->nrivals++;
    }
    plan->conflicts = conflicts;
}

/* Each image once, with the first of its reasons. */
static void make_without_login(const Maker *maker, Plan *plan)
{
    uint32_t count, kept = 0;
    const Pair *pairs = pairs_of(maker, TEXT("plan_without_login"), 1, 2, 3, &count);
    PlanImage *images = ARENA_ARRAY(maker->arena, count, PlanImage);

    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || !text_equal(images[kept - 1].image, pairs[i].left))
            images[kept++] = (PlanImage){pairs[i].left, pairs[i].right};
    }
    plan->without_login = images;
    plan->nwithout_login = kept;
}

static void make_blocked(const Maker *maker, Plan *plan)
{
    uint32_t count;
    const Pair *pairs = pairs_of(maker, TEXT("plan_blocked"), 2, 1, 3, &count);
    PlanBlock *blocked = ARENA_ARRAY(maker->arena, count, PlanBlock);

    for (uint32_t i = 0; i < count; i++)
        blocked[i] = (PlanBlock){pairs[i].left, pairs[i].right};
    plan->blocked = blocked;
    plan->nblocked = count;
}

const Plan *plan_make(Arena *arena, const PlanQuestion *question)
{
    Maker maker = {.arena = arena, .question = question};
    Plan *plan = ARENA_NEW(arena, Plan);

    *plan = (Plan){.repository = question->repository,
                   .configuration = question->configuration,
                   .target = question->target,
                   .phase = question->phase};
    maker.images = pairs_of(&maker, TEXT("plan_image"), 1, 2, 3, &maker.nimages);
    read_rows(&maker);
    make_steps(&maker);
    plan->steps = maker.steps;
    plan->nsteps = maker.nsteps;
    make_conflicts(&maker, plan);
    make_without_login(&maker, plan);
    make_blocked(&maker, plan);
    return plan;
}
