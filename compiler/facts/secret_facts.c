#include "facts/secret_facts.h"

#include "base/buffer.h"

enum {
    FOUND_MAX = 256,        /* credentials of one file; the rest of it is hidden */
    SEARCHED_MAX = 1 << 16, /* bytes; a larger scalar is a file in a file */
    SHOWN_MAX = 64          /* bytes of a name in a message */
};

Credentials *secret_facts_formats(Configuration *configuration)
{
    Facts *facts = configuration->facts;

    if (!facts->credentials)
        facts->credentials = credentials_new(facts->arena);
    return facts->credentials;
}

Text secret_facts_shown(Configuration *configuration, Text text)
{
    Credentials *credentials = secret_facts_formats(configuration);
    Buffer out = {.arena = configuration->facts->scratch};
    Credential credential;
    size_t from = 0;

    for (size_t at = 0; credential_next(credentials, text, &at, &credential);) {
        if (credential.start < from)
            continue;
        buffer_add(&out, text_slice(text, from, credential.start));
        buffer_add(&out, TEXT("•••"));
        from = credential.end;
    }
    if (from == 0)
        return text;
    buffer_add(&out, text_from(text, from));
    return buffer_text(&out);
}

/* In which part of the configuration a place is: a property, or another file. */
static Text place_of(const Configuration *configuration, Span span)
{
    const Tree *tree = configuration->tree;

    if (span.file != tree->file)
        return path_base(source_path(configuration->facts->sources, span.file));
    for (NodeId at = tree_first(tree, tree->root);
         at.index && tree_kind(tree, tree->root) == NODE_OBJECT;
         at = tree_next(tree, at)) {
        Span member = tree_member_span(tree, at);

        if (member.start <= span.start && span.start < member.end)
            return tree_node(tree, at)->key;
    }
    return TEXT("a comment");
}

static void add(Configuration *configuration, Span span, Text what)
{
    Facts *facts = configuration->facts;

    source_mark_secret(facts->sources, span);
    FACT(facts, REL_literal_credential, fact_site(facts, span), configuration->config,
         fact_symbol(facts, what), fact_symbol(facts, place_of(configuration, span)));
}

void secret_facts_scan(Configuration *configuration, uint32_t file)
{
    Credentials *credentials = secret_facts_formats(configuration);
    Text text = source_bytes(configuration->facts->sources, file);
    Credential credential;
    uint32_t count = 0;

    for (size_t at = 0; credential_next(credentials, text, &at, &credential);) {
        Span span = {file, (uint32_t)credential.start, (uint32_t)credential.end};

        if (++count > FOUND_MAX) {
            span.end = (uint32_t)text.len;
            source_mark_secret(configuration->facts->sources, span);
            return;
        }
        add(configuration, span, text_of(credential.what));
    }
}

void secret_facts_add(Configuration *configuration, Span span, Text text, Text what)
{
    Text bytes = span_bytes(configuration->facts->sources, span);
    size_t at = bytes.len <= SEARCHED_MAX ? text_find(bytes, text) : bytes.len;

    if (at < bytes.len && text.len) {
        span.start += (uint32_t)at;
        span.end = span.start + (uint32_t)text.len;
    } /* else it is escaped or folded there: all of it */
    add(configuration, span, what);
}

void secret_facts_value(Configuration *configuration, Text name, Text value, Span span,
                        CredentialUse use)
{
    Arena *arena = configuration->facts->scratch;
    Credential token;
    size_t at = 0;

    if (!value_is_secret(name, value, use) ||
        credential_next(secret_facts_formats(configuration), value, &at, &token))
        return; /* a token is found where its file is searched */
    secret_facts_add(configuration, span, value,
                     arena_format(arena, "the value of %.*s",
                                  TEXT_ARG(text_slice(name, 0, SHOWN_MAX))));
}

/* --- builds --- */

static size_t name_length(Text text)
{
    size_t len = 0;

    while (len < text.len && (byte_is_letter(text.at[len]) ||
                              byte_is_digit(text.at[len]) || text.at[len] == '_'))
        len++;
    return len;
}

/* variable = "$" name | "${" [ "localEnv:" | "env:" ] name ; the next one's name */
static bool next_variable(Text *rest, Text *name)
{
    static const Text scopes[] = {TEXT_INIT("{localEnv:"), TEXT_INIT("{env:"),
                                  TEXT_INIT("{")};

    while (rest->len) {
        *rest = text_from(*rest, text_find_byte(*rest, '$') + 1);
        for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
            if (text_starts_with(*rest, scopes[i])) {
                *rest = text_from(*rest, scopes[i].len);
                break;
            }
        }
        *name = text_slice(*rest, 0, name_length(*rest));
        if (name->len)
            return true;
    }
    return false;
}

static bool names_a_secret(Text name)
{
    return name_is_registry(name) || name_is_secret(name);
}

static void add_build(Configuration *configuration, Text name, Span span, Text place)
{
    Facts *facts = configuration->facts;

    FACT(facts, REL_build_secret, fact_site(facts, span), configuration->config,
         fact_upper(facts, text_slice(name, 0, SHOWN_MAX)), fact_symbol(facts, place));
}

void secret_facts_build(Configuration *configuration, Text name, Text value, Span span,
                        Text place)
{
    Text rest = value, variable;
    bool is_variable = false;

    while (next_variable(&rest, &variable)) {
        is_variable = true;
        if (names_a_secret(variable)) {
            add_build(configuration, variable, span, place);
            return;
        }
    }
    if (is_variable && names_a_secret(name))
        add_build(configuration, name, span, place);
}

void secret_facts_build_name(Configuration *configuration, Text name, Span span,
                             Text place)
{
    if (names_a_secret(name))
        add_build(configuration, name, span, place);
}
