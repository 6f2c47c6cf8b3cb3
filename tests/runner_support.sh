# runner_support.sh: what the runner's tests share: a registry with a password and an
# image, plans for it, and a clean way to run berth-run. Sourced, not run.
#
# Needs docker-registry, htpasswd and skopeo; without them it says so and passes, unless
# BERTH_REQUIRE_TOOLS=1. Docker, podman and buildah are used too where they run: see
# usable. No engine is needed. All of it runs on 127.0.0.1, on free ports, and ends with the test, whose last line is
# "N passed, N failed".

suite=$(basename "$0" .sh)
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
berth=${BERTH:-build/dev/berth}
runner=${BERTH_RUN:-build/dev/berth-run}
[ -x "$runner" ] || {
    echo "$suite: $runner is not there: build it first" >&2
    exit 2
}
skip_suite() { # why
    echo "$suite: skipped: $1"
    [ "${BERTH_REQUIRE_TOOLS:-0}" = 1 ] && exit 1
    exit 0
}
for tool in docker-registry htpasswd skopeo; do
    command -v "$tool" >/dev/null || skip_suite "$tool is not installed"
done
fake_registry=${BERTH_FAKE:-$(dirname "$runner")/tests/fake_registry}
[[ $runner == /* ]] || runner=$PWD/$runner
[[ $fake_registry == /* ]] || fake_registry=$PWD/$fake_registry
[[ $berth == /* ]] || berth=$PWD/$berth

work=$(mktemp -d)
registries=()
cleanup() {
    local pid
    for pid in "${registries[@]}"; do
        kill -CONT "$pid" 2>/dev/null
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    rm -rf "$work"
}
trap cleanup EXIT
cd "$work" || exit 2
umask 022
mkdir home run

passed=0 failed=0
pass() {
    passed=$((passed + 1))
}
fail() { # what, files that show why
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$1"
    shift
    [ $# -eq 0 ] || sed 's/^/        /' "$@" | head -n 20
}
check() { # what, command: holds when the command succeeds
    local what=$1
    shift
    if "$@"; then pass; else fail "$what" out error; fi
}
refuse() { # what, command: holds when the command fails
    local what=$1
    shift
    if "$@"; then fail "$what" out error; else pass; fi
}

children() { # process
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v parent="$1" '$4 == parent { print $1 }'
}
alive() { # process; one that nobody has waited for yet is not
    local state
    state=$(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat" 2>/dev/null) && [ "$state" != Z ]
}
leftovers() { # what a run leaves in its place for them
    [ -n "$(find run -name 'berth-run.*')" ]
}

readonly user=alice password='c4nary-pw:with/"odd\ ones'
basic=$(printf '%s:%s' "$user" "$password" | base64 -w0)

# --- a registry on a free port, and an image in it that only alice may read ---
htpasswd -Bbn -C 5 "$user" "$password" >htpasswd 2>/dev/null

serve() { # name, more of `http`; its address in `address`, its process in `pid`
    local name=$1 more=${2:-} i
    cat >"$name.yml" <<END
version: 0.1
log: {level: info}
storage: {filesystem: {rootdirectory: $work/$name.data}}
http: {addr: "${listen:-127.0.0.1}:0", secret: test$more}
auth: {${access:-"htpasswd: {realm: test, path: $work/htpasswd}"}}
END
    env -i PATH="$PATH" HOME="$work/home" docker-registry serve "$name.yml" \
        >"$name.log" 2>&1 &
    pid=$!
    registries+=("$pid")
    for ((i = 0; i < 200; i++)); do
        address=$(sed -n 's/.*listening on \([0-9.]*:[0-9]*\).*/\1/p' "$name.log" 2>/dev/null)
        [ -z "$address" ] || return 0
        sleep 0.05
    done
    echo "$suite: the registry did not start" >&2
    sed 's/^/    /' "$name.log" >&2
    exit 1
}
serve main
readonly host=$address
requests() { grep -c ' /v2/' main.log; }

clean() { # a client that knows nothing but what it is told
    env -i PATH=/usr/local/bin:/usr/bin:/bin HOME="$work/home" XDG_RUNTIME_DIR="$work/run" LC_ALL=C "$@"
}
# Whether a client can be used here. Why not is said once. Where tools are required, it is
# a failure that one is not installed, but for docker, which ./dev test does not install.
declare -A hindrances=()
what_hinders() { # client
    if ! clean sh -c 'command -v "$1"' - "$1" >/dev/null; then
        echo "is not installed"
    elif [ "$1" = buildah ] && [ "$(id -u)" -ne 0 ]; then
        # It needs setuid helpers even to log in, which no child of a run may have.
        echo "is for root alone here"
    elif [[ $1 == podman || $1 == buildah ]] && ! clean "$1" info >/dev/null 2>&1; then
        # In odd containers they need mounts that are not there, even to log in.
        echo "does not run here"
    fi
}
skip_part() { # what is not there, that ./dev test installs
    echo "$suite: skipped: $1"
    [ "${BERTH_REQUIRE_TOOLS:-0}" != 1 ] || fail "nothing is skipped that can be had"
}
usable() { # client
    if [ -z "${hindrances[$1]+known}" ]; then
        hindrances[$1]=$(what_hinders "$1")
        case "$1 ${hindrances[$1]}" in
        "$1 ") ;;
        "docker "* | *" here") echo "$suite: skipped: $1 ${hindrances[$1]}" ;;
        *) skip_part "$1 ${hindrances[$1]}" ;;
        esac
    fi
    [ -z "${hindrances[$1]}" ]
}
digest() { sha256sum <"$1" | cut -d' ' -f1; }
blob() { cp "$1" "layout/blobs/sha256/$(digest "$1")"; }
size() { stat -c %s "$1"; }
make_image() {
    mkdir -p layout/blobs/sha256 root
    echo hello >root/hello.txt
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C root -cf layer.tar .
    gzip -n -c layer.tar >layer.tgz
    printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$(digest layer.tar)" >config.blob
    local media=application/vnd.oci.image
    printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":{"mediaType":"%s.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"%s.layer.v1.tar+gzip","digest":"sha256:%s","size":%s}]}' \
        $media $media "$(digest config.blob)" "$(size config.blob)" \
        $media "$(digest layer.tgz)" "$(size layer.tgz)" >manifest.blob
    blob layer.tgz && blob config.blob && blob manifest.blob
    printf '{"imageLayoutVersion":"1.0.0"}' >layout/oci-layout
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"%s.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"v1"}}]}' \
        $media "$(digest manifest.blob)" "$(size manifest.blob)" >layout/index.json
}
pull() { # auth file
    rm -rf pulled
    clean skopeo copy --authfile "$1" --src-tls-verify=false \
        "docker://$host/team/hello:v1" oci:pulled:v1 >out 2>error
}
make_image
printf '{"auths":{}}' >empty.json
printf '{"auths":{"%s":{"auth":"%s"}}}' "$host" "$basic" >push.json
clean skopeo copy --authfile push.json --dest-tls-verify=false oci:layout:v1 \
    "docker://$host/team/hello:v1" >out 2>error || {
    fail "the image is pushed" out error
    echo "$passed passed, $failed failed"
    exit 1
}
rm push.json
refuse "an anonymous pull is refused" pull empty.json

# --- plans ---
write_plan() { # file, host...: a step for each, with the variables A_..., B_...
    local file=$1 separator='' letter next server
    shift
    {
        printf '{"version": 1, "repository": "octo-org/site", "configuration": ".devcontainer/devcontainer.json",\n'
        printf ' "target": "codespaces", "phase": "create", "steps": ['
        next=65
        for server; do
            letter=$(printf "\\$(printf %o "$next")")
            next=$((next + 1))
            printf '%s\n  {"registry": "%s", "method": "basic",\n' "$separator" "$server"
            printf '   "server": {"env": "%s_CONTAINER_REGISTRY_SERVER", "expect": "%s"},\n' "$letter" "$server"
            printf '   "username": {"env": "%s_CONTAINER_REGISTRY_USER"},\n' "$letter"
            printf '   "password": {"env": "%s_CONTAINER_REGISTRY_PASSWORD"},\n' "$letter"
            printf '   "images": ["%s/team/hello:v1"],\n' "$server"
            printf '   "source": {"identifier": "%s", "level": "organization", "owner": "octo-org"},\n' "$letter"
            printf '   "expires_after": null}'
            separator=,
        done
        printf '],\n "without_login": [], "blocked": []}\n'
    } >"$file"
}
fake() { # name, what fake_registry takes after its log; its address in `address`
    local name=$1 i
    shift
    rm -f "$name.port" # of one that had this name before
    : >"$name.log"
    "$fake_registry" "$1" "$name.log" "${@:2}" >"$name.port" 2>/dev/null &
    pid=$!
    registries+=("$pid")
    for ((i = 0; i < 200; i++)); do
        [ -s "$name.port" ] && break
        sleep 0.02
    done
    address=127.0.0.1:$(cat "$name.port")
}
# Real names, offline: hosts that are answered by TLS with a certificate of our own, and
# lead to servers here. `network` is what a run, or a client, is given to find them.
fake_internet=$(dirname "$fake_registry")/fake_internet
internet() { # NAME=address...; false where it cannot be had
    local i names=() pairs=() pair
    [ -x "$fake_internet" ] && command -v openssl >/dev/null || return
    for pair; do
        names+=("DNS:${pair%%=*}")
        pairs+=("${pair%%=*}=${pair##*:}")
    done
    : >internet.log
    rm -f internet.port
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=internet -addext "subjectAltName=$(IFS=,; printf '%s' "${names[*]}")" \
        -keyout internet.key -out internet.pem 2>/dev/null || return
    "$fake_internet" internet.log internet.pem internet.key "${pairs[@]}" >internet.port 2>/dev/null &
    pid=$!
    registries+=("$pid")
    for ((i = 0; i < 200; i++)); do
        [ -s internet.port ] && break
        sleep 0.02
    done
    network=("HTTPS_PROXY=http://127.0.0.1:$(cat internet.port)" "SSL_CERT_FILE=$work/internet.pem")
}
reached() { grep -q "^CONNECT $1:443 " internet.log; } # host
cat /dev/null >transcript
run() { # words for berth-run; the environment is in `secrets`
    env -i PATH=/usr/bin:/bin HOME="$work/home" XDG_RUNTIME_DIR="$work/run" \
        "${secrets[@]}" "$runner" "$@" >out 2>error
    status=$?
    cat out error >>transcript
}
good=("A_CONTAINER_REGISTRY_SERVER=$host" "A_CONTAINER_REGISTRY_USER=$user"
    "A_CONTAINER_REGISTRY_PASSWORD=$password")
for_server() { # address: the good secrets, for that server
    secrets=("A_CONTAINER_REGISTRY_SERVER=$1" "${good[@]:1}")
}
is() { [ "$status" -eq "$1" ]; }
says() { grep -qF -e "$1" error; } # among the problems of the last run
prints() { grep -qF -e "$1" out; }
entries() { # file: how many logins it holds
    grep -c '"auth":' "$1" 2>/dev/null
}
# A client of our own making: what follows is its script, for /bin/sh, with `file` (where
# it is to store) and `server`. It finds no other program: PATH leads nowhere.
client() { # script
    {
        printf '#!/bin/sh\n'
        # shellcheck disable=SC2016
        printf 'for word; do case $word in --authfile=*) file=${word#*=} ;; esac; server=$word; done\n'
        printf '%s\n' "$1"
    } >client
    chmod 755 client
    made=(--tool skopeo --tool-path "$work/client")
}
# shellcheck disable=SC2016
readonly logs_in='read -r password
printf "%s\n" "time=\"x\" level=debug msg=\"Ping https://$server/v2/ status 401\""
printf "{\"auths\":{\"%s\":{\"auth\":\"eDp5\"}}}" "$server" >"$file"'
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
holds_secret() { # files: which of them hold the password in any form
    grep -rlF -e "$password" -e "$basic" -e c4nary "$@" 2>/dev/null
}
