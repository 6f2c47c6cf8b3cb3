#include "facts/credential.h"

#include <assert.h>
#include <string.h>

#include "base/buffer.h"
#include "base/pattern.h"

/* Fewer different bytes than this are a placeholder ("xxxx", "0000"). */
enum { DISTINCT_MIN = 8 };
/* Access keys of one text whose neighbourhood is searched. */
enum { KEY_IDS_MAX = 4096 };

typedef enum FormatKind {
    FORMAT_TOKEN,       /* all of the match is secret */
    FORMAT_KEY_ID,      /* the secret stands near it */
    FORMAT_PRIVATE_KEY, /* what is behind the header is secret */
    FORMAT_URL          /* the password of a user is secret */
} FormatKind;

/* One format a row. `lead` is what a search looks for: the first three bytes of what is
 * rare in a token, one choice after the other; `before` is how many bytes of the token
 * stand before it; `pattern` is the token from its first byte on. */
typedef struct Format {
    const char *what;
    const char *lead;
    uint32_t before;
    const char *pattern;
    FormatKind kind;
} Format;

static const Format formats[] = {
    /* GitHub, "Authentication token format updates are generally available" (changelog,
     * 2021-03-31): five prefixes, [A-Za-z0-9_], up to 255 bytes in all. */
    {"a GitHub token", "ghoghpghughsghr", 0, "gh[opusr]_[A-Za-z0-9]{36,251}",
     FORMAT_TOKEN},
    /* GitHub Docs, "About authentication to GitHub", token formats: fine-grained. */
    {"a GitHub token", "git", 0, "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
     FORMAT_TOKEN},
    /* GitLab Docs, "GitLab token overview", token prefixes: personal access and deploy
     * tokens; routable ones go on behind dots. */
    {"a GitLab token", "glpgld", 0,
     "gl(?:pat|dt)-[A-Za-z0-9_-]{20,300}(?:[.][A-Za-z0-9]{2,16}){0,2}", FORMAT_TOKEN},
    /* Docker Docs, "Personal access tokens", "Organization access tokens". */
    {"a Docker token", "dck", 0, "dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,64}", FORMAT_TOKEN},
    /* IAM User Guide, "IAM identifiers", unique ID prefixes; a secret access key has 40
     * bytes. The id alone opens nothing. */
    {"an AWS secret access key", "AKIASI", 0, "A[KS]IA[A-Z2-7]{16}", FORMAT_KEY_ID},
    /* Google Cloud, "Create and delete service account keys": a JSON object, base64 for
     * the user "_json_key_base64" of Artifact Registry. As plain JSON its private key
     * is found. */
    {"a Google service account key", "ewoeyJ", 0,
     "(?=ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3Vu|eyJ0eXBlIjogInNlcnZpY2VfYWNjb3Vu|"
     "eyJ0eXBlIjoic2VydmljZV9hY2NvdW5)e[A-Za-z0-9+/]{200,8192}={0,2}",
     FORMAT_TOKEN},
    /* microsoft/security-utilities, SEC101/176: an Azure Container Registry's password
     * has 52 bytes of base64, with a signature. */
    {"an Azure Container Registry password", "+AC", 42,
     "[A-Za-z0-9+/]{42}[+]ACR[A-D][A-Za-z0-9+/]{5}", FORMAT_TOKEN},
    /* The same, SEC101/156: a client secret of Microsoft Entra. */
    {"a Microsoft Entra client secret", "7Q~8Q~", 3,
     "[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}", FORMAT_TOKEN},
    /* npm, "New npm token format" (GitHub changelog, 2021-09-23). */
    {"an npm token", "npm", 0, "npm_[A-Za-z0-9]{36}", FORMAT_TOKEN},
    /* PyPI, help on API tokens: "pypi-" and a macaroon of pypi.org or test.pypi.org. */
    {"a PyPI token", "pyp", 0, "pypi-AgE[A-Za-z0-9_-]{60,512}", FORMAT_TOKEN},
    /* Slack, "Tokens": bot, user, configuration and app-level tokens. */
    {"a Slack token", "xox", 0, "xox[abepr]-(?:[0-9]{1,14}-){1,3}[A-Za-z0-9]{24,160}",
     FORMAT_TOKEN},
    {"a Slack token", "xap", 0, "xapp-[0-9]-[A-Z0-9]{9,14}-[0-9]{8,14}-[a-f0-9]{64}",
     FORMAT_TOKEN},
    /* RFC 7468, sections 10 and 13 (labels of private keys, but for encrypted ones);
     * RFC 4880, section 6.2. White space may be escaped or indented. */
    {"a private key", "---", 0,
     "-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP )?PRIVATE KEY(?: BLOCK)?-----"
     "[A-Za-z0-9+/=\\\\\\s]{64,32768}",
     FORMAT_PRIVATE_KEY},
    /* RFC 3986, section 3.2.1: "//" user ":" password "@" host. */
    {"the password of a URL", "://", 0,
     "://[^\\s/@:\"'<>\\\\]{0,128}:[^\\s/@\"'<>\\\\]{1,256}@[A-Za-z0-9.\\[]",
     FORMAT_URL},
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]), LEAD = 3 };
_Static_assert(FORMATS <= 32, "a format is a bit of a uint32_t");

struct Credentials {
    Arena *arena;
    uint32_t leads[LEAD]
                  [256]; /* by place and byte: the formats whose lead has it there */
    uint32_t key_ids;    /* of this search, whose neighbourhood was looked at */
    Pattern *patterns[FORMATS];
};

Credentials *credentials_new(Arena *arena)
{
    Credentials *credentials = ARENA_NEW(arena, Credentials);

    credentials->arena = arena;
    for (uint32_t i = 0; i < FORMATS; i++) {
        const unsigned char *lead = (const unsigned char *)formats[i].lead;

        for (uint32_t j = 0; lead[j]; j++)
            credentials->leads[j % LEAD][lead[j]] |= (uint32_t)1 << i;
    }
    return credentials;
}

/* The formats whose lead may stand at `at`, a bit each. */
static inline uint32_t formats_at(const Credentials *credentials, Text text, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)text.at + at;

    return credentials->leads[0][bytes[0]] & credentials->leads[1][bytes[1]] &
           credentials->leads[2][bytes[2]];
}

/* Most runs never meet most formats, so each is compiled when its lead was found. */
static Pattern *pattern_of(Credentials *credentials, uint32_t format)
{
    Pattern **pattern = &credentials->patterns[format];
    Text error;
    size_t at;

    if (!*pattern)
        *pattern = pattern_compile(
            credentials->arena,
            arena_format(credentials->arena, "^(?:%s)", formats[format].pattern), false,
            &error, &at);
    assert(*pattern); /* the table's patterns are constants */
    return *pattern;
}

/* --- what is checked beside the pattern --- */

static bool is_word_byte(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '_';
}

/* A token does not begin within a word; "\n" and its like are no word. */
static bool begins_at(Text text, size_t at)
{
    if (at == 0 || !is_word_byte(text.at[at - 1]))
        return true;
    return at > 1 && text.at[at - 2] == '\\' && strchr("nrt", text.at[at - 1]);
}

static bool ends_at(Text text, size_t at)
{
    return at == text.len || !is_word_byte(text.at[at]);
}

static uint32_t distinct_bytes(Text text)
{
    bool is_there[256] = {false};
    uint32_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        count += !is_there[(unsigned char)text.at[i]];
        is_there[(unsigned char)text.at[i]] = true;
    }
    return count;
}

static bool is_example(Text text)
{
    return text_find(text, TEXT("EXAMPLE")) < text.len;
}

/* --- AWS --- */

static bool is_base64_byte(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '+' || byte == '/';
}

/* 40 bytes of base64, of every kind: no name, no path, no digest in hexadecimal. */
static bool is_aws_secret(Text text)
{
    enum { AWS_SECRET_LEN = 40, AWS_DISTINCT_MIN = 16 };
    bool has_lower = false, has_upper = false, has_digit = false;

    for (size_t i = 0; i < text.len; i++) {
        has_lower |= byte_is_lower(text.at[i]);
        has_upper |= byte_is_upper(text.at[i]);
        has_digit |= byte_is_digit(text.at[i]);
    }
    return text.len == AWS_SECRET_LEN && has_lower && has_upper && has_digit &&
           distinct_bytes(text) >= AWS_DISTINCT_MIN && !is_example(text);
}

/* The secret in the same place as the access key [start, end): near it. */
static bool find_aws_secret(Text text, size_t start, size_t end, Credential *credential)
{
    enum { NEAR = 512 };
    size_t last = end + NEAR < text.len ? end + NEAR : text.len;

    if (is_example(text_slice(text, start, end)))
        return false;
    for (size_t at = start > NEAR ? start - NEAR : 0; at < last;) {
        size_t from = at;

        while (at < last && is_base64_byte(text.at[at]))
            at++;
        bool is_whole = from == 0 || !is_base64_byte(text.at[from - 1]);
        if (is_whole && is_aws_secret(text_slice(text, from, at))) {
            credential->start = from;
            credential->end = at;
            return true;
        }
        at += at == from;
    }
    return false;
}

/* --- private keys and URLs --- */

/* Between the header and the footer. */
static bool find_private_key(Text text, size_t start, size_t end,
                             Credential *credential)
{
    const Text dashes = TEXT("-----");
    size_t body = start + dashes.len;

    body += text_find(text_from(text, body), dashes) + dashes.len;
    while (body < end && !is_base64_byte(text.at[body]))
        body += text.at[body] == '\\' ? 2 : 1; /* an escape, and its letter */
    for (;;) {
        bool is_escape = end - body > 2 && text.at[end - 2] == '\\';

        if (!is_escape && (end == body || is_base64_byte(text.at[end - 1]) ||
                           text.at[end - 1] == '='))
            break;
        end -= is_escape ? 2 : 1;
    }
    credential->start = body;
    credential->end = end;
    return distinct_bytes(text_slice(text, body, end)) >= 2 * DISTINCT_MIN;
}

/* Of a host without a dot: a container beside this one, or this machine. */
static CredentialUse use_of_host(Text host)
{
    size_t end = 0;

    while (end < host.len &&
           (is_word_byte(host.at[end]) || host.at[end] == '-' || host.at[end] == '.'))
        end++;
    host = text_slice(host, 0, end);
    bool is_local =
        text_find_byte(host, '.') == host.len || text_starts_with(host, TEXT("127.")) ||
        text_ends_with(host, TEXT(".internal")) || text_ends_with(host, TEXT(".local"));
    return is_local ? USE_OWN : USE_OUTSIDE;
}

static bool find_next(Credentials *credentials, Text text, size_t *at,
                      Credential *credential);

/* "://" user ":" password "@" and the first byte of the host. A password that says
 * itself what it is, is found as such. */
static bool find_password(Credentials *credentials, Text text, size_t start, size_t end,
                          Credential *credential)
{
    const size_t user = start + 3;
    size_t colon = user + text_find_byte(text_from(text, user), ':');
    Text password = text_slice(text, colon + 1, end - 2);
    Credential token;
    size_t at = 0;

    credential->start = colon + 1;
    credential->end = end - 2;
    if (find_next(credentials, password, &at, &token))
        return false; /* it holds no "://", so this calls no further */
    return value_is_secret(TEXT("password"), password,
                           use_of_host(text_from(text, end - 1)));
}

static bool format_find(Credentials *credentials, const Format *format, Text text,
                        size_t start, size_t end, Credential *credential)
{
    credential->what = format->what;
    credential->start = start;
    credential->end = end;
    switch (format->kind) {
    case FORMAT_TOKEN:
        return begins_at(text, start) && ends_at(text, end) &&
               distinct_bytes(text_slice(text, start, end)) >= DISTINCT_MIN + 4;
    case FORMAT_KEY_ID:
        return begins_at(text, start) && ends_at(text, end) &&
               credentials->key_ids++ < KEY_IDS_MAX &&
               find_aws_secret(text, start, end, credential);
    case FORMAT_PRIVATE_KEY:
        return find_private_key(text, start, end, credential);
    case FORMAT_URL:
        return find_password(credentials, text, start, end, credential);
    }
    return false;
}

static bool find_next(Credentials *credentials, Text text, size_t *at,
                      Credential *credential)
{
    for (size_t lead = *at; lead + LEAD <= text.len; lead++) {
        uint32_t candidates = formats_at(credentials, text, lead);

        for (uint32_t i = 0; candidates >> i; i++) {
            const Format *format = &formats[i];
            size_t start = lead - format->before, end;

            if (!(candidates >> i & 1) || lead < format->before ||
                pattern_match(pattern_of(credentials, i), text_from(text, start), NULL,
                              &end) != PATTERN_YES ||
                !format_find(credentials, format, text, start, start + end, credential))
                continue;
            *at = lead + 1;
            if (format->kind != FORMAT_KEY_ID && credential->end > *at)
                *at = credential->end;
            return true;
        }
    }
    *at = text.len;
    return false;
}

bool credential_next(Credentials *credentials, Text text, size_t *at,
                     Credential *credential)
{
    if (*at == 0)
        credentials->key_ids = 0;
    return find_next(credentials, text, at, credential);
}
