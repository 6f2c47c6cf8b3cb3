#!/usr/bin/env bash
# runner_devcontainer.sh: the dev container CLI reads a private Feature with the logins
# that berth-run makes, in each way it makes them, and without them it is refused.
#
#   BERTH=build/dev/berth BERTH_RUN=build/dev/berth-run tests/runner_devcontainer.sh
#
# The CLI is @devcontainers/cli, pinned in tests/validators; ./dev test puts it into
# build/validators. Where it is not there, this says so and passes, unless
# BERTH_REQUIRE_TOOLS=1. What is said of the CLI is read in its 0.89.0,
# src/spec-configuration/httpOCIRegistry.ts and containerCollectionsOCI.ts:
#
#   - it speaks plain HTTP to `localhost`, and TLS to every other name, 127.0.0.1 too;
#   - it asks anonymously, and looks for a login where the answer is a 401 or a 403;
#   - it looks in DEVCONTAINERS_OCI_AUTH, then in config.json of DOCKER_CONFIG or of
#     ~/.docker, there in credHelpers, credsStore and auths, in this order; never in
#     containers' auth.json;
#   - it looks under the host of the reference, port included, and under nothing else.
set -uo pipefail
# shellcheck source=tests/runner_support.sh
source "$(dirname "${BASH_SOURCE[0]}")/runner_support.sh"
# shellcheck source=tests/ecr_support.sh
source "$tree/tests/ecr_support.sh"
# shellcheck source=tests/token_support.sh
source "$tree/tests/token_support.sh"

cli=${BERTH_VALIDATORS:-$tree/build/validators}/node_modules/@devcontainers/cli/devcontainer.js
command -v node >/dev/null || skip_suite "node is not installed"
[ -f "$cli" ] || skip_suite "@devcontainers/cli is not there; './dev test' installs it"
[ -x "$berth" ] || skip_suite "$berth is not there"

# What the CLI finds: itself, node, and an engine that knows no container. Without an
# HTTPS_PROXY it would ask containers.dev which Features are disallowed.
mkdir -p bin helper docker
ln -s "$(command -v node)" bin/node
ln -s "$cli" bin/devcontainer
ln -s "$runner" helper/docker-credential-berth
printf '#!/bin/sh\nexit 0\n' >bin/engine
chmod +x bin/engine
offline=("PATH=$work/bin:/usr/local/bin:/usr/bin:/bin" HTTPS_PROXY=http://127.0.0.1:1)

readonly path=team/features/hi
local=localhost:${host##*:}
devcontainer() { # word...; the environment is in `secrets`
    clean "${offline[@]}" "${secrets[@]}" devcontainer "$@" >out 2>error
    status=$?
    cat out error >>transcript
    return $status
}
information() { # what, registry, more words
    devcontainer features info "$1" "$2/$path:1" --output-format json --log-level trace "${@:3}"
}
readable() { # registry
    information manifest "$1" && grep -q '"mediaType": "application/vnd.devcontainers"' out
}
refused() { # registry: for want of a login, and for no other reason
    ! readable "$1" && grep -qE 'No basic auth credentials|: 40[13]: |Accessing anonymously' error
}
has_tags() { # registry
    information tags "$1" && [ "$(tr -d ' \n' <out)" = '{"publishedTags":["latest","1.0.0","1.0","1"]}' ]
}
read_configuration() { # with its Features, whose files are downloaded for it
    devcontainer read-configuration --workspace-folder site --docker-path "$work/bin/engine" \
        --include-features-configuration --log-level trace &&
        grep -q '"featuresConfiguration":{"featureSets":\[{"sourceInformation":{"type":"oci"' out
}

# --- a Feature, and a repository whose configuration has it ---
mkdir -p source/src/hi
printf '{"id": "hi", "version": "1.0.0", "name": "Says hello"}\n' >source/src/hi/devcontainer-feature.json
printf '#!/bin/sh\necho hello\n' >source/src/hi/install.sh
publish() { # registry
    devcontainer features publish source/src --registry "$1" --namespace "${path%/*}"
}
letters=(A B C D)
write_site() { # registry...: a private Feature in each, and secrets for it
    local i separator=''
    rm -rf site
    mkdir -p site/.devcontainer site/berth
    {
        printf '{"image": "mcr.microsoft.com/devcontainers/base:1", "features": {'
        for i; do
            printf '%s\n  "%s/%s:1": {}' "$separator" "$i" "$path"
            separator=,
        done
        printf '}}\n'
    } >site/.devcontainer/devcontainer.json
    {
        printf 'repositories:\n  - {name: octo-org/site, visibility: private}\nregistries:\n'
        printf '  - {host: "%s", access: private}\n' "$@"
        printf 'secrets:\n'
        for ((i = 0; i < $#; i++)); do
            printf '  - {name: %s_CONTAINER_REGISTRY_%s, organization: octo-org, visibility: all%s}\n' \
                "${letters[i]}" SERVER ", value: \"${*:i + 1:1}\"" "${letters[i]}" USER '' "${letters[i]}" PASSWORD ''
        done
    } >site/berth/access.yaml
    logins=()
    for ((i = 0; i < $#; i++)); do
        logins+=("${letters[i]}_CONTAINER_REGISTRY_SERVER=${*:i + 1:1}" "${letters[i]}_CONTAINER_REGISTRY_USER=$user"
            "${letters[i]}_CONTAINER_REGISTRY_PASSWORD=$password")
    done
    rm -f plan.json
    "$berth" plan site --repository octo-org/site >plan.json 2>error
}
write_site "$local"
check "berth plans a login for the Feature's registry" \
    grep -q "\"registry\": \"$local\"" plan.json
tool=(--tool skopeo --allow-insecure-loopback)
committed=("DOCKER_CONFIG=$work/docker")

# --- committed to the file that DOCKER_CONFIG names ---
secrets=("${committed[@]}")
refuse "before the login nothing can be published" publish "$local"
check "for want of a login" grep -q 'No basic auth credentials' error
secrets=("${logins[@]}" "${committed[@]}")
run plan.json "${tool[@]}" --out docker/config.json
check "berth-run logs in" is 0
secrets=("${committed[@]}")
check "then the Feature can be published" publish "$local"
check "its manifest can be read" readable "$local"
check "and its tags" has_tags "$local"
check "and its files, for a configuration" read_configuration
check "with the CLI's hardening on too" information manifest "$local" --oci-auth-hardening
secrets=()
check "with another configuration it is refused" refused "$local"
refuse "the configuration too" read_configuration
cp -r docker home/.docker
check "in the home directory the same file serves" readable "$local"
rm -rf home/.docker
secrets=("${committed[@]}")
run plan.json "${tool[@]}" --logout --out docker/config.json
check "the login is removed" is 0
check "after the logout the Feature is refused" refused "$local"
refuse "so is the configuration" read_configuration
secrets=("${logins[@]}" "${committed[@]}")
run plan.json --tool none
check "without a client the login goes where docker looks" is 0
secrets=("${committed[@]}")
check "and is as good" readable "$local"
run plan.json --tool none --logout
check "it is removed" is 0
check "for the CLI too" refused "$local"

# --- a private directory for a shell ---
secrets=("${logins[@]}")
run plan.json "${tool[@]}" --print-env
check "the shell's lines are printed" is 0
cp out env.sh
# shellcheck disable=SC1091
mapfile -t secrets < <(. ./env.sh && printf 'DOCKER_CONFIG=%s\n' "$DOCKER_CONFIG")
check "with them the Feature can be read" readable "$local"
check "and the configuration" read_configuration
run plan.json --tool docker --logout
check "the directory is removed" is 0
check "and the Feature is refused" refused "$local"

# --- a command that alone has the logins ---
secrets=("${logins[@]}" "${offline[@]}")
run plan.json "${tool[@]}" -- devcontainer features info manifest "$local/$path:1" --output-format json
check "devcontainer, run with the logins, reads the Feature" is 0
check "whose manifest it prints" prints '"mediaType": "application/vnd.devcontainers"'
run plan.json "${tool[@]}" -- devcontainer read-configuration --workspace-folder site \
    --docker-path "$work/bin/engine" --include-features-configuration
check "the configuration too" is 0
check "with the Feature" prints '"type":"oci"'
refuse "no directory is left" leftovers
secrets=("${logins[@]}")
check "the secrets alone are no login" refused "$local"

# --- by reference, in the variable of the CLI itself ---
"$berth" plan site --repository octo-org/site --format env >reference.sh 2>error
refuse "the assignment holds no secret" holds_secret reference.sh
by_reference() { # as README.md says
    # shellcheck disable=SC2016
    mapfile -d '' -t secrets < <(clean "${logins[@]}" \
        sh -c 'set -a; eval "$(cat reference.sh)"; env -0' | grep -z ^DEVCONTAINERS_OCI_AUTH=)
}
by_reference
check "with DEVCONTAINERS_OCI_AUTH the Feature can be read" readable "$local"
check "by no other login" grep -q 'Using match from DEVCONTAINERS_OCI_AUTH' error
check "and the configuration" read_configuration
logins[2]=A_CONTAINER_REGISTRY_PASSWORD=wrong
by_reference
refuse "with a wrong password it cannot" readable "$local"
check "which the registry refuses" grep -q ' 401 on reattempt' error

# --- a helper that keeps nothing ---
write_site "$local"
secrets=("${logins[@]}" "${committed[@]}")
run plan.json "${tool[@]}" --store helper --out docker/config.json
check "a helper is named" is 0
refuse "no login is at rest" holds_secret docker
offline[0]="PATH=$work/helper:$work/bin:/usr/local/bin:/usr/bin:/bin"
check "the Feature can be read by way of it" readable "$local"
check "by no other login" grep -q "Found credential helper 'berth'" error
check "and the configuration" read_configuration
secrets=("${committed[@]}")
check "without the secrets the helper has none" refused "$local"
secrets=("${logins[@]}" "${committed[@]}")
run plan.json "${tool[@]}" --logout --out docker/config.json
check "a logout unnames the helper" is 0
check "and the Feature is refused" refused "$local"

# --- the key has to be the host ---
# The CLI takes an entry by its name as written: docker would find this one.
printf '{"auths": {"http://%s": {"auth": "%s"}}}' "$local" "$basic" >docker/config.json
secrets=("${committed[@]}")
check "an entry under an address is not found" refused "$local"
rm docker/config.json

# --- a registry that sends the CLI to a token server ---
serve_tokens asks-token "$path" && {
    local=localhost:${address##*:}
    write_site "$local"
    secrets=("${committed[@]}")
    check "a token's registry refuses who has no login" refused "$local"
    secrets=("${logins[@]}" "${committed[@]}")
    run plan.json "${tool[@]}" --allow-host "$tokens" --out docker/config.json --require-verified
    check "berth-run logs in by way of the token server" is 0
    secrets=("${committed[@]}")
    check "so does the CLI, with the same entry" readable "$local"
    check "at the token server" grep -q "Attempting to fetch bearer token from:  http://$tokens/token" error
    run plan.json "${tool[@]}" --logout --out docker/config.json
    check "after the logout it is refused" refused "$local"
}

# --- real names, by TLS with a local authority ---
names=(ghcr.io octo.azurecr.io)
if internet "${names[@]/%/=$host}" "docker.io=$host" "registry-1.docker.io=$host" "index.docker.io=$host"; then
    online=("${offline[0]}" "${network[@]}" "NODE_EXTRA_CA_CERTS=$work/internet.pem")
    offline=("${online[@]}")
    write_site "${names[@]}" docker.io
    secrets=("${committed[@]}")
    for name in "${names[@]}" docker.io; do check "$name refuses who has no login" refused "$name"; done
    secrets=("${logins[@]}" "${committed[@]}" "${network[@]}")
    run plan.json --tool skopeo --network-environment --out docker/config.json
    check "berth-run logs in to all" is 0
    secrets=("${committed[@]}")
    for name in "${names[@]}"; do check "$name: the Feature can be read" readable "$name"; done
    # docker keeps the login of Docker Hub under https://index.docker.io/v1/, the CLI
    # looks under docker.io: registry/docker-hub-private-feature warns of that.
    check "docker.io: an entry is there" grep -q '"https://index.docker.io/v1/"' docker/config.json
    check "docker.io: but the CLI does not find it" refused docker.io
    "$berth" plan site --repository octo-org/site --format env >reference.sh 2>error
    by_reference
    for name in "${names[@]}" docker.io; do check "$name: by reference it can be read" readable "$name"; done
    secrets=("${committed[@]}")
    run plan.json --tool skopeo --logout --out docker/config.json
    check "all are logged out from" is 0
    for name in "${names[@]}"; do check "$name: and refuse" refused "$name"; done
    offline=("${online[@]::${#online[@]}-1}")
    refuse "a certificate that is not known is refused" readable ghcr.io
    check "for no other reason" grep -q 'self-signed certificate' error
else
    skip_part "real names: openssl or fake_internet (libssl-dev) is not there"
fi

# --- ECR, with the token that an access key is swapped for ---
cp -r main.data ecr.data
if start_ecr; then
    offline=("${offline[0]}" "${network[@]}" "NODE_EXTRA_CA_CERTS=$work/internet.pem")
    secrets=("${committed[@]}")
    check "ECR refuses who has no login" refused "$private"
    plan_for "$private"
    give "https://$private"
    secrets+=("${offline[@]}")
    run plan.json --tool skopeo --network-environment -- \
        devcontainer features info manifest "$private/$path:1" --output-format json
    check "devcontainer, run with the token, reads the Feature" is 0
    check "whose manifest it prints" prints '"mediaType": "application/vnd.devcontainers"'
    check "after one request for a token" [ "$(calls)" -eq 1 ]
fi

refuse "no secret was printed" holds_secret transcript
refuse "no secret is in a file of the run" holds_secret run home
finish
