#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "runner/sha256.h"
#include "runner/verdict.h"

/* What docker 28, skopeo 1.9 and podman 4.3 print, shortened. */
static const struct {
    const char *output;
    Verdict verdict;
    bool may_pass;
} cases[] = {
    {"Error response from daemon: Get \"https://r/v2/\": unauthorized: authentication "
     "required",
     VERDICT_REFUSED, false},
    {"login attempt to http://r/v2/ failed with status: 401 Unauthorized",
     VERDICT_REFUSED, false},
    {"FATA[0000] authenticating creds for \"r\": invalid username/password",
     VERDICT_REFUSED, false},
    {"Get \"https://r/v2/\": x509: certificate signed by unknown authority\n"
     "Get \"http://r/v2/\": unauthorized: incorrect username or password",
     VERDICT_REFUSED, false},
    {"denied: Your authorization token has expired. Reauthenticate and try again.",
     VERDICT_EXPIRED, false},
    {"reading manifest v9 in r/x: manifest unknown", VERDICT_ABSENT, false},
    {"dial tcp: lookup r on 127.0.0.53:53: no such host", VERDICT_NO_HOST, false},
    {"tls: failed to verify certificate: x509: certificate signed by unknown authority",
     VERDICT_UNTRUSTED, false},
    {"dial tcp 127.0.0.1:1: connect: connection refused", VERDICT_UNREACHABLE, true},
    {"net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
     VERDICT_UNREACHABLE, true},
    {"login attempt to http://r/v2/ failed with status: 503 Service Unavailable",
     VERDICT_BUSY, true},
    {"toomanyrequests: slow down", VERDICT_BUSY, true},
    {"words that nobody knows", VERDICT_REFUSED, false},
    {"", VERDICT_REFUSED, false},
};

static void each_output_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        Verdict verdict = verdict_of(text_of(cases[i].output));

        if (verdict != cases[i].verdict)
            fail_msg("'%s' is %d", cases[i].output, (int)verdict);
        assert_int_equal(verdict_may_pass(verdict), cases[i].may_pass);
    }
}

#define PING "time=\"x\" level=debug msg=\"Ping "

static void the_last_ping_tells_whether_a_login_is_asked_for(void **state)
{
    (void)state;
    assert_int_equal(verdict_challenge(TEXT("Login Succeeded!\n")), CHALLENGE_UNKNOWN);
    assert_int_equal(verdict_challenge(TEXT(PING "https://r/v2/ status 401\"\n")),
                     CHALLENGE_PRESENT);
    assert_int_equal(verdict_challenge(TEXT(PING "https://r/v2/ status 200\"")),
                     CHALLENGE_ABSENT);
    assert_int_equal(
        verdict_challenge(TEXT(PING "https://r/v2/ err EOF\"\n" PING
                                    "http://r/v2/ status 401\"\nLogin Succeeded!")),
        CHALLENGE_PRESENT);
}

static void an_anonymous_answer_tells_it_too(void **state)
{
    (void)state;
    assert_int_equal(verdict_probe(true, TEXT("no basic auth credentials")),
                     CHALLENGE_PRESENT);
    assert_int_equal(verdict_probe(true, TEXT("requested access to the resource is "
                                              "denied")),
                     CHALLENGE_PRESENT);
    assert_int_equal(verdict_probe(true, TEXT("no such manifest: r/x")),
                     CHALLENGE_ABSENT);
    assert_int_equal(verdict_probe(true, TEXT("unsupported manifest media type")),
                     CHALLENGE_ABSENT);
    assert_int_equal(verdict_probe(false, TEXT("{}")), CHALLENGE_ABSENT);
    assert_int_equal(verdict_probe(true, TEXT("connection refused")),
                     CHALLENGE_UNKNOWN);
}

static void debugging_is_left_out(void **state)
{
    Arena *arena = arena_new(1 << 16);
    Text kept = verdict_without_debug(
        arena, TEXT("time=\"x\" level=info msg=\"a\"\n" PING "u status 401\"\n"
                    "time=\"x\" level=fatal msg=\"no level=debug \"\nplain\n"));

    (void)state;
    assert_true(text_equal(
        kept, TEXT("time=\"x\" level=fatal msg=\"no level=debug \"\nplain\n")));
    arena_free(arena);
}

/* FIPS 180-4's examples, and lengths around a block's end. */
static void sha256_is_right(void **state)
{
    static const struct {
        size_t count; /* of "a"; 0: `text` */
        const char *text, *hex;
    } digests[] = {
        {0, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {0, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {0, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {55, "", "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
        {56, "", "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
        {64, "", "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
        {1000000, "",
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    Arena *arena = arena_new(4 << 20);

    (void)state;
    for (size_t i = 0; i < sizeof(digests) / sizeof(*digests); i++) {
        Buffer bytes = {.arena = arena};

        buffer_add(&bytes, text_of(digests[i].text));
        buffer_add_times(&bytes, 'a', digests[i].count);
        assert_string_equal(sha256_hex(arena, buffer_text(&bytes)).at, digests[i].hex);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_output_has_its_meaning),
        cmocka_unit_test(the_last_ping_tells_whether_a_login_is_asked_for),
        cmocka_unit_test(an_anonymous_answer_tells_it_too),
        cmocka_unit_test(debugging_is_left_out),
        cmocka_unit_test(sha256_is_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
