#include "step_summary.h"

#include <sys/stat.h>

#include "output.h"

enum { SUMMARY_BYTES = 1 << 20 };

bool step_summary_append(const Report *report, Text path, Text *problem)
{
    Buffer out = {.arena = report->arena};
    struct stat status;
    size_t there = 0;

    if (stat(arena_copy(report->arena, path).at, &status) == 0 && status.st_size > 0)
        there = (size_t)status.st_size;
    if (there) /* a table does not begin in somebody else's paragraph */
        buffer_add(&out, TEXT("\n\n"));
    size_t separator = out.len;

    if (there + separator < SUMMARY_BYTES)
        report_step_summary(report, SUMMARY_BYTES - there - separator, &out);
    if (out.len == separator)
        out.len = 0; /* there is no room: what others wrote is still shown */
    return output_append(report->arena, path, buffer_text(&out), problem);
}
