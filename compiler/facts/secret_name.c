#include "facts/credential.h"

#include <string.h>

/* --- names --- */

bool name_is_registry(Text name)
{
    return text_find(name, TEXT("_CONTAINER_REGISTRY_")) < name.len &&
           (text_ends_with(name, TEXT("_CONTAINER_REGISTRY_SERVER")) ||
            text_ends_with(name, TEXT("_CONTAINER_REGISTRY_USER")) ||
            text_ends_with(name, TEXT("_CONTAINER_REGISTRY_PASSWORD")));
}

/* BuildKit's words for a secret, and how sure the word alone is. [inputs 7] */
typedef enum Certainty {
    IS_NONE,
    IS_KEY,      /* of something, or a key of a table: another word must say it */
    IS_SECRET,   /* a token or a secret */
    IS_PASSWORD, /* which may be that of a container of one's own */
    IS_LOGIN     /* "auth", "credentials": a value, or how to get one */
} Certainty;

static const struct SecretWord {
    Text word;
    Certainty certainty;
} secret_words[] = {
    {TEXT_INIT("apikey"), IS_SECRET},     {TEXT_INIT("auth"), IS_LOGIN},
    {TEXT_INIT("credential"), IS_LOGIN},  {TEXT_INIT("credentials"), IS_LOGIN},
    {TEXT_INIT("key"), IS_KEY},           {TEXT_INIT("passwd"), IS_PASSWORD},
    {TEXT_INIT("password"), IS_PASSWORD}, {TEXT_INIT("pword"), IS_PASSWORD},
    {TEXT_INIT("secret"), IS_SECRET},     {TEXT_INIT("token"), IS_SECRET},
};

/* Words before "key" that make it one to keep. */
static const Text key_words[] = {
    TEXT_INIT("access"),       TEXT_INIT("account"), TEXT_INIT("admin"),
    TEXT_INIT("api"),          TEXT_INIT("app"),     TEXT_INIT("auth"),
    TEXT_INIT("client"),       TEXT_INIT("deploy"),  TEXT_INIT("encryption"),
    TEXT_INIT("master"),       TEXT_INIT("private"), TEXT_INIT("secret"),
    TEXT_INIT("service"),      TEXT_INIT("signing"), TEXT_INIT("ssh"),
    TEXT_INIT("subscription"),
};

/* Words that say that it is none: BuildKit's. */
static const Text open_words[] = {TEXT_INIT("file"), TEXT_INIT("public"),
                                  TEXT_INIT("version")};

/* The next word of a name: "NPM_TOKEN", "npm-token" and "npmToken" have two. */
static bool next_word(Text name, size_t *at, Text *word)
{
    size_t start, end;

    while (*at < name.len && !byte_is_letter(name.at[*at]) &&
           !byte_is_digit(name.at[*at]))
        *at += 1;
    start = end = *at;
    while (end < name.len &&
           (byte_is_letter(name.at[end]) || byte_is_digit(name.at[end])) &&
           !(end > start && byte_is_upper(name.at[end]) &&
             byte_is_lower(name.at[end - 1])))
        end++;
    *at = end;
    *word = text_slice(name, start, end);
    return word->len > 0;
}

static bool is_one_of(Text word, const Text *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal_ignoring_case(word, words[i]))
            return true;
    }
    return false;
}

static Certainty certainty_of_word(Text word)
{
    for (size_t i = 0; i < sizeof(secret_words) / sizeof(secret_words[0]); i++) {
        if (text_equal_ignoring_case(word, secret_words[i].word))
            return secret_words[i].certainty;
    }
    return IS_NONE;
}

static bool is_number(Text word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (!byte_is_digit(word.at[i]))
            return false;
    }
    return true;
}

/* By the last word but numbers: "TOKEN_TYPE" names no secret. */
static Certainty certainty_of(Text name)
{
    Text word, before = {0}, last = {0};

    for (size_t at = 0; next_word(name, &at, &word);) {
        if (is_one_of(word, open_words, sizeof(open_words) / sizeof(*open_words)))
            return IS_NONE;
        if (is_number(word))
            continue;
        before = last;
        last = word;
    }
    Certainty certainty = certainty_of_word(last);
    if (certainty == IS_KEY &&
        !is_one_of(before, key_words, sizeof(key_words) / sizeof(*key_words)))
        return IS_NONE;
    return certainty;
}

bool name_is_secret(Text name)
{
    return certainty_of(name) != IS_NONE;
}

/* --- values --- */

/* What people write for a value that is none, and where nothing is secret. Anywhere in
 * the value, ignoring case: so none has fewer than 4 bytes, but for "xxx". */
static const Text placeholders[] = {
    TEXT_INIT("admin"),    TEXT_INIT("change"),   TEXT_INIT("default"),
    TEXT_INIT("demo"),     TEXT_INIT("dummy"),    TEXT_INIT("example"),
    TEXT_INIT("fake"),     TEXT_INIT("goes"),     TEXT_INIT("guest"),
    TEXT_INIT("here"),     TEXT_INIT("insecure"), TEXT_INIT("insert"),
    TEXT_INIT("local"),    TEXT_INIT("mock"),     TEXT_INIT("not-"),
    TEXT_INIT("p@ss"),     TEXT_INIT("pass"),     TEXT_INIT("placeholder"),
    TEXT_INIT("postgres"), TEXT_INIT("qwerty"),   TEXT_INIT("redacted"),
    TEXT_INIT("replace"),  TEXT_INIT("root"),     TEXT_INIT("sample"),
    TEXT_INIT("secret"),   TEXT_INIT("sekret"),   TEXT_INIT("some-"),
    TEXT_INIT("ssw0rd"),   TEXT_INIT("test"),     TEXT_INIT("todo"),
    TEXT_INIT("token"),    TEXT_INIT("unused"),   TEXT_INIT("vscode"),
    TEXT_INIT("whatever"), TEXT_INIT("xxx"),      TEXT_INIT("your"),
};

static bool contains_ignoring_case(Text text, Text part)
{
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (text_equal_ignoring_case(text_slice(text, i, i + part.len), part))
            return true;
    }
    return false;
}

static bool is_placeholder(Text value)
{
    for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++) {
        if (contains_ignoring_case(value, placeholders[i]))
            return true;
    }
    return false;
}

typedef struct Shape {
    uint32_t lower, upper, digits, distinct;
    uint32_t others; /* but those that join words */
    uint32_t steps; /* neighbours that are equal or follow each other: "1234", "aaaa" */
    bool is_plain;  /* no variable, no bracket, no blank, nothing beyond ASCII */
} Shape;

static Shape shape_of(Text value)
{
    Shape shape = {.is_plain = true};
    bool is_there[128] = {false};

    for (size_t i = 0; i < value.len; i++) {
        char byte = value.at[i];

        if (byte <= ' ' || byte > '~' || strchr("${}<>[]()`\"'", byte)) {
            shape.is_plain = false;
            return shape;
        }
        shape.lower += byte_is_lower(byte);
        shape.upper += byte_is_upper(byte);
        shape.digits += byte_is_digit(byte);
        shape.distinct += !is_there[(unsigned char)byte];
        is_there[(unsigned char)byte] = true;
        shape.others +=
            !strchr("-_.:", byte) && !byte_is_letter(byte) && !byte_is_digit(byte);
        shape.steps +=
            i > 0 && (byte == value.at[i - 1] || byte == value.at[i - 1] + 1 ||
                      byte + 1 == value.at[i - 1]);
    }
    return shape;
}

/* A path, an address or a name with a scheme: where a secret is, not the secret. */
static bool is_address(Text value)
{
    size_t slash = text_find_byte(value, '/');

    return text_find(value, TEXT("://")) < value.len || value.at[0] == '/' ||
           value.at[0] == '.' || value.at[0] == '~' || value.at[0] == '%' ||
           value.at[0] == '-' || value.at[0] == '@' ||
           (slash < value.len && text_find_byte(value, '.') < value.len);
}

enum {
    SECRET_MIN = 6,     /* bytes; shorter ones are words, numbers and modes */
    SECRET_MAX = 4096,  /* longer ones are files */
    DISTINCT_MIN = 5,   /* different bytes */
    GENERATED_MIN = 16, /* bytes of what a machine made */
    GENERATED_DISTINCT = 8
};

bool value_is_secret(Text name, Text value, CredentialUse use)
{
    Certainty certainty = certainty_of(name);

    if (certainty == IS_NONE || value.len < SECRET_MIN || value.len > SECRET_MAX ||
        is_address(value) || text_equal_ignoring_case(name, value))
        return false;
    Shape shape = shape_of(value);
    uint32_t letters = shape.lower + shape.upper;
    if (!shape.is_plain || letters == 0 || shape.distinct < DISTINCT_MIN ||
        shape.digits + shape.others == 0 || /* words */
        shape.steps * 2 > value.len || is_placeholder(value))
        return false;
    bool must_be_generated = certainty == IS_KEY || certainty == IS_LOGIN ||
                             (certainty == IS_PASSWORD && use == USE_OWN);
    return !must_be_generated || (value.len >= GENERATED_MIN && shape.digits &&
                                  shape.distinct >= GENERATED_DISTINCT);
}
