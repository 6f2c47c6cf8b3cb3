#!/usr/bin/env bash
# import.sh: what `berth import` writes is a manifest that `berth check` takes, and what
# the API does not tell makes no finding. Where other people's answers of the API lie in
# BERTH_SHARED, each is put into every place of a tree. BERTH names the program.
set -uo pipefail
shopt -s globstar nullglob
berth=$(readlink -f "$BERTH")
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
examples=${BERTH_SHARED:-../shared}/corpus/ghdumps
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset GITHUB_REPOSITORY NO_COLOR
export LC_ALL=C
passed=0 failed=0

pass() {
    passed=$((passed + 1))
}

fail() { # what
    failed=$((failed + 1))
    echo "FAILED  $1"
}

# is WHAT STATUS COMMAND...: the exit status
is() {
    local what=$1 wanted=$2 status=0
    shift 2
    timeout 60 "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    if [ "$status" = "$wanted" ]; then pass; else
        fail "$what: exit status $status, not $wanted"
        head -3 "$work/err"
    fi
}

# has WHAT FILE TEXT / has_no WHAT FILE TEXT
has() { if grep -qF -- "$3" "$2"; then pass; else fail "$1: no '$3'"; fi; }
has_no() { if grep -qF -- "$3" "$2"; then fail "$1: '$3' is there"; else pass; fi; }

# A workspace of trees that pull what the dumps of the fixtures tell of, and what they
# do not: packages, an image of a private registry.
mkdir -p "$work/ws/berth"
echo 'checkouts: repos' >"$work/ws/berth.yaml"
for name in site api docs a r05 nowhere; do
    mkdir -p "$work/ws/repos/amber-labs/$name"
    printf '{"build": {"dockerfile": "Dockerfile"}}\n' \
        >"$work/ws/repos/amber-labs/$name/.devcontainer.json"
    printf 'FROM %s\n' "ghcr.io/amber-labs/base:1 AS one" "amber.azurecr.io/x:1 AS two" \
        ghcr.io/amber-labs/tools/lint:2 ghcr.io/amber-labs/one:1 \
        >"$work/ws/repos/amber-labs/$name/Dockerfile"
    printf 'COPY --from=%s /a /b\n' one two >>"$work/ws/repos/amber-labs/$name/Dockerfile"
done

# findings DUMPS: imports them, checks the workspace; the rules that spoke in `rules`
findings() {
    "$berth" import github "$1" -o "$work/ws/berth/access.yaml" 2>/dev/null
    (cd "$work/ws" && "$berth" check --fail-on never --ignore 'hygiene/*' >"$work/out" 2>"$work/err")
    status=$?
    rules=$(sed -n 's/^\(error\|warning\)\[\(.*\)\]: .*/\2/p' "$work/out" | sort -u | tr '\n' ' ')
}

# --- what each case's manifest leads to ---
# Only what its dumps tell: all secrets of an organization and of its repositories, of
# which none reaches the tree that pulls from a private registry, and so on.
declare -A told=(
    [organization]="access/private-registry-without-credentials leak/public-package-private-source secret/split-across-levels "
    [pages]="access/private-registry-without-credentials "
    [twice]="access/private-registry-without-credentials "
)
for dumps in fixtures/import/*/dumps; do
    name=${dumps#fixtures/import/}
    name=${name%/dumps}
    [ "$name" != nothing ] || continue
    findings "$dumps"
    if [ "$status" -eq 0 ]; then pass; else fail "$name: its manifest cannot be used: $(head -1 "$work/err")"; fi
    if grep -q '^info\[input/' "$work/out"; then fail "$name: a key or a name that is wrong"; else pass; fi
    if [ "$rules" = "${told[$name]:-}" ]; then pass; else fail "$name: findings of: $rules"; fi
done

# --- an unknown that is replaced counts ---
findings fixtures/import/organization/dumps
has_no "a package whose access is not known" "$work/out" "leak/public-repo-nonpublic-image"
sed -i 's/\(inherit_access: \)unknown.*/\1false/; s/\(codespaces_access: \)unknown.*/\1[]/' \
    "$work/ws/berth/access.yaml"
(cd "$work/ws" && "$berth" check --fail-on never >"$work/out")
has "and then is" "$work/out" "error[leak/public-repo-nonpublic-image]: amber-labs/site"

# --- where it goes ---
organization=fixtures/import/organization/dumps
is "to standard output" 0 "$berth" import github "$organization"
cp "$work/out" "$work/expected"
is "to a file" 0 "$berth" import github "$organization" -o "$work/access.yaml"
if cmp -s "$work/expected" "$work/access.yaml"; then pass; else fail "the file differs"; fi
if [ -s "$work/out" ]; then fail "a file and standard output"; else pass; fi
is "over a file" 0 "$berth" import github "$organization" -o "$work/access.yaml"
is "to a device" 0 "$berth" import github "$organization" -o /dev/null
is "to no directory" 3 "$berth" import github "$organization" -o "$work/no/access.yaml"
is "no file is written of a directory without dumps" 2 "$berth" import github fixtures/import/nothing/dumps -o "$work/none.yaml"
if [ -e "$work/none.yaml" ]; then fail "an empty manifest was written"; else pass; fi
cp -r "$organization" "$work/moved"
is "of a copy" 0 "$berth" import github "$work/moved/"
if cmp -s "$work/expected" "$work/out"; then pass; else fail "a copy's manifest differs"; fi
is "usage" 2 "$berth" import github
is "an option of another command" 2 "$berth" import github "$organization" --format json

# --- files that are none ---
mkdir -p "$work/odd/orgs/o/codespaces/secrets" "$work/odd/orgs/o/repos.json"
mkfifo "$work/odd/orgs/o/packages.json"
ln -s /etc/passwd "$work/odd/orgs/o.json"
ln -s . "$work/odd/orgs/o/codespaces/secrets/LOOP"
head -c 40000000 /dev/zero | tr '\0' '[' >"$work/odd/orgs/o/codespaces/secrets.json"
is "a pipe, a link that leads out, forty million brackets" 3 "$berth" import github "$work/odd"
has "the pipe" "$work/err" "is not a regular file: orgs/o/packages.json"
has "the link" "$work/err" "leads out of the repository and was not opened: orgs/o.json"
has "the brackets" "$work/err" "nested deeper than 512 levels"
has "all the same" "$work/out" "secrets: unknown"

# --- other people's answers ---
places="orgs/o.json users/u.json user.json orgs/o/repos.json repos/o/r.json orgs/o/packages.json
    orgs/o/packages/container/p.json user/packages.json orgs/o/codespaces/secrets.json
    orgs/o/codespaces/secrets/S.json orgs/o/codespaces/secrets/S/repositories.json
    repos/o/r/codespaces/secrets.json user/codespaces/secrets.json
    user/codespaces/secrets/S/repositories.json"
if [ -d "$examples" ]; then
    count=0 lists=0
    for place in $places; do
        mkdir -p "$work/tree/$(dirname "$place")"
        ln -sr "$work/tree/body" "$work/tree/$place"
    done
    for body in "$examples"/**/*.json; do
        cp "$body" "$work/tree/body"
        chmod u+w "$work/tree/body"
        "$berth" import github "$work/tree" >"$work/ws/berth/access.yaml" 2>"$work/err"
        status=$?
        count=$((count + 1))
        lists=$((lists + $(grep -c '^\(organizations\|repositories\|packages\|secrets\):$' "$work/ws/berth/access.yaml")))
        [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || fail "$body: exit status $status"
        (cd "$work/ws" && "$berth" check --fail-on never >"$work/out" 2>"$work/err") ||
            fail "$body: its manifest cannot be used: $(head -1 "$work/err")"
    done
    if [ "$lists" -gt "$count" ]; then pass; else fail "of $count examples came $lists lists"; fi
    echo "$count of other people's answers, each in 14 places of a tree: $lists lists"
else
    echo "the examples of answers are not there: skipped"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
