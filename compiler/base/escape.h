/*
 * escape.h: text of an input inside another language.
 *
 * Each function adds a text so that the language takes it for nothing but text, whatever
 * bytes it holds: it ends no quotation, opens no tag, starts no line. Malformed UTF-8
 * becomes U+FFFD. What a person should not see, such as control characters, is spelt out
 * by whoever prints (report/shown.h); here it is only made harmless.
 */
#ifndef BERTH_BASE_ESCAPE_H
#define BERTH_BASE_ESCAPE_H

#include "base/buffer.h"

/* XML 1.0, between tags or in a quoted attribute. Characters that XML cannot hold become
 * U+FFFD. */
void escape_add_xml(Buffer *out, Text text);

/* The path of a relative URI (RFC 3986): "/" stays, all but unreserved characters are
 * percent-encoded. */
void escape_add_uri_path(Buffer *out, Text path);

/* A whole URI: what may not stand in one is percent-encoded, what is encoded stays. */
void escape_add_uri(Buffer *out, Text uri);

/* GitHub's Markdown, within a line or a cell of a table: nothing is markup, a link, or
 * the mention of a user. */
void escape_add_markdown(Buffer *out, Text text);

/* A quoted label of a Mermaid flowchart. */
void escape_add_mermaid(Buffer *out, Text text);

#endif
