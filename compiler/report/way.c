#include "report/way.h"

#include <stdlib.h>

#include "report/cells.h"

enum { WAY_MAX = 64 }; /* steps of a way */

/* The cells of `via`, as compiler/facts/relations.def lists them. */
enum { VIA_CONFIG, VIA_AT, VIA_FROM, VIA_ARITY };

typedef struct Step {
    const Report *report;
    uint32_t config, at;
    Site from;
} Step;

struct Ways {
    const Report *report;
    Step *steps; /* by config, at, from */
    uint32_t count;
};

static int step_key_compare(const Step *step, uint32_t config, uint32_t at)
{
    if (step->config != config)
        return step->config < config ? -1 : 1;
    return (step->at > at) - (step->at < at);
}

static int step_compare(const void *left, const void *right)
{
    const Step *one = left, *other = right;
    int order = step_key_compare(one, other->config, other->at);

    return order
               ? order
               : place_compare(one->report, site_span(one->report->sources, one->from),
                               site_span(one->report->sources, other->from));
}

const Ways *ways_new(const Report *report)
{
    Ways *ways = ARENA_NEW(report->arena, Ways);

    ways->report = report;
    if (!report->program || !report->database)
        return ways;
    DlRelationId via = dl_relation_find(report->program, TEXT("via"));
    if (via.index == DL_NO_RELATION ||
        dl_relation(report->program, via)->arity != VIA_ARITY)
        return ways;
    ways->count = dl_row_count(report->database, via);
    ways->steps = ARENA_ARRAY(report->arena, ways->count, Step);
    for (uint32_t i = 0; i < ways->count; i++) {
        const uint32_t *row = dl_row(report->database, via, i);

        ways->steps[i] = (Step){report, row[VIA_CONFIG], row[VIA_AT], {row[VIA_FROM]}};
    }
    if (ways->count)
        qsort(ways->steps, ways->count, sizeof(Step), step_compare);
    return ways;
}

/* The first step that leads to `at`; NULL when it is reached directly. */
static const Step *find_step(const Ways *ways, uint32_t config, uint32_t at)
{
    uint32_t low = 0, high = ways->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (step_key_compare(&ways->steps[middle], config, at) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == ways->count || step_key_compare(&ways->steps[low], config, at) != 0)
        return NULL;
    return &ways->steps[low];
}

static bool holds(const uint32_t *sites, uint32_t count, uint32_t site)
{
    for (uint32_t i = 0; i < count; i++) {
        if (sites[i] == site)
            return true;
    }
    return false;
}

uint32_t way_find(const Ways *ways, uint32_t config, uint32_t at, Span **via)
{
    const Report *report = ways->report;
    uint32_t backwards[WAY_MAX + 1] = {at};
    uint32_t count = 0;
    const Step *step;

    while (count < WAY_MAX &&
           (step = find_step(ways, config, backwards[count])) != NULL &&
           !holds(backwards, count + 1, step->from.id))
        backwards[++count] = step->from.id;
    *via = ARENA_ARRAY(report->arena, count, Span);
    for (uint32_t i = 0; i < count; i++)
        (*via)[i] = site_span(report->sources, (Site){backwards[count - i]});
    return count;
}
