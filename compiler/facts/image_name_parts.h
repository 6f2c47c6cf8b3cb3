/*
 * image_name_parts.h: the productions that image references and Feature ids share.
 *
 * Private to their two readers; inputs 5.1.
 */
#ifndef BERTH_FACTS_IMAGE_NAME_PARTS_H
#define BERTH_FACTS_IMAGE_NAME_PARTS_H

#include "base/text.h"

bool image_name_is_host(Text text);   /* host [":" port] */
bool image_name_is_tag(Text text);    /* without its ":" */
bool image_name_is_digest(Text text); /* "sha256:..." in full */

#endif
