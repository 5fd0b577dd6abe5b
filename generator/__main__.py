# SPDX-License-Identifier: LGPL-2.1-or-later
"""Command line: python3 -m generator --module=NAME --xml=FILE OUTPUT..."""

import argparse
import signal
import sys
from functools import lru_cache, partial
from typing import Callable, Dict, List, Optional, Tuple

from . import apixml, checks, constants, events, outside, output, plan
from .bindings import modules
from .bindings.schema import Module
from .emit import c_module, coverage_report, enums_module, python_module, stubs, types_module
from .errors import GeneratorError
from .model import Api


def _warn(whole: plan.ModulePlan) -> int:
    """Tells what is left out though nobody said so; returns how much that is."""
    missing = [(item.function.name, item.why) for item in whole.left_out if not item.on_purpose]
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


def _described(module: Module, xml: str, bindings: Optional[str]) -> Tuple[Module, Api]:
    """Return the module, with its rows from outside, and the API description of its library."""
    api = apixml.read(xml, module.library)
    if bindings:
        rows = outside.rows(bindings, list(modules.ALL))
        module = outside.with_rows(module, rows.get(module.name, ()), api)
    return module, api


def _other(text: str, bindings: Optional[str]) -> plan.ModulePlan:
    """What MODULE=FILE names."""
    name, _, path = text.partition("=")
    return plan.plan_module(*_described(_module(name), path, bindings))


def _base(options: argparse.Namespace, api: Api) -> Optional[Api]:
    """Return the API description of the main library, which is read only if a constant refers to it."""
    if not options.base_xml or not constants.names_others(api):
        return None
    return apixml.read(options.base_xml, modules.LIBVIRT.library)


def emitters(whole: plan.ModulePlan, base: Optional[Api], others: List[plan.ModulePlan],
             fragments: str) -> Dict[str, Callable[[], str]]:
    """What writes each output of a module, by the end of its path."""
    name, extension = whole.module.name, whole.module.extension

    @lru_cache(maxsize=None)
    def types() -> str:
        """The module of types is its own stub."""
        return types_module.emit(whole, others)

    result: Dict[str, Callable[[], str]] = {
        f"{extension}.h": lambda: c_module.emit_header(whole),
        f"{name}.py": lambda: python_module.emit(whole, base, fragments),
        f"{name}-stubs/__init__.pyi": lambda: stubs.emit(whole, base, fragments),
        f"{name}_enums.py": lambda: enums_module.emit(whole, [item.api for item in others]),
        f"{name}_enums-stubs/__init__.pyi": lambda: enums_module.emit_stub(whole, [item.api for item in others]),
        f"{name}_types.py": types,
        f"{name}_types-stubs/__init__.pyi": types,
        f"coverage-{name}.txt": lambda: coverage_report.emit(whole),
        f"coverage-{name}.html": lambda: coverage_report.emit_html(whole),
    }
    for part in whole.module.parts:
        result[part.file(extension)] = partial(c_module.emit, whole, part)
    return result


def generate(options: argparse.Namespace) -> Dict[str, str]:
    """The texts of the outputs, by path."""
    module = outside.module(options.module_file) if options.module_file else _module(options.module)
    module, api = _described(module, options.xml, options.bindings)
    others = [_other(text, options.bindings) for text in options.other_xml]
    whole = plan.plan_module(module, api)
    checks.check(whole)
    known = emitters(whole, _base(options, api), others, options.fragments)
    chosen: Dict[str, str] = {}
    for path in options.outputs:
        names = [name for name in known if f"/{path}".endswith(f"/{name}")]
        if not names:
            raise GeneratorError(f"module {module.name} has no output of that name: one of {', '.join(known)}", path)
        chosen[path] = names[0]
    # One of the outputs tells, so that a build does so once.
    if f"{module.extension}.c" in chosen.values() and _warn(whole) and options.strict:
        raise GeneratorError("functions are left out, and --strict forbids that")
    return {path: known[name]() for path, name in chosen.items()}


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="generator", description="Write source files of the bindings.")
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--module", help=f"module that the output belongs to: one of {', '.join(modules.ALL)}")
    subject.add_argument("--module-file", metavar="FILE",
                         help="a module outside of this tree: a Python file that defines MODULE")
    parser.add_argument("--xml", required=True, metavar="FILE", help="API description of the module's library")
    parser.add_argument("--base-xml", metavar="FILE", help="that of the main library, whose constants others name")
    parser.add_argument("--other-xml", metavar="MODULE=FILE", action="append", default=[],
                        help="that of another module, whose enums and types come along")
    parser.add_argument("--bindings", metavar="FILE",
                        help="a Python file that defines ROWS, by module: rows of functions that only this libvirt has")
    parser.add_argument("--fragments", metavar="DIR", default="python/fragments",
                        help="hand-written Python, and its stubs (default: python/fragments)")
    parser.add_argument("--strict", action="store_true", help="fail when a function is left out")
    parser.add_argument("--stamp", metavar="FILE", help="made when all are written, as old as the oldest of them")
    parser.add_argument("outputs", nargs="+", metavar="OUTPUT", help="file to write; its name says what it is: "
                        "libvirtmod.h, libvirt.py, ...")
    options = parser.parse_args(argv)
    # Ended from outside, it tidies up as for any other exception.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        output.write(generate(options), options.stamp)
    except GeneratorError as error:
        print(f"generator: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
