/*
 * dockerfile_stages.h: the stages and images of one build of a Dockerfile.
 *
 * What BuildKit makes of read instructions before it builds: global arguments, stages,
 * what each needs (FROM, COPY --from, RUN --mount, triggers of ONBUILD), and which of
 * it the target needs (reference/inputs.md, D10 to D20). For from_dockerfile.c.
 */
#ifndef BERTH_FACTS_DOCKERFILE_STAGES_H
#define BERTH_FACTS_DOCKERFILE_STAGES_H

#include "base/intern.h"
#include "facts/configuration.h"
#include "syntax/dockerfile.h"

typedef enum Need {
    NEED_NONE,
    NEED_MAYBE, /* what only the machine knows decides */
    NEED_SURE
} Need;

/* A stage, or an image that a COPY, a mount or a trigger names. */
typedef struct BuildNode {
    ReferenceKind kind;        /* KIND_STAGE for a stage */
    Text text;                 /* of the base, as written */
    Text base;                 /* expanded */
    Text hole;                 /* in it */
    Span span;                 /* of the base */
    Text name;                 /* of a stage, in lower case; empty: it has none */
    Text platform;             /* of a stage, expanded */
    uint32_t instruction, end; /* its instructions are [instruction, end) */
    uint32_t parent; /* number of the stage that its base is; 0: its base is an image */
    uint32_t context;            /* number of the named context in its place; 0: none */
    uint32_t edges;              /* number of the first */
    uint32_t source, nsources;   /* what its own instructions name, in `sources` */
    uint32_t trigger, ntriggers; /* its ONBUILDs, in `triggers` */
    Need need;
    bool is_stage;
    bool replaced; /* a context stands in for the whole stage, not for its base */
    bool has_triggers_run;
    uint8_t color; /* in the search for circles */
} BuildNode;

/* "needs": of a node, in a list. All numbers are 1 more than the index; 0 is none. */
typedef struct BuildEdge {
    uint32_t to, next;
    Span span;
} BuildEdge;

/* What an ONBUILD needs, found once and used by every stage that runs it. */
typedef struct BuildTrigger {
    const Instruction *instruction; /* the one that is triggered */
    uint32_t source, nsources;
    Text problem;
    Span problem_span;
    bool is_said;
} BuildTrigger;

typedef struct BuildSource {
    uint32_t node;
    Span span;
    Text mount_type;
    bool is_mount;
} BuildSource;

/* What a name means: an argument's, a stage's in lower case, an image's in canonical
 * form. */
typedef struct BuildName {
    VariableState state; /* of the global argument */
    Text value;
    const BuildArgument *supplied; /* NULL: no build argument of that name */
    uint32_t stage;                /* number of the latest one so far */
    uint32_t context;              /* number of the last one */
} BuildName;

typedef struct BuildGraph {
    Arena *arena;
    Diags *diags;
    const Dockerfile *dockerfile;
    const Build *build;
    Text platform;
    bool is_stopped;    /* BuildKit ends with an error before it pulls anything */
    Symbols *names;     /* of arguments, stages and contexts */
    BuildName *by_name; /* by symbol */
    uint32_t by_name_capacity;
    size_t expanded;     /* bytes, of all values */
    Need *context_needs; /* by context */
    BuildNode *nodes;
    uint32_t nnodes, nodes_capacity, nstages;
    BuildEdge *edges;
    uint32_t nedges, edges_capacity;
    BuildTrigger *triggers;
    uint32_t ntriggers, triggers_capacity;
    BuildSource *sources;
    uint32_t nsources, sources_capacity;
    uint32_t *work; /* nodes whose needs are not yet followed */
    uint32_t nwork, work_capacity;
} BuildGraph;

/* Reads the whole build. What BuildKit refuses is said to `diags`. */
BuildGraph *build_graph_read(Arena *arena, Diags *diags, const Dockerfile *dockerfile,
                             const Build *build, Text platform);

/* Whether the frontend of a "# syntax=" is Docker's own; of another one we do not know
 * what language it reads. */
bool dockerfile_frontend_is_docker(Text name);

/* --- between the files of the graph --- */

/* Says what ends the build before anything is pulled. */
void build_graph_stop(BuildGraph *graph, Span span, Text message);

/* dockerfile_arguments.c: fills the global arguments. */
void build_graph_read_arguments(BuildGraph *graph);
/* After the stages: SOURCE_DATE_EPOCH may name one. */
void build_graph_check_epoch(BuildGraph *graph);
/* Expands a word of the Dockerfile with them; false when BuildKit refuses it, which
 * was then said. */
bool build_graph_expand(BuildGraph *graph, DockerfileWord word, Text *value,
                        Text *hole);

/* dockerfile_needs.c: edges to what the stages need, and what the target needs. */
void build_graph_connect(BuildGraph *graph);
void build_graph_need(BuildGraph *graph, uint32_t node, Need need);
void build_graph_check_mounts(BuildGraph *graph);

/* What is known of a name; *build_graph_name makes room for it. */
const BuildName *build_graph_find(const BuildGraph *graph, Text name);
BuildName *build_graph_name(BuildGraph *graph, Text name);
Text build_graph_lower(const BuildGraph *graph, Text name);
/* Sets parent and context from the base. */
void build_graph_find_base(BuildGraph *graph, BuildNode *node);
uint32_t build_graph_add_node(BuildGraph *graph, BuildNode node);

#endif
