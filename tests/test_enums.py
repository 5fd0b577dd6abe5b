# SPDX-License-Identifier: LGPL-2.1-or-later
"""Enums for libvirt's constants: the module libvirt_enums, also available as libvirt.enums."""

import enum
import inspect
import pickle
import re
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

import libvirt
import libvirt_enums
from api import descriptions
from fixturetypes import PythonPrints
from generator import apixml, enums
from generator.enums import Enum

PLANNED = [(module, made) for module, path in descriptions.here().items()
           for base in (apixml.read(descriptions.here()["libvirt"], "libvirt"),)
           for made in enums.plan(apixml.read(path, module.replace("_", "-")), base)]
CLASSES = {name: item for name, item in vars(libvirt_enums).items()
           if isinstance(item, type) and issubclass(item, enum.Enum) and item.__module__ == "libvirt_enums"}


def test_there_is_a_class_for_every_enum() -> None:
    wanted = {made.name for module, made in PLANNED if pytest.importorskip(module)}
    assert set(CLASSES) == wanted
    assert len(wanted) > 150


@pytest.mark.parametrize("module, made", PLANNED, ids=lambda item: str(getattr(item, "name", item)))
def test_members_equal_the_constants(module: str, made: Enum) -> None:
    constants = pytest.importorskip(module)
    found: Any = CLASSES[made.name]  # an enum class; its members are integers
    assert issubclass(found, enum.IntFlag if made.flags else enum.IntEnum)
    assert [member.name for member in made.members] == list(found.__members__)
    for member in made.members:
        value = getattr(constants, member.constant)
        assert type(value) is int
        assert found[member.name] == value and found[member.name].value == value
        assert member.constant.endswith("_" + member.name)
        assert member.name in found.__doc__


@pytest.mark.parametrize("module, made", PLANNED, ids=lambda item: str(getattr(item, "name", item)))
def test_members_say_what_they_are(module: str, made: Enum) -> None:
    pytest.importorskip(module)
    found = CLASSES[made.name]
    summary, members, cname = (inspect.getdoc(found) or "").split("\n\n")
    assert cname == f"C enum: {made.cname}"
    told = {}
    for part in re.split(r"\n(?! )", members):
        name, _, rest = part.partition(": ")
        told[name] = " ".join(rest.split()) or summary
    assert list(told) == list(found.__members__)
    for member in found.__members__.values():
        assert member.__doc__ == told[member.name]


def test_texts_of_members() -> None:
    assert libvirt_enums.DomainState.PMSUSPENDED.__doc__ == "the domain is suspended by guest power management"
    assert libvirt_enums.DomainEventID.LIFECYCLE.__doc__ == "cb(conn, dom, event, detail, opaque)"
    # One that the class has no text of, and several flags at once, have the first line of that of the class.
    assert libvirt_enums.KeycodeSet.LINUX.__doc__ == "Sets of codes for keys; see virDomain.sendKey()."
    assert libvirt_enums.DomainXMLFlags(3).__doc__ == str(libvirt_enums.DomainXMLFlags.__doc__).split("\n")[0]
    assert libvirt_enums.DomainXMLFlags(0).__doc__ == str(libvirt_enums.DomainXMLFlags.__doc__).split("\n")[0]


def test_members_lead_to_the_enum_of_what_comes_with_them(domain: libvirt.virDomain) -> None:
    state, reason = domain.state()
    reasons: Any = libvirt_enums.DomainState(state).reasons
    assert reasons is libvirt_enums.DomainRunningReason and reasons(reason).name == "UNKNOWN"
    assert libvirt_enums.DomainState.SHUTOFF.reasons is libvirt_enums.DomainShutoffReason
    assert libvirt_enums.DomainEventType.STOPPED.details is libvirt_enums.DomainEventStoppedDetailType
    assert libvirt_enums.DomainEventType.PMSUSPENDED.details is libvirt_enums.DomainEventPMSuspendedDetailType
    assert all(member.reasons for member in libvirt_enums.DomainState)
    assert all(member.details for member in libvirt_enums.DomainEventType)
    # Only an error has details.
    assert libvirt_enums.DomainControlState.ERROR.details is libvirt_enums.DomainControlErrorReason
    assert libvirt_enums.DomainControlState.OK.details is None
    assert inspect.getdoc(libvirt_enums.DomainState.reasons) == "Return the enum of the reasons for this state."


def test_docstrings_can_be_left_out(fresh_python_prints: PythonPrints) -> None:
    assert fresh_python_prints("""
import subprocess, sys
code = "import libvirt_enums as e; print(e.DomainState.__doc__, e.DomainState.RUNNING.__doc__)"
print(subprocess.run([sys.executable, "-OO", "-c", code], stdout=subprocess.PIPE, universal_newlines=True).stdout)
""")[0].startswith("None ")


def test_each_constant_is_a_member() -> None:
    named = {member.constant for module, made in PLANNED if module == "libvirt" for member in made.members}
    assert named == {name for name, value in vars(libvirt).items() if name.startswith("VIR_") and type(value) is int}


def test_members_in_use(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    assert libvirt_enums.DomainState(domain.state()[0]).name == "RUNNING"
    assert libvirt_enums.DomainState(domain.state()[0]) is libvirt_enums.DomainState.RUNNING
    flags = libvirt_enums.DomainXMLFlags.SECURE | libvirt_enums.DomainXMLFlags.INACTIVE
    assert flags == libvirt.VIR_DOMAIN_XML_SECURE | libvirt.VIR_DOMAIN_XML_INACTIVE
    assert "SECURE" in repr(flags) and "INACTIVE" in repr(flags)
    assert domain.XMLDesc(flags) == domain.XMLDesc(3)
    assert conn.listAllDomains(libvirt_enums.ConnectListAllDomainsFlags.RUNNING)
    assert pickle.loads(pickle.dumps(libvirt_enums.DomainState.PAUSED)) is libvirt_enums.DomainState.PAUSED


def test_a_flag_of_a_newer_libvirt_is_kept() -> None:
    value = libvirt_enums.DomainXMLFlags(1 | 1 << 30)
    assert int(value) == 1 | 1 << 30
    assert value & libvirt_enums.DomainXMLFlags.SECURE


def test_libvirt_enums_is_imported_on_first_use(fresh_python_prints: PythonPrints) -> None:
    first, *rest = fresh_python_prints("""
import sys, libvirt
print("enums" in dir(libvirt), "libvirt_enums" in sys.modules, "enum" in sys.modules)
print(libvirt.enums is sys.modules["libvirt_enums"], libvirt.enums is libvirt.enums)
print(libvirt.enums.DomainState.RUNNING == libvirt.VIR_DOMAIN_RUNNING)
""")
    assert first == "True False False"
    assert rest == ["True True", "True"]
    assert libvirt.enums is libvirt_enums


# --- names of the members

def enumerators(cname: str, **values: int) -> List[str]:
    return [f'<enum name="{name}" file="libvirt-domain" value="{value}" type="{cname}"/>'
            for name, value in values.items()]


@pytest.fixture
def planned(tmp_path: Path) -> Callable[..., Enum]:
    def make(cname: str, **values: int) -> Enum:
        path = tmp_path / "api.xml"
        path.write_text("<?xml version='1.0'?><api name='libvirt'><files/><symbols>"
                        + "".join(enumerators(cname, **values)) + "</symbols></api>")
        made, = enums.plan(apixml.read(str(path), "libvirt"))
        return made
    return make


@pytest.mark.parametrize("cname, constants, wanted", [
    ("virFooState", {"VIR_FOO_A": 0, "VIR_FOO_B": 1, "VIR_FOO_LAST": 2}, ["A", "B"]),
    ("virFooBarFlags", {"VIR_FOO_BAR_LONG_NAME": 1}, ["LONG_NAME"]),
    ("virFooBarFlags", {"VIR_FOO_BAR_DO_THIS": 1, "VIR_FOO_BAR_DO_THAT": 2}, ["DO_THIS", "DO_THAT"]),
    ("virFooTransport", {"VIR_FOO_TRANS_UNIX": 0, "VIR_FOO_TRANS_TCP": 1}, ["UNIX", "TCP"]),
    ("virFooKind", {"VIR_FOO_802_1A": 0, "VIR_FOO_802_1B": 1, "VIR_FOO_802_3": 2},
     ["FOO_802_1A", "FOO_802_1B", "FOO_802_3"]),
    ("virFoo", {"VIR_BAR_X": 0, "VIR_BAZ_Y": 1}, ["BAR_X", "BAZ_Y"]),
])
def test_names_of_members(planned: Callable[..., Enum], cname: str, constants: Dict[str, int],
                          wanted: List[str]) -> None:
    assert [member.name for member in planned(cname, **constants).members] == wanted


@pytest.mark.parametrize("cname, values, flags", [
    ("virFooFlags", [1, 2], True), ("virFooFlags", [1], True), ("virFooFlags", [0, 1, 2, 3], False),
    ("virFooTypes", [1, 2, 4], True), ("virFooTypes", [0, 1], False), ("virFooTypes", [-1, 1, 2], False),
    ("virErrorLevel", [0, 1, 2], False),
])
def test_which_enums_are_flags(planned: Callable[..., Enum], cname: str, values: List[int], flags: bool) -> None:
    assert planned(cname, **{f"VIR_FOO_N{n}": value for n, value in enumerate(values)}).flags is flags


def test_an_enum_with_a_last_member_is_not_flags(planned: Callable[..., Enum]) -> None:
    assert not planned("virFooType", VIR_FOO_A=1, VIR_FOO_B=2, VIR_FOO_LAST=3).flags
