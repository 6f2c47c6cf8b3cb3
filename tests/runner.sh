#!/usr/bin/env bash
# runner.sh: berth-run against a real registry with a password, on this machine alone.
#
#   BERTH_RUN=build/dev/berth-run BERTH=build/dev/berth tests/runner.sh
#
# Where $BERTH is a program, the plan is the one it writes, else one written by hand.
# tests/runner_support.sh says what is needed.
set -uo pipefail
# shellcheck source=tests/runner_support.sh
source "$(dirname "${BASH_SOURCE[0]}")/runner_support.sh"

write_workspace() {
    mkdir -p workspace/.devcontainer workspace/berth
    printf '{"image": "%s/team/hello:v1"}\n' "$host" >workspace/.devcontainer/devcontainer.json
    cat >workspace/berth/access.yaml <<END
organizations:
  - name: octo-org
repositories:
  - name: octo-org/site
    visibility: private
registries:
  - host: "$host"
    access: private
secrets:
  - name: A_CONTAINER_REGISTRY_SERVER
    organization: octo-org
    visibility: all
    value: "$host"
  - name: A_CONTAINER_REGISTRY_USER
    organization: octo-org
    visibility: all
  - name: A_CONTAINER_REGISTRY_PASSWORD
    organization: octo-org
    visibility: all
END
}
write_plan plan.json "$host"
if [ -x "$berth" ]; then
    write_workspace
    check "berth plan writes the plan" \
        sh -c '"$1" plan workspace --repository octo-org/site >plan.json 2>error' - "$berth"
    chmod go-w plan.json
    check "which names the registry" grep -q "\"registry\": \"$host\"" plan.json
fi

# --- nothing happens in a dry run, and no secret is asked for ---
secrets=()
run plan.json --dry-run --tool skopeo --out dry.json
check "a dry run succeeds without secrets" is 0
check "it names the variables" grep -q A_CONTAINER_REGISTRY_PASSWORD out
check "it names the file" grep -q 'dry.json' out
refuse "it writes nothing" test -e dry.json

# --- each client: what was refused works afterwards ---
for tool in skopeo docker podman; do
    usable "$tool" || continue
    file=$tool.json
    secrets=("${good[@]}")
    secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=wrong
    run plan.json --tool "$tool" --out "$file" --allow-insecure-loopback
    check "$tool: a wrong password is refused" is 1
    refuse "$tool: and stores nothing" test -e "$file"
    secrets=("${good[@]}")
    run plan.json --tool "$tool" --out "$file" --allow-insecure-loopback
    check "$tool: the right one logs in" is 0
    check "$tool: the file is its owner's alone" [ "$(stat -c %a "$file" 2>/dev/null)" = 600 ]
    check "$tool: the pull that was refused works" pull "$file"
    run plan.json --tool "$tool" --out "$file" --allow-insecure-loopback
    check "$tool: twice is as good as once" is 0
    check "$tool: with one entry" [ "$(grep -c '"auth"' "$file")" -eq 1 ]
done
run plan.json --tool none --out none.json
check "without a client the login is written" is 0
check "which is said not to be verified" grep -q 'not verified' out
check "and is as good" pull none.json
secrets+=(DOCKER_CONFIG="$work/docker/deep")
run plan.json --tool none
check "the file is where docker looks" pull docker/deep/config.json
run - --tool none --out stdin.json <plan.json
check "a plan is read from standard input" is 0

# --- an untrusted registry is not spoken to without encryption unless it is asked for ---
secrets=("${good[@]}")
before=$(requests)
run plan.json --tool skopeo --out plain.json
check "plain HTTP needs a flag" is 5
check "no password was sent over it" [ "$(requests)" -eq "$before" ]
refuse "and nothing is stored" test -e plain.json

# --- a SERVER that differs ---
before=$(requests)
secrets=("A_CONTAINER_REGISTRY_SERVER=evil.example" "${good[@]:1}")
run plan.json --tool skopeo --out pin.json --allow-insecure-loopback
check "a server that differs is refused" is 3
check "both hosts are named" sh -c 'grep -q evil.example error && grep -q "$1" error' - "$host"
secrets=("A_CONTAINER_REGISTRY_SERVER=http://$host/v2/" "${good[@]:1}")
secrets=("A_CONTAINER_REGISTRY_SERVER=HTTP://registry.example" "${good[@]:1}")
write_plan other.json registry.example
run other.json --tool none --out pin.json
check "plain HTTP is refused in capitals too" is 3
secrets=("A_CONTAINER_REGISTRY_SERVER=http://$host/v2/" "${good[@]:1}")
run other.json --tool skopeo --out pin.json --allow-insecure-loopback
check "a plan for another server is refused" is 3
for bad in '' "me@$host" "$host?x" 'hunter2' "$host " "https://$host "; do
    secrets=("A_CONTAINER_REGISTRY_SERVER=$bad" "${good[@]:1}")
    run plan.json --tool skopeo --out pin.json --allow-insecure-loopback
    check "a server '$bad' is none" is 4
done
check "nothing was sent" [ "$(requests)" -eq "$before" ]
refuse "nothing is stored" test -e pin.json

# --- secrets that are missing or malformed ---
secrets=("${good[0]}")
run plan.json --tool skopeo --out missing.json --allow-insecure-loopback
check "missing secrets are told" is 4
check "all in one run" sh -c 'grep -q "A_CONTAINER_REGISTRY_USER is not set" error &&
    grep -q "A_CONTAINER_REGISTRY_PASSWORD is not set" error'
for bad in '' '   ' " $password" $'c4nary\nline' $'c4nary\e[31m' $'c4nary\n\n'; do
    secrets=("${good[@]:0:2}" "A_CONTAINER_REGISTRY_PASSWORD=$bad")
    run plan.json --tool skopeo --out missing.json --allow-insecure-loopback
    check "a malformed password is refused" is 4
done
secrets=("${good[@]:0:2}" "A_CONTAINER_REGISTRY_PASSWORD=$password"$'\r\n')
run plan.json --tool skopeo --out newline.json --allow-insecure-loopback
check "one line end behind a password is cut off" is 0
check "and that is said" grep -q 'line end' error
check "so far nothing but the good was sent" [ "$(requests)" -gt "$before" ]
refuse "nothing is stored for the malformed" test -e missing.json

# --- the plan's file ---
secrets=("${good[@]}")
cp plan.json loose.json
chmod go+w loose.json
run loose.json --tool none --out loose.out
check "a plan that others may write is refused" is 3
ln -s plan.json link.json
run link.json --tool none --out loose.out
check "a plan behind a link is refused" is 3
mkfifo pipe.json
run pipe.json --tool none --out loose.out
check "a pipe is no plan" is 2
run /dev/zero --tool none --out loose.out
check "a device is no plan" is 2
head -c 1048577 /dev/zero | tr '\0' ' ' >large.json
run large.json --tool none --out loose.out
check "a plan is at most 1 MiB" is 2
printf '{"version": 2}\n' >version.json
run version.json --tool none --out loose.out
check "a version that is not known is refused" is 2
check "with its place" grep -q 'version.json:1:2: ' error
sed 's/"octo-org\/site"/"x\\n::add-mask::y"/' plan.json >lines.json
run lines.json --dry-run --tool none
refuse "a line end in a plan begins no line" grep -q '^::' out
run plan.json --no-such-option
check "an unknown option is a 2" is 2
sed 's/"basic"/"ecr-exchange"/' plan.json >exchange.json
run exchange.json --tool none --out loose.out
check "who is no access key cannot be exchanged" is 4
check "and the variable is named" says "A_CONTAINER_REGISTRY_USER is neither an access key's identifier"
secrets[1]=A_CONTAINER_REGISTRY_USER=AKIAEXAMPLE
run exchange.json --tool none --out loose.out
check "nor is one of a registry that is not ECR's" is 3
check "and the registry is named" says "$host: it is no registry of ECR"
secrets=("${good[@]}")
write_plan with-exchange.json "$host" r.example
sed -i '/r.example/s/"basic"/"ecr-exchange"/' with-exchange.json
secrets+=(B_CONTAINER_REGISTRY_SERVER=r.example B_CONTAINER_REGISTRY_USER=AKIAEXAMPLE B_CONTAINER_REGISTRY_PASSWORD=x)
before=$(requests)
run with-exchange.json --tool skopeo --allow-insecure-loopback --out loose.out
check "then no other step is tried either" [ "$status/$(requests)" = "3/$before" ]
secrets=("${good[@]}")
refuse "nothing is stored for any" test -e loose.out

# --- the target's file ---
printf '{"auths": {"x.example": {}}, "credsStore": "pass"}' >store.json
cp store.json store.before
before=$(requests)
run plan.json --tool skopeo --out store.json --allow-insecure-loopback
check "a credential store in the way is refused" is 3
printf '{"auths": {' >broken.json
cp broken.json broken.before
run plan.json --tool skopeo --out broken.json --allow-insecure-loopback
check "a malformed file is refused" is 3
check "both before a password is sent" [ "$(requests)" -eq "$before" ]
check "and left as they are" sh -c 'cmp -s store.json store.before && cmp -s broken.json broken.before'
ln -s dry.json target.json
run plan.json --tool none --out target.json
check "a link is not followed" is 3
mkdir -m 777 shared
run plan.json --tool none --out shared/config.json
check "a directory that all may write is refused" is 3
printf '{\n  "auths": {\n    "x.example": {"auth": "eA==", "more": [1.0e2]}\n  },\n  "unknown":  true\n}\n' >kept.json
chmod 644 kept.json
run plan.json --tool skopeo --out kept.json --allow-insecure-loopback
check "other members of the file are kept" grep -q '"unknown":  true' kept.json
check "other logins too" grep -q '"x.example": {"auth": "eA==", "more": \[1.0e2\]}' kept.json
check "its mode is made private" [ "$(stat -c %a kept.json)" = 600 ]

# --- all or nothing ---
write_plan two.json "$host" 127.0.0.1:1
secrets=("${good[@]}" B_CONTAINER_REGISTRY_SERVER=127.0.0.1:1 B_CONTAINER_REGISTRY_USER=bob
    "B_CONTAINER_REGISTRY_PASSWORD=$password")
run two.json --tool skopeo --out two.out --allow-insecure-loopback
check "a registry that is not there is unreachable" is 5
check "what was verified is not stored" grep -q "$host: verified, but not stored" error
refuse "nothing is stored of a plan that failed" test -e two.out

# --- many at once ---
pids=()
for i in $(seq 24); do
    write_plan "many$i.json" "r$i.example"
    env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" \
        A_CONTAINER_REGISTRY_SERVER="r$i.example" A_CONTAINER_REGISTRY_USER=bob \
        A_CONTAINER_REGISTRY_PASSWORD=x "$runner" "many$i.json" --tool none \
        --out many.out >/dev/null 2>&1 &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
check "concurrent runs keep all entries" [ "$(grep -c '"auth"' many.out)" -eq 24 ]

# --- a silent registry, and where the password is meanwhile ---
serve silent
kill -STOP "$pid"
write_plan silent.json "$address"
secrets=("A_CONTAINER_REGISTRY_SERVER=$address" "${good[@]:1}")
seen_in() { # processes: whether the password is on a command line or in an environment
    cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' >lines
    grep -qF -e "$basic" -e c4nary lines
}
env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "$runner" \
    silent.json --tool skopeo --out silent.out --allow-insecure-loopback --timeout 2 \
    >silent.log 2>&1 &
hung=$!
start=$(date +%s%N)
sleep 1
refuse "no command line holds the password" seen_in
child=$(children "$hung" | head -n 1)
check "meanwhile the client runs" alive "$child"
check "its environment is not ours" sh -c '! tr "\0" "\n" <"/proc/$1/environ" | grep -q REGISTRY' - "$child"
refuse "no file holds the password" holds_secret run home
wait "$hung"
status=$?
took=$((($(date +%s%N) - start) / 1000000))
cat silent.log >>transcript
check "a silent registry ends in time" is 5
check "close to its limit ($took ms)" [ "$took" -lt 4000 ]
refuse "no client is left" alive "$child"
refuse "nothing is stored" test -e silent.out

# --- a signal ---
env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "$runner" \
    silent.json --tool skopeo --out silent.out --allow-insecure-loopback --timeout 20 \
    >silent.log 2>&1 &
hung=$!
sleep 0.5
kill -TERM "$hung"
wait "$hung"
status=$?
check "a signal ends the run" is 143
refuse "and leaves no directory" leftovers
env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "$runner" \
    silent.json --tool skopeo --out silent.out --allow-insecure-loopback --timeout 20 \
    >silent.log 2>&1 &
hung=$!
sleep 0.5
kill -QUIT "$hung"
wait "$hung"
status=$?
check "so does a quit from the terminal" is 131
refuse "which leaves none either" leftovers
env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "$runner" \
    silent.json --tool skopeo --out silent.out --allow-insecure-loopback --timeout 20 \
    >silent.log 2>&1 &
hung=$!
sleep 0.5
child=$(children "$hung" | head -n 1)
kill -KILL "$hung"
wait "$hung" 2>/dev/null
sleep 0.2
refuse "a killed run takes its client with it" alive "$child"
secrets=("${good[@]}")
run plan.json --tool skopeo --out after.json --allow-insecure-loopback
check "the next run works" is 0
refuse "and removes what the killed one left" leftovers

# --- no secret anywhere but where it belongs ---
refuse "no secret was printed" holds_secret transcript silent.log
refuse "no secret is in a file of the run" holds_secret run home main.log silent.log

finish
