# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measure single calls. Arguments: MS URI HANDLER CALL...

A CALL is a Python expression with the names conn, dom, pool, name, uuid and number. Bindings that lack its method do
not measure it. "raises: CALL" must raise libvirtError, which is caught. HANDLER is the error handler: "none", as in a
program that registers none; or "quiet", a function that does nothing.
"""

import ast
import os
import sys
from typing import Any, Dict, Sequence, Tuple

import libvirt

import timing

RAISES = "raises: "


class Empty:
    """Methods that do nothing."""

    def nothing0(self) -> None:
        pass

    def nothing1(self, one: object) -> None:
        pass

    def nothing2(self, one: object, two: object) -> None:
        pass


class Call:
    """A call, and the same call of an empty method."""

    def __init__(self, name: str, names: Dict[str, Any]):
        self.name = name
        self.raises = name.startswith(RAISES)
        text = name[len(RAISES):] if self.raises else name
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call), name
        empty = f"empty.nothing{len(call.args)}({', '.join(ast.unparse(arg) for arg in call.args)})"
        self.loop = timing.loop_of(f"try:\n    {text}\nexcept Error:\n    pass" if self.raises else text, names)
        self.empty = timing.loop_of(empty, names)
        self.check(text, names)

    def check(self, text: str, names: Dict[str, Any]) -> None:
        """Exit with a message unless the call fails exactly if it should."""
        try:
            eval(text, names)
            raised = False
        except libvirt.libvirtError:
            raised = True
        if raised != self.raises:
            sys.exit(f"{self.name}: {'failed' if raised else 'did not fail'}")

    def measure(self, ms: float) -> Tuple[str, float, float]:
        # Only other load on the machine makes an empty method slower, so its shortest time is the right one.
        return self.name, timing.per_call(self.loop, ms), timing.per_call(self.empty, ms / 2, choose=min)


def prepare(uri: str, pool: bool) -> Dict[str, Any]:
    """Return the names that calls use."""
    conn = libvirt.open(uri)
    dom = conn.listAllDomains()[0]
    names = {"conn": conn, "dom": dom, "name": dom.name(), "uuid": dom.UUIDString(), "number": dom.ID(),
             "empty": Empty(), "Error": libvirt.libvirtError}
    if pool and hasattr(conn, "storagePoolLookupByName"):
        names["pool"] = conn.storagePoolLookupByName("default-pool")
    return names


def known(text: str, names: Dict[str, Any]) -> bool:
    """Return whether the object of a call has its method."""
    call = ast.parse(text[len(RAISES):] if text.startswith(RAISES) else text, mode="eval").body
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute), text
    return hasattr(names.get(ast.unparse(call.func.value)), call.func.attr)


def handle_errors(handler: str, texts: Sequence[str]) -> None:
    if handler == "quiet":
        libvirt.registerErrorHandler(lambda context, error: None, None)
    elif any(text.startswith(RAISES) for text in texts):
        # Bindings may print each error. How long that takes must not depend on what stderr is.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def main(ms: str, uri: str, handler: str, *texts: str) -> None:
    handle_errors(handler, texts)
    names = prepare(uri, any("pool." in text for text in texts))
    calls = [Call(text, names) for text in texts if known(text, names)]
    timing.serve(lambda: (call.measure(float(ms)) for call in calls))


if __name__ == "__main__":
    main(*sys.argv[1:])
