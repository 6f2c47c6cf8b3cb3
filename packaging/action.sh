#!/usr/bin/env bash
# action.sh: the one step of action.yml. Inputs come as environment variables, so that no
# text of an event is ever part of a script.
set -euo pipefail
action=${GITHUB_ACTION_PATH:?}

program=${BERTH_PROGRAM:-}
if [ -z "$program" ]; then
    "$action/dev" build
    program=$action/build/berth
fi

read -r -a more <<<"${BERTH_ARGUMENTS:-}"
arguments=(check --format text --format github --fail-on "${BERTH_FAIL_ON:-error}")
[ -z "${BERTH_SARIF:-}" ] || arguments+=(--format "sarif=$BERTH_SARIF")
[ -z "${BERTH_BASE:-}" ] || arguments+=(--diff-base "$BERTH_BASE")
arguments+=("${more[@]}" -- "${BERTH_PATH:-.}")

status=0
"$program" "${arguments[@]}" || status=$?
{
    echo "status=$status"
    [ -z "${BERTH_SARIF:-}" ] || echo "sarif=$BERTH_SARIF"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$status"
