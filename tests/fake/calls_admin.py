# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls of libvirt-admin, and their expected outcomes. Each row names a C function that may be missing."""

from .calls_lists import children
from .calls_params import allocated
from .calls_structs import ULLONG_MAX, numbers
from .table import FAILS, FLAGS, Handle, Plain, Raises, Row, Rows, objects, statuses, texts

SRV = "<srv fresh>"
_OPEN, _CONN = 'virAdmConnectOpen("x", 0)', Handle("virAdmConnect")
_REGISTER, _UNREGISTER = "virAdmConnectRegisterCloseCallback(<adm>)", "virAdmConnectUnregisterCloseCallback(<adm>)"

_PLAIN = (
    *statuses(
        Plain("adm.isAlive", "virAdmConnectIsAlive"),
        Plain("adm.setDaemonTimeout", "virAdmConnectSetDaemonTimeout", (30, FLAGS), needs="8.6.0"),
        Plain("adm.daemonShutdown", "virAdmConnectDaemonShutdown", (FLAGS,), needs="11.2.0"),
        Plain("adm.setLoggingFilters", "virAdmConnectSetLoggingFilters", ("1:util", FLAGS)),
        Plain("adm.setLoggingOutputs", "virAdmConnectSetLoggingOutputs", ("1:stderr", FLAGS)),
        Plain("srv.updateTlsFiles", "virAdmServerUpdateTlsFiles", (FLAGS,)),
        Plain("client.close", "virAdmClientClose", (FLAGS,)),
        Plain("client.transport", "virAdmClientGetTransport"),
    ),
    *texts(Plain("adm.getURI", "virAdmConnectGetURI")),
    *objects("virAdmServer", Plain("adm.lookupServer", "virAdmConnectLookupServer", ("name", FLAGS))),
    *Plain("srv.lookupClient", "virAdmServerLookupClient", (11, FLAGS)).rows(*[Handle("virAdmClient")] * 3),
)

_CONNECTION = (
    Row("admin.open('x')", _CONN, c=[_OPEN]),
    Row("admin.open()", _CONN, c=["virAdmConnectOpen(NULL, 0)"]),
    Row("admin.open('x', -1)", _CONN, c=['virAdmConnectOpen("x", 4294967295)']),
    Row("admin.open('x')", FAILS, "golden fail:1", [_OPEN]),
    Row("admin.open(5)", Raises("TypeError"), c=[]),
    Row("admin.open('a\\0b')", Raises("ValueError"), c=[]),
    Row("admin.initialize()", 0, c=["virAdmInitialize()"]),
    Row("admin.initialize()", FAILS, "golden fail:1", ["virAdmInitialize()"]),
    *numbers("admin.getVersion()", "virAdmGetVersion(out)", 11003001, ULLONG_MAX),
    *numbers("adm.getLibVersion()", "virAdmConnectGetLibVersion(<adm>, out)", 9001002, ULLONG_MAX),
    Row("close_callback(admin.open('x'))", (0, None), c=[_OPEN, _REGISTER, _UNREGISTER]),
    *(Row("close_callback(admin.open('x'))", FAILS, f"golden fail:{n}") for n in (1, 2, 3)),
    Row("libvirtmod_admin.virAdmConnectUnregisterCloseCallback(adm._o)", -1, c=[_UNREGISTER]),
    Row("type(libvirtmod_admin._isTaken()).__name__", "bool", c=[]),
    Row("libvirtmod_admin._isTaken(1)", Raises("TypeError"), c=[]),
    Row("libvirtmod_admin.virAdmConnect_pointer(libvirtmod_admin._newReference(adm._o)) == adm.c_pointer()", True,
        c=[]),
    *(Row(f"libvirtmod_admin._newReference({given})", Raises("TypeError"), c=[])
      for given in ("", "None", "5", "srv._o", "adm._o, 1")),
    Row("libvirtmod_admin.virAdmServerFree(adm.lookupServer('x')._o)", 0,
        c=['virAdmConnectLookupServer(<adm>, "x", 0)']),
    Row("libvirtmod_admin.virAdmClientFree(srv.lookupClient(7)._o)", 0, c=[f"virAdmServerLookupClient({SRV}, 7, 0)"]),
)


def _logging(what: str) -> Rows:
    call, c = f"adm.getLogging{what}({FLAGS})", f"virAdmConnectGetLogging{what}(<adm>, out, {FLAGS})"
    return (Row(call, "text", c=[c]), Row(call, "", "empty", [c]), Row(call, "", "nulls"),
            Row(call, "x" * 3000, "maximal"), Row(call, "caf\udce9 \udcff", "badtext"),
            Row(call, FAILS, "golden fail:1", [c]))


def _limits(call: str, c: str, field: str, *others: str) -> Rows:
    """Return rows; `call` has a placeholder for the dict, `c` for the parameters; the fields are unsigned ints."""
    def row(given: str, result: object, parameters: str = "", mode: str = "golden") -> Row:
        return Row(call.format(given), result, mode, [c.format(parameters)] if parameters else [])

    return (
        row(f"{{'{field}': 5}}", 0, f"[{field} UINT 5], 1"),
        *(row(f"{{'{name}': 4294967295}}", 0, f"[{name} UINT 4294967295], 1") for name in (field, *others)),
        row(f"{{'{field}': Index(5)}}", 0, f"[{field} UINT 5], 1"),
        row(f"{{'{field}': 5}}", FAILS, f"[{field} UINT 5], 1", "golden fail:1"),
        row(f"{{'{field}': 4294967296}}", Raises("OverflowError")),
        row(f"{{'{field}': -1}}", Raises("OverflowError")),
        row(f"{{'{field}': '5'}}", Raises("TypeError")),
        row(f"{{'{field}': NoNumber()}}", Raises("ArithmeticError")),
        row("{5: 5}", Raises("TypeError")), row("None", Raises("TypeError")), row("[5]", Raises("TypeError")),
    )


_SERVER_AND_CLIENT = (
    *children("adm.listServers(1)", "virAdmConnectListServers(<adm>, out, 1)", "virAdmServer", ("connect", "adm")),
    *children("srv.listClients(1)", f"virAdmServerListClients({SRV}, out, 1)", "virAdmClient", ("server", "srv"),
              named=False),
    Row("[item.ID() for item in srv.listClients()]", [0, 1, 2],
        c=[f"virAdmServerListClients({SRV}, out, 0)", *["virAdmClientGetID(<client>)"] * 3]),
    *allocated("srv.clientLimits(1)", f"virAdmServerGetClientLimits({SRV}, out, 1)"),
    *allocated("srv.threadPoolParameters(1)", f"virAdmServerGetThreadPoolParameters({SRV}, out, 1)"),
    *allocated("client.info(1)", "virAdmClientGetInfo(<client>, out, 1)"),
    *_limits("srv.setClientLimits({}, 1)", f"virAdmServerSetClientLimits({SRV}, {{}}, 1)", "nclients_max",
             "nclients", "nclients_unauth", "nclients_unauth_max"),
    *_limits("srv.setThreadPoolParameters({}, 1)", f"virAdmServerSetThreadPoolParameters({SRV}, {{}}, 1)",
             "maxWorkers", "minWorkers", "prioWorkers", "nWorkers", "freeWorkers", "jobQueueDepth"),
    Row("srv.name()", "fresh", c=[f"virAdmServerGetName({SRV})"]),
    Row("srv.name()", None, "golden fail:1"),
    # For these, the value that reports a failure is also a valid result.
    Row("client.ID()", 7, c=["virAdmClientGetID(<client>)"]),
    Row("client.ID()", ULLONG_MAX, "golden fail:1"),
    Row("client.timestamp()", -5000000000, c=["virAdmClientGetTimestamp(<client>)"]),
    Row("client.timestamp()", -1, "golden fail:1"),
    Row("srv.lookupClient(2 ** 64)", Raises("OverflowError"), c=[]),
    Row("srv.lookupClient(-1)", Raises("OverflowError"), c=[]),
)

# These rows close their handles.
_CLOSED = (
    Row("admin.open('x').close()", 0, c=[_OPEN]),
    Row("with_child_left(admin.open('x'))", (1, True), c=[
        _OPEN, "virAdmConnectListServers(<adm>, out, 0)", "virAdmServerGetName(<srv eins>)"]),
)

# Any function shows whether libvirt-admin is there.
ROWS = tuple(row if row.needs else row._replace(needs="virAdmConnectOpen") for row in (
    *_PLAIN, *_CONNECTION, *_logging("Filters"), *_logging("Outputs"), *_SERVER_AND_CLIENT, *_CLOSED))
