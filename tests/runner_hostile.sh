#!/usr/bin/env bash
# runner_hostile.sh: berth-run where what surrounds it is against it: what came with the
# call, its limits and signals, directories of others, a client that misbehaves.
#
#   BERTH_RUN=build/dev/berth-run tests/runner_hostile.sh
set -uo pipefail
# shellcheck source=tests/runner_support.sh
source "$(dirname "${BASH_SOURCE[0]}")/runner_support.sh"

write_plan plan.json "$host"
tool=(--tool skopeo --allow-insecure-loopback)
secrets=("${good[@]}")
clean_run() { # words: a command in the environment of `run`
    env -i PATH=/usr/bin:/bin HOME="$work/home" XDG_RUNTIME_DIR="$work/run" \
        ASAN_OPTIONS=detect_leaks=0 "${secrets[@]}" "$@" >out 2>error
    status=$?
    cat out error >>transcript
}

# --- what came with the call ---
if command -v perl >/dev/null; then
    # shellcheck disable=SC2016
    ignoring=(timeout -k 1 10 perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV')
    clean_run "${ignoring[@]}" "$runner" plan.json "${tool[@]}" --out ignored
    check "where the end of children is ignored, a login works" is 0
    clean_run "${ignoring[@]}" "$runner" plan.json --tool none -- /bin/sh -c 'exit 9'
    check "and a command ends" is 9
fi
if grep -qa __lsan_ "$runner"; then
    echo "runner_hostile: skipped: LeakSanitizer ends with a status of its own where a set-id program is shielded"
elif [ "$(id -u)" -eq 0 ]; then
    cp "$runner" set-id && chown 65534 set-id && chmod 4755 set-id && chmod 711 .
    clean_run ./set-id plan.json --tool none --out set-id.json
    check "with another's rights it does not run" is 3
    check "which it says" says 'set-id'
    chmod 700 .
fi
bash -c 'ulimit -f 0 && exec "$@"' - env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" \
    "${secrets[@]}" "$runner" plan.json --tool none --out limited 2>/dev/null
check "a limit of the size of files is a failure, not the end" [ $? -eq 3 ]
refuse "after which nothing is left" test -e .limited.berth-run
if command -v perl >/dev/null; then
    client "$logs_in"'; /bin/sleep 5'
    clean_run perl -e 'alarm 1; exec @ARGV' "$runner" plan.json "${made[@]}" --out alarmed
    check "an alarm that was set before the call ends the run" is 142
    refuse "which stores nothing" test -e alarmed
    refuse "and leaves nothing" leftovers
fi
# --- what a killed run has left ---
mkdir another
for words in "plan.json ${tool[*]} --out next" "plan.json --tool none --out next" \
    "plan.json --tool none --logout --out next"; do
    client "$logs_in"'; kill -KILL $PPID; /bin/sleep 1'
    run plan.json "${made[@]}" --out killed 2>/dev/null
    check "a client may kill the run" leftovers
    # shellcheck disable=SC2086
    env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/another" TMPDIR="$work/run" \
        "${secrets[@]}" "$runner" $words >out 2>error
    refuse "the next one removes what it left, wherever its own place is" leftovers
done

# --- a client that misbehaves ---
client 'read -r pid name state parent group session rest </proc/$$/stat
[ "$session" = $$ ] && echo "a session of its own"; exit 1'
run plan.json "${made[@]}" --out none
check "a client has no terminal" says 'a session of its own'
if command -v strace >/dev/null && ! { run plan.json --dry-run && prints 'no Landlock'; }; then
    client 'echo "it was called"; exit 1'
    for call in landlock_add_rule landlock_restrict_self; do
        clean_run strace -f -qq -o calls -e "trace=$call" -e "inject=$call:error=ENOMEM" \
            "$runner" plan.json "${made[@]}" --out none
        check "one that cannot be held is not called ($call)" is 7
        refuse "at all" says 'it was called'
    done
fi

# --- directories that others have, or change ---
if [ "$(id -u)" -eq 0 ]; then
    mkdir -m 1777 theirs && chown 12345 theirs
    run plan.json --tool none --out theirs/config.json
    check "a directory of another user, sticky or not, is not used" is 3
    refuse "nor written in" test -e theirs/config.json
fi
mkdir moved
exec 8<moved
flock -x 8
env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "$runner" plan.json \
    --tool none --out moved/config.json --timeout 5 >out 2>error 8<&- &
waiting=$!
sleep 0.5
mv moved moved.old && mkdir moved
exec 8<&-
wait "$waiting"
status=$?
check "one that is replaced while it is waited for is not written in" is 3
refuse "neither the one" test -e moved/config.json
refuse "nor the other" test -e moved.old/config.json

refuse "no secret was printed in all of this" holds_secret transcript
finish
