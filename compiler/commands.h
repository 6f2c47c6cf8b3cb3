/*
 * commands.h: the commands of berth that read a workspace, one function each.
 */
#ifndef BERTH_COMMANDS_H
#define BERTH_COMMANDS_H

#include "answer.h"

/* The findings of `check`, in the report: of the rules that --select and --ignore leave
 * on, and with --diff-base the new ones alone. False: it was said what is wrong with the
 * options. */
bool check_collect(Answer *answer);

void command_check(Answer *answer);
void command_why(Answer *answer);
void command_refs(Answer *answer);
void command_cut(Answer *answer);   /* cut_command.c */
void command_diff(Answer *answer);  /* diff_command.c */
void command_graph(Answer *answer); /* graph_command.c */
void command_plan(Answer *answer);
void command_rules(Answer *answer);
void command_explain(Answer *answer);
void command_init(Answer *answer);
void command_dump(Answer *answer);
void command_export(Answer *answer);

#endif
