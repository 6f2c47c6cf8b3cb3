#include "base/intern.h"

#include <assert.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct Slot {
    uint32_t tag; /* the hash's upper half: most misses end here */
    uint32_t id;  /* 0: free. Symbol 0, the empty text, has no slot. */
} Slot;

struct Symbols {
    Arena *arena;
    Text *texts;
    uint32_t count, capacity;
    Slot *slots;
    uint32_t nslots; /* a power of two, more than 1.5 times `count` */
};

Symbols *symbols_new(Arena *arena)
{
    Symbols *symbols = ARENA_NEW(arena, Symbols);

    symbols->arena = arena;
    symbols->nslots = 1024;
    symbols->slots = ARENA_ARRAY(arena, symbols->nslots, Slot);
    ARRAY_GROW(arena, symbols->texts, 0, symbols->capacity);
    symbols->texts[symbols->count++] = TEXT("");
    return symbols;
}

Symbols *symbols_fork(Arena *arena, const Symbols *symbols)
{
    Symbols *fork = ARENA_NEW(arena, Symbols);

    *fork = *symbols;
    fork->arena = arena;
    fork->texts =
        arena_copy_items(arena, symbols->texts, symbols->capacity, sizeof(Text));
    fork->slots =
        arena_copy_items(arena, symbols->slots, symbols->nslots, sizeof(Slot));
    return fork;
}

/* The slot that holds `text`, or the free one where it belongs. */
static Slot *slot_of(const Symbols *symbols, Text text, uint64_t hash)
{
    uint32_t mask = symbols->nslots - 1;
    uint32_t tag = (uint32_t)(hash >> 32);

    for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
        Slot *slot = &symbols->slots[i];

        if (slot->id == 0 ||
            (slot->tag == tag && text_equal(symbols->texts[slot->id], text)))
            return slot;
    }
}

static void widen(Symbols *symbols)
{
    symbols->nslots *= 2;
    symbols->slots = ARENA_ARRAY(symbols->arena, symbols->nslots, Slot);
    for (uint32_t id = 1; id < symbols->count; id++) {
        Text text = symbols->texts[id];
        uint64_t hash = XXH3_64bits(text.at, text.len);

        *slot_of(symbols, text, hash) = (Slot){(uint32_t)(hash >> 32), id};
    }
}

Symbol symbol_intern(Symbols *symbols, Text text)
{
    if (text.len == 0)
        return (Symbol){0};
    uint64_t hash = XXH3_64bits(text.at, text.len);
    Slot *slot = slot_of(symbols, text, hash);

    if (slot->id == 0) {
        ARRAY_GROW(symbols->arena, symbols->texts, symbols->count, symbols->capacity);
        symbols->texts[symbols->count] = arena_copy(symbols->arena, text);
        *slot = (Slot){(uint32_t)(hash >> 32), symbols->count++};
        Symbol symbol = {slot->id};
        if (symbols->count > symbols->nslots / 3 * 2)
            widen(symbols);
        return symbol;
    }
    return (Symbol){slot->id};
}

bool symbol_find(const Symbols *symbols, Text text, Symbol *symbol)
{
    if (text.len == 0) {
        *symbol = (Symbol){0};
        return true;
    }
    *symbol = (Symbol){slot_of(symbols, text, XXH3_64bits(text.at, text.len))->id};
    return symbol->id != 0;
}

Text symbol_text(const Symbols *symbols, Symbol symbol)
{
    assert(symbol.id < symbols->count);
    return symbols->texts[symbol.id];
}

uint32_t symbols_count(const Symbols *symbols)
{
    return symbols->count;
}
