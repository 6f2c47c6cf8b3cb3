#include "import/records.h"

typedef struct Words {
    const char *key, *one, *several, *where;
} Words;

static const Words words[MISSING_COUNT] = {
#define MISSING(id, key, one, several, where) {key, one, several, where},
#include "import/missing.def"
#undef MISSING
};

static void add_group(Buffer *out, const Group *group, Text says)
{
    if (group->count == 0)
        return;
    buffer_format(out, "note: %.*s: ", TEXT_ARG(says));
    group_add_names(group, out);
    buffer_add_byte(out, '\n');
}

/* "codespaces_access of 12 packages: package settings > …; the API does not tell it" */
static void add_missing(Buffer *out, const Words *word, const Group *group)
{
    bool is_told = text_starts_with(text_of(word->where), TEXT("gh api "));

    buffer_format(out, "  %s of %u %s: %s%s\n    ", word->key, group->count,
                  group->count == 1 ? word->one : word->several, word->where,
                  is_told ? "" : "; the API does not tell it");
    group_add_names(group, out);
    buffer_add_byte(out, '\n');
}

void import_add_notes(const Import *import, Buffer *out)
{
    bool has_head = false;

    add_group(out, &import->ignored, TEXT("ignored, since nothing of use is there"));
    add_group(out, &import->other_secrets,
              TEXT("ignored, since these are no Codespaces secrets"));
    for (uint32_t i = 0; i < import->notes.count; i++)
        add_group(out, &import->notes.items[i], import->notes.items[i].says);
    for (uint32_t i = 0; i < MISSING_COUNT; i++) {
        if (import->missing[i].count == 0)
            continue;
        if (!has_head)
            buffer_add(out, TEXT("to add by hand, or by another dump:\n"));
        has_head = true;
        add_missing(out, &words[i], &import->missing[i]);
    }
}
