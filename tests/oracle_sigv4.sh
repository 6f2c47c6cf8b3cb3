#!/usr/bin/env bash
# oracle_sigv4.sh: this project's signature of a request beside that of others, for the
# same request at the same time: curl (--aws-sigv4), and of npm aws4 and @smithy's signer,
# pinned in tests/validators. What is not there is skipped, which is said; with
# BERTH_REQUIRE_TOOLS=1 that is a failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
signer=$(readlink -f "$BERTH_SIGN") fake_registry=$(readlink -f "$BERTH_FAKE")
tools=${BERTH_VALIDATORS:-$PWD/build/validators}
work=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT

passed=0 failed=0 skipped=0
compare() { # what, request, secret key
    local theirs ours
    theirs=$(sed -n 's/^authorization: \(.*\)\r$/\1/Ip' "$2" | sed 's/, */, /g')
    ours=$("$signer" "$3" <"$2")
    if [ -n "$theirs" ] && [ "$theirs" = "$ours" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n        theirs %s\n        ours   %s\n' "$1" "$theirs" "$ours"
    fi
}
skip() { # why
    skipped=$((skipped + 1))
    echo "$1: skipped"
}

# --- curl, to a server that keeps what it gets ---
by_curl() { # what, secret key, words for curl
    local what=$1 secret=$2
    shift 2
    : >"$work/log"
    curl -s -q --noproxy '*' -u "AKIAEXAMPLE:$secret" "$@" >/dev/null
    tail -n +2 "$work/log" | head -c -1 >"$work/request"
    compare "curl: $what" "$work/request" "$secret"
}
if command -v curl >/dev/null && curl --help all | grep -q aws-sigv4; then
    printf 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}' >"$work/answer"
    "$fake_registry" answer "$work/log" "$work/answer" >"$work/port" &
    server=$!
    for _ in $(seq 100); do
        [ -s "$work/port" ] && break
        sleep 0.02
    done
    url=http://127.0.0.1:$(cat "$work/port")/
    json='Content-Type: application/x-amz-json-1.1'
    private='X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken'
    public='X-Amz-Target: SpencerFrontendService.GetAuthorizationToken'
    key='wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
    by_curl "the request to ECR" "$key" --aws-sigv4 aws:amz:eu-central-1:ecr -H "$json" \
        -H "$private" -d '{"registryIds":["123456789012"]}' "$url"
    by_curl "to ECR Public" "$key" --aws-sigv4 aws:amz:us-east-1:ecr-public -H "$json" \
        -H "$public" -d '{}' "$url"
    by_curl "a key of all kinds of bytes" '/+=:/+=:x' --aws-sigv4 aws:amz:cn-north-1:ecr \
        -H "$json" -H "$private" -d '{}' "$url"
    by_curl "a session token" "$key" --aws-sigv4 aws:amz:us-gov-west-1:ecr -H "$json" \
        -H "$private" -H 'X-Amz-Security-Token: FwoG//wE+Token=' -d '{}' "$url"
    by_curl "a header with blanks in it" "$key" --aws-sigv4 aws:amz:us-east-1:ecr \
        -H 'X-Amz-Meta:   a   b  ' -d '{}' "$url"
    by_curl "a long body" "$key" --aws-sigv4 aws:amz:us-east-1:ecr \
        -d "$(head -c 900 /dev/zero | tr '\0' x)" "$url"
    by_curl "no body" "$key" --aws-sigv4 aws:amz:us-east-1:service "$url"
else
    skip "curl with --aws-sigv4 is not installed"
fi

# --- npm ---
if command -v node >/dev/null && [ -d "$tools/node_modules/aws4" ]; then
    if node "$tools/sign.mjs" "$work"; then
        for request in "$work"/*-*.request; do
            compare "$(basename "$request")" "$request" "$(cat "${request%.request}.secret")"
        done
    else
        failed=$((failed + 1))
    fi
else
    skip "node, or node_modules of tests/validators"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && { [ "$skipped" -eq 0 ] || [ "${BERTH_REQUIRE_TOOLS:-0}" != 1 ]; }
