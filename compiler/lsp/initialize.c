#include "lsp/initialize.h"

#include "lsp/uri.h"

static NodeId find_path(const Message *message, const char *const *path)
{
    return tree_find_path(message->tree, message->params, path);
}

static bool is_true(const Message *message, const char *const *path)
{
    bool value = false;

    return tree_boolean(message->tree, find_path(message, path), &value) && value;
}

static bool lists(const Message *message, const char *const *path, Text wanted)
{
    for (NodeId at = tree_first(message->tree, find_path(message, path)); at.index;
         at = tree_next(message->tree, at)) {
        if (text_equal(tree_string(message->tree, at), wanted))
            return true;
    }
    return false;
}

#define PATH(...) ((const char *const[]){"capabilities", __VA_ARGS__, NULL})

static void read_capabilities(Session *session, const Message *message)
{
    session->encoding =
        lists(message, PATH("general", "positionEncodings"), TEXT("utf-8"))
            ? ENCODING_UTF8
            : ENCODING_UTF16;
    session->has_related = is_true(
        message, PATH("textDocument", "publishDiagnostics", "relatedInformation"));
    session->has_versions =
        is_true(message, PATH("textDocument", "publishDiagnostics", "versionSupport"));
    /* The first is the preferred one. */
    session->has_markdown = text_equal(
        tree_string(
            message->tree,
            tree_first(message->tree, find_path(message, PATH("textDocument", "hover",
                                                              "contentFormat")))),
        TEXT("markdown"));
    session->has_actions = find_path(message, PATH("textDocument", "codeAction",
                                                   "codeActionLiteralSupport"))
                               .index != 0;
    session->has_document_changes =
        is_true(message, PATH("workspace", "workspaceEdit", "documentChanges"));
    session->can_watch = is_true(
        message, PATH("workspace", "didChangeWatchedFiles", "dynamicRegistration"));
}

/* workspaceFolders[0].uri, else rootUri, else rootPath */
void initialize(Session *session, Arena *names, const Message *message, Text *root)
{
    const Tree *tree = message->tree;
    NodeId folders = message_find(message, message->params, "workspaceFolders");
    Text uri =
        tree_string(tree, message_find(message, tree_first(tree, folders), "uri"));
    Text path;

    read_capabilities(session, message);
    if (uri.len == 0)
        uri = tree_string(tree, message_find(message, message->params, "rootUri"));
    if (uri_path(names, uri, &path))
        *root = path;
    else if (uri.len == 0 &&
             uri_path(
                 names,
                 uri_of(names, tree_string(tree, message_find(message, message->params,
                                                              "rootPath"))),
                 &path))
        *root = path;
}

void initialize_answer(const Session *session, JsonOut *json)
{
    enum { INCREMENTAL = 2 };

    json_open_object(json);
    json_key(json, "capabilities");
    json_open_object(json);
    json_member_text(json, "positionEncoding",
                     session->encoding == ENCODING_UTF8 ? TEXT("utf-8")
                                                        : TEXT("utf-16"));
    json_key(json, "textDocumentSync");
    json_open_object(json);
    json_member_bool(json, "openClose", true);
    json_member_number(json, "change", INCREMENTAL);
    json_member_bool(json, "save", true);
    json_close_object(json);
    json_member_bool(json, "hoverProvider", true);
    json_key(json, "codeActionProvider");
    json_open_object(json);
    json_key(json, "codeActionKinds");
    json_open_array(json);
    json_text(json, TEXT("quickfix"));
    json_close_array(json);
    json_close_object(json);
    json_close_object(json);
    json_key(json, "serverInfo");
    json_open_object(json);
    json_member_text(json, "name", TEXT("berth"));
    json_member_text(json, "version", session->host->version);
    json_close_object(json);
    json_close_object(json);
}

/* Which of these files matter is known only when a workspace was read: a Dockerfile or
 * compose file may have any name. */
void watch_add(Buffer *out)
{
    static const char *const globs[] = {
        "**/*.{json,yaml,yml,env,dl}", "**/{.env,.env.*,.git/config}",
        "**/*{Dockerfile,dockerfile,Containerfile,containerfile}*"};
    JsonOut json =
        message_request(out, TEXT("\"berth-watch\""), "client/registerCapability");

    json_open_object(&json);
    json_key(&json, "registrations");
    json_open_array(&json);
    json_open_object(&json);
    json_member_text(&json, "id", TEXT("berth-watch"));
    json_member_text(&json, "method", TEXT("workspace/didChangeWatchedFiles"));
    json_key(&json, "registerOptions");
    json_open_object(&json);
    json_key(&json, "watchers");
    json_open_array(&json);
    for (size_t i = 0; i < sizeof(globs) / sizeof(*globs); i++) {
        json_open_object(&json);
        json_member_text(&json, "globPattern", text_of(globs[i]));
        json_close_object(&json);
    }
    json_close_array(&json);
    json_close_object(&json);
    json_close_object(&json);
    json_close_array(&json);
    json_close_object(&json);
    message_close(&json);
}
