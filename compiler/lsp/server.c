#include "lsp/server.h"

#include "lsp/actions.h"
#include "lsp/diagnostics.h"
#include "lsp/hover.h"
#include "lsp/initialize.h"

enum { PROBLEMS_BYTES_MAX = 64 << 10 /* that are told */ };

/* exit(status), as the protocol has it. */
enum { EXIT_IN_ORDER = 0, EXIT_OUT_OF_ORDER = 1 };

typedef enum Stage { STAGE_NEW, STAGE_OPEN, STAGE_SHUT, STAGE_OVER } Stage;

typedef struct Queued {
    Arena *arena;
    Message message;
    size_t bytes;
    bool is_cancelled;
} Queued;

struct Server {
    Session session;
    Stage stage;
    int status;
    Frames frames;
    Queued queue[QUEUE_MAX];
    uint32_t nqueue;
    size_t queue_bytes;
    Publication publication;
    Arena *names;
    Arena *turn; /* of what is written beside a message's own answer */
    Arena *said; /* of `problems`: those that the client was told last */
    Text problems;
    bool is_changed; /* since the last analysis */
    bool is_due;     /* and is to be looked at */
};

/* A message that is being worked on. */
typedef struct Turn {
    Server *server;
    Arena *arena;
    const Message *message;
} Turn;

Server *server_new(Arena *arena, const Host *host, Text root)
{
    Server *server = ARENA_NEW(arena, Server);

    server->session.host = host;
    server->session.root = root;
    server->names = arena;
    server->turn = arena_scratch(arena);
    server->said = arena_scratch(arena);
    return server;
}

static void drop_queue(Server *server)
{
    for (uint32_t i = 0; i < server->nqueue; i++)
        arena_free(server->queue[i].arena);
    server->nqueue = 0;
    server->queue_bytes = 0;
}

void server_end(Server *server)
{
    drop_queue(server);
    frames_end(&server->frames);
    documents_end(&server->session.documents);
    publication_end(&server->publication);
}

static void end(Server *server, int status)
{
    server->stage = STAGE_OVER;
    server->status = status;
}

bool server_is_over(const Server *server, int *status)
{
    *status = server->session.is_cut_off ? EXIT_OUT_OF_ORDER : server->status;
    return server->stage == STAGE_OVER || server->session.is_cut_off;
}

void server_hang_up(Server *server)
{
    server_work(server);
    if (server->stage != STAGE_OVER)
        end(server, server->stage == STAGE_SHUT ? EXIT_IN_ORDER : EXIT_OUT_OF_ORDER);
}

/* --- what is told beside answers --- */

static void tell(Server *server, uint32_t type, Text says)
{
    session_log(&server->session, server->turn, type, says);
    arena_reset(server->turn);
}

static void refuse(Server *server, Text id, int code, const char *says)
{
    Buffer out = {.arena = server->turn};

    message_error(&out, id, code, text_of(says));
    session_send(&server->session, server->turn, buffer_text(&out));
    arena_reset(server->turn);
}

/* --- what comes --- */

static void cancel(Server *server, const Message *message)
{
    NodeId id = message_find(message, message->params, "id");
    const Node *node = tree_node(message->tree, id);
    NodeKind kind = tree_kind(message->tree, id);

    for (uint32_t i = 0; i < server->nqueue; i++) {
        const Message *queued = &server->queue[i].message;
        const Message *other = queued;
        NodeId its = message_find(other, other->tree->root, "id");

        if (queued->kind == MESSAGE_REQUEST && tree_kind(other->tree, its) == kind &&
            text_equal(tree_node(other->tree, its)->text, node->text))
            server->queue[i].is_cancelled = true;
    }
}

typedef struct Reading {
    Arena *arena;
    Text body;
    Message message;
} Reading;

static void read(void *context)
{
    Reading *reading = context;

    message_read(reading->arena, reading->body, &reading->message);
}

static void queue(Server *server, const Frame *frame)
{
    Reading reading = {.arena = frame->arena, .body = frame->body};

    if (!arena_run(frame->arena, read, &reading)) {
        refuse(server, (Text){0}, MESSAGE_INTERNAL_ERROR,
               "a message has more parts than can be read");
        arena_free(frame->arena);
        return;
    }
    if (reading.message.kind == MESSAGE_NOTIFICATION &&
        text_equal(reading.message.method, TEXT("$/cancelRequest"))) {
        cancel(server, &reading.message);
        arena_free(frame->arena);
        return;
    }
    server->queue[server->nqueue++] =
        (Queued){frame->arena, reading.message, frame->body.len, false};
    server->queue_bytes += frame->body.len;
}

void server_feed(Server *server, Text *bytes)
{
    Frame frame;

    while (server->stage != STAGE_OVER && server->nqueue < QUEUE_MAX &&
           server->queue_bytes < QUEUE_BYTES_MAX) {
        switch (frames_take(&server->frames, bytes, &frame)) {
        case FRAME_NEEDS_MORE:
            return;
        case FRAME_WHOLE:
            queue(server, &frame);
            break;
        case FRAME_PASSED_OVER:
            server_work(server); /* what came before it is answered first */
            if (server->stage == STAGE_OVER)
                return;
            refuse(server, (Text){0}, MESSAGE_INVALID_REQUEST, frame.problem);
            break;
        case FRAME_BROKEN:
            server_work(server);
            if (server->stage == STAGE_OVER)
                return;
            refuse(server, (Text){0}, MESSAGE_PARSE_ERROR, frame.problem);
            end(server, EXIT_OUT_OF_ORDER);
            break;
        }
    }
}

/* --- what is found --- */

static void tell_problems(Server *server)
{
    enum { WARNING = 2, INFORMATION };
    Text problems =
        text_slice(server->session.analysis->problems, 0, PROBLEMS_BYTES_MAX);

    if (text_equal(problems, server->problems))
        return;
    arena_reset(server->said);
    server->problems = arena_copy(server->said, problems);
    if (problems.len)
        tell(server, WARNING, problems);
    else
        tell(server, INFORMATION, TEXT("the whole workspace is analysed again"));
}

void server_settle(Server *server)
{
    Session *session = &server->session;

    if (server->stage != STAGE_OPEN || !server->is_due || session->root.len == 0)
        return;
    server->is_due = server->is_changed = false;
    session->analysis = session->host->analyse(session->host->context, session->root,
                                               &session->documents);
    if (!diagnostics_publish(session, &server->publication))
        tell(server, 1, TEXT("there is more to show than 1 GiB can hold"));
    tell_problems(server);
}

static bool was_read(const Session *session, Text path)
{
    const Report *report = session->analysis ? session->analysis->report : NULL;

    for (uint32_t i = 1; report && i <= sources_count(report->sources); i++) {
        if (text_equal(source_path(report->sources, i), path))
            return true;
    }
    return false;
}

static bool is_large(const Session *session)
{
    const Report *report = session->analysis ? session->analysis->report : NULL;

    return report && report->ncoverage > LIVE_FILES_MAX;
}

/* --- notifications --- */

static NodeId find(const Turn *turn, const char *outer, const char *inner)
{
    const Message *message = turn->message;

    return message_find(message, message_find(message, message->params, outer), inner);
}

static Text uri_of_document(const Turn *turn)
{
    return tree_string(turn->message->tree, find(turn, "textDocument", "uri"));
}

static bool path_of_document(const Turn *turn, Text *path)
{
    return session_path(&turn->server->session, turn->arena, uri_of_document(turn),
                        path);
}

/* As it is written; empty where it is no number. */
static Text version_of_document(const Turn *turn)
{
    NodeId version = find(turn, "textDocument", "version");

    return tree_kind(turn->message->tree, version) == NODE_NUMBER
               ? tree_node(turn->message->tree, version)->text
               : (Text){0};
}

static void tell_of_document(const Turn *turn, Text path, const char *problem)
{
    tell(turn->server, 2,
         arena_format(turn->arena, "%.*s counts as it is on disk: %s", TEXT_ARG(path),
                      problem));
}

static void did_open(const Turn *turn)
{
    Documents *documents = &turn->server->session.documents;
    NodeId text = find(turn, "textDocument", "text");
    Text path;

    if (!path_of_document(turn, &path) || !tree_is_string(turn->message->tree, text))
        return;
    if (!documents_open(documents, uri_of_document(turn), path,
                        version_of_document(turn),
                        tree_string(turn->message->tree, text)))
        tell_of_document(turn, path, "more than 1024 files are open");
    else if (documents_find(documents, path)->is_lost)
        tell_of_document(turn, path,
                         "it is larger than 16 MiB, or all that is open "
                         "than 256 MiB");
    turn->server->is_changed = turn->server->is_due = true;
}

static void did_change(const Turn *turn)
{
    Server *server = turn->server;
    Session *session = &server->session;
    Text path;

    if (!path_of_document(turn, &path))
        return;
    Document *document = documents_find(&session->documents, path);
    if (!document)
        return;
    const char *problem = documents_change(
        &session->documents, document, turn->message,
        message_find(turn->message, turn->message->params, "contentChanges"),
        version_of_document(turn), session->encoding);
    if (problem)
        tell_of_document(turn, path, problem);
    server->is_changed |= was_read(session, path);
    server->is_due |= server->is_changed && !is_large(session);
}

static void did_save(const Turn *turn)
{
    Text path;

    if (path_of_document(turn, &path))
        turn->server->is_changed = turn->server->is_due = true;
}

static void did_close(const Turn *turn)
{
    Documents *documents = &turn->server->session.documents;
    Text path;

    if (!path_of_document(turn, &path))
        return;
    Document *document = documents_find(documents, path);
    if (document)
        documents_close(documents, document);
    turn->server->is_changed = turn->server->is_due = true;
}

/* What was created may be looked for; of the rest only what was read matters. */
static void did_change_files(const Turn *turn)
{
    enum { CREATED = 1 };
    const Message *message = turn->message;
    NodeId changes = message_find(message, message->params, "changes");

    for (NodeId at = tree_first(message->tree, changes); at.index;
         at = tree_next(message->tree, at)) {
        Text uri = tree_string(message->tree, message_find(message, at, "uri")), path;
        uint32_t type;

        if (!message_number(message, message_find(message, at, "type"), &type) ||
            !session_path(&turn->server->session, turn->arena, uri, &path))
            continue;
        if (type == CREATED || was_read(&turn->server->session, path))
            turn->server->is_changed = turn->server->is_due = true;
    }
}

static void did_initialize(const Turn *turn)
{
    Session *session = &turn->server->session;
    Buffer out = {.arena = turn->arena};

    if (session->root.len == 0)
        tell(turn->server, 2, TEXT("no directory is open: nothing is analysed"));
    if (!session->can_watch)
        return;
    watch_add(&out);
    session_send(session, turn->arena, buffer_text(&out));
}

typedef struct Notification {
    const char *method;
    void (*take)(const Turn *turn);
} Notification;

static const Notification notifications[] = {
    {"initialized", did_initialize},
    {"textDocument/didOpen", did_open},
    {"textDocument/didChange", did_change},
    {"textDocument/didSave", did_save},
    {"textDocument/didClose", did_close},
    {"workspace/didChangeWatchedFiles", did_change_files},
};

static void take_notification(const Turn *turn)
{
    Server *server = turn->server;

    if (text_equal(turn->message->method, TEXT("exit"))) {
        end(server, server->stage == STAGE_SHUT ? EXIT_IN_ORDER : EXIT_OUT_OF_ORDER);
        return;
    }
    if (server->stage != STAGE_OPEN)
        return;
    for (size_t i = 0; i < sizeof(notifications) / sizeof(*notifications); i++) {
        if (text_equal(turn->message->method, text_of(notifications[i].method)))
            notifications[i].take(turn);
    }
}

/* --- requests --- */

/* The last analysis, of what the editor shows; NULL: there is none. The report's arena
 * is this answer's alone. */
static const Report *look(const Turn *turn, Report *report)
{
    const Analysis *analysis;

    server_settle(turn->server);
    analysis = turn->server->session.analysis;
    if (turn->server->is_changed || !analysis || !analysis->report)
        return NULL;
    *report = *analysis->report;
    report->arena = turn->arena;
    return report;
}

static bool answer_initialize(const Turn *turn, JsonOut *json)
{
    Server *server = turn->server;
    Session *session = &server->session;
    Text root = {0};

    initialize(session, turn->arena, turn->message, &root);
    if (session->root.len == 0 && root.len <= NAME_BYTES_MAX)
        session->root = arena_copy(server->names, root);
    initialize_answer(session, json);
    server->stage = STAGE_OPEN;
    server->is_changed = server->is_due = true;
    return true;
}

static bool answer_shutdown(const Turn *turn, JsonOut *json)
{
    turn->server->stage = STAGE_SHUT;
    json_null(json);
    return true;
}

static bool answer_hover(const Turn *turn, JsonOut *json)
{
    NodeId at = message_find(turn->message, turn->message->params, "position");
    Position position;
    Report report;
    Text path;

    if (!position_read(turn->message, at, &position) || uri_of_document(turn).len == 0)
        return false;
    if (!path_of_document(turn, &path) || !look(turn, &report)) {
        json_null(json);
        return true;
    }
    Places places = places_new(&turn->server->session, turn->arena);
    hover_add(&places, &report, path, position, json);
    return true;
}

static bool answer_actions(const Turn *turn, JsonOut *json)
{
    NodeId ranged = message_find(turn->message, turn->message->params, "range");
    Session *session = &turn->server->session;
    Range range;
    Report report;
    Text path;

    if (!range_read(turn->message, ranged, &range) || uri_of_document(turn).len == 0)
        return false;
    if (!session->has_actions ||
        !actions_are_wanted(turn->message, find(turn, "context", "only")) ||
        !path_of_document(turn, &path) || !look(turn, &report)) {
        json_open_array(json);
        json_close_array(json);
        return true;
    }
    Places places = places_new(session, turn->arena);
    actions_add(&places, &report, path, range, json);
    return true;
}

typedef struct Request {
    const char *method;
    bool (*answer)(const Turn *turn, JsonOut *json); /* false: its params are wrong */
} Request;

static const Request requests[] = {
    {"initialize", answer_initialize},
    {"shutdown", answer_shutdown},
    {"textDocument/hover", answer_hover},
    {"textDocument/codeAction", answer_actions},
};

static const Request *find_request(Text method)
{
    for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
        if (text_equal(method, text_of(requests[i].method)))
            return &requests[i];
    }
    return NULL;
}

static void answer_request(const Turn *turn)
{
    Server *server = turn->server;
    const Message *message = turn->message;
    const Request *request = find_request(message->method);
    bool begins = request == &requests[0];
    Buffer out = {.arena = turn->arena};

    if (server->stage == STAGE_NEW && !begins) {
        refuse(server, message->id, MESSAGE_NOT_INITIALIZED,
               "the first request must be initialize");
    } else if (server->stage == STAGE_SHUT || (begins && server->stage != STAGE_NEW)) {
        refuse(server, message->id, MESSAGE_INVALID_REQUEST,
               begins ? "initialize is the first request, and comes once"
                      : "nothing but exit follows shutdown");
    } else if (!request) {
        refuse(server, message->id, MESSAGE_METHOD_NOT_FOUND,
               "there is no such method here");
    } else {
        JsonOut json = message_result(&out, message->id);

        if (!request->answer(turn, &json)) {
            refuse(server, message->id, MESSAGE_INVALID_PARAMS,
                   "the params are not what the protocol has for this method");
            return;
        }
        message_close(&json);
        session_send(&server->session, turn->arena, buffer_text(&out));
    }
}

/* --- a message --- */

static void take(void *context)
{
    const Turn *turn = context;
    const Message *message = turn->message;

    switch (message->kind) {
    case MESSAGE_INVALID:
        refuse(turn->server, message->id, message->code, message->problem);
        return;
    case MESSAGE_REQUEST:
        answer_request(turn);
        return;
    case MESSAGE_NOTIFICATION:
        take_notification(turn);
        return;
    case MESSAGE_RESPONSE:
        return; /* all that is asked is to watch files, and some clients cannot */
    }
}

void server_work(Server *server)
{
    for (uint32_t i = 0; i < server->nqueue && server->stage != STAGE_OVER; i++) {
        Queued *queued = &server->queue[i];
        Turn turn = {server, queued->arena, &queued->message};

        if (queued->is_cancelled)
            refuse(server, queued->message.id, MESSAGE_CANCELLED, "cancelled");
        else if (!arena_run(queued->arena, take, &turn))
            refuse(server, queued->message.id, MESSAGE_INTERNAL_ERROR,
                   "the answer needs more than 512 MiB");
    }
    drop_queue(server);
}
