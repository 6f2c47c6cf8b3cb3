#include "facts/reference.h"

Text reference_kind_name(ReferenceKind kind)
{
    static const Text names[] = {
#define KIND(enumerator, name) TEXT_INIT(name),
        REFERENCE_KINDS(KIND)
#undef KIND
    };
    return names[kind];
}

Text reference_reach_name(ReferenceReach reach)
{
    static const Text names[] = {
#define REACH(enumerator, name) TEXT_INIT(name),
        REFERENCE_REACHES(REACH)
#undef REACH
    };
    return names[reach];
}

void references_add(References *references, Reference reference)
{
    ARRAY_GROW(references->arena, references->items, references->count,
               references->capacity);
    references->items[references->count++] = reference;
}

Text reference_hole(Text value)
{
    size_t start = text_find(value, TEXT("${"));

    if (start == value.len)
        return (Text){0};
    Text name = text_from(value, start + 2);
    return text_slice(name, 0, text_find_byte(name, '}'));
}
