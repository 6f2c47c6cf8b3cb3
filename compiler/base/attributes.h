/*
 * attributes.h: the compiler attributes this project allows itself.
 *
 * Everything else is C17 and POSIX.1-2008.
 */
#ifndef BERTH_BASE_ATTRIBUTES_H
#define BERTH_BASE_ATTRIBUTES_H

#define BERTH_FORMAT(at, first) __attribute__((__format__(__printf__, at, first)))
#define BERTH_COLD __attribute__((__cold__))
#define BERTH_MUST_USE __attribute__((__warn_unused_result__))

#endif
