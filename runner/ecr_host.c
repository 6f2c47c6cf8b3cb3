#include "ecr_host.h"

/* The partitions of AWS, by their regions' first words; the longer prefixes first. A
 * partition of which no dual-stack name is known has none here (botocore's
 * partitions.json, 0e6e240). */
static const struct Partition {
    const char *prefix;
    const char *suffix;     /* of registries and of the API */
    const char *dual_stack; /* of registries */
    const char *dual_api;
} partitions[] = {
    {"us-gov-", "amazonaws.com", "on.aws", "api.aws"},
    {"us-isob-", "sc2s.sgov.gov", NULL, NULL},
    {"us-isof-", "csp.hci.ic.gov", NULL, NULL},
    {"us-iso-", "c2s.ic.gov", NULL, NULL},
    {"eu-isoe-", "cloud.adc-e.uk", NULL, NULL},
    {"eusc-de-", "amazonaws.eu", NULL, NULL},
    {"cn-", "amazonaws.com.cn", "on.amazonwebservices.com.cn",
     "api.amazonwebservices.com.cn"},
    {"us-", "amazonaws.com", "on.aws", "api.aws"},
    {"eu-", "amazonaws.com", "on.aws", "api.aws"},
    {"ap-", "amazonaws.com", "on.aws", "api.aws"},
    {"sa-", "amazonaws.com", "on.aws", "api.aws"},
    {"ca-", "amazonaws.com", "on.aws", "api.aws"},
    {"me-", "amazonaws.com", "on.aws", "api.aws"},
    {"af-", "amazonaws.com", "on.aws", "api.aws"},
    {"il-", "amazonaws.com", "on.aws", "api.aws"},
    {"mx-", "amazonaws.com", "on.aws", "api.aws"},
};

static size_t count_while(Text text, bool (*fits)(char byte))
{
    size_t len = 0;

    while (len < text.len && fits(text.at[len]))
        len++;
    return len;
}

static bool skip(Text *rest, const char *words)
{
    bool fits = text_starts_with(*rest, text_of(words));

    if (fits)
        *rest = text_from(*rest, text_of(words).len);
    return fits;
}

/* prefix letters "-" digits */
static const struct Partition *partition_of(Text region)
{
    for (size_t i = 0; i < sizeof(partitions) / sizeof(*partitions); i++) {
        Text rest = region;

        if (!skip(&rest, partitions[i].prefix))
            continue;
        size_t letters = count_while(rest, byte_is_lower);
        rest = text_from(rest, letters);
        if (letters && skip(&rest, "-") && rest.len &&
            count_while(rest, byte_is_digit) == rest.len)
            return &partitions[i];
    }
    return NULL;
}

static bool read_private(Arena *arena, Text host, EcrHost *ecr, Text *problem)
{
    Text rest = host;
    bool is_dual, is_fips;

    if (count_while(rest, byte_is_digit) != 12)
        return false;
    ecr->account = text_slice(rest, 0, 12);
    rest = text_from(rest, 12);
    is_dual = skip(&rest, ".dkr-ecr");
    if (!is_dual && !skip(&rest, ".dkr.ecr"))
        return false;
    is_fips = skip(&rest, "-fips");
    if (!skip(&rest, "."))
        return false;
    size_t dot = text_find_byte(rest, '.');
    ecr->region = text_slice(rest, 0, dot);
    const struct Partition *partition = partition_of(ecr->region);
    if (!partition) {
        *problem = arena_format(arena, "AWS has no region '%.*s'",
                                TEXT_ARG(text_slice(ecr->region, 0, 40)));
        return false;
    }
    const char *suffix = is_dual ? partition->dual_stack : partition->suffix;
    if (!suffix || !text_equal(text_from(rest, dot + 1), text_of(suffix))) {
        *problem =
            arena_format(arena, "a registry of %.*s ends with %s",
                         TEXT_ARG(ecr->region), suffix ? suffix : partition->suffix);
        return false;
    }
    ecr->api = is_dual
                   ? arena_format(arena, "ecr%s.%.*s.%s", is_fips ? "-fips" : "",
                                  TEXT_ARG(ecr->region), partition->dual_api)
                   : arena_format(arena, "api.ecr%s.%.*s.%s", is_fips ? "-fips" : "",
                                  TEXT_ARG(ecr->region), partition->suffix);
    return true;
}

bool ecr_host_read(Arena *arena, Text host, EcrHost *ecr, Text *problem)
{
    bool is_dual = text_equal(host, TEXT("ecr-public.aws.com"));

    *ecr = (EcrHost){0};
    *problem = TEXT("it is no registry of ECR");
    if (!is_dual && !text_equal(host, TEXT("public.ecr.aws")))
        return read_private(arena, host, ecr, problem);
    ecr->is_public = true;
    ecr->region = TEXT("us-east-1"); /* whatever region the environment names */
    ecr->api = is_dual ? TEXT("ecr-public.us-east-1.api.aws")
                       : TEXT("api.ecr-public.us-east-1.amazonaws.com");
    return true;
}
