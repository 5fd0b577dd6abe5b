/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The same work as the programs in bench/cases, in plain C: the limit that bindings cannot beat.
 *
 * A line on stdin asks for a round.  The answer has one line for each row, with its name, a tab and a number, and an
 * empty line at the end.
 */

#include "limit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPEATS 5

double limit_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;

    return (a > b) - (a < b);
}

double limit_median(double *numbers, int count)
{
    qsort(numbers, (size_t)count, sizeof(*numbers), compare);
    return count % 2 ? numbers[count / 2] : (numbers[count / 2 - 1] + numbers[count / 2]) / 2;
}

static double run(limitLoop loop, void *opaque, long count)
{
    double start = limit_now();

    loop(count, opaque);
    return limit_now() - start;
}

double limit_time(limitLoop loop, void *opaque, double ms, long least)
{
    double wanted = ms * 1e6 / REPEATS, times[REPEATS];
    long count = least;

    while (run(loop, opaque, count) < wanted / 2)
        count *= 2;
    for (int n = 0; n < REPEATS; n++)
        times[n] = run(loop, opaque, count) / (double)count;
    return limit_median(times, REPEATS);
}

void limit_print(const char *row, double value)
{
    (void)printf("%s\t%.3f\n", row, value);
}

int limit_next_round(void)
{
    char line[16];

    return fgets(line, sizeof(line), stdin) != NULL;
}

void limit_end_round(void)
{
    (void)putchar('\n');
    (void)fflush(stdout);
}

void limit_fail(const char *what)
{
    virErrorPtr error = virGetLastError();

    if (error && error->message)
        (void)fprintf(stderr, "limit: %s: %s\n", what, error->message);
    else if (errno)
        perror(what);
    else
        (void)fprintf(stderr, "limit: %s\n", what);
    exit(1);
}

static void ignore(void *opaque __attribute__((unused)), virErrorPtr error __attribute__((unused)))
{
}

virConnectPtr limit_open(const char *uri)
{
    virConnectPtr conn = virConnectOpen(uri);

    if (!conn)
        limit_fail(uri);
    return conn;
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    int least; /* arguments */
} subjects[] = {
    { "calls", limit_calls, 4 },
    { "events", limit_events, 2 },
    { "streams", limit_streams, 3 },
    { "threads", limit_threads, 4 },
};

int main(int argc, char **argv)
{
    if (virInitialize() < 0)
        limit_fail("virInitialize");
    /* Without an error handler libvirt prints each error. */
    virSetErrorFunc(NULL, ignore);
    for (size_t n = 0; argc > 1 && n < sizeof(subjects) / sizeof(*subjects); n++)
        if (strcmp(argv[1], subjects[n].name) == 0 && argc - 2 >= subjects[n].least)
            return subjects[n].run(argc - 2, argv + 2);
    (void)fputs("usage: limit calls|threads MS URI HANDLER CALL... | events MS KIND | streams MS URI DIRECTORY MIB\n",
                stderr);
    return 2;
}
