# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls that return lists of names, numbers and objects, with their expected outcomes."""

from typing import Tuple

from .table import FAILS, Handle, Raises, Row, Rows

DOM, CONN = "<domain fresh>", "<conn>"

NAMES = ["eins", "zwölf", "日本"]
BADTEXT = ["caf\udce9 0", "caf\udce9 1", "caf\udce9 2"]


def _counted(call: str, counter: str, c: str) -> Rows:
    """Return rows; `c` has a placeholder for the array and its size."""
    filled = c.format("out, 3")
    return (
        Row(call, NAMES, c=[counter, filled]),
        Row(call, NAMES[:2], "fewer", [counter, filled]),
        Row(call, ["eins", None, "eins"], "nulls"),
        Row(call, [f"entry {n}" for n in range(1000)], "maximal", [counter, c.format("out, 1000")]),
        Row(call, BADTEXT, "badtext", peer="not UTF-8"),
        Row(call, [], "empty", [counter]),
        Row(call, FAILS, "golden fail:1", [counter]),
        Row(call, FAILS, "golden fail:2", [counter, filled]),
    )


def _allocated(call: str, c: str, needs: str = "") -> Rows:
    return tuple(row._replace(needs=needs) for row in (
        Row(call, NAMES, c=[c]),
        Row(call, ["eins", None, "eins"], "nulls"),
        Row(call, [f"entry {n}" for n in range(1000)], "maximal"),
        Row(call, BADTEXT, "badtext", peer="not UTF-8"),
        Row(call, [], "empty", [c]),
        Row(call, FAILS, "golden fail:1", [c]),
    ))


# Python method, part of the C names after List and NumOf
_OF_CONNECT = (
    ("listDefinedDomains", "DefinedDomains"), ("listNetworks", "Networks"), ("listDefinedNetworks", "DefinedNetworks"),
    ("listStoragePools", "StoragePools"), ("listDefinedStoragePools", "DefinedStoragePools"),
    ("listInterfaces", "Interfaces"), ("listDefinedInterfaces", "DefinedInterfaces"), ("listSecrets", "Secrets"),
    ("listNWFilters", "NWFilters"),
)

_NAME_LISTS = (
    *(row for method, name in _OF_CONNECT for row in _counted(
        f"conn.{method}()", f"virConnectNumOf{name}({CONN})", f"virConnectList{name}({CONN}, {{}})")),
    *_counted("pool.listVolumes()", "virStoragePoolNumOfVolumes(<pool fresh>)",
              "virStoragePoolListVolumes(<pool fresh>, {})"),
    *_counted("dev.listCaps()", "virNodeDeviceNumOfCaps(<nodedev fresh>)",
              "virNodeDeviceListCaps(<nodedev fresh>, {})"),
    *_counted("conn.listDevices('pci', 1)", f'virNodeNumOfDevices({CONN}, "pci", 1)',
              f'virNodeListDevices({CONN}, "pci", {{}}, 1)'),
    *_counted("conn.listDevices(None)", f"virNodeNumOfDevices({CONN}, NULL, 0)",
              f"virNodeListDevices({CONN}, NULL, {{}}, 0)"),
    *_counted("dom.snapshotListNames(1)", f"virDomainSnapshotNum({DOM}, 1)",
              f"virDomainSnapshotListNames({DOM}, {{}}, 1)"),
    *_counted("snap.listChildrenNames(1)", "virDomainSnapshotNumChildren(<snapshot fresh>, 1)",
              "virDomainSnapshotListChildrenNames(<snapshot fresh>, {}, 1)"),
    *_allocated("conn.getCPUModelNames('x86_64', 1)", f'virConnectGetCPUModelNames({CONN}, "x86_64", out, 1)'),
    *_allocated("dom.authorizedSSHKeysGet('root', 1)", f'virDomainAuthorizedSSHKeysGet({DOM}, "root", out, 1)'),
    *_allocated("dom.messages(1)", f"virDomainGetMessages({DOM}, out, 1)", needs="virDomainGetMessages"),
    Row("conn.getCPUModelNames(None)", Raises("TypeError"), c=[]),
    Row("dom.authorizedSSHKeysGet(None)", Raises("TypeError"), c=[]),
    Row("conn.listDevices(5)", Raises("TypeError"), c=[]),
    Row("conn.listDevices('a\\0b')", Raises("ValueError"), c=[]),
    Row("conn.listDomainsID()", [5, 2147483647, -2147483648],
        c=[f"virConnectNumOfDomains({CONN})", f"virConnectListDomains({CONN}, out, 3)"]),
    Row("conn.listDomainsID()", [5, 2147483647], "fewer"),
    Row("conn.listDomainsID()", [5, 2147483647, -2147483648, *(3 * n + 5 for n in range(3, 1000))], "maximal"),
    Row("conn.listDomainsID()", [], "empty", [f"virConnectNumOfDomains({CONN})"]),
    Row("conn.listDomainsID()", FAILS, "golden fail:1"),
    Row("conn.listDomainsID()", FAILS, "golden fail:2"),
)

# --- counts ------------------------------------------------------------------

_NUMBERS = tuple(row for call, c in (
    *((f"conn.numOf{name}()", f"virConnectNumOf{name}({CONN})") for name in (
        "DefinedDomains", "DefinedInterfaces", "DefinedNetworks", "DefinedStoragePools", "Interfaces", "Networks",
        "NWFilters", "Secrets", "StoragePools")),
    ("conn.numOfDomains()", f"virConnectNumOfDomains({CONN})"),
    ("conn.numOfDevices('pci', 1)", f'virNodeNumOfDevices({CONN}, "pci", 1)'),
    ("pool.numOfVolumes()", "virStoragePoolNumOfVolumes(<pool fresh>)"),
    ("dev.numOfCaps()", "virNodeDeviceNumOfCaps(<nodedev fresh>)"),
    ("dom.snapshotNum(1)", f"virDomainSnapshotNum({DOM}, 1)"),
    ("snap.numChildren(1)", "virDomainSnapshotNumChildren(<snapshot fresh>, 1)"),
) for row in (Row(call, 3, c=[c]), Row(call, 0, "empty"), Row(call, FAILS, "golden fail:1", [c])))

# --- objects -----------------------------------------------------------------


def children(call: str, c: str, kind: str, parent: Tuple[str, str], named: bool = True) -> Rows:
    """Return rows; parent: an expression for the parent of the first object, and its expected value."""
    asked, owner = parent
    return (
        Row(call, [Handle(kind, name if named else "") for name in NAMES], c=[c]),
        Row(call, [], "empty", [c]),
        Row(f"len({call})", 300, "maximal"),
        Row(f"[item.{asked}() is {owner} for item in {call}]", [True] * 3),
        *((Row(call, [Handle(kind, name) for name in BADTEXT], "badtext", peer="not UTF-8"),) if named else ()),
        Row(call, FAILS, "golden fail:1", [c]),
    )


_OBJECT_LISTS = (
    *children("conn.listAllDomains(3)", f"virConnectListAllDomains({CONN}, out, 3)", "virDomain", ("connect", "conn")),
    *children("conn.listAllInterfaces(1)", f"virConnectListAllInterfaces({CONN}, out, 1)", "virInterface",
              ("connect", "conn")),
    *children("conn.listAllNetworks()", f"virConnectListAllNetworks({CONN}, out, 0)", "virNetwork",
              ("connect", "conn")),
    *children("conn.listAllDevices(2)", f"virConnectListAllNodeDevices({CONN}, out, 2)", "virNodeDevice",
              ("connect", "conn")),
    *children("conn.listAllSecrets(1)", f"virConnectListAllSecrets({CONN}, out, 1)", "virSecret",
              ("connect", "conn")),
    *children("conn.listAllNWFilters()", f"virConnectListAllNWFilters({CONN}, out, 0)", "virNWFilter",
              ("connect", "conn")),
    *children("conn.listAllNWFilterBindings()", f"virConnectListAllNWFilterBindings({CONN}, out, 0)",
              "virNWFilterBinding", ("connect", "conn")),
    *children("conn.listAllStoragePools(1)", f"virConnectListAllStoragePools({CONN}, out, 1)", "virStoragePool",
              ("connect", "conn")),
    *children("pool.listAllVolumes()", "virStoragePoolListAllVolumes(<pool fresh>, out, 0)", "virStorageVol",
              ("connect", "conn")),
    *children("dom.listAllSnapshots(1)", f"virDomainListAllSnapshots({DOM}, out, 1)", "virDomainSnapshot",
              ("domain", "dom")),
    *children("snap.listAllChildren(1)", "virDomainSnapshotListAllChildren(<snapshot fresh>, out, 1)",
              "virDomainSnapshot", ("domain", "dom")),
    *children("dom.listAllCheckpoints(1)", f"virDomainListAllCheckpoints({DOM}, out, 1)", "virDomainCheckpoint",
              ("domain", "dom")),
    *children("chk.listAllChildren(1)", "virDomainCheckpointListAllChildren(<checkpoint fresh>, out, 1)",
              "virDomainCheckpoint", ("domain", "dom")),
    *children("net.listAllPorts(1)", "virNetworkListAllPorts(<network fresh>, out, 1)", "virNetworkPort",
              ("network", "net"), named=False),
    Row("conn.listAllDomains('1')", Raises("TypeError"), c=[]),
    Row("conn.listAllDomains(-1)", [Handle("virDomain", name) for name in NAMES],
        c=[f"virConnectListAllDomains({CONN}, out, 4294967295)"]),
    Row("libvirtmod.virConnectListAllDomains(conn._o, 0)", [Handle("PyCapsule")] * 3),
)

ROWS = (*_NAME_LISTS, *_NUMBERS, *_OBJECT_LISTS)
