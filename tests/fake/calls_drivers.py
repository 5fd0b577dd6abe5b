# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls of functions of the QEMU and LXC drivers, and of streams, with their expected outcomes."""

from .table import FAILS, Raises, Row

_DOM = "<domain fresh>"

_QEMU = (
    Row("qemu.qemuMonitorCommand(dom, '{}', 1)", "text", c=[f'virDomainQemuMonitorCommand({_DOM}, "{{}}", out, 1)']),
    Row("qemu.qemuMonitorCommand(dom, None, 0)", "", "empty"),
    Row("qemu.qemuMonitorCommand(dom, '{}', 1)", "x" * 3000, "maximal"),
    Row("qemu.qemuMonitorCommand(dom, '{}', 1)", "caf\udce9 \udcff", "badtext", peer="not UTF-8"),
    Row("qemu.qemuMonitorCommand(dom, '{}', 1)", FAILS, "golden fail:1"),
    Row("qemu.qemuMonitorCommand(dom, 5, 1)", Raises("TypeError"), c=[]),
    Row("qemu.qemuMonitorCommand(dom, '{}')", Raises("TypeError"), c=[]),
    Row("qemu.qemuMonitorCommand(None, '{}', 1)", Raises("TypeError"), c=[], peer="an object of another class"),
    Row("qemu.qemuAgentCommand(dom, '{}', -2, 1)", "text", c=[f'virDomainQemuAgentCommand({_DOM}, "{{}}", -2, 1)']),
    Row("qemu.qemuAgentCommand(dom, None, 60, 0)", "text", c=[f"virDomainQemuAgentCommand({_DOM}, NULL, 60, 0)"]),
    Row("qemu.qemuAgentCommand(dom, '{}', 0, 1)", FAILS, "golden fail:1"),
    Row("qemu.qemuAgentCommand(dom, '{}', 2147483648, 1)", Raises("OverflowError"), c=[]),
    Row("qemu.qemuAttach(conn, 4294967295, 1).name()", "fresh", c=["virDomainQemuAttach(<conn>, 4294967295, 1)"]),
    Row("qemu.qemuAttach(conn, 1, 1).connect() is conn", True),
    Row("qemu.qemuAttach(conn, 1, 1)", FAILS, "golden fail:1"),
    Row("qemu.qemuAttach(conn, '1', 1)", Raises("TypeError"), c=[]),
    Row("files(qemu.qemuMonitorCommandWithFiles(dom, '{}', [5, 2147483647], 1))", ("text", [
        (700, "rb", "FileIO"), (701, "wb", "FileIO"), (702, "rb+", "FileIO"), (703, "ab", "FileIO"),
        (704, "ab+", "FileIO"), (705, "rb+", "FileIO")]),
        c=[f'virDomainQemuMonitorCommandWithFiles({_DOM}, "{{}}", [5, 2147483647], 2, out, out, out, 1)'],
        needs="virDomainQemuMonitorCommandWithFiles"),
    *(row._replace(needs="virDomainQemuMonitorCommandWithFiles") for row in (
        Row("files(qemu.qemuMonitorCommandWithFiles(dom, 'x'))[0]", "text",
            c=[f'virDomainQemuMonitorCommandWithFiles({_DOM}, "x", [], 0, out, out, out, 0)']),
        Row("qemu.qemuMonitorCommandWithFiles(dom, 'x')", ("", []), "empty"),
        Row("files(qemu.qemuMonitorCommandWithFiles(dom, 'x'))[0]", None, "nulls"),
        Row("files(qemu.qemuMonitorCommandWithFiles(dom, 'x'))[0]", "caf\udce9 \udcff", "badtext",
            peer="not UTF-8"),
        Row("qemu.qemuMonitorCommandWithFiles(dom, 'x')", FAILS, "golden fail:1"),
        # one of the descriptors is not open
        Row("qemu.qemuMonitorCommandWithFiles(dom, 'x')", Raises("OSError"), "odd", peer="descriptors that are closed"),
        Row("left_open(qemu.qemuMonitorCommandWithFiles, dom, 'x')", [], "odd"),
        Row("qemu.qemuMonitorCommandWithFiles(dom, None)", Raises("TypeError"), c=[]),
        Row("qemu.qemuMonitorCommandWithFiles(dom, 'a\\0b')", Raises("ValueError"), c=[]),
        Row("qemu.qemuMonitorCommandWithFiles(dom, 'x', ['5'])", Raises("TypeError"), c=[]),
        Row("qemu.qemuMonitorCommandWithFiles(dom, 'x', [2147483648])", Raises("OverflowError"), c=[]),
        Row("qemu.qemuMonitorCommandWithFiles(dom, 'x', None)", Raises("TypeError"), c=[], peer="no list of files",
            crashes=True))),
)

_LXC = (
    Row("lxc.lxcEnterCGroup(dom, 1)", 7, c=[f"virDomainLxcEnterCGroup({_DOM}, 1)"]),
    Row("lxc.lxcEnterCGroup(dom, 1)", FAILS, "golden fail:1", peer="None for a failure"),
    Row("lxc.lxcEnterCGroup(dom, '1')", Raises("TypeError"), c=[]),
    Row("closed(lxc.lxcOpenNamespace(dom, 1))", [700, 701, 702], c=[f"virDomainLxcOpenNamespace({_DOM}, out, 1)"]),
    Row("lxc.lxcOpenNamespace(dom, 0)", [], "empty"),
    Row("lxc.lxcOpenNamespace(dom, 0)", FAILS, "golden fail:1"),
    Row("lxc.lxcOpenNamespace(dom, None)", Raises("TypeError"), c=[]),
    *(row._replace(peer="entering a container") for row in (
        Row("closed(lxc.lxcEnterNamespace(dom, [5, 2147483647], 1))", [700, 701, 702],
            c=[f"virDomainLxcEnterNamespace({_DOM}, 2, [5, 2147483647], out, out, 1)"]),
        Row("closed(lxc.lxcEnterNamespace(dom, (), 0))", [700, 701, 702],
            c=[f"virDomainLxcEnterNamespace({_DOM}, 0, [], out, out, 0)"]),
        Row("lxc.lxcEnterNamespace(dom, [5], 0)", [], "empty"),
        Row("lxc.lxcEnterNamespace(dom, [5], 0)", FAILS, "golden fail:1"),
        Row("lxc.lxcEnterNamespace(dom, ['5'], 0)", Raises("TypeError"), c=[]),
        Row("lxc.lxcEnterNamespace(dom, [2147483648], 0)", Raises("OverflowError"), c=[]),
        Row("lxc.lxcEnterNamespace(dom, None, 0)", Raises("TypeError"), c=[]),
        Row("lxc.lxcEnterNamespace(dom, [5])", Raises("TypeError"), c=[]),
        Row("lxc.lxcEnterSecurityLabel(['m', 'd'], ['l', True], 1)", ["café:t", True],
            c=['virDomainLxcEnterSecurityLabel("m", "d", "l", 1, out, 1)']),
        Row("lxc.lxcEnterSecurityLabel('m', 'é', 0)", ["café:t", True],
            c=['virDomainLxcEnterSecurityLabel("m", "", "é", 0, out, 0)']),
        Row("lxc.lxcEnterSecurityLabel(('m', 'd'), ('l', False), 0)", ["café:t", True],
            c=['virDomainLxcEnterSecurityLabel("m", "d", "l", 0, out, 0)']),
        Row("lxc.lxcEnterSecurityLabel('m', 'caf\\udce9', 0)[1]", True),
        Row("lxc.lxcEnterSecurityLabel('m' * 256, 'l' * 4096, 0)[1]", True),
        Row("lxc.lxcEnterSecurityLabel('m', 'l', 0)", ["", False], "empty"),
        Row("lxc.lxcEnterSecurityLabel('m', 'l', 0)", FAILS, "golden fail:1"),
        *(Row(f"lxc.lxcEnterSecurityLabel({wrong}, 0)", Raises(error), c=[]) for wrong, error in (
            ("'m' * 257, 'l'", "ValueError"), ("['m', 'd' * 257], 'l'", "ValueError"),
            ("'m', 'l' * 4097", "ValueError"), ("'m\\0', 'l'", "ValueError"), ("['m'], 'l'", "ValueError"),
            ("'m', ['l', True, 1]", "ValueError"), ("None, 'l'", "TypeError"), ("'m', None", "TypeError"),
            ("[1, 'd'], 'l'", "TypeError"), ("'m', [b'l', True]", "TypeError"), ("['m', 1], 'l'", "TypeError"))))),
    Row("open_descriptors()", []),
)

_STREAMS = (
    Row("stream.recv(10)", b"a\x00\xff", c=["virStreamRecv(<stream>, out, 10)"]),
    Row("stream.recv(2)", b"a\x00", c=["virStreamRecv(<stream>, out, 2)"]),
    Row("stream.recv(0)", b"", c=["virStreamRecv(<stream>, out, 0)"]),
    Row("stream.recv(10)", b"", "empty"),
    Row("stream.recv(5000)", b"x" * 5000, "maximal"),
    Row("stream.recv(10)", -2, "holes"),
    Row("stream.recv(10)", FAILS, "golden fail:1"),
    Row("stream.recv('10')", Raises("TypeError"), c=[]),
    Row("stream.recv(-1)", Raises("ValueError"), c=[], peer="sizes of streams", crashes=True),
    Row("stream.recvFlags(-1)", Raises("ValueError"), c=[], peer="sizes of streams", crashes=True),
    Row("stream.recvFlags(10, 1)", b"a\x00\xff", c=["virStreamRecvFlags(<stream>, out, 10, 1)"]),
    Row("stream.recvFlags(10)", b"", "empty"),
    Row("stream.recvFlags(5000)", b"x" * 5000, "maximal"),
    Row("stream.recvFlags(10)", -2, "holes"),
    Row("stream.recvFlags(10)", -3, "odd"),
    Row("stream.recvFlags(10)", FAILS, "golden fail:1"),
    Row("stream.recvFlags(None)", Raises("TypeError"), c=[]),
    Row(r"stream.send(b'a\x00\xff')", 3, c=["virStreamSend(<stream>, x6100ff, 3)"]),
    Row("stream.send(b'')", 0, c=["virStreamSend(<stream>, x, 0)"]),
    Row("stream.send(b'abcde')", 3, "fewer"),
    Row("stream.send(b'x' * 5000)", 5000),
    Row("stream.send(b'abc')", -2, "holes"),
    Row("stream.send(b'abc')", FAILS, "golden fail:1"),
    Row("stream.send(5)", Raises("TypeError"), c=[], peer="what is no bytes, sent"),
)

ROWS = (*_QEMU, *_LXC, *_STREAMS)
