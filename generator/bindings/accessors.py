# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that only read a field of an object or of the thread: the GIL is not released for them."""

from ..converters import ErrorResult, Number, TextResult
from .schema import NEVER_RAISES, Row

_FIELD = "only reads a field and cannot block"
_QUIET = "only reads a field and cannot block; every value is a result, none a failure"

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
    Row("virDomainGetID", "only reads a field and cannot block; -1 is the id of a domain that is not running",
        keep_gil=True, result=Number("unsigned int", failing="(unsigned int)-1")),
    Row("virGetLastError", "an error of libvirt becomes a tuple", keep_gil=True, result=ErrorResult()),
    Row("virConnGetLastError", "an error of libvirt becomes a tuple", keep_gil=True, result=ErrorResult()),
    Row("virNodeDeviceGetParent", "None is no failure: the device has no parent", raises=NEVER_RAISES,
        result=TextResult("const char *", nullable=True)),
)
