#include "surroundings.h"

#include <stdlib.h>

/* A variable of this process, as it is; nothing when it is not set. */
static void add_own(Words *words, const char *name)
{
    const char *value = getenv(name);

    if (value)
        words_add(words, arena_format(words->arena, "%s=", name).at, text_of(value));
}

static void add_certificates(Words *words, const Run *run)
{
    if (!run->options.network_environment)
        return;
    add_own(words, "SSL_CERT_FILE");
    add_own(words, "SSL_CERT_DIR");
}

void surroundings_add_network(Words *words, const Run *run)
{
    static const char *const names[] = {"HTTPS_PROXY", "https_proxy", "NO_PROXY",
                                        "no_proxy"};

    for (size_t i = 0;
         run->options.network_environment && i < sizeof(names) / sizeof(*names); i++)
        add_own(words, names[i]);
    add_certificates(words, run);
}

char **surroundings_of(Run *run, Text directory, uint16_t gate, bool keeps)
{
    static const char *const keychain[] = {"HOME", "XDG_RUNTIME_DIR",
                                           "DBUS_SESSION_BUS_ADDRESS", "DISPLAY"};
    Words words = words_new(run->arena);
    Text proxy;

    words_add(&words, keeps ? "PATH=/usr/local/bin:/usr/bin:/bin" : "PATH=/nonexistent",
              TEXT(""));
    words_add(&words, "LC_ALL=C", TEXT(""));
    words_add(&words, "TMPDIR=", directory);
    if (!keeps) {
        words_add(&words, "HOME=", directory);
        words_add(&words, "XDG_RUNTIME_DIR=", directory);
        words_add(&words, "DOCKER_CONFIG=", directory);
    }
    for (size_t i = 0; keeps && i < sizeof(keychain) / sizeof(*keychain); i++)
        add_own(&words, keychain[i]);
    proxy = arena_format(run->arena, "PROXY=http://127.0.0.1:%u", gate);
    words_add(&words, "HTTPS_", proxy);
    words_add(&words, "HTTP_", proxy); /* or what is plain would go around it */
    /* An engine would do all of it elsewhere; without one docker does it itself. */
    words_add(&words, "DOCKER_HOST=unix:///nonexistent/docker.sock", TEXT(""));
    add_certificates(&words, run);
    return words.at;
}
