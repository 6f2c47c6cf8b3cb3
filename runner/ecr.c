/* gmtime_r is POSIX's, strptime and timegm are not: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "ecr.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "actions.h"
#include "child.h"
#include "client.h"
#include "ecr_host.h"
#include "https_post.h"
#include "sigv4.h"
#include "surroundings.h"
#include "syntax/syntax.h"

enum {
    SKEW = 300, /* seconds that AWS lets a clock be wrong */
    STATUS_FINE = 200,
    TIME_BYTES = 32,
    PATH_BYTES = 4096
};

#define USER "AWS" /* of every token of ECR */

Text ecr_time(Arena *arena, int64_t seconds)
{
    char *text = arena_alloc(arena, TIME_BYTES, 1);
    time_t when = (time_t)seconds;
    struct tm day;

    if (!gmtime_r(&when, &day))
        return TEXT("an unknown time");
    return (Text){text, strftime(text, TIME_BYTES, "%Y-%m-%dT%H:%M:%SZ", &day)};
}

const char *ecr_check_user(Text user)
{
    if (text_starts_with(user, TEXT("ASIA")))
        return "holds a temporary access key (ASIA...), which works with a session "
               "token "
               "only, and there is no secret for one: a long-term key (AKIA...) is "
               "needed, or user AWS with a token";
    if (!text_starts_with(user, TEXT("AKIA")) && !text_equal(user, TEXT(USER)))
        return "is neither an access key's identifier (AKIA...) nor AWS";
    return NULL;
}

/* RFC 4648, section 4, to the letter; into memory that is wiped. */
static bool decode_base64(Arena *arena, Text text, Text *bytes)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = secret_room(arena, text.len);
    uint32_t held = 0, bits = 0;
    size_t len = 0;

    if (text.len == 0 || text.len % 4)
        return false;
    for (uint32_t i = 0; i < 2 && text_ends_with(text, TEXT("=")); i++)
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        const char *digit = text.at[i] ? strchr(digits, text.at[i]) : NULL;

        if (!digit)
            return false;
        held = (held << 6 | (uint32_t)(digit - digits)) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[len++] = (char)(held >> bits);
        }
    }
    *bytes = (Text){out, len};
    return true;
}

/* The text of a member; NULL where the bytes are no JSON. */
static const Tree *read_json(Arena *arena, Text bytes)
{
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    const Tree *tree =
        json_read(arena, sources, sources_add(sources, TEXT("answer"), bytes), diags);

    return diags->count ? NULL : tree;
}

/* A number of seconds, as JSON writes it: "1795494694.619", "1.795494694619E9". */
static int64_t seconds_of(Arena *arena, Text number)
{
    double value = strtod(arena_copy(arena, number).at, NULL);

    return value > 0 && value < 1e11 ? (int64_t)value : 0;
}

int64_t ecr_token_expires(Arena *arena, Text token)
{
    Text bytes;
    const Tree *tree =
        decode_base64(arena, token, &bytes) ? read_json(arena, bytes) : NULL;

    if (!tree)
        return 0;
    return seconds_of(
        arena, tree_scalar(tree, tree_find(tree, tree->root, TEXT("expiration"))));
}

const char *ecr_problem(Arena *arena, Login *login, bool *of_user)
{
    PlanMethod method = login->step->method;
    bool is_aws = text_equal(login->user, TEXT(USER));

    *of_user = true;
    if (method == METHOD_ECR_TOKEN && !is_aws)
        return "is not AWS, as a token of ECR needs it";
    if (method == METHOD_ECR_EXCHANGE && !is_aws)
        return ecr_check_user(login->user);
    *of_user = false;
    if (method == METHOD_ECR_TOKEN || method == METHOD_ECR_EXCHANGE)
        login->expires = ecr_token_expires(arena, login->password);
    if (login->expires == 0 || login->expires > (int64_t)time(NULL))
        return NULL;
    return arena_format(arena, "is a token of ECR that has expired at %.*s",
                        TEXT_ARG(ecr_time(arena, login->expires)))
        .at;
}

static Status end(Login *login, LoginResult result, Status status, const char *fault,
                  Text because)
{
    login->result = result;
    login->fault = text_of(fault);
    login->because = because;
    return login->status = status;
}

/* Says it, too. */
static Status fail(Run *run, Login *login, LoginResult result, Status status,
                   const char *fault, Text because)
{
    run_complain(run, "%.*s: %.*s", TEXT_ARG(login->host), TEXT_ARG(because));
    return end(login, result, status, fault, because);
}

/* The request, signed: what https_post.h takes. */
static Text make_request(Run *run, const Login *login, const EcrHost *ecr, Text stamp)
{
    Arena *arena = run->arena;
    const SignedHeader headers[] = {
        {TEXT("Content-Type"), TEXT("application/x-amz-json-1.1")},
        {TEXT("Host"), ecr->api},
        {TEXT("X-Amz-Date"), stamp},
        {TEXT("X-Amz-Target"),
         ecr->is_public
             ? TEXT("SpencerFrontendService.GetAuthorizationToken")
             : TEXT("AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken")}};
    const uint32_t count = sizeof(headers) / sizeof(*headers);
    /* The account is named so that the answer is about the registry that is meant. */
    Text body = ecr->is_public ? TEXT("{}")
                               : arena_format(arena, "{\"registryIds\":[\"%.*s\"]}",
                                              TEXT_ARG(ecr->account));
    const SignedRequest request = {.method = TEXT("POST"),
                                   .path = TEXT("/"),
                                   .headers = headers,
                                   .nheaders = count,
                                   .body = body};
    const SigningKey key = {.access_key = login->user,
                            .secret_key = login->password,
                            .region = ecr->region,
                            .service =
                                ecr->is_public ? TEXT("ecr-public") : TEXT("ecr"),
                            .time = stamp};
    Buffer text = {.arena = arena};
    Signature signature;

    sigv4_sign(arena, &request, &key, &signature);
    buffer_format(&text, "%.*s\n", TEXT_ARG(ecr->api));
    for (uint32_t i = 0; i < count; i++)
        buffer_format(&text, "%.*s: %.*s\n", TEXT_ARG(headers[i].name),
                      TEXT_ARG(headers[i].value));
    buffer_format(&text, "Authorization: %.*s\n\n%.*s",
                  TEXT_ARG(signature.authorization), TEXT_ARG(body));
    return buffer_text(&text);
}

/* Whether the answer is about the registry of the plan: its account and its region. A
 * FIPS or dual-stack name is another way to the same one. */
static bool is_about(Run *run, const Login *login, Text endpoint)
{
    const Text scheme = TEXT("https://");
    EcrHost wanted, found;
    Text ignored;

    if (text_starts_with(endpoint, scheme))
        endpoint = text_from(endpoint, scheme.len);
    return ecr_host_read(run->arena, login->host, &wanted, &ignored) &&
           (wanted.is_public ||
            (ecr_host_read(run->arena, endpoint, &found, &ignored) &&
             text_equal(found.account, wanted.account) &&
             text_equal(found.region, wanted.region)));
}

/* Private registries answer with a list, public ones with one. */
static Status take_token(Run *run, Login *login, const Tree *tree, int64_t now)
{
    const Text prefix = TEXT(USER ":");
    NodeId data = tree_find(tree, tree->root, TEXT("authorizationData"));
    Text pair, token;

    if (tree_kind(tree, data) == NODE_ARRAY)
        data = tree_first(tree, data);
    token = tree_string(tree, tree_find(tree, data, TEXT("authorizationToken")));
    if (!decode_base64(run->arena, token, &pair) || !text_starts_with(pair, prefix) ||
        pair.len == prefix.len)
        return fail(run, login, LOGIN_UNREACHABLE, STATUS_UNREACHABLE, "server",
                    TEXT("ECR has answered, but with no token"));
    Text endpoint = tree_string(tree, tree_find(tree, data, TEXT("proxyEndpoint")));
    if (!is_about(run, login, endpoint))
        return fail(run, login, LOGIN_REFUSED, STATUS_REFUSED, "server",
                    arena_format(run->arena,
                                 "the token is for '%.*s', another registry; it is not "
                                 "used",
                                 TEXT_ARG(endpoint)));
    int64_t expires = seconds_of(
        run->arena, tree_scalar(tree, tree_find(tree, data, TEXT("expiresAt"))));
    if (expires && expires <= now)
        return fail(run, login, LOGIN_DENIED, STATUS_DENIED, "expiry",
                    arena_format(run->arena,
                                 "the token has expired at %.*s; here it is %.*s",
                                 TEXT_ARG(ecr_time(run->arena, expires)),
                                 TEXT_ARG(ecr_time(run->arena, now))));
    login->expires = expires;
    login->user = TEXT(USER);
    login->password = secret_copy(run->arena, text_from(pair, prefix.len));
    redact_learn(&run->redaction, login->user, login->password);
    if (actions_is_here())
        actions_mask_login(run, login->user, login->password);
    return STATUS_OK;
}

/* "Wed, 25 Nov 2026 03:17:46 GMT"; 0: not known */
static int64_t read_date(Arena *arena, Text date)
{
    struct tm day = {0};
    const char *rest =
        strptime(arena_copy(arena, date).at, "%a, %d %b %Y %H:%M:%S GMT", &day);

    return rest && *rest == '\0' ? (int64_t)timegm(&day) : 0;
}

/* The exceptions that AWS documents for it, and what a person can do about each. */
static const struct Exception {
    const char *name, *fault, *says;
    bool may_pass;
} exceptions[] = {
    {"UnrecognizedClientException", "user",
     "AWS knows no such access key, or it has been deactivated", false},
    {"InvalidClientTokenId", "user",
     "AWS knows no such access key, or it has been deactivated", false},
    {"InvalidSignatureException", "password",
     "the secret access key is not the one that belongs to the access key", false},
    {"SignatureDoesNotMatch", "password",
     "the secret access key is not the one that belongs to the access key", false},
    {"ExpiredTokenException", "expiry", "the access key has expired", false},
    {"AccessDeniedException", "permission",
     "the access key may not ask for tokens (ecr:GetAuthorizationToken; of a public "
     "registry ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken)",
     false},
    {"OptInRequired", "permission", "the account has not enabled this region", false},
    {"UnsupportedCommandException", "server", "ECR gives no such tokens in this region",
     false},
    {"ThrottlingException", "server", "ECR asks to slow down", true},
    {"ServerException", "server", "ECR is out of order", true},
};

static Status take_exception(Run *run, Login *login, Text name, Text message,
                             int64_t skew, int64_t now)
{
    const size_t count = sizeof(exceptions) / sizeof(*exceptions);
    size_t i = 0;

    while (i < count && !text_equal(name, text_of(exceptions[i].name)))
        i++;
    bool by_clock =
        i < count && strcmp(exceptions[i].fault, "password") == 0 && llabs(skew) > SKEW;
    bool may_pass = i < count && exceptions[i].may_pass;
    Text says = i < count ? text_of(exceptions[i].says) : TEXT("ECR has refused");

    if (by_clock)
        says = arena_format(run->arena,
                            "this machine's clock is wrong: here it is %.*s, at AWS "
                            "%.*s",
                            TEXT_ARG(ecr_time(run->arena, now)),
                            TEXT_ARG(ecr_time(run->arena, now + skew)));
    (void)fail(run, login, may_pass ? LOGIN_UNREACHABLE : LOGIN_DENIED,
               may_pass ? STATUS_UNREACHABLE : STATUS_DENIED,
               by_clock    ? "clock"
               : i < count ? exceptions[i].fault
                           : "user or password",
               arena_format(run->arena, "%.*s (%.*s)", TEXT_ARG(says), TEXT_ARG(name)));
    run_show_client(run, message, false);
    return login->status;
}

Status ecr_take_answer(Run *run, Login *login, Text answer, int64_t now)
{
    Text status_text, date, rest = answer;
    bool done = false;

    (void)text_next_part(&rest, '\n', &status_text, &done);
    (void)text_next_part(&rest, '\n', &date, &done);
    const Tree *tree = read_json(run->arena, text_from(rest, 1));
    long status = strtol(arena_copy(run->arena, status_text).at, NULL, 10);
    if (tree && status == STATUS_FINE)
        return take_token(run, login, tree, now);
    if (tree && (status == 400 || status == 403)) {
        Text type = tree_string(tree, tree_find(tree, tree->root, TEXT("__type")));
        NodeId message = tree_find(tree, tree->root, TEXT("message"));
        size_t hash = text_find_byte(type, '#');
        int64_t there = read_date(run->arena, date);

        if (!message.index)
            message = tree_find(tree, tree->root, TEXT("Message"));
        if (hash < type.len)
            type = text_from(type, hash + 1);
        if (type.len)
            return take_exception(run, login, type, tree_string(tree, message),
                                  there ? there - now : 0, now);
    }
    return fail(run, login, LOGIN_UNREACHABLE, STATUS_UNREACHABLE, "server",
                status >= 300 && status < 400
                    ? TEXT("ECR leads to another place, which is not followed")
                    : arena_format(run->arena,
                                   "what answers is not ECR, or out of order (status "
                                   "%ld)",
                                   status));
}

/* The process that was to ask has ended otherwise. */
static Status take_failure(Run *run, Login *login, const EcrHost *ecr,
                           const ChildResult *result)
{
    Text says = text_trim(result->output);

    switch (result->end) {
    case CHILD_EXITED:
        login->verdict =
            result->status == HTTPS_UNTRUSTED ? VERDICT_UNTRUSTED : VERDICT_UNREACHABLE;
        break;
    case CHILD_LATE:
        says = TEXT("no answer in time");
        break;
    case CHILD_SIGNALLED:
        return fail(
            run, login, LOGIN_SKIPPED, (Status)(STATUS_SIGNAL + result->signal), "",
            arena_format(run->arena, "interrupted by signal %d", result->signal));
    case CHILD_KILLED:
    case CHILD_NOT_RUN:
        says = TEXT("the process that asks could not do so");
        break;
    }
    return fail(run, login, LOGIN_UNREACHABLE, STATUS_UNREACHABLE, "server",
                arena_format(run->arena, "%.*s could not be asked for a token: %.*s",
                             TEXT_ARG(ecr->api), TEXT_ARG(says)));
}

/* The call of the program beside this one; false when it is not there. */
static bool make_call(Run *run, Text request, int64_t deadline, Child *child)
{
    Words arguments = words_new(run->arena), environment = words_new(run->arena);
    char own[PATH_BYTES];
    ssize_t len = readlink("/proc/self/exe", own, sizeof(own));
    Text path = {own, len > 0 && len < PATH_BYTES ? (size_t)len : 0};

    path = arena_format(run->arena, "%.*s/" HTTPS_POST,
                        TEXT_ARG(text_slice(path, 0, text_find_last_byte(path, '/'))));
    words_add(&arguments, "", path);
    words_add(&environment, "LC_ALL=C", TEXT(""));
    surroundings_add_network(&environment, run);
    *child = (Child){.arguments = arguments.at,
                     .environment = environment.at,
                     .input = request,
                     .deadline = deadline};
    return client_is_safe_program(path.at);
}

Status ecr_exchange(Run *run, Login *login, int64_t deadline)
{
    int64_t start = clock_now(), now = (int64_t)time(NULL);
    time_t when = (time_t)now;
    char stamp[TIME_BYTES];
    Text problem;
    EcrHost ecr;
    struct tm day;
    ChildResult result;

    if (text_equal(login->user, TEXT(USER)))
        return STATUS_OK;
    if (!ecr_host_read(run->arena, login->host, &ecr, &problem))
        return fail(run, login, LOGIN_REFUSED, STATUS_REFUSED, "server", problem);
    if (!gmtime_r(&when, &day))
        return fail(run, login, LOGIN_REFUSED, STATUS_REFUSED, "clock",
                    TEXT("this machine does not know what time it is"));
    Text time_text = {stamp, strftime(stamp, TIME_BYTES, "%Y%m%dT%H%M%SZ", &day)};
    int64_t own = start + (int64_t)run->options.timeout * 1000;
    Child child;

    if (!make_call(run, make_request(run, login, &ecr, time_text),
                   own < deadline ? own : deadline, &child))
        return fail(
            run, login, LOGIN_SKIPPED, STATUS_NO_CLIENT, "client",
            TEXT(HTTPS_POST " is not beside berth-run, or others may write it"));
    child_run(run->arena, &child, 1, run->signals, &result);
    login->ms = clock_now() - start;
    if (result.end != CHILD_EXITED || result.status != 0)
        return take_failure(run, login, &ecr, &result);
    return ecr_take_answer(run, login, result.output, (int64_t)time(NULL));
}
