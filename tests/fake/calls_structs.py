# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls that return numbers, structs and records, with their expected outcomes."""

from typing import Dict, List, Optional

from .table import FAILS, ULONG_MAX, Handle, Raises, Row, Rows

DOM, CONN = "<domain fresh>", "<conn>"
UINT_MAX, ULLONG_MAX = 2 ** 32 - 1, 2 ** 64 - 1
INT_MIN, LLONG_MIN = -2 ** 31, -2 ** 63
LONG = "x" * 3000
BAD = "caf\udce9 \udcff"


def _values(call: str, c: str, golden: object, empty: object, maximal: object, badtext: object = None,
            peer: str = "") -> Rows:
    """Return rows for functions with one C call that fills the result."""
    return (
        Row(call, golden, c=[c]),
        Row(call, empty, "empty"),
        Row(call, maximal, "maximal", peer=peer),
        Row(call, FAILS, "golden fail:1", [c]),
        *((Row(call, badtext, "badtext", peer="not UTF-8"),) if badtext is not None else ()),
    )


def numbers(call: str, c: str, golden: int, maximal: int, peer: str = "") -> Rows:
    return _values(call, c, golden, 0, maximal, peer=peer)


_NUMBERS = (
    *numbers("conn.getVersion()", f"virConnectGetVersion({CONN}, out)", 7002003, ULONG_MAX, peer="version"),
    Row("libvirt.getVersion()", 11003001, c=["virGetVersion(out, NULL, NULL)"]),
    Row("libvirt.getVersion()", ULONG_MAX, "maximal", peer="version"),
    Row("libvirt.getVersion()", FAILS, "golden fail:1"),
    Row("libvirt.getVersion('test')", (11003001, 8004002), c=['virGetVersion(out, "test", out)']),
    Row("libvirt.getVersion('test')", (ULONG_MAX, ULONG_MAX), "maximal"),
    Row("libvirt.getVersion('test')", FAILS, "golden fail:1"),
    Row("libvirtmod.virGetVersion(None)", Raises("TypeError"), c=[]),
    Row("libvirt.getVersion(5)", Raises("TypeError"), c=[]),
    *numbers("conn.getLibVersion()", f"virConnectGetLibVersion({CONN}, out)", 9001002, ULONG_MAX, peer="version"),
    *numbers("dom.autostart()", f"virDomainGetAutostart({DOM}, out)", 1, INT_MIN),
    *numbers("net.autostart()", "virNetworkGetAutostart(<network fresh>, out)", 1, INT_MIN),
    *numbers("pool.autostart()", "virStoragePoolGetAutostart(<pool fresh>, out)", 1, INT_MIN),
    *(row._replace(needs="virNodeDeviceGetAutostart")
      for row in numbers("dev.autostart()", "virNodeDeviceGetAutostart(<nodedev fresh>, out)", 1, INT_MIN)),
    *(row._replace(needs="virDomainGetAutostartOnce")
      for row in numbers("dom.autostartOnce()", f"virDomainGetAutostartOnce({DOM}, out)", 1, INT_MIN)),
    *numbers("dom.migrateGetMaxSpeed(1)", f"virDomainMigrateGetMaxSpeed({DOM}, out, 1)", 3000000000, ULONG_MAX,
             peer="unsigned long"),
    *(row._replace(peer="None for a failure" if row.result == FAILS else "") for row in (
        *numbers("dom.migrateGetCompressionCache(1)", f"virDomainMigrateGetCompressionCache({DOM}, out, 1)", 67108864,
                 ULLONG_MAX),
        *numbers("dom.migrateGetMaxDowntime(1)", f"virDomainMigrateGetMaxDowntime({DOM}, out, 1)", 300, ULLONG_MAX))),
    *numbers("stream.recvHole(0)", "virStreamRecvHole(<stream>, out, 0)", 1048576, LLONG_MIN),
    Row("dom.maxMemory()", 8388608, c=[f"virDomainGetMaxMemory({DOM})"]),
    Row("dom.maxMemory()", ULONG_MAX, "maximal", peer="unsigned long"),
    Row("dom.maxMemory()", FAILS, "golden fail:1"),
    Row("conn.getFreeMemory()", 5000000000, c=[f"virNodeGetFreeMemory({CONN})"]),
    Row("conn.getFreeMemory()", ULLONG_MAX, "maximal", peer="unsigned long"),
    Row("conn.getFreeMemory()", 0, "golden fail:1"),
    Row("dom.ID()", 7, c=[]),
)

_STRUCTS = (
    *_values("dom.info()", f"virDomainGetInfo({DOM}, out)", [3, 8388608, 4194304, 3, 123456789012], [0, 0, 0, 0, 0],
             [255, ULONG_MAX, ULONG_MAX, 1000, ULLONG_MAX], peer="unsigned long"),
    *_values("dom.state(1)", f"virDomainGetState({DOM}, out, out, 1)", [3, 4], [0, 0], [INT_MIN, INT_MIN]),
    *_values("dom.getTime(0)", f"virDomainGetTime({DOM}, out, out, 0)", {"seconds": 1700000000, "nseconds": 999999999},
             {"seconds": 0, "nseconds": 0}, {"seconds": LLONG_MIN, "nseconds": UINT_MAX}),
    *_values("dom.jobInfo()", f"virDomainGetJobInfo({DOM}, out)", [1, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21],
             [0] * 12, [INT_MIN] + [ULLONG_MAX] * 11),
    *_values("dom.controlInfo(0)", f"virDomainGetControlInfo({DOM}, out, 0)", [3, 2, 51], [0, 0, 0],
             [UINT_MAX, UINT_MAX, ULLONG_MAX], peer="unsigned int"),
    *_values("dom.blockInfo('vda', 0)", f'virDomainGetBlockInfo({DOM}, "vda", out, 0)', [61, 62, 63], [0, 0, 0],
             [ULLONG_MAX] * 3),
    Row("dom.blockInfo(None)", [61, 62, 63], c=[f"virDomainGetBlockInfo({DOM}, NULL, out, 0)"]),
    *_values("dom.blockJobInfo('vda', 1)", f'virDomainGetBlockJobInfo({DOM}, "vda", out, 1)',
             {"type": 2, "bandwidth": 71, "cur": 72, "end": 73}, {},
             {"type": INT_MIN, "bandwidth": ULONG_MAX, "cur": ULLONG_MAX, "end": ULLONG_MAX}, peer="unsigned long"),
    *_values("dom.blockStats('vda')", f'virDomainBlockStats({DOM}, "vda", out, 40)', (81, 82, 83, 84, -1), (0,) * 5,
             (LLONG_MIN,) * 5),
    *_values("dom.interfaceStats('vnet0')", f'virDomainInterfaceStats({DOM}, "vnet0", out, 64)',
             (91, 92, 93, 94, 95, 96, 97, -1), (0,) * 8, (LLONG_MIN,) * 8),
    *_values("dom.securityLabel()", f"virDomainGetSecurityLabel({DOM}, out)", ["system_u:object_r:svirt_t:s0", True],
             ["", False], [LONG, True], [BAD, True]),
    *_values("conn.getSecurityModel()", f"virNodeGetSecurityModel({CONN}, out)", ["selinux", "zwölf"], ["", ""],
             ["x" * 256, "x" * 256], [BAD, BAD]),
    # Memory in MiB.
    *_values("conn.getInfo()", f"virNodeGetInfo({CONN}, out)", ["x86_64", 16384, 21, 2400, 22, 23, 24, 25],
             ["", 0, 0, 0, 0, 0, 0, 0], ["x" * 31, ULONG_MAX >> 10, *[UINT_MAX] * 6],
             [BAD, 16384, 21, 2400, 22, 23, 24, 25], peer="unsigned int"),
    *_values("pool.info()", "virStoragePoolGetInfo(<pool fresh>, out)", [2, 31, 32, 33], [0] * 4,
             [INT_MIN] + [ULLONG_MAX] * 3),
    *_values("vol.info()", "virStorageVolGetInfo(<vol fresh>, out)", [2, 41, 42], [0] * 3,
             [INT_MIN, ULLONG_MAX, ULLONG_MAX]),
    *_values("vol.infoFlags(1)", "virStorageVolGetInfoFlags(<vol fresh>, out, 1)", [2, 41, 42], [0] * 3,
             [INT_MIN, ULLONG_MAX, ULLONG_MAX]),
)

# Tags 0 to 12; the fake returns them in the opposite order.
_MEMORY_TAGS = ("swap_in", "swap_out", "major_fault", "minor_fault", "unused", "available", "actual", "rss", "usable",
                "last_update", "disk_caches", "hugetlb_pgalloc", "hugetlb_pgfail")
_MEMORY = f"virDomainMemoryStats({DOM}, out, 13, 0)"
_STATS = "{}({}, -1, {}, 0)".format
_CPU_STATS = [_STATS("virNodeGetCPUStats", CONN, place) for place in ("NULL, 0", "out, 3")]
_MEMORY_STATS = [_STATS("virNodeGetMemoryStats", CONN, place) for place in ("NULL, 0", "out, 3")]


def _node_stats(call: str, c: List[str]) -> Rows:
    return (
        Row(call, {"eins": 100, "zwölf": 101, "日本": 102}, c=c),
        Row(call, {"eins": 100, "zwölf": 101}, "fewer", c),
        Row(call, {"eins": 102}, "twice"),
        Row(call, {f"entry {n}": ULLONG_MAX for n in range(1000)}, "maximal"),
        Row(call, {"caf\udce9 0": 100, "caf\udce9 1": 101, "caf\udce9 2": 102}, "badtext", peer="not UTF-8"),
        Row(call, {}, "empty", c[:1]),
        Row(call, FAILS, "golden fail:1", c[:1]),
        Row(call, FAILS, "golden fail:2", c),
    )


_FREE = "virNodeGetFreePages({}, [4, 2048], 2, 1, {}, out, 0)".format
_FILLED = (
    Row("dom.memoryStats()", {tag: 100 + n for n, tag in reversed(list(enumerate(_MEMORY_TAGS)))}, c=[_MEMORY]),
    Row("dom.memoryStats()", {}, "empty", [_MEMORY]),
    Row("dom.memoryStats()", {tag: ULLONG_MAX for tag in reversed(_MEMORY_TAGS)}, "maximal"),
    # the fake returns three items, two of which have unknown tags
    Row("dom.memoryStats()", {"disk_caches": 110}, "odd"),
    Row("dom.memoryStats()", FAILS, "golden fail:1"),
    *_node_stats("conn.getCPUStats(-1)", _CPU_STATS),
    *_node_stats("conn.getMemoryStats(-1)", _MEMORY_STATS),
    Row("conn.getCPUStats(2147483648)", Raises("OverflowError"), c=[]),
    Row("dom.diskErrors()", {"eins": 1, "zwölf": 2, "日本": 3},
        c=[f"virDomainGetDiskErrors({DOM}, NULL, 0, 0)", f"virDomainGetDiskErrors({DOM}, out, 3, 0)"]),
    Row("dom.diskErrors(99)", {"eins": 1, "zwölf": 2, "日本": 3},
        c=[f"virDomainGetDiskErrors({DOM}, NULL, 0, 0)", f"virDomainGetDiskErrors({DOM}, out, 3, 0)"]),
    Row("dom.diskErrors()", {"eins": 1, "zwölf": 2}, "fewer"),
    Row("dom.diskErrors()", {"eins": 3}, "twice"),
    Row("dom.diskErrors()", {f"entry {n}": INT_MIN for n in range(1000)}, "maximal"),
    Row("dom.diskErrors()", {"caf\udce9 0": 1, "caf\udce9 1": 2, "caf\udce9 2": 3}, "badtext", peer="not UTF-8"),
    Row("dom.diskErrors()", {}, "empty", [f"virDomainGetDiskErrors({DOM}, NULL, 0, 0)"]),
    Row("dom.diskErrors()", FAILS, "golden fail:1"),
    Row("dom.diskErrors()", FAILS, "golden fail:2"),
    Row("conn.getCellsFreeMemory(2, 5)", [1002, 1003, 1004], c=[f"virNodeGetCellsFreeMemory({CONN}, out, 2, 5)"]),
    Row("conn.getCellsFreeMemory(0, 2)", [1000, 1001], c=[f"virNodeGetCellsFreeMemory({CONN}, out, 0, 2)"]),
    Row("conn.getCellsFreeMemory(0, 10000)", [ULLONG_MAX] * 1000, "maximal"),
    Row("conn.getCellsFreeMemory(9999, 1)", [10999], c=[f"virNodeGetCellsFreeMemory({CONN}, out, 9999, 1)"]),
    Row("conn.getCellsFreeMemory(0, 1)", [], "empty"),
    Row("conn.getCellsFreeMemory(0, 1)", FAILS, "golden fail:1"),
    *(Row(f"conn.getCellsFreeMemory({arguments})", Raises("libvirtError", 8, 0), c=[], peer="refused without an error")
      for arguments in ("-1, 1", "0, 0", "0, -1", "0, 10001", "5000, 5001")),
    Row("conn.getCellsFreeMemory(2147483647, 2147483647)", Raises("libvirtError", 8, 0), c=[],
        peer="refused without an error", crashes=True),
    # by cell, then by page size
    Row("conn.getFreePages([4, 2048], 1, 2)", {1: {4: 5000000000, 2048: 5000000001},
                                               2: {4: 5000000002, 2048: 5000000003}}, c=[_FREE(CONN, 2)],
        peer="free pages"),
    Row("conn.getFreePages([4], 0, 5)", {0: {4: 5000000000}, 1: {4: 5000000001}, 2: {4: 5000000002}},
        peer="free pages"),
    Row("conn.getFreePages([4], 2147483647, 2)", {2147483647: {4: 5000000000}, 2147483648: {4: 5000000001}},
        peer="free pages"),
    Row("conn.getFreePages([4], -1, 1)", {-1: {4: 5000000000}}, peer="free pages"),
    Row("conn.getFreePages([4294967295], 0, 1)", {0: {4294967295: 5000000000}}, peer="free pages"),
    Row("conn.getFreePages([4, 4], 0, 1)", {0: {4: 5000000001}}, peer="free pages"),
    Row("conn.getFreePages([4], 0, 1)", {0: {4: ULLONG_MAX}}, "maximal", peer="free pages"),
    Row("conn.getFreePages([4], 0, 1)", {}, "empty"),
    Row("conn.getFreePages([], 0, 1)", {}, c=[f"virNodeGetFreePages({CONN}, [], 0, 0, 1, out, 0)"]),
    Row("conn.getFreePages([4], 0, 1)", FAILS, "golden fail:1"),
    Row("conn.getFreePages((4,), 0, 1)", {0: {4: 5000000000}}, peer="a tuple for a list"),
    Row("conn.getFreePages([4], 0, 0)", Raises("LookupError"), c=[]),
    Row("conn.getFreePages([], 0, 4294967295)", {}, c=[f"virNodeGetFreePages({CONN}, [], 0, 0, 4294967295, out, 0)"]),
    Row("conn.getFreePages([4] * 1000000, 0, 4294967295)", Raises("MemoryError"), c=[]),
    *(Row(f"conn.getFreePages({pages}, 0, 1)", Raises("TypeError"), c=[]) for pages in (
        "None", "4", "'4'", "{4: 1}", "[None]", "['4']", "[4.0]")),
    *(Row(f"conn.getFreePages({pages}, 0, 1)", Raises("OverflowError"), c=[]) for pages in ("[-1]", "[4294967296]")),
    Row("conn.getFreePages([Index(4)], 0, 1)", {0: {4: 5000000000}}, peer="free pages"),
)

# --- records -----------------------------------------------------------------

_LEASE = {"iface": "virbr0", "expirytime": 1700000000, "type": 0, "mac": "52:54:00:00:00:01",
          "ipaddr": "192.168.122.2", "prefix": 24, "hostname": "zwölf", "clientid": "client", "iaid": "iaid"}
_V4, _V6 = {"addr": "10.0.0.1", "prefix": 8, "type": 0}, {"addr": "fe80::1", "prefix": 64, "type": 1}
_HWADDR = "52:54:00:00:00:01"
_LEASES = 'virNetworkGetDHCPLeases(<network fresh>, {}, out, 1)'.format
_ADDRESSES = f"virDomainInterfaceAddresses({DOM}, out, 1, 0)"
_PARAMS = {"int": -5, "uint": 4000, "llong": -5000000000, "ullong": 5000000000, "double": 0.5, "yes": True,
           "no": False, "string": "zwölf"}


def _texts(text: Optional[str], kind: int) -> Dict[str, object]:
    return {key: (text if isinstance(value, str) else value) for key, value in dict(_LEASE, type=kind).items()}


_RECORDS = (
    Row("dom.securityLabelList()", [["eins", False], ["zwölf", True], ["日本", True]],
        c=[f"virDomainGetSecurityLabelList({DOM}, out)"]),
    Row("dom.securityLabelList()", [], "empty"),
    Row("dom.securityLabelList()", [[f"entry {n}", n > 0] for n in range(50)], "maximal"),
    Row("dom.securityLabelList()", [["caf\udce9 0", False], ["caf\udce9 1", True], ["caf\udce9 2", True]], "badtext",
        peer="not UTF-8"),
    Row("dom.securityLabelList()", FAILS, "golden fail:1"),
    Row("dom.fsInfo(1)", [("/mnt", "sda1", "ext4", []), ("/mnt", "sda1", "ext4", ["eins"]),
                          ("/mnt", "sda1", "ext4", ["eins", "zwölf"])], c=[f"virDomainGetFSInfo({DOM}, out, 1)"]),
    Row("dom.fsInfo()", [], "empty"),
    Row("dom.fsInfo()", [(None, None, None, []), (None, None, None, ["eins"]), (None, None, None, ["eins", None])],
        "nulls"),
    Row("dom.fsInfo()", [(BAD, BAD, BAD, []), (BAD, BAD, BAD, ["caf\udce9 0"]),
                         (BAD, BAD, BAD, ["caf\udce9 0", "caf\udce9 1"])], "badtext", peer="not UTF-8"),
    Row("[(len(item[0]), item[3][-1:]) for item in dom.fsInfo()]",
        [(3000, [f"entry {n - 1}"] if n else []) for n in range(1000)], "maximal"),
    Row("dom.fsInfo()", FAILS, "golden fail:1"),
    Row("net.DHCPLeases('52:54', 1)", [_LEASE, dict(_LEASE, expirytime=1700000001, type=1),
                                       dict(_LEASE, expirytime=1700000002)], c=[_LEASES('"52:54"')]),
    Row("net.DHCPLeases(flags=1)", [], "empty", c=[_LEASES("NULL")]),
    Row("net.DHCPLeases()", [dict(_texts(None, n % 2), expirytime=1700000000 + n) for n in range(3)], "nulls"),
    Row("net.DHCPLeases()", [dict(_texts(BAD, n % 2), expirytime=1700000000 + n) for n in range(3)], "badtext",
        peer="not UTF-8"),
    Row("net.DHCPLeases()", [dict(_texts(LONG, INT_MIN), expirytime=LLONG_MIN, prefix=UINT_MAX)] * 1000, "maximal"),
    Row("net.DHCPLeases()", FAILS, "golden fail:1"),
    Row("dom.interfaceAddresses(1)", {
        "eins": {"addrs": None, "hwaddr": _HWADDR}, "zwölf": {"addrs": [_V4], "hwaddr": _HWADDR},
        "日本": {"addrs": [_V4, _V6], "hwaddr": _HWADDR}}, c=[_ADDRESSES]),
    Row("dom.interfaceAddresses(1)", {}, "empty"),
    Row("dom.interfaceAddresses(1)", {"eins": {"addrs": [_V4, _V6], "hwaddr": _HWADDR}}, "twice"),
    Row("dom.interfaceAddresses(1)", {
        "eins": {"addrs": [dict(_V4, addr=None), dict(_V6, addr=None)], "hwaddr": None},
        "": {"addrs": [dict(_V4, addr=None)], "hwaddr": None}}, "nulls"),
    Row("dom.interfaceAddresses(1)['caf\\udce9 1']", {"addrs": [dict(_V4, addr=BAD)], "hwaddr": BAD}, "badtext",
        peer="not UTF-8"),
    Row("dom.interfaceAddresses(1)['entry 998']", {"addrs": [
        {"addr": LONG, "prefix": UINT_MAX, "type": INT_MIN}, {"addr": LONG, "prefix": UINT_MAX, "type": INT_MIN}],
        "hwaddr": LONG}, "maximal"),
    Row("dom.interfaceAddresses(1)", FAILS, "golden fail:1"),
    Row("dom.interfaceAddresses()", Raises("TypeError"), c=[]),
    Row("conn.getAllDomainStats(5, 2)", [(Handle("virDomain", name), _PARAMS) for name in ("eins", "zwölf", "日本")],
        c=[f"virConnectGetAllDomainStats({CONN}, 5, out, 2)"]),
    Row("conn.getAllDomainStats()", [], "empty", [f"virConnectGetAllDomainStats({CONN}, 0, out, 0)"]),
    Row("len(conn.getAllDomainStats())", 300, "maximal"),
    Row("conn.getAllDomainStats()[0][1]['uint']", UINT_MAX, "maximal", peer="uint"),
    Row("conn.getAllDomainStats()", Raises("LookupError"), "odd"),
    Row("conn.getAllDomainStats()", FAILS, "golden fail:1"),
    Row("conn.getAllDomainStats()[0][0].connect() is conn", True),
    Row("conn.domainListGetStats([dom, dom], 5, 2)", [(Handle("virDomain", "fresh"), _PARAMS)] * 2,
        c=["virDomainListGetStats([<domain fresh>, <domain fresh>], 5, out, 2)"]),
    Row("conn.domainListGetStats((dom,))", [(Handle("virDomain", "fresh"), _PARAMS)],
        c=["virDomainListGetStats([<domain fresh>], 0, out, 0)"]),
    Row("conn.domainListGetStats(iter([dom]))", [(Handle("virDomain", "fresh"), _PARAMS)]),
    Row("len(conn.domainListGetStats([dom] * 1000))", 1000),
    Row("conn.domainListGetStats([])", FAILS, c=["virDomainListGetStats([], 0, out, 0)"]),
    Row("conn.domainListGetStats([dom])", FAILS, "golden fail:1"),
    Row("conn.domainListGetStats([dom])", Raises("LookupError"), "odd"),
    Row("conn.domainListGetStats(None)", Raises("TypeError"), c=[]),
    Row("conn.domainListGetStats([net])", Raises("libvirtError"), c=[], peer="?stale error"),
    Row("libvirtmod.virDomainListGetStats(conn._o, [dom._o], 0, 0)",
        [(Handle("PyCapsule"), _PARAMS)], c=["virDomainListGetStats([<domain fresh>], 0, out, 0)"]),
    Row("libvirtmod.virDomainListGetStats(conn._o, [dom._o], 0, 0)",
        [(None, {"string": None, "": 1, "last": "text"})], "nulls"),
    Row("libvirtmod.virDomainListGetStats(None, [dom._o], 0, 0)", [(Handle("PyCapsule"), _PARAMS)]),
    Row("libvirtmod.virDomainListGetStats(conn._o, [net._o], 0, 0)", Raises("TypeError"), c=[],
        peer="a handle of the wrong kind", crashes=True),
    Row("libvirtmod.virDomainListGetStats(conn._o, [dom._o, None, dom._o], 0, 0)", Raises("TypeError"), c=[],
        peer="None in a list of domains"),
    Row("libvirtmod.virDomainListGetStats(conn._o, (dom._o,), 0, 0)", Raises("TypeError"), c=[],
        peer="refused without an error"),
    Row("libvirtmod.virDomainListGetStats(conn._o, [5], 0, 0)", Raises("TypeError"), c=[],
        peer="a handle of the wrong kind", crashes=True),
)

ROWS = (*_NUMBERS, *_STRUCTS, *_FILLED, *_RECORDS)
