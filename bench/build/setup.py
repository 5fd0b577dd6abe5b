"""The same C sources built as extension modules have long been: each module lists the shared sources as its own.

SPDX-License-Identifier: LGPL-2.1-or-later

Run by bench/build/run in a directory with the sources and modules.json, which names them.
"""

import json
import os
import shlex
import subprocess
from typing import List

from setuptools import Extension, setup

with open("modules.json", encoding="utf-8") as file:
    MODULES = json.load(file)


def pkg_config(*arguments: str) -> List[str]:
    return shlex.split(subprocess.run(
        ["pkg-config", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout)


setup(
    name="bench-build",
    version="0",
    packages=[],
    py_modules=sorted(file[:-3] for file in os.listdir() if file.startswith("libvirt") and file.endswith(".py")),
    ext_modules=[
        Extension(
            name, module["sources"], include_dirs=["src", "."], extra_compile_args=pkg_config("--cflags", module["pc"]),
            extra_link_args=pkg_config("--libs", module["pc"]))
        for name, module in MODULES.items()],
)
