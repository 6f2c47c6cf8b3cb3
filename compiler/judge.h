/*
 * judge.h: the findings of a compilation, as a command answers with them.
 *
 * Collected, then without those that somebody has looked at: what comments and
 * berth.yaml silence, and what the baseline holds.
 */
#ifndef BERTH_JUDGE_H
#define BERTH_JUDGE_H

#include "answer.h"

/* Fills the report of a compilation: the answer's, or first the one that it is compared
 * with.
 * `shows_all`: nothing is silenced, but what is wrong with the suppressions is told. */
void judge_findings(Answer *answer, Compilation *cc, bool shows_all);

/* A reason is a person's text, and may hold anything: where it holds a credential, no
 * report shows it. Before anything is printed. */
void judge_hide_credentials(Answer *answer);

/* Whether only a part of the workspace was looked at: of the rest nobody knows. */
bool judge_is_narrowed(const Answer *answer);

#endif
