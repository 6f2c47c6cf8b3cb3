#include "google_key.h"

#include "base/diag.h"
#include "base/source.h"
#include "redact.h"
#include "syntax/syntax.h"

bool google_key_minify(Arena *arena, Text value, Text *minified)
{
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    uint32_t file = sources_add(sources, TEXT("key"), value);
    const Tree *tree = json_read(arena, sources, file, diags);
    bool in_string = false;

    if (diags->count || tree_kind(tree, tree->root) != NODE_OBJECT)
        return false;
    char *out = secret_room(arena, value.len);
    size_t len = 0;
    for (size_t i = 0; i < value.len; i++) {
        char byte = value.at[i];

        if (byte == '"')
            in_string = !in_string;
        if (in_string && byte == '\\' && i + 1 < value.len)
            out[len++] = value.at[i++];
        if (in_string || (byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n'))
            out[len++] = value.at[i];
    }
    *minified = (Text){out, len};
    return true;
}
