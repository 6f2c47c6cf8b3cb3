#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/server_key.h"

#define HUB "https://index.docker.io/v1/"

typedef struct Case {
    const char *name;
    Text value;
    const char *host; /* NULL: names no host */
    const char *key;
    const char *problem;
} Case;

static Case cases[] = {
    /* reference/semantics.md 7.2 */
    {"Docker Hub's documented form has no problem", TEXT_INIT(HUB), "docker.io", HUB,
     ""},
    {"docker.io is an alias", TEXT_INIT("docker.io"), "docker.io", HUB, "hub-alias"},
    {"index.docker.io is an alias", TEXT_INIT("index.docker.io"), "docker.io", HUB,
     "hub-alias"},
    {"the documented form without its slash is an alias",
     TEXT_INIT("https://index.docker.io/v1"), "docker.io", HUB, "hub-alias"},
    {"the documented form with http is an alias",
     TEXT_INIT("http://index.docker.io/v1/"), "docker.io", HUB, "hub-alias"},
    {"the documented form in capitals is an alias",
     TEXT_INIT("HTTPS://index.docker.io/v1/"), "docker.io", HUB, "hub-alias"},
    {"registry-1.docker.io is an alias", TEXT_INIT("registry-1.docker.io"), "docker.io",
     HUB, "hub-alias"},
    {"hub.docker.com is an alias", TEXT_INIT("hub.docker.com"), "docker.io", HUB,
     "hub-alias"},
    {"a namespace of Docker Hub is an alias", TEXT_INIT("index.docker.io/ns"),
     "docker.io", HUB, "hub-alias"},
    {"Docker Hub with its default port is an alias", TEXT_INIT("Docker.io:443"),
     "docker.io", HUB, "hub-alias"},
    {"a host that only ends like Docker Hub is not it", TEXT_INIT("evil-docker.io"),
     "evil-docker.io", "evil-docker.io", ""},
    {"a host that only begins like Docker Hub is not it",
     TEXT_INIT("docker.io.evil.example"), "docker.io.evil.example",
     "docker.io.evil.example", ""},
    {"Docker Hub's name as a user is not Docker Hub",
     TEXT_INIT("https://index.docker.io@evil.example/v1/"), "evil.example",
     "evil.example", "user-info"},
    {"the documented form with a line end behind it", TEXT_INIT(HUB "\n"), "docker.io",
     HUB, "whitespace"},
    /* plain hosts */
    {"a host is its own key", TEXT_INIT("ghcr.io"), "ghcr.io", "ghcr.io", ""},
    {"a port is kept", TEXT_INIT("registry.corp.example:5000"),
     "registry.corp.example:5000", "registry.corp.example:5000", ""},
    {"localhost needs no dot", TEXT_INIT("localhost"), "localhost", "localhost", ""},
    {"a single word with a port is a host", TEXT_INIT("registry:5000"), "registry:5000",
     "registry:5000", ""},
    {"an IPv4 address", TEXT_INIT("127.0.0.1:5000"), "127.0.0.1:5000", "127.0.0.1:5000",
     ""},
    {"an IPv6 address", TEXT_INIT("[::1]:5000"), "[::1]:5000", "[::1]:5000", ""},
    {"an IPv6 address without a port", TEXT_INIT("[2001:db8::1]"), "[2001:db8::1]",
     "[2001:db8::1]", ""},
    /* reference/runner.md 3.4 */
    {"capitals", TEXT_INIT("MyCompany.AzureCR.io"), "mycompany.azurecr.io",
     "mycompany.azurecr.io", "upper-case"},
    {"a scheme", TEXT_INIT("https://acme.azurecr.io"), "acme.azurecr.io",
     "acme.azurecr.io", "scheme"},
    {"plain http, with the path of the second API version",
     TEXT_INIT("http://acme.example:5000/v2/"), "acme.example:5000",
     "acme.example:5000", "scheme"},
    {"a scheme that is no web", TEXT_INIT("ftp://acme.example"), "acme.example",
     "acme.example", "scheme"},
    {"a namespace", TEXT_INIT("ghcr.io/octo-org"), "ghcr.io", "ghcr.io", "path"},
    {"a slash at the end", TEXT_INIT("ghcr.io/"), "ghcr.io", "ghcr.io", "path"},
    {"the default port", TEXT_INIT("ghcr.io:443"), "ghcr.io", "ghcr.io",
     "default-port"},
    {"a user", TEXT_INIT("me@ghcr.io"), "ghcr.io", "ghcr.io", "user-info"},
    {"a user and a password with '@' in it", TEXT_INIT("https://me:p@ss@ghcr.io/x"),
     "ghcr.io", "ghcr.io", "user-info"},
    {"a query", TEXT_INIT("ghcr.io?x"), "ghcr.io", "ghcr.io", "query"},
    {"a fragment", TEXT_INIT("ghcr.io#f"), "ghcr.io", "ghcr.io", "query"},
    {"a query behind a path", TEXT_INIT("ghcr.io/v2/?x"), "ghcr.io", "ghcr.io",
     "query"},
    {"an '@' in the path is no user", TEXT_INIT("ghcr.io/a@b"), "ghcr.io", "ghcr.io",
     "path"},
    {"blanks around it", TEXT_INIT("  ghcr.io\t"), "ghcr.io", "ghcr.io", "whitespace"},
    {"a line end behind it", TEXT_INIT("ghcr.io\r\n"), "ghcr.io", "ghcr.io",
     "whitespace"},
    /* no host */
    {"nothing is not Docker Hub", TEXT_INIT(""), NULL, NULL, "it is empty"},
    {"blanks are nothing", TEXT_INIT(" \n"), NULL, NULL, "it is empty"},
    {"a scheme alone", TEXT_INIT("https://"), NULL, NULL, "it names no host"},
    {"a path alone", TEXT_INIT("/v2/"), NULL, NULL, "it names no host"},
    {"a port alone", TEXT_INIT(":5000"), NULL, NULL, "it names no host"},
    {"a NUL", TEXT_INIT("ghcr.io\0.evil.example"), NULL, NULL,
     "it holds a control character"},
    {"a line end inside", TEXT_INIT("ghcr.io\nevil.example"), NULL, NULL,
     "it holds a control character"},
    {"DEL", TEXT_INIT("ghcr.io\x7F"), NULL, NULL, "it holds a control character"},
    {"a letter that looks like another", TEXT_INIT("ghcr.i\xD0\xBE"), NULL, NULL,
     "it holds a character beyond ASCII"},
    {"a blank inside", TEXT_INIT("ghcr.io evil.example"), NULL, NULL,
     "its host is not a legal host name"},
    {"a comma", TEXT_INIT("ghcr.io,evil.example"), NULL, NULL,
     "its host is not a legal host name"},
    {"a pipe", TEXT_INIT("ghcr.io|user|token"), NULL, NULL,
     "its host is not a legal host name"},
    {"a backslash", TEXT_INIT("ghcr.io\\@evil.example"), "evil.example", "evil.example",
     "user-info"},
    {"a dot at the end", TEXT_INIT("ghcr.io."), NULL, NULL,
     "its host is not a legal host name"},
    {"two dots", TEXT_INIT("ghcr..io"), NULL, NULL,
     "its host is not a legal host name"},
    {"an underscore", TEXT_INIT("my_registry.example"), NULL, NULL,
     "its host is not a legal host name"},
    {"an option", TEXT_INIT("--password.example"), NULL, NULL,
     "its host is not a legal host name"},
    {"a variable", TEXT_INIT("${REGISTRY}"), NULL, NULL,
     "its host is not a legal host name"},
    {"a single word", TEXT_INIT("myregistry"), NULL, NULL,
     "it is a single word, and image references name a host by a dot or a port"},
    {"a colon without a port", TEXT_INIT("ghcr.io:"), NULL, NULL,
     "its port is not a number from 1 to 65535"},
    {"a port with a zero before it", TEXT_INIT("ghcr.io:0443"), NULL, NULL,
     "its port is not a number from 1 to 65535"},
    {"a port beyond 65535", TEXT_INIT("ghcr.io:65536"), NULL, NULL,
     "its port is not a number from 1 to 65535"},
    {"a port in letters", TEXT_INIT("ghcr.io:https"), NULL, NULL,
     "its port is not a number from 1 to 65535"},
    {"an IPv6 address without brackets", TEXT_INIT("::1"), NULL, NULL,
     "it names no host"},
    {"a bracket that is never closed", TEXT_INIT("[::1"), NULL, NULL,
     "its host is not a legal host name"},
    {"bytes behind a bracket", TEXT_INIT("[::1]x:5000"), NULL, NULL,
     "its host is not a legal host name"},
    {"an ECR host", TEXT_INIT("123456789012.dkr.ecr.us-east-1.amazonaws.com"),
     "123456789012.dkr.ecr.us-east-1.amazonaws.com",
     "123456789012.dkr.ecr.us-east-1.amazonaws.com", ""},
};

static void text_is(Text text, const char *expected)
{
    assert_int_equal(text.len, text_of(expected).len);
    assert_memory_equal(text.len ? text.at : "", expected, text.len);
}

static void is_read(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    ServerKey key = {0};
    Text problem = {0};
    bool reads = server_key_read(arena, c->value, &key, &problem);

    assert_int_equal(reads, c->host != NULL);
    if (reads) {
        text_is(key.host, c->host);
        text_is(key.key, c->key);
        text_is(key.problem, c->problem);
    } else {
        text_is(problem, c->problem);
    }
    arena_free(arena);
}

/* What is canonical stays so: the compiler's host is what the runner compares with. */
static void a_key_reads_as_itself(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    ServerKey key = {0}, again = {0};
    Text problem = {0};

    if (server_key_read(arena, c->value, &key, &problem)) {
        assert_true(server_key_read(arena, key.key, &again, &problem));
        assert_true(text_equal(again.host, key.host));
        assert_true(text_equal(again.key, key.key));
        assert_int_equal(again.problem.len, 0);
    }
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[2 * COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        tests[2 * i] =
            (struct CMUnitTest){cases[i].name, is_read, NULL, NULL, &cases[i]};
        tests[2 * i + 1] = (struct CMUnitTest){cases[i].name, a_key_reads_as_itself,
                                               NULL, NULL, &cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
