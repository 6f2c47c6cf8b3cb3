#include "catalogue.h"

bool rule_directory_open(Arena *arena, Symbols *symbols, Sources *sources, Text path,
                         Diags *diags, RuleDirectory *directory)
{
    const char *problem = NULL;
    Files *files = files_open(arena, symbols, sources, path, &problem);

    if (!files)
        return diag_error(diags, "", (Span){0},
                          "the directory of rules '%.*s' %s; expected one that holds "
                          "<category>/<name>.dl",
                          TEXT_ARG(path), problem);
    files_show_below(files, path);
    *directory = (RuleDirectory){files, TEXT(""), path};
    return true;
}

bool rule_directory_is_of_cases(Arena *arena, const FileName *names, uint32_t count,
                                const FileName *directory)
{
    Text rule = arena_format(arena, "%.*s.dl", TEXT_ARG(directory->name));

    for (uint32_t i = 0; i < count; i++) {
        if (!names[i].is_directory && text_equal(names[i].name, rule))
            return true;
    }
    return false;
}
