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

# A line break in it would be a further output.
if [[ ${BERTH_SARIF:-} == *[$'\r\n']* ]]; then
    echo "berth: the input 'sarif' is not a path: it holds a line break" >&2
    exit 2
fi

# Lines are blanks, too; the end of the text is not one of read's delimiters.
read -r -d '' -a more <<<"${BERTH_ARGUMENTS:-}" || true
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
