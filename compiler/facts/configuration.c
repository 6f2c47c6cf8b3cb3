#include "facts/configuration.h"

#include "facts/template.h"

/* `path` as a clean path of the workspace. The dev container CLI expands
 * "${localWorkspaceFolder}" to the workspace folder, which is known. */
static bool clean_path(Configuration *configuration, Text directory, Text path,
                       Text *clean)
{
    const Text folder = TEXT("${localWorkspaceFolder}");

    if (text_starts_with(path, folder)) {
        path = text_from(path, folder.len);
        while (text_starts_with(path, TEXT("/")))
            path = text_from(path, 1);
        directory = configuration->folder;
    }
    return path_join(configuration->facts->scratch, directory, path, clean);
}

static const char *rule_of(FileResult result)
{
    switch (result) {
    case FILE_MISSING:
    case FILE_OUTSIDE:
    case FILE_LOOP:
        return "input/missing-file";
    case FILE_READ:
    case FILE_NOT_A_FILE:
    case FILE_TOO_LARGE:
    case FILE_UNREADABLE:
        break;
    }
    return "input/syntax";
}

FileResult configuration_open(Configuration *configuration, Text path, uint32_t *file)
{
    FileResult result =
        files_read(configuration->files, configuration->root, path, file);

    if (result == FILE_READ && configuration->template)
        *file = template_view(configuration->template, configuration->facts, *file);
    return result;
}

/* A Template may name files of the workspace that it is applied to. */
static bool add_elsewhere(Configuration *configuration, Span span)
{
    references_add(&configuration->references,
                   (Reference){.kind = KIND_TEMPLATE,
                               .reach = REACH_OPAQUE,
                               .note = TEXT("this file is none of the Template; the "
                                            "workspace it is applied to may have it"),
                               .span = span});
    return false;
}

bool configuration_read(Configuration *configuration, Text directory, Text path,
                        Span span, const char *what, uint32_t *file, Text *clean)
{
    Diags *diags = configuration->facts->diags;
    FileResult result = FILE_OUTSIDE;

    *file = 0;
    *clean = path;
    bool inside = clean_path(configuration, directory, path, clean);
    Text hole = reference_hole(inside ? *clean : path);
    if (hole.len)
        return diag_error(diags, "input/unresolved-reference", span,
                          "the path of this %s depends on '%.*s', which only the "
                          "machine knows",
                          what, TEXT_ARG(hole));
    if (inside)
        result = configuration_open(configuration, *clean, file);
    if (result == FILE_READ)
        return true;
    if (result == FILE_MISSING && configuration->template)
        return add_elsewhere(configuration, span);
    return diag_error(diags, rule_of(result), span, "the %s '%.*s' %s", what,
                      TEXT_ARG(path), file_result_says(result));
}

const Via *configuration_via(Configuration *configuration, Span span, const Via *from)
{
    Via *via = ARENA_NEW(configuration->facts->scratch, Via);

    *via = (Via){.span = span, .from = from};
    return via;
}
