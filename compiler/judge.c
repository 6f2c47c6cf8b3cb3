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
static void read_image(const Compilation *cc, Text image, Acknowledged *acknowledged)
{
    Arena *arena = cc->report.arena;
    ImageName name;
    Text problem;

    acknowledged->image = image;
    if (image.len == 0 || !image_name_read(arena, image, &name, &problem))
        return;
    acknowledged->name =
        arena_format(arena, "%.*s/%.*s", TEXT_ARG(name.host), TEXT_ARG(name.path));
    if (text_equal_ignoring_case(name.host, cc->workspace->container_registry))
        acknowledged->package = name.path;
    if (name.tag.len || name.digest.len)
        acknowledged->whole = image_name_canonical(arena, &name);
}

/* Whether the workspace's berth.yaml says the same. */
static bool is_stated(const Workspace *workspace, const Acknowledgement *acknowledged)
{
    for (uint32_t i = 0; i < workspace->nacknowledgements; i++) {
        const Acknowledgement *other = &workspace->acknowledgements[i];

        if (text_equal(other->rule, acknowledged->rule) &&
            text_equal(other->reason, acknowledged->reason) &&
            text_equal(other->repository, acknowledged->repository) &&
            text_equal(other->image, acknowledged->image) &&
            text_equal(other->until_text, acknowledged->until_text))
            return true;
    }
    return false;
}

static Acknowledged acknowledged_of(const Compilation *cc,
                                    const Acknowledgement *stated)
{
    const Workspace *workspace = cc->workspace;
    const Checkout *checkout =
        stated->repository.len ? find_checkout(workspace, stated->repository) : NULL;
    Acknowledged acknowledged = {.rule = stated->rule,
                                 .reason = stated->reason,
                                 .until = stated->until_text,
                                 .until_day = stated->until,
                                 .repository = stated->repository,
                                 .span = stated->span};

    read_image(cc, stated->image, &acknowledged);
    acknowledged.has_tree = checkout && checkout->is_there;
    if (acknowledged.has_tree)
        acknowledged.tree = checkout->root;
    acknowledged.is_unseen = stated->repository.len && !acknowledged.has_tree;
    /* One that the change takes out is the state before's, and needs no care any more. */
    acknowledged.is_unseen |=
        workspace->proposed && !is_stated(workspace->proposed, stated);
    return acknowledged;
}

static void propose_acknowledgements(Compilation *cc)
{
    const Workspace *proposed = cc->workspace->proposed;

    for (uint32_t i = 0; proposed && i < proposed->nacknowledgements; i++) {
        const Acknowledgement *stated = &proposed->acknowledgements[i];

        if (!is_stated(cc->workspace, stated))
            suppression_propose(&cc->report, (Proposed){.kind = SUPPRESSED_ACKNOWLEDGED,
                                                        .rules = &stated->rule,
                                                        .nrules = 1,
                                                        .reason = stated->reason,
                                                        .until = stated->until_text,
                                                        .span = stated->span});
    }
}

static void hide(const Report *report, Credentials *credentials, Span span,
                 Text *reason)
{
    Credential credential;
    size_t at = 0;

    if (credential_next(credentials, *reason, &at, &credential) ||
        span_has_secret(report->sources, span))
        *reason = TEXT("•••");
}

void judge_hide_credentials(Answer *answer)
{
    Report *report = &answer->cc->report;
    Credentials *credentials =
        report->nsilenced || report->nproposed ? credentials_new(answer->arena) : NULL;

    for (uint32_t i = 0; i < report->nsilenced; i++)
        hide(report, credentials, report->silenced[i].span,
             &report->silenced[i].reason);
    for (uint32_t i = 0; i < report->nproposed; i++)
        hide(report, credentials, report->proposed[i].span,
             &report->proposed[i].reason);
}

void judge_findings(Answer *answer, Compilation *cc, bool shows_all)
{
    const Workspace *workspace = cc->workspace;
    const DiffBase *base = answer->base;
    bool is_change = base && cc == answer->cc;
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
                                       .before = is_change ? &base->cc.report : NULL,
                                       .before_files =
                                           is_change ? base->cc.files : NULL,
                                       .is_narrowed = judge_is_narrowed(answer),
                                       .is_whole = is_whole(cc),
                                       .is_cut_off = cc->is_cut_off};

    for (uint32_t i = 0; i < workspace->nacknowledgements; i++)
        list[i] = acknowledged_of(cc, &workspace->acknowledgements[i]);
    findings_collect(&cc->report, cc->diags);
    findings_suppress(&cc->report, &suppressions);
    if (is_change)
        propose_acknowledgements(cc);
}
