#include "plan/plan_diff.h"

#include <inttypes.h>
#include <string.h>

#include "base/json_out.h"
#include "report/text.h"

enum { MEMBER_COLUMNS = 17 }; /* of the longest member's name, and the colon */

static void add_list(Buffer *out, const Text *texts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buffer_add(out, i + 1 == count ? TEXT(" and ") : TEXT(", "));
        buffer_add_printable(out, texts[i]);
    }
}

/* Old and new side by side. */
static void add_redirect(const PlanRedirect *redirect, const Report *look, Buffer *out)
{
    ink_add(look, INK_ERROR, TEXT("redirected"), out);
    buffer_add(out, TEXT(": "));
    add_list(out, redirect->secrets, redirect->nsecrets);
    buffer_add(out, TEXT("\n  "));
    add_list(out, redirect->before, redirect->nbefore);
    ink_add(look, INK_ERROR, TEXT("  ->  "), out);
    add_list(out, redirect->now, redirect->nnow);
    buffer_add_byte(out, '\n');
}

/* A member's text on one line, so that none of it looks like another. */
static void add_value(Buffer *out, Text value)
{
    Text rest = value, part;

    for (bool done = false, first = true; text_next_part(&rest, '\n', &part, &done);
         first = false) {
        buffer_add(out, first ? TEXT("") : TEXT("\\x0a"));
        buffer_add_printable(out, part);
    }
}

static void add_member(const PlanMember *member, Buffer *out)
{
    buffer_format(out, "  %s:", member->name);
    buffer_add_times(out, ' ', MEMBER_COLUMNS - strlen(member->name) - 1);
    if (member->before.len)
        add_value(out, member->before);
    else
        buffer_add(out, TEXT("none"));
    buffer_add(out, TEXT(" -> "));
    if (member->now.len)
        add_value(out, member->now);
    else
        buffer_add(out, TEXT("none"));
    buffer_add_byte(out, '\n');
}

static void add_change(const PlanChange *change, const Report *look, Buffer *out)
{
    bool is_removed = strcmp(change->kind, "removed") == 0;
    Ink ink = is_removed ? INK_BOLD : INK_WARNING;

    ink_add(look, ink, text_of(change->kind), out);
    buffer_format(out, ": %s", change->what);
    if (change->name.len) {
        buffer_add_byte(out, ' ');
        add_value(out, change->name);
    }
    buffer_add_byte(out, '\n');
    for (uint32_t i = 0; i < change->nmembers; i++)
        add_member(&change->members[i], out);
}

void plan_diff_text(const PlanDiff *diff, const Report *look, Buffer *out)
{
    for (uint32_t i = 0; i < diff->nredirects; i++)
        add_redirect(&diff->redirects[i], look, out);
    buffer_add(out, diff->nredirects ? TEXT("\n") : TEXT(""));
    for (uint32_t i = 0; i < diff->nchanges; i++)
        add_change(&diff->changes[i], look, out);
    if (diff->nchanges == 0)
        buffer_add(out, TEXT("no login changed\n"));
    else
        buffer_format(out,
                      "\n%" PRIu32 " added, %" PRIu32 " removed, %" PRIu32
                      " changed; %" PRIu32 " %s to another server\n",
                      diff->added, diff->removed, diff->changed, diff->nredirected,
                      diff->nredirected == 1 ? "secret goes" : "secrets go");
}

static void write_value(JsonOut *json, const char *key, Text value)
{
    json_key(json, key);
    if (value.len)
        json_text(json, value);
    else
        json_null(json);
}

static void write_redirect(JsonOut *json, const PlanRedirect *redirect)
{
    json_open_object(json);
    json_member_texts(json, "secrets", redirect->secrets, redirect->nsecrets);
    json_member_texts(json, "before", redirect->before, redirect->nbefore);
    json_member_texts(json, "now", redirect->now, redirect->nnow);
    json_close_object(json);
}

static void write_change(JsonOut *json, const PlanChange *change)
{
    json_open_object(json);
    json_member_text(json, "change", text_of(change->kind));
    json_member_text(json, "what", text_of(change->what));
    write_value(json, "name", change->name);
    json_key(json, "members");
    json_open_array(json);
    for (uint32_t i = 0; i < change->nmembers; i++) {
        json_open_object(json);
        json_member_text(json, "member", text_of(change->members[i].name));
        write_value(json, "before", change->members[i].before);
        write_value(json, "now", change->members[i].now);
        json_close_object(json);
    }
    json_close_array(json);
    json_close_object(json);
}

void plan_diff_json(const PlanDiff *diff, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "redirected");
    json_open_array(&json);
    for (uint32_t i = 0; i < diff->nredirects; i++)
        write_redirect(&json, &diff->redirects[i]);
    json_close_array(&json);
    json_key(&json, "changes");
    json_open_array(&json);
    for (uint32_t i = 0; i < diff->nchanges; i++)
        write_change(&json, &diff->changes[i]);
    json_close_array(&json);
    json_key(&json, "summary");
    json_open_object(&json);
    json_member_number(&json, "redirected", diff->nredirected);
    json_member_number(&json, "added", diff->added);
    json_member_number(&json, "removed", diff->removed);
    json_member_number(&json, "changed", diff->changed);
    json_close_object(&json);
    json_close_object(&json);
}
