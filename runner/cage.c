/* O_PATH and syscall are Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "cage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All that makes, changes, moves or removes something. A right that is newer than the
 * kernel would make it refuse the whole set. */
static uint64_t writing(int version)
{
    uint64_t rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                      LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                      LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                      LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                      LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

    if (version >= 2)
        rights |= 1ULL << 13; /* LANDLOCK_ACCESS_FS_REFER */
    if (version >= 3)
        rights |= 1ULL << 14; /* LANDLOCK_ACCESS_FS_TRUNCATE */
    return rights;
}

int cage_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
                           LANDLOCK_CREATE_RULESET_VERSION);

    return version > 0 ? (int)version : 0;
}

static _Bool allow(int cage, const char *path, uint64_t rights)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return 0;
    long failed =
        syscall(SYS_landlock_add_rule, cage, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U);
    (void)close(rule.parent_fd);
    return failed == 0;
}

/* Debian 12's headers know nothing of ports yet (linux/landlock.h of Linux 6.7). */
enum { VERSION_OF_PORTS = 4, RULE_NET_PORT = 2 };
static const uint64_t access_connect_tcp = 1ULL << 1;

/* Nor of what a process may reach beside files (Linux 6.12). */
enum { VERSION_OF_SCOPES = 6 };
static const uint64_t scope_abstract_unix_socket = 1ULL << 0;

struct rules {
    uint64_t files, ports, scopes;
};
struct port_rule {
    uint64_t access, port;
};

_Bool cage_holds_ports(void)
{
    return cage_version() >= VERSION_OF_PORTS;
}

static _Bool allow_port(int cage, uint16_t port)
{
    const struct port_rule rule = {access_connect_tcp, port};

    return syscall(SYS_landlock_add_rule, cage, RULE_NET_PORT, &rule, 0U) == 0;
}

int cage_make(const char *writable, const uint16_t *ports, uint32_t nports)
{
    int version = cage_version();
    struct rules rules = {.files = writable ? writing(version) : 0};
    size_t size = sizeof(rules.files);

    if (version >= VERSION_OF_PORTS && nports) {
        rules.ports = access_connect_tcp;
        size = offsetof(struct rules, scopes);
    }
    if (version >= VERSION_OF_SCOPES && nports) {
        rules.scopes = scope_abstract_unix_socket;
        size = sizeof(rules);
    }
    if (version == 0 || (rules.files == 0 && rules.ports == 0))
        return CAGE_NONE;
    int cage = (int)syscall(SYS_landlock_create_ruleset, &rules, size, (uint32_t)0);
    _Bool fine = cage >= 0;
    if (fine && rules.files)
        fine = allow(cage, writable, rules.files) &&
               allow(cage, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE);
    for (uint32_t i = 0; fine && rules.ports && i < nports; i++)
        fine = allow_port(cage, ports[i]);
    if (fine)
        return cage;
    if (cage >= 0)
        (void)close(cage);
    return CAGE_FAILED;
}

_Bool cage_enter(int cage)
{
    return cage == CAGE_NONE || syscall(SYS_landlock_restrict_self, cage, 0U) == 0;
}

/* The system calls of another architecture have other numbers: none of them passes. */
#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

void cage_enter_alone(void)
{
#ifdef ARCHITECTURE
#define REFUSE(call)                                                                   \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1),                                 \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        /* x32 shares the architecture; its calls have this bit. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        REFUSE(SYS_socket),
        REFUSE(SYS_connect),
        REFUSE(SYS_execve),
        REFUSE(SYS_execveat),
        REFUSE(425), /* io_uring_setup, the same everywhere */
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof(rules) / sizeof(*rules), rules};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
#endif
}
