#include "runner.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/signalfd.h>
#include <unistd.h>

BERTH_FORMAT(2, 0)
static Text formatted(Arena *arena, const char *format, va_list arguments)
{
    va_list again;

    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    char *text = arena_alloc(arena, len < 0 ? 1 : (size_t)len + 1, 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (Text){text, len < 0 ? 0 : (size_t)len};
}

/* A line end in a name must not begin a line of its own, which a log may take for a
 * command ("::add-mask::"). No secret holds one. */
static void print_line(Run *run, FILE *file, Text prefix, Text text)
{
    Buffer line = {.arena = run->arena};
    Text part;

    buffer_add(&line, prefix);
    for (bool done = false; text_next_part(&text, '\n', &part, &done);) {
        redact_add(&run->redaction, &line, part, false, false);
        if (!done)
            buffer_add(&line, TEXT("\\x0A"));
    }
    buffer_add_byte(&line, '\n');
    (void)fwrite(line.at, 1, line.len, file);
    (void)fflush(file);
}

void run_complain(Run *run, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    Text text = formatted(run->arena, format, arguments);
    va_end(arguments);
    print_line(run, run->problems, TEXT("berth-run: "), text);
}

void run_say(Run *run, const char *format, ...)
{
    va_list arguments;

    if (run->options.json)
        return;
    va_start(arguments, format);
    Text text = formatted(run->arena, format, arguments);
    va_end(arguments);
    print_line(run, run->results, TEXT(""), text);
}

void run_say_json(Run *run, Text line)
{
    print_line(run, run->results, TEXT(""), line);
}

void run_show_client(Run *run, Text output, bool cut)
{
    Buffer shown = {.arena = run->arena};
    Text rest, line;

    redact_add(&run->redaction, &shown, text_trim(output), true, cut);
    rest = buffer_text(&shown);
    if (rest.len == 0)
        return;
    for (bool done = false; text_next_part(&rest, '\n', &line, &done);) {
        Buffer marked = {.arena = run->arena};

        buffer_format(&marked, "berth-run:   | %.*s\n", TEXT_ARG(line));
        (void)fwrite(marked.at, 1, marked.len, run->problems);
    }
}

bool run_hold_signals(Run *run)
{
    /* Whatever may be sent to end it; an alarm and a limit of time come with the call. */
    static const int held[] = {SIGHUP,  SIGINT,  SIGQUIT,   SIGTERM, SIGUSR1,
                               SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU};
    sigset_t set;

    (void)sigemptyset(&set);
    for (size_t i = 0; i < sizeof(held) / sizeof(*held); i++)
        (void)sigaddset(&set, held[i]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
        run->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (run->signals < 0)
        run_complain(run, "signals cannot be held back");
    return run->signals >= 0;
}

int run_signal(const Run *run, int ms)
{
    struct pollfd signals = {.fd = run->signals, .events = POLLIN};
    struct signalfd_siginfo info;

    if (poll(&signals, 1, ms) > 0 &&
        read(run->signals, &info, sizeof(info)) == sizeof(info))
        return (int)info.ssi_signo;
    return 0;
}
