/*
 * Random organizations: every "can-pull" edge from a configuration to an image is what
 * `berth why` answers for that pair, phase by phase, and every pull has its edge; a
 * summary keeps count of every node, and a focus on everything is the graph itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "compile.h"
#include "graph/graph.h"
#include "random_organization.h"
#include "report/why.h"

enum { ROUNDS = 40 };

static void compile_in(Compilation *cc, CompileOptions *options)
{
    *cc = (Compilation){.options = options, .arena = arena_new((size_t)1 << 28)};
    assert_true(arena_run(cc->arena, compile, cc));
    assert_false(cc->is_unusable);
    compile_report(cc, cc->arena);
}

static const Graph *graph_in(Compilation *cc, CompileOptions *options,
                             const char *directory)
{
    *options = (CompileOptions){.path = text_of(directory), .graph_of = TEXT("access")};
    compile_in(cc, options);
    findings_collect(&cc->report, cc->diags);
    return graph_new(&cc->report);
}

/* What `berth why` answers: the verdict of the asked pair. */
static bool why_says(const char *directory, Text repository, Text image, Text phase,
                     Text answer)
{
    CompileOptions options = {.path = text_of(directory),
                              .asked_repository = repository,
                              .asked_image = image};
    Compilation cc;
    Verdict verdict = {.says = TEXT("nothing")};

    compile_in(&cc, &options);
    WhyQuestion question = {cc.asked_configuration, cc.asked_repository,
                            cc.asked_reference, phase};
    bool is_same = verdict_find(&cc.report, &question, &verdict) &&
                   text_equal(verdict.says, answer);
    if (!is_same)
        printf("%.*s %.*s (%.*s): the graph says %.*s, why says %.*s\n",
               TEXT_ARG(repository), TEXT_ARG(image), TEXT_ARG(phase), TEXT_ARG(answer),
               TEXT_ARG(verdict.says));
    arena_free(cc.arena);
    return is_same;
}

static Text before(Text text, char byte)
{
    return text_slice(text, 0, text_find_byte(text, byte));
}

static void every_edge_is_what_why_answers(void **context)
{
    char directory[DIRECTORY_ROOM];
    uint32_t compared = 0;

    (void)context;
    organization_make(directory);
    for (int round = 0; round < ROUNDS; round++) {
        Organization it = {0};
        CompileOptions options;
        Compilation cc;
        uint32_t pulls = 0;

        organization_randomize(&it);
        organization_write(&it, directory, false);
        const Graph *graph = graph_in(&cc, &options, directory);
        for (uint32_t i = 0; i < graph->nedges; i++) {
            const GraphEdge *edge = &graph->edges[i];
            const GraphNode *from = &graph->nodes[edge->from];

            if (!text_equal(edge->kind, TEXT("can-pull")) ||
                !text_equal(from->kind->name, TEXT("configuration")))
                continue;
            pulls++;
            for (uint32_t j = 0; j < edge->nreasons; j++, compared++)
                assert_true(why_says(directory, before(from->name, ':'),
                                     graph->nodes[edge->to].name,
                                     before(edge->reasons[j].says, ':'), edge->state));
        }
        assert_true(pulls >= REPOSITORIES);
        arena_free(cc.arena);
    }
    organization_remove(directory);
    printf("%d organizations, %u reasons compared\n", ROUNDS, compared);
}

static uint32_t count_of(const Graph *graph, const char *kind)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < graph->nnodes; i++) {
        if (text_equal(graph->nodes[i].kind->name, text_of(kind)))
            count += graph->nodes[i].count;
    }
    return count;
}

static void a_summary_loses_no_node(void **context)
{
    static const uint32_t sizes[] = {1, 4, 9, 20, 1000};
    char directory[DIRECTORY_ROOM];

    (void)context;
    organization_make(directory);
    for (int round = 0; round < ROUNDS; round++) {
        Organization it = {0};
        CompileOptions options;
        Compilation cc;

        organization_randomize(&it);
        organization_write(&it, directory, false);
        const Graph *graph = graph_in(&cc, &options, directory);
        for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
            const Graph *summary = graph_summary(graph, sizes[i]);

            /* The kinds that are parts of none; there are seven of them. */
            assert_true(summary->nnodes <= sizes[i] || summary->nnodes <= 9);
            assert_int_equal(count_of(summary, "repository"),
                             count_of(graph, "repository"));
            assert_int_equal(count_of(summary, "package"), count_of(graph, "package"));
            assert_int_equal(count_of(summary, "registry"),
                             count_of(graph, "registry"));
            for (uint32_t j = 0; j < summary->nedges; j++)
                assert_true(summary->edges[j].from < summary->nnodes &&
                            summary->edges[j].to < summary->nnodes);
        }
        arena_free(cc.arena);
    }
    organization_remove(directory);
}

static void a_focus_is_what_lies_near(void **context)
{
    char directory[DIRECTORY_ROOM];

    (void)context;
    organization_make(directory);
    for (int round = 0; round < ROUNDS; round++) {
        Organization it = {0};
        CompileOptions options;
        Compilation cc;
        Text near;

        organization_randomize(&it);
        organization_write(&it, directory, false);
        const Graph *graph = graph_in(&cc, &options, directory);
        bool *seeds = ARENA_ARRAY(cc.arena, graph->nnodes, bool);
        assert_int_equal(graph_find(graph, TEXT("repository:octo/r0"), seeds, &near),
                         1);
        const Graph *one = graph_focus(graph, seeds, 0);
        assert_int_equal(one->nnodes, 1);
        assert_int_equal(one->nedges, 0);
        uint32_t nodes = 1;
        for (uint32_t hops = 1; hops < 6; hops++) {
            const Graph *part = graph_focus(graph, seeds, hops);

            assert_true(part->nnodes >= nodes);
            nodes = part->nnodes;
        }
        for (uint32_t i = 0; i < graph->nnodes; i++)
            seeds[i] = true;
        const Graph *all = graph_focus(graph, seeds, 0);
        assert_int_equal(all->nnodes, graph->nnodes);
        assert_int_equal(all->nedges, graph->nedges);
        assert_int_equal(graph_find(graph, TEXT("octo/r00"), seeds, &near), 0);
        assert_true(near.len != 0);
        arena_free(cc.arena);
    }
    organization_remove(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_edge_is_what_why_answers),
        cmocka_unit_test(a_summary_loses_no_node),
        cmocka_unit_test(a_focus_is_what_lies_near),
    };

    return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
