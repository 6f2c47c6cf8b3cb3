#include "judge.h"

#include "base/buffer.h"
#include "facts/credential.h"
#include "facts/image_name.h"
#include "report/suppress.h"

bool judge_is_narrowed(const Answer *answer)
{
    return answer->options->configuration.len || answer->options->user.len ||
           answer->cc->workspace->is_narrowed;
}

/* Whether every tree of the workspace was read to its end. */
static bool is_whole(const Compilation *cc)
{
    const Rows *rows = &cc->facts->rows[REL_repository_tree];
    Text read = TEXT("read");

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        if (!text_equal(symbol_text(cc->symbols, (Symbol){rows->cells[i + 1]}), read))
            return false;
    }
    return true;
}

static const Checkout *find_checkout(const Workspace *workspace, Text repository)
{
    for (uint32_t i = 0; i < workspace->ncheckouts; i++) {
        if (text_equal_ignoring_case(workspace->checkouts[i].repository, repository))
            return &workspace->checkouts[i];
    }
    return NULL;
}

/* The image as findings name one: by reference, by name, by package. */
static void read_image(const Answer *answer, Text image, Acknowledged *acknowledged)
{
    ImageName name;
    Text problem;

    acknowledged->image = image;
    if (image.len == 0 || !image_name_read(answer->arena, image, &name, &problem))
        return;
    acknowledged->name = arena_format(answer->arena, "%.*s/%.*s", TEXT_ARG(name.host),
                                      TEXT_ARG(name.path));
    if (text_equal_ignoring_case(name.host, answer->cc->workspace->container_registry))
        acknowledged->package = name.path;
    if (name.tag.len || name.digest.len)
        acknowledged->whole = image_name_canonical(answer->arena, &name);
}

static Acknowledged acknowledged_of(const Answer *answer, const Acknowledgement *stated)
{
    const Workspace *workspace = answer->cc->workspace;
    const Checkout *checkout =
        stated->repository.len ? find_checkout(workspace, stated->repository) : NULL;
    Acknowledged acknowledged = {.rule = stated->rule,
                                 .reason = stated->reason,
                                 .until = stated->until_text,
                                 .until_day = stated->until,
                                 .repository = stated->repository,
                                 .span = stated->span};

    read_image(answer, stated->image, &acknowledged);
    acknowledged.has_tree = checkout && checkout->is_there;
    if (acknowledged.has_tree)
        acknowledged.tree = checkout->root;
    acknowledged.is_unseen = stated->repository.len && !acknowledged.has_tree;
    return acknowledged;
}

void judge_hide_credentials(Answer *answer)
{
    Report *report = &answer->cc->report;
    Credentials *credentials =
        report->nsilenced ? credentials_new(answer->arena) : NULL;
    Credential credential;

    for (uint32_t i = 0; i < report->nsilenced; i++) {
        Text *reason = &report->silenced[i].reason;
        size_t at = 0;

        if (credential_next(credentials, *reason, &at, &credential) ||
            span_has_secret(report->sources, report->silenced[i].span))
            *reason = TEXT("•••");
    }
}

void judge_findings(Answer *answer, bool shows_all)
{
    Compilation *cc = answer->cc;
    const Workspace *workspace = cc->workspace;
    Acknowledged *list =
        ARENA_ARRAY(answer->arena, workspace->nacknowledgements, Acknowledged);
    const Suppressions suppressions = {.acknowledged = list,
                                       .nacknowledged = workspace->nacknowledgements,
                                       .diags = cc->diags,
                                       .today = cc->options->today,
                                       .has_today = cc->options->has_today,
                                       .rules_after = cc->rules_after,
                                       .rules_until = cc->rules_until,
                                       .shows_all = shows_all,
                                       .is_narrowed = judge_is_narrowed(answer),
                                       .is_whole = is_whole(cc),
                                       .is_cut_off = cc->is_cut_off};

    for (uint32_t i = 0; i < workspace->nacknowledgements; i++)
        list[i] = acknowledged_of(answer, &workspace->acknowledgements[i]);
    findings_collect(&cc->report, cc->diags);
    findings_suppress(&cc->report, &suppressions);
}
