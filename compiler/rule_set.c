#include "rule_set.h"

uint32_t rule_directories_open(Arena *arena, Symbols *symbols, Sources *sources,
                               Files *files, const CompileOptions *options, Texts own,
                               Diags *diags, RuleDirectory **directories)
{
    RuleDirectory *list =
        ARENA_ARRAY(arena, own.count + options->nrules, RuleDirectory);
    uint32_t used = 0;

    for (uint32_t i = 0; i < own.count; i++)
        list[used++] = (RuleDirectory){files, own.items[i], options->path};
    for (uint32_t i = 0; i < options->nrules; i++) {
        if (rule_directory_open(arena, symbols, sources, options->rules[i], diags,
                                &list[used]))
            used++;
    }
    *directories = list;
    return used;
}

static Texts copy_texts(Arena *arena, Texts texts)
{
    Text *copies = ARENA_ARRAY(arena, texts.count, Text);

    for (uint32_t i = 0; i < texts.count; i++)
        copies[i] = arena_copy(arena, texts.items[i]);
    return (Texts){copies, texts.count};
}

static bool texts_equal(Texts left, Texts right)
{
    for (uint32_t i = 0; i < left.count && i < right.count; i++) {
        if (!text_equal(left.items[i], right.items[i]))
            return false;
    }
    return left.count == right.count;
}

/* False when something there cannot be read. */
static bool take_files(Arena *arena, const Sources *sources, const RulePaths *found,
                       Texts *paths, Texts *bytes)
{
    Text *path = ARENA_ARRAY(arena, found->count, Text);
    Text *content = ARENA_ARRAY(arena, found->count, Text);

    for (uint32_t i = 0; i < found->count; i++) {
        if (found->items[i].file == 0)
            return false;
        path[i] = source_path(sources, found->items[i].file);
        content[i] = source_bytes(sources, found->items[i].file);
    }
    *paths = (Texts){path, found->count};
    *bytes = (Texts){content, found->count};
    return true;
}

/* Directories of rules, looked at with tables that nobody else has. */
typedef struct Looking {
    const CompileOptions *options;
    Texts own;
    RuleSet set;
    RuleSet *kept; /* NULL: the rules have a mistake */
} Looking;

/* Rule files as an editor has them are kept; of the others that they are there. */
static OpenFile *copy_open(Arena *arena, const CompileOptions *options)
{
    OpenFile *copies = ARENA_ARRAY(arena, options->nopen, OpenFile);

    for (uint32_t i = 0; i < options->nopen; i++) {
        copies[i].path = arena_copy(arena, options->open[i].path);
        if (text_ends_with(copies[i].path, TEXT(".dl")))
            copies[i].bytes = arena_copy(arena, options->open[i].bytes);
    }
    return copies;
}

/* The workspace as an editor has it. NULL: it cannot be opened. */
static Files *open_workspace(const Looking *looking)
{
    const RuleSet *set = &looking->set;
    const char *problem;
    Files *files = files_open(set->arena, set->symbols, set->sources,
                              looking->options->path, &problem);

    if (files)
        files_cover(files, copy_open(set->arena, looking->options),
                    looking->options->nopen);
    return files;
}

static uint32_t open_all(const Looking *looking, Diags *diags,
                         RuleDirectory **directories)
{
    const RuleSet *set = &looking->set;
    Files *files = looking->own.count ? open_workspace(looking) : NULL;

    if (looking->own.count && !files)
        (void)diag_error(diags, "", (Span){0}, "the workspace cannot be opened");
    return rule_directories_open(set->arena, set->symbols, set->sources, files,
                                 looking->options, files ? looking->own : (Texts){0},
                                 diags, directories);
}

static void compile_rules(void *context)
{
    Looking *looking = context;
    RuleSet *set = &looking->set;
    RuleDirectory *directories;

    set->symbols = symbols_new(set->arena);
    set->sources = sources_new(set->arena);
    Diags *diags = diags_new(set->arena);
    uint32_t count = open_all(looking, diags, &directories);
    DlProgram *program = catalogue_read(set->arena, set->symbols, set->sources,
                                        directories, count, diags, &set->catalogue);
    RulePaths found = rule_paths_find(set->arena, directories, count);
    bool is_read =
        take_files(set->arena, set->sources, &found, &set->paths, &set->bytes);

    set->directories = copy_texts(set->arena, looking->own);
    if (!program || !is_read || diags->count != 0)
        return;
    set->program = program;
    looking->kept = ARENA_NEW(set->arena, RuleSet);
    *looking->kept = *set;
}

RuleSet *rule_set_new(const CompileOptions *options, Texts directories)
{
    Looking looking = {.options = options, .own = directories};

    looking.set.arena = arena_new((size_t)RULE_SET_MEMORY_MIB << 20);
    if (!looking.set.arena)
        return NULL;
    if (arena_run(looking.set.arena, compile_rules, &looking) && looking.kept)
        return looking.kept;
    arena_free(looking.set.arena);
    return NULL;
}

void rule_set_free(RuleSet *set)
{
    if (set)
        arena_free(set->arena);
}

bool rule_set_is_current(const RuleSet *set, Arena *arena,
                         const CompileOptions *options, const Workspace *workspace)
{
    Looking looking = {.options = options,
                       .own = {workspace->rules, workspace->nrules}};
    RuleDirectory *directories;
    Texts paths, bytes;

    if (!texts_equal(set->directories, looking.own))
        return false;
    if (looking.own.count == 0 && options->nrules == 0)
        return true;
    looking.set = (RuleSet){
        .arena = arena, .symbols = symbols_new(arena), .sources = sources_new(arena)};
    Diags *diags = diags_new(arena);
    uint32_t count = open_all(&looking, diags, &directories);
    RulePaths found = rule_paths_find(arena, directories, count);
    return diags->count == 0 &&
           take_files(arena, looking.set.sources, &found, &paths, &bytes) &&
           texts_equal(paths, set->paths) && texts_equal(bytes, set->bytes);
}
