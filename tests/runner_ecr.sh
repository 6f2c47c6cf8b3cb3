#!/usr/bin/env bash
# runner_ecr.sh: an access key swapped for a token of ECR, at registries by their real
# names, with an API of our own behind them.
#
#   BERTH_RUN=build/dev/berth-run tests/runner_ecr.sh
set -uo pipefail
# shellcheck source=tests/runner_support.sh
source "$(dirname "${BASH_SOURCE[0]}")/runner_support.sh"

# shellcheck source=tests/ecr_support.sh
source "$tree/tests/ecr_support.sh"

start_ecr || skip_suite "openssl or fake_internet (libssl-dev) is not there"
hmac() { # key in hexadecimal: of standard input
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" | sed 's/.* //'
}
hex() { od -An -v -tx1 | tr -d ' \n'; }
# The signature of what the API got, worked out by OpenSSL alone.
signature() { # region, service
    local stamp day scope names canonical key name
    stamp=$(sent X-Amz-Date) day=${stamp%%T*} scope=${stamp%%T*}/$1/$2/aws4_request
    names=$(sent Authorization | sed 's/.*SignedHeaders=\([^,]*\),.*/\1/')
    canonical=$(
        printf 'POST\n/\n\n'
        for name in ${names//;/ }; do printf '%s:%s\n' "$name" "$(sent "$name")"; done
        printf '\n%s\n%s' "$names" "$(sed '1,/^\r$/d' api.log | head -n 1 | tr -d '\n' | sha256sum | cut -d' ' -f1)"
    )
    key=$(printf 'AWS4%s' "$secret_key" | hex)
    for name in "$day" "$1" "$2" aws4_request; do key=$(printf %s "$name" | hmac "$key"); done
    printf 'AWS4-HMAC-SHA256\n%s\n%s\n%s' "$stamp" "$scope" \
        "$(printf %s "$canonical" | sha256sum | cut -d' ' -f1)" | hmac "$key"
}
signed() { # region, service
    [ "$(sent Authorization | sed 's/.*Signature=//')" = "$(signature "$1" "$2")" ]
}

# --- private ---
plan_for "$private"
give "https://$private"
log_in --json
check "an access key is swapped for a token, which the registry takes" is 0
check "by one request" [ "$(calls)" -eq 1 ]
check "that is signed for ECR in the registry's region" signed eu-central-1 ecr
check "to the API of that region" [ "$(sent Host)" = api.ecr.eu-central-1.amazonaws.com ]
check "in the protocol of ECR" [ "$(sent X-Amz-Target)" = AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken ]
check "about the registry's account" grep -q "{\"registryIds\":\[\"$account\"\]}" api.log
check "the login is stored, as AWS" grep -q "$(printf 'AWS:%s' "$token" | base64 -w0)" stored
check "and its end is told" grep -q '"expires_at":"20[0-9-]*T[0-9:]*Z"' out
refuse "neither secret is shown" grep -q c4nary out error
refuse "the secret key is not sent" grep -qF "$secret_key" api.log
log_in
check "people are told the end too" prints '  until 20'
run plan.json --dry-run
check "a dry run tells where a token comes from" prints 'swapped for a token of api.ecr.eu-central-1.amazonaws.com'
for name in docker podman; do
    usable "$name" || continue
    give "https://$private"
    run plan.json --tool "$name" --network-environment --out "stored.$name"
    check "$name logs in with the token" is 0
done
give "https://$private"
log_in --tool none
check "without a client it is swapped all the same" is 0
give "https://$private" 3.795494694619E9
log_in --json
check "a time is read as AWS may write it" grep -q '"expires_at":"2090-04-10T08:04:54Z"' out

# --- AWS's own helper takes this API for ECR ---
if usable docker-credential-ecr-login; then
    give "https://$private"
    printf %s "$private" | clean "${network[@]}" AWS_ACCESS_KEY_ID="$access_key" \
        AWS_SECRET_ACCESS_KEY="$secret_key" AWS_EC2_METADATA_DISABLED=true \
        PATH="$PATH" docker-credential-ecr-login get >out 2>error
    check "AWS's helper gets the same token" grep -q "\"Username\":\"AWS\",\"Secret\":\"$token\"" out
    check "and signs as is worked out here" signed eu-central-1 ecr
    check "it asks the same host" [ "$(sent Host)" = api.ecr.eu-central-1.amazonaws.com ]
    check "in the same protocol" [ "$(sent X-Amz-Target)" = AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken ]
fi

# --- other names ---
server=$account.dkr.ecr-fips.us-gov-west-1.amazonaws.com
plan_for "$server"
give "https://$account.dkr.ecr.us-gov-west-1.amazonaws.com"
log_in
check "a FIPS registry" is 0
check "asks the FIPS API" [ "$(sent Host)" = api.ecr-fips.us-gov-west-1.amazonaws.com ]
check "for the region of the name" signed us-gov-west-1 ecr
server=$account.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn
plan_for "$server"
give "https://$account.dkr.ecr.cn-north-1.amazonaws.com.cn"
log_in
check "a dual-stack registry in China" is 0
check "asks the dual-stack API" [ "$(sent Host)" = ecr.cn-north-1.api.amazonwebservices.com.cn ]
plan_for public.ecr.aws
answer "200 OK" "{\"authorizationData\":{\"authorizationToken\":\"$(printf 'AWS:%s' "$token" | base64 -w0)\",\"expiresAt\":$(($(date +%s) + 43200))}}"
secrets+=(AWS_REGION=eu-central-1)
log_in
check "the public registry" is 0
check "asks in us-east-1, whatever the environment says" signed us-east-1 ecr-public
check "in its own protocol" [ "$(sent X-Amz-Target)" = SpencerFrontendService.GetAuthorizationToken ]

# --- what AWS refuses ---
plan_for "$private"
exception() { # name, message; status
    answer "${3:-400 Bad Request}" "{\"__type\":\"$1\",\"message\":\"$2\"}"
}
exception UnrecognizedClientException 'The security token included in the request is invalid.'
log_in
check "an unknown access key" is 1
check "is said to be one" says 'AWS knows no such access key, or it has been deactivated (UnrecognizedClientException)'
check "with what AWS says" says '| The security token'
check "after one request" [ "$(calls)" -eq 1 ]
log_in --retries 2
check "which is not made again" [ "$(calls)" -eq 2 ]
refuse "nothing is stored" test -e stored
exception InvalidSignatureException 'The request signature we calculated does not match'
log_in --json
check "a wrong secret key" is 1
check "is said to be one" says 'the secret access key is not the one that belongs to the access key'
check "and the fault is told" grep -q '"fault":"password"' out
date='Wed, 01 Jan 2020 00:00:00 GMT' exception InvalidSignatureException 'Signature not yet current'
log_in
check "a clock that is wrong" says "clock is wrong: here it is $(date -u +%Y-%m-%d)"
check "by how much is told" says 'at AWS 2020-01-01T00:00:00Z'
exception 'com.amazonaws.ecr#AccessDeniedException' 'User: arn:aws:iam::123456789012:user/x is not authorized to perform: ecr:GetAuthorizationToken'
run plan.json --tool skopeo --network-environment --check
check "a key without the permission" is 1
check "--check blames the permission" prints 'fault: permission: the access key may not ask for tokens'
exception ThrottlingException 'Rate exceeded'
log_in
check "throttling may pass" is 5
exception SomethingNew 'x'
log_in
check "what is not known is a refusal" is 1
exception InvalidSignatureException "your secret was $secret_key"
log_in
refuse "a secret in AWS's words is not shown" grep -q c4nary out error

# --- what is not ECR ---
for body in '' 'no JSON' '[]' '{}' '{"authorizationData":[]}' '{"authorizationData":[{}]}' \
    '{"authorizationData":[{"authorizationToken":"QVdT"}]}' '{"authorizationData":[{"authorizationToken":"QVdTOg=="}]}' \
    '{"authorizationData":[{"authorizationToken":"Ym9iOng="}]}' '{"authorizationData":[{"authorizationToken":"*"}]}' \
    "{\"authorizationData\":[{\"authorizationToken\":[[[$(printf '[%.0s' {1..2000})"; do
    answer "200 OK" "$body"
    log_in
    check "no token in '${body:0:60}'" is 5
done
answer "503 Service Unavailable" '{}'
log_in
check "out of order" is 5
answer "200 OK" "$(head -c 100000 /dev/zero | tr '\0' ' ')"
log_in
check "an answer without end" is 5
check "is said to be too long" says 'its answer is too long'
printf 'no HTTP' >api.answer
log_in
check "no HTTP at all" is 5
secrets=("${secrets[@]/SSL_CERT_FILE=*/SSL_CERT_FILE=/dev/null}")
give "https://$private"
log_in
check "a certificate that nobody knows" is 5
refuse "nothing is asked there" grep -q POST api.log

finish
