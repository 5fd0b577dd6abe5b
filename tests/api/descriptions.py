# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the API descriptions are: that of the libvirt which is built against, and others to try the generator on.

Others are given by the environment, as directories with libvirt-api.xml and
its siblings, each behind the version that it describes:

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
    """What the Makefile of the build that is tested says."""
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
    """Module -> API description, of the libvirt that is built against; modules that have none are left out."""
    found = {module: _built_from(make) or _installed(package, variable)
             for module, (_, package, variable, make) in _WHERE.items()}
    return {module: path for module, path in found.items() if path and os.path.exists(path)}


def others() -> Dict[str, Dict[str, str]]:
    """Version -> module -> API description, of what the environment gives."""
    found: Dict[str, Dict[str, str]] = {}
    for item in filter(None, os.environ.get("LIBVIRT_PYTHON_OTHER_APIS", "").split(":")):
        version, _, directory = item.partition("=")
        paths = {module: os.path.join(directory, file) for module, (file, *_) in _WHERE.items()}
        found[version] = {module: path for module, path in paths.items() if os.path.exists(path)}
    return found


def symbols(paths: Iterable[str]) -> Set[str]:
    """All that some API descriptions name."""
    return {name for path in paths for name in re.findall(r"\bname=['\"](\w+)['\"]", Path(path).read_text("utf-8"))}
