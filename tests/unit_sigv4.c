#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "runner/sha256.h"
#include "runner/sigv4.h"

enum { MEMORY = 1 << 22, HEADERS_MAX = 8 };

static const char first_token[] =
    "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
static const char second_token[] =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAe"
    "MicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phU"
    "ZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38x"
    "Vqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2"
    "ICCR/oLxBA==";

/* The requests of AWS's own test suite, each with the SHA-256 of its canonical form and
 * its signature (github.com/awslabs/aws-c-auth 495329c, tests/aws-signing-test-suite/v4).
 * The names are the suite's. A token is sent as X-Amz-Security-Token. */
typedef struct Vector {
    const char *name;
    const char *target; /* method and target, as sent */
    const char *headers[HEADERS_MAX];
    const char *body, *token;
    bool keeps_path;
    bool signs_body; /* with X-Amz-Content-Sha256 */
    const char *canonical_digest, *signature;
} Vector;

static const Vector vectors[] = {
    {.name = "get-header-key-duplicate",
     .target = "GET /",
     .headers = {"Host:example.amazonaws.com", "My-Header1:value2", "My-Header1:value2",
                 "My-Header1:value1"},
     .canonical_digest =
         "dc7f04a3abfde8d472b0ab1a418b741b7c67174dad1551b4117b15527fbe966c",
     .signature = "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {.name = "get-header-value-multiline",
     .target = "GET /",
     .headers = {"Host:example.amazonaws.com",
                 "My-Header1:value1\n  value2\n     value3"},
     .canonical_digest =
         "e99419459a677bc11de234014be3c4e72c1ea5b454ceb58b613061f5d7a162e8",
     .signature = "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"},
    {.name = "get-header-value-order",
     .target = "GET /",
     .headers = {"Host:example.amazonaws.com", "My-Header1:value4", "My-Header1:value1",
                 "My-Header1:value3", "My-Header1:value2"},
     .canonical_digest =
         "31ce73cd3f3d9f66977ad3dd957dc47af14df92fcd8509f59b349e9137c58b86",
     .signature = "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {.name = "get-header-value-trim",
     .target = "GET /",
     .headers = {"Host:example.amazonaws.com", "My-Header1: value1",
                 "My-Header2: \"a   b   c\""},
     .canonical_digest =
         "a726db9b0df21c14f559d0a978e563112acb1b9e05476f0a6a1c7d68f28605c7",
     .signature = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {.name = "get-relative-normalized",
     .target = "GET /example/..",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-relative-relative-normalized",
     .target = "GET /example1/example2/../..",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-relative-relative-unnormalized",
     .target = "GET /example1/example2/../..",
     .headers = {"Host:example.amazonaws.com"},
     .keeps_path = true,
     .canonical_digest =
         "76115030c0f3ff06c20fdff5ceb6d5e0b835a1743e00b94fea7c7f381269437b",
     .signature = "dc33e0856fd4baca4d7aa2146c38958283844764f38c74252a333df5e613003b"},
    {.name = "get-relative-unnormalized",
     .target = "GET /example/..",
     .headers = {"Host:example.amazonaws.com"},
     .keeps_path = true,
     .canonical_digest =
         "0511f456aa502b456d135fcb9d749374a55228f9dbeedda1eacf659e05b0615b",
     .signature = "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282"},
    {.name = "get-slash-dot-slash-normalized",
     .target = "GET /./",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-slash-dot-slash-unnormalized",
     .target = "GET /./",
     .headers = {"Host:example.amazonaws.com"},
     .keeps_path = true,
     .canonical_digest =
         "d67825e2268bd77a97c7688b8d72c31a3c1855b309808505ba0a9747d2465aa7",
     .signature = "68714168e6557f8f2de0ef956fc24dc2593a4bd2961f8df51898d8a134695145"},
    {.name = "get-slash-normalized",
     .target = "GET //",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-slash-pointless-dot-normalized",
     .target = "GET /./example",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "214d50c111a8edc4819da6a636336472c916b5240f51e9a51b5c3305180cf702",
     .signature = "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {.name = "get-slash-pointless-dot-unnormalized",
     .target = "GET /./example",
     .headers = {"Host:example.amazonaws.com"},
     .keeps_path = true,
     .canonical_digest =
         "73895e0e829507e28e39fd24669aedc2434a8e179e547e3c075b42921f952cdb",
     .signature = "beb03f223f7deae4146464f06e29eebbee9c8afbe15c290cf07aa8b119e14cff"},
    {.name = "get-slash-unnormalized",
     .target = "GET //",
     .headers = {"Host:example.amazonaws.com"},
     .keeps_path = true,
     .canonical_digest =
         "80cb39203d058af815de2b79250ff56e1b73eb9b4718c86556cdc6f150c5d209",
     .signature = "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e"},
    {.name = "get-slashes-normalized",
     .target = "GET //example//",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "cb96b4ac96d501f7c5c15bc6d67b3035061cfced4af6585ad927f7e6c985c015",
     .signature = "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {.name = "get-slashes-unnormalized",
     .target = "GET //example//",
     .headers = {"Host:example.amazonaws.com"},
     .keeps_path = true,
     .canonical_digest =
         "528ec3105ee1f34ab014bb0a1a45da0ed2742a4fea3555149e5b4d5d201eb240",
     .signature = "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5"},
    {.name = "get-space-normalized",
     .target = "GET /example space/",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "63ee75631ed7234ae61b5f736dfc7754cdccfedbff4b5128a915706ee9390d86",
     .signature = "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {.name = "get-space-unnormalized",
     .target = "GET /example space/",
     .headers = {"Host:example.amazonaws.com"},
     .keeps_path = true,
     .canonical_digest =
         "63ee75631ed7234ae61b5f736dfc7754cdccfedbff4b5128a915706ee9390d86",
     .signature = "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {.name = "get-unreserved",
     .target =
         "GET /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "6a968768eefaa713e2a6b16b589a8ea192661f098f37349f4e2c0082757446f9",
     .signature = "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {.name = "get-utf8",
     .target = "GET /\xe1\x88\xb4",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "2a0a97d02205e45ce2e994789806b19270cfbbb0921b278ccf58f5249ac42102",
     .signature = "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {.name = "get-vanilla",
     .target = "GET /",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-vanilla-empty-query-key",
     .target = "GET /?Param1=value1",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "1e24db194ed7d0eec2de28d7369675a243488e08526e8c1c73571282f7c517ab",
     .signature = "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {.name = "get-vanilla-query",
     .target = "GET /",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-vanilla-query-order-encoded",
     .target = "GET /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "868294f5c38bd141c4972a373a76654f1418a8e4fc18b2e7903ae45e8ae0ec71",
     .signature = "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
    {.name = "get-vanilla-query-order-key-case",
     .target = "GET /?Param2=value2&Param1=value1",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0",
     .signature = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {.name = "get-vanilla-query-unreserved",
     .target = "GET "
               "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-."
               "_~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "c30d4703d9f799439be92736156d47ccfb2d879ddf56f5befa6d1d6aab979177",
     .signature = "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {.name = "get-vanilla-utf8-query",
     .target = "GET /?\xe1\x88\xb4=bar",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "eb30c5bed55734080471a834cc727ae56beb50e5f39d1bff6d0d38cb192a7073",
     .signature = "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {.name = "get-vanilla-with-session-token",
     .target = "GET /",
     .headers = {"Host:example.amazonaws.com"},
     .token = first_token,
     .canonical_digest =
         "067b36aa60031588cea4a4cde1f21215227a047690c72247f1d70b32fbbfad2b",
     .signature = "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"},
    {.name = "post-header-key-case",
     .target = "POST /",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "553f88c9e4d10fc9e109e2aeb65f030801b70c2f6468faca261d401ae622fc87",
     .signature = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {.name = "post-header-key-sort",
     .target = "POST /",
     .headers = {"Host:example.amazonaws.com", "My-Header1:value1"},
     .canonical_digest =
         "9368318c2967cf6de74404b30c65a91e8f6253e0a8659d6d5319f1a812f87d65",
     .signature = "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {.name = "post-header-value-case",
     .target = "POST /",
     .headers = {"Host:example.amazonaws.com", "My-Header1:VALUE1"},
     .canonical_digest =
         "d51ced243e649e3de6ef63afbbdcbca03131a21a7103a1583706a64618606a93",
     .signature = "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {.name = "post-sts-header-after",
     .target = "POST /",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "553f88c9e4d10fc9e109e2aeb65f030801b70c2f6468faca261d401ae622fc87",
     .signature = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {.name = "post-sts-header-before",
     .target = "POST /",
     .headers = {"Host:example.amazonaws.com"},
     .token = second_token,
     .canonical_digest =
         "c237e1b440d4c63c32ca95b5b99481081cb7b13c7e40434868e71567c1a882f6",
     .signature = "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
    {.name = "post-vanilla",
     .target = "POST /",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "553f88c9e4d10fc9e109e2aeb65f030801b70c2f6468faca261d401ae622fc87",
     .signature = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {.name = "post-vanilla-empty-query-value",
     .target = "POST /?Param1=value1",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "9d659678c1756bb3113e2ce898845a0a79dbbc57b740555917687f1b3340fbbd",
     .signature = "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {.name = "post-vanilla-query",
     .target = "POST /?Param1=value1",
     .headers = {"Host:example.amazonaws.com"},
     .canonical_digest =
         "9d659678c1756bb3113e2ce898845a0a79dbbc57b740555917687f1b3340fbbd",
     .signature = "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {.name = "post-x-www-form-urlencoded",
     .target = "POST /",
     .headers = {"Content-Type:application/x-www-form-urlencoded",
                 "Host:example.amazonaws.com", "Content-Length:13"},
     .signs_body = true,
     .body = "Param1=value1",
     .canonical_digest =
         "b1edd1d03544c25390e32085d55b57acc9a3961bb59415ff86c45c3d89d16cfb",
     .signature = "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"},
    {.name = "post-x-www-form-urlencoded-parameters",
     .target = "POST /",
     .headers = {"Content-Type:application/x-www-form-urlencoded; charset=utf-8",
                 "Host:example.amazonaws.com", "Content-Length:13"},
     .signs_body = true,
     .body = "Param1=value1",
     .canonical_digest =
         "a89f1a5b53e37702ee6363ce1da3ce8f54386f3c8f352ae652153c2982a0bc4d",
     .signature = "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"},
};

static SignedHeader header_of(Text line)
{
    size_t colon = text_find_byte(line, ':');

    return (SignedHeader){text_slice(line, 0, colon), text_from(line, colon + 1)};
}

static void it_is_signed_as_aws_does(void **state)
{
    const Vector *vector = *state;
    Arena *arena = arena_new(MEMORY);
    Text target = text_of(vector->target), body = text_of(vector->body);
    size_t blank = text_find_byte(target, ' '), question;
    SignedHeader headers[HEADERS_MAX];
    uint32_t count = 0;
    Signature signature;

    while (vector->headers[count]) {
        headers[count] = header_of(text_of(vector->headers[count]));
        count++;
    }
    headers[count++] = (SignedHeader){TEXT("X-Amz-Date"), TEXT("20150830T123600Z")};
    if (vector->token)
        headers[count++] =
            (SignedHeader){TEXT("X-Amz-Security-Token"), text_of(vector->token)};
    if (vector->signs_body)
        headers[count++] =
            (SignedHeader){TEXT("x-amz-content-sha256"), sha256_hex(arena, body)};
    question = text_find_byte(target, '?');
    SignedRequest request = {.method = text_slice(target, 0, blank),
                             .path = text_slice(target, blank + 1, question),
                             .query = text_from(target, question + 1),
                             .keeps_path = vector->keeps_path,
                             .headers = headers,
                             .nheaders = count,
                             .body = body};
    SigningKey key = {.access_key = TEXT("AKIDEXAMPLE"),
                      .secret_key = TEXT("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                      .region = TEXT("us-east-1"),
                      .service = TEXT("service"),
                      .time = TEXT("20150830T123600Z")};

    sigv4_sign(arena, &request, &key, &signature);
    Text digest = sha256_hex(arena, signature.canonical);
    if (!text_equal(digest, text_of(vector->canonical_digest)))
        fail_msg("its canonical form is\n%.*s", TEXT_ARG(signature.canonical));
    if (!text_equal(signature.hex, text_of(vector->signature)))
        fail_msg("what is signed is\n%.*s", TEXT_ARG(signature.to_sign));
    assert_true(text_ends_with(signature.authorization, signature.hex));
    arena_free(arena);
}

static void a_key_longer_than_a_block_is_hashed(void **state)
{
    (void)state;
    Arena *arena = arena_new(MEMORY);
    Buffer secret = {.arena = arena};
    SignedHeader host = {TEXT("Host"), TEXT("r.example")};
    SignedRequest request = {
        .method = TEXT("GET"), .path = TEXT("/"), .headers = &host, .nheaders = 1};
    SigningKey key = {.access_key = TEXT("AKIA"),
                      .region = TEXT("eu-central-1"),
                      .service = TEXT("ecr"),
                      .time = TEXT("20260102T030405Z")};
    Signature signature;

    buffer_add_times(&secret, 'k', 100);
    key.secret_key = buffer_text(&secret);
    sigv4_sign(arena, &request, &key, &signature);
    /* Python's hmac and hashlib give this one. */
    assert_string_equal(
        arena_copy(arena, signature.hex).at,
        "7eed5eeffc51396adabcf61a0cb353c6ad84713d63fd2ae4fcd8546ccff2da0f");
    arena_free(arena);
}

int main(void)
{
    enum { VECTORS = sizeof(vectors) / sizeof(*vectors) };
    struct CMUnitTest tests[VECTORS + 1];
    Vector cases[VECTORS];

    for (size_t i = 0; i < VECTORS; i++) {
        cases[i] = vectors[i];
        tests[i] = (struct CMUnitTest){vectors[i].name, it_is_signed_as_aws_does, NULL,
                                       NULL, &cases[i]};
    }
    tests[VECTORS] =
        (struct CMUnitTest)cmocka_unit_test(a_key_longer_than_a_block_is_hashed);
    return cmocka_run_group_tests_name("sigv4", tests, NULL, NULL);
}
