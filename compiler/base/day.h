/*
 * day.h: dates as day numbers.
 *
 * Day 0 is 1970-01-01; the calendar is the Gregorian one, without leap seconds. No
 * clock, no time zone and no locale of the machine has a say.
 */
#ifndef BERTH_BASE_DAY_H
#define BERTH_BASE_DAY_H

#include "base/text.h"

/* YYYY-MM-DD (ISO 8601), from 1970 on. */
bool day_read(Text text, uint32_t *day);

/* The same, optionally followed by 'T', 't' or a blank and a time of RFC 3339,
 * "03:04:05Z" or "03:04:05.678-05:00"; the day is that of UTC. */
bool day_read_time(Text text, uint32_t *day);

#endif
