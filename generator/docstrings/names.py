# SPDX-License-Identifier: LGPL-2.1-or-later
"""Replace the C names of functions, classes and enums in descriptions by their Python names."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import AbstractSet, Dict, Iterable, List, Mapping, Optional

from .. import enums, plan
from ..bindings import modules, texts
from ..model import Api
from ..plan import ModulePlan

# A C function, class or enum, or a pointer to a class.
_NAME = re.compile(r"(?<![\w.])(?:vir[A-Z]\w*|qemu[A-Z]\w*)(?:\(\))?")
_METHOD = re.compile(r"\b(vir\w+\.\w+)\(\)")
_CONSTANT = re.compile(r"\bVIR_[A-Z0-9_]+\b")


@dataclass(frozen=True)
class Names:
    """The Python names of C functions and enums, and the known constants."""

    functions: Mapping[str, str] = field(default_factory=dict)  # virDomainGetInfo -> virDomain.info
    enums: Mapping[str, str] = field(default_factory=dict)  # virDomainState -> libvirt_enums.DomainState
    constants: AbstractSet[str] = frozenset()  # those that this libvirt has; if empty, all are accepted

    def function(self, cname: str) -> Optional[str]:
        """Return the Python name of a C function, or None if it is not bound."""
        return texts.NAMES.get(cname) or self.functions.get(cname)

    def has_all(self, text: str) -> bool:
        """Return whether all constants and methods that a text names exist; "VIR_FOO_*" stands for several."""
        return not self.constants or (all(
            name in self.constants or (name.endswith("_") and any(item.startswith(name) for item in self.constants))
            for name in _CONSTANT.findall(text)) and set(_METHOD.findall(text)) <= self._methods)

    @cached_property
    def _methods(self) -> AbstractSet[str]:
        return {name.partition(".")[2] if name.startswith("libvirt.") else name
                for name in (*self.functions.values(), *texts.NAMES.values())}

    def mentioned(self, text: str) -> List[str]:
        """Return the C enums that a text names."""
        return [found for found in _NAME.findall(text) if found in self.enums]

    def replace(self, text: str) -> str:
        """Return the text with Python names."""
        return _NAME.sub(lambda found: self._named(found[0]), text)

    def _named(self, found: str) -> str:
        name = found[:-2] if found.endswith("()") else found
        function = self.function(name)
        if function is not None:
            return f"{function}()"
        if name in self.enums:
            return self.enums[name]
        return name[:-len("Ptr")] if name.endswith("Ptr") else found


def _functions(whole: ModulePlan, prefix: str) -> Dict[str, str]:
    """Map each bound C function to its Python name."""
    found = {item.function.name: f"{item.owner}.{item.name}" if item.owner else prefix + item.name
             for item in whole.plans}
    for family in whole.module.families:
        found[family.register] = f"{family.owner}.{family.name}EventRegisterAny"
        found[family.deregister] = f"{family.owner}.{family.name}EventDeregisterAny"
    return found


def _enums(apis: Iterable[Api]) -> Dict[str, str]:
    listed = list(apis)
    return {item.cname: f"libvirt_enums.{item.name}" for api in listed for item in enums.plan(api, *listed)}


def names_of(whole: ModulePlan, base: Optional[Api]) -> Names:
    """Return the names of a module, and those of the main module, which its descriptions may name.

    base: the API description of the main library, for a module over another library.
    """
    return names_beside(whole, plan.plan_module(modules.LIBVIRT, base) if base is not None else None)


def names_beside(whole: ModulePlan, main: Optional[ModulePlan]) -> Names:
    """Return the names of a module, and those of the main module, unless it is that module itself."""
    functions = _functions(main, "libvirt.") if main is not None else {}
    functions.update(_functions(whole, f"{whole.module.name}."))
    apis = [each.api for each in (main, whole) if each is not None]
    constants = {item.name for api in apis for item in api.enumerators}
    constants.update(item.name for api in apis for item in api.macros if item.string is not None)
    return Names(functions, _enums(apis), constants)
