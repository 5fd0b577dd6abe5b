/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: its scenario, and the record of calls. */

#include "fake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

fakeMode fake_mode = FAKE_GOLDEN;

static struct {
    int calls;             /* number of calls so far */
    int failing;           /* number of the call that must fail, or 0 */
    bool noisy;            /* each call reports an error, and then succeeds */
    int arguments;         /* number of arguments of the current call */
    char *text;
    size_t used;
    size_t room;
} record;

static const char *const modes[] = {
    "golden", "empty", "nulls", "maximal", "badtext", "odd", "twice", "fewer", "holes", "nocpus",
};

static int find_mode(const char *word, size_t length)
{
    for (size_t n = 0; n < sizeof(modes) / sizeof(*modes); n++)
        if (strlen(modes[n]) == length && strncmp(modes[n], word, length) == 0)
            return (int)n;
    return -1;
}

int fake_set_mode(const char *text)
{
    size_t length = strcspn(text, " ");
    int mode = find_mode(text, length);
    int failing = 0;
    bool noisy = strcmp(text + length, " noisy") == 0;

    if (mode < 0)
        return -1;
    if (text[length] != '\0' && !noisy && sscanf(text + length, " fail:%d", &failing) != 1)
        return -1;
    virResetLastError();
    fake_mode = (fakeMode)mode;
    record.failing = failing;
    record.noisy = noisy;
    record.calls = 0;
    record.used = 0;
    if (record.text)
        record.text[0] = '\0';
    return 0;
}

const char *fake_calls(void)
{
    return record.text ? record.text : "";
}

bool fake_fails(void)
{
    if (record.noisy)
        (void)virNWFilterBindingGetPortDev(NULL);
    if (record.calls != record.failing)
        return false;
    (void)virNWFilterBindingGetPortDev(NULL); /* fails with an error that no other function here sets */
    return true;
}

int fake_count(void)
{
    switch (fake_mode) {
    case FAKE_EMPTY:
        return 0;
    case FAKE_MAXIMAL:
        return 1000;
    default:
        return 3;
    }
}

int fake_fill_count(int room)
{
    int count = fake_mode == FAKE_FEWER ? fake_count() - 1 : fake_count();

    return count < room ? count : room;
}

/* --- the record ---------------------------------------------------------- */

typedef struct {
    char *text;
    size_t used;
    size_t room;
} Buffer;

static void append(Buffer *buffer, const char *text, size_t length)
{
    if (buffer->used + length >= buffer->room) {
        buffer->room = 2 * (buffer->used + length) + 64;
        buffer->text = realloc(buffer->text, buffer->room);
        if (!buffer->text)
            abort();
    }
    memcpy(buffer->text + buffer->used, text, length);
    buffer->used += length;
    buffer->text[buffer->used] = '\0';
}

static void __attribute__((format(printf, 2, 3)))
append_format(Buffer *buffer, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    append(buffer, text, strlen(text));
}

static void append_quoted(Buffer *buffer, const char *text, size_t length)
{
    append(buffer, "\"", 1);
    for (size_t n = 0; n < length; n++) {
        unsigned char byte = (unsigned char)text[n];

        if (byte < ' ' || byte == '"' || byte == '\\' || byte == 0x7f)
            append_format(buffer, "\\x%02x", (unsigned int)byte);
        else
            append(buffer, text + n, 1);
    }
    append(buffer, "\"", 1);
}

static void write_down(const char *text, size_t length)
{
    Buffer buffer = { record.text, record.used, record.room };

    append(&buffer, text, length);
    record.text = buffer.text;
    record.used = buffer.used;
    record.room = buffer.room;
}

void fake_open_call(const char *name)
{
    virResetLastError();
    record.calls++;
    record.arguments = 0;
    write_down(name, strlen(name));
    write_down("(", 1);
}

void fake_close_call(void)
{
    write_down(")\n", 2);
}

/* Takes ownership of the text. */
void fake_add_shown(fakeShown shown)
{
    if (record.arguments++ > 0)
        write_down(", ", 2);
    write_down(shown.text, strlen(shown.text));
    free(shown.text);
}

static void __attribute__((format(printf, 1, 2)))
add_format(const char *format, ...)
{
    Buffer buffer = { NULL, 0, 0 };
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    append(&buffer, text, strlen(text));
    fake_add_shown((fakeShown){ buffer.text });
}

#define ADD_NUMBER(name, ctype, format) \
    void fake_add_##name(ctype value) \
    { \
        add_format(format, value); \
    }

ADD_NUMBER(int, int, "%d")
ADD_NUMBER(uint, unsigned int, "%u")
ADD_NUMBER(long, long, "%ld")
ADD_NUMBER(ulong, unsigned long, "%lu")
ADD_NUMBER(llong, long long, "%lld")
ADD_NUMBER(ullong, unsigned long long, "%llu")

void fake_add_text(const char *text)
{
    Buffer buffer = { NULL, 0, 0 };

    if (text)
        append_quoted(&buffer, text, strlen(text));
    else
        append(&buffer, "NULL", 4);
    fake_add_shown((fakeShown){ buffer.text });
}

void fake_add_handle(const char *kind, const void *handle, const char *name)
{
    if (!handle)
        add_format("NULL");
    else if (name)
        add_format("<%s %s>", kind, name);
    else
        add_format("<%s>", kind);
}

#define ADD_HANDLE(kind, ctype, get_name) \
    void fake_add_##kind(ctype handle) \
    { \
        fake_add_handle(#kind, handle, handle ? get_name(handle) : NULL); \
    }

ADD_HANDLE(domain, virDomainPtr, virDomainGetName)
ADD_HANDLE(checkpoint, virDomainCheckpointPtr, virDomainCheckpointGetName)
ADD_HANDLE(snapshot, virDomainSnapshotPtr, virDomainSnapshotGetName)
ADD_HANDLE(interface, virInterfacePtr, virInterfaceGetName)
ADD_HANDLE(nwfilter, virNWFilterPtr, virNWFilterGetName)
ADD_HANDLE(binding, virNWFilterBindingPtr, virNWFilterBindingGetPortDev)
ADD_HANDLE(network, virNetworkPtr, virNetworkGetName)
ADD_HANDLE(nodedev, virNodeDevicePtr, virNodeDeviceGetName)
ADD_HANDLE(secret, virSecretPtr, virSecretGetUsageID)
ADD_HANDLE(pool, virStoragePoolPtr, virStoragePoolGetName)
ADD_HANDLE(vol, virStorageVolPtr, virStorageVolGetName)

void fake_add_connect(virConnectPtr conn)
{
    fake_add_handle("conn", conn, NULL);
}

void fake_add_stream(virStreamPtr stream)
{
    fake_add_handle("stream", stream, NULL);
}

void fake_add_port(virNetworkPortPtr port)
{
    fake_add_handle("port", port, NULL);
}

/* --- arguments whose length is needed ------------------------------------- */

static void append_param(Buffer *buffer, virTypedParameterPtr param)
{
    append_format(buffer, "%.*s ", VIR_TYPED_PARAM_FIELD_LENGTH, param->field);
    switch (param->type) {
    case VIR_TYPED_PARAM_INT:
        append_format(buffer, "INT %d", param->value.i);
        break;
    case VIR_TYPED_PARAM_UINT:
        append_format(buffer, "UINT %u", param->value.ui);
        break;
    case VIR_TYPED_PARAM_LLONG:
        append_format(buffer, "LLONG %lld", param->value.l);
        break;
    case VIR_TYPED_PARAM_ULLONG:
        append_format(buffer, "ULLONG %llu", param->value.ul);
        break;
    case VIR_TYPED_PARAM_DOUBLE:
        append_format(buffer, "DOUBLE %g", param->value.d);
        break;
    case VIR_TYPED_PARAM_BOOLEAN:
        append_format(buffer, "BOOLEAN %d", param->value.b);
        break;
    case VIR_TYPED_PARAM_STRING:
        append(buffer, "STRING ", 7);
        append_quoted(buffer, param->value.s, strlen(param->value.s));
        break;
    default:
        append_format(buffer, "TYPE %d", param->type);
    }
}

#define SHOW_ARRAY(name, ctype, append_item) \
    fakeShown fake_show_##name(ctype array, unsigned int count) \
    { \
        Buffer buffer = { NULL, 0, 0 }; \
\
        append(&buffer, array ? "[" : "NULL", array ? 1 : 4); \
        for (unsigned int n = 0; array && n < count; n++) { \
            append(&buffer, ", ", n > 0 ? 2 : 0); \
            append_item; \
        } \
        append(&buffer, "]", array ? 1 : 0); \
        return (fakeShown){ buffer.text }; \
    }

SHOW_ARRAY(params, virTypedParameterPtr, append_param(&buffer, &array[n]))
SHOW_ARRAY(texts, const char *const *, append_quoted(&buffer, array[n], strlen(array[n])))
SHOW_ARRAY(ints, const int *, append_format(&buffer, "%d", array[n]))
SHOW_ARRAY(uints, const unsigned int *, append_format(&buffer, "%u", array[n]))
SHOW_ARRAY(ullongs, const unsigned long long *, append_format(&buffer, "%llu", array[n]))

fakeShown fake_show_bytes(const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    Buffer buffer = { NULL, 0, 0 };

    append(&buffer, byte ? "x" : "NULL", byte ? 1 : 4);
    for (size_t n = 0; byte && n < count; n++)
        append_format(&buffer, "%02x", (unsigned int)byte[n]);
    return (fakeShown){ buffer.text };
}

/* The array is terminated by NULL. */
fakeShown fake_show_domains(virDomainPtr *domains)
{
    Buffer buffer = { NULL, 0, 0 };

    append(&buffer, domains ? "[" : "NULL", domains ? 1 : 4);
    for (size_t n = 0; domains && domains[n]; n++)
        append_format(&buffer, "%s<domain %s>", n > 0 ? ", " : "", virDomainGetName(domains[n]));
    append(&buffer, "]", domains ? 1 : 0);
    return (fakeShown){ buffer.text };
}

/* The value behind the pointer is not set yet. */
fakeShown fake_show_out(const void *pointer)
{
    Buffer buffer = { NULL, 0, 0 };

    append(&buffer, pointer ? "out" : "NULL", pointer ? 3 : 4);
    return (fakeShown){ buffer.text };
}
