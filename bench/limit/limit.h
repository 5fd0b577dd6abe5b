/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the plain C program share. */
#ifndef LIBVIRT_PYTHON_BENCH_LIMIT_H
#define LIBVIRT_PYTHON_BENCH_LIMIT_H

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* Does something as often as that. */
typedef void (*limitLoop)(long count, void *opaque);

/* What one time takes, in nanoseconds; measures for about so many milliseconds, and not less than so many times. */
double limit_time(limitLoop loop, void *opaque, double ms, long least);

/* Nanoseconds of a clock that only goes forward. */
double limit_now(void);

/* The median of numbers, which are sorted. */
double limit_median(double *numbers, int count);

/* One line of a round. */
void limit_print(const char *row, double value);

/* Waits for the wish for a round; 0 when there is none any more. */
int limit_wanted(void);

/* Ends a round. */
void limit_finished(void);

/* Ends the program with what libvirt, or else the system, says. */
void limit_fail(const char *what) __attribute__((noreturn));

virConnectPtr limit_open(const char *uri);

/* The subjects; the arguments are those behind the subject's name. */
int limit_calls(int argc, char **argv);
int limit_events(int argc, char **argv);
int limit_streams(int argc, char **argv);
int limit_threads(int argc, char **argv);

/* The loop of a call that is written as in Python, or NULL. */
limitLoop limit_call(const char *text);

/* What the calls are made on; set by this. */
void limit_prepare(const char *uri, int pool);

#endif
