#include "allow.h"

#include <stdlib.h>
#include <unistd.h>

#include "file_io.h"
#include "plan/plan_read.h"
#include "plan_file.h"

enum { ALLOW_BYTES_MAX = 1 << 16 };

static Text usual_path(Run *run)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (config && config[0] == '/')
        return arena_format(run->arena, "%s/berth/allow", config);
    return home && home[0] == '/'
               ? arena_format(run->arena, "%s/.config/berth/allow", home)
               : (Text){0};
}

Status allow_read(Run *run, Text *path, Text *bytes, bool *there)
{
    bool may_lack = run->options.allow.len == 0;
    Status status = STATUS_OK;

    *path = may_lack ? usual_path(run) : run->options.allow;
    *there = false;
    if (path->len == 0)
        return STATUS_OK;
    int file = plan_file_open(run, *path, may_lack, &status);
    if (file < 0)
        return status;
    *there = file_read_all(run->arena, file, ALLOW_BYTES_MAX, bytes) == FILE_FINE;
    (void)close(file);
    if (*there)
        return STATUS_OK;
    run_complain(run, "%.*s cannot be read, or is larger than 64 KiB", TEXT_ARG(*path));
    return STATUS_REFUSED;
}

/* The next word of a line: blanks set words off, "#" begins a comment. */
static bool next_word(Text *line, Text *word)
{
    size_t len = 0;

    *line = text_trim(*line);
    while (len < line->len && line->at[len] != ' ' && line->at[len] != '\t')
        len++;
    *word = text_slice(*line, 0, len);
    *line = text_from(*line, len);
    return word->len != 0 && word->at[0] != '#';
}

/* The hosts of the line with the longest prefix of this name. */
static Text hosts_for(Text bytes, Text name)
{
    Text line, prefix, hosts = {0};
    size_t longest = 0;

    for (bool done = false; text_next_part(&bytes, '\n', &line, &done);) {
        if (!next_word(&line, &prefix) || !text_starts_with(name, prefix) ||
            prefix.len <= longest)
            continue;
        longest = prefix.len;
        hosts = text_trim(line);
    }
    return hosts;
}

static bool holds(Text hosts, Text host)
{
    Text glob;

    while (next_word(&hosts, &glob)) {
        if (text_matches_glob(host, glob))
            return true;
    }
    return false;
}

static bool check(Run *run, Text path, Text bytes, const Login *login, Text name)
{
    Text hosts = hosts_for(bytes, name);

    if (holds(hosts, login->host))
        return true;
    run_complain(run,
                 "step %u: %.*s may not go to %.*s: %.*s allows it for %.*s; nothing "
                 "was sent",
                 login->number, TEXT_ARG(name), TEXT_ARG(login->host), TEXT_ARG(path),
                 TEXT_ARG(hosts.len ? hosts : TEXT("no server")));
    return false;
}

Status allow_check(Run *run, Text path, Text bytes, Logins logins)
{
    bool fine = true;

    for (uint32_t i = 0; i < logins.count; i++) {
        const Login *login = &logins.items[i];
        const PlanStep *step = login->step;

        if (!step->ncandidates)
            fine &= check(run, path, bytes, login, login->password_env);
        for (uint32_t j = 0; j < step->ncandidates; j++)
            fine &= check(run, path, bytes, login,
                          plan_variable(run->arena, step->candidates[j], "PASSWORD"));
    }
    return fine ? STATUS_OK : STATUS_REFUSED;
}
