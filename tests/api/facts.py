# SPDX-License-Identifier: LGPL-2.1-or-later
"""Facts about a set of bindings: names, signatures, values, base classes. Also compares two sets of facts.

    python3 tests/api/facts.py > FILE    describes the bindings that this interpreter imports

Each JSON file in this directory is named after the libvirt whose reference
bindings it describes, and contains only what is new since the previous file.
The facts are kept in these sections:

    constants   name -> value, including class attributes
    classes     name -> names of the base classes
    callables   name -> signature without annotations
    names       names that must exist: C functions, type aliases, our own modules as attributes
    needs       name -> symbol of libvirt's API description without which the name does not exist
"""

import importlib
import inspect
import json
import os
import sys
import types
import typing
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Set, Tuple

MODULES = ("libvirt", "libvirt_qemu", "libvirt_lxc", "libvirtaio")
EXTENSIONS = ("libvirtmod", "libvirtmod_qemu", "libvirtmod_lxc")
HERE = Path(__file__).resolve().parent

Version = Tuple[int, ...]
Facts = Dict[str, Any]  # by section; "names" is a list when collected, and a set when read

# Names that Python itself adds to modules and classes, and names of authors. Destructors are left to the C layer.
_PYTHONS_OWN = frozenset((
    "__annotate__", "__annotate_func__", "__annotations__", "__annotations_cache__", "__author__", "__builtins__",
    "__cached__", "__conditional_annotations__", "__del__", "__dict__", "__doc__", "__file__", "__firstlineno__",
    "__license__", "__loader__", "__module__", "__name__", "__package__", "__path__", "__qualname__", "__spec__",
    "__static_attributes__", "__weakref__"))


def signature(function: Callable[..., object]) -> str:
    """Return the signature as text, without annotations."""
    found = inspect.signature(function)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in found.parameters.values()]
    text = str(found.replace(parameters=bare, return_annotation=inspect.Signature.empty))
    return "async " + text if inspect.iscoroutinefunction(function) else text


def _is_value(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_value, value))
    return value is None or isinstance(value, (bool, int, float, str))


def _is_alias(value: object) -> bool:
    return isinstance(value, typing.TypeVar) or bool(typing.get_origin(value) and typing.get_args(value))


def _describe_class(name: str, found: type, facts: Facts) -> None:
    facts["classes"][name] = [base.__name__ for base in found.__bases__]
    for key, value in vars(found).items():
        inner = f"{name}.{key}"
        if key in _PYTHONS_OWN:
            continue
        if isinstance(value, (staticmethod, classmethod)):
            facts["callables"][inner] = f"{type(value).__name__} {signature(value.__func__)}"
        elif isinstance(value, property):
            facts["callables"][inner] = "property"
        elif inspect.isfunction(value):
            facts["callables"][inner] = signature(value)
        elif _is_value(value):
            facts["constants"][inner] = value
        else:
            facts["names"].append(inner)


def _describe_module(module: types.ModuleType, facts: Facts) -> None:
    for key in sorted(set(vars(module)) | set(dir(module))):  # dir() includes names that are loaded lazily
        value, name = getattr(module, key), f"{module.__name__}.{key}"
        ours = getattr(value, "__module__", None) == module.__name__
        if key in _PYTHONS_OWN:
            continue
        if _is_value(value):
            facts["constants"][name] = value
        elif inspect.isclass(value) and ours:
            _describe_class(name, value, facts)
        elif inspect.isfunction(value) and ours:
            facts["callables"][name] = signature(value)
        elif _is_alias(value) or isinstance(value, types.ModuleType) and value.__name__ in MODULES + EXTENSIONS:
            facts["names"].append(name)


def _import_together(names: Iterable[str]) -> List[types.ModuleType]:
    """Import the modules that are installed together with the first one, and no other bindings."""
    found: List[types.ModuleType] = []
    homes: Set[Path] = set()
    for name in names:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        assert module.__file__ is not None
        home = Path(module.__file__).resolve().parent
        if not found:
            given = {Path(entry).resolve() for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry}
            homes = given if home in given else {home}
        if home in homes:
            found.append(module)
    return found


def collect() -> Facts:
    """Return the facts about the bindings that can be imported; "modules" lists the modules found."""
    facts: Facts = {"constants": {}, "classes": {}, "callables": {}, "names": [], "modules": []}
    modules, extensions = _import_together(MODULES), _import_together(EXTENSIONS)
    for module in modules:
        _describe_module(module, facts)
    for module in extensions:
        facts["names"] += [f"{module.__name__}.{key}" for key in dir(module)
                           if callable(getattr(module, key)) and not key.startswith("__")]
    facts["modules"] = sorted(module.__name__ for module in (*modules, *extensions))
    facts["names"].sort()
    return facts


def versions() -> List[Version]:
    """Return the versions for which there are facts, oldest first."""
    return sorted(tuple(map(int, path.stem.split("."))) for path in HERE.glob("*.*.*.json"))


def read(version: Version) -> Facts:
    """Return the facts about one version, which are in its file and in those of earlier versions."""
    facts: Facts = {"constants": {}, "classes": {}, "callables": {}, "names": set(), "needs": {}}
    for each in versions():
        if each <= version:
            path = HERE / (".".join(map(str, each)) + ".json")
            for section, found in json.loads(path.read_text(encoding="utf-8")).items():
                facts[section].update(found)
    return facts


def all_names(facts: Facts) -> Set[str]:
    """Return every name that the facts mention."""
    return {*facts["constants"], *facts["classes"], *facts["callables"], *facts["names"]}


def lacking(reference: Facts, ours: Facts) -> List[str]:
    """Return the names of the reference that ours does not have."""
    return sorted(all_names(reference) - all_names(ours))


def differing(reference: Facts, ours: Facts, section: str) -> Dict[str, Tuple[object, object]]:
    """For each name in a section of both, return both facts if they differ."""
    found = {}
    for name, fact in reference[section].items():
        there = ours[section].get(name, "of another kind") if name in all_names(ours) else fact
        if there != fact or type(there) is not type(fact):
            found[name] = (fact, there)
    return found


if __name__ == "__main__":
    json.dump(collect(), sys.stdout, indent=0, sort_keys=True)
    print()
