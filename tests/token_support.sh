# token_support.sh: a registry that sends clients to a token server, for the runner's
# tests: sourced after runner_support.sh.

base64url() { base64 -w0 | tr '+/' '-_' | tr -d '='; }
# A token as Docker's specification has it, which lets alice pull from a repository.
sign_token() { # repository
    local now header claims
    now=$(date +%s)
    header=$(printf '{"typ":"JWT","alg":"RS256","x5c":["%s"]}' \
        "$(openssl x509 -in signer.crt -outform DER | base64 -w0)" | base64url)
    claims=$(printf '{"iss":"test","sub":"alice","aud":"test","exp":%s,"nbf":%s,"iat":%s,"jti":"1","access":[{"type":"repository","name":"%s","actions":["pull"]}]}' \
        $((now + 300)) $((now - 10)) "$now" "$1" | base64url)
    printf '%s.%s.%s' "$header" "$claims" "$(printf '%s.%s' "$header" "$claims" |
        openssl dgst -sha256 -sign signer.key | base64url)"
}
# What `main` holds, with tokens for one repository. Its address is in `address`, that of
# the token server in `tokens`. False, which is said, where there is no openssl.
serve_tokens() { # name, repository
    command -v openssl >/dev/null || {
        skip_part "a registry with tokens: openssl is not installed"
        return 1
    }
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=signer -keyout signer.key \
        -out signer.crt 2>/dev/null
    sign_token "$2" >token
    BASIC=$basic fake "$1.tokens" token "$work/token"
    tokens=$address
    cp -r main.data "$1.data"
    access="token: {realm: \"http://$tokens/token\", service: test, issuer: test, rootcertbundle: $work/signer.crt}" \
        serve "$1"
}
