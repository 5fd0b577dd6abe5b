# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plans of events: from the ids of an API description to dispatchers."""

import dataclasses
from typing import Any, Callable, Union

import pytest

from conftest import function_xml
from fixturetypes import ReadApi
from generator import events, plan
from generator.bindings import modules

REGISTER = ("int virConnectDomainEventRegisterAny(virConnectPtr conn, virDomainPtr dom, int eventID,"
            " virConnectDomainEventGenericCallback cb, void *opaque, virFreeCallback freecb)")
DEREGISTER = "int virConnectDomainEventDeregisterAny(virConnectPtr conn, int callbackID)"


def event(name: str, value: Union[int, str], info: str, enum: str = "virDomainEventID") -> str:
    return f"<enum name='{name}' file='libvirt-domain' value='{value}' type='{enum}' info='{info}'/>"


def callback(name: str, arguments: str = "", head: str = "virConnectPtr conn, virDomainPtr dom") -> str:
    return function_xml(f"void {name}({head}, {arguments + ', ' if arguments else ''}void *opaque)", element="functype")


@pytest.fixture
def family(read_api: ReadApi) -> Callable[..., events.FamilyPlan]:
    """The plan of the domain events of a made-up description."""
    def of(*symbols: str, **changes: Any) -> events.FamilyPlan:
        module = dataclasses.replace(modules.LIBVIRT, rows=(), **changes)
        found = events.plan(plan.ModulePlan(module, read_api(REGISTER, DEREGISTER, *symbols)))
        result, = found
        return result
    return of


def test_an_event_names_its_callback_type(family: Callable[..., events.FamilyPlan]) -> None:
    found = family(event("VIR_DOMAIN_EVENT_ID_NEW", 3, "virConnectDomainEventNewCallback"),
                   callback("virConnectDomainEventNewCallback", "const char *path, int reason"))
    (item, dispatcher), = found.events
    assert (item.name, dispatcher.method) == ("VIR_DOMAIN_EVENT_ID_NEW", "_dispatchDomainEventNewCallback")
    assert dispatcher.parameters == ("dom", "path", "reason")


@pytest.mark.parametrize("info", ["virConnectNewCallback.", "virConnectNewCallback, since 1.0",
                                  "virConnectNewCallback\n", "virConnectNewCallback (Since: 1.2.3)"])
def test_words_after_the_callback_type_are_ignored(family: Callable[..., events.FamilyPlan], info: str) -> None:
    assert family(event("VIR_DOMAIN_EVENT_ID_NEW", 3, info), callback("virConnectNewCallback")).events


def test_the_lifecycle_event_has_its_historic_method(family: Callable[..., events.FamilyPlan]) -> None:
    found = family(event("VIR_DOMAIN_EVENT_ID_LIFECYCLE", 0, "virConnectDomainEventCallback"),
                   callback("virConnectDomainEventCallback", "int event, int detail"))
    dispatcher = found.events[0][1]
    assert dispatcher.method == "_dispatchDomainEventLifecycleCallback"
    assert dispatcher.parameters == ("dom", "event", "detail")


def test_events_may_share_a_callback_type(family: Callable[..., events.FamilyPlan]) -> None:
    found = family(event("VIR_A", 1, "virConnectNewCallback"), event("VIR_B", 2, "virConnectNewCallback"),
                   callback("virConnectNewCallback"))
    assert [item.name for item, _ in found.events] == ["VIR_A", "VIR_B"]
    assert len(events.dispatchers([found])) == 1


@pytest.mark.parametrize("first, second", [("2", "10"), ("0x2", "10"), ("2", "0xa")])
def test_events_are_sorted_by_id(family: Callable[..., events.FamilyPlan], first: str, second: str) -> None:
    found = family(event("VIR_B", second, "virConnectNewCallback"), event("VIR_A", first, "virConnectNewCallback"),
                   callback("virConnectNewCallback"))
    assert [item.name for item, _ in found.events] == ["VIR_A", "VIR_B"]


def test_the_sentinel_is_not_an_event(family: Callable[..., events.FamilyPlan]) -> None:
    found = family(event("VIR_DOMAIN_EVENT_ID_LAST", 5, "virConnectNewCallback"), callback("virConnectNewCallback"))
    assert not found.events and not found.left_out


def test_typed_parameters_and_their_count_are_one_value(family: Callable[..., events.FamilyPlan]) -> None:
    found = family(event("VIR_A", 1, "virConnectNewCallback"),
                   callback("virConnectNewCallback", "virTypedParameterPtr params, int nparams, int last"))
    dispatcher = found.events[0][1]
    assert dispatcher.parameters == ("dom", "params", "last")
    assert [item.names for item in dispatcher.payload] == [("dom",), ("params", "nparams"), ("last",)]


@pytest.mark.parametrize("arguments", ["virThingPtr thing", "int *values", "void *data", "unsigned char *cpumap",
                                       "virTypedParameterPtr params", "const char **names"])
def test_an_event_with_a_value_of_unknown_type_is_left_out(family: Callable[..., events.FamilyPlan],
                                                           arguments: str) -> None:
    found = family(event("VIR_A", 1, "virConnectNewCallback"), callback("virConnectNewCallback", arguments))
    assert not found.events
    (name, why), = found.left_out
    assert name == "VIR_A" and "virConnectNewCallback" in why


def test_the_reason_names_each_value_that_is_not_understood(family: Callable[..., events.FamilyPlan]) -> None:
    found = family(event("VIR_A", 1, "virConnectNewCallback"),
                   callback("virConnectNewCallback", "int *values, int flags, void *data"))
    assert found.left_out == [("VIR_A", "callback type virConnectNewCallback: "
                               "argument 'int * values'; argument 'void * data'")]


@pytest.mark.parametrize("head", ["virConnectPtr conn, virNetworkPtr net", "virDomainPtr dom, virConnectPtr conn",
                                  "virConnectPtr conn"])
def test_a_callback_without_connection_and_object_is_left_out(family: Callable[..., events.FamilyPlan],
                                                              head: str) -> None:
    found = family(event("VIR_A", 1, "virConnectNewCallback"), callback("virConnectNewCallback", head=head))
    assert not found.events and [name for name, _ in found.left_out] == ["VIR_A"]


@pytest.mark.parametrize("info", ["", "something new", "virConnectOtherCallback"])
def test_an_event_without_a_known_callback_type_is_left_out(family: Callable[..., events.FamilyPlan],
                                                            info: str) -> None:
    found = family(event("VIR_A", 1, info), callback("virConnectNewCallback"))
    assert not found.events and [name for name, _ in found.left_out] == ["VIR_A"]


def test_an_event_is_left_out_if_its_table_entry_has_too_few_parameters(family: Callable[...,
                                                                                         events.FamilyPlan]) -> None:
    found = family(event("VIR_A", 1, "virConnectNewCallback"), callback("virConnectNewCallback", "int one, int two"),
                   event_parameters={"_dispatchNewCallback": ("dom", "one")})
    assert not found.events and [name for name, _ in found.left_out] == ["VIR_A"]


def test_a_family_that_this_libvirt_lacks_is_left_out(read_api: ReadApi) -> None:
    assert events.plan(plan.ModulePlan(modules.LIBVIRT, read_api("int virFoo(void)"))) == []
