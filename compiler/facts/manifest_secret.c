#include "base/day.h"
#include "base/server_key.h"
#include "facts/manifest.h"

/* Whom a secret belongs to: exactly one of the three. */
typedef struct Holder {
    const char *level; /* also the key in the entry */
    Value value;
    uint32_t symbol;
} Holder;

typedef struct Secret {
    Manifest *manifest;
    NodeId entry;
    Value name;
    Text upper; /* the name as GitHub compares it */
    Holder holder;
    uint32_t symbol; /* "level holder NAME" */
    bool may_state_value;
} Secret;

static const char *const levels[] = {"organization", "repository", "user"};

static Value value_of(Secret *secret, const char *key)
{
    return schema_value(&secret->manifest->reader, &level_secret, secret->entry, key);
}

static Span entry_span(const Secret *secret)
{
    const Tree *tree = secret->manifest->reader.tree;
    NodeId first = tree_first(tree, secret->entry);

    return first.index ? tree_key_span(tree, first) : tree_span(tree, secret->entry);
}

static bool read_holder(Secret *secret)
{
    Diags *diags = secret->manifest->facts->diags;
    Facts *facts = secret->manifest->facts;
    uint32_t count = 0;
    Span span = {0};

    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
        Value value = value_of(secret, levels[i]);

        if (value.state == VALUE_ABSENT || value.state == VALUE_NONE)
            continue;
        if (count++ == 0)
            secret->holder = (Holder){.level = levels[i], .value = value};
        else
            span = value.span;
    }
    if (count == 0)
        return diag_error(diags, "", entry_span(secret),
                          "a secret's entry has no holder; expected one of "
                          "'organization', 'repository' and 'user'");
    if (count > 1)
        return diag_error(diags, "", span,
                          "a secret's entry has more than one holder; expected one of "
                          "'organization', 'repository' and 'user'");
    Holder *holder = &secret->holder;
    if (holder->value.state == VALUE_UNKNOWN) {
        if (text_equal(holder->value.text, TEXT("unknown")))
            diag_add(diags, "", holder->value.span,
                     "a secret's holder cannot be unknown; expected its name");
        return false;
    }
    holder->symbol = text_equal(text_of(holder->level), TEXT("repository"))
                         ? fact_repository(facts, holder->value.text)
                         : fact_lower(facts, holder->value.text);
    return true;
}

/* A name that holds what a name cannot may have its value behind that. */
static bool read_name(Secret *secret)
{
    Manifest *manifest = secret->manifest;
    Facts *facts = manifest->facts;

    if (!schema_required(&manifest->reader, &level_secret, secret->entry, "name",
                         &secret->name))
        return false;
    for (size_t i = 0; i < secret->name.text.len; i++) {
        unsigned char byte = (unsigned char)secret->name.text.at[i];

        if (byte > ' ' && byte != '=' && byte != ':' && byte != 0x7F)
            continue;
        source_mark_secret(facts->sources,
                           tree_span(manifest->reader.tree, secret->name.node));
        return diag_error(facts->diags, "", secret->name.span,
                          "this is more than a secret's name; expected the name alone");
    }
    uint32_t upper = fact_upper(facts, secret->name.text);
    secret->upper = symbol_text(facts->symbols, (Symbol){upper});
    return true;
}

static bool is_server(Text upper)
{
    return text_ends_with(upper, TEXT("_SERVER"));
}

static bool is_password(Text upper)
{
    return !is_server(upper) && !text_ends_with(upper, TEXT("_USER"));
}

/* Every value the entry has, also one that a later key of the name replaces. */
static void hide_values(Secret *secret)
{
    const Tree *tree = secret->manifest->reader.tree;
    Sources *sources = secret->manifest->facts->sources;

    for (NodeId at = tree_first(tree, secret->entry); at.index;
         at = tree_next(tree, at)) {
        const Node *member = tree_node(tree, at);

        if (member->is_merge || text_equal(member->key, TEXT("value")))
            source_mark_secret(sources, tree_span(tree, tree_resolve(tree, at)));
    }
    NodeId value = tree_find(tree, secret->entry, TEXT("value"));
    if (value.index)
        source_mark_secret(sources, tree_span(tree, value));
}

/* A stated SERVER, read; false when it names no host. */
static bool read_server(Secret *secret, Text value, ServerKey *key)
{
    Text why;

    *key = (ServerKey){0};
    return server_key_read(secret->manifest->facts->arena, value, key, &why);
}

/* What is no host, or has more before it, may be a credential in the wrong place. */
static bool may_be_credential(const ServerKey *key)
{
    return key->host.len == 0 || text_equal(key->problem, TEXT("user-info"));
}

static void hide_doubtful_server(Secret *secret)
{
    const Tree *tree = secret->manifest->reader.tree;
    NodeId value = tree_find(tree, secret->entry, TEXT("value"));
    Text text = tree_scalar(tree, value);
    ServerKey key;

    if (value.index == 0 || text_equal(text, TEXT("unknown")))
        return;
    (void)read_server(secret, text, &key);
    if (may_be_credential(&key))
        source_mark_secret(secret->manifest->facts->sources, tree_span(tree, value));
}

static void add_server(Secret *secret, uint32_t site, Text value, Text *shown)
{
    Facts *facts = secret->manifest->facts;
    ServerKey key;
    bool is_host = read_server(secret, value, &key);
    Text problem = is_host ? key.problem : TEXT("not a host");

    if (is_host)
        FACT(facts, REL_secret_server, site, secret->symbol,
             fact_symbol(facts, key.host));
    if (problem.len)
        FACT(facts, REL_secret_server_problem, site, secret->symbol,
             fact_symbol(facts, problem));
    if (may_be_credential(&key))
        *shown = TEXT("•••");
}

static void add_value(Secret *secret)
{
    Facts *facts = secret->manifest->facts;

    Value value = value_of(secret, "value");
    if (value.state != VALUE_STATED)
        return;
    uint32_t site = fact_site(facts, value.span);
    if (!secret->may_state_value) {
        FACT(facts, REL_manifest_secret_value, site, fact_symbol(facts, secret->upper));
        return;
    }
    Text shown = value.text;
    if (is_server(secret->upper))
        add_server(secret, site, value.text, &shown);
    FACT(facts, REL_secret_value, site, secret->symbol, fact_symbol(facts, shown));
}

/* An organization's secret has a policy, a user's has repositories (and perhaps the
 * word `selected`, as the API gives it), a repository's has neither. */
static void add_reach(Secret *secret)
{
    Manifest *manifest = secret->manifest;
    Facts *facts = manifest->facts;
    Text level = text_of(secret->holder.level);
    Value visibility = value_of(secret, "visibility");

    if (text_equal(level, TEXT("organization"))) {
        Span span =
            visibility.state == VALUE_ABSENT ? secret->name.span : visibility.span;

        FACT(facts, REL_secret_visibility, fact_site(facts, span), secret->symbol,
             fact_symbol(facts, visibility.state == VALUE_STATED ? visibility.text
                                                                 : TEXT("unknown")));
    }
    if (!text_equal(level, TEXT("repository")))
        manifest_repositories(manifest, &level_secret, secret->entry, "repositories",
                              secret->symbol, REL_secret_repository,
                              REL_secret_repositories_unknown);
}

/* A repository's secret reaches that repository, whatever is written here. */
static void report_idle_keys(Secret *secret)
{
    static const char *const idle[] = {"visibility", "repositories"};
    SchemaReader *reader = &secret->manifest->reader;

    for (size_t i = 0; i < sizeof(idle) / sizeof(*idle); i++) {
        NodeId member = tree_find(reader->tree, secret->entry, text_of(idle[i]));

        if (member.index)
            diag_add(reader->diags, "input/unknown-key",
                     tree_member_span(reader->tree, member),
                     "'%s' is no key of a repository's secret, which reaches that "
                     "repository alone",
                     idle[i]);
    }
}

static void add_updated(Secret *secret)
{
    Facts *facts = secret->manifest->facts;
    Value updated = value_of(secret, "updated_at");
    uint32_t day;

    if (updated.state == VALUE_STATED && day_read_time(updated.text, &day))
        FACT(facts, REL_secret_updated, fact_site(facts, updated.span), secret->symbol,
             day);
}

static uint32_t symbol_of(Secret *secret, Text name)
{
    Facts *facts = secret->manifest->facts;
    Text holder = symbol_text(facts->symbols, (Symbol){secret->holder.symbol});

    return fact_symbol(facts,
                       arena_format(facts->arena, "%s %.*s %.*s", secret->holder.level,
                                    TEXT_ARG(holder), TEXT_ARG(name)));
}

/* Two spellings of one name are a rule's matter; the same one twice is a mistake. */
static bool is_new(Secret *secret)
{
    Text name = secret->name.text;

    return manifest_entry_is_new(secret->manifest, ENTRY_SECRET,
                                 symbol_of(secret, name), name, secret->name.span);
}

void manifest_secret_extract(Manifest *manifest, NodeId entry)
{
    Secret secret = {.manifest = manifest, .entry = entry};
    Facts *facts = manifest->facts;
    bool has_name = read_name(&secret);

    secret.may_state_value = has_name && !is_password(secret.upper);
    if (!secret.may_state_value)
        hide_values(&secret);
    else if (is_server(secret.upper))
        hide_doubtful_server(&secret);
    if (!has_name || !read_holder(&secret) || !is_new(&secret))
        return;
    secret.symbol = symbol_of(&secret, secret.upper);
    uint32_t site = fact_site(facts, secret.name.span);
    FACT(facts, REL_secret, site, secret.symbol, fact_symbol(facts, secret.upper),
         fact_symbol(facts, text_of(secret.holder.level)), secret.holder.symbol);
    if (!text_equal(secret.name.text, secret.upper))
        FACT(facts, REL_secret_written, site, secret.symbol,
             fact_symbol(facts, secret.name.text));
    if (text_equal(text_of(secret.holder.level), TEXT("repository")))
        report_idle_keys(&secret);
    add_reach(&secret);
    add_updated(&secret);
    add_value(&secret);
}

/* --- a manifest that is no YAML --- */

static uint32_t indentation(Text line)
{
    uint32_t count = 0;

    while (count < line.len && (line.at[count] == ' ' || line.at[count] == '-'))
        count++;
    return count;
}

/* Where the value starts behind the first "value" key of the line, quoted or not;
 * line.len when there is none. */
static size_t value_start(Text line)
{
    Text key = TEXT("value");

    for (size_t at = 0; at < line.len;) {
        size_t found = at + text_find(text_from(line, at), key);
        size_t end = found + key.len;

        if (end > line.len)
            break;
        while (end < line.len && (line.at[end] == '"' || line.at[end] == '\'' ||
                                  line.at[end] == ' ' || line.at[end] == '\t'))
            end++;
        if (end < line.len && line.at[end] == ':')
            return end + 1;
        at = found + 1;
    }
    return line.len;
}

void manifest_hide_values(Sources *sources, uint32_t file)
{
    uint32_t count = source_line_count(sources, file), start;
    uint32_t level = 0;
    bool inside = false; /* a value that goes on over lines with more indentation */

    for (uint32_t i = 1; i <= count; i++) {
        Text line = source_line(sources, file, i, &start);
        size_t from = value_start(line);
        uint32_t indent = indentation(line);

        inside = inside && (indent > level || text_trim(line).len == 0);
        if (inside)
            from = indent;
        else if (from < line.len)
            level = indent;
        if (from < line.len)
            inside = true;
        source_mark_secret(
            sources, (Span){file, start + (uint32_t)from, start + (uint32_t)line.len});
    }
}
