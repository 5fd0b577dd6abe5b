# SPDX-License-Identifier: LGPL-2.1-or-later
"""The functions to call, and good arguments for each: from the table of calls, or listed here."""

import inspect
import re
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from fake import modules

from . import mutation

# Function -> good calls, each a list of arguments as text.
Corpus = Dict[str, List[List[str]]]
SEEDS = 4  # the maximal number of good calls of each function
LONGEST = 300  # the maximal length of the text of an argument
# The fake libvirt, the fake for events, or libvirt's test driver.
WORLDS = ("fake", "events", "driver")

# Functions that are not called with random arguments, and why.
LEFT_OUT = {
    "libvirtmod.virEventRegisterImpl": "works only once in a process; tests of the event loop pass bad arguments",
    "libvirt.virEventRegisterImpl": "the same",
}
# Functions that are called only in some worlds, because the fake's streams never end, the driver has no streams, the
# process would move into a container, or the driver never frees the data of a callback.
ONLY_IN = {
    r"libvirt\.virStream\.(recv|send|sparseRecv|sparseSend)All": ("events", "driver"),
    r"libvirt(mod)?\.(virConnect\.)?\w*egisterCloseCallback": ("events",),
    r"libvirt(mod)?_lxc\.\w*(lxc|Lxc)\w+": ("fake",),
    # The real libvirt-admin does not work in a process with connections of libvirt.
    r"libvirt(mod)?_admin\..*": ("fake",),
}
# The functions to call with the fake for events. All other functions are those of the test driver there.
EVENTS = re.compile(r".*(Event|event|CloseCallback|openAuth|OpenAuth|virStream\.\w+All|virStream\.(abort|finish)|"
                    r"virStream(Abort|Finish)|virDomain(Free|Ref)|virConnect(Close|\.close))\w*")


def _extension(kind: str) -> str:
    return "libvirtmod_admin" if kind.startswith("virAdm") else "libvirtmod"


def _python(kind: str) -> str:
    return "libvirt_admin" if kind.startswith("virAdm") else "libvirt"


# Good arguments of functions that the table of calls does not call.
FAMILIES = {"Domain": "conn", "Network": "conn", "StoragePool": "conn", "NodeDevice": "conn", "Secret": "conn"}
OBJECT_OF = {"Domain": "dom", "Network": "net", "StoragePool": "pool", "NodeDevice": "dev", "Secret": "secret"}
MORE: Dict[str, Tuple[str, ...]] = {
    "libvirtmod.virConnGetLastError": ("conn._o",),
    "libvirtmod.virConnResetLastError": ("conn._o",),
    "libvirtmod.virConnectDomainEventRegister": ("conn._o, conn",),
    "libvirtmod.virConnectDomainEventDeregister": ("registered_of_old()._o, conn",),
    "libvirtmod.virConnectRegisterCloseCallback": ("conn._o, data()",),
    "libvirtmod.virConnectUnregisterCloseCallback": ("with_close_callback()._o",),
    "libvirtmod.virStreamEventAddCallback": ("stream._o, 1, stream_data()",),
    "libvirtmod.virStreamEventUpdateCallback": ("watched()._o, 2",),
    "libvirtmod.virStreamEventRemoveCallback": ("watched()._o",),
    "libvirt._virStreams": ("libvirt.virStream, conn, [stream._o, stream._o]",),
    "libvirtmod.virConnectClose": ("conn._o",),
    "libvirtmod.virConnectOpen": ("'test:///default'",),
    "libvirtmod.virConnectOpenReadOnly": ("'test:///default'",),
    "libvirtmod.virConnectOpenAuth": ("'test:///default', [[1, 2], answering, None], 0",
                                      "'fake:///all', [[2, 5], answering, 'x'], 0"),
    "libvirtmod.virEventAddHandle": ("pipe, 1, {'cb': nothing, 'opaque': None}",),
    "libvirtmod.virEventAddTimeout": ("-1, {'cb': nothing, 'opaque': None}",),
    "libvirtmod.virEventUpdateHandle": ("watch(), 0",),
    "libvirtmod.virEventUpdateTimeout": ("timer(), -1",),
    "libvirtmod.virEventRemoveHandle": ("watch()",),
    "libvirtmod.virEventRemoveTimeout": ("timer()",),
    "libvirtmod.virEventInvokeHandleCallback": ("1, pipe, 1, None, None",),
    "libvirtmod.virEventInvokeTimeoutCallback": ("1, None, None",),
    "libvirtmod.virEventInvokeFreeCallback": ("None, None",),
    "libvirtmod.virEventRegisterDefaultImpl": ("",),
    "libvirtmod.virEventRunDefaultImpl": ("",),
    "libvirtmod.virGetLastError": ("",),
    "libvirtmod.virGetLastErrorCode": ("",),
    "libvirtmod.virGetLastErrorDomain": ("",),
    "libvirtmod.virGetLastErrorMessage": ("",),
    "libvirtmod.virInitialize": ("",),
    "libvirtmod.virResetLastError": ("",),
    "libvirtmod.virRegisterErrorHandler": ("nothing, None", "None, None"),
    "libvirtmod._wrappers": ("libvirt.virDomain, ('_conn',)",
                             "libvirt.virDomainSnapshot, ('_dom', '_conn', 'connect')"),
    "libvirtmod._isInherited": ("conn._o",),
    "libvirtmod._newReference": ("conn._o",),
    "libvirtmod._reportException": ("Oops()",),
    "libvirtmod._errorMaker": ("{}", "{None: libvirt.libvirtError}"),
    "libvirtmod._takeFailure": ("'virDomainGetInfo() failed'",),
    "libvirtmod_qemu.virConnectDomainQemuMonitorEventRegister": ("conn._o, dom._o, 'x', data(), 0",
                                                                 "conn._o, None, None, data(), 0"),
    "libvirtmod_qemu.virConnectDomainQemuMonitorEventDeregister": ("conn._o, monitored()",),
    "libvirt_qemu.qemuMonitorEventRegister": ("conn, dom, 'x', nothing, None, 0", "conn, None, None, nothing, None"),
    "libvirt_qemu.qemuMonitorEventDeregister": ("conn, monitored()",),
    "libvirt.libvirtError.__init__": ("libvirt.libvirtError('x'), 'virDomainGetInfo() failed'",),
    "libvirt.libvirtError.__reduce__": ("libvirt.libvirtError('x')",),
    "libvirt.registerErrorHandler": ("nothing, None",),
    "libvirtmod.virEventWakeDefaultImpl": ("",),
    "libvirt.virEventInvokeFreeCallback": ("(None, None, None)",),
    "libvirt.virEventAddHandle": ("pipe, 1, nothing, None",),
    "libvirt.virEventAddTimeout": ("-1, nothing, None",),
    "libvirt.openAuth": ("'test:///default', [[1, 2], answering, None], 0", "'fake:///all', [[2, 5], answering, 'x']"),
    "libvirt.openReadOnly": ("'test:///default'",),
    "libvirt.virEventRegisterDefaultImpl": ("",),
    "libvirt.virEventRemoveHandle": ("watch()",),
    "libvirt.virEventRemoveTimeout": ("timer()",),
    "libvirt.virEventRunDefaultImpl": ("",),
    "libvirt.virEventUpdateHandle": ("watch(), 0",),
    "libvirt.virEventUpdateTimeout": ("timer(), -1",),
    "libvirt.virGetLastError": ("",),
    "libvirt.virGetLastErrorCode": ("",),
    "libvirt.virGetLastErrorDomain": ("",),
    "libvirt.virGetLastErrorMessage": ("",),
    "libvirt.virInitialize": ("",),
    "libvirt.virResetLastError": ("",),
    "libvirt.virConnect.close": ("conn",),
    "libvirt.virConnect.__enter__": ("conn",),
    "libvirt.virConnect.__exit__": ("conn, None, None, None",),
    "libvirt.virConnect.domainEventRegister": ("conn, nothing, None",),
    "libvirt.virConnect.domainEventDeregister": ("registered_of_old(), nothing",),
    "libvirt.virConnect.registerCloseCallback": ("conn, nothing, None",),
    "libvirt.virConnect.unregisterCloseCallback": ("with_close_callback()",),
    "libvirt.virConnect.virConnGetLastError": ("conn",),
    "libvirt.virConnect.virConnResetLastError": ("conn",),
    "libvirt.virStream.__enter__": ("stream",),
    "libvirt.virStream.__exit__": ("stream, None, None, None", "stream, KeyError, KeyError(), None"),
    "libvirt.virStream.connect": ("stream",),
    "libvirt.virStream.eventAddCallback": ("stream, 1, nothing, None",),
    "libvirt.virStream.eventUpdateCallback": ("watched(), 2",),
    "libvirt.virStream.eventRemoveCallback": ("watched()",),
    "libvirt.virStream.recvAll": ("stream, nothing, None",),
    "libvirt.virStream.sendAll": ("stream, giving(b'abc', b'x'), None",),
    "libvirt.virStream.sparseRecvAll": ("stream, nothing, nothing, None",),
    "libvirt.virStream.sparseSendAll": ("stream, giving(b'abc', b'x'), giving((True, 3), (True, 1), (True, 0)), "
                                        "nothing, None",),
    **{f"{_extension(kind)}.{kind}_pointer": (f"{name}._o",) for name, kind in mutation.KINDS.items()},
    **{f"{_extension(kind)}.{kind}Free": (f"{name}._o",) for name, kind in mutation.KINDS.items()
       if not kind.endswith("Connect")},
    **{f"{_python(kind)}.{kind}.c_pointer": (name,) for name, kind in mutation.KINDS.items()},
    **{f"{_python(kind)}.{kind}.__repr__": (name,) for name, kind in mutation.KINDS.items() if kind != "virStream"},
    "libvirtmod_admin._isTaken": ("",),
    "libvirtmod_admin._newReference": ("adm._o",),
    "libvirtmod_admin._wrappers": ("libvirt_admin.virAdmServer, ('_conn',)",),
    "libvirtmod_admin.virAdmConnectClose": ("adm._o",),
    "libvirtmod_admin.virAdmConnectRegisterCloseCallback": ("adm._o, data()",),
    "libvirtmod_admin.virAdmConnectUnregisterCloseCallback": ("watched_connection()._o",),
    "libvirt_admin.virAdmConnect.close": ("adm",),
    "libvirt_admin.virAdmConnect.__enter__": ("adm",),
    "libvirt_admin.virAdmConnect.__exit__": ("adm, None, None, None",),
    "libvirt_admin.virAdmConnect.registerCloseCallback": ("adm, nothing, None",),
    "libvirt_admin.virAdmClient.connect": ("client",),
    "libvirt_admin.virAdmConnect.unregisterCloseCallback": ("watched_connection()",),
    **{f"libvirtmod.virConnect{family}EventRegisterAny": ("conn._o, None, 0, data()",
                                                          f"conn._o, {OBJECT_OF[family]}._o, 0, data()")
       for family in OBJECT_OF},
    **{f"libvirtmod.virConnect{family}EventDeregisterAny": (f"conn._o, registered('{family[0].lower()}{family[1:]}')",)
       for family in OBJECT_OF},
    **{f"libvirt.virConnect.{family[0].lower()}{family[1:]}EventRegisterAny": (
        "conn, None, 0, nothing, None", f"conn, {OBJECT_OF[family]}, 0, nothing, None") for family in OBJECT_OF},
    **{f"libvirt.virConnect.{family[0].lower()}{family[1:]}EventDeregisterAny": (
        f"conn, registered('{family[0].lower()}{family[1:]}')",) for family in OBJECT_OF},
    "libvirt.libvirtError.__repr__": ("libvirt.libvirtError('x')",),
    **{f"libvirt.libvirtError.get_{what}": ("libvirt.libvirtError('x')",) for what in (
        "error_code", "error_domain", "error_message", "error_level", "str1", "str2", "str3", "int1", "int2")},
}


# --- the functions -----------------------------------------------------------

def is_public(name: str) -> bool:
    return not name.startswith("_") or name in ("__init__", "__enter__", "__exit__", "__repr__", "__reduce__")


def functions() -> Iterator[Tuple[str, object, Callable[..., Any]]]:
    """Yield the full name, the owner and the function, for every function of the extension modules, and every public
    function and method of the Python modules."""
    for module in modules.EXTENSIONS:
        for name, function in list(vars(module).items()):
            if inspect.isbuiltin(function):
                yield f"{module.__name__}.{name}", module, function
    for module in modules.PYTHON:
        for name, thing in list(vars(module).items()):
            if inspect.isbuiltin(thing) and re.match("_vir", name):  # makes objects of a class
                yield f"{module.__name__}.{name}", module, thing
            if not is_public(name) or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(thing):
                yield f"{module.__name__}.{name}", module, thing
            elif inspect.isclass(thing):
                for attribute, function in list(vars(thing).items()):
                    if inspect.isfunction(function) and is_public(attribute):
                        yield f"{module.__name__}.{name}.{attribute}", thing, function


def known(world: Optional[str] = None) -> Iterator[str]:
    """Yield the names of all functions, or of those to call in a world."""
    for name in sorted({name for name, _, _ in functions()}):
        only = [worlds for pattern, worlds in ONLY_IN.items() if re.fullmatch(pattern, name)]
        if world is None:
            yield name
        elif name not in LEFT_OUT and all(world in worlds for worlds in only):
            if world != "events" or EVENTS.fullmatch(name):
                yield name


# --- good arguments, from the table of calls -------------------------------------

class NoSource(Exception):
    """An argument cannot be written as text."""


def _object_source(value: object) -> str:
    for name, kind in mutation.KINDS.items():
        if type(value).__name__ == kind:
            return name
        if type(value).__name__ == "PyCapsule" and f'"{kind}Ptr"' in repr(value):
            return f"{name}._o"
    raise NoSource(value)


def source_of(value: Any) -> str:
    kind = type(value)
    if kind in (list, tuple):
        items = ", ".join(map(source_of, value))
        return f"[{items}]" if kind is list else f"({items},)" if items else "()"
    if kind is dict:
        return "{%s}" % ", ".join(f"{source_of(name)}: {source_of(item)}" for name, item in value.items())
    if value is None or kind in (bool, int, float, str, bytes, bytearray):
        return repr(value)
    if kind is type and value.__module__ in ("libvirt", "libvirt_admin"):
        return f"{value.__module__}.{value.__name__}"
    return _object_source(value)


def _watched(name: str, function: Callable[..., Any], found: Corpus) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        seeds = found.setdefault(name, [])
        if len(seeds) < SEEDS:
            try:
                texts = [*map(source_of, arguments), *(f"{key}={source_of(value)}" for key, value in named.items())]
            except NoSource:
                return result
            if texts not in seeds and all(len(text) < LONGEST for text in texts):
                seeds.append(texts)
        return result
    return call


def _call_table(found: Corpus) -> None:
    """Run the table of calls, and collect the calls that succeed, by function."""
    from fake import calls, runner

    for name, place, function in functions():
        setattr(place, name.rsplit(".", 1)[1], _watched(name, function, found))
    names = runner.Objects()
    for row in calls.ROWS:
        if row.mode == "golden" and type(row.result).__name__ != "Raises":
            runner.run(row, names)


def record() -> Corpus:
    """Return good arguments. This needs the fake, and replaces all functions by wrappers."""
    found: Corpus = {}
    _call_table(found)
    for name in MORE:
        # Calls listed in MORE override those of the table, which only work in another world, or with a number that
        # does not exist there.
        found[name] = [[mutation.render(node) for node in parsed(text)] for text in MORE[name]]
    return {name: seeds for name, seeds in found.items() if seeds}


def parsed(text: str) -> List[mutation.Node]:
    """Parse "ARGUMENT, ..." into nodes."""
    arguments = mutation.parse(f"[{text}]")
    assert isinstance(arguments, mutation.Group)
    return list(arguments.items)


def nodes(seeds: Sequence[Sequence[str]]) -> List[List[mutation.Node]]:
    """Parse calls of record() for mutation. Named arguments stay text."""
    return [[text if mutation.is_named(text) else mutation.parse(text) for text in texts] for texts in seeds]
