#!/usr/bin/env bash
# plans.sh: what is done with a plan that `berth plan` wrote.
#
#   BERTH=build/dev/berth BERTH_RUN=build/dev/berth-run tests/plans.sh
#
# berth-run reads every plan of fixtures/plans, whatever else stands in it. The commands
# of --format shell are run for real, by each shell that is there, with a docker and an
# aws that write down what they were given: no secret is among their arguments.
set -uo pipefail
shopt -s nullglob
berth=$(readlink -f "${BERTH:-build/dev/berth}")
runner=$(readlink -f "${BERTH_RUN:-${berth%/*}/berth-run}")
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
for program in "$berth" "$runner"; do
    [ -x "$program" ] || {
        echo "plans: $program is not there: build it first" >&2
        exit 2
    }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}" "${!BERTH_@}" "${!AWS_@}"
export LC_ALL=C HOME=$work
passed=0 failed=0

check() { # what, command: holds when the command succeeds
    if "${@:2}"; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$1"
        head -n 10 "$work/error" 2>/dev/null
    fi
}
refuse() { # what, command: holds when the command fails
    local what=$1
    shift
    if "$@"; then set -- false; else set -- true; fi
    check "$what" "$@"
}

# --- the runner reads what the compiler writes ---

plan() { # directory, word...
    (cd "$1" && exec "$berth" plan --allow-blocked "${@:2}") 2>"$work/error"
}
read_by_runner() { # directory, word...: planned twice, and read
    plan "$@" >"$work/plan"
    plan "$@" >"$work/again"
    check "$*: the same bytes twice" cmp -s "$work/plan" "$work/again"
    check "$*: berth-run reads it" "$runner" - --dry-run --tool none \
        --out "$work/out.json" <"$work/plan" >"$work/dry" 2>"$work/error"
    check "$*: and every step of it" [ "$(grep -c '^step ' "$work/dry")" = \
        "$(sed '/^  "conflicts"/q' "$work/plan" | grep -c '^      "registry": ')" ]
}
for directory in fixtures/plans/*/; do
    for file in "$directory".devcontainer{,/devcontainer,/*/devcontainer}.json; do
        [ -f "$file" ] || continue
        for target in codespaces actions local; do
            for phase in create runtime prebuild; do
                read_by_runner "$directory" --configuration "${file#"$directory"}" \
                    --target "$target" --phase "$phase" --user octocat
            done
        done
    done
done

# What is in conflict is said, and refused where it is named.
plan fixtures/plans/conflicts --allow-blocked >"$work/conflicts.plan"
dry() { # word...
    "$runner" "$work/conflicts.plan" --dry-run --tool none --out "$work/out.json" "$@" \
        >"$work/dry" 2>"$work/error"
    status=$?
}
dry
check "the rest of a plan with conflicts can be used" [ "$status" = 0 ]
check "and each conflict is said, with its rivals" grep -qF \
    'note: no login to docker.io: DOCKER of the repository octo-org/site and HUB of the organization octo-org are for it' \
    "$work/error"
check "all three" [ "$(grep -c 'note: no login to ' "$work/error")" = 3 ]
dry --only docker.io
check "--only does not choose for it" [ "$status" = 3 ]
check "and says why" grep -q '^berth-run: no login to docker.io: DOCKER' "$work/error"
check "without a step" [ ! -s "$work/dry" ]
dry --only two.azurecr.io
check "another one is not touched by it" [ "$status" = 0 ]
dry --only nowhere.example
check "one that is not there is a mistake" [ "$status" = 2 ]

# A plan is larger for its proofs, but never too large for the runner.
mkdir -p "$work/many/berth"
{
    printf 'repositories:\n  - name: octo-org/site\n    visibility: private\nsecrets:\n'
    for ((i = 0; i < 250; i++)); do
        for member in SERVER USER PASSWORD; do
            printf '  - name: R%d_CONTAINER_REGISTRY_%s\n    organization: octo-org\n    visibility: all\n' $i $member
            [ $member != SERVER ] || printf '    value: r%d.azurecr.io\n' $i
        done
    done
} >"$work/many/berth/access.yaml"
echo 'repository: octo-org/site' >"$work/many/berth.yaml"
echo '{"build": {"dockerfile": "Dockerfile"}}' >"$work/many/.devcontainer.json"
{
    echo 'FROM scratch'
    for ((i = 0; i < 250; i++)); do echo "COPY --from=r$i.azurecr.io/team/base:1 /a /$i"; done
} >"$work/many/Dockerfile"
plan "$work/many" >"$work/plan"
check "a plan of 250 steps is read" "$runner" - --dry-run --tool none \
    --out "$work/out.json" <"$work/plan" >"$work/dry" 2>"$work/error"
check "all of them" [ "$(grep -c '^step ' "$work/dry")" = 250 ]
check "the first with its proof" grep -q '"because": \[' "$work/plan"

# --- the commands, run ---

mkdir "$work/bin"
cat >"$work/bin/docker" <<'EOF'
#!/bin/sh
n=$(ls "$RECORD" | grep -c '^docker.*words')
printf '%s\n' docker "$@" >"$RECORD/docker.$n.words"
cat >"$RECORD/docker.$n.input"
env >"$RECORD/docker.$n.environment"
EOF
cat >"$work/bin/aws" <<'EOF'
#!/bin/sh
printf '%s\n' aws "$@" >"$RECORD/aws.words"
env | grep '^AWS_' | sort >"$RECORD/aws.environment"
echo minted-token
EOF
chmod +x "$work/bin/docker" "$work/bin/aws"

# What a shell could take for something else than a password.
hostile=$'-p %s\\n$(touch broken)`touch broken`"\'; touch broken #\nsecond line'
key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
secrets=(
    ECR_KEY_CONTAINER_REGISTRY_SERVER=123456789012.dkr.ecr.eu-west-1.amazonaws.com
    ECR_KEY_CONTAINER_REGISTRY_USER=AKIAIOSFODNN7EXAMPLE
    "ECR_KEY_CONTAINER_REGISTRY_PASSWORD=$key"
    ECR_TOKEN_CONTAINER_REGISTRY_SERVER=210987654321.dkr.ecr.us-east-1.amazonaws.com
    ECR_TOKEN_CONTAINER_REGISTRY_USER=AWS
    ECR_TOKEN_CONTAINER_REGISTRY_PASSWORD=stored-token
    ONE_CONTAINER_REGISTRY_SERVER=one.azurecr.io
    'ONE_CONTAINER_REGISTRY_USER=robot$one +two'
    "ONE_CONTAINER_REGISTRY_PASSWORD=$hostile"
    QUAY_CONTAINER_REGISTRY_SERVER=elsewhere.example
    QUAY_CONTAINER_REGISTRY_USER=octocat
    QUAY_CONTAINER_REGISTRY_PASSWORD=quay-password
    TWO_CONTAINER_REGISTRY_SERVER=two.azurecr.io
    TWO_CONTAINER_REGISTRY_USER=octocat
    AWS_SESSION_TOKEN=of-another-session
)
plan fixtures/plans/steps --format shell >"$work/login.sh"
run() { # shell...
    rm -rf "$work/record"
    mkdir "$work/record"
    (cd "$work/record" && exec env -i PATH="$work/bin:/usr/bin:/bin" HOME="$work" \
        RECORD="$work/record" "${secrets[@]}" "$@" "$work/login.sh") \
        >"$work/output" 2>"$work/error" </dev/null
}
words_are() { # file, word...
    [ "$(cat "$work/record/$1")" = "$(printf '%s\n' "${@:2}")" ]
}
input_is() { # file, text
    cmp -s "$work/record/$1" <(printf %s "$2")
}
shown() { # text: among the words of a command, in what was printed, or in the commands
    grep -qrF -- "$1" "$work"/record/*.words "$work/output" "$work/error" "$work/login.sh"
}
for shell in "sh" "dash" "bash" "bash --posix" "busybox sh" "zsh" "ksh"; do
    read -r -a command <<<"$shell"
    command -v "${command[0]}" >/dev/null || continue
    run "${command[@]}"
    check "$shell: aws is asked where the registry is" \
        words_are aws.words aws ecr get-login-password --region eu-west-1
    check "$shell: with the key in its environment, and of no other session" \
        words_are aws.environment AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE \
        "AWS_SECRET_ACCESS_KEY=$key" AWS_SECURITY_TOKEN= AWS_SESSION_TOKEN=
    check "$shell: its token goes to docker" input_is docker.0.input $'minted-token\n'
    check "$shell: as AWS" words_are docker.0.words docker login --password-stdin \
        --username AWS 123456789012.dkr.ecr.eu-west-1.amazonaws.com
    check "$shell: a stored token needs no aws" input_is docker.1.input stored-token
    check "$shell: a user stays one word" words_are docker.2.words docker login \
        --password-stdin --username 'robot$one +two' one.azurecr.io
    check "$shell: a password stays what it is" input_is docker.2.input "$hostile"
    refuse "$shell: and runs nothing" test -e "$work/record/broken"
    check "$shell: SERVER of another host is said" \
        grep -qF 'QUAY_CONTAINER_REGISTRY_SERVER is not quay.io' "$work/error"
    refuse "$shell: and not logged in to" grep -qrF quay "$work/record" --include='*.words'
    refuse "$shell: without a value" shown elsewhere.example
    for secret in "$key" minted-token stored-token 'touch broken' quay-password; do
        refuse "$shell: a secret is no word of a command, and is not printed" shown "$secret"
    done
    check "$shell: a password that is not set is said by its name" \
        grep -q 'TWO_CONTAINER_REGISTRY_PASSWORD' "$work/error"
done

# Where printf is a program, its words are seen by others: nothing is run.
plan fixtures/plans/conflicts --format shell >"$work/login.sh"
secrets=(TWO_CONTAINER_REGISTRY_SERVER=two.azurecr.io TWO_CONTAINER_REGISTRY_USER=octocat
    TWO_CONTAINER_REGISTRY_PASSWORD=two-password)
run bash
check "one step logs in" input_is docker.0.input two-password
sed -i '1i enable -n printf' "$work/login.sh"
run bash
refuse "without a printf of the shell's own none does" test -e "$work/record/docker.0.words"

if command -v shellcheck >/dev/null; then
    for directory in fixtures/plans/*/; do
        [ -f "$directory.devcontainer.json" ] || continue
        plan "$directory" --format shell --user octocat >"$work/login.sh"
        check "$directory: the commands are clean" shellcheck -s sh "$work/login.sh"
    done
else
    echo "plans: shellcheck is not installed; the commands were not checked with it"
fi

# --- what differs between two plans (T2 of the runner's threats) ---

compare() { # word...
    "$berth" plan --diff "$@" >"$work/diff" 2>"$work/error"
    status=$?
}
differs_by() { # what, pattern: a line of the comparison
    check "$1" grep -qx -- "$2" "$work/diff"
}
old=fixtures/plans/steps/expect.plan
compare "$old" "$old"
check "a plan and itself" [ "$status $(cat "$work/diff")" = "0 no login changed" ]
sed 's/one\.azurecr\.io/elsewhere.example/' "$old" >"$work/moved.plan"
compare "$old" "$work/moved.plan"
check "a secret that goes to another server is a 1" [ "$status" = 1 ]
differs_by "its names are said" \
    'redirected: ONE_CONTAINER_REGISTRY_PASSWORD and ONE_CONTAINER_REGISTRY_USER'
differs_by "and both servers, side by side" '  one.azurecr.io  ->  elsewhere.example'
compare "$work/moved.plan" "$old"
differs_by "the way back is another" '  elsewhere.example  ->  one.azurecr.io'
compare "$old" "$work/moved.plan" --format json
check "the same as JSON" grep -q '"elsewhere.example"' "$work/diff"
cp "$work/diff" "$work/again"
compare "$old" "$work/moved.plan" --format "json=$work/file"
check "in a file, the same bytes" cmp -s "$work/again" "$work/file"
# A plan that sends the same secret to its server and to one more.
sed 's/"QUAY_CONTAINER/"ONE_CONTAINER/' "$old" >"$work/shared.plan"
compare "$old" "$work/shared.plan"
check "so is one more server" [ "$status" = 1 ]
differs_by "which stands beside the first" '  one.azurecr.io  ->  one.azurecr.io and quay.io'
sed 's/"level": "organization"/"level": "repository"/' "$old" >"$work/level.plan"
compare "$old" "$work/level.plan"
check "another level is no other server" [ "$status" = 0 ]
differs_by "but is said" '  level:           organization -> repository'
compare "$old" "$work/level.plan" --exit-code
check "and is a 1 with --exit-code" [ "$status" = 1 ]
sed 's/"says": ".*"/"says": "another proof"/' "$old" >"$work/proof.plan"
compare "$old" "$work/proof.plan"
check "a proof is not compared" [ "$status $(cat "$work/diff")" = "0 no login changed" ]

cannot() { # what, expected words on standard error, word...
    compare "${@:3}"
    check "$1: a 2" [ "$status" = 2 ]
    check "$1: nothing else is printed" [ ! -s "$work/diff" ]
    check "$1: says why" grep -qF -- "$2" "$work/error"
}
echo '{"version": 2}' >"$work/later.plan"
head -c 1100000 /dev/zero | tr '\0' ' ' >"$work/large.plan"
head -c 900 "$old" >"$work/cut.plan"
mkfifo "$work/pipe.plan"
ln -s /etc/hostname "$work/link.plan"
cannot "one plan alone" 'usage: berth plan' "$old"
cannot "one that is not there" 'does not exist' "$old" "$work/none.plan"
cannot "a directory" 'is not a regular file' "$old" "$work"
cannot "a link" 'link.plan is a symbolic link' "$old" "$work/link.plan"
cannot "a pipe" 'pipe.plan' "$old" "$work/pipe.plan"
cannot "another version" 'later.plan:1:' "$work/later.plan" "$old"
cannot "more than 1 MiB" 'large.plan is larger than 1 MiB' "$old" "$work/large.plan"
cannot "half a plan" 'cut.plan:' "$work/cut.plan" "$old"
compare "$work/later.plan" "$work/none.plan"
check "both are said" [ "$(grep -c 'later.plan:\|none.plan' "$work/error")" -ge 2 ]

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
