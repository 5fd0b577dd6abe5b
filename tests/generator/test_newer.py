# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions and events that libvirt added after 9.0.0 are bound by inference, without their entries in the tables.

api/newer.xml has those of libvirt 12.8.0 that 9.0.0 does not have.  Complete
descriptions of other libvirts (see api/descriptions.py) are tested, too.
"""

import dataclasses
import inspect
import re
import sys
import types
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

from api import csource, descriptions
from conftest import TOP
from generator import apixml, checks, constants, events, plan
from generator.bindings import modules
from generator.bindings.schema import Module
from generator.emit import c_module, c_part, python_module
from generator.model import Api
from generator.plan import ModulePlan

EXCERPT = TOP / "tests" / "api" / "newer.xml"
OLDEST = (9, 0, 0)

# C function -> class, method, its signature, arguments of a call, arguments that C gets, result of C on success and on
# failure.  From libvirt's headers and the reference bindings of 12.8.0.
FUNCTIONS = {
    "virNetworkGetMetadata": ("virNetwork", "metadata", "(self, type, uri, flags=0)", (2, "urn:x"), (2, "urn:x", 0),
                              "<x/>", None),
    "virNetworkSetMetadata": ("virNetwork", "setMetadata", "(self, type, metadata, key, uri, flags=0)",
                              (2, None, "x", "urn:x", 1), (2, None, "x", "urn:x", 1), 0, -1),
    "virNodeDeviceUpdate": ("virNodeDevice", "update", "(self, xmlDesc, flags=0)", ("<x/>",), ("<x/>", 0), 0, -1),
    "virDomainGraphicsReload": ("virDomain", "graphicsReload", "(self, type, flags=0)", (1,), (1, 0), 0, -1),
    "virDomainSetAutostartOnce": ("virDomain", "setAutostartOnce", "(self, autostart)", (1,), (1,), 0, -1),
    "virDomainGetAutostartOnce": ("virDomain", "autostartOnce", "(self)", (), (), 1, -1),
    "virDomainSetThrottleGroup": ("virDomain", "setThrottleGroup", "(self, group, params, flags=0)",
                                  ("g", {"total_bytes_sec": 1}), ("g", {"total_bytes_sec": 1}, 0), 0, -1),
    "virDomainDelThrottleGroup": ("virDomain", "delThrottleGroup", "(self, group, flags=0)", ("g", 2), ("g", 2), 0, -1),
    "virDomainAnnounceInterface": ("virDomain", "announceInterface", "(self, device, params, flags=0)",
                                   (None, {"rounds": 3}), (None, {"rounds": 3}, 0), 0, -1),
}

# C function -> the C code of its wrapper from the conversion of the arguments to the call.
CALLS = {
    "virNetworkGetMetadata":
        '"hitI", args, nargs - 4, &virPy_virNetwork) < 0) return NULL; return virPyEndAllocated(&call, '
        'virNetworkGetMetadata(call.in[0].object, call.in[1].i, call.in[2].text, call.in[3].u));',
    "virNetworkSetMetadata":
        '"hitzzI", args, nargs - 6, &virPy_virNetwork) < 0) return NULL; return virPyEndStatus(&call, '
        'virNetworkSetMetadata(call.in[0].object, call.in[1].i, call.in[2].text, call.in[3].text, '
        'call.in[4].text, call.in[5].u));',
    "virNodeDeviceUpdate":
        '"htI", args, nargs - 3, &virPy_virNodeDevice) < 0) return NULL; return virPyEndStatus(&call, '
        'virNodeDeviceUpdate(call.in[0].object, call.in[1].text, call.in[2].u));',
    "virDomainGraphicsReload":
        '"hII", args, nargs - 3, &virPy_virDomain) < 0) return NULL; return virPyEndStatus(&call, '
        'virDomainGraphicsReload(call.in[0].object, call.in[1].u, call.in[2].u));',
    "virDomainSetAutostartOnce":
        '"hi", args, nargs - 2, &virPy_virDomain) < 0) return NULL; return virPyEndStatus(&call, '
        'virDomainSetAutostartOnce(call.in[0].object, call.in[1].i));',
    "virDomainGetAutostartOnce":
        '"h", args, nargs - 1, &virPy_virDomain) < 0) return NULL; '
        'retval = virDomainGetAutostartOnce(call.in[0].object, &autostart); virPyBlockThreads(&call);',
    "virDomainSetThrottleGroup":
        'virPyUnblockThreads(&call); retval = virDomainSetThrottleGroup(call.in[0].object, call.in[1].text, '
        'params.array, params.count, call.in[3].u); virPyBlockThreads(&call);',
    "virDomainDelThrottleGroup":
        '"htI", args, nargs - 3, &virPy_virDomain) < 0) return NULL; return virPyEndStatus(&call, '
        'virDomainDelThrottleGroup(call.in[0].object, call.in[1].text, call.in[2].u));',
    "virDomainAnnounceInterface":
        'virPyUnblockThreads(&call); retval = virDomainAnnounceInterface(call.in[0].object, call.in[1].text, '
        'params.array, params.count, call.in[3].u); virPyBlockThreads(&call);',
}

# Event -> method of the connection that C calls, and the C types of the values that it passes.
EVENTS = {
    "VIR_NETWORK_EVENT_ID_METADATA_CHANGE": ("_dispatchNetworkEventMetadataChangeCallback", ("Int", "String")),
    "VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE": ("_dispatchDomainEventNICMACChangeCallback", ("String", "String", "String")),
    "VIR_DOMAIN_EVENT_ID_VCPU_REMOVED": ("_dispatchDomainEventVcpuRemovedCallback", ("UInt",)),
    "VIR_DOMAIN_EVENT_ID_CHANNEL_LIFECYCLE": ("_dispatchDomainEventChannelLifecycleCallback", ("String", "Int", "Int")),
}


def is_newer(version: str) -> bool:
    """Whether this version of libvirt is newer than 9.0.0."""
    return tuple(map(int, version.split("."))) > OLDEST if version else False


def hidden(api: Api) -> Module:
    """The module without the entries of its tables for newer functions and events."""
    newer = {item.name for item in (*api.functions.values(), *api.callbacks.values()) if is_newer(item.version)}
    methods = {"_dispatch" + name[len("virConnect"):] for name in newer}
    whole = modules.LIBVIRT
    return dataclasses.replace(
        whole, rows=tuple(row for row in whole.rows if row.cname not in newer),
        dispatchers={name: method for name, method in whole.dispatchers.items() if name not in newer},
        event_parameters={name: value for name, value in whole.event_parameters.items() if name not in methods})


@pytest.fixture(scope="module", params=["excerpt", *(version for version in descriptions.others())])
def whole(request: "pytest.FixtureRequest") -> ModulePlan:
    """All plans, made without these entries."""
    if request.param != "excerpt" and tuple(map(int, request.param.split("."))) < (12, 5, 0):
        pytest.skip(f"libvirt {request.param} has not all of them yet")
    path = EXCERPT if request.param == "excerpt" else descriptions.others()[request.param]["libvirt"]
    api = apixml.read(str(path), "libvirt")
    made = plan.plan_module(hidden(api), api)
    checks.check(made)
    return made


@pytest.fixture(scope="module")
def module(whole: ModulePlan) -> ModuleType:
    """The Python module, with a mock in place of the C module."""
    python = types.ModuleType("libvirt")
    # The excerpt does not have the constants that the methods of streams use.
    used = tuple(name for name in whole.module.fragments if name != "stream.py")
    whole = dataclasses.replace(whole, module=dataclasses.replace(whole.module, fragments=used))
    with mock.patch.dict(sys.modules, libvirtmod=mock.MagicMock()):
        text = python_module.emit(whole, None, str(TOP / "python" / "fragments"))
        exec(compile(text, "libvirt.py", "exec"), vars(python))
    return python


class PyCapsule:
    """A replacement for a handle: classes check only the name of its class."""


def thing(module: ModuleType, owner: str) -> Any:
    return getattr(module, owner)(object(), PyCapsule())


def test_the_excerpt_has_all_new_functions_and_events() -> None:
    api = apixml.read(str(EXCERPT), "libvirt")
    assert {item.name for item in api.functions.values() if is_newer(item.version)} == set(FUNCTIONS)
    assert {item.name for item in api.enumerators} == set(EVENTS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_table_has_an_entry_for_a_new_function(whole: ModulePlan, name: str) -> None:
    assert name not in whole.module.rows_by_name()
    assert [made.origin for made in whole.plans if made.function.name == name] == ["inferred"]


def test_nothing_new_is_left_out(whole: ModulePlan) -> None:
    assert [item.function.name for item in whole.left_out if is_newer(item.function.version)] == []
    assert [name for family in events.plan(whole) for name, _ in family.left_out] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_new_function_has_the_name_and_signature_of_the_reference(module: ModuleType, name: str) -> None:
    owner, method, signature, *_ = FUNCTIONS[name]
    assert str(inspect.signature(getattr(getattr(module, owner), method))) == signature


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_new_function_passes_its_arguments_to_c_and_returns_the_result(module: ModuleType, name: str) -> None:
    owner, method, _, arguments, passed, result, _ = FUNCTIONS[name]
    subject = thing(module, owner)
    with mock.patch.object(module.libvirtmod, name, return_value=result) as function:
        assert getattr(subject, method)(*arguments) == result
    function.assert_called_once_with(subject._o, *passed)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_new_function_raises_when_c_fails(module: ModuleType, name: str) -> None:
    owner, method, _, arguments, _, _, failure = FUNCTIONS[name]
    with mock.patch.object(module.libvirtmod, name, return_value=failure):
        with pytest.raises(module.libvirtError):
            getattr(thing(module, owner), method)(*arguments)


def wrapper_of(whole: ModulePlan, name: str) -> str:
    """The C text of one wrapper, on one line."""
    made, = (made for made in whole.plans if made.function.name == name)
    return " ".join("\n".join(c_part.wrapper(made)).split())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_wrapper_of_a_new_function_calls_it(whole: ModulePlan, name: str) -> None:
    text = wrapper_of(whole, name)
    assert text.count(f"{name}(") == 2  # its head and the call
    start = "" if CALLS[name].startswith("virPyUnblockThreads") else f"virPyBegin(&call, signature_{name}, "
    assert start + CALLS[name] in text.replace("( ", "(")


def test_the_wrappers_of_new_functions_compile(whole: ModulePlan, tmp_path: Path) -> None:
    """They are compiled against the prototypes of the description, not those of the installed libvirt."""
    new = [made for made in whole.plans if made.function.name in FUNCTIONS]
    (tmp_path / "libvirtmod.h").write_text(c_module.emit_header(dataclasses.replace(whole, plans=new)))
    headers = ("libvirtmod.h", "libvirt/libvirt.h", "calls.h", "errorrecord.h", "libvirt-utils.h", "typedparams.h")
    lines = [f'#include "{name}"' for name in headers]
    lines += [f"{made.function.prototype()};" for made in new]
    for made in new:
        lines += c_part.wrapper(made)
    (tmp_path / "new.c").write_text("\n".join([*lines, ""]), encoding="utf-8")
    csource.compile_c(tmp_path, "-fsyntax-only", "-Wall", "-Wextra", "-Wno-unused-function", "new.c")


@pytest.mark.parametrize("name", EVENTS)
def test_a_new_event_has_its_dispatcher(whole: ModulePlan, name: str) -> None:
    method, carried = EVENTS[name]
    part, = (part for part in whole.module.parts if part.events)
    text = c_module.emit(whole, part)
    dispatcher = re.findall(rf"\[{name}\] =[^\[]*\b(dispatch_\w+)", text)[0]
    body = re.findall(rf"^static \w+ {dispatcher}\(.*?^\}}", text, re.DOTALL | re.MULTILINE)[0]
    assert f'"{method}"' in body
    assert tuple(re.findall(r"virPyFrom(\w+)\(", body)) == carried


@pytest.mark.parametrize("name", EVENTS)
def test_a_new_event_calls_its_callback(whole: ModulePlan, module: ModuleType, name: str) -> None:
    method, carried = EVENTS[name]
    connection, callback, values = module.virConnect(PyCapsule()), mock.Mock(), [object() for _ in carried]
    getattr(connection, method)(PyCapsule(), *values, {"cb": callback, "conn": connection, "opaque": "opaque"})
    (passed, subject, *rest), _ = callback.call_args
    assert passed is connection and rest == [*values, "opaque"]
    assert type(subject) is (module.virNetwork if "NETWORK" in name else module.virDomain)


def test_the_module_has_new_constants(module: ModuleType, whole: ModulePlan) -> None:
    assert module.VIR_DOMAIN_ANNOUNCE_INTERFACE_ROUNDS == "rounds"
    assert module.VIR_DOMAIN_EVENT_ID_CHANNEL_LIFECYCLE == 29
    assert {item.name for item in constants.constants(whole.api, None)} <= set(vars(module))
