/*
 * plan_shell.h: a login plan, written for a POSIX shell.
 *
 * As the environment variable of the dev container CLI, or as the commands that a person
 * could run. Values are the shell's to put in, from variables; what is not sure to be a
 * variable's name or a host is left out, with a comment that says so, and nothing of it
 * is written. Equal plans are equal bytes.
 */
#ifndef BERTH_PLAN_PLAN_SHELL_H
#define BERTH_PLAN_PLAN_SHELL_H

#include "base/buffer.h"
#include "plan/plan.h"

/* One line, DEVCONTAINERS_OCI_AUTH='host|'"$USER"'|'"$PASSWORD", the variables by
 * reference; before it a comment for each step that cannot be said so. */
void plan_env(const Plan *plan, Buffer *out);

/* A command for each step, `docker login ... --password-stdin`, run only where SERVER is
 * the plan's; of an access key of AWS, `aws ecr get-login-password` before it. No secret
 * is a word of a command that is run: printf has to be the shell's own, which is tested
 * first. */
void plan_commands(const Plan *plan, Buffer *out);

#endif
