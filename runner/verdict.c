#include "verdict.h"

#include <string.h>

#include "gate.h"
#include "redact.h"

typedef struct Phrase {
    const char *words;
    Verdict verdict;
} Phrase;

/* The first that occurs decides. A refusal goes before what may stand beside it: docker
 * tries HTTPS before HTTP, and prints both. */
static const Phrase phrases[] = {
    {GATE_REFUSAL, VERDICT_FOREIGN},
    {"connect: permission denied", VERDICT_FOREIGN}, /* Landlock's answer */
    {"token expired", VERDICT_EXPIRED},
    {"token has expired", VERDICT_EXPIRED},
    {"authorization token has expired", VERDICT_EXPIRED},
    {"manifest unknown", VERDICT_ABSENT},
    {"name unknown", VERDICT_ABSENT},
    {"no such manifest", VERDICT_ABSENT},
    {"repository name not known", VERDICT_ABSENT},
    {"unauthorized", VERDICT_REFUSED},
    {"invalid username/password", VERDICT_REFUSED},
    {"incorrect username or password", VERDICT_REFUSED},
    {"403 forbidden", VERDICT_REFUSED},
    {"authentication required", VERDICT_REFUSED},
    {"access denied", VERDICT_REFUSED},
    {"access to the resource is denied", VERDICT_REFUSED},
    {"denied: ", VERDICT_REFUSED},
    {"insufficient_scope", VERDICT_REFUSED},
    {"no basic auth credentials", VERDICT_REFUSED},
    {"too many requests", VERDICT_BUSY},
    {"toomanyrequests", VERDICT_BUSY},
    {"bad gateway", VERDICT_BUSY},
    {"service unavailable", VERDICT_BUSY},
    {"gateway timeout", VERDICT_BUSY},
    {"internal server error", VERDICT_BUSY},
    {"no such host", VERDICT_NO_HOST},
    {"server misbehaving", VERDICT_NO_HOST},
    {"x509:", VERDICT_UNTRUSTED},
    {"http response to https client", VERDICT_UNTRUSTED},
    {"connection refused", VERDICT_UNREACHABLE},
    {"connection reset", VERDICT_UNREACHABLE},
    {"i/o timeout", VERDICT_UNREACHABLE},
    {"timed out", VERDICT_UNREACHABLE},
    {"timeout exceeded", VERDICT_UNREACHABLE},
    {"handshake timeout", VERDICT_UNREACHABLE},
    {"context deadline exceeded", VERDICT_UNREACHABLE},
    {"network is unreachable", VERDICT_UNREACHABLE},
    {"no route to host", VERDICT_UNREACHABLE},
    {"unexpected eof", VERDICT_UNREACHABLE},
    {": eof", VERDICT_UNREACHABLE},
    {"proxyconnect", VERDICT_UNREACHABLE},
};

static bool contains(Text text, Text part)
{
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (text_equal_ignoring_case(text_slice(text, i, i + part.len), part))
            return true;
    }
    return false;
}

Verdict verdict_of(Text output)
{
    for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
        if (contains(output, text_of(phrases[i].words)))
            return phrases[i].verdict;
    }
    return VERDICT_REFUSED;
}

bool verdict_may_pass(Verdict verdict)
{
    return verdict == VERDICT_UNREACHABLE || verdict == VERDICT_BUSY;
}

const char *verdict_says(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_REFUSED:
        return "the login was refused";
    case VERDICT_EXPIRED:
        return "the login was refused: the password has expired";
    case VERDICT_FOREIGN:
        return "it leads to a host that is not of the plan; nothing was sent there "
               "(--allow-host allows it)";
    case VERDICT_ABSENT:
        return "there is no such image";
    case VERDICT_NO_HOST:
        return "there is no host of this name";
    case VERDICT_UNTRUSTED:
        return "the registry could not be reached: its certificate is not trusted, or "
               "it speaks plain HTTP";
    case VERDICT_UNREACHABLE:
        return "the registry could not be reached";
    case VERDICT_BUSY:
        return "the registry is busy or broken";
    }
    return "";
}

/* level=debug msg="Ping https://HOST/v2/ status 401": the last one counts, since HTTPS
 * is tried before HTTP. */
Challenge verdict_challenge(Text output)
{
    const Text ping = TEXT("msg=\"Ping "), status = TEXT("/v2/ status ");
    Challenge challenge = CHALLENGE_UNKNOWN;
    Text line;

    for (bool done = false; text_next_part(&output, '\n', &line, &done);) {
        size_t at = text_find(line, ping);

        if (at == line.len)
            continue;
        line = text_from(line, at);
        at = text_find(line, status);
        if (at < line.len)
            challenge = text_starts_with(text_from(line, at + status.len), TEXT("401"))
                            ? CHALLENGE_PRESENT
                            : CHALLENGE_ABSENT;
    }
    return challenge;
}

Challenge verdict_probe(bool failed, Text output)
{
    if (!failed)
        return CHALLENGE_ABSENT;
    switch (verdict_of(output)) {
    case VERDICT_REFUSED:
    case VERDICT_EXPIRED:
        /* "refused" also stands for words that are not known */
        return contains(output, TEXT("unauthorized")) ||
                       contains(output, TEXT("denied")) ||
                       contains(output, TEXT("authentication required")) ||
                       contains(output, TEXT("no basic auth credentials"))
                   ? CHALLENGE_PRESENT
                   : CHALLENGE_ABSENT;
    case VERDICT_ABSENT:
        return CHALLENGE_ABSENT;
    case VERDICT_FOREIGN: /* as who asks for a login does */
        return CHALLENGE_PRESENT;
    case VERDICT_NO_HOST:
    case VERDICT_UNTRUSTED:
    case VERDICT_UNREACHABLE:
    case VERDICT_BUSY:
        break;
    }
    return CHALLENGE_UNKNOWN;
}

Text verdict_without_debug(Arena *arena, Text output)
{
    char *kept = secret_room(arena, output.len);
    size_t len = 0;
    Text rest = output, line;

    for (bool done = false; text_next_part(&rest, '\n', &line, &done);) {
        Text level = text_from(line, text_find(line, TEXT(" level=")));

        if (text_starts_with(line, TEXT("time=\"")) &&
            (text_starts_with(level, TEXT(" level=debug ")) ||
             text_starts_with(level, TEXT(" level=info "))))
            continue;
        if (line.len)
            memcpy(kept + len, line.at, line.len);
        len += line.len;
        if (!done)
            kept[len++] = '\n';
    }
    return (Text){kept, len};
}
