#include "report/fingerprint.h"

#include <inttypes.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "report/cells.h"

/* A NUL after each part keeps ("a", "bc") from ("ab", "c"). */
static void add_part(Buffer *key, Text part)
{
    buffer_add(key, part);
    buffer_add_byte(key, '\0');
}

static Text digits(const Buffer *key)
{
    return arena_format(key->arena, "%016" PRIx64,
                        (uint64_t)XXH3_64bits(key->at, key->len));
}

Text fingerprint_of_row(const Report *report, const Rule *rule, Text repository,
                        const uint32_t *row)
{
    const DlRelation *relation = dl_relation(report->program, rule->relation);
    Buffer key = {.arena = report->arena};

    add_part(&key, rule->id);
    add_part(&key, repository);
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (!cell_is_site(&relation->attributes[i]) &&
            !rule_hides(rule, relation->attributes[i].name))
            add_part(&key, cell_text(report, &relation->attributes[i], row[i]));
    }
    return digits(&key);
}

Text fingerprint_of_diag(const Report *report, const Rule *rule, const Diag *diag)
{
    Buffer key = {.arena = report->arena};

    add_part(&key, rule->id);
    add_part(&key, diag->span.file ? source_path(report->sources, diag->span.file)
                                   : TEXT(""));
    add_part(&key, diag->message);
    return digits(&key);
}
