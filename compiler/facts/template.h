/*
 * template.h: the options of a dev container Template, and its files with values for
 * them.
 *
 * src/<id>/devcontainer-template.json names options; "${templateOption:name}" in any of
 * the Template's text files is replaced by the value that is chosen when it is applied
 * (reference/inputs.md 2.6). Files are read with the defaults first, then with each
 * other value of one option, the rest at their defaults. An option that has neither a
 * default nor values is a hole.
 */
#ifndef BERTH_FACTS_TEMPLATE_H
#define BERTH_FACTS_TEMPLATE_H

#include "base/files.h"
#include "facts/facts.h"

enum {
    TEMPLATE_OPTIONS_MAX = 256,
    TEMPLATE_VALUES_MAX = 64,   /* that one configuration is read with */
    TEMPLATE_VALUE_BYTES = 1024 /* of a value; a longer one is none */
};

typedef struct TemplateOption {
    Text name;
    Span span; /* of the name */
    Text standard;
    bool has_standard;
    Text *values; /* others than the default, each once */
    uint32_t nvalues, values_capacity;
    bool is_used; /* in a file that was read */
} TemplateOption;

typedef struct TemplateFile {
    uint32_t file, view; /* the same where nothing is replaced */
} TemplateFile;

typedef struct Template {
    Text folder; /* src/<id> */
    TemplateOption *options;
    uint32_t noptions, options_capacity;
    const TemplateOption *chosen; /* NULL: every option has its default */
    Text value;                   /* of the chosen one */
    TemplateFile *files;          /* read with these values */
    uint32_t nfiles, files_capacity;
} Template;

/* The Template that a configuration's clean path lies in; NULL when it lies in none. */
Template *template_read(Facts *facts, Files *files, Text root, Text path);

/* From here on files have the defaults (NULL), or this value of one option. */
void template_choose(Template *template, Facts *facts, const TemplateOption *option,
                     Text value);

/* The file as it is with the chosen values; itself when it holds no option. The view
 * lies in facts->scratch. */
uint32_t template_view(Template *template, Facts *facts, uint32_t file);

/* Readers of Dockerfiles and compose files take no "${templateOption:name}" for a
 * variable; a hole is a variable's name for them. Whether `name` is such a one; then
 * *value is the hole as it stands in the file. */
bool template_find_hole(Arena *arena, Text name, Text *value);

/* The first option among the bytes that has no value now; empty when there is none. */
Text template_hole(const Template *template, Text bytes);

#endif
