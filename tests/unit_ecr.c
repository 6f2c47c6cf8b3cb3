#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runner/ecr.h"
#include "runner/ecr_host.h"

enum { MEMORY = 1 << 22 };

static const struct {
    const char *host;
    const char *region; /* NULL: refused */
    const char *api;
} hosts[] = {
    {"123456789012.dkr.ecr.us-east-1.amazonaws.com", "us-east-1",
     "api.ecr.us-east-1.amazonaws.com"},
    {"000000000000.dkr.ecr.ap-southeast-5.amazonaws.com", "ap-southeast-5",
     "api.ecr.ap-southeast-5.amazonaws.com"},
    {"123456789012.dkr.ecr-fips.us-east-2.amazonaws.com", "us-east-2",
     "api.ecr-fips.us-east-2.amazonaws.com"},
    {"123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1",
     "api.ecr-fips.us-gov-west-1.amazonaws.com"},
    {"123456789012.dkr-ecr.eu-west-1.on.aws", "eu-west-1", "ecr.eu-west-1.api.aws"},
    {"123456789012.dkr-ecr-fips.us-gov-east-1.on.aws", "us-gov-east-1",
     "ecr-fips.us-gov-east-1.api.aws"},
    {"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1",
     "api.ecr.cn-north-1.amazonaws.com.cn"},
    {"123456789012.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn",
     "cn-northwest-1", "ecr.cn-northwest-1.api.amazonwebservices.com.cn"},
    {"123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1",
     "api.ecr.us-iso-east-1.c2s.ic.gov"},
    {"123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
     "api.ecr.us-isob-east-1.sc2s.sgov.gov"},
    {"123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1",
     "api.ecr.eu-isoe-west-1.cloud.adc-e.uk"},
    {"123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1",
     "api.ecr.us-isof-south-1.csp.hci.ic.gov"},
    {"123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1",
     "api.ecr.eusc-de-east-1.amazonaws.eu"},
    {"public.ecr.aws", "us-east-1", "api.ecr-public.us-east-1.amazonaws.com"},
    {"ecr-public.aws.com", "us-east-1", "ecr-public.us-east-1.api.aws"},
    {"", NULL, NULL},
    {"ghcr.io", NULL, NULL},
    {"dkr.ecr.us-east-1.amazonaws.com", NULL, NULL},
    {"12345678901.dkr.ecr.us-east-1.amazonaws.com", NULL, NULL},
    {"1234567890123.dkr.ecr.us-east-1.amazonaws.com", NULL, NULL},
    {"x123456789012.dkr.ecr.us-east-1.amazonaws.com", NULL, NULL},
    {"12345678901a.dkr.ecr.us-east-1.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.example", NULL, NULL},
    {"123456789012.dkr.ecr.us-east-1.amazonaws.com:443", NULL, NULL},
    {"123456789012.dkr.ecr.us-east-1.amazonaws.com.", NULL, NULL},
    {"123456789012.dkr.ecr.us-east-1.amazonaws.com.cn", NULL, NULL},
    {"123456789012.dkr.ecr.cn-north-1.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.us-gov-west-1.c2s.ic.gov", NULL, NULL},
    {"123456789012.dkr.ecr.evil.example/x.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.evil.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.us-east-1.evil.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.us-east-1x.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.us-east-.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.us--1.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.xx-east-1.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr..amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr", NULL, NULL},
    {"123456789012.dkr.ecr-fipsus-east-1.amazonaws.com", NULL, NULL},
    {"123456789012.dkr-ecr.us-east-1.amazonaws.com", NULL, NULL},
    {"123456789012.dkr.ecr.us-east-1.on.aws", NULL, NULL},
    {"123456789012.dkr-ecr.us-iso-east-1.on.aws", NULL, NULL},
    {"123456789012.DKR.ECR.us-east-1.amazonaws.com", NULL, NULL},
    {"x.public.ecr.aws", NULL, NULL},
    {"public.ecr.aws.evil.example", NULL, NULL},
};

static void a_name_is_a_registry_of_ecr_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
        Arena *arena = arena_new(MEMORY);
        Text problem = {0};
        EcrHost ecr;
        bool is = ecr_host_read(arena, text_of(hosts[i].host), &ecr, &problem);

        if (is != (hosts[i].region != NULL))
            fail_msg("'%s' is %s", hosts[i].host, is ? "taken" : "refused");
        if (is) {
            assert_string_equal(arena_copy(arena, ecr.region).at, hosts[i].region);
            assert_string_equal(arena_copy(arena, ecr.api).at, hosts[i].api);
        } else {
            assert_int_not_equal(problem.len, 0);
        }
        arena_free(arena);
    }
}

static void a_user_is_a_long_term_key_or_aws(void **state)
{
    (void)state;
    assert_null(ecr_check_user(TEXT("AKIAEXAMPLE")));
    assert_null(ecr_check_user(TEXT("AWS")));
    assert_non_null(ecr_check_user(TEXT("ASIAEXAMPLE")));
    assert_non_null(ecr_check_user(TEXT("AWSx")));
    assert_non_null(ecr_check_user(TEXT("alice")));
    assert_non_null(ecr_check_user(TEXT("")));
}

static const struct {
    const char *token;
    int64_t expires;
} tokens[] = {
    /* {"payload":"x","version":"2","type":"DATA_KEY","expiration":1700000000} */
    {"eyJwYXlsb2FkIjoieCIsInZlcnNpb24iOiIyIiwidHlwZSI6IkRBVEFfS0VZIiwiZXhwaXJhdGlvbiI6"
     "MTcwMDAwMDAwMH0=",
     1700000000},
    {"eyJleHBpcmF0aW9uIjoxLjdFOX0=", 1700000000}, /* {"expiration":1.7E9} */
    {"eyJleHBpcmF0aW9uIjotMX0=", 0},              /* {"expiration":-1} */
    {"eyJleHBpcmF0aW9uIjoxZTk5OX0=", 0},          /* {"expiration":1e999} */
    {"eyJleHBpcmF0aW9uIjoieCJ9", 0},              /* {"expiration":"x"} */
    {"e30=", 0},                                  /* {} */
    {"eA==", 0},                                  /* x */
    {"====", 0},
    {"=", 0},
    {"a b=", 0},
    {"", 0},
};

static void a_token_tells_its_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++) {
        Arena *arena = arena_new(MEMORY);

        if (ecr_token_expires(arena, text_of(tokens[i].token)) != tokens[i].expires)
            fail_msg("'%s' ends otherwise", tokens[i].token);
        arena_free(arena);
    }
}

static void a_time_is_written_in_utc(void **state)
{
    (void)state;
    Arena *arena = arena_new(MEMORY);

    assert_string_equal(arena_copy(arena, ecr_time(arena, 1700000000)).at,
                        "2023-11-14T22:13:20Z");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_a_registry_of_ecr_or_not),
        cmocka_unit_test(a_user_is_a_long_term_key_or_aws),
        cmocka_unit_test(a_token_tells_its_end),
        cmocka_unit_test(a_time_is_written_in_utc),
    };

    return cmocka_run_group_tests_name("ecr", tests, NULL, NULL);
}
