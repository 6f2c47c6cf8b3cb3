/*
 * fake_registry.c: a registry that behaves as it is told, on this machine alone.
 *
 *   fake_registry MODE LOG [ARGUMENT]
 *
 * Prints its port, then serves until it is killed, at most ten minutes. Each request is
 * a line of LOG: its first line, and what its Authorization was. Modes:
 *   record         asks for a login, and takes any
 *   open           asks nobody
 *   busy COUNT     503 to so many requests, then as record
 *   slow-down      429, always
 *   realm URL      sends whoever wants a token to URL
 *   token FILE     gives FILE as a token to who logs in as the environment's BASIC
 *   redirect URL   sends whoever has logged in on to URL
 *   answer FILE    FILE, a whole response; LOG has the whole request
 *   hang           takes connections, and never answers
 *   drip           one byte of a header a second
 *   echo           refuses, with what it was sent and with a terminal's commands
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MAX = 1 << 17, SERVED_SECONDS = 600 };

typedef struct Server {
    const char *mode, *argument;
    FILE *log;
    long count; /* requests so far */
} Server;

static void say(int client, const char *status, const char *headers, const char *body)
{
    (void)dprintf(client,
                  "HTTP/1.1 %s\r\nDocker-Distribution-Api-Version: registry/2.0\r\n"
                  "Content-Type: application/json\r\n%sContent-Length: %zu\r\n"
                  "Connection: close\r\n\r\n%s",
                  status, headers, strlen(body), body);
}

static void ask(int client)
{
    say(client, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"fake\"\r\n",
        "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication "
        "required\"}]}");
}

static void give_token(const Server *server, int client, const char *authorization)
{
    static char token[1 << 16], body[(1 << 16) + 64];
    const char *basic = getenv("BASIC");
    FILE *file = fopen(server->argument, "r");
    size_t len = file ? fread(token, 1, sizeof(token) - 1, file) : 0;

    if (file)
        (void)fclose(file);
    token[len] = '\0';
    if (!basic || strncmp(authorization, "Basic ", 6) != 0 ||
        strcmp(authorization + 6, basic) != 0) {
        say(client, "401 Unauthorized", "",
            "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"incorrect username "
            "or "
            "password\"}]}");
        return;
    }
    (void)snprintf(body, sizeof(body), "{\"token\":\"%s\",\"expires_in\":300}", token);
    say(client, "200 OK", "", body);
}

static void send_file(const char *path, int client)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "r");
    size_t len = file ? fread(bytes, 1, sizeof(bytes), file) : 0;

    if (file)
        (void)fclose(file);
    for (size_t at = 0; at < len;) {
        ssize_t some = write(client, bytes + at, len - at);

        if (some <= 0)
            return;
        at += (size_t)some;
    }
}

/* What Content-Length announces, behind the headers. */
static void read_body(int client, char *request, size_t *len, size_t headers)
{
    const char *length = strcasestr(request, "\r\nContent-Length: ");
    size_t whole = headers + (length ? strtoul(length + 18, NULL, 10) : 0);

    while (*len < whole && *len < REQUEST_MAX - 1) {
        ssize_t some = read(client, request + *len, REQUEST_MAX - 1 - *len);

        if (some <= 0)
            return;
        *len += (size_t)some;
        request[*len] = '\0';
    }
}

static void drip(int client)
{
    char request[4096];

    if (read(client, request, sizeof(request)) <= 0)
        return;
    (void)dprintf(client, "HTTP/1.1 200 OK\r\nX-Slow: ");
    while (write(client, "a", 1) == 1)
        (void)sleep(1);
}

static void answer(Server *server, int client, const char *authorization)
{
    static char text[REQUEST_MAX];
    const char *mode = server->mode;

    if (strcmp(mode, "open") == 0) {
        say(client, "200 OK", "", "{}");
    } else if (strcmp(mode, "slow-down") == 0) {
        say(client, "429 Too Many Requests", "",
            "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"slow down\"}]}");
    } else if (strcmp(mode, "busy") == 0 &&
               server->count <= strtol(server->argument, NULL, 10)) {
        say(client, "503 Service Unavailable", "", "{}");
    } else if (strcmp(mode, "realm") == 0 &&
               strncmp(authorization, "Bearer ", 7) != 0) {
        (void)snprintf(text, sizeof(text),
                       "WWW-Authenticate: Bearer realm=\"%s\",service=\"fake\"\r\n",
                       server->argument);
        say(client, "401 Unauthorized", text, "{}");
    } else if (strcmp(mode, "token") == 0) {
        give_token(server, client, authorization);
    } else if (strcmp(mode, "echo") == 0 && *authorization) {
        (void)snprintf(text, sizeof(text),
                       "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"\\u001b[31mred "
                       "you sent %.4000s\"}]}",
                       authorization);
        say(client, "403 Forbidden", "", text);
    } else if (!*authorization) {
        ask(client);
    } else if (strcmp(mode, "redirect") == 0) {
        (void)snprintf(text, sizeof(text), "Location: %s\r\n", server->argument);
        say(client, "307 Temporary Redirect", text, "");
    } else {
        say(client, "200 OK", "", "{}");
    }
}

/* Reads to the end of the headers, logs, and answers: one request a connection. */
static void serve(Server *server, int client)
{
    static char request[REQUEST_MAX];
    size_t len = 0;
    char *end = NULL;

    while (!end && len < sizeof(request) - 1) {
        ssize_t some = read(client, request + len, sizeof(request) - 1 - len);

        if (some <= 0)
            return;
        len += (size_t)some;
        request[len] = '\0';
        if (request[0] < 'A') { /* TLS: as Go's servers answer it */
            (void)dprintf(client, "HTTP/1.0 400 Bad Request\r\n\r\n");
            return;
        }
        end = strstr(request, "\r\n\r\n");
    }
    const char *authorization = strcasestr(request, "\r\nAuthorization: ");
    authorization = authorization ? authorization + strlen("\r\nAuthorization: ") : "";
    int first = (int)strcspn(request, "\r\n"),
        sent = (int)strcspn(authorization, "\r\n");
    char value[REQUEST_MAX];

    (void)snprintf(value, sizeof(value), "%.*s", sent, authorization);
    (void)fprintf(server->log, "%.*s [%s]\n", first, request, value);
    (void)fflush(server->log);
    server->count++;
    if (strcmp(server->mode, "answer") == 0) {
        read_body(client, request, &len, (size_t)(end - request) + 4);
        (void)fprintf(server->log, "%s\n", request);
        (void)fflush(server->log);
        send_file(server->argument, client);
        (void)shutdown(client, SHUT_WR);
        return;
    }
    answer(server, client, value);
    (void)shutdown(client, SHUT_WR);
}

int main(int count, char **words)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (count < 3 || listener < 0 ||
        bind(listener, (struct sockaddr *)&address, len) != 0 ||
        listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) != 0)
        return 1;
    Server server = {words[1], count > 3 ? words[3] : "", fopen(words[2], "a"), 0};
    if (!server.log || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return 1;
    (void)alarm(SERVED_SECONDS);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)printf("%d\n", ntohs(address.sin_port));
    (void)fflush(stdout);
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        if (client < 0)
            continue;
        if (strcmp(server.mode, "hang") == 0)
            continue; /* kept open */
        if (strcmp(server.mode, "drip") == 0) {
            if (fork() == 0) {
                (void)alarm(SERVED_SECONDS);
                drip(client);
                _exit(0);
            }
        } else {
            serve(&server, client);
        }
        (void)close(client);
    }
}
