/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls of ten threads at the same time. */

#include "limit.h"

#include <pthread.h>
#include <stdlib.h>

#define THREADS 10
/* The least number of calls, so that the start of the threads does not matter. */
#define LEAST 20000

typedef struct {
    limitLoop call;
    long count;
} Work;

static void *work(void *opaque)
{
    const Work *some = opaque;

    some->call(some->count, NULL);
    return NULL;
}

/* Make COUNT calls in all, distributed over the threads. */
static void loop(long count, void *opaque)
{
    pthread_t threads[THREADS];
    Work share = { limit_call(opaque), (count + THREADS - 1) / THREADS };

    for (int n = 0; n < THREADS; n++)
        if (pthread_create(&threads[n], NULL, work, &share) != 0)
            limit_fail("pthread_create");
    for (int n = 0; n < THREADS; n++)
        (void)pthread_join(threads[n], NULL);
}

int limit_threads(int argc, char **argv)
{
    limit_prepare(argv[1], 0);
    for (int n = 3; n < argc; n++)
        if (!limit_call(argv[n]))
            limit_fail(argv[n]);
    while (limit_next_round()) {
        for (int n = 3; n < argc; n++)
            limit_print(argv[n], limit_time(loop, argv[n], atof(argv[0]), LEAST));
        limit_end_round();
    }
    return 0;
}
