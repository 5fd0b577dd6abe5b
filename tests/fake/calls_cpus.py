# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls that return or take CPU maps and CPU statistics, and their expected outcomes."""

from typing import Dict, List, Tuple

from .table import FAILS, Raises, Row, Rows

DOM, CONN = "<domain fresh>", "<conn>"
UINT_MAX, ULLONG_MAX = 2 ** 32 - 1, 2 ** 64 - 1
COUNT = f"virNodeGetCPUMap({CONN}, NULL, NULL, 0)"
INFO = f"virDomainGetInfo({DOM}, out)"


def _map(step: int, cpus: int = 12) -> Tuple[bool, ...]:
    """Return a map with every CPU whose number is divisible by step."""
    return tuple(cpu % step == 0 for cpu in range(cpus))


NONE = (False,) * 12

_OUT = (
    Row("conn.getCPUMap(0)", (12, list(_map(3)), 4), c=[f"virNodeGetCPUMap({CONN}, out, out, 0)"]),
    Row("conn.getCPUMap()", (0, [], 0), "empty"),
    Row("conn.getCPUMap()", (300, list(_map(3, 300)), UINT_MAX), "maximal"),
    Row("conn.getCPUMap()", FAILS, "golden fail:1"),
    Row("dom.vcpus()", ([(0, 1, 1000000000, -1), (1, 1, 1000000001, 0), (2, 1, 1000000002, 1)],
                        [_map(2), _map(3), _map(4)]),
        c=[COUNT, INFO, f"virDomainGetVcpus({DOM}, out, 3, out, 2)"]),
    Row("dom.vcpus()", ([(0, 1, 1000000000, -1), (1, 1, 1000000001, 0), (0, 0, 0, 0)], [_map(2), _map(3), NONE]),
        "fewer"),
    Row("dom.vcpus()", ([(UINT_MAX, -2 ** 31, ULLONG_MAX, -2 ** 31)] * 1000,
                        [_map(n + 2, 300) for n in range(1000)]), "maximal", peer="unsigned int"),
    Row("dom.vcpus()", ([], []), "empty"),
    Row("dom.vcpus()", ([(0, 1, 1000000000, -1), (1, 1, 1000000001, 0), (2, 1, 1000000002, 1)], [(), (), ()]),
        "nocpus"),
    *(Row("dom.vcpus()", FAILS, f"golden fail:{n}",
          c=[COUNT, INFO, f"virDomainGetVcpus({DOM}, out, 3, out, 2)"][:n]) for n in (1, 2, 3)),
    Row("dom.vcpuPinInfo(2)", [_map(2), _map(3), _map(4)],
        c=[COUNT, INFO, f"virDomainGetVcpuPinInfo({DOM}, 3, out, 2, 2)"]),
    Row("dom.vcpuPinInfo()", [_map(2), _map(3)], "fewer", peer="fewer pinned"),
    Row("dom.vcpuPinInfo()", [_map(n + 2, 300) for n in range(1000)], "maximal"),
    Row("dom.vcpuPinInfo()", [], "empty"),
    Row("dom.vcpuPinInfo()", [(), (), ()], "nocpus"),
    Row("dom.ioThreadInfo()", [(1, []), (2, []), (3, [])], "nocpus"),
    *(Row("dom.vcpuPinInfo()", FAILS, f"golden fail:{n}") for n in (1, 2, 3)),
    Row("dom.emulatorPinInfo(1)", _map(5), c=[COUNT, f"virDomainGetEmulatorPinInfo({DOM}, out, 2, 1)"]),
    Row("dom.emulatorPinInfo()", _map(5, 300), "maximal"),
    Row("dom.emulatorPinInfo()", NONE, "holes"),
    Row("dom.emulatorPinInfo()", (), "empty"),
    *(Row("dom.emulatorPinInfo()", FAILS, f"golden fail:{n}") for n in (1, 2)),
    Row("dom.ioThreadInfo(1)", [(1, list(_map(2))), (2, list(_map(3))), (3, list(_map(4)))],
        c=[COUNT, f"virDomainGetIOThreadInfo({DOM}, out, 1)"]),
    Row("dom.ioThreadInfo()", [(UINT_MAX, list(_map(n + 2, 300))) for n in range(1000)], "maximal"),
    # maps that are shorter than the number of the host's CPUs
    Row("dom.ioThreadInfo()", [(1, [False] * 12), (2, list(_map(3, 8)) + [False] * 4), (3, list(_map(4)))], "holes"),
    Row("dom.ioThreadInfo()", [], "empty"),
    *(Row("dom.ioThreadInfo()", FAILS, f"golden fail:{n}") for n in (1, 2)),
)


def _pin(call: str, c: str) -> Rows:
    """Return rows; `call` and `c` have a placeholder for the map."""
    def row(given: str, passed: str, peer: str = "") -> Row:
        return Row(call.format(given), 0, c=[COUNT, c.format(passed)], peer=peer)

    return (
        row("(True, False, True)", "x0500, 2"),
        row("(True,) * 12", "xff0f, 2"),
        row("(False,) * 11 + (True,)", "x0008, 2"),
        row("(False,) * 8 + (True,)", "x0001, 2"),
        row("()", "x0000, 2"),
        # items are converted by truth value
        row("(1, 0, 'x', '', None, [0], 2)", "x6500, 2"),
        # items beyond the last CPU are ignored
        row("(True,) * 500", "xff0f, 2"),
        row("(False,) * 12 + (NoBool(),)", "x0000, 2"),
        Row(call.format("(True,) * 300"), 0, "maximal", [COUNT, c.format("x" + "ff" * 37 + "0f, 38")]),
        row("[True, False, True]", "x0500, 2", peer="a list for a tuple"),
        Row(call.format("(True, NoBool())"), Raises("ArithmeticError"), c=[COUNT]),
        *(Row(call.format(value), Raises("TypeError"), c=[COUNT]) for value in ("None", "5", "'x'", "b'x'", "{0: 1}")),
        Row(call.format("(True,)"), FAILS, "golden fail:1", [COUNT]),
        Row(call.format("(True,)"), FAILS, "golden fail:2", [COUNT, c.format("x0100, 2")]),
        Row(call.format("None"), FAILS, "golden fail:1", [COUNT]),
    )


_IN = (
    *_pin("dom.pinVcpu(3, {})", f"virDomainPinVcpu({DOM}, 3, {{}})"),
    *_pin("dom.pinVcpuFlags(3, {}, 2)", f"virDomainPinVcpuFlags({DOM}, 3, {{}}, 2)"),
    *_pin("dom.pinEmulator({}, 2)", f"virDomainPinEmulator({DOM}, {{}}, 2)"),
    *_pin("dom.pinIOThread(3, {}, 2)", f"virDomainPinIOThread({DOM}, 3, {{}}, 2)"),
    Row("dom.pinVcpu(-1, (True,))", Raises("OverflowError"), c=[], peer="unsigned int in"),
    Row("dom.pinVcpu(4294967295, (True,))", 0, c=[COUNT, f"virDomainPinVcpu({DOM}, 4294967295, x0100, 2)"],
        peer="unsigned int in"),
    *(row for method in ("pinVcpuFlags", "pinIOThread") for row in (
        Row(f"dom.{method}(-1, (True,))", Raises("OverflowError"), c=[], peer="unsigned int in"),
        Row(f"dom.{method}(4294967295, (True,))", 0, peer="unsigned int in",
            c=[COUNT, f"virDomain{method[0].upper()}{method[1:]}({DOM}, 4294967295, x0100, 2, 0)"]))),
    Row("dom.pinVcpu(4294967296, (True,))", Raises("OverflowError"), c=[]),
    Row("dom.pinVcpu('0', (True,))", Raises("TypeError"), c=[]),
)


def _stats(start: int, count: int) -> List[Dict[str, int]]:
    return [{"cpu_time": 1000 * (n + 1), "user_time": 1000 * (n + 1) + 1} for n in range(start, start + count)]


def _calls(*calls: str) -> List[str]:
    return [f"virDomainGetCPUStats({DOM}, {call})" for call in calls]


_SIZE = ("NULL, 0, 0, 0, 1", "NULL, 0, 0, 1, 1")
_STATS = (
    Row("dom.getCPUStats(True, 1)", [{"cpu_time": 0, "user_time": 1, "system_time": 2}],
        c=_calls("NULL, 0, -1, 1, 1", "out, 3, -1, 1, 1")),
    Row("dom.getCPUStats('yes')", [{"cpu_time": 0, "user_time": 1, "system_time": 2}]),
    Row("dom.getCPUStats(False, 1)", _stats(0, 12), c=_calls(*_SIZE, "out, 2, 0, 12, 1")),
    Row("dom.getCPUStats([])", _stats(0, 12)),
    Row("dom.getCPUStats(0, 1)", _stats(0, 300), "maximal", c=_calls(
        *_SIZE, "out, 2, 0, 128, 1", "out, 2, 128, 128, 1", "out, 2, 256, 44, 1")),
    Row("dom.getCPUStats(0, 1)", [], "empty"),
    Row("dom.getCPUStats(0, 1)", [{}] * 12, "odd"),
    Row("dom.getCPUStats(1, 1)", [{}], "odd", c=_calls("NULL, 0, -1, 1, 1")),
    Row("dom.getCPUStats(0, 1)", [{"cpu_time": 1000 * (n + 1)} for n in range(12)], "fewer"),
    Row("dom.getCPUStats(1, 1)", [{"cpu_time": 0, "user_time": 1}], "fewer"),
    # the second CPU is gone, and for the third only one value is known
    Row("dom.getCPUStats(0, 1)", [*_stats(0, 1), {}, {"cpu_time": 3000}, *_stats(3, 9)], "holes",
        peer="parameters that were not filled"),
    *(Row("dom.getCPUStats(True)", FAILS, f"golden fail:{n}") for n in (1, 2)),
    *(Row("dom.getCPUStats(False)", FAILS, f"golden fail:{n}") for n in (1, 2, 3)),
    # the second and the last group of CPUs
    *(Row("dom.getCPUStats(False)", FAILS, f"maximal fail:{n}") for n in (4, 5)),
    Row("dom.getCPUStats(NoBool())", Raises("ArithmeticError"), c=[]),
)

ROWS = (*_OUT, *_IN, *_STATS)
