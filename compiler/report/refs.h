/*
 * refs.h: what the configurations pull, collected from the input relations.
 *
 * Private to the reports: refs_collect.c fills the list, refs.c prints it. An empty
 * text is "not known" or "has none".
 */
#ifndef BERTH_REPORT_REFS_H
#define BERTH_REPORT_REFS_H

#include "report/report.h"

typedef struct RefConfiguration {
    Text repository, path;
    uint32_t first, count; /* of the list's items */
    Span span;
} RefConfiguration;

typedef struct RefItem {
    uint32_t configuration;
    Text reference; /* canonical; empty where it could not be resolved */
    Text text;      /* what the file says */
    Text kind, reach, phase, auth;
    Text registry, path, tag, digest; /* of `reference` */
    Text note;                        /* why it is not simply pulled */
    Span span;
    const Span *via; /* the steps to it, from the configuration on */
    uint32_t nvia;
} RefItem;

typedef struct RefList {
    RefConfiguration *configurations; /* by repository, path */
    uint32_t nconfigurations;
    RefItem *items; /* by configuration, place, kind, reference, phase */
    uint32_t count, capacity;
} RefList;

/* `repository`, `configuration` (its path, or "owner/name:path"): empty, or the only
 * ones wanted. */
RefList refs_collect(const Report *report, Text repository, Text configuration);

#endif
