#include "lsp/session.h"

#include "lsp/uri.h"

void session_send(Session *session, Arena *arena, Text body)
{
    Buffer out = {.arena = arena};

    if (session->is_cut_off)
        return;
    frame_add(body, &out);
    if (!session->host->write(session->host->context, buffer_text(&out)))
        session->is_cut_off = true;
}

void session_log(Session *session, Arena *arena, uint32_t type, Text says)
{
    Buffer out = {.arena = arena};
    JsonOut json = message_notification(&out, "window/logMessage");

    json_open_object(&json);
    json_member_number(&json, "type", type);
    json_member_text(&json, "message", says);
    json_close_object(&json);
    message_close(&json);
    session_send(session, arena, buffer_text(&out));
}

bool session_path(const Session *session, Arena *arena, Text uri, Text *path)
{
    bool is_all = text_equal(session->root, TEXT("/"));

    if (session->root.len == 0 || uri.len > NAME_BYTES_MAX ||
        !uri_path(arena, uri, path) ||
        !path_is_inside(*path, is_all ? (Text){0} : session->root) ||
        path->len <= session->root.len)
        return false;
    *path = text_from(*path, session->root.len + !is_all);
    return true;
}

Text session_uri(Session *session, Arena *arena, Text path)
{
    const Document *open = documents_find(&session->documents, path);

    if (open)
        return open->uri;
    if (text_equal(session->root, TEXT("/")))
        return uri_of(arena, arena_format(arena, "/%.*s", TEXT_ARG(path)));
    return uri_of(arena, arena_format(arena, "%.*s/%.*s", TEXT_ARG(session->root),
                                      TEXT_ARG(path)));
}
