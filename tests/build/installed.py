"""Files that make install puts below a DESTDIR.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
from pathlib import Path
from typing import List

from buildtree import BuildTree
from generator.bindings import modules

MODULES = sorted(module.extension for module in modules.ALL.values())


class Installed:
    """The files below a DESTDIR, with the paths that users will see."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = sorted("/" + str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())
        self.documentation = [name for name in self.files if "/share/doc/" in name]
        self.files = [name for name in self.files if name not in self.documentation]
        self.metadata = [name for name in self.files if ".dist-info/" in name]
        self.stubs = [name for name in self.files if name.endswith(".pyi")]
        self.directories = {os.path.dirname(name) for name in self.files
                            if "__pycache__" not in name and name not in self.metadata + self.stubs}
        self.modules = [name for name in self.files if ".so" in name]
        self.python = [name for name in self.files if name.endswith(".py")]
        self.bytecode = [name for name in self.files if "/__pycache__/" in name]

    def module_names(self) -> List[str]:
        return [os.path.basename(name).split(".")[0] for name in self.modules]

    def real(self, name: str) -> Path:
        return self.root / name.lstrip("/")


def install(tree: BuildTree, root: Path, *arguments: str) -> Installed:
    tree.make("-j4", "install", f"DESTDIR={root}", *arguments)
    return Installed(root)
