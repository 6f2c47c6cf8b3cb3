#!/usr/bin/env bash
# The life of a baseline: it begins when growth is allowed, survives moved lines and
# renamed files, shrinks, and does not grow; what is wrong with one ends the run. And
# suppressions: a comment at any place changes nothing but what it covers. BERTH names
# the program. Ends with "N passed, N failed".
set -uo pipefail
berth=$(readlink -f "$BERTH")
cd "$(dirname "$0")/.." || exit 2
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset GITHUB_REPOSITORY
passed=0 failed=0

pass() { passed=$((passed + 1)); }
fail() {
    failed=$((failed + 1))
    echo "FAILED  $1"
}

# check WANTED WHAT [WORDS...]: berth's exit status; output in $work/out and $work/err
check() {
    local wanted=$1 what=$2 is=0
    shift 2
    timeout 60 "$berth" check --today 2026-06-01 "$@" "$work/site" \
        >"$work/out" 2>"$work/err" </dev/null || is=$?
    if [ "$is" = "$wanted" ]; then pass; else
        fail "$what: exit status $is, not $wanted"
        head -5 "$work/out" "$work/err"
    fi
}
holds() { # WHAT FILE TEXT
    if grep -qF -- "$3" "$2"; then pass; else
        fail "$1: no '$3' in:"
        head -5 "$2"
    fi
}
counts() { # WHAT FILE TEXT NUMBER
    local is
    is=$(grep -cF -- "$3" "$2")
    if [ "$is" = "$4" ]; then pass; else fail "$1: '$3' stands $is times, not $4"; fi
}
same() { # WHAT FILE FILE
    if cmp -s "$2" "$3"; then pass; else fail "$1"; fi
}

site=$work/site/.devcontainer baseline=$work/baseline.json
mkdir -p "$site"
write() { # the Features of devcontainer.json
    printf '{\n  "image": "alpine:3",\n  "features": {%s}\n}\n' "$1" >"$site/devcontainer.json"
}

# --- it begins ---
write '"first": {}, "second": {}'
check 1 "two findings"
check 2 "no baseline" --baseline "$baseline"
holds "it says how to begin" "$work/err" "--update-baseline --allow-growth"
check 2 "none is written without leave" --baseline "$baseline" --update-baseline
holds "it says what to do" "$work/err" "--allow-growth writes it"
counts "and what it would hold" "$work/err" "would be added: .devcontainer/devcontainer.json[input/invalid-reference]" 2
[ ! -e "$baseline" ] && pass || fail "nothing was written"
check 0 "the first one" --baseline "$baseline" --update-baseline --allow-growth
holds "the summary counts it" "$work/out" "2 in the baseline"
cp "$baseline" "$work/first.json"
check 0 "what it holds does not count" --baseline "$baseline"
holds "nothing is reported" "$work/out" "no findings in"
check 0 "JSON lists what it holds" --baseline "$baseline" --format json
counts "as suppressed" "$work/out" '"kind": "baseline"' 2
holds "and counts it" "$work/out" '"unchanged": 2'
holds "apart from suppressions" "$work/out" '"suppressed": 0'
check 0 "text lists it with -v" --baseline "$baseline" -v
counts "each of it" "$work/out" "= in the baseline" 2

# --- it survives ---
write '


    "second": {}, "first": {}'
check 0 "lines moved" --baseline "$baseline"
check 0 "an update of nothing" --baseline "$baseline" --update-baseline
same "gives the same bytes" "$baseline" "$work/first.json"
sed -i 's|"rule": .*|&\n      "reason": "known since May",|; 0,/known since May/! s|^ *"reason".*||' "$baseline"
sed -i '/^$/d' "$baseline"
check 0 "a reason of one's own" --baseline "$baseline" --update-baseline
holds "is kept" "$baseline" '"reason": "known since May"'
check 0 "and told" --baseline "$baseline" -v
holds "with the finding" "$work/out" "= in the baseline: known since May"
cp "$work/first.json" "$baseline"

# --- it does not grow ---
write '"first": {}, "second": {}, "third": {}'
check 1 "one more is reported" --baseline "$baseline"
holds "that one alone" "$work/out" "1 error, 0 warnings, 0 infos"
check 2 "growth is refused" --baseline "$baseline" --update-baseline
holds "with what would be added" "$work/err" "would be added: .devcontainer/devcontainer.json[input/invalid-reference]"
same "and nothing is written" "$baseline" "$work/first.json"
check 0 "growth with leave" --baseline "$baseline" --update-baseline --allow-growth
counts "is written" "$baseline" '"fingerprint"' 3

# --- it shrinks ---
write '"first": {}'
check 0 "what is left over is told" --baseline "$baseline"
holds "with a number" "$work/err" "2 entries of the baseline match nothing any more"
check 0 "and not of a part" --baseline "$baseline" --select 'input/*'
counts "which knows nothing of the rest" "$work/err" "match nothing" 0
check 0 "an update drops it" --baseline "$baseline" --update-baseline
counts "to the last" "$baseline" '"fingerprint"' 1
write ''
check 0 "nothing is left" --baseline "$baseline" --update-baseline
counts "in the file either" "$baseline" '"fingerprint"' 0

# --- it is a multiset ---
write '"first": {}'
mkdir -p "$site/two" && cp "$site/devcontainer.json" "$site/two/"
mkdir -p "$site/three"
rm "$baseline"
check 0 "equal findings in two files" --baseline "$baseline" --update-baseline --allow-growth
counts "are two entries" "$baseline" '"fingerprint"' 2
cp "$site/devcontainer.json" "$site/three/"
check 1 "a third is new" --baseline "$baseline"
holds "and the one that is told" "$work/out" "three/devcontainer.json:3:16"
rm -r "$site/two" "$site/three"

# --- who may ask ---
check 2 "an update of which file" --update-baseline
check 2 "growth of what" --baseline "$baseline" --allow-growth
for part in "--select input/*" "--ignore input/*" "--no-ignores" \
    "--configuration .devcontainer/devcontainer.json" "--user hubot"; do
    # shellcheck disable=SC2086 # two words
    check 2 "an update of a part: $part" --baseline "$baseline" --update-baseline $part
    holds "it says which" "$work/err" "${part%% *}"
done
cp "$baseline" "$work/before.json"
printf 'nonsense: [\n' >"$work/site/berth.yaml"
check 2 "an update of what was not judged" --baseline "$baseline" --update-baseline --allow-growth
same "writes nothing" "$baseline" "$work/before.json"
rm "$work/site/berth.yaml"

# --- what is wrong with one ---
bad() { # WHAT TEXT PLACE
    printf '%s' "$2" >"$work/bad.json"
    check 2 "$1" --baseline "$work/bad.json"
    holds "$1: the place" "$work/err" "bad.json:$3: "
}
bad "an empty file" '' 1:1
bad "no JSON" '{"version": 1,' 1:15
bad "another version" $'{\n  "version": 2, "findings": []}' 2:14
bad "no version" '{"findings": []}' 1:1
bad "no findings" '{"version": 1}' 1:1
bad "no list" '{"version": 1, "findings": {}}' 1:28
bad "no entry" '{"version": 1, "findings": [1]}' 1:29
bad "no fingerprint" '{"version": 1, "findings": [{"rule": "a/b"}]}' 1:29
bad "a short one" '{"version": 1, "findings": [{"fingerprint": "00", "rule": "a/b"}]}' 1:29
bad "no rule" '{"version": 1, "findings": [{"fingerprint": "0123456789abcdef"}]}' 1:29
bad "another key" '{"version": 1, "findings": [{"fingerprint": "0123456789abcdef", "line": 1}]}' 1:65
bad "a number" '{"version": 1, "findings": [{"fingerprint": 1}]}' 1:45
check 2 "a directory" --baseline "$work/site"

# --- suppression goes before the baseline ---
write '"first": {} // berth: ignore[input/invalid-reference] seen
'
rm "$baseline"
check 0 "what is silenced is not in it" --baseline "$baseline" --update-baseline --allow-growth
counts "at all" "$baseline" '"fingerprint"' 0
check 1 "--no-ignores shows it" --no-ignores
holds "as a finding" "$work/out" "error[input/invalid-reference]"
check 0 "--select of another rule" --select input/syntax
counts "makes nothing unused" "$work/out" "unused-suppression" 0
check 0 "--ignore of it" --ignore input/invalid-reference
counts "makes nothing unused either" "$work/out" "unused-suppression" 0

# --- of what was not looked at nothing is unused ---
write '"first": {} // berth: ignore[input/duplicate-key] not here
'
check 1 "a suppression that silences nothing"
holds "is told" "$work/out" "silences nothing"
check 1 "in a part of the workspace" --configuration .devcontainer/devcontainer.json
counts "it is not" "$work/out" "silences nothing" 0
write '"first" {} // berth: ignore[input/duplicate-key] not here
'
check 1 "in a file that breaks off"
counts "it is not either" "$work/out" "silences nothing" 0
printf 'checkouts: repos\n' >"$work/site/berth.yaml"
mkdir -p "$work/site/repos/octo-org/site" "$work/site/repos/octo-org/app" "$work/site/berth"
printf 'repositories:\n  # berth: ignore[input/*] none\n  - {name: octo-org/site}\n' >"$work/site/berth/a.yaml"
check 0 "in a manifest"
holds "it is told, of all repositories" "$work/out" "silences nothing"
check 0 "in a manifest" --repository octo-org/app
counts "it is not, of one" "$work/out" "silences nothing" 0
rm -r "$work/site/berth" "$work/site/repos" "$work/site/berth.yaml"

# --- a comment anywhere changes nothing but what it covers ---
# With what is silenced put back, the findings are the same, lines moved by one; the
# comment itself is used, or told to be unused.
cp -r "$root/fixtures/rules/input/unused-suppression/good-compose/.devcontainer" "$work/tree"
sed -i '/^ *# berth/d; s/ # berth.*//' "$work/tree/compose.yaml"
rm -r "$work/site" && mkdir "$work/site"
findings() { # of a JSON report: rule, path, line; with the line LINE and those behind moved back
    awk -F '"' -v line="$1" -v path="$2" '
        /^      "rule": / { rule = $4 }
        /^      "location": / { in_location = 1 }
        in_location && /"path": / { at = $4 }
        in_location && /"line": / {
            number = $3
            gsub("[^0-9]", "", number)
            if (at == path && number + 0 > line) number--
            if (rule != "input/unused-suppression") print rule, at, number
            in_location = 0
        }' | sort
}
cp -r "$work/tree" "$site"
check 1 "the tree as it is" --format json
findings 999999 x <"$work/out" >"$work/expected"
silenced=0
lines=$(wc -l <"$site/compose.yaml")
for ((line = 0; line <= lines; line++)); do
    indent=$(sed -n "$((line + 1))s/[^ ].*//p" "$work/tree/compose.yaml")
    awk -v line="$line" -v comment="$indent# berth: ignore[input/invalid-reference, input/duplicate-key] tried" '
        FNR == line + 1 { print comment }
        { print }
        END { if (line == FNR) print comment }' "$work/tree/compose.yaml" >"$site/compose.yaml"
    "$berth" check --today 2026-06-01 --format json "$work/site" >"$work/out" 2>"$work/err" </dev/null
    findings "$line" .devcontainer/compose.yaml <"$work/out" >"$work/actual"
    cmp -s "$work/expected" "$work/actual" && pass || {
        fail "a comment before line $((line + 1)) changes something"
        diff "$work/expected" "$work/actual"
    }
    now=$(grep -c '"kind": "inSource"' "$work/out")
    unused=$(grep -c "silences nothing" "$work/out")
    [ $((now > 0 ? 1 : 0)) -eq 0 ] && [ "$unused" -lt 2 ] && fail "a comment before line $((line + 1)) is neither used nor unused"
    silenced=$((silenced + now))
done
[ "$silenced" -gt "$lines" ] && pass || fail "the comments silence $silenced findings in all"

# --- rules that no file of a repository silences ---
write '"first": {}'
check 0 "all that is there is known" --baseline "$baseline" --update-baseline --allow-growth
check 1 "a baseline does not silence what is mandatory" --baseline "$baseline" --mandatory 'input/*'
check 1 "nor does writing it" --baseline "$baseline" --update-baseline --allow-growth --mandatory input/invalid-reference
printf 'severity: {input/invalid-reference: off}\n' >"$work/site/berth.yaml"
check 0 "a severity switches a rule off"
check 1 "but not a mandatory one" --mandatory input/invalid-reference
printf 'severity: {input/invalid-reference: info}\n' >"$work/site/berth.yaml"
check 1 "nor does it lower it" --mandatory input/invalid-reference
cat >"$work/site/berth.yaml" <<'YAML'
acknowledge:
  - {rule: input/invalid-reference, reason: known}
YAML
check 0 "an acknowledgement silences"
check 1 "but not a mandatory rule" --mandatory input/invalid-reference
holds "which is said" "$work/out" "'input/invalid-reference' is mandatory and cannot be silenced"
rm "$work/site/berth.yaml"
printf '{\n  "image": "alpine:3",\n  // berth: ignore[input/*] known\n  "features": {"first": {}}\n}\n' >"$site/devcontainer.json"
check 0 "a comment silences"
check 1 "but not a mandatory rule" --mandatory 'input/invalid-*'
check 2 "a glob that matches no rule is wrong usage" --mandatory 'inputs/*'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
