/*
 * fake_internet.c: real names, offline: a CONNECT proxy that is every host itself.
 *
 *   fake_internet LOG CERTIFICATE KEY NAME=PORT...
 *
 * Prints its port, then serves until it is killed, at most ten minutes. A CONNECT to NAME
 * ("*.example": whatever ends so) is answered by this program, with TLS, and what comes
 * through goes to PORT of this machine, in the clear. Each CONNECT is a line of LOG; to
 * other names it is a 502.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVED_SECONDS = 600, HEAD_MAX = 4096 };

static const struct sockaddr_in loopback = {.sin_family = AF_INET};

static int connect_to(int port)
{
    struct sockaddr_in address = loopback;
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    if (connect(server, (struct sockaddr *)&address, sizeof(address)) == 0)
        return server;
    (void)close(server);
    return -1;
}

/* The port that a name leads to; 0: none. */
static int port_of(const char *host, char **pairs)
{
    for (; *pairs; pairs++) {
        const char *equals = strchr(*pairs, '=');
        size_t len = equals ? (size_t)(equals - *pairs) : 0, host_len = strlen(host);
        bool ends = **pairs == '*' && host_len >= len - 1 &&
                    strncmp(host + host_len - (len - 1), *pairs + 1, len - 1) == 0;

        if (equals && (ends || (host_len == len && strncmp(host, *pairs, len) == 0)))
            return (int)strtol(equals + 1, NULL, 10);
    }
    return 0;
}

static void relay(SSL *tls, int client, int server)
{
    char bytes[16384];
    bool open = true;

    while (open) {
        struct pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        int len;

        if (!SSL_pending(tls) && poll(both, 2, -1) < 0)
            return;
        if (SSL_pending(tls) || both[0].revents) {
            len = SSL_read(tls, bytes, sizeof(bytes));
            if (len <= 0)
                open = false;
            else if (write(server, bytes, (size_t)len) != len)
                return;
        } else if (both[1].revents) {
            len = (int)read(server, bytes, sizeof(bytes));
            if (len <= 0) {
                (void)SSL_shutdown(tls);
                return;
            }
            if (SSL_write(tls, bytes, len) <= 0)
                return;
        }
    }
}

static void serve(int client, SSL_CTX *context, FILE *log, char **pairs)
{
    char head[HEAD_MAX + 1], host[256] = "";
    size_t len = 0;

    head[0] = '\0';
    while (!strstr(head, "\r\n\r\n") && len < HEAD_MAX) {
        ssize_t some = read(client, head + len, HEAD_MAX - len);

        if (some <= 0)
            return;
        len += (size_t)some;
        head[len] = '\0';
    }
    (void)fprintf(log, "%.*s\n", (int)strcspn(head, "\r\n"), head);
    (void)fflush(log);
    int port =
        sscanf(head, "CONNECT %255[^: ]:443 ", host) == 1 ? port_of(host, pairs) : 0;
    int server = port ? connect_to(port) : -1;
    if (server < 0) {
        (void)dprintf(client, "HTTP/1.1 502 no such host\r\n\r\n");
        return;
    }
    (void)dprintf(client, "HTTP/1.1 200 ok\r\n\r\n");
    SSL *tls = SSL_new(context);
    if (tls && SSL_set_fd(tls, client) == 1 && SSL_accept(tls) == 1)
        relay(tls, client, server);
}

int main(int count, char **words)
{
    struct sockaddr_in address = loopback;
    socklen_t len = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (count < 4 || listener < 0 || !context ||
        SSL_CTX_use_certificate_chain_file(context, words[2]) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, words[3], SSL_FILETYPE_PEM) != 1 ||
        bind(listener, (struct sockaddr *)&address, len) != 0 ||
        listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) != 0)
        return 1;
    FILE *log = fopen(words[1], "a");
    if (!log || signal(SIGPIPE, SIG_IGN) == SIG_ERR ||
        signal(SIGCHLD, SIG_IGN) == SIG_ERR)
        return 1;
    (void)alarm(SERVED_SECONDS);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)printf("%d\n", ntohs(address.sin_port));
    (void)fflush(stdout);
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        if (client >= 0 && fork() == 0) {
            (void)alarm(SERVED_SECONDS);
            serve(client, context, log, words + 4);
            _exit(0);
        }
        if (client >= 0)
            (void)close(client);
    }
}
