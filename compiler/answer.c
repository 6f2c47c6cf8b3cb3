/* realpath(3) is of POSIX.1-2008's XSI part. */
#define _XOPEN_SOURCE 700
#include "answer.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h> /* POSIX.1-2008 has no way to ask a terminal for its size */
#include <unistd.h>

#include "base/escape.h"
#include "output.h"

void say(Text text)
{
    Buffer shown = {.arena = arena_new((size_t)1 << 24)};

    if (!shown.arena)
        return;
    buffer_add(&shown, TEXT("berth: "));
    buffer_add_printable(&shown, text);
    buffer_add_byte(&shown, '\n');
    fwrite(shown.at, 1, shown.len, stderr);
    arena_free(shown.arena);
}

void answer_fail(Answer *answer, int status, Text text)
{
    say(text);
    answer->status = status;
}

void answer_worsen(Answer *answer, int status)
{
    static const int rank[] = {[EXIT_CLEAN] = 0,
                               [EXIT_FINDINGS] = 1,
                               [EXIT_UNUSABLE] = 3,
                               [EXIT_INCOMPLETE] = 2};

    if (rank[status] > rank[answer->status])
        answer->status = status;
}

void answer_write(Answer *answer, Text path, Text bytes)
{
    Text problem;

    if (!output_write(answer->arena, path, bytes, &problem)) {
        say(problem);
        answer_worsen(answer, EXIT_INCOMPLETE);
    }
}

void answer_add_errors(const Answer *answer, Buffer *out)
{
    const Diags *diags = answer->cc->diags;

    for (uint32_t i = 0; diags && i < diags->count; i++) {
        if (diags->items[i].rule[0] == '\0')
            text_add_diag(&answer->cc->report, &diags->items[i], "error", out);
    }
    if (answer->cc->is_unusable)
        buffer_add(out, TEXT("berth: access was not judged, since the policy above "
                             "cannot be used\n"));
}

void answer_say_errors(Answer *answer)
{
    Buffer out = {.arena = answer->arena};

    answer_add_errors(answer, &out);
    if (out.len)
        fwrite(out.at, 1, out.len, stderr);
}

Text format_name(Text format)
{
    return text_slice(format, 0, text_find_byte(format, '='));
}

Text format_file(Text format)
{
    return text_from(format, text_find_byte(format, '=') + 1);
}

bool answer_one_format(Answer *answer, const char *const *names, Text *name, Text *file)
{
    const TextList *formats = &answer->options->formats;

    *name = text_of(names[0]);
    *file = answer->options->output;
    if (formats->count == 0)
        return true;
    *name = format_name(formats->items[0]);
    if (format_file(formats->items[0]).len)
        *file = format_file(formats->items[0]);
    for (; *names; names++) {
        if (formats->count == 1 && text_equal(*name, text_of(*names)))
            return true;
    }
    answer_fail(answer, EXIT_UNUSABLE,
                formats->count > 1
                    ? TEXT("this command writes one format")
                    : arena_format(answer->arena, "this command has no format '%.*s'",
                                   TEXT_ARG(*name)));
    return false;
}

bool answer_wants_color(const Options *options)
{
    const char *no_color = getenv("NO_COLOR");

    if (options->color != COLOR_AUTO)
        return options->color == COLOR_ALWAYS;
    return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

uint32_t answer_terminal_width(void)
{
    const char *said = getenv("COLUMNS");
    unsigned long columns = said ? strtoul(said, NULL, 10) : 0;
    struct winsize size = {0};

    if (!isatty(STDOUT_FILENO))
        return 0;
    if (columns > 0 && columns <= UINT16_MAX)
        return (uint32_t)columns;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* There is no way to ask: the terminals that are known to have links say who they are.
 * FORCE_HYPERLINK, which other programs know, decides. */
static bool terminal_has_links(void)
{
    static const struct {
        const char *name, *value; /* NULL: any */
    } signs[] = {{"WT_SESSION", NULL},          {"KONSOLE_VERSION", NULL},
                 {"KITTY_WINDOW_ID", NULL},     {"TERM_PROGRAM", "vscode"},
                 {"TERM_PROGRAM", "iTerm.app"}, {"TERM_PROGRAM", "WezTerm"},
                 {"TERM_PROGRAM", "ghostty"},   {"TERM", "xterm-kitty"},
                 {"TERM", "alacritty"},         {"TERM", "foot"}};
    const char *forced = getenv("FORCE_HYPERLINK"), *vte = getenv("VTE_VERSION");

    if (forced && *forced)
        return strcmp(forced, "0") != 0;
    if (vte && strtoul(vte, NULL, 10) >= 5000)
        return true;
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        const char *value = getenv(signs[i].name);

        if (value && *value && (!signs[i].value || strcmp(value, signs[i].value) == 0))
            return true;
    }
    return false;
}

/* "file://host/directory/", so that a terminal on another machine does not open it. */
static Text link_base(const Answer *answer)
{
    Buffer base = {.arena = answer->arena};
    char host[256] = "", path[PATH_MAX];

    if (!realpath(arena_copy(answer->arena, answer->cc->options->path).at, path))
        return TEXT("");
    if (gethostname(host, sizeof(host) - 1) != 0)
        host[0] = '\0';
    buffer_add(&base, TEXT("file://"));
    escape_add_uri_path(&base, text_of(host));
    escape_add_uri_path(&base, text_of(path));
    if (!text_ends_with(buffer_text(&base), TEXT("/")))
        buffer_add_byte(&base, '/');
    return buffer_text(&base);
}

void answer_set_terminal(const Answer *answer, Report *report, Text file)
{
    bool is_file = file.len && !text_equal(file, TEXT("-"));

    report->color = !is_file && answer_wants_color(answer->options);
    report->width = is_file ? 0 : answer_terminal_width();
    if (report->color && isatty(STDOUT_FILENO) && terminal_has_links())
        report->links = link_base(answer);
}
