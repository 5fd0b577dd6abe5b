# SPDX-License-Identifier: LGPL-2.1-or-later
"""The identity of the project, from pyproject.toml, and the files that are made from it.

    project.py metadata              print METADATA, which pip and importlib.metadata read
    project.py recipes DIRECTORY     write the recipes of distributions, filled in
    project.py value NAME            print one value, for example source-name

Python 3.9 has no parser for TOML, so this module reads what pyproject.toml needs: tables, strings without escapes, and
lists of such strings.
"""

import argparse
import ast
import datetime
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Dict, List, Union

TOP = Path(__file__).resolve().parent.parent
RECIPES = ("alpine", "arch", "debian", "gentoo", "nix", "rpm", "yocto")

Table = Dict[str, Union[str, List[str]]]


def tables(text: str) -> Dict[str, Table]:
    """Return the tables of a TOML document by their names. A table in double brackets may occur only once."""
    result: Dict[str, Table] = {}
    for name, double, key, value in re.findall(
            r'^(?:\[([\w.-]+)\]|\[\[([\w.-]+)\]\]|([\w-]+) = ("[^"\\]*"|\[[^]\\]*\]))$', text, re.M):
        if key:
            result[list(result)[-1]][key] = ast.literal_eval(value)
        else:
            result[name or double] = {}
    return result


def _text(name: str) -> str:
    return (TOP / name).read_text(encoding="utf-8")


class Project:
    """The values of pyproject.toml, and what follows from them."""

    def __init__(self) -> None:
        found = tables(_text("pyproject.toml"))
        self.table = found["project"]
        self.urls = {name: str(value) for name, value in found["project.urls"].items()}
        self.values = {name: str(value) for name, value in found["tool.libvirt-python-autotools"].items()}
        maintainer = found["project.maintainers"]
        self.values.update({name.lower(): value for name, value in self.urls.items()})
        self.values.update({
            "name": str(self.table["name"]),
            "version": self.version,
            "description": str(self.table["description"]),
            "license": str(self.table["license"]),
            "maintainer-name": str(maintainer["name"]),
            "maintainer-email": str(maintainer["email"]),
            "maintainer": f"{maintainer['name']} <{maintainer['email']}>",
        })

    @property
    def version(self) -> str:
        return str(self.table["version"])

    @property
    def level(self) -> str:
        """The version of the libvirt API that the bindings were verified with."""
        return self.version.rpartition(".")[0]

    @property
    def distinfo(self) -> str:
        """The name of the directory of the metadata."""
        return f"{str(self.table['name']).replace('-', '_')}-{self.version}.dist-info"

    def fill(self, text: str) -> str:
        """Replace @name@ by the value of that name, wherever there is one."""
        return re.sub(r"@([a-z][a-z-]*)@", lambda match: self.values.get(match[1], match[0]), text)

    def readme(self) -> str:
        """Return README.md with absolute links, since Python's tools show it without the files beside it."""
        files = self.fill(self.values["files"])
        return re.sub(r"\]\((?!https?:|#)", f"]({files}/", _text("README.md"))

    def metadata(self) -> str:
        table = self.table
        lines = [
            "Metadata-Version: 2.4",
            f"Name: {table['name']}",
            f"Version: {table['version']}",
            f"Summary: {table['description']}",
            f"Maintainer-email: {self.values['maintainer']}",
            f"License-Expression: {table['license']}",
            *(f"License-File: {name}" for name in table["license-files"]),
            f"Keywords: {','.join(table['keywords'])}",
            *(f"Project-URL: {name}, {url}" for name, url in self.urls.items()),
            *(f"Classifier: {name}" for name in table["classifiers"]),
            f"Requires-Python: {table['requires-python']}",
            "Description-Content-Type: text/markdown",
        ]
        return "\n".join(lines) + "\n\n" + self.readme()

    def recipes(self, directory: Path) -> None:
        """Write the recipes. The name of an ebuild or of a recipe of BitBake contains the version."""
        date = release_date()
        self.values.update({
            "date": date.strftime("%Y-%m-%d"),
            "debian-date": date.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "rpm-date": date.strftime("%a %b %d %Y"),
            "imports": "\n    ".join(f'"{name}"' for name in installed_names()),
        })
        for recipe in RECIPES:
            for path in sorted((TOP / "packaging" / recipe).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    self._recipe(path, directory / path.parent.relative_to(TOP / "packaging"))

    def _recipe(self, path: Path, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".in":
            shutil.copy(path, directory)
            return
        name = {".ebuild": f"-{self.version}.ebuild", ".bb": f"_{self.version}.bb"}
        stem, suffix = os.path.splitext(path.name[:-len(".in")])
        written = directory / (stem + name.get(suffix, suffix))
        written.write_text(self.fill(path.read_text(encoding="utf-8")), encoding="utf-8")
        shutil.copymode(path, written)


def installed_names() -> List[str]:
    """Return the names of the installed Python files without suffix, as the lists of Makefile.am have them."""
    listed = re.search(r"^pyexec_DATA \+= \\\n(.*?)\$\(NULL\)", _text("python/local.mk"), re.M | re.S)
    assert listed is not None
    modules = [path.stem for path in (TOP / "generator" / "bindings" / "modules").glob("[a-z]*.py")]
    names = re.findall(r"%D%/(\w+)\.py", listed[1])
    return sorted({*names, *(f"libvirt_{name}" for name in modules if name != "libvirt")})


def release_date() -> datetime.datetime:
    """Return the date in the first heading of NEWS.md, or before a release that of the sources."""
    heading = re.search(r"^## \S+ \((\d+-\d+-\d+)\)$", _text("NEWS.md").partition("\n- ")[0], re.M)
    if heading is not None:
        return datetime.datetime.strptime(heading[1], "%Y-%m-%d")
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or datetime.datetime.now().timestamp()
    return datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("metadata", help="print METADATA")
    commands.add_parser("recipes", help="write the recipes").add_argument("directory", type=Path)
    commands.add_parser("value", help="print one value").add_argument("name")
    given = parser.parse_args()
    project = Project()
    if given.command == "metadata":
        sys.stdout.write(project.metadata())
    elif given.command == "recipes":
        project.recipes(given.directory)
    else:
        print(project.values[given.name])


if __name__ == "__main__":
    main()
