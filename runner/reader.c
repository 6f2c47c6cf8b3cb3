#include "reader.h"

bool reader_find(Arena *arena, const Client *client, Client *reader)
{
    static const Tool order[] = {TOOL_SKOPEO, TOOL_DOCKER, TOOL_PODMAN};

    *reader = *client;
    if (client->tool == TOOL_SKOPEO || client->tool == TOOL_DOCKER)
        return true;
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
        if (client_find_tool(arena, order[i], reader))
            return true;
    }
    return false;
}

bool reader_probes(const Client *client)
{
    return client->tool == TOOL_DOCKER;
}

/* docker --config=DIR manifest inspect IMAGE | skopeo inspect --authfile=FILE
 * docker://IMAGE | podman search --list-tags --authfile=FILE NAME */
static char **read_words(Run *run, const Client *reader, const Stage *stage,
                         const Login *login, Text image)
{
    Words words = words_new(run->arena);

    words_add(&words, "", reader->path);
    if (reader->tool == TOOL_DOCKER) {
        words_add(&words, "--config=", stage->directory);
        words_add(&words, "manifest", TEXT(""));
        words_add(&words, "inspect", TEXT(""));
        client_add_insecure(&words, run, login, "--insecure");
        words_add(&words, "--", TEXT(""));
        words_add(&words, "", image);
        return words.at;
    }
    if (reader->tool == TOOL_SKOPEO) {
        words_add(&words, "inspect", TEXT(""));
        words_add(&words, "--raw", TEXT(""));
    } else {
        size_t end = text_find_byte(image, '@');

        image = text_slice(image, 0, end);
        end = text_find_last_byte(image, ':'); /* not a port's */
        if (text_find_byte(text_from(image, end), '/') == image.len - end)
            image = text_slice(image, 0, end);
        words_add(&words, "search", TEXT(""));
        words_add(&words, "--list-tags", TEXT(""));
        words_add(&words, "--limit=1", TEXT(""));
    }
    words_add(&words, "--authfile=", stage->config);
    client_add_insecure(&words, run, login, "--tls-verify=false");
    words_add(&words, "--", TEXT(""));
    words_add(&words, reader->tool == TOOL_SKOPEO ? "docker://" : "", image);
    return words.at;
}

Child reader_call(Run *run, const Client *reader, const Stage *stage,
                  const Login *login, Text image, int64_t deadline)
{
    return client_call(run, reader, stage, login,
                       read_words(run, reader, stage, login, image), deadline);
}

Child reader_probe(Run *run, const Client *client, const Stage *stage,
                   const Login *login, int64_t deadline)
{
    Text image =
        arena_format(run->arena, "%.*s/berth/no-such-image", TEXT_ARG(login->host));

    return reader_call(run, client, stage, login, image, deadline);
}
