# SPDX-License-Identifier: LGPL-2.1-or-later
"""The types of libvirt objects."""

from .schema import Handle


def _handle(cname: str, invalid: str, parent: str = "virConnect", parameter: str = "conn",
            accessor: str = "connect") -> Handle:
    return Handle(cname, cname + "Free", cname + "Ref", invalid, parent, parameter, accessor)


# Method -> word for its result in repr().  The methods tell objects apart, and none of them asks a daemon.
SHOWN = {"name": "name", "getName": "name", "UUIDString": "uuid", "getURI": "uri", "portDev": "portDev",
         "usageID": "usageID", "key": "key", "ID": "id"}

CONNECT = Handle("virConnect", "virConnectClose", "virConnectRef", "VIR_ERR_INVALID_CONN")
DOMAIN = _handle("virDomain", "VIR_ERR_INVALID_DOMAIN")

ALL = (
    CONNECT,
    DOMAIN,
    _handle("virDomainCheckpoint", "VIR_ERR_INVALID_DOMAIN_CHECKPOINT", "virDomain", "dom", "domain"),
    _handle("virDomainSnapshot", "VIR_ERR_INVALID_DOMAIN_SNAPSHOT", "virDomain", "dom", "domain"),
    _handle("virInterface", "VIR_ERR_INVALID_INTERFACE"),
    _handle("virNWFilter", "VIR_ERR_INVALID_NWFILTER"),
    _handle("virNWFilterBinding", "VIR_ERR_INVALID_NWFILTER_BINDING"),
    _handle("virNetwork", "VIR_ERR_INVALID_NETWORK"),
    _handle("virNetworkPort", "VIR_ERR_INVALID_NETWORK_PORT", "virNetwork", "net", "network"),
    _handle("virNodeDevice", "VIR_ERR_INVALID_NODE_DEVICE"),
    _handle("virSecret", "VIR_ERR_INVALID_SECRET"),
    _handle("virStoragePool", "VIR_ERR_INVALID_STORAGE_POOL"),
    _handle("virStorageVol", "VIR_ERR_INVALID_STORAGE_VOL"),
    _handle("virStream", "VIR_ERR_INVALID_STREAM"),
)
