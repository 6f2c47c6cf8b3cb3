#include "lsp/frames.h"

#include <string.h>

/* length = 1*DIGIT; beyond what any message has it is no length */
static bool read_length(Text digits, uint64_t *length)
{
    *length = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (!byte_is_digit(digits.at[i]) || *length > UINT32_MAX)
            return false;
        *length = *length * 10 + (uint64_t)(digits.at[i] - '0');
    }
    return digits.len > 0 && *length <= UINT32_MAX;
}

/* UTF-8 is all that the protocol has; "utf8" is what its first version wrote. */
static bool is_utf8(Text type)
{
    const Text charset = TEXT("charset=");
    size_t at = text_find(type, charset);
    Text name = text_from(type, at + charset.len);

    if (at == type.len)
        return true;
    name = text_trim(text_slice(name, 0, text_find_byte(name, ';')));
    if (text_starts_with(name, TEXT("\"")) && text_ends_with(name, TEXT("\"")))
        name = text_slice(name, 1, name.len - 1);
    return text_equal_ignoring_case(name, TEXT("utf-8")) ||
           text_equal_ignoring_case(name, TEXT("utf8"));
}

/* field = name ":" value; NULL, or what is wrong */
static const char *read_field(Frames *frames, Text line)
{
    size_t colon = text_find_byte(line, ':');
    Text name = text_slice(line, 0, colon),
         value = text_trim(text_from(line, colon + 1));

    if (colon == line.len)
        return "a field of a message's header has no ':'";
    if (text_equal_ignoring_case(name, TEXT("Content-Type")) && !is_utf8(value))
        frames->problem = "a message is in another encoding than UTF-8";
    if (!text_equal_ignoring_case(name, TEXT("Content-Length")))
        return NULL;
    if (frames->has_length)
        return "a message's header states its length twice";
    if (!read_length(value, &frames->length))
        return "a message's Content-Length is no length";
    frames->has_length = true;
    return NULL;
}

static const char *begin_body(Frames *frames)
{
    if (!frames->has_length)
        return "a message's header has no Content-Length";
    frames->in_body = true;
    frames->nbody = 0;
    if (frames->length > FRAME_BYTES_MAX)
        frames->problem = "a message is larger than 64 MiB and was not read";
    if (frames->problem)
        return NULL;
    frames->arena = arena_new(MESSAGE_MEMORY_MAX);
    if (!frames->arena)
        return "out of memory";
    frames->body = arena_alloc(frames->arena, (size_t)frames->length + 1, 1);
    return NULL;
}

static const char *end_line(Frames *frames)
{
    Text line = {frames->header + frames->line, frames->nheader - frames->line};

    if (!text_ends_with(line, TEXT("\r\n")))
        return "a line of a message's header does not end in CR LF";
    line.len -= 2;
    frames->line = frames->nheader;
    return line.len ? read_field(frames, line) : begin_body(frames);
}

static const char *take_header(Frames *frames, Text *input)
{
    while (input->len && !frames->in_body) {
        char byte = input->at[0];
        const char *problem = NULL;

        if (frames->nheader == FRAME_HEADER_MAX)
            return "a message's header is longer than 4096 bytes";
        *input = text_from(*input, 1);
        frames->header[frames->nheader++] = byte;
        if (byte == '\n')
            problem = end_line(frames);
        if (problem)
            return problem;
    }
    return NULL;
}

static void take_body(Frames *frames, Text *input)
{
    uint64_t wanted = frames->length - frames->nbody;
    size_t some = wanted < input->len ? (size_t)wanted : input->len;

    if (frames->arena && some)
        memcpy(frames->body + frames->nbody, input->at, some);
    frames->nbody += some;
    *input = text_from(*input, some);
}

FrameResult frames_take(Frames *frames, Text *input, Frame *frame)
{
    *frame = (Frame){.problem = take_header(frames, input)};
    if (frame->problem)
        return FRAME_BROKEN;
    if (!frames->in_body)
        return FRAME_NEEDS_MORE;
    take_body(frames, input);
    if (frames->nbody < frames->length)
        return FRAME_NEEDS_MORE;
    frame->arena = frames->arena;
    frame->problem = frames->problem;
    if (frames->arena)
        frame->body = (Text){frames->body, (size_t)frames->length};
    *frames = (Frames){0};
    return frame->problem ? FRAME_PASSED_OVER : FRAME_WHOLE;
}

void frames_end(Frames *frames)
{
    arena_free(frames->arena);
    *frames = (Frames){0};
}

void frame_add(Text body, Buffer *out)
{
    buffer_format(out, "Content-Length: %zu\r\n\r\n", body.len);
    buffer_add(out, body);
}
