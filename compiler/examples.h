/*
 * examples.h: the cases that the page of a rule shows.
 *
 * A shipped rule's two cases are embedded (rules/embed.cmake). An organization's own lie
 * beside its file: the cases of DIR/images/no-hub.dl are the directories of
 * DIR/images/no-hub. Of these only what berth reads of a workspace is shown, as berth
 * shows it: no credential that stands in them. A case that is not there is no error.
 */
#ifndef BERTH_EXAMPLES_H
#define BERTH_EXAMPLES_H

#include "report/page.h"

/* What the words of the pages mean, in Markdown. */
Text examples_words(void);

/* The page of a rule with its examples, in the memory of the report, whose sources are
 * those of the compilation that read the rule. */
Page examples_page(const Report *report, const Rule *rule);

#endif
