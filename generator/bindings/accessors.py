# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that read a field of an object or of the thread: they cannot block, and the GIL is kept."""

from ..converters import ErrorResult, Number, TextResult
from .schema import NEVER_RAISES, Row

_FIELD = "reads a field, so that it cannot block"
_QUIET = "reads a field, and gives it whatever it is"

ROWS = (
    *(Row(name, _QUIET, keep_gil=True, raises=NEVER_RAISES) for name in (
        "virDomainGetName", "virNetworkGetName", "virInterfaceGetName", "virStoragePoolGetName",
        "virStorageVolGetName", "virNodeDeviceGetName", "virSecretGetUsageType", "virSecretGetUsageID",
        "virNWFilterGetName", "virNWFilterBindingGetFilterName", "virNWFilterBindingGetPortDev",
        "virGetLastErrorMessage", "virGetLastErrorCode", "virGetLastErrorDomain")),
    *(Row(name, _FIELD, keep_gil=True) for name in (
        "virDomainGetUUID", "virDomainGetUUIDString", "virNetworkGetUUID", "virNetworkGetUUIDString",
        "virNetworkPortGetUUID", "virNetworkPortGetUUIDString", "virStoragePoolGetUUID",
        "virStoragePoolGetUUIDString", "virSecretGetUUID", "virSecretGetUUIDString", "virNWFilterGetUUID",
        "virNWFilterGetUUIDString", "virStorageVolGetKey", "virInterfaceGetMACString", "virDomainSnapshotGetName",
        "virDomainCheckpointGetName", "virResetLastError", "virConnResetLastError")),
    Row("virDomainGetID", "reads a field; -1 is the id of a domain that does not run", keep_gil=True,
        result=Number("unsigned int", failing="(unsigned int)-1")),
    Row("virGetLastError", "libvirt's error object becomes a tuple", keep_gil=True, result=ErrorResult()),
    Row("virConnGetLastError", "libvirt's error object becomes a tuple", keep_gil=True, result=ErrorResult()),
    Row("virNodeDeviceGetParent", "None is a device without a parent", raises=NEVER_RAISES,
        result=TextResult("const char *", nullable=True)),
)
