/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions that the parts of the plain C program share. */
#ifndef LIBVIRT_PYTHON_BENCH_LIMIT_H
#define LIBVIRT_PYTHON_BENCH_LIMIT_H

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* Do something count times. */
typedef void (*limitLoop)(long count, void *opaque);

/* Return the nanoseconds of one iteration of loop().  Measure for about MS milliseconds, LEAST iterations or more. */
double limit_time(limitLoop loop, void *opaque, double ms, long least);

/* Return the time of a monotonic clock in nanoseconds. */
double limit_now(void);

/* Return the median of numbers, and sort them. */
double limit_median(double *numbers, int count);

/* Print the line of a row. */
void limit_print(const char *row, double value);

/* Wait for a request for a round.  Return 0 at the end of the input. */
int limit_next_round(void);

/* Print the empty line that ends a round. */
void limit_end_round(void);

/* Exit with libvirt's error message, or else with the system's. */
void limit_fail(const char *what) __attribute__((noreturn));

/* Open a connection.  Exit if that fails. */
virConnectPtr limit_open(const char *uri);

/* The subjects; their arguments are those after the subject's name. */
int limit_calls(int argc, char **argv);
int limit_events(int argc, char **argv);
int limit_streams(int argc, char **argv);
int limit_threads(int argc, char **argv);

/* Return the loop of a call, which is written as in Python, or NULL if the call is not known. */
limitLoop limit_call(const char *text);

/* Open the connection and look up the objects that the calls use. */
void limit_prepare(const char *uri, int pool);

#endif
