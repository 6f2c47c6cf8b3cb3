#include <inttypes.h>

#include "report/access.h"
#include "report/shown.h"
#include "report/text.h"

enum { NAMES_SHOWN = 5 };

typedef struct Printing {
    const Report *reports[2]; /* old, new */
    Text names[2];
    Buffer *out;
} Printing;

static bool is_allowed(Text answer)
{
    return text_equal(answer, TEXT("allowed"));
}

static Text change_of(const AccessEdge *edge)
{
    if (is_allowed(edge->now))
        return TEXT("granted");
    return is_allowed(edge->before) ? TEXT("revoked") : TEXT("changed");
}

/* Edges that one fact changed in one way are told together. */
static bool is_like(const AccessEdge *left, const AccessEdge *right)
{
    return text_equal(left->target, right->target) &&
           left->is_registry == right->is_registry &&
           text_equal(left->before, right->before) &&
           text_equal(left->now, right->now) && left->is_of_old == right->is_of_old &&
           left->span.file == right->span.file &&
           left->span.start == right->span.start &&
           text_equal(left->because, right->because);
}

static void add_names(Printing *printing, const AccessEdge *edges, uint32_t count)
{
    uint32_t shown = count <= NAMES_SHOWN ? count : NAMES_SHOWN - 1;

    for (uint32_t i = 0; i < shown; i++) {
        if (i)
            buffer_add(printing->out, i + 1 == count ? TEXT(" and ") : TEXT(", "));
        shown_add(printing->out, edges[i].repository, 0);
    }
    if (shown < count)
        buffer_format(printing->out, " and %" PRIu32 " more repositories",
                      count - shown);
}

static void add_sentence(Printing *printing, const AccessEdge *edges, uint32_t count)
{
    const AccessEdge *edge = &edges[0];
    Text change = change_of(edge);
    bool is_revoked = text_equal(change, TEXT("revoked"));
    Ink ink = text_equal(change, TEXT("changed")) ? INK_WARNING
              : is_revoked                        ? INK_ERROR
                                                  : INK_INFO;

    ink_add(printing->reports[1], ink, change, printing->out);
    buffer_add(printing->out, TEXT(": "));
    add_names(printing, edges, count);
    if (is_allowed(edge->now))
        buffer_add(printing->out, TEXT(" may pull "));
    else if (is_revoked)
        buffer_add(printing->out, text_equal(edge->now, TEXT("unknown"))
                                      ? TEXT(" may perhaps no longer pull ")
                                      : TEXT(" may no longer pull "));
    else if (text_equal(edge->now, TEXT("unknown")))
        buffer_add(printing->out, TEXT(" may perhaps pull "));
    else
        buffer_add(printing->out, TEXT(" surely may not pull "));
    if (edge->is_registry)
        buffer_add(printing->out, TEXT("from "));
    shown_add(printing->out, edge->target, 0);
    Text by = edge->is_registry ? TEXT("a triple") : edge->by;
    if (by.len && (is_revoked || is_allowed(edge->now)))
        buffer_format(printing->out, is_revoked ? "; it could by %.*s" : ", by %.*s",
                      TEXT_ARG(by));
    buffer_add_byte(printing->out, '\n');
}

static void add_cause(Printing *printing, const AccessEdge *edge)
{
    int side = edge->is_of_old ? 0 : 1;
    const Report *report = printing->reports[side];

    if (edge->because.len == 0)
        return;
    buffer_add(printing->out, TEXT("  "));
    ink_add(printing->reports[1], INK_FRAME, TEXT("-->"), printing->out);
    buffer_add_byte(printing->out, ' ');
    if (edge->span.file) {
        Text name = printing->names[side];
        Place place = source_place(report->sources, edge->span.file, edge->span.start);

        if (!text_equal(name, TEXT("."))) {
            shown_add(printing->out, name, 0);
            if (!text_ends_with(name, TEXT("/")))
                buffer_add_byte(printing->out, '/');
        }
        shown_add(printing->out, source_path(report->sources, edge->span.file), 0);
        buffer_format(printing->out, ":%" PRIu32 ":%" PRIu32 "  ", place.line,
                      place.column);
    }
    if (edge->is_of_old)
        buffer_add(printing->out, TEXT("no longer: "));
    shown_add(printing->out, edge->because, 0);
    buffer_add_byte(printing->out, '\n');
}

void access_diff_text(const AccessDiff *diff, const Report *old_report, Text old_name,
                      const Report *new_report, Text new_name, Buffer *out)
{
    Printing printing = {{old_report, new_report}, {old_name, new_name}, out};

    for (uint32_t i = 0, end; i < diff->count; i = end) {
        for (end = i + 1; end < diff->count; end++) {
            if (!is_like(&diff->edges[i], &diff->edges[end]))
                break;
        }
        add_sentence(&printing, &diff->edges[i], end - i);
        add_cause(&printing, &diff->edges[i]);
    }
    if (diff->count == 0)
        buffer_add(out, TEXT("no access changed\n"));
    else
        buffer_format(out,
                      "%s%" PRIu32 " granted, %" PRIu32 " revoked, %" PRIu32
                      " otherwise changed\n",
                      "\n", diff->granted, diff->revoked,
                      diff->count - diff->granted - diff->revoked);
}

static void add_edge(const AccessEdge *edge, const Report *old_report,
                     const Report *new_report, JsonOut *json)
{
    json_open_object(json);
    json_member_text(json, "change", change_of(edge));
    json_member_text(json, "repository", edge->repository);
    json_member_text(json, edge->is_registry ? "registry" : "package", edge->target);
    json_member_text(json, "before", edge->before);
    json_member_text(json, "now", edge->now);
    json_key(json, "by");
    if (edge->by.len)
        json_text(json, edge->by);
    else
        json_null(json);
    json_key(json, "because");
    if (edge->because.len) {
        json_open_object(json);
        json_member_text(json, "state", edge->is_of_old ? TEXT("old") : TEXT("new"));
        json_member_text(json, "says", edge->because);
        json_key(json, "location");
        json_add_location(edge->is_of_old ? old_report : new_report, edge->span, json);
        json_close_object(json);
    } else {
        json_null(json);
    }
    json_close_object(json);
}

void access_diff_json(const AccessDiff *diff, const Report *old_report,
                      const Report *new_report, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "edges");
    json_open_array(&json);
    for (uint32_t i = 0; i < diff->count; i++)
        add_edge(&diff->edges[i], old_report, new_report, &json);
    json_close_array(&json);
    json_key(&json, "summary");
    json_open_object(&json);
    json_member_number(&json, "granted", diff->granted);
    json_member_number(&json, "revoked", diff->revoked);
    json_member_number(&json, "changed", diff->count - diff->granted - diff->revoked);
    json_close_object(&json);
    json_close_object(&json);
}
