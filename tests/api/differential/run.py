# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run a file of calls with whichever bindings are installed, and print the outcome of each as a line of JSON.

    python3 run.py FILE

Each line of the file is an expression, or NAME = EXPRESSION; "#" starts a
comment. conn is a connection to the test driver with its default host.
"""

import json
import sys
from typing import Any, Dict, Iterable, List

import libvirt


def but(value: Any, *places: Any) -> Any:
    """Return the value with the items at these places replaced by their types, because they change between calls."""
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    for place in places:
        changed[place] = type(changed[place]).__name__
    return type(value)(changed) if isinstance(value, tuple) else changed


def types(value: object) -> object:
    """Return the value with all numbers and texts replaced by their types."""
    if isinstance(value, dict):
        return {key: types(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(types(item) for item in value)
    return type(value).__name__


def lines_without(text: str, *words: str) -> List[str]:
    """Return the lines of a text that contain none of the words."""
    return [line for line in text.splitlines() if not any(word in line for word in words)]


def names(objects: Iterable[object]) -> List[str]:
    """Return a description of a list that does not depend on the order of its items."""
    return sorted(json.dumps(encoded(each)) for each in objects)


def _name(value: object) -> object:
    for getter in ("name", "getName", "UUIDString", "getURI"):
        if hasattr(value, getter):
            return getattr(value, getter)()
    return ""


def encoded(value: object) -> object:
    """Return a value as JSON in which tuples and lists differ."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, tuple):
        return {"tuple": [encoded(item) for item in value]}
    if isinstance(value, list):
        return [encoded(item) for item in value]
    if isinstance(value, dict):
        return {"dict": sorted(([encoded(key), encoded(item)] for key, item in value.items()), key=json.dumps)}
    if type(value).__module__ == "libvirt":
        return {"object": type(value).__name__, "name": _name(value)}
    return {"type": type(value).__name__}


def outcome(line: str, namespace: Dict[str, Any]) -> Dict[str, object]:
    """Return the result of a line, or its exception."""
    name, _, expression = line.partition(" = ") if line.split(" = ")[0].isidentifier() else ("_", "", line)
    try:
        namespace[name] = eval(expression, namespace)
        return {"gives": encoded(namespace[name])}
    except libvirt.libvirtError as error:
        return {"raises": [each.__name__ for each in type(error).__mro__], "code": error.get_error_code(),
                "domain": error.get_error_domain(), "text": str(error)}
    except Exception as error:
        return {"raises": [each.__name__ for each in type(error).__mro__]}


def calls(path: str) -> List[str]:
    """Return the lines of a file, without comments."""
    with open(path, encoding="utf-8") as file:
        stripped = [line.strip() for line in file]
    return [line for line in stripped if line and not line.startswith("#")]


def emit(found: object) -> None:
    """Print one line at once, so that the lines before a crash are not lost."""
    print(json.dumps(found), flush=True)


def main(path: str) -> None:
    libvirt.registerErrorHandler(lambda context, error: None, None)
    namespace = {"libvirt": libvirt, "conn": libvirt.open("test:///default"), "but": but, "types": types,
                 "names": names, "lines_without": lines_without}
    emit({"file": libvirt.__file__, "ours": bool(libvirt.libvirtmod.virConnectOpen.__text_signature__)})
    for line in calls(path):
        emit([line])
        emit(outcome(line, namespace))
    emit("the end")


if __name__ == "__main__":
    main(sys.argv[1])
