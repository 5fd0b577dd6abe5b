# SPDX-License-Identifier: LGPL-2.1-or-later
"""Attributes that are created at their first access: typing aliases for annotations, and the module of enums.

Importing typing or enum would take longer than the rest of the module.
"""

_ALIASES = (
    "_T", "_EventCB", "_EventAddHandleFunc", "_EventUpdateHandleFunc", "_EventRemoveHandleFunc", "_TimerCB",
    "_EventAddTimeoutFunc", "_EventUpdateTimeoutFunc", "_EventRemoveTimeoutFunc", "_DomainCB", "_BlkioParameter",
    "_MemoryParameter", "_SchedParameter", "_TypedParameter", "_RawError",
)


def _make_aliases():
    from typing import Any, Callable, Dict, Optional, Tuple, TypeVar

    T = TypeVar("_T")
    event_cb = Callable[[int, int, int, T], None]
    timer_cb = Callable[[int, T], None]
    made = {
        "_T": T,
        "_EventCB": event_cb,
        "_EventAddHandleFunc": Callable[[int, int, event_cb, T], int],
        "_EventUpdateHandleFunc": Callable[[int, int], None],
        "_EventRemoveHandleFunc": Callable[[int], int],
        "_TimerCB": timer_cb,
        "_EventAddTimeoutFunc": Callable[[int, timer_cb, T], int],
        "_EventUpdateTimeoutFunc": Callable[[int, int], None],
        "_EventRemoveTimeoutFunc": Callable[[int], int],
        "_DomainCB": Callable[["virConnect", "virDomain", int, int, T], Optional[int]],
        "_RawError": Tuple[int, int, str, int, str, Optional[str], Optional[str], int, int],
    }
    for kind in ("Blkio", "Memory", "Sched", "Typed"):
        made[f"_{kind}Parameter"] = Dict[str, Any]
    globals().update(made)


def __getattr__(name):
    if name == "enums":
        import libvirt_enums
        globals()[name] = libvirt_enums
    elif name in _ALIASES:
        _make_aliases()
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals()[name]


def __dir__():
    return sorted({*globals(), *_ALIASES, "enums"})
