/* explicit_bzero is glibc's: hence _DEFAULT_SOURCE. */
#define _DEFAULT_SOURCE
#include "secrets.h"

#include <string.h>

#include "google_key.h"

static bool refuse(const char **problem, const char *says)
{
    *problem = says;
    return false;
}

/* The value of "NAME=value"; NULL when the entry is another variable's. */
static char *value_of(char *entry, Text name)
{
    if (strncmp(entry, name.at, name.len) != 0 || entry[name.len] != '=')
        return NULL;
    return entry + name.len + 1;
}

bool secret_find(char *const *environment, Text name, Text *value)
{
    for (; *environment; environment++) {
        const char *found = value_of(*environment, name);

        if (found) {
            *value = text_of(found);
            return true;
        }
    }
    return false;
}

Text secret_without_line_end(Text value, bool *trimmed)
{
    *trimmed = text_ends_with(value, TEXT("\n"));
    if (*trimmed)
        value.len--;
    if (*trimmed && text_ends_with(value, TEXT("\r")))
        value.len--;
    return value;
}

static bool has_control(Text value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.at[i];

        if (byte < 0x20 || byte == 0x7F)
            return true;
    }
    return false;
}

/* What holds for a user and a password alike. */
static bool check(Text value, const char **problem)
{
    if (value.len == 0)
        return refuse(problem, "is empty");
    if (value.len > SECRET_BYTES_MAX)
        return refuse(problem, "is longer than 8192 bytes, which clients cut off");
    if (text_trim(value).len == 0)
        return refuse(problem, "holds nothing but blanks");
    if (has_control(value))
        return refuse(problem, "holds a control character or a line end, which clients "
                               "treat differently");
    if (text_trim(value).len < value.len)
        return refuse(problem, "begins or ends with a blank, which docker cuts off and "
                               "others do not");
    return true;
}

bool secret_check_user(Text value, Text *user, bool *trimmed, const char **problem)
{
    *user = secret_without_line_end(value, trimmed);
    if (!check(*user, problem))
        return false;
    if (text_find_byte(*user, ':') < user->len)
        return refuse(problem, "holds ':', where clients end the user");
    return true;
}

bool secret_check_password(Arena *arena, Text user, Text value, Text *password,
                           bool *trimmed, const char **problem)
{
    *password = secret_without_line_end(value, trimmed);
    if (text_equal(user, TEXT("_json_key"))) {
        *trimmed = false; /* white space around JSON means nothing */
        if (value.len > 2 * SECRET_BYTES_MAX ||
            !google_key_minify(arena, value, password))
            return refuse(problem, "is no JSON object, as the user _json_key has it");
    }
    if (!check(*password, problem))
        return false;
    if (text_find(user, *password) < user.len)
        return refuse(problem, "is part of the user, which a process list shows");
    return true;
}

bool secret_is_named(const Plan *plan, Text name)
{
    static const char *const members[] = {"_CONTAINER_REGISTRY_SERVER",
                                          "_CONTAINER_REGISTRY_USER",
                                          "_CONTAINER_REGISTRY_PASSWORD"};

    for (uint32_t i = 0; name.len && i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];

        if (text_equal(name, step->server_env) ||
            text_equal(name, step->username_env) ||
            text_equal(name, step->password_env))
            return true;
        for (uint32_t j = 0; j < step->ncandidates; j++) {
            Text rest = text_from(name, step->candidates[j].len);

            if (!text_starts_with(name, step->candidates[j]))
                continue;
            for (size_t k = 0; k < sizeof(members) / sizeof(*members); k++) {
                if (text_equal(rest, text_of(members[k])))
                    return true;
            }
        }
    }
    return false;
}

void secrets_wipe(char *const *environment, const Plan *plan)
{
    for (; *environment; environment++) {
        char *entry = *environment;
        Text word = text_of(entry);
        size_t name = text_find_byte(word, '=');

        if (name < word.len && secret_is_named(plan, text_slice(word, 0, name)))
            explicit_bzero(entry + name + 1, word.len - name - 1);
    }
}
