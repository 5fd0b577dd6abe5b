# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads libvirt's API description (libvirt-api.xml and its siblings)."""

from typing import Dict, List, Optional
from xml.parsers import expat

from .errors import GeneratorError
from .model import Api, Argument, Enumerator, Function, Macro, Struct


def c_type(text: str) -> str:
    """The C type in its one normal spelling: "const char *" for "const char*"."""
    words = text.replace("*", " * ").split()
    out = ""
    for word in words:
        out += "*" if word == "*" and out.endswith("*") else (" " if out else "") + word
    return out


class _Reader:
    """Expat handlers.  ElementTree is of no use here, because it does not know the line of an element."""

    def __init__(self, path: str, library: str):
        self.api = Api(path)
        self.library = library
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.depth = 0
        self.in_symbols = False
        self.current: Optional[Dict[str, str]] = None
        self.args: List[Argument] = []
        self.returns = ("void", "")
        self.info = ""
        self.in_info = False
        self.element = ""  # name of the element of the current symbol
        self.unions = 0  # how many unions the current position is inside of

    def fault(self, what: str) -> GeneratorError:
        """The exception for an error at the current line."""
        return GeneratorError(what, self.api.path, self.parser.CurrentLineNumber)

    def need(self, attrs: Dict[str, str], element: str, key: str) -> str:
        """The value of an attribute that the element must have."""
        try:
            return attrs[key]
        except KeyError:
            name = attrs.get("name")
            of = f" of '{name}'" if name else ""
            raise self.fault(f"<{element}>{of} has no attribute '{key}'") from None

    def start(self, element: str, attrs: Dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            if element != "api":
                raise self.fault(f"not an API description of libvirt: the root element is <{element}>, not <api>")
            name = self.need(attrs, element, "name")
            if name != self.library:
                raise self.fault(f"this is the API description of '{name}', not of '{self.library}'")
        elif self.depth == 2:
            self.in_symbols = element == "symbols"
        elif self.in_symbols:
            self.symbol(element, attrs)

    def symbol(self, element: str, attrs: Dict[str, str]) -> None:
        if self.depth == 3:
            self.need(attrs, element, "name")
            self.element = element
            self.current = attrs
            self.current["line"] = str(self.parser.CurrentLineNumber)
            self.args, self.returns, self.info, self.unions = [], ("void", ""), "", 0
        elif element == "info":
            self.in_info = True
        elif element == "return":
            self.returns = (c_type(self.need(attrs, element, "type")), attrs.get("info", ""))
        elif element == "union":
            self.unions += 1
        elif element in ("arg", "field") and not self.unions:
            # The arguments of macros have no type.
            ctype = c_type(attrs.get("type", "") if self.element == "macro" else self.need(attrs, element, "type"))
            self.args.append(Argument(self.need(attrs, element, "name"), ctype, attrs.get("info", "")))

    def text(self, data: str) -> None:
        if self.in_info:
            self.info += data

    def end(self, element: str) -> None:
        self.depth -= 1
        if element == "info":
            self.in_info = False
        elif element == "union":
            self.unions -= 1
        elif self.depth == 2 and self.in_symbols and self.current is not None:
            self.finish(element, self.current)
            self.current = None

    def finish(self, element: str, attrs: Dict[str, str]) -> None:
        name, file, line = attrs["name"], attrs.get("file", ""), int(attrs["line"])
        if element in ("function", "functype"):
            where = self.api.functions if element == "function" else self.api.callbacks
            if name in where:
                raise self.fault(f"'{name}' is described twice")
            where[name] = Function(name, file, attrs.get("module", file), attrs.get("version", ""),
                                   self.returns[0], self.returns[1], tuple(self.args), self.info.strip(), line)
        elif element == "struct":
            self.api.structs[name] = Struct(name, tuple(self.args), line)
        elif element == "typedef":
            self.api.typedefs[name] = c_type(attrs.get("type", ""))
        elif element == "enum":
            self.api.enumerators.append(Enumerator(name, self.need(attrs, element, "value"),
                                                   attrs.get("type", ""), file, attrs.get("info", ""), line))
        elif element == "macro":
            self.api.macros.append(Macro(name, attrs.get("string"), file, self.info.strip(), line))


def read(path: str, library: str) -> Api:
    """Read the API description of a library; raise GeneratorError if the file describes another library."""
    reader = _Reader(path, library)
    try:
        with open(path, "rb") as file:
            reader.parser.ParseFile(file)
    except OSError as error:
        raise GeneratorError(f"cannot be read: {error.strerror}", path) from None
    except expat.ExpatError as error:
        raise GeneratorError(f"malformed XML: {expat.ErrorString(error.code)}", path, error.lineno) from None
    return reader.api
