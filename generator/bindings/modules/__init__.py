# SPDX-License-Identifier: LGPL-2.1-or-later
"""The modules: each is one file here, which defines MODULE.

NAME.py describes the module libvirt_NAME over the library libvirt-NAME, and
libvirt.py the main module.  configure, make, install, the tests and the site
all find the files here, so that no list has to name a new module.
"""

import importlib
import pkgutil
from typing import Dict

from ..schema import Module


def _found() -> Dict[str, Module]:
    """Return the modules by their names, libvirt first."""
    names = sorted((item.name for item in pkgutil.iter_modules(__path__)), key=lambda name: (name != "libvirt", name))
    modules = [importlib.import_module(f".{name}", __name__).MODULE for name in names]
    return {module.name: module for module in modules}


ALL = _found()
LIBVIRT = ALL["libvirt"]
