#!/usr/bin/env bash
# runner.sh: three logins by berth-run beside three plain ones, and 24 at once.
#
#   BERTH_RUN=build/release/berth-run bench/runner.sh
#
# Against registries with a password on this machine. Times are medians, taken in turns;
# a ratio is berth-run's time over that of the plain calls, one after the other: the aim
# is below 1. Docker is called twice for each login, since it does not tell whether it was
# asked for one. Fails above the bound, or when berth-run loses a login.
set -uo pipefail
# shellcheck source=tests/runner_support.sh
source "$(dirname "${BASH_SOURCE[0]}")/../tests/runner_support.sh"

rounds=${BERTH_BENCH_ROUNDS:-9}
max_ratio=${BERTH_BENCH_RUNNER_MAX_RATIO:-3.0}
many=24
hosts=("$host")
for name in second third; do
    serve "$name"
    hosts+=("$address")
done
write_plan three.json "${hosts[@]}"
secrets=()
for i in 0 1 2; do
    letter=$(printf "\\$(printf %o $((65 + i)))")
    secrets+=("${letter}_CONTAINER_REGISTRY_SERVER=${hosts[i]}"
        "${letter}_CONTAINER_REGISTRY_USER=$user"
        "${letter}_CONTAINER_REGISTRY_PASSWORD=$password")
done

plain() { # tool, file, host: one login as a person would type it
    case $1 in
    docker) clean docker --config "$2.d" login -u "$user" --password-stdin "$3" ;;
    *) clean "$1" login --authfile "$2" --tls-verify=false -u "$user" --password-stdin "$3" ;;
    esac <<<"$password" >/dev/null 2>&1
}
three_plain() { # tool
    local server
    for server in "${hosts[@]}"; do plain "$1" "plain.$1" "$server" || return; done
}
ours() { # tool
    run three.json --tool "$1" --allow-insecure-loopback --out "ours.$1"
    [ "$status" -eq 0 ]
}
took() { # command: its milliseconds, in `ms`; the bench ends if it fails
    local start
    start=$(date +%s%N)
    "$@" || {
        echo "runner: $* failed" >&2
        sed 's/^/    /' error >&2
        exit 1
    }
    ms=$((($(date +%s%N) - start) / 1000000))
}
median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }

too_slow=0
printf '%-8s %22s %22s %8s\n' client "three plain logins ms" "berth-run ms" ratio
for tool in docker skopeo podman; do
    if ! clean "$tool" --version >/dev/null 2>&1; then
        printf '%-8s is not installed\n' "$tool"
        continue
    fi
    if [ "$tool" = podman ] && ! clean podman info >/dev/null 2>&1; then
        echo "podman   does not run here"
        continue
    fi
    mkdir -p "plain.$tool.d"
    printf '{"auths":{"x.invalid":{}}}' | tee "plain.$tool" >"plain.$tool.d/config.json"
    : >times.plain
    : >times.ours
    for ((i = 0; i < rounds; i++)); do
        took three_plain "$tool"
        echo "$ms" >>times.plain
        took ours "$tool"
        echo "$ms" >>times.ours
    done
    awk -v tool="$tool" -v plain="$(median <times.plain)" -v ours="$(median <times.ours)" -v max="$max_ratio" 'BEGIN {
        printf "%-8s %22d %22d %7.2fx\n", tool, plain, ours, ours / plain
        exit ours > plain * max }' || too_slow=1
done

printf '\n%d logins at once, each to a registry of its own:\n' "$many"
servers=()
for ((i = 1; i <= many; i++)); do
    fake "many$i" record
    servers+=("$address")
    write_plan "many$i.json" "$address"
done
count_logins() { grep -o '"auth":' "$1" 2>/dev/null | wc -l; }
for tool in docker skopeo; do
    clean "$tool" --version >/dev/null 2>&1 || continue
    mkdir -p "many.$tool.d"
    printf '{"auths":{"x.invalid":{}}}' | tee "many.$tool" >"many.$tool.d/config.json"
    pids=()
    for server in "${servers[@]}"; do
        plain "$tool" "many.$tool" "$server" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid"; done
    file=many.$tool
    [ "$tool" != docker ] || file=many.$tool.d/config.json
    printf '%-10s keeps %2d of %d\n' "$tool" "$(count_logins "$file")" "$many"
done
pids=()
for ((i = 1; i <= many; i++)); do
    for_server "${servers[i - 1]}"
    env -i HOME="$work/home" XDG_RUNTIME_DIR="$work/run" "${secrets[@]}" "$runner" \
        "many$i.json" --tool skopeo --allow-insecure-loopback --out many.ours >/dev/null 2>&1 &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
kept=$(count_logins many.ours)
printf '%-10s keeps %2d of %d\n' berth-run "$kept" "$many"

printf '\nberth-run is %d KiB\n' $(($(stat -Lc %s "$runner") / 1024))
[ "$kept" -eq "$many" ] || {
    echo "runner: berth-run lost a login" >&2
    exit 1
}
[ "$too_slow" -eq 0 ] || {
    echo "runner: berth-run takes more than $max_ratio times as long as the plain calls" >&2
    exit 1
}
