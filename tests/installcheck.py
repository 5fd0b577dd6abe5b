"""Check an installation. Arguments: its directory, its version, and the names of all its modules.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import importlib
import importlib.metadata
import os
import sys
from typing import Optional


def main(directory: str, version: str, *names: str) -> Optional[str]:
    for name in names:
        place = str(importlib.import_module(name).__file__)
        if not os.path.samefile(os.path.dirname(place), directory):
            return f"{name} comes from {place}, not from this installation"
        if place.endswith(".py") and not os.path.exists(os.path.join(directory, f"{name}-stubs", "__init__.pyi")):
            return f"{name} has no stub"
    # Look only in this directory: another installation may have the same version.
    known = [item.version for item in importlib.metadata.distributions(name="libvirt-python", path=[directory])]
    if known != [version]:
        return f"the metadata say version {known}, not {version}"
    domains = sys.modules["libvirt"].open("test:///default").listAllDomains()
    return None if [domain.name() for domain in domains] == ["test"] else f"the test driver has {domains}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
