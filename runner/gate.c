/* accept4, close_range and prctl are Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "gate.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "redact.h"

enum {
    CONNECTIONS_MAX = 64,
    HEAD_MAX = 4096,   /* bytes of a CONNECT with its headers */
    PIECE = 16384,     /* bytes that are passed on at once */
    NAME_MAX_LEN = 253 /* of a host (RFC 1035, 2.3.4) */
};

/* --- what may be reached --- */

static Text without_prefix(Text text, Text prefix)
{
    return text_starts_with(text, prefix) ? text_from(text, prefix.len) : text;
}

bool gate_read_upstream(Arena *arena, Text proxy, Upstream *upstream)
{
    Text rest = without_prefix(proxy, TEXT("http://")), user = {0};
    size_t at = text_find_last_byte(rest, '@');

    if (at < rest.len) {
        user = text_slice(rest, 0, at);
        rest = text_from(rest, at + 1);
    }
    if (text_ends_with(rest, TEXT("/")))
        rest.len--;
    size_t colon = text_find_byte(rest, ':');
    upstream->host = text_slice(rest, 0, colon);
    upstream->port = colon < rest.len ? text_from(rest, colon + 1) : TEXT("80");
    colon = text_find_byte(user, ':');
    if (user.len)
        upstream->authorization =
            secret_basic(arena, text_slice(user, 0, colon), text_from(user, colon + 1));
    bool fits = upstream->host.len && upstream->host.len <= NAME_MAX_LEN &&
                upstream->port.len && upstream->port.len <= 5;
    for (size_t i = 0; fits && i < upstream->host.len; i++)
        fits = byte_is_letter(upstream->host.at[i]) ||
               byte_is_digit(upstream->host.at[i]) || upstream->host.at[i] == '.' ||
               upstream->host.at[i] == '-';
    for (size_t i = 0; fits && i < upstream->port.len; i++)
        fits = byte_is_digit(upstream->port.at[i]);
    return fits && text_find_byte(user, '%') == user.len;
}

bool gate_goes_around(const Upstream *upstream, Text host)
{
    Text rest = upstream->without, name;

    for (bool done = false; text_next_part(&rest, ',', &name, &done);) {
        name = without_prefix(text_trim(name), TEXT("."));
        if (name.len == 0 || name.len > host.len)
            continue;
        bool ends =
            text_equal_ignoring_case(text_from(host, host.len - name.len), name);
        if (text_equal(name, TEXT("*")) ||
            (ends && (name.len == host.len || host.at[host.len - name.len - 1] == '.')))
            return true;
    }
    return false;
}

static bool is_allowed(const Gate *gate, Text host)
{
    uint32_t i = 0;

    while (i < gate->nhosts && !text_equal_ignoring_case(gate->hosts[i], host))
        i++;
    return i < gate->nhosts;
}

/* The first one is what a person is told. */
static void note_refusal(const Gate *gate, Text host)
{
    if (gate->refused[0])
        return;
    for (size_t i = 0; i < host.len && i < GATE_REFUSED_MAX - 1; i++)
        gate->refused[i] = host.at[i];
}

/* --- one connection --- */

static bool send_all(int to, const char *bytes, size_t len)
{
    while (len) {
        ssize_t some = write(to, bytes, len);

        if (some <= 0)
            return false;
        bytes += some;
        len -= (size_t)some;
    }
    return true;
}

static void answer(int client, const char *status)
{
    char line[128];
    int len = snprintf(line, sizeof(line), "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n",
                       status);

    (void)send_all(client, line, (size_t)len);
}

/* The name is resolved here, and nowhere else. -1 with *status: what to answer. */
static int connect_to(const char *host, const char *port, const char **status)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int server = -1;

    *status = "502 no such host";
    if (getaddrinfo(host, port, &hints, &list) != 0)
        return -1;
    for (struct addrinfo *at = list; at && server < 0; at = at->ai_next) {
        server = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
        if (server < 0 || connect(server, at->ai_addr, at->ai_addrlen) == 0)
            continue;
        (void)close(server);
        server = -1;
        *status = errno == ECONNREFUSED ? "502 connection refused"
                                        : "502 network is unreachable";
    }
    freeaddrinfo(list);
    return server;
}

/* What comes in on one side goes out on the other, until one of them has ended. */
static void relay(int client, int server)
{
    char bytes[PIECE];

    for (;;) {
        struct pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};

        if (poll(both, 2, -1) < 0)
            return;
        int from = both[0].revents ? client : server;
        ssize_t some = read(from, bytes, sizeof(bytes));
        if (some <= 0 ||
            !send_all(from == client ? server : client, bytes, (size_t)some))
            return;
    }
}

/* Through the proxy of the environment, whose answer goes to the client as it is. */
static int connect_through(const Upstream *upstream, const char *host, const char *port,
                           const char **status)
{
    char name[NAME_MAX_LEN + 1], number[6], head[HEAD_MAX];
    int server, len;

    (void)snprintf(name, sizeof(name), "%.*s", TEXT_ARG(upstream->host));
    (void)snprintf(number, sizeof(number), "%.*s", TEXT_ARG(upstream->port));
    len = snprintf(
        head, sizeof(head), "CONNECT %s:%s HTTP/1.1\r\nHost: %s:%s\r\n%s%.*s%s\r\n",
        host, port, host, port,
        upstream->authorization.len ? "Proxy-Authorization: Basic " : "",
        TEXT_ARG(upstream->authorization), upstream->authorization.len ? "\r\n" : "");
    server = connect_to(name, number, status);
    if (server < 0)
        *status = "502 proxyconnect: the proxy of the environment does not answer";
    if (server < 0 ||
        (len > 0 && len < HEAD_MAX && send_all(server, head, (size_t)len)))
        return server;
    (void)close(server);
    return -1;
}

/* "CONNECT " host ":" port " HTTP/1." ... CR LF CR LF. Plain HTTP, whose request has a
 * whole URL, goes nowhere: *plain is its host. */
static bool read_connect(int client, char *head, Text *authority, Text *plain)
{
    size_t len = 0;
    Text text = {0};

    while (text_find(text, TEXT("\r\n\r\n")) == text.len) {
        ssize_t some = len < HEAD_MAX ? read(client, head + len, HEAD_MAX - len) : 0;

        if (some <= 0)
            return false;
        len += (size_t)some;
        text = (Text){head, len};
    }
    if (!text_starts_with(text, TEXT("CONNECT ")) ||
        !text_ends_with(text, TEXT("\r\n\r\n"))) {
        text = text_slice(text, 0, text_find_byte(text, '\r'));
        *plain = text_from(text, text_find(text, TEXT("://")) + 3);
        *plain = text_slice(*plain, 0, text_find_byte(*plain, ' '));
        *plain = text_slice(*plain, 0, text_find_byte(*plain, '/'));
        return false;
    }
    *authority = text_from(text, 8);
    *authority = text_slice(*authority, 0, text_find_byte(*authority, ' '));
    return text_find_last_byte(*authority, ':') < authority->len;
}

static void serve(const Gate *gate, const Upstream *upstream, int client)
{
    char head[HEAD_MAX], host[NAME_MAX_LEN + 1], port[6];
    const char *status = "";
    Text authority, plain = {0};
    int server;

    if (!read_connect(client, head, &authority, &plain)) {
        note_refusal(gate, plain);
        answer(client, "403 " GATE_REFUSAL);
        return;
    }
    size_t colon = text_find_last_byte(authority, ':');
    if (!is_allowed(gate, authority)) {
        note_refusal(gate, authority);
        answer(client, "403 " GATE_REFUSAL);
        return;
    }
    Text name = text_slice(authority, 0, colon);
    if (text_starts_with(name, TEXT("[")))
        name = text_slice(name, 1, name.len - 1);
    (void)snprintf(host, sizeof(host), "%.*s", TEXT_ARG(name));
    (void)snprintf(port, sizeof(port), "%.*s",
                   TEXT_ARG(text_from(authority, colon + 1)));
    bool direct = upstream->host.len == 0 || gate_goes_around(upstream, name);
    server = direct ? connect_to(host, port, &status)
                    : connect_through(upstream, host, port, &status);
    if (server < 0)
        answer(client, status);
    else if (!direct || send_all(client, "HTTP/1.1 200 connected\r\n\r\n", 26))
        relay(client, server);
}

/* --- the process --- */

/* Killed when its parent ends, at the latest. */
static bool tie_to(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

static void take_connection(const Gate *gate, const Upstream *upstream,
                            unsigned seconds, uint32_t *active)
{
    int client = accept4(gate->listener, NULL, NULL, SOCK_CLOEXEC);
    pid_t parent = getpid(), pid = client < 0 ? -1 : fork();

    if (pid == 0) {
        if (dup2(client, 3) == 3 && close_range(4, ~0U, 0) == 0 && tie_to(parent)) {
            (void)alarm(seconds);
            serve(gate, upstream, 3);
        }
        _exit(0);
    }
    if (client >= 0)
        (void)close(client);
    *active += pid > 0;
}

_Noreturn void gate_serve(const Gate *gates, uint32_t count, const Upstream *upstream,
                          unsigned seconds)
{
    enum { GATES_MAX = 256, LOOK = 200 }; /* ms until ended connections are counted */
    struct pollfd wait[GATES_MAX];
    uint32_t active = 0;

    for (uint32_t i = 0; i < count; i++)
        wait[i] = (struct pollfd){gates[i].listener, POLLIN, 0};
    for (;;) {
        while (active && waitpid(-1, NULL, active < CONNECTIONS_MAX ? WNOHANG : 0) > 0)
            active--;
        if (poll(wait, count, active ? LOOK : -1) < 0 && errno != EINTR)
            _exit(1);
        for (uint32_t i = 0; i < count; i++) {
            if (wait[i].revents && active < CONNECTIONS_MAX)
                take_connection(&gates[i], upstream, seconds, &active);
        }
    }
}
