# ecr_support.sh: a registry of ECR and its API, by their real names, for the runner's tests:
# sourced after runner_support.sh.

readonly account=123456789012
readonly access_key=AKIAEXAMPLEEXAMPLE00 secret_key='wJalrXUtnFEMI/K7MDENG+bPxRfiCY/c4nary+='
readonly private=$account.dkr.ecr.eu-central-1.amazonaws.com
readonly token=c4nary-token-of-ecr

start_ecr() { # NAME=address...: more names; false where it cannot be had
    htpasswd -Bbn -C 5 AWS "$token" >ecr.htpasswd 2>/dev/null
    access="htpasswd: {realm: ecr, path: $work/ecr.htpasswd}" serve ecr
    registry=$address
    fake api answer api.answer
    api=$address
    internet "$private=$registry" "public.ecr.aws=$registry" \
        "$account.dkr.ecr-fips.us-gov-west-1.amazonaws.com=$registry" \
        "$account.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn=$registry" \
        "api.ecr.eu-central-1.amazonaws.com=$api" "api.ecr-public.us-east-1.amazonaws.com=$api" \
        "api.ecr-fips.us-gov-west-1.amazonaws.com=$api" \
        "ecr.cn-north-1.api.amazonwebservices.com.cn=$api" "evil.example=$api" "$@"
}

answer() { # status, body, further headers: what the API says from now on
    printf 'HTTP/1.1 %s\r\nContent-Type: application/x-amz-json-1.1\r\nDate: %s\r\nContent-Length: %s\r\n%bConnection: close\r\n\r\n%s' \
        "$1" "${date:-$(date -u '+%a, %d %b %Y %H:%M:%S GMT')}" "${#2}" "${3:-}" "$2" >api.answer
    : >api.log
}
give() { # proxyEndpoint, expiresAt
    answer "200 OK" "{\"authorizationData\":[{\"authorizationToken\":\"$(printf 'AWS:%s' "$token" | base64 -w0)\",\"expiresAt\":${2:-$(($(date +%s) + 43200)).619},\"proxyEndpoint\":\"$1\"}]}"
}
plan_for() { # host, method
    write_plan plan.json "$1"
    sed -i "s/\"method\": \"basic\"/\"method\": \"${2:-ecr-exchange}\"/" plan.json
    secrets=("A_CONTAINER_REGISTRY_SERVER=$1" "A_CONTAINER_REGISTRY_USER=$access_key"
        "A_CONTAINER_REGISTRY_PASSWORD=$secret_key" "${network[@]}")
}
log_in() { # more options
    rm -f stored
    run plan.json --tool skopeo --network-environment --out stored "$@"
}
calls() { grep -c '^POST / HTTP/1.1 \[' api.log; }
sent() { # header: what the API got
    sed -n "s/^$1: \(.*\)\r$/\1/ip" api.log | head -n 1
}
