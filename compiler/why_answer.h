/*
 * why_answer.h: what `berth why` answers beside the verdict.
 *
 * For a verdict that is not "allowed": what fails of the clauses that would allow it, and
 * the smallest sets of changes after which the rules do. What a repair creates is what a
 * check of the changed facts finds anew.
 */
#ifndef BERTH_WHY_ANSWER_H
#define BERTH_WHY_ANSWER_H

#include "compile.h"
#include "report/why.h"

/* `cc` has been compiled, with a question, and compile_report was called; `verdict` is
 * one of its database. What is made lies in `arena`. False when the rules of changes
 * cannot be used, which is then in the Diags of `cc`; where a limit was met, `cc` is
 * incomplete. */
bool why_answer(Compilation *cc, Arena *arena, const Verdict *verdict,
                WhyAnswer *answer) BERTH_MUST_USE;

#endif
