/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Upload and download of a whole storage volume over streams. */

#include "limit.h"

#include <stdio.h>
#include <stdlib.h>

/* The size that the loops of Python's virStream ask for. */
#define PIECE 262120
#define MIB (1024L * 1024)

static char piece[PIECE];

static virStorageVolPtr find_volume(virConnectPtr conn, const char *directory, long size)
{
    virStoragePoolPtr pool = virStoragePoolLookupByName(conn, "bench");
    virStorageVolPtr volume;
    char xml[1000];

    if (!pool) {
        (void)snprintf(xml, sizeof(xml), "<pool type='dir'><name>bench</name><target><path>%s</path></target></pool>",
                       directory);
        pool = virStoragePoolCreateXML(conn, xml, 0);
    }
    if (!pool)
        limit_fail("the storage pool");
    volume = virStorageVolLookupByName(pool, "bench");
    if (!volume) {
        (void)snprintf(xml, sizeof(xml), "<volume><name>bench</name><capacity>%ld</capacity><allocation>0</allocation>"
                       "<target><format type='raw'/></target></volume>", size);
        volume = virStorageVolCreateXML(pool, xml, 0);
    }
    if (!volume)
        limit_fail("the storage volume");
    return volume;
}

static void upload(virConnectPtr conn, virStorageVolPtr volume, long size)
{
    virStreamPtr stream = virStreamNew(conn, 0);

    if (!stream || virStorageVolUpload(volume, stream, 0, 0, 0) < 0)
        limit_fail("upload");
    for (long left = size; left > 0;) {
        int sent = virStreamSend(stream, piece, (size_t)(left < PIECE ? left : PIECE));

        if (sent < 0)
            limit_fail("send");
        left -= sent;
    }
    if (virStreamFinish(stream) < 0)
        limit_fail("finish");
    virStreamFree(stream);
}

static void download(virConnectPtr conn, virStorageVolPtr volume, long size)
{
    virStreamPtr stream = virStreamNew(conn, 0);
    int got;

    if (!stream || virStorageVolDownload(volume, stream, 0, 0, 0) < 0)
        limit_fail("download");
    while ((got = virStreamRecv(stream, piece, PIECE)) > 0)
        size -= got;
    if (got < 0 || virStreamFinish(stream) < 0)
        limit_fail("recv");
    if (size != 0)
        limit_fail("bytes are missing");
    virStreamFree(stream);
}

int limit_streams(int argc, char **argv)
{
    long mib = argc > 3 ? atol(argv[3]) : 64;
    virConnectPtr conn = limit_open(argv[1]);
    virStorageVolPtr volume = find_volume(conn, argv[2], mib * MIB);

    while (limit_next_round()) {
        double start = limit_now(), middle;

        upload(conn, volume, mib * MIB);
        middle = limit_now();
        download(conn, volume, mib * MIB);
        limit_print("upload", middle - start);
        limit_print("download", limit_now() - middle);
        limit_end_round();
    }
    return 0;
}
