#!/usr/bin/env bash
# runner_modes.sh: what berth-run does besides storing logins: a command with a private
# directory, --print-env, --check, --logout, a client's own store, a helper, JSON.
#
#   BERTH_RUN=build/dev/berth-run tests/runner_modes.sh
set -uo pipefail
# shellcheck source=tests/runner_support.sh
source "$(dirname "${BASH_SOURCE[0]}")/runner_support.sh"
# shellcheck source=tests/token_support.sh
source "$tree/tests/token_support.sh"

write_plan plan.json "$host"
tool=(--tool skopeo --allow-insecure-loopback)
secrets=("${good[@]}")
image=docker://$host/team/hello:v1

# --- a command, with a private directory ---
run plan.json "${tool[@]}" -- /bin/sh -c 'skopeo inspect --raw --tls-verify=false "$1" >/dev/null' - "$image"
check "a command reads what it could not" is 0
run plan.json "${tool[@]}" -- skopeo inspect --raw --tls-verify=false "$image"
check "it is found in PATH" is 0
check "its output is all there is on standard output" sh -c 'head -c 1 out | grep -q "{"'
run plan.json "${tool[@]}" -- /bin/sh -c 'exit 9'
check "its status is the run's" is 9
run plan.json "${tool[@]}" -- /bin/sh -c 'kill -TERM $$'
check "so is the signal that ended it" is 143
run plan.json "${tool[@]}" -- ./no-such-command
check "a command that is not there is a 127" is 127
check "and is said" says 'could not be started'
env -i PATH=/usr/bin:/bin HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" \
    timeout -s KILL 30 perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' \
    "$runner" plan.json "${tool[@]}" -- /bin/sh -c 'exit 9' >out 2>error
status=$?
check "nor is it lost where SIGCHLD was ignored before" is 9
run plan.json "${tool[@]}" -- env
refuse "it has none of the secrets" grep -q CONTAINER_REGISTRY out
check "but where the logins are" grep -q '^REGISTRY_AUTH_FILE=.*config.json$' out
run plan.json "${tool[@]}" -- /bin/sh -c 'umask; ulimit -c; stat -c %a "$DOCKER_CONFIG" "$REGISTRY_AUTH_FILE"'
check "it has its own mask of modes, and the directory is private" \
    sh -c '[ "$(head -n 1 out) $(tail -n 2 out | tr "\n" " ")" = "0022 700 600 " ]'
refuse "the directory is gone afterwards" leftovers
stored() { [ -n "$(find home run -name '*.json')" ]; }
refuse "no file of the user was made" stored
secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=wrong
run plan.json "${tool[@]}" -- touch touched
check "without its logins it is not run" is 1
refuse "not at all" test -e touched
secrets=("${good[@]}")
env -i PATH=/usr/bin:/bin HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" \
    "$runner" plan.json "${tool[@]}" -- \
    bash -c 'trap "echo term >got; exit 5" TERM; trap "echo usr1 >>got1" USR1; echo up >up; while :; do sleep 0.05; done' \
    >out 2>error &
pid=$!
for ((i = 0; i < 100; i++)); do [ -e up ] && break; sleep 0.05; done
kill -USR1 $pid
for ((i = 0; i < 100; i++)); do [ -e got1 ] && break; sleep 0.05; done
kill -TERM $pid
wait $pid
status=$?
check "signals reach the command" sh -c 'grep -q term got && grep -q usr1 got1'
check "which decides what becomes of them" is 5
refuse "the directory is gone then too" leftovers
run - "${tool[@]}" -- cat <plan.json
check "with the plan on standard input the command has none" is 0
refuse "not the plan's rest either" test -s out

# --- a private directory for a shell ---
run plan.json "${tool[@]}" --print-env
check "the shell's lines are printed" is 0
check "and nothing else on standard output" [ "$(grep -vc '^export ' out)" -eq 0 ]
cp out env.sh
(
    eval "$(cat env.sh)"
    export HOME=$work/home
    skopeo inspect --raw --tls-verify=false "$image" >out 2>error
)
status=$?
check "with them the image can be read" is 0
private=$(sed -n "s/^export DOCKER_CONFIG='\(.*\)'/\1/p" env.sh)
run plan.json "${tool[@]}" --dry-run
check "the next run leaves it there" test -s "$private/config.json"
secrets=(DOCKER_CONFIG="$private")
run plan.json --tool docker --logout
check "a logout removes it" is 0
refuse "all of it" test -e "$private"
secrets=("${good[@]}")

# --- logout ---
printf '{\n  "auths": {\n    "x.example": {"auth": "eA=="}\n  },\n  "other": 1.0\n}\n' >file.json
cp file.json before.json
run plan.json "${tool[@]}" --out file.json
check "there are two logins" [ "$(entries file.json)" -eq 2 ]
secrets=()
run plan.json --tool skopeo --logout --out file.json
check "a logout needs no secret" is 0
check "what it leaves is what was there" cmp -s file.json before.json
refuse "and no record" test -e .file.json.berth-run.stored
run plan.json --tool skopeo --logout --out file.json
check "twice is as good as once" is 0
check "and says so" prints 'there was no login'
run plan.json --tool skopeo --logout --out nowhere/file.json
check "no file is no problem" is 0
refuse "and none is made" test -e nowhere

# --- several steps: --only, --keep-going, --json ---
write_plan two.json "$host" 127.0.0.1:1
both=("${good[@]}" B_CONTAINER_REGISTRY_SERVER=127.0.0.1:1 B_CONTAINER_REGISTRY_USER=bob
    "B_CONTAINER_REGISTRY_PASSWORD=$password")
secrets=("${good[@]}")
run two.json "${tool[@]}" --only "$host" --out only.json
check "one of two steps needs its secrets only" is 0
run two.json "${tool[@]}" --only other.example --out only.json
check "a step that is not there is a 2" is 2
secrets=("${both[@]}")
run two.json "${tool[@]}" --keep-going --out going.json --json
check "what worked is kept on demand" is 6
check "the file has one login" [ "$(entries going.json)" -eq 1 ]
check "a line of JSON is printed for each step" [ "$(grep -c '^{"id":' out)" -eq 2 ]
check "with the members that the schema has" [ "$(head -n 1 out | sed 's/":[^,}]*/"/g; s/[^a-z_,]//g')" = id,server,key,result,because,fault,stored,ms,expires,expires_at ]
check "the first was stored" grep -q '"id":1.*"result":"ok".*"stored":true' out
check "the second was not" grep -q '"id":2.*"result":"unreachable".*"stored":false' out
run two.json "${tool[@]}" --out none-of-it.json --json
check "else nothing is" is 5
refuse "not the first either" test -e none-of-it.json
check "which JSON says too" grep -q '"id":1.*"result":"ok".*"stored":false' out

# --- a busy registry ---
fake busy busy 2
write_plan busy.json "$address"
for_server "$address"
run busy.json "${tool[@]}" --out busy.out
check "a registry that is busy is not tried again unasked" is 5
fake busy busy 4
write_plan busy.json "$address"
for_server "$address"
run busy.json "${tool[@]}" --retries 2 --out busy.out
check "on demand it is" is 0
check "which is said" says 'trying again in 1 s, 1 of 2'
secrets=("${good[@]:0:2}" A_CONTAINER_REGISTRY_PASSWORD=wrong)
run plan.json "${tool[@]}" --retries 3 --out busy.out2
check "a refusal is not tried again" is 1
refuse "not once" says 'trying again'
fake hung hang
write_plan hung.json "$address"
for_server "$address"
start=$(date +%s%N)
run hung.json "${tool[@]}" --timeout 30 --total 1 --out hung.out
check "all logins together have a limit" is 5
check "which holds" [ $((($(date +%s%N) - start) / 1000000)) -lt 4000 ]

# --- check ---
secrets=("${good[@]}")
run plan.json "${tool[@]}" --check
check "what works is said to work" is 0
check "the registry asks for a login" prints 'reached: yes, and it asks for a login'
check "the image can be read" prints "image: $host/team/hello:v1 can be read"
refuse "nothing is stored" stored
secrets=("${good[@]:0:2}" A_CONTAINER_REGISTRY_PASSWORD=wrong)
run plan.json "${tool[@]}" --check --json
check "a refused login is a 1" is 1
check "user or password is at fault" grep -q '"fault":"user or password"' out
check "JSON stands alone" [ "$(grep -vc '^{' out)" -eq 0 ]
run plan.json "${tool[@]}" --check
check "for people it is a sentence" prints 'fault: user or password: A_CONTAINER_REGISTRY_USER or'
check "and where they belong is said" prints 'set it as a secret of organization octo-org'
secrets=("${good[@]:0:2}" "A_CONTAINER_REGISTRY_PASSWORD=\"$password\"")
run plan.json "${tool[@]}" --check
check "quotes around a password are a copy's fault" prints 'fault: copy: A_CONTAINER_REGISTRY_PASSWORD'
secrets=("${good[0]}" A_CONTAINER_REGISTRY_USER=ghp_x "${good[2]}")
run plan.json "${tool[@]}" --check
check "so is a token in the place of the user" prints 'fault: copy: A_CONTAINER_REGISTRY_USER'
secrets=("${good[@]:0:2}")
run plan.json "${tool[@]}" --check
check "a missing password is a 4" is 4
check "and is at fault" prints 'fault: password: A_CONTAINER_REGISTRY_PASSWORD is not set'
secrets=("A_CONTAINER_REGISTRY_SERVER=evil.example" "${good[@]:1}")
run plan.json "${tool[@]}" --check
check "a server that differs is a 3" is 3
check "and is at fault too" prints 'fault: server: A_CONTAINER_REGISTRY_SERVER names evil.example'
write_plan gone.json 127.0.0.1:1
for_server 127.0.0.1:1
run gone.json "${tool[@]}" --check
check "a registry that is not there is a 5" is 5
check "the server is at fault" prints 'fault: server'
sed 's/:v1"/:v2"/' plan.json >absent.json
secrets=("${good[@]}")
run absent.json "${tool[@]}" --check
check "an image that is not there is a 1" is 1
check "and named" prints "image: $host/team/hello:v2 cannot be read"
check "as what it is" prints 'fault: image'
write_plan both.json "$host" 127.0.0.1:1
secrets=("${both[@]}")
run both.json "${tool[@]}" --check
check "one fault does not hide the other steps" prints "step 1: $host"
for other in docker podman; do
    usable "$other" || continue
    secrets=("${good[@]}")
    run plan.json --tool "$other" --allow-insecure-loopback --check
    check "$other checks too" is 0
    check "$other: the registry asks for a login" prints 'it asks for a login'
done

# --- a helper that keeps nothing ---
secrets=("${good[@]}" DOCKER_CONFIG="$work/helped")
run plan.json "${tool[@]}" --tool skopeo --store helper --out helped/config.json
check "a helper is named" grep -q "\"credHelpers\": {" helped/config.json
refuse "no login is at rest" holds_secret helped
ln -sf "$runner" docker-credential-berth
helper() { # verb; the environment is in `secrets`
    env -i HOME="$work/home" "${secrets[@]}" ./docker-credential-berth "$@" >out 2>error
    status=$?
}
helper get <<<"$host"
check "it answers for its servers" is 0
check "with what the environment holds" [ "$(cat out)" = "{\"ServerURL\":\"$host\",\"Username\":\"alice\",\"Secret\":\"c4nary-pw:with/\\\"odd\\\\ ones\"}" ]
helper get <<<"other.example"
check "for no other" is 1
check "in the words that clients know" [ "$(cat out)" = "credentials not found in native keychain" ]
helper store <<<"{\"ServerURL\":\"$host\",\"Username\":\"x\",\"Secret\":\"y\"}"
check "what it is given for them is fine" is 0
helper erase <<<"$host"
check "so is what it is to forget" is 0
helper store <<<'{"ServerURL":"other.example","Username":"x","Secret":"y"}'
check "others it cannot keep" is 1
helper list </dev/null
check "it lists them" [ "$(cat out)" = "{\"$host\":\"alice\"}" ]
helper version </dev/null
check "it says its version" is 0
helper </dev/null
check "without a verb it says how it is used" is 1
if usable docker; then
    env -i PATH="$work:/usr/local/bin:/usr/bin:/bin" HOME="$work/home" "${secrets[@]}" \
        docker manifest inspect --insecure "$host/team/hello:v1" >out 2>error
    status=$?
    check "docker reads the image through it" is 0
fi
env -i PATH="$work:/usr/bin:/bin" HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" \
    skopeo inspect --raw --tls-verify=false "$image" >out 2>error
status=$?
check "skopeo too" is 0
secrets=("A_CONTAINER_REGISTRY_SERVER=evil.example" "${good[@]:1}" DOCKER_CONFIG="$work/helped")
helper get <<<"$host"
check "a server that differs gets nothing" is 1
refuse "from the helper either" holds_secret out error
secrets=()
run plan.json --tool skopeo --logout --out helped/config.json
check "a logout unnames it" is 0
refuse "in the file" grep -q berth helped/config.json

# --- the client's own store ---
secrets=("${good[@]}")
printf '{"auths": {}}\n' >own.json
run plan.json "${tool[@]}" --store client --out "$work/own.json"
check "a client stores by itself" is 0
check "where it keeps logins" pull own.json
if clean docker --version >/dev/null 2>&1; then
    as_docker=(--tool docker --allow-insecure-loopback --store client)
    mkdir own && cd own || exit 2
    run ../plan.json "${as_docker[@]}" --out other.json
    check "docker would store under another name than it is told" is 2
    run ../plan.json "${as_docker[@]}" --out ./other.json
    check "in whichever directory" is 2
    check "and nothing is made" [ -z "$(ls -A | grep -v -e '^out$' -e '^error$' -e '^transcript$')" ]
    run ../plan.json "${as_docker[@]}" --out config.json
    check "under its own it does" is 0
    check "where it is told" pull config.json
    cd .. && cat own/transcript >>transcript
fi

# --- where it runs ---
printf '{"auths": {"%s": {"auth": "eDp5"}}}\n' "$host" >codespace.json
cp codespace.json before.json
secrets=("${good[@]}" CODESPACES=true)
run plan.json "${tool[@]}" --out codespace.json
check "in a codespace a login that is there is left alone" is 0
check "byte for byte" cmp -s codespace.json before.json
check "which is said" prints "$host: left as it was"
rm codespace.json
run plan.json "${tool[@]}" --out codespace.json
run plan.json "${tool[@]}" --out codespace.json
check "but the run's own is renewed" prints "$host: logged in"
secrets=("${good[@]}" GITHUB_ACTIONS=true)
run plan.json "${tool[@]}" --out actions.json
check "in Actions the password is masked" [ "$(head -n 1 error)" = "::add-mask::$password" ]
check "and what a client makes of it" [ "$(sed -n 2p error)" = "::add-mask::$basic" ]
sed -i '/^::add-mask::/d' transcript # whose very purpose is to hold them
secrets=("${good[@]:0:2}" A_CONTAINER_REGISTRY_PASSWORD=$'50%\n' GITHUB_ACTIONS=true)
run plan.json --tool none --out actions.json
check "a mask is escaped" [ "$(head -n 1 error)" = '::add-mask::50%25%0A' ]
check "what is sent of it is masked too" [ "$(sed -n 2p error)" = '::add-mask::50%25' ]
secrets=(GITHUB_ACTIONS=true "${good[0]}" A_CONTAINER_REGISTRY_USER=_json_key
    $'A_CONTAINER_REGISTRY_PASSWORD={\n  "a": "b c"\n}')
run plan.json --tool none --out masked.json
check "so is a key of Google, in its lines" \
    [ "$(head -n 1 error)" = '::add-mask::{%0A  "a": "b c"%0A}' ]
check "and in the one that is sent" [ "$(sed -n 2p error)" = '::add-mask::{"a":"b c"}' ]
check "and as it is stored" grep -qF \
    "\"$(sed -n '3s/^::add-mask:://p' error)\"" masked.json

# --- buildah ---
if usable buildah; then
    secrets=("${good[@]}")
    run plan.json --tool buildah --allow-insecure-loopback --out buildah.json
    check "buildah logs in" is 0
    check "verified" prints "$host: logged in"
    check "and the image can be read" pull buildah.json
    secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=wrong
    run plan.json --tool buildah --allow-insecure-loopback --out buildah.wrong
    check "or is refused" is 1
fi

# --- a registry that sends clients to a token server ---
if serve_tokens asks-token team/hello; then
    write_plan token.json "$address"
    for name in skopeo docker podman buildah; do
        usable "$name" || continue
        for_server "$address"
        run token.json --tool "$name" --allow-insecure-loopback --allow-host "$tokens" --out "token.$name" --require-verified
        check "$name: a login by way of a token server" is 0
        run token.json --tool "$name" --allow-insecure-loopback --allow-host "$tokens" --check
        check "$name: opens the image" is 0
        secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=wrong
        run token.json --tool "$name" --allow-insecure-loopback --allow-host "$tokens" --out "token.$name.wrong"
        check "$name: or is refused there" is 1
    done
fi

# --- options ---
secrets=()
for words in "--check --logout" "--dry-run -- true" "--store nowhere" "--retries 6" \
    "--total 0" "--only" "--tool-path x --tool skopeo" "--tool-path /bin/true" \
    "--tool none --check" "--print-env --out x" "--plan-sha256 12" "--" "--json=x"; do
    # shellcheck disable=SC2086
    run plan.json $words
    check "'$words' is a 2" is 2
    check "with one line that says why" [ "$(wc -l <error)" -eq 1 ]
done
run --help
check "help is given" is 0
check "with the statuses" prints 'exit status'
# The manual has each option of the help, and no other.
options_of() { tr -d '\\' <"$1" | grep -oE -e '--[a-z][a-z0-9-]+' | grep -vE 'help|version' | sort -u; }
options_of out >options.help
options_of "$tree/man/berth-run.1" >options.manual
check "the manual has the same options" cmp -s options.help options.manual

refuse "no secret was printed" holds_secret transcript
refuse "no secret is in a file of the run" holds_secret run home
finish
