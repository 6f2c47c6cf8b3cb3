#include "base/day.h"

/* Exactly `digits` digits at *at, of a number in [low, high]; moves *at behind them. */
static bool number(Text text, size_t *at, size_t digits, uint32_t low, uint32_t high,
                   uint32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < digits; i++, (*at)++) {
        if (*at >= text.len || !byte_is_digit(text.at[*at]))
            return false;
        *value = *value * 10 + (uint32_t)(text.at[*at] - '0');
    }
    return *value >= low && *value <= high;
}

static bool byte_is(Text text, size_t *at, char byte)
{
    return *at < text.len && text.at[(*at)++] == byte;
}

static bool is_leap(uint32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 0001-01-01 to the first of January of `year`. */
static uint32_t days_before_year(uint32_t year)
{
    uint32_t before = year - 1;

    return before * 365 + before / 4 - before / 100 + before / 400;
}

/* date = YYYY "-" MM "-" DD */
static bool read_date(Text text, size_t *at, uint32_t *day)
{
    uint32_t year, month, of_month;

    if (!number(text, at, 4, 1970, 9999, &year) || !byte_is(text, at, '-') ||
        !number(text, at, 2, 1, 12, &month) || !byte_is(text, at, '-') ||
        !number(text, at, 2, 1, days_of_month(year, month), &of_month))
        return false;
    *day = days_before_year(year) - days_before_year(1970) + of_month - 1;
    for (uint32_t i = 1; i < month; i++)
        *day += days_of_month(year, i);
    return true;
}

bool day_read(Text text, uint32_t *day)
{
    size_t at = 0;

    return read_date(text, &at, day) && at == text.len;
}

/* zone = "Z" | ("+" | "-") HH ":" MM; *minutes is how far it is ahead of UTC */
static bool read_zone(Text text, size_t *at, int32_t *minutes)
{
    uint32_t hour, minute;

    if (*at >= text.len)
        return false;
    char sign = text.at[(*at)++];
    *minutes = 0;
    if (sign == 'Z' || sign == 'z')
        return true;
    if ((sign != '+' && sign != '-') || !number(text, at, 2, 0, 23, &hour) ||
        !byte_is(text, at, ':') || !number(text, at, 2, 0, 59, &minute))
        return false;
    *minutes = (int32_t)(hour * 60 + minute) * (sign == '-' ? -1 : 1);
    return true;
}

/* time = HH ":" MM ":" SS ["." digit+] zone */
static bool read_time(Text text, size_t *at, int32_t *minute_of_day)
{
    uint32_t hour, minute, second;
    int32_t ahead;

    if (!number(text, at, 2, 0, 23, &hour) || !byte_is(text, at, ':') ||
        !number(text, at, 2, 0, 59, &minute) || !byte_is(text, at, ':') ||
        !number(text, at, 2, 0, 60, &second))
        return false;
    if (*at < text.len && text.at[*at] == '.') {
        size_t digits = ++*at;

        while (*at < text.len && byte_is_digit(text.at[*at]))
            ++*at;
        if (*at == digits)
            return false;
    }
    if (!read_zone(text, at, &ahead))
        return false;
    *minute_of_day = (int32_t)(hour * 60 + minute) - ahead;
    return true;
}

bool day_read_time(Text text, uint32_t *day)
{
    enum { MINUTES = 24 * 60 };
    size_t at = 0;
    int32_t minute;

    if (!read_date(text, &at, day))
        return false;
    if (at == text.len)
        return true;
    char between = text.at[at++];
    if ((between != 'T' && between != 't' && between != ' ') ||
        !read_time(text, &at, &minute) || at != text.len)
        return false;
    if (minute >= MINUTES)
        ++*day;
    if (minute < 0 && *day > 0)
        --*day;
    return true;
}
