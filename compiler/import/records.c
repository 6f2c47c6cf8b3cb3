#include "import/records.h"

static Text lower(Arena *arena, Text text)
{
    char *copy = arena_alloc(arena, text.len + 1, 1);

    for (size_t i = 0; i < text.len; i++)
        copy[i] = byte_to_lower(text.at[i]);
    return (Text){copy, text.len};
}

/* The number of the name's record in its table, from 0. */
static uint32_t key_of(Symbols *keys, Arena *scratch, Text key_text, Text *key)
{
    Symbol symbol = symbol_intern(keys, lower(scratch, key_text));

    *key = symbol_text(keys, symbol);
    return symbol.id - 1;
}

static void spell(Arena *arena, Name *name, Text key, Text text, bool is_spelled)
{
    if (name->key.len && (name->is_spelled || !is_spelled))
        return;
    *name = (Name){key, arena_copy(arena, text), is_spelled};
}

/* `record` is the one with the key; it was added when it was not there. */
#define RECORD_GET(import, table, record, key_text, key)                               \
    do {                                                                               \
        uint32_t at = key_of((table)->keys, (import)->scratch, key_text, &(key));      \
        if (at == (table)->count) {                                                    \
            ARRAY_GROW((import)->arena, (table)->items, (table)->count,                \
                       (table)->capacity);                                             \
            (table)->count++;                                                          \
        }                                                                              \
        (record) = &(table)->items[at];                                                \
    } while (0)

Account *record_account(Import *import, Text name, bool is_spelled)
{
    Account *account;
    Text key;

    RECORD_GET(import, &import->accounts, account, name, key);
    spell(import->arena, &account->name, key, name, is_spelled);
    return account;
}

Repository *record_repository(Import *import, Text name, bool is_spelled)
{
    Text owner = text_slice(name, 0, text_find_byte(name, '/'));
    Repository *repository;
    Text key;

    record_account(import, owner, is_spelled)->is_mentioned = true;
    RECORD_GET(import, &import->repositories, repository, name, key);
    spell(import->arena, &repository->name, key, name, is_spelled);
    return repository;
}

Package *record_package(Import *import, Text name, bool is_spelled)
{
    Text owner = text_slice(name, 0, text_find_byte(name, '/'));
    Package *package;
    Text key;

    record_account(import, owner, is_spelled)->is_mentioned = true;
    RECORD_GET(import, &import->packages, package, name, key);
    spell(import->arena, &package->name, key, name, is_spelled);
    return package;
}

Secret *record_secret(Import *import, HolderKind level, Text holder, Text name,
                      bool is_spelled)
{
    Text id = arena_format(import->scratch, "%d %.*s %.*s", (int)level,
                           TEXT_ARG(holder), TEXT_ARG(name));
    Secret *secret;
    Text key;

    RECORD_GET(import, &import->secrets, secret, id, key);
    secret->level = level;
    spell(import->arena, &secret->holder, text_slice(key, 2, 2 + holder.len), holder,
          false);
    spell(import->arena, &secret->name, text_from(key, 3 + holder.len), name,
          is_spelled);
    return secret;
}

bool record_tell(Import *import, Told *told, Known known, Text text)
{
    if (told->known == NOT_TOLD) {
        *told = (Told){known, arena_copy(import->arena, text)};
        return true;
    }
    if (told->known == TOLD_DIFFERENTLY)
        return true; /* it was said */
    if (told->known == known && text_equal_ignoring_case(told->text, text))
        return true;
    *told = (Told){.known = TOLD_DIFFERENTLY};
    return false;
}
