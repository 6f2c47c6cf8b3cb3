#include "facts/similar_hosts.h"

#include "base/arena.h"

enum {
    EDITS_MAX = 2,
    PAIRS_MAX = 1 << 20 /* a second of work at most */
};

typedef enum HostRole { HOST_NONE, HOST_SERVER, HOST_REFERENCED } HostRole;

typedef struct HostList {
    uint32_t *symbols;
    uint32_t count, capacity;
} HostList;

/* The distinct hosts in one column of a relation that have no role yet. */
static HostList collect(Facts *facts, RelationId relation, uint32_t column,
                        unsigned char *roles, HostRole role)
{
    const Rows *rows = &facts->rows[relation];
    HostList list = {0};

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        uint32_t host = rows->cells[i + column];

        if (roles[host] != HOST_NONE)
            continue;
        roles[host] = (unsigned char)role;
        ARRAY_GROW(facts->arena, list.symbols, list.count, list.capacity);
        list.symbols[list.count++] = host;
    }
    return list;
}

void similar_hosts_find(Facts *facts)
{
    const Symbols *symbols = facts->symbols;
    unsigned char *roles =
        ARENA_ARRAY(facts->arena, symbols_count(symbols), unsigned char);
    HostList referenced = collect(facts, REL_reference_name, 1, roles, HOST_REFERENCED);
    HostList servers = collect(facts, REL_secret_server, 2, roles, HOST_SERVER);

    if ((uint64_t)referenced.count * servers.count > PAIRS_MAX)
        return;
    for (uint32_t i = 0; i < servers.count; i++) {
        Text server = symbol_text(symbols, (Symbol){servers.symbols[i]});

        for (uint32_t j = 0; j < referenced.count; j++) {
            Text host = symbol_text(symbols, (Symbol){referenced.symbols[j]});

            if (text_distance(server, host, EDITS_MAX) <= EDITS_MAX)
                FACT(facts, REL_similar, servers.symbols[i], referenced.symbols[j]);
        }
    }
}
