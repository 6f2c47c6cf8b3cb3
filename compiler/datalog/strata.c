/* Strata: the strongly connected components of "is derived from", callees first. */
#include "base/buffer.h"
#include "datalog/ast.h"

typedef struct Edge {
    uint32_t to;
    bool strict; /* negated or counted: `to` has to be complete before */
    Span span;
} Edge;

typedef struct Strata {
    const DlProgram *program;
    DlProgram *made; /* the same, while it is made */
    Diags *diags;
    Edge *edges; /* by `from`: [first[from], first[from + 1]) */
    uint32_t *first;
    uint32_t *order, *low, *stack, *path; /* Tarjan's numbers and two stacks */
    uint32_t *at;                         /* the next edge to follow */
    uint32_t *before;                     /* for a way: 1 + the step before */
    uint32_t nstack, npath, ndone;
    bool *on_stack;
    bool *marks;    /* of the last two functions: by relation */
    bool is_marked; /* something that was visited is */
} Strata;

typedef void (*EdgeVisitor)(Strata *strata, uint32_t from, Edge edge);

static void visit_literal(Strata *strata, uint32_t from, const Literal *literal,
                          bool counted, EdgeVisitor visit);

/* Recursion: at most TERM_DEPTH; no count stands in a count. */
static void visit_term(Strata *strata, uint32_t from, uint32_t number,
                       EdgeVisitor visit)
{
    const DlProgram *program = strata->program;
    const Term *term = &program->terms[number];

    for (uint32_t i = 0; i < term->count; i++) {
        if (term->kind == TERM_COUNT)
            visit_literal(strata, from, &program->literals[term->first + i], true,
                          visit);
        else
            visit_term(strata, from, program->arguments[term->first + i], visit);
    }
}

static void visit_literal(Strata *strata, uint32_t from, const Literal *literal,
                          bool counted, EdgeVisitor visit)
{
    bool absent = literal->kind == LITERAL_ABSENT;

    if (literal->kind == LITERAL_ATOM || absent)
        visit(strata, from,
              (Edge){literal->relation, absent || counted, literal->span});
    for (uint32_t i = 0; i < literal->count; i++)
        visit_term(strata, from, strata->program->arguments[literal->first + i], visit);
}

static void visit_clause(Strata *strata, const Clause *clause, EdgeVisitor visit)
{
    for (uint32_t i = 0; i < clause->count; i++)
        visit_literal(strata, clause->head.relation,
                      &strata->program->literals[clause->first + i], false, visit);
}

static void visit_edges(Strata *strata, EdgeVisitor visit)
{
    const DlProgram *program = strata->program;

    for (uint32_t i = 0; i < program->nclauses; i++)
        visit_clause(strata, &program->clauses[i], visit);
}

static void count_edge(Strata *strata, uint32_t from, Edge edge)
{
    (void)edge;
    strata->first[from + 1]++;
}

static void place_edge(Strata *strata, uint32_t from, Edge edge)
{
    strata->edges[strata->at[from]++] = edge;
}

static void collect_edges(Strata *strata)
{
    uint32_t count = strata->program->nrelations;
    Arena *arena = strata->program->arena;

    strata->first = ARENA_ARRAY(arena, (size_t)count + 1, uint32_t);
    strata->at = ARENA_ARRAY(arena, count, uint32_t);
    visit_edges(strata, count_edge);
    for (uint32_t i = 0; i < count; i++) {
        strata->first[i + 1] += strata->first[i];
        strata->at[i] = strata->first[i];
    }
    strata->edges = ARENA_ARRAY(arena, strata->first[count], Edge);
    visit_edges(strata, place_edge);
    for (uint32_t i = 0; i < count; i++)
        strata->at[i] = strata->first[i];
}

static void enter(Strata *strata, uint32_t relation)
{
    strata->order[relation] = strata->low[relation] = ++strata->ndone;
    strata->stack[strata->nstack++] = relation;
    strata->path[strata->npath++] = relation;
    strata->on_stack[relation] = true;
}

static void leave(Strata *strata, uint32_t relation)
{
    strata->npath--;
    if (strata->npath) {
        uint32_t *low = &strata->low[strata->path[strata->npath - 1]];

        if (strata->low[relation] < *low)
            *low = strata->low[relation];
    }
    if (strata->low[relation] != strata->order[relation])
        return;
    for (uint32_t member = DL_NO_RELATION; member != relation;) {
        member = strata->stack[--strata->nstack];
        strata->on_stack[member] = false;
        strata->made->relations[member].stratum = strata->made->nstrata;
    }
    strata->made->nstrata++;
}

/* Tarjan's algorithm, its recursion kept in `path`. */
static void find_components(Strata *strata, uint32_t root)
{
    enter(strata, root);
    while (strata->npath) {
        uint32_t relation = strata->path[strata->npath - 1];

        if (strata->at[relation] == strata->first[relation + 1]) {
            leave(strata, relation);
            continue;
        }
        uint32_t to = strata->edges[strata->at[relation]++].to;
        if (strata->order[to] == 0)
            enter(strata, to);
        else if (strata->on_stack[to] && strata->order[to] < strata->low[relation])
            strata->low[relation] = strata->order[to];
    }
}

/* The shortest way from `from` to `to` inside their component, as "from, a, to". */
static Text way(Strata *strata, uint32_t from, uint32_t to)
{
    const DlProgram *program = strata->program;
    uint32_t *before = strata->before, *queue = strata->stack, head = 0, tail = 0;
    Buffer text = {.arena = program->arena};

    queue[tail++] = from;
    before[from] = from + 1;
    while (head < tail && before[to] == 0) {
        uint32_t at = queue[head++];

        for (uint32_t i = strata->first[at]; i < strata->first[at + 1]; i++) {
            uint32_t next = strata->edges[i].to;

            if (before[next] ||
                program->relations[next].stratum != program->relations[at].stratum)
                continue;
            before[next] = at + 1;
            queue[tail++] = next;
        }
    }
    uint32_t count = 0;
    for (uint32_t at = to;; at = before[at] - 1) {
        strata->path[count++] = at;
        if (at == from)
            break;
    }
    while (count) {
        Text name = program->relations[strata->path[--count]].name;

        buffer_format(&text, "'%.*s'%s", TEXT_ARG(name), count ? " from " : "");
    }
    return buffer_text(&text);
}

static bool is_cut_by(const Strata *strata, uint32_t from, const Edge *edge)
{
    const DlRelation *relations = strata->program->relations;

    return edge->strict && relations[edge->to].stratum == relations[from].stratum;
}

/* One cycle of each component, so that the work is bounded by the program's size. */
static void report_cycles(Strata *strata)
{
    const DlProgram *program = strata->program;
    bool *reported = ARENA_ARRAY(program->arena, program->nstrata, bool);

    for (uint32_t i = 0; i < program->nrelations; i++) {
        bool *done = &reported[program->relations[i].stratum];

        for (uint32_t j = strata->first[i]; j < strata->first[i + 1] && !*done; j++) {
            const Edge *edge = &strata->edges[j];

            if (!is_cut_by(strata, i, edge))
                continue;
            Text name = program->relations[i].name, cycle = way(strata, edge->to, i);

            *done = true;
            diag_error(strata->diags, "", edge->span,
                       "'%.*s' is derived from what is not, or how much is, in a "
                       "relation that is derived from it: %.*s; cut this cycle",
                       TEXT_ARG(name), TEXT_ARG(cycle));
        }
    }
}

/* Clauses by stratum and by head, in the order written. */
static void sort_clauses(DlProgram *program)
{
    Arena *arena = program->arena;
    uint32_t count = program->nclauses;

    program->by_stratum = ARENA_ARRAY(arena, count, uint32_t);
    program->by_head = ARENA_ARRAY(arena, count, uint32_t);
    program->stratum_first = ARENA_ARRAY(arena, (size_t)program->nstrata + 2, uint32_t);
    program->head_first = ARENA_ARRAY(arena, (size_t)program->nrelations + 2, uint32_t);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t head = program->clauses[i].head.relation;

        program->head_first[head + 2]++;
        program->stratum_first[program->relations[head].stratum + 2]++;
    }
    for (uint32_t i = 0; i < program->nstrata; i++)
        program->stratum_first[i + 2] += program->stratum_first[i + 1];
    for (uint32_t i = 0; i < program->nrelations; i++)
        program->head_first[i + 2] += program->head_first[i + 1];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t head = program->clauses[i].head.relation;

        program->by_head[program->head_first[head + 1]++] = i;
        program->by_stratum[program->stratum_first[program->relations[head].stratum +
                                                   1]++] = i;
    }
}

void datalog_stratify(DlProgram *program, Diags *diags)
{
    Strata strata = {.program = program, .made = program, .diags = diags};
    uint32_t count = program->nrelations;

    strata.order = ARENA_ARRAY(program->arena, count, uint32_t);
    strata.low = ARENA_ARRAY(program->arena, count, uint32_t);
    strata.stack = ARENA_ARRAY(program->arena, count, uint32_t);
    strata.path = ARENA_ARRAY(program->arena, count, uint32_t);
    strata.before = ARENA_ARRAY(program->arena, count, uint32_t);
    strata.on_stack = ARENA_ARRAY(program->arena, count, bool);
    collect_edges(&strata);
    for (uint32_t i = 0; i < count; i++) {
        if (strata.order[i] == 0)
            find_components(&strata, i);
    }
    report_cycles(&strata);
    sort_clauses(program);
}

static void mark_needed(Strata *strata, uint32_t from, Edge edge)
{
    (void)from;
    strata->marks[edge.to] = true;
}

/* From the last stratum to the first, since what a stratum needs lies before it. */
void dl_needed(const DlProgram *program, const DlRelationId *goals, uint32_t count,
               bool *needed)
{
    Strata strata = {.program = program, .marks = needed};

    for (uint32_t i = 0; i < program->nrelations; i++)
        needed[i] = false;
    for (uint32_t i = 0; i < count; i++)
        needed[goals[i].index] = true;
    for (uint32_t i = program->nstrata; i-- > 0;) {
        uint32_t first = program->stratum_first[i];
        uint32_t end = program->stratum_first[i + 1];
        bool is_needed = false;

        for (uint32_t j = first; j < end; j++)
            is_needed |= needed[program->clauses[program->by_stratum[j]].head.relation];
        for (uint32_t j = first; j < end && is_needed; j++)
            visit_clause(&strata, &program->clauses[program->by_stratum[j]],
                         mark_needed);
    }
}

static void see_mark(Strata *strata, uint32_t from, Edge edge)
{
    (void)from;
    strata->is_marked |= strata->marks[edge.to];
}

/* From the first stratum to the last: of one, all relations are marked or none. */
void dl_mark_derived(const DlProgram *program, bool *marks)
{
    Strata strata = {.program = program, .marks = marks};

    for (uint32_t i = 0; i < program->nstrata; i++) {
        uint32_t first = program->stratum_first[i];
        uint32_t end = program->stratum_first[i + 1];

        strata.is_marked = false;
        for (uint32_t j = first; j < end; j++)
            visit_clause(&strata, &program->clauses[program->by_stratum[j]], see_mark);
        for (uint32_t j = first; j < end && strata.is_marked; j++)
            marks[program->clauses[program->by_stratum[j]].head.relation] = true;
    }
}
