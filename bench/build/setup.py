"""The same sources built as extension modules have long been: each module lists the shared sources as its own.

SPDX-License-Identifier: LGPL-2.1-or-later

Run by bench/build/run in a directory with the sources, of which plan.json says what becomes of them.
"""

import json
import os
import shlex
import subprocess
import sys
from typing import List

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

with open("plan.json", encoding="utf-8") as file:
    PLAN = json.load(file)


def pkg_config(*arguments: str) -> List[str]:
    return shlex.split(subprocess.run(
        ["pkg-config", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout)


class Build(build_ext):  # type: ignore[misc]  # setuptools has no types here
    """It generates first."""

    def run(self) -> None:
        for arguments in PLAN["generate"]:
            subprocess.run([sys.executable, "-s", "-m", "generator", *arguments], check=True,
                           env={**os.environ, "PYTHONPATH": os.getcwd(), "PYTHONDONTWRITEBYTECODE": ""})
        super().run()


setup(
    name="bench-build",
    version="0",
    packages=[],
    cmdclass={"build_ext": Build},
    package_dir={"": "python"},
    py_modules=sorted(file[:-3] for file in os.listdir("python") if file.endswith(".py")),
    ext_modules=[
        Extension(
            name, module["sources"], include_dirs=["src", "."], extra_compile_args=pkg_config("--cflags", module["pc"]),
            extra_link_args=pkg_config("--libs", module["pc"]))
        for name, module in PLAN["modules"].items()],
)
