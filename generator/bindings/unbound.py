# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that are not bound on purpose."""

from .schema import Row


def _skip(why: str, *names: str) -> "tuple[Row, ...]":
    return tuple(Row(name, why, skip=True) for name in names)


ROWS = (
    *_skip("the Python object has a reference to its parent",
           "virDomainGetConnect", "virInterfaceGetConnect", "virNetworkGetConnect", "virSecretGetConnect",
           "virStoragePoolGetConnect", "virStorageVolGetConnect", "virDomainCheckpointGetConnect",
           "virDomainCheckpointGetDomain", "virDomainSnapshotGetConnect", "virDomainSnapshotGetDomain",
           "virNetworkPortGetNetwork"),
    *_skip("the wrappers call it to free a struct",
           "virDomainStatsRecordListFree", "virDomainIOThreadInfoFree", "virDomainInterfaceFree"),
    *_skip("errors are tuples and exceptions in Python",
           "virCopyLastError", "virConnCopyLastError", "virSaveLastError", "virResetError", "virFreeError",
           "virDefaultErrorFunc", "virConnSetErrorFunc"),
    *_skip("bound as virRegisterErrorHandler", "virSetErrorFunc"),
    *_skip("the loop is written in Python",
           "virStreamRecvAll", "virStreamSendAll", "virStreamSparseRecvAll", "virStreamSparseSendAll"),
)
