# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls that take lists, bytes, UUIDs and small dicts, or return bytes, with their expected outcomes."""

import sys
from typing import List

from .table import FAILS, Handle, Raises, Row, Rows

DOM, CONN, SECRET = "<domain fresh>", "<conn>", "<secret fresh>"

# --- lists of text -----------------------------------------------------------


def _texts(call: str, c: str, result: object, null: bool, needs: str = "") -> Rows:
    """Return rows; `call` and `c` have a placeholder for the list; null: whether None is passed as NULL."""
    def row(given: str, passed: str, peer: str = "") -> Row:
        return Row(call.format(given), result, c=[c.format(passed)], peer=peer)

    return tuple(item._replace(needs=needs) for item in (
        row("['<a/>', 'zwölf']", '["<a/>", "zwölf"], 2'),
        row("['']", '[""], 1'),
        row("[Text('x')]", '["x"], 1'),
        row("[]", "[], 0"),
        row("['x'] * 1000", "[%s], 1000" % ", ".join(['"x"'] * 1000)),
        *((row("None", "NULL, 0"),) if null else ()),
        row("('x', 'y')", '["x", "y"], 2', peer="a tuple for a list"),
        *(Row(call.format(value), Raises("TypeError"), c=[]) for value in ("[1]", "['x', None]", "[b'x']", "[['x']]")),
        *(Row(call.format(value), Raises("TypeError"), c=[], peer="no list") for value in ("'x'", "5", "{'x': 1}")),
        Row(call.format("['a\\0b']"), Raises("ValueError"), c=[], peer="NUL in a list"),
        Row(call.format("['\\ud800']"), Raises("UnicodeEncodeError"), c=[]),
        Row(call.format("['x']"), FAILS, "golden fail:1", [c.format('["x"], 1')]),
    ))


_TEXT_LISTS = (
    *_texts("conn.baselineCPU({}, 1)", f"virConnectBaselineCPU({CONN}, {{}}, 1)", "<cpu/>", null=True),
    *(row._replace(crashes=True, peer="baselineHypervisorCPU")
      if not row.peer and row.result in (Raises("TypeError"), Raises("UnicodeEncodeError")) else row
      for row in _texts("conn.baselineHypervisorCPU('/qemu', 'x86_64', 'q35', 'kvm', {}, 1)",
                        f'virConnectBaselineHypervisorCPU({CONN}, "/qemu", "x86_64", "q35", "kvm", {{}}, 1)', "<cpu/>",
                        null=True)),
    Row("conn.baselineHypervisorCPU(None, None, None, None, ['x'])", "<cpu/>",
        c=[f'virConnectBaselineHypervisorCPU({CONN}, NULL, NULL, NULL, NULL, ["x"], 1, 0)']),
    *_texts("dom.authorizedSSHKeysSet('root', {}, 1)", f'virDomainAuthorizedSSHKeysSet({DOM}, "root", {{}}, 1)', 0,
            null=True),
    *_texts("dom.fsFreeze({}, 0)", f"virDomainFSFreeze({DOM}, {{}}, 0)", 2, null=True),
    *_texts("dom.fsThaw({}, 0)", f"virDomainFSThaw({DOM}, {{}}, 0)", 2, null=True),
    Row("dom.fsFreeze(['caf\\udce9', 'caf\\udce9\\0'])", Raises("ValueError"), c=[], peer="not UTF-8"),
    Row("dom.fsFreeze()", 2, c=[f"virDomainFSFreeze({DOM}, NULL, 0, 0)"]),
    Row("dom.fsThaw(flags=1)", 2, c=[f"virDomainFSThaw({DOM}, NULL, 0, 1)"]),
    Row("dom.authorizedSSHKeysSet('root')", 0, c=[f'virDomainAuthorizedSSHKeysSet({DOM}, "root", NULL, 0, 0)']),
    Row("dom.authorizedSSHKeysSet(None, ['x'])", Raises("TypeError"), c=[]),
    Row("dom.authorizedSSHKeysSet('a\\0b', ['x'])", Raises("ValueError"), c=[]),
)

# --- lists of numbers --------------------------------------------------------


def _files(call: str, c: str, result: object, needs: str = "") -> Rows:
    """Return rows; the fake records the list before its length, whatever their order in C."""
    def row(given: str, passed: str, peer: str = "", crashes: bool = False) -> Row:
        return Row(call.format(given), result, c=[c.format(passed)], peer=peer, crashes=crashes)

    return tuple(item._replace(needs=needs) for item in (
        row("[0, 2147483647, -1, -2147483648]", "[0, 2147483647, -1, -2147483648], 4"),
        row("[True, Index(7)]", "[1, 7], 2"),
        row("[]", "[], 0"),
        row("list(range(1000))", "[%s], 1000" % ", ".join(map(str, range(1000)))),
        row("(0, 1)", "[0, 1], 2", peer="a tuple for a list", crashes=True),
        *(Row(call.format(value), Raises("TypeError"), c=[]) for value in ("['0']", "[None]", "[0.0]", "[[0]]")),
        # the other bindings allocate 16 GiB before they check
        *(Row(call.format(value), Raises("TypeError"), c=[], peer="no list of files", crashes=True)
          for value in ("None", "5", "'0'", "{0: 1}")),
        *(Row(call.format(value), Raises("OverflowError"), c=[]) for value in ("[2147483648]", "[-2147483649]")),
        Row(call.format("[0]"), FAILS, "golden fail:1", [c.format("[0], 1")]),
    ))


def _keys(codes: str, passed: str, peer: str = "") -> Row:
    count = passed.count(",") + 1 if passed else 0
    return Row(f"dom.sendKey(1, 50, {codes}, {count}, 0)", 0,
               c=[f"virDomainSendKey({DOM}, 1, 50, [{passed}], {count}, 0)"], peer=peer)


_NUMBER_LISTS = (
    *_files("dom.createWithFiles({}, 1)", f"virDomainCreateWithFiles({DOM}, {{}}, 1)", 0),
    *_files("conn.createXMLWithFiles('<domain/>', {}, 1)",
            f'virDomainCreateXMLWithFiles({CONN}, "<domain/>", {{}}, 1)', Handle("virDomain", "fresh")),
    *_files("dom.FDAssociate('group', {}, 1)", f'virDomainFDAssociate({DOM}, "group", {{}}, 1)', 0,
            needs="virDomainFDAssociate"),
    Row("conn.createXMLWithFiles(None, [])", Handle("virDomain", "fresh"),
        c=[f"virDomainCreateXMLWithFiles({CONN}, NULL, [], 0, 0)"]),
    Row("dom.FDAssociate(None, [1])", Raises("TypeError"), c=[], needs="virDomainFDAssociate"),
    # key codes
    _keys("[30, 0, 4294967295]", "30, 0, 4294967295"),
    _keys("[True]", "1"),
    _keys("[Index(30)]", "30", peer="?__index__"),
    _keys("[]", ""),
    _keys("list(range(16))", ", ".join(map(str, range(16)))),
    *(Row(f"dom.sendKey(0, 0, {codes}, {count})", Raises("libvirtError", 8, 0), c=[], peer="refused without an error")
      for codes, count in (("[1]", 2), ("[1, 2]", 1), ("[]", 1), ("list(range(17))", 17), ("(1,)", 1), ("None", 0),
                           ("'1'", 1), ("5", 1), ("{1: 1}", 1))),
    *(Row(f"dom.sendKey(0, 0, {codes}, 1)", Raises("TypeError"), c=[]) for codes in ("['1']", "[None]", "[1.0]")),
    *(Row(f"dom.sendKey(0, 0, {codes}, 1)", Raises("OverflowError"), c=[]) for codes in ("[-1]", "[4294967296]")),
    Row("dom.sendKey(-1, 4294967295, [1], 1, 0)", 0, c=[
        f"virDomainSendKey({DOM}, 4294967295, 4294967295, [1], 1, 0)"], peer="unsigned int in"),
    Row("dom.sendKey(0, 0, [1], 1)", FAILS, "golden fail:1", [f"virDomainSendKey({DOM}, 0, 0, [1], 1, 0)"]),
    # a list that is emptied while it is read
    Row("dom.sendKey(0, 0, Shrinking(1, 3), 3)", 0, c=[f"virDomainSendKey({DOM}, 0, 0, [1, 1, 1], 3, 0)"],
        peer="a list that shrinks"),
    Row("dom.createWithFiles(Shrinking(1, 3))", 0, c=[f"virDomainCreateWithFiles({DOM}, [1, 1, 1], 3, 0)"],
        peer="a list that shrinks"),
)

# --- bytes -------------------------------------------------------------------


def _value(given: str, passed: str, count: int, peer: str = "") -> Row:
    return Row(f"secret.setValue({given}, 1)", 0, c=[f"virSecretSetValue({SECRET}, {passed}, {count}, 1)"], peer=peer)


_BYTES = (
    Row("secret.value(1)", b"\x00k\x00\xff", c=[f"virSecretGetValue({SECRET}, out, 1)"]),
    Row("secret.value()", b"", "empty"),
    Row("secret.value()", b"\xff" * 3000, "maximal"),
    Row("secret.value()", FAILS, "golden fail:1"),
    _value(r"b'\x00k\x00\xff'", "x006b00ff", 4),
    _value("b''", "x", 0),
    _value("'zwölf'", "x7a77c3b66c66", 6),
    _value(r"'a\x00b'", "x610062", 3),
    _value("b'x' * 5000", "x" + "78" * 5000, 5000),
    _value("bytearray(b'ab')", "x6162", 2, peer="bytes of other types"),
    Row("secret.setValue(memoryview(b'abcd')[::2])", Raises("BufferError"), c=[], peer="bytes of other types"),
    _value("memoryview(b'abcd')[1:3]", "x6263", 2, peer="bytes of other types"),
    _value("None", "NULL", 0),
    *(Row(f"secret.setValue({value})", Raises("TypeError"), c=[]) for value in ("5", "[1]", "1.5")),
    *(Row(f"secret.setValue('{text}')", Raises("UnicodeEncodeError"), c=[]) for text in ("\\ud800", "ab\\ud800")),
    Row("secret.setValue(b'x')", FAILS, "golden fail:1"),
    Row("dom.blockPeek('vda', 65534, 4, 0)", b"\xfe\xff\x00\x01", c=[
        f'virDomainBlockPeek({DOM}, "vda", 65534, 4, out, 0)']),
    Row("dom.blockPeek(None, 18446744073709551615, 1)", b"\xff", c=[
        f"virDomainBlockPeek({DOM}, NULL, 18446744073709551615, 1, out, 0)"]),
    Row("dom.blockPeek('vda', 0, 0)", b"", c=[f'virDomainBlockPeek({DOM}, "vda", 0, 0, out, 0)']),
    Row("dom.blockPeek('vda', 0, 5000) == (bytes(range(256)) * 20)[:5000]", True),
    Row("dom.blockPeek('vda', 0, 4)", FAILS, "golden fail:1"),
    Row("dom.blockPeek('vda', 0, -1)", Raises("OverflowError"), c=[], peer="size_t"),
    Row("dom.blockPeek('vda', 0, 2 ** 62)", Raises("MemoryError" if sys.maxsize > 2 ** 62 else "OverflowError"), c=[]),
    Row("dom.blockPeek('vda', -1, 4)", Raises("OverflowError"), c=[], peer="unsigned long long in"),
    Row("dom.blockPeek('vda', 2 ** 64, 4)", Raises("OverflowError"), c=[], peer="unsigned long long in"),
    Row("dom.blockPeek('vda', '0', 4)", Raises("TypeError"), c=[]),
    Row("dom.memoryPeek(65534, 4, 1)", b"\xfe\xff\x00\x01", c=[f"virDomainMemoryPeek({DOM}, 65534, 4, out, 1)"]),
    Row("dom.memoryPeek(0, 0)", b"", c=[f"virDomainMemoryPeek({DOM}, 0, 0, out, 0)"]),
    Row("dom.memoryPeek(0, 4)", FAILS, "golden fail:1"),
    Row("dom.memoryPeek(0, -1)", Raises("OverflowError"), c=[], peer="size_t"),
)

# --- UUIDs -------------------------------------------------------------------

_UUID = "x000102030405060708090a0b0c0d0e0f"
_LOOKUPS = (
    ("conn.lookupByUUID", "virDomainLookupByUUID", CONN, Handle("virDomain", "fresh")),
    ("conn.networkLookupByUUID", "virNetworkLookupByUUID", CONN, Handle("virNetwork", "fresh")),
    ("conn.storagePoolLookupByUUID", "virStoragePoolLookupByUUID", CONN, Handle("virStoragePool", "fresh")),
    ("conn.secretLookupByUUID", "virSecretLookupByUUID", CONN, Handle("virSecret", "fresh")),
    ("conn.nwfilterLookupByUUID", "virNWFilterLookupByUUID", CONN, Handle("virNWFilter", "fresh")),
    ("net.portLookupByUUID", "virNetworkPortLookupByUUID", "<network fresh>", Handle("virNetworkPort")),
)
_UUIDS = tuple(row for call, c, owner, found in _LOOKUPS for row in (
    Row(f"{call}(UUID)", found, c=[f"{c}({owner}, {_UUID})"]),
    Row(f"{call}('zwölf zwölf zwö')", Raises("libvirtError", 8, 0), c=[], peer="a UUID of the wrong length"),
    Row(f"{call}('0123456789abcdef')", found, c=[f"{c}({owner}, x30313233343536373839616263646566)"]),
    Row(f"{call}(bytearray(UUID))", found, c=[f"{c}({owner}, {_UUID})"], peer="bytes of other types"),
    Row(f"{call}(memoryview(UUID))", found, c=[f"{c}({owner}, {_UUID})"], peer="bytes of other types"),
    *(Row(f"{call}({value})", Raises("libvirtError", 8, 0), c=[], peer="a UUID of the wrong length")
      for value in ("b''", "UUID[1:]", "UUID + b'x'", "'00010203-0405-0607-0809-0a0b0c0d0e0f'", "None")),
    *(Row(f"{call}({value})", Raises("TypeError"), c=[]) for value in ("5", "[1] * 16", "1.5")),
    Row(f"{call}(UUID)", FAILS, "golden fail:1", [f"{c}({owner}, {_UUID})"]),
)) + tuple(row for name in ("dom", "net", "pool", "secret", "nwfilter", "port") for row in (
    Row(f"{name}.UUID()", b"\x00\x01\x80\xff\x27\x22\x0a\x5c\x80\x90\xa0\xb0\xc0\xd0\xe0\xf0"),
    Row(f"{name}.UUIDString()", "000180ff-2722-0a5c-8090-a0b0c0d0e0f0"),
))

# --- small dicts -------------------------------------------------------------


def _time(given: str, seconds: int, nseconds: int, flags: int = 0) -> Row:
    return Row(f"dom.setTime({given}, {flags})", 0, c=[f"virDomainSetTime({DOM}, {seconds}, {nseconds}, {flags})"])


def _pages(given: str, sizes: List[int], counts: List[int], peer: str = "") -> Row:
    return Row(f"conn.allocPages({given}, 1, 2, 1)", 2, c=[
        f"virNodeAllocPages({CONN}, {len(sizes)}, {sizes}, {counts}, 1, 2, 1)"], peer=peer)


_DICTS = (
    _time("{'seconds': 5}", 5, 0),
    _time("{'seconds': -9223372036854775808, 'nseconds': 4294967295}", -9223372036854775808, 4294967295),
    # These numbers are new objects in each call, so that one that is leaked takes memory.
    _time("{'seconds': int('5' * 12), 'nseconds': int('7' * 9)}", 555555555555, 777777777),
    _time("{'nseconds': 1, 'seconds': 9223372036854775807}", 9223372036854775807, 1),
    _time("{'seconds': 5, 'nseconds': 1, 'more': 2}", 5, 1),
    _time("Dict(seconds=5)", 5, 0),
    _time("None", 0, 0, flags=1),
    _time("{'seconds': 5}", 5, 0, flags=1),
    *(Row(f"dom.setTime({value})", Raises("LookupError"), c=[])
      for value in ("{}", "{'nseconds': 1}", "{'seconds': 5, 'more': 1}")),
    *(Row(f"dom.setTime({value})", Raises("TypeError"), c=[])
      for value in ("", "None", "5", "[5]", "'5'", "{'seconds': '5'}", "{'seconds': 5.0}", "{'seconds': None}",
                    "{'seconds': 5, 'nseconds': '1'}")),
    *(Row(f"dom.setTime({value})", Raises("OverflowError"), c=[])
      for value in ("{'seconds': 9223372036854775808}", "{'seconds': 5, 'nseconds': -1}",
                    "{'seconds': 5, 'nseconds': 4294967296}")),
    Row("dom.setTime({'seconds': Index(5)})", 0, c=[f"virDomainSetTime({DOM}, 5, 0, 0)"], peer="__index__"),
    Row("dom.setTime({'seconds': 5})", FAILS, "golden fail:1"),
    _pages("{4: 100}", [4], [100]),
    _pages("{2048: 18446744073709551615, 4294967295: 0, 4: True}", [2048, 4294967295, 4],
           [18446744073709551615, 0, 1]),
    _pages("Dict({4: 1})", [4], [1]),
    _pages("{Index(4): Index(1)}", [4], [1], peer="__index__"),
    Row("conn.allocPages({4: 1})", 2, c=[f"virNodeAllocPages({CONN}, 1, [4], [1], 0, 0, 0)"]),
    Row("conn.allocPages({4: 1}, -1, 1)", 2, c=[f"virNodeAllocPages({CONN}, 1, [4], [1], -1, 1, 0)"]),
    Row("conn.allocPages({4: 1})", FAILS, "golden fail:1"),
    Row("conn.allocPages({})", Raises("LookupError"), c=[]),
    *(Row(f"conn.allocPages({pages})", Raises("TypeError"), c=[], peer="no dict of pages") for pages in (
        "None", "5", "[(4, 1)]")),
    *(Row(f"conn.allocPages({pages})", Raises("TypeError"), c=[]) for pages in (
        "{'4': 1}", "{4: '1'}", "{None: 1}", "{4: None}", "{4.0: 1}", "{4: 1.0}")),
    *(Row(f"conn.allocPages({pages})", Raises("OverflowError"), c=[]) for pages in (
        "{-1: 1}", "{4294967296: 1}", "{4: -1}", "{4: 18446744073709551616}")),
)

ROWS = (*_TEXT_LISTS, *_NUMBER_LISTS, *_BYTES, *_UUIDS, *_DICTS)
