# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls that take typed parameters whose types are known, or are derived from the values."""

from typing import Sequence, Tuple

from .table import FAILS, Handle, Raises, Row, Rows

DOM, CONN = "<domain fresh>", "<conn>"

LARGEST = {"INT": 2147483647, "UINT": 4294967295, "LLONG": 9223372036854775807, "ULLONG": 18446744073709551615}
SMALLEST = {"INT": -2147483648, "UINT": 0, "LLONG": -9223372036854775808, "ULLONG": 0}


class _Call:
    """A call and its C call; both have a placeholder for the fields."""

    def __init__(self, call: str, c: str, result: object = 0, needs: str = "", peer: str = "", empty: str = "NULL, 0"):
        self.call, self.c, self.result, self.needs, self.peer, self.empty = call, c, result, needs, peer, empty

    def good(self, given: str, passed: str, peer: str = "") -> Row:
        """Return a row with these fields, and with what C receives."""
        return Row(self.call.format(given), self.result, c=[self.c.format(passed)], needs=self.needs,
                   peer=self.peer or peer)

    def bad(self, given: str, exception: str, peer: str = "", crashes: bool = False) -> Row:
        return Row(self.call.format(given), Raises(exception), c=[], needs=self.needs, peer=self.peer or peer,
                   crashes=crashes)

    def field(self, name: str, kind: str) -> Rows:
        """Return rows with a field of a known type: at the limits of its range, beyond them, and with other types."""
        if kind == "STRING":
            peer = "?fields known later" if name in ("disks_uri", "tls.destination") else ""
            return (
                self.good("{'%s': 'zwölf'}" % name, f'[{name} STRING "zwölf"], 1'),
                self.good("{'%s': ''}" % name, f'[{name} STRING ""], 1'),
                *(self.bad("{'%s': %s}" % (name, value), "TypeError", peer=peer) for value in ("1", "True", "1.5")),
                *(self.bad("{'%s': %s}" % (name, value), "TypeError") for value in ("None", "b'x'")),
            )
        return (
            *(self.good("{'%s': %d}" % (name, number), f"[{name} {kind} {number}], 1")
              for number in (LARGEST[kind], SMALLEST[kind], 5)),
            self.good("{'%s': True}" % name, f"[{name} {kind} 1], 1"),
            *(self.bad("{'%s': %d}" % (name, number), "OverflowError")
              for number in (LARGEST[kind] + 1, SMALLEST[kind] - 1, 2 ** 200, -2 ** 200)),
            *(self.bad("{'%s': %s}" % (name, value), "TypeError") for value in ("'1'", "None", "1.0", "b'1'")),
            self.good("{'%s': Index(5)}" % name, f"[{name} {kind} 5], 1",
                      peer={"INT": "", "UINT": "?__index__"}.get(kind, "__index__")),
        )

    def general(self) -> Rows:
        """Return rows that do not depend on which fields the function knows."""
        return (
            # types are derived from the values
            self.good("{'a': 'é', 'b': True, 'c': False, 'd': 0, 'e': 18446744073709551615, 'f': -1, 'g': 0.5}",
                      '[a STRING "é", b BOOLEAN 1, c BOOLEAN 0, d ULLONG 0, e ULLONG 18446744073709551615, f LLONG -1, '
                      "g DOUBLE 0.5], 7"),
            self.good("{'f': -9223372036854775808}", "[f LLONG -9223372036854775808], 1"),
            self.good("{'f': Index(5), 'g': Index(-5)}", "[f ULLONG 5, g LLONG -5], 2", peer="__index__"),
            self.bad("{'f': -9223372036854775809}", "OverflowError"),
            self.bad("{'f': 18446744073709551616}", "OverflowError"),
            *(self.bad("{'f': %s}" % value, "TypeError") for value in ("None", "b'x'", "{}", "object()", "1j")),
            # lists and tuples
            self.good("{'a': ['x', 'y'], 'b': (1, -1), 'c': []}",
                      '[a STRING "x", a STRING "y", b ULLONG 1, b LLONG -1], 4'),
            self.good("{'a': ('x', 2, True)}", '[a STRING "x", a ULLONG 2, a BOOLEAN 1], 3'),
            self.good("{'a': []}", self.empty),
            self.bad("{'a': [['x']]}", "TypeError"),
            self.bad("{'a': ['x', None]}", "TypeError"),
            self.good("{'a': %r}" % [f"disk{n}" for n in range(100)],
                      "[%s], 100" % ", ".join(f'a STRING "disk{n}"' for n in range(100))),
            # the dict and its keys
            self.good("{}", self.empty),
            self.good("Dict(a='x')", '[a STRING "x"], 1'),
            self.good("{Text('a'): Text('x')}", '[a STRING "x"], 1'),
            *(self.bad("{%s: 1}" % key, "TypeError") for key in ("1", "None", "b'a'", "('a',)")),
            *(self.bad(value, "TypeError") for value in ("[]", "'a'", "5", "(('a', 1),)")),
            self.good("{'%s': 1}" % ("x" * 79), "[%s ULLONG 1], 1" % ("x" * 79)),
            Row(self.call.format("{'%s': 1}" % ("x" * 80)), Raises("libvirtError", 1, 0), c=[], needs=self.needs,
                peer=self.peer or "a long key"),
            self.bad("{'a': 'x\\0y'}", "ValueError", peer="NUL"),
            self.bad("{'a\\0b': 1}", "ValueError", peer="NUL"),
            self.bad("{'\\ud800': 1}", "UnicodeEncodeError"),
            self.bad("{'a': '\\ud800'}", "UnicodeEncodeError"),
            Row(self.call.format("{'a': 1}"), FAILS, "golden fail:1", [self.c.format("[a ULLONG 1], 1")],
                needs=self.needs, peer=self.peer),
        )


IO_THREAD = _Call("dom.setIOThreadParams(3, {}, 2)", f"virDomainSetIOThreadParams({DOM}, 3, {{}}, 2)")
TUNE = _Call("dom.setBlockIoTune('vda', {}, 1)", f'virDomainSetBlockIoTune({DOM}, "vda", {{}}, 1)',
             peer="?setBlockIoTune asks")
THROTTLE = _Call("dom.setThrottleGroup('fast', {}, 0)", f'virDomainSetThrottleGroup({DOM}, "fast", {{}}, 0)',
                 needs="virDomainSetThrottleGroup")
COPY = _Call("dom.blockCopy('vda', '<disk/>', {}, 1)", f'virDomainBlockCopy({DOM}, "vda", "<disk/>", {{}}, 1)')
MIGRATE = _Call("dom.migrate3(dconn, {}, 1)", f"virDomainMigrate3({DOM}, {CONN}, {{}}, 1)",
                result=Handle("virDomain", "moved"))
MIGRATE_TO = _Call("dom.migrateToURI3('qemu:///x', {}, 1)", f'virDomainMigrateToURI3({DOM}, "qemu:///x", {{}}, 1)')
SECURITY = _Call("dom.setLaunchSecurityState({}, 0)", f"virDomainSetLaunchSecurityState({DOM}, {{}}, 0)",
                 needs="virDomainSetLaunchSecurityState")
SAVE = _Call("dom.saveParams({}, 1)", f"virDomainSaveParams({DOM}, {{}}, 1)", needs="virDomainSaveParams")
RESTORE = _Call("conn.restoreParams({}, 1)", f"virDomainRestoreParams({CONN}, {{}}, 1)",
                needs="virDomainRestoreParams")
ANNOUNCE = _Call("dom.announceInterface('vnet0', {}, 0)", f'virDomainAnnounceInterface({DOM}, "vnet0", {{}}, 0)',
                 needs="virDomainAnnounceInterface")
IDENTITY = _Call("conn.setIdentity({}, 0)", f"virConnectSetIdentity({CONN}, {{}}, 0)")

_MIGRATE_FIELDS = (
    *((name, "STRING") for name in (
        "migrate_uri", "destination_name", "destination_xml", "persistent_xml", "graphics_uri", "listen_address",
        "migrate_disks", "compression", "disks_uri", "tls.destination")),
    *((name, "ULLONG") for name in ("bandwidth", "bandwidth.postcopy", "compression.xbzrle.cache")),
    *((name, "INT") for name in (
        "disks_port", "compression.mt.level", "compression.mt.threads", "compression.mt.dthreads",
        "auto_converge.initial", "auto_converge.increment", "parallel.connections")),
)
# The types of these fields are known if the libvirt headers define them; otherwise they depend on the values.
_MIGRATE_NEWER = {"compression.zlib.level": "VIR_MIGRATE_PARAM_COMPRESSION_ZLIB_LEVEL",
                  "compression.zstd.level": "VIR_MIGRATE_PARAM_COMPRESSION_ZSTD_LEVEL"}
_TUNE_FIELDS = (
    *((f"{which}_{what}_sec{suffix}", "ULLONG") for which in ("total", "read", "write") for what in ("bytes", "iops")
      for suffix in ("", "_max", "_max_length")),
    ("size_iops_sec", "ULLONG"), ("group_name", "STRING"),
)
_SAVE_FIELDS = (("file", "STRING"), ("dxml", "STRING"))

# Fields with their types, and the constants that show whether libvirt is new enough for a field.
_KNOWN: Tuple[Tuple[_Call, Sequence[Sequence[str]]], ...] = (
    (IO_THREAD, (("poll_max_ns", "ULLONG"), ("poll_grow", "UINT"), ("poll_shrink", "UINT"),
                 *((name, "INT", f"VIR_DOMAIN_IOTHREAD_{name.upper()}") for name in (
                     "thread_pool_min", "thread_pool_max")))),
    (TUNE, _TUNE_FIELDS),
    (THROTTLE, _TUNE_FIELDS),
    (COPY, (("bandwidth", "ULLONG"), ("granularity", "UINT"), ("buf-size", "ULLONG"))),
    (MIGRATE, _MIGRATE_FIELDS),
    (MIGRATE_TO, _MIGRATE_FIELDS),
    (SECURITY, (("sev-secret", "STRING"), ("sev-secret-header", "STRING"), ("sev-secret-set-address", "ULLONG"))),
    (SAVE, _SAVE_FIELDS),
    (RESTORE, _SAVE_FIELDS),
    (ANNOUNCE, (("initial", "UINT"), ("max", "UINT"), ("rounds", "UINT"), ("step", "UINT"))),
    (IDENTITY, (("user-name", "STRING"), ("group-name", "STRING"), ("sasl-user-name", "STRING"),
                ("x509-distinguished-name", "STRING"), ("selinux-context", "STRING"), ("unix-user-id", "ULLONG"),
                ("unix-group-id", "ULLONG"), ("process-time", "ULLONG"), ("process-id", "LLONG"))),
)

_ODD = (
    Row("dom.blockCopy('vda', '<disk/>')", 0, c=[f'virDomainBlockCopy({DOM}, "vda", "<disk/>", NULL, 0, 0)']),
    Row("dom.blockCopy(None, None, None, 2)", 0, c=[f"virDomainBlockCopy({DOM}, NULL, NULL, NULL, 0, 2)"]),
    Row("dom.migrateToURI3(None, {})", 0, c=[f"virDomainMigrateToURI3({DOM}, NULL, NULL, 0, 0)"]),
    Row("dom.migrate3(dconn, {}, 1).connect() is dconn", True, peer="connection of migrate3"),
    Row("dom.migrate3(None, {}, 1)", Raises("TypeError"), c=[], peer="dconn of None"),
    Row("libvirtmod.virDomainMigrate3(dom._o, None, {}, 1)", Raises("TypeError"), c=[], peer="dconn of None"),
    Row("dom.migrate3(dconn, None)", Raises("TypeError"), c=[]),
    Row("dom.migrateToURI3('qemu:///x', None)", Raises("TypeError"), c=[]),
    *(Row(call.call.format("None"), Raises("TypeError"), c=[], needs=call.needs) for call in (SAVE, RESTORE)),
    Row("dom.setLaunchSecurityState(None)", Raises("TypeError"), c=[], needs="virDomainSetLaunchSecurityState"),
    Row("conn.setIdentity(None)", Raises("TypeError"), c=[]),
    Row("conn.setIdentity({'user\\udce9': 'caf\\udce9'})", 0,
        c=[f'virConnectSetIdentity({CONN}, [user\\xe9 STRING "caf\\xe9"], 1, 0)'], peer="not UTF-8"),
    Row("dom.setIOThreadParams(-1, {'poll_grow': 1})", Raises("OverflowError"), c=[], peer="unsigned int in"),
    Row("dom.setIOThreadParams(4294967296, {'poll_grow': 1})", Raises("OverflowError"), c=[]),
    *(Row(call, Raises("TypeError"), c=[], peer="no dict") for call in (
        "dom.setBlockIoTune('vda', None)", "dom.setIOThreadParams(3, None)")),
    Row("dom.setBlockIoTune('vda', {'unknown': NoNumber()})", Raises("ArithmeticError"), c=[],
        peer="?setBlockIoTune asks"),
    Row("dom.migrateToURI3('x', {'x' * 80: 'text'})", Raises("libvirtError", 1, 0), c=[], peer="a long key"),
    Row("dom.setBlockIoTune(None, {'group_name': 'x'})", 0,
        c=[f'virDomainSetBlockIoTune({DOM}, NULL, [group_name STRING "x"], 1, 0)'], peer="?setBlockIoTune asks"),
    Row("dom.setThrottleGroup(None, {'size_iops_sec': 1})", Raises("TypeError"), c=[],
        needs="virDomainSetThrottleGroup"),
    Row("dom.announceInterface(None, {'max': 1})", 0,
        c=[f"virDomainAnnounceInterface({DOM}, NULL, [max UINT 1], 1, 0)"], needs="virDomainAnnounceInterface"),
    Row("dom.announceInterface('vnet0', None)", Raises("TypeError"), c=[], needs="virDomainAnnounceInterface"),
    *(Row(call.call.format("{'%s': 5}" % name), call.result, c=[call.c.format(f"[{name} INT 5], 1")], needs=needs)
      for call in (MIGRATE, MIGRATE_TO) for name, needs in _MIGRATE_NEWER.items()),
    *(Row(call.call.format("{'parallel.channels': 5, 'image_format': 'raw'}"), 0,
          c=[call.c.format('[parallel.channels INT 5, image_format STRING "raw"], 2')],
          needs="VIR_DOMAIN_SAVE_PARAM_PARALLEL_CHANNELS", peer="?fields known later") for call in (SAVE, RESTORE)),
)

ROWS = (
    *(row for call, _ in _KNOWN for row in call.general()),
    *(row._replace(needs=needs[0]) if needs else row
      for call, fields in _KNOWN for name, kind, *needs in fields for row in call.field(name, kind)),
    *_ODD,
)
