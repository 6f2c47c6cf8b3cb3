#!/usr/bin/env bash
# runner_clients.sh: whichever client logs in, every client reads with what berth-run
# stores, and is refused before and after.
#
#   BERTH_RUN=build/dev/berth-run tests/runner_clients.sh
#
# Against Debian's registry: with a password, in the clear; with TLS and an authority of
# this test; with a token server; and under the names of real registries. Clients that do
# not run here are left out, which is said. The images that podman and buildah pull are
# kept in the test's own directory.
set -uo pipefail
# shellcheck source=tests/runner_support.sh
source "$(dirname "${BASH_SOURCE[0]}")/runner_support.sh"
# shellcheck source=tests/token_support.sh
source "$tree/tests/token_support.sh"

clients=()
for name in skopeo docker podman buildah; do
    ! usable "$name" || clients+=("$name")
done

own_storage() { # client
    rm -rf storage
    own=("$1" --storage-driver vfs --root "$work/storage/root" --runroot "$work/storage/run")
}
# A client reads the image of a registry; `network` is how it gets there, `insecure` is
# set where it is to do so in the clear.
read_with() { # client, registry, what tells it where logins are...
    local client=$1 image=$2/team/hello:v1 own
    shift 2
    case $client in
    skopeo) set -- "$@" skopeo inspect --raw ${insecure:+--tls-verify=false} "docker://$image" ;;
    docker) set -- "$@" docker manifest inspect ${insecure:+--insecure} "$image" ;;
    *)
        own_storage "$client"
        set -- "$@" "${own[@]}" pull ${insecure:+--tls-verify=false} "$image"
        ;;
    esac
    clean "${network[@]}" "$@" >out 2>error
}
read_stored() { # client, registry: with the file of this test
    read_with "$1" "$2" "DOCKER_CONFIG=$work/stored" "REGISTRY_AUTH_FILE=$work/stored/config.json"
}
is_refused() { # client, registry: for want of a login
    ! read_stored "$@" &&
        grep -qiE 'unauthorized|no basic auth credentials|authentication required' error
}

# Logs in to registries with each client and with none; each then reads from each.
every_client() { # what they are, registry...
    local what=$1 tool client registry
    shift
    write_plan plan.json "$@"
    secrets=("${network[@]}")
    local letters=(A B C) i=0
    for registry; do
        secrets+=("${letters[i]}_CONTAINER_REGISTRY_SERVER=$registry"
            "${letters[i]}_CONTAINER_REGISTRY_USER=$user" "${letters[i]}_CONTAINER_REGISTRY_PASSWORD=$password")
        i=$((i + 1))
    done
    rm -rf stored
    mkdir stored
    for tool in "${clients[@]}" none; do
        printf '{"auths": {}}' >stored/config.json
        for client in "${clients[@]}"; do
            check "$what: before $tool logs in, $client is refused" is_refused "$client" "$1"
        done
        run plan.json --tool "$tool" --out stored/config.json "${options[@]}" \
            ${docker_option:+$([ "$tool" != docker ] || echo "$docker_option")}
        check "$what: $tool logs in" is 0
        for client in "${clients[@]}"; do
            for registry; do
                check "$what: with the login of $tool, $client reads from $registry" read_stored "$client" "$registry"
            done
        done
        run plan.json --tool "$tool" --logout --out stored/config.json
        check "$what: the logout of $tool" is 0
        for client in "${clients[@]}"; do
            check "$what: after it $client is refused" is_refused "$client" "$1"
        done
    done
}

# --- a password, in the clear ---
network=() insecure=yes docker_option=
options=(--allow-insecure-loopback)
every_client "plain HTTP" "$host"

# Where each client looks by itself: nothing tells it, or berth-run, of a file.
own_place() { # client
    read_with "$1" "$host"
}
for name in "${clients[@]}"; do
    run plan.json --tool "$name" "${options[@]}"
    check "$name logs in where it looks" is 0
    check "and reads" own_place "$name"
    run plan.json --tool "$name" --logout
    check "it is logged out" is 0
    refuse "and reads no more" own_place "$name"
done
# Docker's file is the last that the others look in, and so serves all.
run plan.json --tool none "${options[@]}"
check "no client is needed" is 0
for name in "${clients[@]}"; do check "for $name to read" own_place "$name"; done
run plan.json --tool none --logout

# --- a token server ---
if serve_tokens asks-token team/hello; then
    options+=(--allow-host "$tokens")
    every_client "a token server" "$address"
fi

# --- TLS, with an authority of this test ---
if command -v openssl >/dev/null; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
        -keyout key.pem -out cert.pem 2>/dev/null
    cp -r main.data tls.data
    serve tls ", tls: {certificate: $work/cert.pem, key: $work/key.pem}"
    network=("SSL_CERT_FILE=$work/cert.pem") insecure=''
    options=(--network-environment)
    docker_option=--allow-insecure-loopback # it checks no certificate of this machine's
    every_client "TLS" "$address"
    docker_option=
else
    skip_part "TLS: openssl is not installed"
fi

# --- real names ---
hub=(docker.io registry-1.docker.io index.docker.io)
if internet "${hub[@]/%/=$host}" "ghcr.io=$host" "octo.azurecr.io=$host"; then
    every_client "real names" ghcr.io octo.azurecr.io docker.io
    check "the proxy saw them all" sh -c 'for host; do
        grep -q "^CONNECT $host:443 " internet.log || exit 1
    done' - ghcr.io octo.azurecr.io registry-1.docker.io
    network=("${network[0]}")
    refuse "an authority that is not known is refused" read_stored skopeo ghcr.io
    check "for no other reason" grep -q 'certificate signed by unknown authority' error
else
    skip_part "real names: openssl or fake_internet (libssl-dev) is not there"
fi

refuse "no secret was printed" holds_secret transcript
refuse "no secret is in a file of the run" holds_secret run home
finish
