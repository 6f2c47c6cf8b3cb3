#include "lsp/places.h"

Places places_new(Session *session, Arena *arena)
{
    uint32_t count = sources_count(session->analysis->report->sources) + 1;

    return (Places){session, arena, ARENA_ARRAY(arena, count, Lines)};
}

const Lines *places_lines(Places *places, uint32_t file)
{
    Session *session = places->session;
    const Sources *sources = session->analysis->report->sources;
    Lines *lines = &places->lines[file];

    if (lines->count == 0) {
        const Document *open =
            documents_find(&session->documents, source_path(sources, file));

        *lines = lines_of(places->arena, source_bytes(sources, file), session->encoding,
                          !open || open->is_lost);
    }
    return lines;
}

Range places_range(Places *places, Span span)
{
    return lines_range(places_lines(places, span.file), span.start, span.end);
}

Text places_uri(const Places *places, uint32_t file)
{
    return session_uri(places->session, places->arena,
                       source_path(places->session->analysis->report->sources, file));
}

bool places_is(const Places *places, uint32_t file, Text path)
{
    const Analysis *analysis = places->session->analysis;

    return file != 0 &&
           (file <= analysis->elsewhere_after || file > analysis->elsewhere_until) &&
           text_equal(source_path(analysis->report->sources, file), path);
}

bool places_touch(Places *places, Span span, Text path, Range range)
{
    if (!places_is(places, span.file, path))
        return false;
    const Lines *lines = places_lines(places, span.file);

    return span.start <= lines_offset(lines, range.end) &&
           span.end >= lines_offset(lines, range.start);
}

void location_add(Places *places, Span span, JsonOut *json)
{
    json_open_object(json);
    json_member_text(json, "uri", places_uri(places, span.file));
    json_key(json, "range");
    range_add(places_range(places, span), json);
    json_close_object(json);
}
