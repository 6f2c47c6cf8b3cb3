#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runner/gate.h"

enum { MEMORY = 1 << 20 };

static const struct {
    const char *proxy;
    const char *host; /* NULL: it cannot be gone through */
    const char *port, *authorization;
} proxies[] = {
    {"http://proxy.example:3128", "proxy.example", "3128", ""},
    {"http://proxy.example", "proxy.example", "80", ""},
    {"http://proxy.example:3128/", "proxy.example", "3128", ""},
    {"proxy.example:3128", "proxy.example", "3128", ""},
    {"http://127.0.0.1:1", "127.0.0.1", "1", ""},
    {"http://alice:secret@proxy.example:1", "proxy.example", "1", "YWxpY2U6c2VjcmV0"},
    {"http://alice@proxy.example:1", "proxy.example", "1", "YWxpY2U6"},
    {"https://proxy.example:3128", NULL, NULL, NULL},
    {"socks5://proxy.example:3128", NULL, NULL, NULL},
    {"http://", NULL, NULL, NULL},
    {"http://:80", NULL, NULL, NULL},
    {"http://proxy.example:", NULL, NULL, NULL},
    {"http://proxy.example:x", NULL, NULL, NULL},
    {"http://proxy.example:123456", NULL, NULL, NULL},
    {"http://proxy.example/path", NULL, NULL, NULL},
    {"http://proxy.example\r\nX: y", NULL, NULL, NULL},
    {"http://a%20b:c@proxy.example", NULL, NULL, NULL},
    {"http://[::1]:80", NULL, NULL, NULL},
};

static void a_proxy_is_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++) {
        Arena *arena = arena_new(MEMORY);
        Upstream upstream = {0};
        bool fits = gate_read_upstream(arena, text_of(proxies[i].proxy), &upstream);

        if (fits != (proxies[i].host != NULL))
            fail_msg("'%s' is %s", proxies[i].proxy, fits ? "taken" : "refused");
        if (fits) {
            assert_true(text_equal(upstream.host, text_of(proxies[i].host)));
            assert_true(text_equal(upstream.port, text_of(proxies[i].port)));
            assert_true(
                text_equal(upstream.authorization, text_of(proxies[i].authorization)));
        }
        arena_free(arena);
    }
}

static const struct {
    const char *without, *host;
    bool goes_around;
} arounds[] = {
    {"", "r.example", false},
    {"*", "r.example", true},
    {"r.example", "r.example", true},
    {"r.example", "R.Example", true},
    {"example", "r.example", true},
    {".example", "r.example", true},
    {"other.example, .example", "r.example", true},
    {"ample", "r.example", false},
    {"r.example", "er.example", false},
    {"longer.r.example", "r.example", false},
    {",,.", "r.example", false},
};

static void some_hosts_go_around_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(arounds) / sizeof(*arounds); i++) {
        const Upstream upstream = {.without = text_of(arounds[i].without)};

        if (gate_goes_around(&upstream, text_of(arounds[i].host)) !=
            arounds[i].goes_around)
            fail_msg("'%s' with '%s'", arounds[i].host, arounds[i].without);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proxy_is_read_or_refused),
        cmocka_unit_test(some_hosts_go_around_it),
    };

    return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
