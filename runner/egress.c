/* close_range, prctl and MAP_ANONYMOUS are Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "egress.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gate.h"
#include "pin.h"
#include "plan/plan_read.h"

struct Egress {
    pid_t pid; /* 0: it has ended */
};

/* Where the clients of a registry get their tokens, or are sent on to, beside the
 * registry itself. A row is a host; of others nothing is known, and the registry alone
 * is reached (reference/runner.md, section 8). */
static const struct {
    const char *registry, *host;
} known[] = {
    {"docker.io", "registry-1.docker.io:443"},
    {"docker.io", "index.docker.io:443"},
    {"docker.io", "auth.docker.io:443"},
    {"registry.gitlab.com", "gitlab.com:443"},
};

static Text with_port(Arena *arena, Text host)
{
    Text behind = text_from(host, text_find_last_byte(host, ']'));

    return text_find_byte(behind.len ? behind : host, ':') <
                   (behind.len ? behind : host).len
               ? host
               : arena_format(arena, "%.*s:443", TEXT_ARG(host));
}

/* "host:port" of all that a login may lead to. */
static Text *hosts_of(const Run *run, const Login *login, uint32_t *count)
{
    const size_t nknown = sizeof(known) / sizeof(*known);
    Text *hosts = ARENA_ARRAY(run->arena, 1 + nknown + run->options.nallowed, Text);

    *count = 0;
    for (size_t i = 0; i < nknown; i++) {
        if (text_equal(login->host, text_of(known[i].registry)))
            hosts[(*count)++] = text_of(known[i].host);
    }
    if (!text_equal(login->host, TEXT("docker.io"))) /* which is nobody's address */
        hosts[(*count)++] = with_port(run->arena, login->host);
    for (uint32_t i = 0; i < run->options.nallowed; i++)
        hosts[(*count)++] = with_port(run->arena, run->options.allowed[i]);
    return hosts;
}

uint32_t egress_ports(const Run *run, const Login *login,
                      uint16_t ports[CHILD_PORTS_MAX])
{
    uint32_t nhosts, count = 0;
    const Text *hosts = hosts_of(run, login, &nhosts);

    ports[count++] = login->gate;
    for (uint32_t i = 0; i < nhosts && count < CHILD_PORTS_MAX - 1; i++) {
        Text port = text_from(hosts[i], text_find_last_byte(hosts[i], ':') + 1);
        uint16_t number = (uint16_t)strtoul(arena_copy(run->arena, port).at, NULL, 10);

        if (!pin_is_loopback(hosts[i]))
            continue;
        ports[count++] = number;
        if (number == 443)
            ports[count++] = 80; /* what a client tries next, where it may */
    }
    return count;
}

static int listen_here(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener >= 0 && bind(listener, (struct sockaddr *)&address, len) == 0 &&
        listen(listener, 16) == 0 &&
        getsockname(listener, (struct sockaddr *)&address, &len) == 0) {
        *port = ntohs(address.sin_port);
        return listener;
    }
    if (listener >= 0)
        (void)close(listener);
    return -1;
}

/* Copies, since the environment is overwritten. */
static bool read_upstream(const Run *run, Upstream *upstream, Text *problem)
{
    const char *proxy = getenv("HTTPS_PROXY"), *without = getenv("NO_PROXY");

    if (!run->options.network_environment)
        return true;
    proxy = proxy ? proxy : getenv("https_proxy");
    without = without ? without : getenv("no_proxy");
    upstream->without = arena_copy(run->arena, text_of(without));
    *problem = TEXT("HTTPS_PROXY is no proxy that berth-run can go through, which is "
                    "http://[user:password@]host[:port]");
    return !proxy || !*proxy ||
           gate_read_upstream(run->arena, secret_copy(run->arena, text_of(proxy)),
                              upstream);
}

/* Nothing of this process but its listeners, and no value of its environment. */
static bool shed(const Gate *gates, uint32_t count)
{
    extern char **environ;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), last = 2;
    sigset_t none;

    for (char **at = environ; *at; at++)
        explicit_bzero(*at, strlen(*at));
    for (uint32_t i = 0; i < count; i++)
        last = gates[i].listener > last ? gates[i].listener : last;
    for (int file = 3; file < last; file++) {
        uint32_t i = 0;

        while (i < count && gates[i].listener != file)
            i++;
        if (i == count && file != null)
            (void)close(file);
    }
    return sigemptyset(&none) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0 &&
           null >= 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1 &&
           dup2(null, 2) == 2 && close_range((unsigned)last + 1, ~0U, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

void egress_end(Egress *egress)
{
    if (!egress || egress->pid == 0)
        return;
    (void)kill(egress->pid, SIGKILL);
    (void)waitpid(egress->pid, NULL, 0);
    egress->pid = 0;
}

static void end(void *egress)
{
    egress_end(egress);
}

/* One page or more that both processes see. */
static char *share(size_t bytes)
{
    void *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

Egress *egress_start(Run *run, Logins logins, Text *problem)
{
    Gate *gates = ARENA_ARRAY(run->arena, logins.count, Gate);
    Egress *egress = ARENA_NEW(run->arena, Egress);
    char *refused = share((size_t)logins.count * GATE_REFUSED_MAX);
    Upstream upstream = {0};
    pid_t parent = getpid();
    bool fine = refused != NULL;

    if (!read_upstream(run, &upstream, problem))
        return NULL;
    for (uint32_t i = 0; fine && i < logins.count; i++) {
        Login *login = &logins.items[i];

        gates[i].refused = refused + (size_t)i * GATE_REFUSED_MAX;
        gates[i].hosts = hosts_of(run, login, &gates[i].nhosts);
        gates[i].listener = listen_here(&login->gate);
        login->refused = gates[i].refused;
        fine = gates[i].listener >= 0;
    }
    *problem =
        TEXT("no port of this machine could be opened, which clients are held to");
    egress->pid = fine ? fork() : -1;
    if (egress->pid == 0) {
        if (setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
            getppid() == parent && shed(gates, logins.count))
            gate_serve(gates, logins.count, &upstream, run->options.total);
        _exit(1);
    }
    for (uint32_t i = 0; i < logins.count && gates[i].refused; i++) {
        if (gates[i].listener >= 0)
            (void)close(gates[i].listener);
    }
    if (egress->pid < 0)
        return NULL;
    arena_defer(run->arena, end, egress);
    return egress;
}

Text egress_refused(const Run *run, const Login *login)
{
    Buffer shown = {.arena = run->arena};

    if (login->refused && login->refused[0])
        buffer_add_printable(
            &shown, text_slice(text_of(login->refused), 0, GATE_REFUSED_MAX - 1));
    return buffer_text(&shown);
}
