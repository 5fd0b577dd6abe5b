/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: texts, numbers, names and typed parameters. */

#include "fake.h"

#include <float.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer than the initial size of any buffer that grows by doubling. */
#define LONG_TEXT 3000

void *fake_alloc(size_t count, size_t size)
{
    /* Allocate at least one item, because libvirt never returns NULL for an array. */
    void *memory = calloc(count ? count : 1, size);

    if (!memory)
        abort();
    return memory;
}

const char *fake_text(const char *golden)
{
    static char text[LONG_TEXT + 1];

    switch (fake_mode) {
    case FAKE_EMPTY:
        return "";
    case FAKE_NULLS:
        return NULL;
    case FAKE_MAXIMAL:
        memset(text, 'x', LONG_TEXT);
        return text;
    case FAKE_BADTEXT:
        return "caf\xe9 \xff";
    default:
        return golden;
    }
}

char *fake_new_text(const char *golden)
{
    const char *text = fake_text(golden);
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy)
        abort();
    return copy;
}

void fake_copy_text(char *array, size_t room, const char *golden)
{
    const char *text = fake_text(golden);

    (void)snprintf(array, room, "%s", text ? text : "");
}

/* Unsigned numbers have their largest value, signed numbers their smallest. */
#define NUMBER(name, ctype, maximal) \
    ctype fake_##name(ctype golden) \
    { \
        if (fake_mode == FAKE_EMPTY) \
            return 0; \
        return fake_mode == FAKE_MAXIMAL ? (maximal) : golden; \
    }

NUMBER(int, int, INT_MIN)
NUMBER(uint, unsigned int, UINT_MAX)
NUMBER(ushort, unsigned short, USHRT_MAX)
NUMBER(uchar, unsigned char, UCHAR_MAX)
NUMBER(ulong, unsigned long, ULONG_MAX)
NUMBER(llong, long long, LLONG_MIN)
NUMBER(ullong, unsigned long long, ULLONG_MAX)

/* --- names --------------------------------------------------------------- */

const char *fake_name(int n)
{
    static const char *const golden[] = { "eins", "zw\xc3\xb6lf", "\xe6\x97\xa5\xe6\x9c\xac" };
    static char text[32];

    switch (fake_mode) {
    case FAKE_NULLS:
        return n == 1 ? NULL : "eins";
    case FAKE_TWICE:
        return "eins";
    case FAKE_BADTEXT:
        (void)snprintf(text, sizeof(text), "caf\xe9 %d", n);
        return text;
    case FAKE_MAXIMAL:
        (void)snprintf(text, sizeof(text), "entry %d", n);
        return text;
    default:
        return golden[n % 3];
    }
}

void fake_fill_names(char **names, int count)
{
    for (int n = 0; n < count; n++) {
        const char *name = fake_name(n);

        names[n] = name ? strdup(name) : NULL;
    }
}

char **fake_new_names(int count)
{
    char **names = fake_alloc((size_t)count + 1, sizeof(*names));

    fake_fill_names(names, count);
    return names;
}

/* --- typed parameters ---------------------------------------------------- */

#define PARAM_INT(name, number) { .field = name, .type = VIR_TYPED_PARAM_INT, .value.i = (number) }
#define PARAM_UINT(name, number) { .field = name, .type = VIR_TYPED_PARAM_UINT, .value.ui = (number) }
#define PARAM_LLONG(name, number) { .field = name, .type = VIR_TYPED_PARAM_LLONG, .value.l = (number) }
#define PARAM_ULLONG(name, number) { .field = name, .type = VIR_TYPED_PARAM_ULLONG, .value.ul = (number) }
#define PARAM_DOUBLE(name, number) { .field = name, .type = VIR_TYPED_PARAM_DOUBLE, .value.d = (number) }
#define PARAM_BOOLEAN(name, number) { .field = name, .type = VIR_TYPED_PARAM_BOOLEAN, .value.b = (number) }
/* The text is not modified; libvirt's type is just not const. */
#define PARAM_STRING(name, text) { .field = name, .type = VIR_TYPED_PARAM_STRING, .value.s = (char *)(text) }
#define PARAM_END { .field = "", .type = 0 }

static const virTypedParameter golden[] = {
    PARAM_INT("int", -5), PARAM_UINT("uint", 4000), PARAM_LLONG("llong", -5000000000),
    PARAM_ULLONG("ullong", 5000000000), PARAM_DOUBLE("double", 0.5), PARAM_BOOLEAN("yes", 1),
    PARAM_BOOLEAN("no", 0), PARAM_STRING("string", "zw\xc3\xb6lf"), PARAM_END,
};
static const virTypedParameter nothing[] = { PARAM_END };
static const virTypedParameter nulls[] = {
    PARAM_STRING("string", NULL), PARAM_INT("", 1), PARAM_STRING("last", "text"), PARAM_END,
};
static const virTypedParameter maximal[] = {
    PARAM_INT("int", INT_MIN), PARAM_INT("int.max", INT_MAX), PARAM_UINT("uint", UINT_MAX),
    PARAM_LLONG("llong", LLONG_MIN), PARAM_LLONG("llong.max", LLONG_MAX), PARAM_ULLONG("ullong", ULLONG_MAX),
    PARAM_DOUBLE("double", DBL_MAX), PARAM_BOOLEAN("yes", CHAR_MAX), PARAM_BOOLEAN("no", 0),
    /* The maximum length of a name: 79 bytes. */
    PARAM_INT("a123456789012345678901234567890123456789012345678901234567890123456789012345678", 7),
    PARAM_STRING("string", ""), PARAM_END,
};
static const virTypedParameter badtext[] = {
    PARAM_STRING("string", "caf\xe9 \xff"), PARAM_INT("na\xefve", 1), PARAM_END,
};
static const virTypedParameter odd[] = {
    PARAM_INT("int", 1), { .field = "new", .type = 99 }, PARAM_STRING("string", "text"), PARAM_END,
};
static const virTypedParameter twice[] = {
    PARAM_INT("int", 1), PARAM_STRING("string", "first"), PARAM_STRING("string", "second"), PARAM_ULLONG("int", 2),
    PARAM_END,
};

static const virTypedParameter *params_of_mode(void)
{
    switch (fake_mode) {
    case FAKE_EMPTY:
        return nothing;
    case FAKE_NULLS:
        return nulls;
    case FAKE_MAXIMAL:
        return maximal;
    case FAKE_BADTEXT:
        return badtext;
    case FAKE_ODD:
        return odd;
    case FAKE_TWICE:
        return twice;
    default:
        return golden;
    }
}

int fake_param_count(void)
{
    const virTypedParameter *params = params_of_mode();
    int count = 0;

    while (params[count].type != 0)
        count++;
    return count;
}

void fake_fill_params(virTypedParameterPtr params, int count)
{
    const virTypedParameter *all = params_of_mode();

    for (int n = 0; n < count; n++) {
        params[n] = all[n];
        if (all[n].type == VIR_TYPED_PARAM_STRING && all[n].value.s)
            params[n].value.s = fake_mode == FAKE_MAXIMAL ? fake_new_text("") : strdup(all[n].value.s);
    }
}

virTypedParameterPtr fake_new_params(int *count)
{
    virTypedParameterPtr params;

    *count = fake_param_count();
    params = fake_alloc((size_t)*count, sizeof(*params));
    fake_fill_params(params, *count);
    return params;
}

int fake_give_params(virTypedParameterPtr params, int *count)
{
    int filled = fake_param_count();

    if (!params || *count == 0) {
        *count = filled;
        return 0;
    }
    if (fake_mode == FAKE_FEWER)
        filled = 3;
    *count = filled < *count ? filled : *count;
    fake_fill_params(params, *count);
    return 0;
}
