# SPDX-License-Identifier: LGPL-2.1-or-later
"""Find API descriptions: those of the libvirt that the build uses, and others to test the generator with.

The environment can name others, as directories with libvirt-api.xml and its
siblings, each preceded by the version that it describes:

    LIBVIRT_PYTHON_OTHER_APIS=11.3.0=DIRECTORY:12.8.0=DIRECTORY
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Dict, Iterable, Optional, Set

# The generator itself is not imported: programs of tests find tests/generator under that name.
_MODULES = Path(__file__).resolve().parent.parent.parent / "generator" / "bindings" / "modules"
_NAMES = ["libvirt", *(f"libvirt_{path.stem}" for path in sorted(_MODULES.glob("[a-z]*.py")) if path.stem != "libvirt")]
# Module -> file, pkg-config package, pkg-config variable, variable of our Makefile.
_WHERE = {name: (f"{name.replace('_', '-')}-api.xml", name.replace("_", "-"), f"{name}_api", f"{name.upper()}_API_XML")
          for name in _NAMES}


def _built_from(variable: str) -> Optional[str]:
    """Return the value of a variable in the Makefile of the build under test."""
    directory = os.environ.get("abs_top_builddir")
    if directory is None:
        return None
    found = re.search(rf"^{variable} = (.+)$", (Path(directory) / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1).strip() if found else None


def _installed(package: str, variable: str) -> Optional[str]:
    try:
        done = subprocess.run(["pkg-config", f"--variable={variable}", package], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
    except OSError:
        return None
    return done.stdout.strip()


def here() -> Dict[str, str]:
    """Return module -> API description for the libvirt that the build uses, without modules that have none."""
    found = {module: _built_from(make) or _installed(package, variable)
             for module, (_, package, variable, make) in _WHERE.items()}
    return {module: path for module, path in found.items() if path and os.path.exists(path)}


def others() -> Dict[str, Dict[str, str]]:
    """Return version -> module -> API description, as named by the environment."""
    found: Dict[str, Dict[str, str]] = {}
    for item in filter(None, os.environ.get("LIBVIRT_PYTHON_OTHER_APIS", "").split(":")):
        version, _, directory = item.partition("=")
        paths = {module: os.path.join(directory, file) for module, (file, *_) in _WHERE.items()}
        found[version] = {module: path for module, path in paths.items() if os.path.exists(path)}
    return found


def symbols(paths: Iterable[str]) -> Set[str]:
    """Return all names in the given API descriptions."""
    return {name for path in paths for name in re.findall(r"\bname=['\"](\w+)['\"]", Path(path).read_text("utf-8"))}
