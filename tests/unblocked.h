/*
 * unblocked.h: a denied pull that no rule stands in the way of.
 *
 * A login plan names the rule that blocks a configuration: every row of `denied` must
 * have its row of `blocks`. Included by cmocka programs.
 */
#ifndef BERTH_TESTS_UNBLOCKED_H
#define BERTH_TESTS_UNBLOCKED_H

#include "datalog/datalog.h"

/* The first row of `denied` (at, config, repo, ref, phase) without a row of `blocks`
 * (config, ref, phase, rule); NULL: there is none. */
static const uint32_t *find_unblocked(const DlProgram *program,
                                      const DlDatabase *database)
{
    DlRelationId denied = dl_relation_find(program, TEXT("denied"));
    DlRelationId blocks = dl_relation_find(program, TEXT("blocks"));
    uint32_t ndenied = dl_row_count(database, denied);
    uint32_t nblocks = dl_row_count(database, blocks);

    for (uint32_t i = 0; i < ndenied; i++) {
        const uint32_t *pull = dl_row(database, denied, i);
        bool is_blocked = false;

        for (uint32_t j = 0; j < nblocks && !is_blocked; j++) {
            const uint32_t *block = dl_row(database, blocks, j);

            is_blocked =
                block[0] == pull[1] && block[1] == pull[3] && block[2] == pull[4];
        }
        if (!is_blocked)
            return pull;
    }
    return NULL;
}

#endif
