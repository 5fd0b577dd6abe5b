# SPDX-License-Identifier: LGPL-2.1-or-later
"""Command line: python3 -m generator --module=NAME --xml=FILE KIND OUTPUT."""

import argparse
import signal
import sys
from typing import Callable, Dict, List, Optional

from . import apixml, checks, events, output, plan
from .bindings import modules
from .bindings.schema import Module, Part
from .emit import c_events, c_module, c_part, coverage_report, enums_module, python_module, stubs
from .errors import GeneratorError
from .model import Api


def _part(whole: plan.ModulePlan, name: str) -> Part:
    for part in whole.module.parts:
        if part.name == name:
            return part
    raise GeneratorError(f"module {whole.module.name} has no part '{name}'")


def _warn(whole: plan.ModulePlan) -> int:
    """Tells what is left out though nobody said so; returns how much that is."""
    missing = [(item.function.name, item.why) for item in whole.left_out if not item.wanted]
    for family in events.plan(whole):
        missing += family.left_out
    for name, why in missing:
        print(f"generator: warning: {name} is left out: {why}", file=sys.stderr)
    return len(missing)


def _module(name: str) -> Module:
    try:
        return modules.ALL[name]
    except KeyError:
        raise GeneratorError(f"unknown module '{name}': one of {', '.join(modules.ALL)}") from None


def _other(text: str) -> Api:
    """What MODULE=FILE names."""
    name, _, path = text.partition("=")
    return apixml.read(path, _module(name).library)


def generate(options: argparse.Namespace) -> str:
    """The text of one output."""
    module = _module(options.module)
    api = apixml.read(options.xml, module.library)
    others = [_other(text) for text in options.other_xml]
    base: Optional[Api] = None
    if options.base_xml:
        base = apixml.read(options.base_xml, modules.LIBVIRT.library)
    whole = plan.plan_module(module, api)
    checks.check(whole)
    kind, _, name = options.kind.partition(":")
    emitters: Dict[str, Callable[[], str]] = {
        "c-header": lambda: c_module.emit_header(whole),
        "c-module": lambda: c_module.emit(whole),
        "c-part": lambda: c_part.emit(whole, _part(whole, name)) if not _part(whole, name).events
        else c_events.emit(whole, _part(whole, name)),
        "coverage": lambda: coverage_report.emit(whole),
        "coverage-html": lambda: coverage_report.emit_html(whole),
        "enums": lambda: enums_module.emit(api, *others),
        "enum-stubs": lambda: enums_module.emit(api, *others, told=False),
        "python": lambda: python_module.emit(whole, base, options.fragments),
        "stubs": lambda: stubs.emit(whole, base, options.fragments),
    }
    if kind not in emitters:
        raise GeneratorError(f"unknown kind of output '{options.kind}': one of {', '.join(emitters)}")
    # One of the outputs tells, so that a build does so once.
    if kind == "c-module" and _warn(whole) and options.strict:
        raise GeneratorError("functions are left out, and --strict forbids that")
    return emitters[kind]()


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="generator", description="Write one source file of the bindings.")
    parser.add_argument("--module", required=True, help="Python module that the output belongs to")
    parser.add_argument("--xml", required=True, metavar="FILE", help="API description of the module's library")
    parser.add_argument("--base-xml", metavar="FILE", help="that of the main library, whose constants others name")
    parser.add_argument("--other-xml", metavar="MODULE=FILE", action="append", default=[],
                        help="that of another module, whose enums come along")
    parser.add_argument("--fragments", metavar="DIR", default="python/fragments",
                        help="hand-written Python, and its stubs (default: python/fragments)")
    parser.add_argument("--strict", action="store_true", help="fail when a function is left out")
    parser.add_argument("kind", help="c-header, c-module, c-part:NAME, python, stubs, enums, enum-stubs, coverage or "
                        "coverage-html")
    parser.add_argument("output", help="file to write")
    options = parser.parse_args(argv)
    # Ended from outside, it tidies up as for any other exception.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        output.write(options.output, generate(options))
    except GeneratorError as error:
        print(f"generator: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
