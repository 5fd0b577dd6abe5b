# SPDX-License-Identifier: LGPL-2.1-or-later
"""Texts of our own for docstrings, one for each C function whose description the rules do not make a good one of.

schema.py says what a text can say; there is one file for each subject.
"""

from typing import Dict

from . import classes, connect, domain, enums, jobs, objects
from .schema import Text

CLASSES = classes.CLASSES
ENUMS = enums.TEXTS
MODULES = classes.MODULES

# Functions that are no plans, since Python has them otherwise, and those that descriptions call by a wrong name.
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

FUNCTIONS: Dict[str, Text] = {**connect.TEXTS, **domain.TEXTS, **jobs.TEXTS, **objects.TEXTS}
_NONE = Text()


def of(cname: str) -> Text:
    """The text of a C function, or one that says nothing."""
    return FUNCTIONS.get(cname, _NONE)


def thing(cname: str) -> str:
    """What an object of a class is called in a text: "network" for virNetwork."""
    return classes.THINGS.get(cname, cname[len("vir"):].lower())
