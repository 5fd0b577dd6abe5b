# SPDX-License-Identifier: LGPL-2.1-or-later
"""Texts for docstrings: a row for each C function whose description the rules cannot convert well.

schema.py has the form of a row.  There is one file for each subject.
"""

from typing import Dict

from . import classes, connect, domain, enums, jobs, objects, resources
from .schema import Text

CLASSES = classes.CLASSES
ENUMS = enums.TEXTS
MODULES = classes.MODULES

# Functions that are bound by hand, and functions that descriptions call by a wrong name.
NAMES = {
    "virConnectClose": "virConnect.close",
    "virAdmConnectClose": "virAdmConnect.close",
    "virStreamRecvAll": "virStream.recvAll",
    "virStreamSendAll": "virStream.sendAll",
    "virStreamSparseRecvAll": "virStream.sparseRecvAll",
    "virStreamSparseSendAll": "virStream.sparseSendAll",
    "virSetErrorFunc": "libvirt.registerErrorHandler",
    "virGetVersion": "libvirt.getVersion",
    "virDomainBlockJobInfo": "virDomain.blockJobInfo",
    "virDomainUpdateDeviceFlag": "virDomain.updateDeviceFlags",
    "virNodeDeviceReattach": "virNodeDevice.reAttach",
    "virNWFilterCreateXML": "virConnect.nwfilterDefineXML",
    "qemuDomainBlockJobAbort": "virDomain.blockJobAbort",
}

FUNCTIONS: Dict[str, Text] = {**connect.TEXTS, **domain.TEXTS, **jobs.TEXTS, **objects.TEXTS, **resources.TEXTS}
_NONE = Text()


def of(cname: str) -> Text:
    """Return the row of a C function, or an empty one."""
    return FUNCTIONS.get(cname, _NONE)


def thing(cname: str) -> str:
    """Return what texts call an object of a class: "network" for virNetwork."""
    return classes.THINGS.get(cname, cname[len("vir"):].lower())
