/*
 * records.h: what the dumps tell, gathered from all of them.
 *
 * Private to the import. Names are compared without regard to case, as GitHub does; what
 * is printed is the spelling of an answer's body, or else of a path. A field that two
 * dumps tell differently is not known.
 */
#ifndef BERTH_IMPORT_RECORDS_H
#define BERTH_IMPORT_RECORDS_H

#include "base/diag.h"
#include "base/intern.h"
#include "import/dump_path.h"
#include "import/group.h"
#include "import/import.h"

typedef enum Known {
    NOT_TOLD,
    TOLD,
    TOLD_NONE,       /* there is none */
    TOLD_DIFFERENTLY /* by two dumps */
} Known;

typedef struct Told {
    Known known;
    Text text;
} Told;

typedef enum AccountKind {
    ACCOUNT_UNKNOWN,
    ACCOUNT_ORGANIZATION,
    ACCOUNT_USER
} AccountKind;

typedef struct Name {
    Text key;        /* in lower case */
    Text text;       /* as it is printed */
    bool is_spelled; /* by a body */
} Name;

typedef struct Account {
    Name name;
    AccountKind kind;
    bool has_secrets;      /* a dump lists all of them */
    bool has_repositories; /* the same */
    bool is_mentioned;     /* by an entry of a repository or a package */
} Account;

typedef struct Repository {
    Name name;
    Told visibility, fork_of;
    bool is_fork, is_archived, has_secrets;
} Repository;

typedef struct Package {
    Name name; /* owner/name */
    Told visibility, repository;
} Package;

typedef struct Secret {
    Name name;
    Name holder; /* empty for HOLDER_ME */
    HolderKind level;
    Told visibility, updated_at;
    uint32_t *repositories; /* the numbers of their records */
    uint32_t nrepositories, repositories_capacity;
    bool has_repositories; /* some dump lists them */
    bool may_have_more;    /* not all of them */
    bool is_listed;        /* the API tells of the secret itself */
} Secret;

#define TABLE(Type)                                                                    \
    struct {                                                                           \
        Symbols *keys; /* the record of symbol 1 is items[0] */                        \
        Type *items;                                                                   \
        uint32_t count, capacity;                                                      \
    }

/* What is left for a person to say: the rows of missing.def. */
typedef enum Missing {
#define MISSING(id, key, one, several, where) MISSING_##id,
#include "import/missing.def"
#undef MISSING
    MISSING_COUNT
} Missing;

struct Import {
    Arena *arena;
    Arena *scratch; /* of one dump */
    Sources *sources;
    Diags *diags;
    TABLE(Account) accounts;
    TABLE(Repository) repositories;
    TABLE(Package) packages;
    TABLE(Secret) secrets;
    Text login;       /* of the user whose token it was; empty: no dump tells */
    bool has_me_list; /* all repositories of that user are in a dump */
    bool has_secrets; /* some dump lists an organization's or a repository's */
    Group dumps, ignored, other_secrets;
    Groups notes;
    Group missing[MISSING_COUNT];
};

/* The record of a name; a new one when there is none. `is_spelled`: the name is from a
 * body. Valid until the next one is asked for. */
Account *record_account(Import *import, Text name, bool is_spelled);
Repository *record_repository(Import *import, Text name, bool is_spelled);
Package *record_package(Import *import, Text name, bool is_spelled);
/* `holder` is empty for HOLDER_ME. */
Secret *record_secret(Import *import, HolderKind level, Text holder, Text name,
                      bool is_spelled);

/* False when another dump told something else. */
bool record_tell(Import *import, Told *told, Known known, Text text);

#endif
