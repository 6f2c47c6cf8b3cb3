#!/usr/bin/env bash
# The command line as its user types it: exit statuses, formats, files, and what input
# that cannot lie in git does: no permission, too large, too many. BERTH names the
# program. Ends with "N passed, N failed".
set -uo pipefail
berth=$(readlink -f "$BERTH")
cd "$(dirname "$0")/.." || exit 2
demo=$PWD/fixtures/demo
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
unset GITHUB_REPOSITORY NO_COLOR
passed=0 failed=0

# status WANTED WHAT COMMAND...: the exit status; output in $work/out and $work/err
status() {
    local wanted=$1 what=$2 is=0
    shift 2
    timeout 60 "$@" >"$work/out" 2>"$work/err" </dev/null || is=$?
    if [ "$is" = "$wanted" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED  $what: exit status $is, not $wanted"
        head -3 "$work/err"
    fi
}

# holds WHAT FILE TEXT / lacks WHAT FILE TEXT
holds() {
    if grep -qF -- "$3" "$2"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED  $1: no '$3' in:"
        head -5 "$2"
    fi
}
lacks() {
    if grep -qF -- "$3" "$2"; then
        failed=$((failed + 1))
        echo "FAILED  $1: '$3' is there"
    else
        passed=$((passed + 1))
    fi
}
same() { # WHAT FILE FILE
    if cmp -s "$2" "$3"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED  $1"
    fi
}

# --- usage ---
status 0 "no command is a request for help" "$berth"
holds "help names the commands" "$work/out" "berth check [PATH]"
status 0 "help of a command" "$berth" help plan
holds "it lists the command's options" "$work/out" "--allow-blocked"
status 0 "--version" "$berth" --version
status 2 "no such command" "$berth" chek
status 2 "help of no command" "$berth" help chek
status 2 "no such option" "$berth" check --slect x
holds "the nearest option is named" "$work/err" "--select"
status 2 "an option of another command" "$berth" check --phase create
status 2 "a value that is none" "$berth" check --fail-on fatal
status 2 "a value is missing" "$berth" check --format
status 2 "no such format" "$berth" check --format xml "$demo"
status 2 "a second PATH" "$berth" check a b
status 2 "no such directory" "$berth" check "$work/nowhere"
holds "it says so" "$work/err" "does not exist"
status 2 "a file for a directory" "$berth" check "$demo/berth.yaml"
status 2 "no such configuration" "$berth" check --configuration nope.json "$demo"
holds "it says so" "$work/err" "there is no configuration 'nope.json'"
status 2 "a glob that names no rule" "$berth" check --select 'leek/*' "$demo"
status 2 "why needs a reference" "$berth" why octo-org/site 'not a reference' "$demo"
status 2 "no such dump" "$berth" dump everything "$demo"
status 2 "no such rule to explain" "$berth" explain leak/nothing "$demo"

# --- exit status, the same for every format ---
status 1 "findings" "$berth" check "$demo"
status 1 "findings, as JSON" "$berth" check --format json "$demo"
status 0 "--fail-on never" "$berth" check --fail-on never "$demo"
status 0 "only warnings are below the default" "$berth" check --select leak/nonpublic-image-exposed "$demo"
status 1 "a warning counts when asked" "$berth" check --select leak/nonpublic-image-exposed --fail-on warning "$demo"
status 0 "--ignore" "$berth" check --ignore '*' "$demo"
status 1 "-q prints findings alone" "$berth" check -q "$demo"
lacks "no summary" "$work/out" "configurations of"
status 0 "refs" "$berth" refs "$demo"
status 0 "rules" "$berth" rules
status 0 "rules, as JSON" "$berth" rules --format json
status 0 "explain a rule" "$berth" explain leak/latent-grant
holds "with its clauses" "$work/out" "leak_latent_grant(at, repo"
status 0 "a page is as wide as it is told" env COLUMNS=50 "$berth" explain access/user-owned-internal
holds "a line ends before that" "$work/out" "    Internal means: visible to the members of an"
status 0 "a width that is none" env COLUMNS=wide "$berth" explain access/user-owned-internal
holds "is 80" "$work/out" "    Internal means: visible to the members of an organization. The settings of a"
status 2 "a page has no such format" "$berth" explain leak/latent-grant --format sarif
status 0 "a page goes to a file" "$berth" explain leak/latent-grant --format "markdown=$work/page.md"
same "it is the committed one" "$work/page.md" docs/rules/leak/latent-grant.md
status 0 "why answers, whatever the verdict" "$berth" why octo-org/site ghcr.io/octo-org/base:1 "$demo"
holds "denied" "$work/out" "denied"
status 0 "why, of a pair nobody mentions" "$berth" why nobody/nothing ghcr.io/other/thing "$demo"
holds "unknown" "$work/out" "unknown"
status 0 "a finding is explained by its fingerprint" bash -c \
    "'$berth' explain \$('$berth' check --format json '$demo' | sed -n 's/.*\"fingerprint\": \"\(.*\)\".*/\1/p' | head -1) '$demo'"

status 2 "a finding has no page" bash -c \
    "'$berth' explain --format markdown \$('$berth' check --format json '$demo' | sed -n 's/.*\"fingerprint\": \"\(.*\)\".*/\1/p' | head -1) '$demo'"
holds "it says what to do" "$work/err" "explained as text"

# --- plans ---
status 0 "a plan" "$berth" plan --repository octo-org/app "$demo"
status 1 "a blocked configuration has no plan" "$berth" plan --repository octo-org/site "$demo"
[ ! -s "$work/out" ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAILED  a blocked plan wrote to standard output"; }
holds "the rule is named" "$work/err" "leak/public-repo-nonpublic-image"
status 0 "--allow-blocked" "$berth" plan --repository octo-org/site --allow-blocked "$demo"
status 2 "no such format, though it is blocked" "$berth" plan --repository octo-org/site --format xml "$demo"
status 2 "several repositories, none chosen" "$berth" plan "$demo"
status 0 "as an environment" "$berth" plan --repository octo-org/app --format env "$demo"
holds "by reference" "$work/out" 'ACR_CONTAINER_REGISTRY_PASSWORD'

# --- files ---
status 1 "two formats in one run" "$berth" check --format "text=$work/a.txt" --format "json=$work/a.json" "$demo"
"$berth" check "$demo" >"$work/b.txt"
"$berth" check --format json "$demo" >"$work/b.json"
same "the file holds what standard output would (text)" "$work/a.txt" "$work/b.txt"
same "the file holds what standard output would (JSON)" "$work/a.json" "$work/b.json"
[ -z "$(find "$work" -name '*.part')" ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAILED  a partial file was left"; }
status 3 "a place that cannot be written" "$berth" check --format "json=$work/no/such/a.json" "$demo"
status 3 "a full device" "$berth" refs -o /dev/full "$demo"
status 1 "a device is written directly" "$berth" check --format text=/dev/null "$demo"

# --- no manifest: useful, and quiet ---
mkdir -p "$work/quiet/.devcontainer"
printf '{"image": "ghcr.io/octo-org/base:1"}\n' >"$work/quiet/.devcontainer/devcontainer.json"
status 0 "a repository without a manifest" "$berth" check "$work/quiet"
lacks "no finding" "$work/out" "["
status 0 "init writes a manifest" "$berth" init "$work/quiet"
holds "the package is in it" "$work/quiet/berth/access.yaml" "octo-org/base"
status 0 "what init writes can be used" "$berth" check "$work/quiet"
status 2 "init never overwrites" "$berth" init "$work/quiet"

# --- rules that are not there are not silently left out ---
mkdir "$work/ruleless"
printf 'rules: [policy]\n' >"$work/ruleless/berth.yaml"
status 2 "a directory of rules that is missing" "$berth" check "$work/ruleless"
holds "it says so" "$work/err" "berth.yaml:1:9: there is no directory of rules 'policy'"

# --- determinism: another directory order, zone and locale ---
cp -r "$demo" "$work/demo"
(cd "$work/demo" && TZ=Pacific/Auckland LC_ALL=C.UTF-8 "$berth" check --format json >"$work/c.json")
same "the same bytes from a copy" "$work/b.json" "$work/c.json"

# --- what cannot lie in git ---
mkdir -p "$work/large/.devcontainer/other"
cp "$work/quiet/.devcontainer/devcontainer.json" "$work/large/.devcontainer/other/"
head -c 17000000 /dev/zero | tr '\0' ' ' >"$work/large/.devcontainer/devcontainer.json"
status 3 "a file of 17 MB is refused" "$berth" check "$work/large"
holds "it says so" "$work/out" "larger than 16 MiB"
holds "the rest is analysed" "$work/out" "1 reference"
mkfifo "$work/quiet/.devcontainer.json"
status 1 "a pipe is not read" "$berth" check "$work/quiet"
holds "it says so" "$work/out" "not a regular file"
rm "$work/quiet/.devcontainer.json"
if [ "$(id -u)" != 0 ]; then
    chmod 000 "$work/quiet/.devcontainer/devcontainer.json"
    status 3 "an unreadable file" "$berth" check "$work/quiet"
    chmod 644 "$work/quiet/.devcontainer/devcontainer.json"
else
    echo "as root every file can be read: the unreadable one is skipped"
fi
mkdir -p "$work/deep"
{ printf '{"image": "ghcr.io/octo-org/base:1", "x": '; head -c 2000000 /dev/zero | tr '\0' '['; } >"$work/deep/.devcontainer.json"
status 1 "two million open brackets" "$berth" check "$work/deep"
mkdir -p "$work/wide"
{ printf '{'; for i in $(seq 1 20000); do printf '"k%d": {"image": "a"},' "$i"; done; printf '"image": "ghcr.io/octo-org/base:1"}'; } >"$work/wide/.devcontainer.json"
status 0 "twenty thousand keys on one line" "$berth" check "$work/wide"

# Each place in a long line was counted from the line's start: minutes instead of seconds.
mkdir -p "$work/long/berth"
awk 'BEGIN {
    printf "{\"dockerComposeFile\": \"c.yml\", \"service\": \"s0\", \"runServices\": ["
    for (i = 0; i < 3000; i++) printf "%s\"s%d\"", i ? "," : "", i
    print "]}" }' >"$work/long/.devcontainer.json"
awk 'BEGIN {
    for (i = 0; i < 4500; i++) pad = pad "x"
    printf "{services: {"
    for (i = 0; i < 3000; i++)
        printf "s%d: {image: \"ghcr.io/octo-org/i%d:1\", labels: {a: %s}}, ", i, i, pad
    print "}}" }' >"$work/long/c.yml"
{ printf 'repositories: [{name: octo-org/site, visibility: public}]\npackages:\n'
    for i in $(seq 0 2999); do
        printf '  - {name: octo-org/i%d, visibility: private, inherit_access: false}\n' "$i"
    done; } >"$work/long/berth/access.yaml"
status 1 "three thousand findings in one line" "$berth" check --repository octo-org/site --format json "$work/long"
holds "all are placed" "$work/out" '"column": 13'
mkdir -p "$work/links/.devcontainer"
(cd "$work/links/.devcontainer" && for i in $(seq 3000); do mkdir "d$i" && ln -s /etc/passwd "d$i/devcontainer.json"; done)
status 1 "three thousand links that lead out" "$berth" check "$work/links"
holds "none is followed" "$work/out" "3000 errors"

# --- rules of one's own, as the README writes one ---
of_readme() { # a block of the README: its language, a text in it
    awk -v start="\`\`\`$1" -v text="$2" '
    $0 == "```" && inside { if (index(block, text)) printf "%s", block; inside = 0 }
    inside { block = block $0 "\n" }
    $0 == start { inside = 1; block = "" }' README.md
}
mkdir -p "$work/policy/images"
of_readme prolog .output >"$work/policy/images/no-hub.dl"
of_readme sh 'berth test' | sed '/^berth test/d' >"$work/cases.sh"
(cd "$work" && bash -e cases.sh)
status 0 "its cases, as the README writes them" "$berth" test "$work/policy"
holds "the README tells what is printed" README.md "$(cat "$work/out")"
printf '{"image": "ubuntu:22.04"}\n' >"$work/wide/.devcontainer.json"
status 1 "a rule of one's own" "$berth" check --rules "$work/policy" --select 'images/*' --fail-on info "$work/wide"
holds "it fires" "$work/out" "warning[images/no-hub]"
cp -r "$work/policy" "$work/moved"
mv "$work/moved/images/no-hub" "$work/hub-cases"
mkdir -p "$work/apart/images" && mv "$work/hub-cases" "$work/apart/images/no-hub"
status 1 "without its cases a rule is not tested" "$berth" test --strict "$work/moved"
holds "it says which" "$work/out" "moved/images/no-hub.dl: no bad case of images/no-hub"
status 0 "which is no failure by itself" "$berth" test "$work/moved"
status 0 "cases that stand elsewhere" "$berth" test --strict --cases "$work/apart" "$work/moved"
status 2 "cases that are nowhere" "$berth" test --cases "$work/nowhere" "$work/moved"
status 2 "rules that are nowhere" "$berth" test "$work/nowhere"
status 2 "--shipped needs cases" "$berth" test --shipped
status 2 "--shipped, and rules of one's own" "$berth" test --shipped --cases fixtures/rules "$work/moved"
status 2 "test writes no such format" "$berth" test --format xml "$work/policy"
status 0 "this directory is the default" bash -c "cd '$work/policy' && '$berth' test -v"
holds "paths begin here" "$work/out" "passed  images/no-hub/bad"
hub=$work/apart/images/no-hub
(cd "$hub/bad" && "$berth" check --rules "$work/moved" >expect.text)
status 0 "expect.text is what check prints" "$berth" test --cases "$work/apart" "$work/moved"
sed -i '2s/1:11/1:12/' "$hub/bad/expect.text"
status 1 "and nothing else" "$berth" test --cases "$work/apart" "$work/moved"
holds "the line is named" "$work/out" "no-hub/bad/expect.text:2: expected  --> .devcontainer.json:1:12, found  --> .devcontainer.json:1:11"
rm "$hub/bad/expect.text"
mkdir "$work/outside" && echo '{"image": "ubuntu"}' >"$work/outside/.devcontainer.json"
ln -s ../../../outside "$hub/bad-link"
mkdir "$hub/good-file" && ln -s ../../../../outside/.devcontainer.json "$hub/good-file/.devcontainer.json"
status 1 "a case that leads out is not opened" "$berth" test --cases "$work/apart" "$work/moved"
holds "it says so" "$work/out" "no-hub/bad-link: expected a directory below that of the cases, found that it leads out"
holds "a file of a case that leads out is not opened" "$work/out" "3 passed, 1 failed"
rm -r "$hub/bad-link" "$hub/good-file"
mkdir -p "$hub/good-large"
head -c 17000000 /dev/zero | tr '\0' ' ' >"$hub/good-large/.devcontainer.json"
status 3 "a case that cannot be analysed to its end" "$berth" test --cases "$work/apart" "$work/moved"
holds "it is incomplete" "$work/out" "2 passed, 0 failed, 1 incomplete"
mkdir -p "$work/wide/policy/images" "$work/policy/images/no-hub/bad-hub"
printf '{"image": "ubuntu:22.04", "containerEnv": {"API_TOKEN": "canary4hunter2"}}\n' >"$work/policy/images/no-hub/bad-hub/.devcontainer.json"
cp -R "$work/policy/images/." "$work/wide/policy/images"
mkdir -p "$work/elsewhere"
printf 'rules: [policy]\n' >"$work/wide/berth.yaml"
status 0 "its page has the case beside it" "$berth" explain images/no-hub "$work/wide"
holds "which is shown" "$work/out" '"image": "ubuntu:22.04"'
lacks "without what is secret" "$work/out" canary4hunter2
status 0 "so has that of rules elsewhere" "$berth" explain images/no-hub --rules "$work/policy" "$work/elsewhere"
holds "which is shown too" "$work/out" '"image": "ubuntu:22.04"'
rm "$work/wide/berth.yaml"
sed -i 's/images_no_hub/no_such_name/' "$work/policy/images/no-hub.dl"
status 2 "a rule whose relation is not named after it" "$berth" check --rules "$work/policy" "$work/wide"
holds "the name is told" "$work/err" "images_no_hub"
printf 'x(a) :- y(a).\n' >"$work/policy/images/no-hub.dl"
status 2 "a rule without metadata" "$berth" check --rules "$work/policy" "$work/wide"
holds "with its place" "$work/err" "images/no-hub.dl:1:1"

# --- changes of an organization's own ---
mkdir -p "$work/changes/platform"
cat >"$work/changes/platform/more.dl" <<'DL'
.decl drop_package_repository(change: Change, at: Site, package: Package)
.output drop_package_repository
DL
status 2 "a relation that is declared twice" "$berth" why octo-org/site ghcr.io/octo-org/base:1 \
    --rules "$work/changes" fixtures/demo
sed -i 's/drop_package_repository/drop_package_link/' "$work/changes/platform/more.dl"
status 2 "a change of what is no input relation" "$berth" why octo-org/site ghcr.io/octo-org/base:1 \
    --rules "$work/changes" fixtures/demo
holds "with its place" "$work/err" "platform/more.dl:1:7"
holds "and what was expected" "$work/err" "expected an input relation 'package_link'"
status 0 "which is nothing to a check of one rule" "$berth" check --select hygiene/unpinned-image \
    --rules "$work/changes" fixtures/demo

# --- a canary: the value of a secret is in no output ---
canary=canary-7f3a9c-value
mkdir -p "$work/canary/berth" "$work/canary/.devcontainer"
cat >"$work/canary/berth/access.yaml" <<YAML
repositories:
  - name: octo-org/site
    visibility: private
secrets:
  - name: ACR_CONTAINER_REGISTRY_PASSWORD
    organization: octo-org
    visibility: all
    value: $canary
  - name: ACR_CONTAINER_REGISTRY_SERVER
    organization: octo-org
    visibility: all
    value: https://user:$canary@octo.azurecr.io/
YAML
printf 'repository: octo-org/site\n' >"$work/canary/berth.yaml"
cat >"$work/canary/.devcontainer/devcontainer.json" <<JSON
{
  "image": "user:$canary@octo.azurecr.io/team/base:1",
  "postCreateCommand": "docker login -u ci -p $canary octo.azurecr.io"
}
JSON
: >"$work/all"
for arguments in check "check -v" "check --format json" refs "refs --format json" "plan --allow-blocked" \
    "dump tree" "dump facts" "dump rows" "why octo-org/site octo.azurecr.io/team/base:1"; do
    # shellcheck disable=SC2086 # the words of a command line
    (cd "$work/canary" && "$berth" $arguments >>"$work/all" 2>&1)
done
(cd "$work/canary" && "$berth" export souffle "$work/exported" && cat "$work"/exported/*/* >>"$work/all") 2>>"$work/all"
holds "the value was found" "$work/all" "leak/secret-value-in-manifest"
lacks "the value is in no output" "$work/all" "$canary"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
