#include "report/why.h"
#include "report_fixture.h"

static const char program[] = TYPES
    ".decl pulls(at: Site, repo: Repo, package: symbol)\n"
    ".input pulls\n"
    ".decl grant(at: Site, package: symbol, repo: Repo)\n"
    ".input grant\n"
    ".decl blocked(package: symbol)\n"
    ".input blocked\n"
    ".decl kind(package: symbol, kind: symbol)\n"
    "kind(\"base\", \"image\").\n"
    ".decl needs(repo: Repo, package: symbol)\n"
    "needs(repo, package) :- pulls(_, repo, package).\n"
    ".decl needs_again(repo: Repo, package: symbol)\n"
    "needs_again(repo, package) :- pulls(_, repo, package).\n"
    ".decl denied(repo: Repo, package: symbol)\n"
    ".output denied\n"
    "denied(repo, package) :- needs(repo, package), kind(package, _), "
    "needs_again(repo, "
    "package), !grant(_, package, repo), !grant(_, package, _), !blocked(package).\n"
    ".decl leak_x(at: Site, repo: Repo, package: symbol)\n"
    ".output leak_x\n"
    "leak_x(at, repo, package) :- pulls(at, repo, package), denied(repo, package).\n"
    ".decl verdict(config: Config, repo: Repo, ref: Ref, phase: symbol, verdict: "
    "symbol)\n"
    ".output verdict\n"
    "verdict(as(\"c\", Config), repo, as(package, Ref), \"create\", \"denied\") :- "
    "denied(repo, package).\n"
    ".decl start(i: number)\n"
    ".input start\n"
    ".decl left(i: number)\n"
    ".decl right(i: number)\n"
    ".decl twice(i: number)\n"
    ".output twice\n"
    "twice(i) :- start(i).\n"
    "left(i) :- twice(i).\n"
    "right(i) :- twice(i).\n"
    "twice(i + 1) :- left(i), right(i), i < 60.\n"
    ".decl chain(i: number)\n"
    ".output chain\n"
    "chain(i) :- start(i).\n"
    "chain(i + 1) :- chain(i), i < 5000.\n";

static Fixture *new_fixture(void)
{
    Fixture *fixture = fixture_new(program);

    fixture_file(fixture, "a.json", "\n\"base\"\n");
    fixture_says(fixture, "pulls", "{repo} pulls {package}", "");
    fixture_says(fixture, "grant", "{package} grants {repo}",
                 "no grant of {package} to {repo}");
    fixture_says(fixture, "denied", "{package} does not admit {repo}", "");
    FIXTURE_ROW(fixture, "pulls", "a.json#\"base\"", "o/site", "base");
    return fixture;
}

static const Proof *prove(Fixture *fixture, const char *relation, uint32_t row,
                          uint32_t depth)
{
    if (!fixture->report.database)
        fixture_run(fixture);
    return proof_of(&fixture->report, fixture_relation(fixture, relation), row, depth);
}

static void assert_proof(Fixture *fixture, const Proof *proof, const char *expected)
{
    Buffer out = {.arena = fixture->arena};

    text_add_proof(&fixture->report, proof, &out);
    assert_text(buffer_text(&out), expected);
}

static void steps_without_words_are_left_out(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    assert_proof(fixture, prove(fixture, "denied", 0, 8),
                 "base does not admit o/site\n"
                 "├─ o/site pulls base  (a.json:2:1)\n"
                 "├─ no grant of base to o/site  (absent)\n"
                 "└─ no grant of base to any repo  (absent)\n");
    arena_free(fixture->arena);
}

static void a_fact_of_the_program_has_no_place(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    fixture_says(fixture, "kind", "{package} is an {kind}", "");
    assert_proof(fixture, prove(fixture, "denied", 0, 8),
                 "base does not admit o/site\n"
                 "├─ o/site pulls base  (a.json:2:1)\n"
                 "├─ base is an image\n"
                 "├─ no grant of base to o/site  (absent)\n"
                 "└─ no grant of base to any repo  (absent)\n");
    arena_free(fixture->arena);
}

static void
an_absence_without_words_of_its_own_negates_what_the_relation_says(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    fixture_says(fixture, "grant", "", "");
    fixture_says(fixture, "blocked", "block of {package}", "");
    assert_proof(fixture, prove(fixture, "denied", 0, 8),
                 "base does not admit o/site\n"
                 "├─ o/site pulls base  (a.json:2:1)\n"
                 "└─ no block of base  (absent)\n");
    arena_free(fixture->arena);
}

static void a_proof_is_as_deep_as_asked_for(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    fixture_says(fixture, "needs", "{repo} needs {package}", "");
    assert_proof(fixture, prove(fixture, "denied", 0, 1),
                 "base does not admit o/site\n");
    assert_proof(fixture, prove(fixture, "denied", 0, 2),
                 "base does not admit o/site\n"
                 "├─ o/site needs base\n"
                 "├─ o/site pulls base  (a.json:2:1)\n"
                 "├─ no grant of base to o/site  (absent)\n"
                 "└─ no grant of base to any repo  (absent)\n");
    assert_proof(fixture, prove(fixture, "denied", 0, 3),
                 "base does not admit o/site\n"
                 "├─ o/site needs base\n"
                 "│  └─ o/site pulls base  (a.json:2:1)\n"
                 "├─ o/site pulls base  (a.json:2:1)\n"
                 "├─ no grant of base to o/site  (absent)\n"
                 "└─ no grant of base to any repo  (absent)\n");
    arena_free(fixture->arena);
}

static void an_input_row_is_its_own_proof(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    assert_proof(fixture, prove(fixture, "pulls", 0, 8),
                 "o/site pulls base  (a.json:2:1)\n");
    arena_free(fixture->arena);
}

static void a_root_without_words_is_its_relation(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    assert_proof(fixture, prove(fixture, "needs", 0, 8),
                 "needs\n"
                 "└─ o/site pulls base  (a.json:2:1)\n");
    arena_free(fixture->arena);
}

static void a_finding_s_proof_begins_with_its_message(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Report *report = &fixture->report;

    fixture_rule(fixture, "leak/x", SEVERITY_ERROR, "leak_x",
                 "{repo} cannot pull {package}");
    fixture_run(fixture);
    findings_collect(report, fixture->diags);
    assert_int_equal(report->count, 1);
    assert_proof(fixture, finding_proof(report, &report->findings[0]),
                 "o/site cannot pull base  (a.json:2:1)\n"
                 "├─ o/site pulls base  (a.json:2:1)\n"
                 "└─ base does not admit o/site\n"
                 "   ├─ o/site pulls base  (a.json:2:1)\n"
                 "   ├─ no grant of base to o/site  (absent)\n"
                 "   └─ no grant of base to any repo  (absent)\n");
    Buffer out = {.arena = fixture->arena};
    report->verbose = report->quiet = true;
    report_text(report, &out);
    assert_text(buffer_text(&out), "error[leak/x]: o/site cannot pull base\n"
                                   " --> a.json:2:1\n"
                                   "  |\n"
                                   "2 | \"base\"\n"
                                   "  | ^^^^^^\n"
                                   "  = because:\n"
                                   "    ├─ o/site pulls base  (a.json:2:1)\n"
                                   "    └─ base does not admit o/site\n"
                                   "       ├─ o/site pulls base  (a.json:2:1)\n"
                                   "       ├─ no grant of base to o/site  (absent)\n"
                                   "       └─ no grant of base to any repo  (absent)\n"
                                   "\n");
    arena_free(fixture->arena);
}

/* --- bounds --- */

typedef struct Shape {
    uint32_t nodes, depth, cuts;
} Shape;

static void measure(const Proof *proof, uint32_t depth, Shape *shape)
{
    shape->nodes++;
    shape->cuts += text_equal(proof->says, TEXT("..."));
    if (depth > shape->depth)
        shape->depth = depth;
    for (uint32_t i = 0; i < proof->nbecause; i++)
        measure(proof->because[i], depth + 1, shape);
}

static Shape shape_of_last(Fixture *fixture, const char *relation)
{
    Shape shape = {0};

    fixture_run(fixture);
    uint32_t count =
        dl_row_count(fixture->database, fixture_relation(fixture, relation));
    measure(prove(fixture, relation, count - 1, UINT32_MAX), 1, &shape);
    return shape;
}

/* Unfolded, twice(60) has 2^61 steps. */
static void shared_steps_are_unfolded_up_to_a_bound(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    fixture_says(fixture, "left", "left {i}", "");
    fixture_says(fixture, "right", "right {i}", "");
    FIXTURE_ROW(fixture, "start", "0");
    Shape shape = shape_of_last(fixture, "twice");
    assert_true(shape.nodes > 1000 && shape.nodes < 2200);
    assert_true(shape.cuts > 0);
    arena_free(fixture->arena);
}

static void steps_without_words_are_bounded_too(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    fixture_says(fixture, "start", "it starts at {i}", "");
    FIXTURE_ROW(fixture, "start", "0");
    Shape shape = shape_of_last(fixture, "twice");
    assert_true(shape.nodes < 10);
    assert_int_equal(shape.cuts, 1);
    arena_free(fixture->arena);
}

static void a_deep_proof_is_cut(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    fixture_says(fixture, "chain", "link {i}", "");
    FIXTURE_ROW(fixture, "start", "0");
    Shape shape = shape_of_last(fixture, "chain");
    assert_true(shape.depth > 50 && shape.depth < 200);
    assert_int_equal(shape.cuts, 1);
    arena_free(fixture->arena);
}

/* --- why --- */

static void why_says_verdict_and_reasons(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Buffer text = {.arena = fixture->arena}, json = {.arena = fixture->arena};

    fixture_says(fixture, "verdict", "{repo} pulling {ref} is {verdict}", "");
    fixture_says(fixture, "denied", "", "");
    fixture_says(fixture, "grant", "", "no grant of {package} to {repo}");
    fixture_run(fixture);
    const WhyQuestion question = {TEXT("c"), TEXT("o/site"), TEXT("base"),
                                  TEXT("create")};
    WhyAnswer answer = {.size_max = 3};
    assert_true(verdict_find(&fixture->report, &question, &answer.verdict));
    why_text(&fixture->report, &question, &answer, &text);
    assert_text(buffer_text(&text), "denied: o/site pulling base (phase: create)\n"
                                    "├─ o/site pulls base  (a.json:2:1)\n"
                                    "├─ no grant of base to o/site  (absent)\n"
                                    "└─ no grant of base to any repo  (absent)\n"
                                    "no change of what the manifests state would "
                                    "allow it\n");
    why_json(&fixture->report, &question, &answer, &json);
    assert_text(buffer_text(&json),
                "{\n"
                "  \"version\": 1,\n"
                "  \"verdict\": \"denied\",\n"
                "  \"proof\": {\n"
                "    \"says\": \"o/site pulling base is denied\",\n"
                "    \"location\": null,\n"
                "    \"because\": [\n"
                "      {\n"
                "        \"says\": \"o/site pulls base\",\n"
                "        \"location\": {\n"
                "          \"path\": \"a.json\",\n"
                "          \"line\": 2,\n"
                "          \"column\": 1,\n"
                "          \"endLine\": 2,\n"
                "          \"endColumn\": 7\n"
                "        },\n"
                "        \"because\": []\n"
                "      },\n"
                "      {\n"
                "        \"says\": \"no grant of base to o/site\",\n"
                "        \"absent\": true,\n"
                "        \"location\": null,\n"
                "        \"because\": []\n"
                "      },\n"
                "      {\n"
                "        \"says\": \"no grant of base to any repo\",\n"
                "        \"absent\": true,\n"
                "        \"location\": null,\n"
                "        \"because\": []\n"
                "      }\n"
                "    ]\n"
                "  },\n"
                "  \"why_not\": [],\n"
                "  \"repairs\": [],\n"
                "  \"search\": {\n"
                "    \"changes\": 0,\n"
                "    \"size\": 3,\n"
                "    \"complete\": true\n"
                "  }\n"
                "}\n");
    arena_free(fixture->arena);
}

static void why_has_no_answer_to_what_was_not_asked(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    const Report *report = &fixture->report;
    WhyQuestion question = {TEXT("c"), TEXT("o/site"), TEXT("base"), TEXT("create")};
    Verdict verdict;

    assert_false(verdict_find(report, &question, &verdict)); /* it was not judged */
    fixture_run(fixture);
    question.reference = TEXT("never seen");
    assert_false(verdict_find(report, &question, &verdict));
    question.reference = TEXT("base");
    question.phase = TEXT("base");
    assert_false(verdict_find(report, &question, &verdict));
    arena_free(fixture->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_without_words_are_left_out),
        cmocka_unit_test(a_fact_of_the_program_has_no_place),
        cmocka_unit_test(
            an_absence_without_words_of_its_own_negates_what_the_relation_says),
        cmocka_unit_test(a_proof_is_as_deep_as_asked_for),
        cmocka_unit_test(an_input_row_is_its_own_proof),
        cmocka_unit_test(a_root_without_words_is_its_relation),
        cmocka_unit_test(a_finding_s_proof_begins_with_its_message),
        cmocka_unit_test(shared_steps_are_unfolded_up_to_a_bound),
        cmocka_unit_test(steps_without_words_are_bounded_too),
        cmocka_unit_test(a_deep_proof_is_cut),
        cmocka_unit_test(why_says_verdict_and_reasons),
        cmocka_unit_test(why_has_no_answer_to_what_was_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
