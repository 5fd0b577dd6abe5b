# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls that return or take typed parameters, with their expected outcomes."""

from typing import Dict, List, Optional, Sequence, Tuple

from .table import FAILS, Raises, Row, Rows

DOM, CONN = "<domain fresh>", "<conn>"

# --- results -----------------------------------------------------------------

GOLDEN = {"int": -5, "uint": 4000, "llong": -5000000000, "ullong": 5000000000, "double": 0.5, "yes": True, "no": False,
          "string": "zwölf"}
FEWER = {"int": -5, "uint": 4000, "llong": -5000000000}
NULLS: Dict[str, object] = {"string": None, "": 1, "last": "text"}
TWICE = {"int": 2, "string": "second"}
BADTEXT = {"string": "caf\udce9 \udcff", "na\udcefve": 1}
MAXIMAL = {
    "int": -2147483648, "int.max": 2147483647, "uint": 4294967295, "llong": -9223372036854775808,
    "llong.max": 9223372036854775807, "ullong": 18446744073709551615, "double": 1.7976931348623157e+308, "yes": True,
    "no": False, "a123456789012345678901234567890123456789012345678901234567890123456789012345678": 7,
    "string": "x" * 3000,
}
JOB = {"type": 1}


def _shapes(call: str, **more: object) -> Rows:
    """Return rows for the scenarios in which all getters behave alike."""
    return (
        Row(call, {**GOLDEN, **more}),
        Row(call, {**NULLS, **more}, "nulls"),
        Row(call, {**TWICE, **more}, "twice"),
        Row(call, {**MAXIMAL, **more, **({"type": -2147483648} if more else {})}, "maximal", peer="uint"),
        Row(call, {**BADTEXT, **more}, "badtext", peer="not UTF-8"),
        Row(call, Raises("LookupError"), "odd"),
    )


def _filled(call: str, c: str) -> Rows:
    """Return rows for getters whose first call counts and whose second call fills; `c` has a placeholder."""
    first, second = c.format("NULL, 0"), c.format("out, 8")
    return (
        *_shapes(call),
        Row(call, GOLDEN, c=[first, second]),
        Row(call, FEWER, "fewer", [first, second]),
        Row(call, {}, "empty", [first]),
        Row(call, FAILS, "golden fail:1", [first]),
        Row(call, FAILS, "golden fail:2", [first, second]),
    )


def allocated(call: str, c: str, **more: object) -> Rows:
    return (
        *_shapes(call, **more),
        Row(call, {**GOLDEN, **more}, c=[c]),
        Row(call, {**more, **({"type": 0} if more else {})}, "empty", [c]),
        Row(call, FAILS, "golden fail:1", [c]),
    )


def _sized(call: str, c: str) -> Rows:
    """Return rows for getters whose count comes from the scheduler type."""
    first = f"virDomainGetSchedulerType({DOM}, out)"
    second = c.format("out, 8")
    return (
        *_shapes(call),
        Row(call, GOLDEN, c=[first, second]),
        Row(call, FEWER, "fewer", [first, second]),
        Row(call, {}, "empty", [first]),
        Row(call, FAILS, "golden fail:1", [first]),
        Row(call, FAILS, "golden fail:2", [first, second]),
    )


_OUT = (
    *_filled("dom.memoryParameters(2)", f"virDomainGetMemoryParameters({DOM}, {{}}, 2)"),
    *_filled("dom.blkioParameters()", f"virDomainGetBlkioParameters({DOM}, {{}}, 0)"),
    *_filled("dom.numaParameters(1)", f"virDomainGetNumaParameters({DOM}, {{}}, 1)"),
    *_filled("dom.interfaceParameters('vnet0', 1)", f'virDomainGetInterfaceParameters({DOM}, "vnet0", {{}}, 1)'),
    *_filled("dom.blockIoTune('vda', 2)", f'virDomainGetBlockIoTune({DOM}, "vda", {{}}, 2)'),
    *_filled("dom.blockStatsFlags('vda', 0)", f'virDomainBlockStatsFlags({DOM}, "vda", {{}}, 0)'),
    *_filled("conn.getMemoryParameters(0)", f"virNodeGetMemoryParameters({CONN}, {{}}, 0)"),
    *_sized("dom.schedulerParameters()", f"virDomainGetSchedulerParameters({DOM}, {{}})"),
    *_sized("dom.schedulerParametersFlags(3)", f"virDomainGetSchedulerParametersFlags({DOM}, {{}}, 3)"),
    *allocated("dom.launchSecurityInfo()", f"virDomainGetLaunchSecurityInfo({DOM}, out, 0)"),
    *allocated("dom.perfEvents(1)", f"virDomainGetPerfEvents({DOM}, out, 1)"),
    *allocated("conn.getSEVInfo()", f"virNodeGetSEVInfo({CONN}, out, 0)"),
    *allocated("port.parameters(0)", "virNetworkPortGetParameters(<port>, out, 0)"),
    *allocated("dom.guestInfo(5, 1)", f"virDomainGetGuestInfo({DOM}, 5, out, 1)"),
    *allocated("dom.jobStats(1)", f"virDomainGetJobStats({DOM}, out, out, 1)", **JOB),
    *(row._replace(peer=row.peer or ("None for a failure" if row.result == FAILS else ""))
      for row in allocated("dom.guestVcpus()", f"virDomainGetGuestVcpus({DOM}, out, 0)")),
    Row("dom.interfaceParameters(None)", Raises("TypeError"), c=[], peer="a device of None"),
    Row("dom.blockIoTune(None)", GOLDEN, c=[f"virDomainGetBlockIoTune({DOM}, NULL, NULL, 0, 0)",
                                            f"virDomainGetBlockIoTune({DOM}, NULL, out, 8, 0)"]),
    Row("dom.guestInfo()", GOLDEN, c=[f"virDomainGetGuestInfo({DOM}, 0, out, 0)"]),
)

# --- arguments whose types come from the getter ------------------------------

_ALL = ("{'string': 'é', 'int': -7, 'no': 1, 'uint': 4294967295, 'llong': -9223372036854775808, "
        "'ullong': 18446744073709551615, 'double': 0.25}")
_ALL_C = ('[string STRING "é", int INT -7, no BOOLEAN 1, uint UINT 4294967295, llong LLONG -9223372036854775808, '
          'ullong ULLONG 18446744073709551615, double DOUBLE 0.25], 7')


def _learned(call: str, c: str, getters: Sequence[str]) -> Rows:
    """Return rows; `call` and `c` have a placeholder for the dict.

    getters: the C calls before; the first one counts.
    """
    first = getters[0]
    fill = list(getters)

    def row(given: str, result: object, calls: Optional[List[str]] = None, mode: str = "golden", peer: str = "",
            crashes: bool = False) -> Row:
        return Row(call.format(given), result, mode, calls, peer, crashes)

    return (
        row(_ALL, 0, [*fill, c.format(_ALL_C)]),
        row("{'int': 5}", 0, [*fill, c.format("[int INT 5], 1")]),
        row("Dict(int=5)", 0, [*fill, c.format("[int INT 5], 1")]),
        row("{'int': True, 'yes': 'no', 'no': []}", 0,
            [*fill, c.format("[int INT 1, yes BOOLEAN 1, no BOOLEAN 0], 3")]),
        row("{Text('string'): Text('é')}", 0, [*fill, c.format('[string STRING "é"], 1')]),
        row("{'int': Index(5)}", 0, [*fill, c.format("[int INT 5], 1")]),
        row("{'uint': Index(5), 'llong': Index(-5), 'ullong': Index(6)}", 0,
            [*fill, c.format("[uint UINT 5, llong LLONG -5, ullong ULLONG 6], 3")], peer="__index__"),
        row("{'double': 3}", 0, [*fill, c.format("[double DOUBLE 3], 1")]),
        row("{'double': Float()}", 0, [*fill, c.format("[double DOUBLE 0.25], 1")]),
        row("{}", Raises("LookupError"), []),
        row("{'other': 1}", Raises("LookupError"), fill),
        row("{'int': 5, 'other': 1}", Raises("LookupError"), fill),
        row("{1: 1}", Raises("TypeError"), fill),
        row("{None: 1}", Raises("TypeError"), fill),
        row("{b'int': 1}", Raises("TypeError"), fill),
        row("{'int': 2147483648}", Raises("OverflowError"), fill),
        row("{'int': -2147483649}", Raises("OverflowError"), fill),
        row("{'int': 2 ** 200}", Raises("OverflowError"), fill),
        row("{'uint': 4294967296}", Raises("OverflowError"), fill),
        row("{'uint': -1}", Raises("OverflowError"), fill),
        row("{'llong': 9223372036854775808}", Raises("OverflowError"), fill),
        row("{'llong': -9223372036854775809}", Raises("OverflowError"), fill),
        row("{'ullong': 18446744073709551616}", Raises("OverflowError"), fill),
        row("{'ullong': -1}", Raises("OverflowError"), fill),
        row("{'double': 10 ** 400}", Raises("OverflowError"), fill),
        *(row("{%r: %s}" % (field, value), Raises("TypeError"), fill)
          for field, value in (("int", "1.0"), ("int", "'1'"), ("int", "None"), ("uint", "1.0"), ("uint", "'1'"),
                               ("uint", "None"), ("llong", "1.0"), ("llong", "None"), ("ullong", "'1'"),
                               ("ullong", "None"), ("double", "'1'"), ("double", "None"), ("string", "1"),
                               ("string", "None"), ("string", "b'x'"), ("int", "[1]"), ("string", "('x',)"))),
        row("{'yes': NoBool()}", Raises("ArithmeticError"), fill),
        row("{'double': NoNumber()}", Raises("ArithmeticError"), fill),
        row("{'uint': NoNumber()}", Raises("ArithmeticError"), fill, peer="?__index__"),
        row("{'string': 'a\\0b'}", Raises("ValueError"), fill, peer="NUL"),
        row("{'int\\0x': 1}", Raises("ValueError"), fill, peer="NUL"),
        row("{'string': '\\ud800'}", Raises("UnicodeEncodeError"), fill),
        row("{'%s': 1}" % ("x" * 80), Raises("LookupError"), fill),
        row("Growing('int')", 0, [*fill, c.format("[int INT 1], 1")], peer="a dict that grows", crashes=True),
        row("{'int': 5}", FAILS, [first], "golden fail:1"),
        row("{'int': 5}", Raises("LookupError"), [first.replace(", 8", ", 0")], "empty"),
        row("{'string': 'y'}", 0, None, "nulls"),
        row("{'uint': 3000000000}", 0, None, "maximal"),
        row("{'a123456789012345678901234567890123456789012345678901234567890123456789012345678': 7}", 0, None,
            "maximal"),
        row("{'new': 1}", Raises("LookupError"), None, "odd"),
        row("{'int': 1}", 0, None, "odd"),
        *(row("{'int': 5}", FAILS, [*fill, c.format("[int INT 5], 1")][:n], f"golden fail:{n}")
          for n in range(2, len(fill) + 2)),
        *(row(given, Raises("TypeError"), [], peer="no dict") for given in ("None", "[]", "'x'", "5", "(('int', 1),)")),
    )


def _twice(getter: str) -> Tuple[str, str]:
    return getter.format("NULL, 0"), getter.format("out, 8")


_SCHEDULER = f"virDomainGetSchedulerType({DOM}, out)"
_LEARNED = (
    *_learned("dom.setMemoryParameters({}, 2)", f"virDomainSetMemoryParameters({DOM}, {{}}, 2)",
              _twice(f"virDomainGetMemoryParameters({DOM}, {{}}, 2)")),
    *_learned("dom.setBlkioParameters({})", f"virDomainSetBlkioParameters({DOM}, {{}}, 0)",
              _twice(f"virDomainGetBlkioParameters({DOM}, {{}}, 0)")),
    *_learned("dom.setNumaParameters({}, 1)", f"virDomainSetNumaParameters({DOM}, {{}}, 1)",
              _twice(f"virDomainGetNumaParameters({DOM}, {{}}, 1)")),
    *_learned("dom.setInterfaceParameters('vnet0', {}, 1)",
              f'virDomainSetInterfaceParameters({DOM}, "vnet0", {{}}, 1)',
              _twice(f'virDomainGetInterfaceParameters({DOM}, "vnet0", {{}}, 1)')),
    *_learned("conn.setMemoryParameters({}, 0)", f"virNodeSetMemoryParameters({CONN}, {{}}, 0)",
              _twice(f"virNodeGetMemoryParameters({CONN}, {{}}, 0)")),
    *_learned("dom.setSchedulerParameters({})", f"virDomainSetSchedulerParameters({DOM}, {{}})",
              (_SCHEDULER, f"virDomainGetSchedulerParameters({DOM}, out, 8)")),
    *_learned("dom.setSchedulerParametersFlags({}, 2)", f"virDomainSetSchedulerParametersFlags({DOM}, {{}}, 2)",
              (_SCHEDULER, f"virDomainGetSchedulerParametersFlags({DOM}, out, 8, 2)")),
    *_learned("dom.setPerfEvents({}, 1)", f"virDomainSetPerfEvents({DOM}, {{}}, 1)",
              (f"virDomainGetPerfEvents({DOM}, out, 1)",)),
    *_learned("port.setParameters({}, 0)", "virNetworkPortSetParameters(<port>, {}, 0)",
              ("virNetworkPortGetParameters(<port>, out, 0)",)),
    # Getters refuse both flags together.
    *(Row(f"dom.{method}({{'int': 5}}, 3)", 0, c=[
        *_twice(f"virDomainGet{name}({DOM}, {{}}, 1)"), f"virDomainSet{name}({DOM}, [int INT 5], 1, 3)"],
        peer="flags of the getter")
      for method, name in (("setMemoryParameters", "MemoryParameters"), ("setBlkioParameters", "BlkioParameters"),
                           ("setNumaParameters", "NumaParameters"))),
    Row("dom.setSchedulerParametersFlags({'int': 5}, 3)", 0, c=[
        _SCHEDULER, f"virDomainGetSchedulerParametersFlags({DOM}, out, 8, 1)",
        f"virDomainSetSchedulerParametersFlags({DOM}, [int INT 5], 1, 3)"], peer="flags of the getter"),
    Row("dom.setMemoryParameters({'int': 5}, 7)", 0, c=[
        *_twice(f"virDomainGetMemoryParameters({DOM}, {{}}, 5)"),
        f"virDomainSetMemoryParameters({DOM}, [int INT 5], 1, 7)"], peer="flags of the getter"),
    Row("dom.setInterfaceParameters(None, {'int': 5})", Raises("TypeError"), c=[], peer="a device of None"),
)

ROWS = (*_OUT, *_LEARNED)
