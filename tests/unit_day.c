#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/day.h"

enum { NO_DAY = -1 };

typedef struct Case {
    const char *name;
    Text text;
    int date, time; /* what day_read and day_read_time say */
} Case;

static Case cases[] = {
    {"the first day", TEXT_INIT("1970-01-01"), 0, 0},
    {"the last day of a leap year", TEXT_INIT("1972-12-31"), 1095, 1095},
    {"the leap day of 2000", TEXT_INIT("2000-02-29"), 11016, 11016},
    {"a day of 2026", TEXT_INIT("2026-01-02"), 20455, 20455},
    {"2100 is no leap year", TEXT_INIT("2100-03-01"), 47541, 47541},
    {"the last day there is", TEXT_INIT("9999-12-31"), 2932896, 2932896},
    {"a time in UTC", TEXT_INIT("2026-01-02T03:04:05Z"), NO_DAY, 20455},
    {"a time with fractions, in small letters", TEXT_INIT("2026-01-02t03:04:05.678z"),
     NO_DAY, 20455},
    {"a blank between date and time", TEXT_INIT("2026-01-02 03:04:05Z"), NO_DAY, 20455},
    {"an evening in New York is the next day", TEXT_INIT("2026-01-02T23:30:00-05:00"),
     NO_DAY, 20456},
    {"a morning in Tokyo is the day before", TEXT_INIT("2026-01-02T03:04:05+09:00"),
     NO_DAY, 20454},
    {"nothing lies before the first day", TEXT_INIT("1970-01-01T00:00:00+09:00"),
     NO_DAY, 0},
    {"a leap second", TEXT_INIT("2016-12-31T23:59:60Z"), NO_DAY, 17166},
    {"no zone", TEXT_INIT("2026-01-02T03:04:05"), NO_DAY, NO_DAY},
    {"a day that is not", TEXT_INIT("2026-02-29"), NO_DAY, NO_DAY},
    {"a month that is not", TEXT_INIT("2026-13-01"), NO_DAY, NO_DAY},
    {"an hour that is not", TEXT_INIT("2026-01-02T24:00:00Z"), NO_DAY, NO_DAY},
    {"before 1970", TEXT_INIT("1969-12-31"), NO_DAY, NO_DAY},
    {"one digit", TEXT_INIT("2026-1-2"), NO_DAY, NO_DAY},
    {"bytes behind it", TEXT_INIT("2026-01-02x"), NO_DAY, NO_DAY},
    {"bytes behind the time", TEXT_INIT("2026-01-02T03:04:05Z "), NO_DAY, NO_DAY},
    {"a point without digits", TEXT_INIT("2026-01-02T03:04:05.Z"), NO_DAY, NO_DAY},
    {"nothing", TEXT_INIT(""), NO_DAY, NO_DAY},
};

static void is_read(void **state)
{
    const Case *c = *state;
    uint32_t day;

    assert_int_equal(day_read(c->text, &day) ? (int)day : NO_DAY, c->date);
    assert_int_equal(day_read_time(c->text, &day) ? (int)day : NO_DAY, c->time);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, is_read, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
