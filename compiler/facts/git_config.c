#include "facts/git_config.h"

#include "facts/field_kind.h"

typedef struct Url {
    Text host, path;
} Url;

static bool is_one_of(Text text, const char *const *words)
{
    for (; *words; words++) {
        if (text_equal_ignoring_case(text, text_of(*words)))
            return true;
    }
    return false;
}

/* url = scheme "://" [user "@"] host [":" port] "/" path | [user "@"] host ":" path */
static bool split_url(Text url, Url *parts)
{
    static const char *const schemes[] = {"https", "http",    "ssh",
                                          "git",   "git+ssh", NULL};
    size_t scheme = text_find(url, TEXT("://"));
    bool has_scheme = scheme < url.len;
    Text rest = has_scheme ? text_from(url, scheme + 3) : url;
    size_t end = text_find_byte(rest, has_scheme ? '/' : ':');

    if (end == rest.len ||
        (has_scheme && !is_one_of(text_slice(url, 0, scheme), schemes)))
        return false;
    Text host = text_slice(rest, 0, end);
    size_t user = text_find_last_byte(host, '@');
    parts->path = text_from(rest, end + 1);
    parts->host = user < host.len ? text_from(host, user + 1) : host;
    if (has_scheme)
        parts->host = text_slice(parts->host, 0, text_find_byte(parts->host, ':'));
    return text_find_byte(parts->host, '/') == parts->host.len;
}

Text git_url_repository(Arena *arena, Text url, Text github)
{
    Url parts;

    if (!split_url(url, &parts))
        return (Text){0};
    /* GitHub's SSH over the port of HTTPS has a host of its own. */
    bool is_github = text_equal_ignoring_case(parts.host, github) ||
                     (text_equal(github, TEXT("github.com")) &&
                      text_equal_ignoring_case(parts.host, TEXT("ssh.github.com")));
    Text path = parts.path;
    while (text_starts_with(path, TEXT("/")))
        path = text_from(path, 1);
    while (text_ends_with(path, TEXT("/")))
        path.len--;
    if (text_ends_with(path, TEXT(".git")))
        path.len -= 4;
    if (!is_github || !field_kind_fits(arena, FIELD_REPOSITORY, path))
        return (Text){0};
    return arena_copy(arena, path);
}

/* section = "[" blank* name blank+ '"' subsection '"' "]"; *rest is what follows it */
static bool opens_origin(Text line, Text *rest)
{
    size_t end = text_find_byte(line, ']');
    Text inner = text_trim(text_slice(line, 1, end));
    size_t quote = text_find_byte(inner, '"');

    *rest = text_from(line, end + 1);
    return text_equal_ignoring_case(text_trim(text_slice(inner, 0, quote)),
                                    TEXT("remote")) &&
           text_equal(text_from(inner, quote), TEXT("\"origin\""));
}

/* variable = name "=" value; a comment starts at "#" or ";" outside of quotes */
static bool read_url(Arena *arena, Text line, Text *url)
{
    size_t equals = text_find_byte(line, '=');
    Buffer value = {.arena = arena};
    bool is_quoted = false;

    if (!text_equal_ignoring_case(text_trim(text_slice(line, 0, equals)), TEXT("url")))
        return false;
    for (size_t i = equals + 1; i < line.len; i++) {
        char byte = line.at[i];

        if (byte == '"')
            is_quoted = !is_quoted;
        else if ((byte == '#' || byte == ';') && !is_quoted)
            break;
        else
            buffer_add_byte(&value, byte);
    }
    *url = text_trim(buffer_text(&value));
    return true;
}

/* The first URL of the remote is the one that is fetched from. */
static Text origin_url(Arena *arena, Text config)
{
    bool inside = false;
    Text line, url;

    for (bool done = false; text_next_part(&config, '\n', &line, &done);) {
        line = text_trim(line);
        if (text_starts_with(line, TEXT("[")))
            inside = opens_origin(line, &line);
        if (inside && read_url(arena, line, &url))
            return url;
    }
    return (Text){0};
}

static bool read_hidden(Files *files, Sources *sources, Text path, Text *bytes)
{
    uint32_t file;

    if (files_read(files, TEXT(""), path, &file) != FILE_READ)
        return false;
    *bytes = source_bytes(sources, file);
    source_mark_secret(sources, (Span){file, 0, (uint32_t)bytes->len});
    return true;
}

static bool read_in(Arena *arena, Files *files, Sources *sources, Text directory,
                    const char *name, Text *bytes)
{
    Text path;

    return path_join(arena, directory, text_of(name), &path) &&
           read_hidden(files, sources, path, bytes);
}

/* gitfile = "gitdir: " path; a worktree's directory leads on by its "commondir". */
static bool read_linked(Arena *arena, Files *files, Sources *sources, Text *config)
{
    Text prefix = TEXT("gitdir:"), bytes, directory, common;

    if (!read_hidden(files, sources, TEXT(".git"), &bytes) ||
        !text_starts_with(bytes, prefix) ||
        !path_join(arena, TEXT(""), text_trim(text_from(bytes, prefix.len)),
                   &directory))
        return false;
    if (read_in(arena, files, sources, directory, "config", config))
        return true;
    return read_in(arena, files, sources, directory, "commondir", &bytes) &&
           path_join(arena, directory, text_trim(bytes), &common) &&
           read_in(arena, files, sources, common, "config", config);
}

Text git_config_repository(Arena *arena, Files *files, Sources *sources, Text github)
{
    Text config;

    if (!read_hidden(files, sources, TEXT(".git/config"), &config) &&
        !read_linked(arena, files, sources, &config))
        return (Text){0};
    return git_url_repository(arena, origin_url(arena, config), github);
}
