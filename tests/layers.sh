#!/usr/bin/env bash
# layers.sh: who may include whom, and the house's other rules that a pattern can hold.
# Each check prints its violations as path:line: what.
set -uo pipefail
shopt -s lastpipe # a check at the end of a pipe counts here
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

# A folder may include its own headers and those of the folders that stand here. The
# files of compiler/ itself stand above all, and nothing includes them.
layers="
base:
syntax:   base
datalog:  base
facts:    base syntax datalog
changes:  base datalog
report:   base datalog
fix:      base syntax datalog report
graph:    base datalog report
plan:     base syntax datalog report
import:   base syntax facts/field_kind.h
snapshot: base datalog facts
lsp:      base syntax datalog report fix
compiler: base syntax datalog facts changes report fix graph plan import snapshot lsp compiler
runner:   base syntax/syntax.h syntax/tree.h plan/plan.h plan/plan_read.h
bench:    base lsp/frames.h lsp/uri.h
tests:    base syntax datalog facts changes report fix graph plan import snapshot lsp compiler runner
"

# What only these files may include.
alone="
yaml.h:        compiler/syntax/yaml.c
pcre2.h:       compiler/base/pattern.c
setjmp.h:      compiler/base/arena.c
curl/curl.h:   runner/https_post.c
"

# What a password passes through, from the environment to the file: one person reads it
# in an hour.
runner_core="secrets pin logins stage child client verify commit"
runner_core_lines_max=1500

lines_max=600
function_lines_max=80

passed=0 failed=0

check() { # what must be; the violations are read from standard input
    local violations
    violations=$(cat)
    if [ -z "$violations" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n%s\n' "$1" "$violations"
    fi
}

find_code() { # pattern of find's -name, folder...
    local name=$1
    shift
    find "$@" -type f -name "$name" 2>/dev/null | sort
}

mapfile -t code < <(find_code '*.[ch]' compiler runner tests bench)
mapfile -t product < <(find_code '*.[ch]' compiler runner)
mapfile -t sources < <(find_code '*.c' compiler runner tests bench)
mapfile -t headers < <(find_code '*.h' compiler)

awk -v layers="$layers" '
function layer_of(path,    part) {
    split(path, part, "/")
    if (part[1] != "compiler") return part[1]
    return part[3] == "" ? "compiler" : part[2]
}
BEGIN {
    count = split(layers, line, "\n")
    for (i = 1; i <= count; i++) {
        words = split(line[i], word, " ")
        sub(":", "", word[1])
        known[word[1]] = 1
        may[word[1], word[1]] = 1
        for (j = 2; j <= words; j++) may[word[1], word[j]] = 1
    }
}
/^#include "/ {
    split($0, quoted, "\"")
    target = quoted[2]
    layer = target
    from = layer_of(FILENAME)
    if (!sub("/.*", "", layer)) layer = from ~ /^(runner|bench|tests)$/ ? from : "compiler"
    if (!(from in known)) print FILENAME ":" FNR ": " from " is in no layer"
    else if (!((from, layer) in may) && !((from, target) in may))
        print FILENAME ":" FNR ": " from " may not include \"" target "\""
}' "${code[@]}" | check "each folder includes only what lies below it"

awk -v alone="$alone" '
BEGIN {
    count = split(alone, line, "\n")
    for (i = 1; i <= count; i++)
        if (split(line[i], word, " ")) {
            sub(":", "", word[1])
            for (j = 2; j in word; j++) allowed[word[1]] = allowed[word[1]] " " word[j]
        }
}
/^#include </ {
    header = $2
    gsub("[<>]", "", header)
    if (header in allowed && index(allowed[header] " ", " " FILENAME " ") == 0 && FILENAME !~ /^tests\//)
        print FILENAME ":" FNR ": <" header "> belongs to" allowed[header]
}' "${code[@]}" | check "a foreign library is included in one place"

grep -nE '^#include "(\.\./|/)' "${code[@]}" |
    check "includes are written from compiler/, never with .."

# The first include of a source is its own header.
for source in $(find_code '*.c' compiler); do
    own=${source#compiler/}
    own=${own%.c}.h
    [ -f "compiler/$own" ] || continue
    first=$(grep -m 1 '^#include' "$source")
    [ "$first" = "#include \"$own\"" ] || echo "$source: begins with $first, not with its own header"
done | check "a source includes its own header first"

# Headers: an opening comment of at most 12 lines of text, and a guard named after the path.
awk -v open_max=14 '
FNR == 1 && $0 !~ /^\/\*/ { print FILENAME ":1: does not open with a comment" }
FNR == 1 { ended = 0 }
!ended && /\*\// {
    ended = 1
    if (FNR > open_max) print FILENAME ":" FNR ": the opening comment has " FNR - 2 " lines, more than 12"
}' "${headers[@]}" | check "a header opens with at most 12 lines of what it is for"
for header in "${headers[@]}"; do
    guard=${header#compiler/}
    guard=${guard//[\/.]/_}
    guard=BERTH_${guard^^}
    grep -qx "#ifndef $guard" "$header" || echo "$header: its guard is not $guard"
done | check "a header's guard is named after its path"

grep -nE '(^|[^A-Za-z0-9_.>])(malloc|calloc|realloc|free|strdup|strndup|alloca|asprintf|getline)[ ]?\(' "${product[@]}" |
    grep -vE '^compiler/base/|:[0-9]+: ?\*|:[0-9]+:\s*/\*' |
    check "memory comes from the arena"
grep -nE '(^|[^A-Za-z0-9_])(strcpy|strcat|sprintf|vsprintf|gets|strtok|system|popen|atoi|atol|setlocale|rand)[ ]?\(' "${product[@]}" |
    check "nothing that is unsafe, depends on the locale or starts a shell"
find compiler -mindepth 3 | check "compiler/ has one level of folders"
wc -l "${sources[@]}" |
    awk -v max="$lines_max" '$2 != "total" && $1 > max { print $2 ": " $1 " lines, more than " max }' |
    check "a source has at most $lines_max lines"
for name in $runner_core; do
    [ -f "runner/$name.c" ] || echo "runner/$name.c: is not there"
    cat "runner/$name.c"
done | awk -v max="$runner_core_lines_max" '
/is not there$/ { print }
NF && !/^[[:space:]]*(\/\*|\*( |\/|$))/ { lines++ }
END { if (lines > max) print "runner: the core has " lines " lines of code, more than " max }
' | check "the core of the runner has at most $runner_core_lines_max lines of code"
awk -v max="$function_lines_max" '
/^\{/ { start = FNR }
/^\}$/ && FNR - start - 1 > max { print FILENAME ":" start ": " FNR - start - 1 " lines, more than " max }
' "${code[@]}" | check "a function has at most $function_lines_max lines"
grep -nE '^[[:space:]]*//' "${code[@]}" | check "comments in C are /* */"
grep -rnE '\b(TO''DO|FIX''ME|XX''X|HA''CK)\b' compiler runner rules schemas tests bench dev ./*.md 2>/dev/null |
    grep -v '^tests/vectors/' |
    check "what is left to do is an issue, not a comment"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
