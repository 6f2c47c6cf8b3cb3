#include "commit.h"

#include <stdlib.h>
#include <unistd.h>

#include "locked_file.h"
#include "sha256.h"

static Text from_environment(Arena *arena, const char *variable, const char *behind)
{
    const char *value = getenv(variable);

    return value && *value ? arena_format(arena, "%s%s", value, behind) : (Text){0};
}

bool commit_target(Run *run, Tool tool, Text *path)
{
    static const char *const docker[][2] = {{"DOCKER_CONFIG", "/config.json"},
                                            {"HOME", "/.docker/config.json"}};
    static const char *const containers[][2] = {
        {"REGISTRY_AUTH_FILE", ""},
        {"XDG_RUNTIME_DIR", "/containers/auth.json"},
        {"XDG_CONFIG_HOME", "/containers/auth.json"},
        {"HOME", "/.config/containers/auth.json"}};
    bool is_docker = tool != TOOL_PODMAN && tool != TOOL_SKOPEO && tool != TOOL_BUILDAH;
    size_t count = is_docker ? 2 : 4;

    *path = arena_copy(run->arena, run->options.out);
    for (size_t i = 0; path->len == 0 && i < count; i++) {
        const char *const *place = is_docker ? docker[i] : containers[i];

        *path = from_environment(run->arena, place[0], place[1]);
    }
    return path->len != 0;
}

static Status read_target(Run *run, const LockedFile *target, AuthFile *file)
{
    Text bytes, problem;
    Status status =
        locked_file_read(run, target, target->name, AUTH_FILE_BYTES_MAX, &bytes);

    if (status == STATUS_OK && !auth_file_read(run->arena, bytes, file, &problem))
        return locked_file_refuse(run, target->path,
                                  arena_copy(run->arena, problem).at);
    return status;
}

static Text record_name(Run *run, const LockedFile *target)
{
    return arena_format(run->arena, ".%.*s.berth-run.stored", TEXT_ARG(target->name));
}

/* A record that cannot be read records nothing: then nothing is removed either. */
static Status read_record(Run *run, const LockedFile *target, AuthFile *record)
{
    Text bytes, problem;
    Status status = locked_file_read(run, target, record_name(run, target),
                                     AUTH_FILE_BYTES_MAX, &bytes);

    if (status == STATUS_OK && !auth_file_read(run->arena, bytes, record, &problem) &&
        !auth_file_read(run->arena, TEXT(""), record, &problem))
        return locked_file_refuse(run, target->path,
                                  "has a record that cannot be read");
    return status;
}

/* What the record holds of an entry: digest = '"' 64 hexadecimal digits '"' */
static Text digest_of(Arena *arena, Text value)
{
    return arena_format(arena, "\"%.*s\"", TEXT_ARG(sha256_hex(arena, value)));
}

static bool is_ours(const AuthFile *record, Section section, Text key, Text value)
{
    Text digest;

    return auth_file_entry(record, section, key, &digest) &&
           text_equal(digest, digest_of(record->arena, value));
}

Status commit_check(Run *run, Text path, Logins logins, bool leave)
{
    Section section =
        run->options.store == STORE_HELPER ? SECTION_HELPERS : SECTION_AUTHS;
    /* A client asks its helpers itself; a private directory has none. */
    bool may_be_shadowed =
        run->options.store != STORE_CLIENT && run->options.mode == MODE_LOGIN;
    LockedFile *target;
    AuthFile file, record;
    Text problem, value;
    Status status = locked_file_look(run, path, &target);

    if (status != STATUS_OK || !target)
        return status;
    status = read_target(run, target, &file);
    if (status == STATUS_OK)
        status = read_record(run, target, &record);
    for (uint32_t i = 0; status == STATUS_OK && i < logins.count; i++) {
        Login *login = &logins.items[i];

        if (leave && auth_file_entry(&file, SECTION_AUTHS, login->key, &value) &&
            !is_ours(&record, SECTION_AUTHS, login->key, value)) {
            login->result = LOGIN_LEFT;
            login->because = TEXT("there was a login already");
            login->entry = value;
        } else if (may_be_shadowed &&
                   auth_file_is_shadowed(&file, section, login->host, TEXT(HELPER_NAME),
                                         &problem)) {
            status = locked_file_refuse(run, path, arena_copy(run->arena, problem).at);
        }
    }
    return locked_file_close(target, status);
}

/* Before the entries themselves: a run that is killed between the two has then recorded
 * what is not there, which is harmless; so is a record that is lost. */
static Status write_record(Run *run, const LockedFile *target, Section section,
                           const AuthEntry *entries, uint32_t count)
{
    AuthEntry *digests = ARENA_ARRAY(run->arena, count, AuthEntry);
    AuthFile record;
    Status status = read_record(run, target, &record);

    for (uint32_t i = 0; i < count; i++)
        digests[i] =
            (AuthEntry){entries[i].key, digest_of(run->arena, entries[i].value)};
    return status != STATUS_OK
               ? status
               : locked_file_replace(run, target, record_name(run, target),
                                     auth_file_merge(&record, section, digests, count),
                                     false);
}

/* A client that was writing the file at the same time knows no lock. */
static Status verify(Run *run, const LockedFile *target, Section section,
                     const AuthEntry *entries, uint32_t count)
{
    AuthFile file;
    Text value;
    Status status = read_target(run, target, &file);
    bool same = true;

    for (uint32_t i = 0; status == STATUS_OK && same && i < count; i++)
        same = auth_file_entry(&file, section, entries[i].key, &value) &&
               text_equal(value, entries[i].value);
    if (same)
        return status;
    run_complain(run,
                 "%.*s was changed by another program at the same time, and its "
                 "logins are not there",
                 TEXT_ARG(target->path));
    return STATUS_REFUSED;
}

Status commit_write(Run *run, Text path, Section section, const AuthEntry *entries,
                    uint32_t count, int64_t deadline)
{
    LockedFile *target;
    AuthFile file;
    Status status = locked_file_open(run, path, deadline, &target);
    int signal;

    if (status == STATUS_OK)
        status = read_target(run, target, &file);
    if (status == STATUS_OK && (signal = run_signal(run, 0)) != 0)
        status = (Status)(STATUS_SIGNAL + signal);
    if (status == STATUS_OK)
        status = write_record(run, target, section, entries, count);
    if (status == STATUS_OK)
        status =
            locked_file_replace(run, target, target->name,
                                auth_file_merge(&file, section, entries, count), true);
    if (status == STATUS_OK)
        status = verify(run, target, section, entries, count);
    return locked_file_close(target, status);
}

Status commit_beside(Run *run, Text path, Text name, Text bytes, int64_t deadline)
{
    LockedFile *target;
    Status status = locked_file_open(run, path, deadline, &target);

    if (status == STATUS_OK)
        status =
            locked_file_replace(run, target, arena_copy(run->arena, name), bytes, true);
    return locked_file_close(target, status);
}

Status commit_locked(Run *run, Text path, int64_t deadline,
                     Status (*work)(void *context), void *context)
{
    LockedFile *target;
    Status status = locked_file_open(run, path, deadline, &target);

    if (status == STATUS_OK)
        status = work(context);
    return locked_file_close(target, status);
}

/* One entry, of one section; whether it is there no more. */
static bool remove_entry(Login *login, Section section, AuthFile *file,
                         AuthFile *record)
{
    Text value, problem;

    if (!auth_file_entry(file, section, login->key, &value))
        return true;
    if (!is_ours(record, section, login->key, value)) {
        if (section == SECTION_HELPERS)
            return true; /* somebody's own helper: no login that we could have stored */
        login->because = TEXT("it is not as it was stored");
        return false;
    }
    login->because = TEXT("logged out");
    return auth_file_read(file->arena, auth_file_without(file, section, login->key),
                          file, &problem) &&
           auth_file_read(record->arena, auth_file_without(record, section, login->key),
                          record, &problem);
}

/* The record goes last, and is not there when nothing is recorded. */
static Status write_removed(Run *run, const LockedFile *target, const AuthFile *file,
                            const AuthFile *record)
{
    Status status = locked_file_replace(run, target, target->name, file->bytes, true);

    if (status != STATUS_OK)
        return status;
    if (auth_file_first(record, SECTION_AUTHS).index ||
        auth_file_first(record, SECTION_HELPERS).index)
        return locked_file_replace(run, target, record_name(run, target), record->bytes,
                                   false);
    (void)unlinkat(target->directory, record_name(run, target).at, 0);
    return STATUS_OK;
}

Status commit_remove(Run *run, Text path, Logins logins, int64_t deadline)
{
    LockedFile *target;
    AuthFile file, record;
    Status status = locked_file_look(run, path, &target);

    for (uint32_t i = 0; i < logins.count; i++) {
        logins.items[i].result = LOGIN_OK;
        logins.items[i].because = TEXT("there was no login");
    }
    if (status != STATUS_OK || !target)
        return status;
    (void)locked_file_close(target, STATUS_OK);
    status = locked_file_open(run, path, deadline, &target);
    if (status == STATUS_OK)
        status = read_target(run, target, &file);
    if (status == STATUS_OK)
        status = read_record(run, target, &record);
    if (status != STATUS_OK)
        return locked_file_close(target, status);
    Text before = file.bytes;
    for (uint32_t i = 0; i < logins.count; i++) {
        Login *login = &logins.items[i];
        bool gone = remove_entry(login, SECTION_HELPERS, &file, &record);

        if (remove_entry(login, SECTION_AUTHS, &file, &record) && gone)
            continue;
        login->result = LOGIN_REFUSED;
        login->status = STATUS_REFUSED;
        status = STATUS_REFUSED;
    }
    Status written = file.bytes.at == before.at
                         ? STATUS_OK
                         : write_removed(run, target, &file, &record);
    return locked_file_close(target, written == STATUS_OK ? status : written);
}
