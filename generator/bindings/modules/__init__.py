# SPDX-License-Identifier: LGPL-2.1-or-later
"""The modules, one file each, which calls by the name MODULE what a module is made from.

NAME.py is the module libvirt_NAME over the library libvirt-NAME.  configure,
make, install, tests and the site find it here: no other list names it.
"""

import importlib
import pkgutil
from typing import Dict

from ..schema import Module


def _found() -> Dict[str, Module]:
    """The modules by their names, libvirt first."""
    names = sorted((item.name for item in pkgutil.iter_modules(__path__)), key=lambda name: (name != "libvirt", name))
    modules = [importlib.import_module(f".{name}", __name__).MODULE for name in names]
    return {module.name: module for module in modules}


ALL = _found()
LIBVIRT = ALL["libvirt"]
