/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: data of streams, and the functions of the QEMU and LXC drivers. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC */
#endif
#include "fake_plain.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- streams ------------------------------------------------------------- */

/* Return "a\0\xff", or as much as fits; -2 means that the call would block, -3 that there is a
 * hole. */
static int receive(char *data, size_t room)
{
    int count = fake_mode == FAKE_EMPTY ? 0 : fake_mode == FAKE_MAXIMAL ? 5000 : 3;

    if (fake_mode == FAKE_HOLES)
        return -2;
    if (fake_mode == FAKE_ODD)
        return -3;
    if (room < (size_t)count)
        count = (int)room;
    memset(data, 'x', (size_t)count);
    if (fake_mode != FAKE_MAXIMAL)
        memcpy(data, "a\0\xff", (size_t)count);
    return count;
}

int virStreamRecv(STREAM stream, char *data, size_t room)
{
    FAKE_CALL(stream, fake_show_out(data), room);
    return fake_fails() ? -1 : receive(data, room);
}

int virStreamRecvFlags(STREAM stream, char *data, size_t room, UINT flags)
{
    FAKE_CALL(stream, fake_show_out(data), room, flags);
    return fake_fails() ? -1 : receive(data, room);
}

/* Accepts all of the data, or half of it. */
int virStreamSend(STREAM stream, TEXT data, size_t count)
{
    FAKE_CALL(stream, fake_show_bytes(data, count), count);
    if (fake_fails())
        return -1;
    if (fake_mode == FAKE_HOLES)
        return -2;
    return (int)(fake_mode == FAKE_FEWER ? (count + 1) / 2 : count);
}

/* --- descriptors --------------------------------------------------------- */

/* Numbers that are the same in every run and are not used otherwise. */
#define FIRST_DESCRIPTOR 700

static int *new_descriptors(const int *modes, int count)
{
    int *descriptors = fake_alloc((size_t)count, sizeof(*descriptors));

    for (int n = 0; n < count; n++) {
        int descriptor = open("/dev/null", modes[n] | O_CLOEXEC);

        /* Inheritable on purpose: the bindings must make them non-inheritable. */
        descriptors[n] = fcntl(descriptor, F_DUPFD, FIRST_DESCRIPTOR + n);
        (void)close(descriptor);
    }
    return descriptors;
}

#if defined(__has_include)
#if __has_include(<libvirt/libvirt-qemu.h>)
#include <libvirt/libvirt-qemu.h>

NEW_TEXT(virDomainQemuAgentCommand, DOM, TEXT, int, UINT)
OBJECT(DOM, domain, virDomainQemuAttach, CONN, UINT, UINT)

int virDomainQemuMonitorCommand(DOM domain, TEXT cmd, char **reply, UINT flags)
{
    FAKE_CALL(domain, cmd, fake_show_out(reply), flags);
    if (fake_fails())
        return -1;
    *reply = fake_new_text("text");
    return 0;
}

#if LIBVIR_VERSION_NUMBER >= 8002000
int virDomainQemuMonitorCommandWithFiles(DOM domain, TEXT cmd, UINT ninfiles, int *infiles, UINT *noutfiles,
                                         int **outfiles, char **reply, UINT flags)
{
    static const int modes[] = {
        O_RDONLY, O_WRONLY, O_RDWR, O_WRONLY | O_APPEND, O_RDWR | O_APPEND, O_RDONLY | O_APPEND,
    };
    int count = fake_count() > 0 ? (int)(sizeof(modes) / sizeof(*modes)) : 0;

    FAKE_CALL(domain, cmd, fake_show_ints(infiles, ninfiles), ninfiles, fake_show_out(noutfiles),
              fake_show_out(outfiles), fake_show_out(reply), flags);
    if (fake_fails())
        return -1;
    *outfiles = new_descriptors(modes, count);
    *noutfiles = (UINT)count;
    /* Return a descriptor that is not open. */
    if (fake_mode == FAKE_ODD)
        (void)close((*outfiles)[1]);
    *reply = fake_new_text("text");
    return 0;
}
#endif
#endif

#if __has_include(<libvirt/libvirt-lxc.h>)
#include <libvirt/libvirt-lxc.h>

STATUS(virDomainLxcEnterCGroup, DOM, UINT)

static int give_namespaces(int **fdlist)
{
    static const int modes[] = { O_RDONLY, O_RDONLY, O_RDONLY };
    int count = fake_count() < 3 ? fake_count() : 3;

    *fdlist = new_descriptors(modes, count);
    return count;
}

int virDomainLxcOpenNamespace(DOM domain, int **fdlist, UINT flags)
{
    FAKE_CALL(domain, fake_show_out(fdlist), flags);
    return fake_fails() ? -1 : give_namespaces(fdlist);
}

int virDomainLxcEnterNamespace(DOM domain, UINT nfdlist, int *fdlist, UINT *noldfdlist, int **oldfdlist, UINT flags)
{
    FAKE_CALL(domain, nfdlist, fake_show_ints(fdlist, nfdlist), fake_show_out(noldfdlist), fake_show_out(oldfdlist),
              flags);
    if (fake_fails())
        return -1;
    *noldfdlist = (UINT)give_namespaces(oldfdlist);
    return 0;
}

int virDomainLxcEnterSecurityLabel(virSecurityModelPtr model, virSecurityLabelPtr label, virSecurityLabelPtr oldlabel,
                                   UINT flags)
{
    FAKE_CALL(model->model, model->doi, label->label, label->enforcing, fake_show_out(oldlabel), flags);
    if (fake_fails())
        return -1;
    fake_copy_text(oldlabel->label, sizeof(oldlabel->label), "caf\xc3\xa9:t");
    FAKE_SET(oldlabel->enforcing, 1);
    return 0;
}
#endif
#endif
