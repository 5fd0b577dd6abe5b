# SPDX-License-Identifier: LGPL-2.1-or-later
"""The coverage report says how each function is bound, or why it is not, and counts the functions."""

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Dict, List, Optional, Set, Tuple

import pytest

from api import descriptions
from conftest import function_xml
from fixturetypes import Generator, PlanModule, WriteXml
from generator import apixml, converters, plan
from generator.bindings import handles, modules
from generator.bindings.schema import EventFamily, Extra, Row
from generator.emit import coverage_report
from generator.plan import ModulePlan

INFERRED = "int virDomainFoo(virDomainPtr dom)"
BY_ROW = "int virDomainBar(virDomainPtr dom)"
BY_HAND = "int virDomainBaz(virDomainPtr dom, int *files)"
SKIPPED = "int virDomainQux(virDomainPtr dom)"
NOT_INFERABLE = "int virConnectOdd(virConnectPtr conn, void *data)"
EXTRA = "int virVersion(unsigned long *version, void *other)"
REGISTER = ("int virConnectDomainEventRegisterAny(virConnectPtr conn, virDomainPtr dom, int eventID,"
            " virConnectDomainEventGenericCallback cb, void *opaque, virFreeCallback freecb)")
DEREGISTER = "int virConnectDomainEventDeregisterAny(virConnectPtr conn, int callbackID)"
EVENTS = ("<enum name='VIR_EVENT_OLD' file='f' value='1' type='virDomainEventID' info='virConnectOldCallback'/>"
          "<enum name='VIR_EVENT_ODD' file='f' value='2' type='virDomainEventID' info='nothing that is known'/>")
CALLBACK = function_xml("void virConnectOldCallback(virConnectPtr conn, virDomainPtr dom, void *opaque)",
                        element="functype")
HELPER = "<function name='virHelp' file='f' module='virhelpers'><return type='int'/></function>"
ROWS = (
    Row("virDomainBar", "historic name", name="getBar"),
    Row("virDomainBaz", "odd <numbers>", hand=("dom", "files"), result=converters.HandResult("int")),
    Row("virDomainQux", "dangerous & slow", skip=True),
)
FAMILY = EventFamily("virDomain", "virDomainEventID", "virConnectDomainEventRegisterAny",
                     "virConnectDomainEventDeregisterAny", "domain")


@pytest.fixture
def whole(plan_module: PlanModule) -> ModulePlan:
    """The plans for one function of each column of the report."""
    made = plan_module(INFERRED, BY_ROW, BY_HAND, SKIPPED, NOT_INFERABLE, EXTRA, HELPER, REGISTER, DEREGISTER, EVENTS,
                       CALLBACK, "int virDomainFree(virDomainPtr dom)", "int virDomainRef(virDomainPtr dom)", rows=ROWS,
                       handles=(handles.CONNECT, handles.DOMAIN), skip_files=("virhelpers",),
                       extras=(Extra("virVersion", (), "one number"),))
    # plan_module() removes the families of events.
    changed = dataclasses.replace(made.module, families=(FAMILY,))
    return plan.plan_module(changed, made.api)


@pytest.fixture
def lines_by_name(whole: ModulePlan) -> Dict[str, Tuple[str, str]]:
    """C name -> how it is bound, and the rest of its line in the text."""
    lines = re.findall(r"^(inferred|row|hand|handle|skipped|left out) +(vir\w+|VIR_\w+)(.*)$",
                       coverage_report.emit(whole), re.MULTILINE)
    return {name: (how, rest) for how, name, rest in lines}


@pytest.mark.parametrize("name, how, rest", [
    ("virDomainFoo", "inferred", "  virDomain.foo"),
    ("virDomainBar", "row", "  virDomain.getBar  (historic name)"),
    ("virDomainBaz", "hand", "  virDomain.baz  (odd <numbers>)"),
    ("virDomainQux", "skipped", "  (dangerous & slow)"),
    ("virConnectOdd", "left out", "  (argument 'void * data')"),
    ("virVersion", "hand", "  libvirtmod.virVersion  (one number)"),
    ("virHelp", "skipped", "  (all of virhelpers is left out)"),
    ("virDomainFree", "handle", "  (virDomainPtr becomes a capsule)"),
    ("virDomainRef", "handle", "  (virDomainPtr becomes a capsule)"),
    ("virConnectDomainEventRegisterAny", "row",
     "  virConnect.domainEventRegisterAny  (registers callbacks for events)"),
    ("VIR_EVENT_OLD", "inferred", "  virConnect._dispatchOldCallback"),
    ("VIR_EVENT_ODD", "left out", "  (its description names no callback type)"),
])
def test_the_text_says_how_each_function_is_bound(lines_by_name: Dict[str, Tuple[str, str]], name: str, how: str,
                                                  rest: str) -> None:
    assert lines_by_name[name] == (how, rest)


def test_functions_are_listed_below_their_class(whole: ModulePlan) -> None:
    lines = coverage_report.emit(whole).splitlines()
    titles = [line for line, under in zip(lines, lines[1:]) if under and set(under) == {"-"}]
    assert titles == ["virConnect", "virDomain", "module libvirt", "events of virDomain", "Totals"]
    place = {title: lines.index(title) for title in titles}
    foo = next(number for number, line in enumerate(lines) if "virDomainFoo" in line)
    assert place["virDomain"] < foo < place["module libvirt"]


def test_a_row_may_move_a_function_to_another_class(plan_module: PlanModule) -> None:
    made = plan_module("int virDomainFoo(virDomainPtr dom)", rows=[Row("virDomainFoo", "historic", owner="virConnect")])
    assert [title for title, _ in coverage_report.sections(made)] == ["virConnect"]


def test_each_function_is_counted_once(whole: ModulePlan) -> None:
    names = [entry.cname for title, entries in coverage_report.sections(whole) if not title.startswith("events")
             for entry in entries]
    assert sorted(names) == sorted(whole.api.functions)


def totals(text: str) -> Dict[str, List[int]]:
    """Title -> numbers in the table at the end; an empty cell is 0."""
    lines = text.split("Totals\n------\n")[1].split("\n\n")[0].splitlines()
    columns = [line[:28].strip() for line in lines]
    return {title: [int(line[start:start + 10].strip() or 0) for start in range(28, 98, 10)]
            for title, line in zip(columns[1:], (line.ljust(98) for line in lines[1:]))}


def test_the_totals_are_those_of_the_lines(whole: ModulePlan) -> None:
    assert totals(coverage_report.emit(whole)) == {
        "virConnect": [1, 1, 0, 0, 0, 1, 3],
        "virDomain": [1, 1, 1, 2, 1, 0, 6],
        "module libvirt": [0, 0, 1, 0, 1, 0, 2],
        "all functions": [2, 2, 2, 2, 2, 1, 11],
        "events of virDomain": [1, 0, 0, 0, 0, 1, 2],
        "all events": [1, 0, 0, 0, 0, 1, 2],
    }


class Page(HTMLParser):
    """The cells of a page, and a check that its tags match."""

    VOID = {"meta", "br"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: List[str] = []
        self.cells: List[str] = []
        self.tags: Set[str] = set()
        self.attributes: List[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        self.tags.add(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.cells[-1] += data


def test_the_page_has_the_content_of_the_text(whole: ModulePlan, lines_by_name: Dict[str, Tuple[str, str]]) -> None:
    cells = Page(coverage_report.emit_html(whole)).cells
    for name, (how, rest) in lines_by_name.items():
        place = cells.index(name)
        _, shown, python, why = cells[place:place + 4]
        assert (shown, "".join(f"  {part}" for part in (python, why and f"({why})") if part)) == (how, rest)


def test_the_page_has_the_totals_of_the_text(whole: ModulePlan) -> None:
    cells = Page(coverage_report.emit_html(whole)).cells
    for title, numbers in totals(coverage_report.emit(whole)).items():
        place = cells.index(title)
        assert [int(cell or 0) for cell in cells[place + 1:place + 8]] == numbers


def test_the_page_is_well_formed_and_needs_no_other_file(whole: ModulePlan) -> None:
    page = Page(coverage_report.emit_html(whole))
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & page.tags
    assert not {"src", "href"} & set(page.attributes)


@pytest.mark.parametrize("suffix, start", [("txt", "What libvirt binds of api.xml\n"), ("html", "<!DOCTYPE html>")])
def test_the_generator_writes_the_report(generator: Generator, write_xml: WriteXml, tmp_path: Path, suffix: str,
                                         start: str) -> None:
    out = tmp_path / f"coverage-libvirt.{suffix}"
    done = generator("--module=libvirt", f"--xml={write_xml(INFERRED)}", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize("name", modules.ALL)
def test_the_report_has_every_function_of_the_installed_libvirt(name: str) -> None:
    path = descriptions.here().get(name)
    if path is None:
        pytest.skip(f"no API description for {name}")
    api = apixml.read(path, modules.ALL[name].library)
    whole = plan.plan_module(modules.ALL[name], api)
    sections = coverage_report.sections(whole)
    functions = [entry for title, entries in sections if not title.startswith("events") for entry in entries]
    assert sorted(entry.cname for entry in functions) == sorted(api.functions)
    assert all(entry.how in coverage_report.HOW and (entry.python or entry.why) for entry in functions)
