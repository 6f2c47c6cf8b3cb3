#include "report/report.h"

/* A finding a line, as json has them; the last line has what json has beside them, so
 * that a stream which was cut is known by its end. */
void report_ndjson(const Report *report, Buffer *out)
{
    for (uint32_t i = 0; i < report->count; i++) {
        JsonOut json = {.out = out, .compact = true};

        json_open_object(&json);
        json_add_finding(report, &report->findings[i], &json);
        json_close_object(&json);
        buffer_add_byte(out, '\n');
    }
    JsonOut json = {.out = out, .compact = true};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_add_rest(report, &json);
    json_close_object(&json);
    buffer_add_byte(out, '\n');
}
