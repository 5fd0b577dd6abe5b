# SPDX-License-Identifier: LGPL-2.1-or-later
"""The process that makes the calls. It records each call for its parent before making it, and reports wrong calls.

Standard input: a JSON object, see Work. Standard output: a line of JSON for each finished function.
"""

import array
import ctypes
import faulthandler
import gc
import json
import mmap
import os
import re
import resource
import struct
import sys
import traceback
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple

import libvirt

from fake import modules

from . import hostile, mutation, targets

# Exceptions that any function may raise.
ALLOWED = (TypeError, ValueError, OverflowError, MemoryError, LookupError, BufferError, libvirt.libvirtError,
           hostile.Oops, hostile.OopsBase)
# Exceptions that some functions may raise, too: the names of the functions, the class, and a part of the message.
MAY_RAISE = (
    # A descriptor in the fake's answer may not be open.
    (r".*MonitorCommandWithFiles", OSError, ""),
    (r"libvirt\.virStream\.\w+All", RuntimeError, "handler returned"),
    # An object that is not libvirt's has no handle.
    (r"libvirt(_qemu|_lxc|_admin)?\..*", AttributeError, "has no attribute"),
    (r"libvirt\.virConnect\.(getAllDomainStats|domainListGetStats)", Exception,  # the fake returns None for a domain
     "Expected a wrapped C Object but got <class 'NoneType'>"),
    (r"libvirt(_admin)?\.(_vir\w+|\w+\.__init__)", Exception, "Expected a wrapped C Object but got "),
)
# The limit of memory, so that a call does not exhaust that of the machine. Not used under a checker.
MEMORY = 3 << 30
LEARNING = 2 ** 40  # in place of the number of a call: a good call that does not count
BROKEN = 9  # the exit status of a worker that itself failed
AGAIN = 8  # after so many calls a good call must do what it did before

_KIND = re.compile(rf"\b({'|'.join(mutation.KINDS)})\b")
_PROCESS = ctypes.CDLL(None)
_CAPSULE_NAME = ctypes.pythonapi.PyCapsule_GetName
_CAPSULE_NAME.restype, _CAPSULE_NAME.argtypes = ctypes.c_char_p, [ctypes.py_object]


class Work(NamedTuple):
    seed: int
    calls: int  # of each function
    world: str
    corpus: targets.Corpus
    functions: List[str]
    start: int  # the number of the first call of the first function
    only: Optional[int]  # of the calls
    journal: str  # a file


class Journal:
    """The current function, call and number of calls, in shared memory, which survives the death of this process."""

    FORMAT = "QQQ"

    def __init__(self, path: str):
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), struct.calcsize(self.FORMAT))

    def write(self, function: int, number: int, done: int) -> None:
        struct.pack_into(self.FORMAT, self.memory, 0, function, number, done)

    def read(self) -> Tuple[int, int, int]:
        function, number, done = struct.unpack_from(self.FORMAT, self.memory)
        return function, number, done


def _attributes(thing: object) -> Dict[str, int]:
    """Return the identities of the attributes of an object, without using them: they may be hostile by now."""
    return {name: id(value) for name, value in vars(thing).items()}


# --- the objects of calls ----------------------------------------------------------

class Names(dict[str, Any]):
    """The names that calls can use. Objects of libvirt are created on first use, and again if a call used them up."""

    def __init__(self, world: str):
        super().__init__(vars(hostile))
        self.update((module.__name__, module) for module in (*modules.EXTENSIONS, *modules.PYTHON))
        self.update(array=array.array, fire=_fire if world == "events" else _nothing, pipe=os.pipe()[0],
                    monitored=self.monitored, registered_of_old=self.registered_of_old, stream_data=self.stream_data,
                    with_close_callback=self.with_close_callback)
        self.whole: Dict[str, Tuple[Any, Dict[str, int]]] = {}  # name -> the handle of the object, and its attributes
        self.streams: Set[int] = set()  # the addresses of streams that the fake may watch
        self.fake_watches = world == "events"
        # Under the fake, libvirt and libvirt-admin do not conflict: it registers no types.
        self.admin = world == "fake" and "libvirt_admin" in self
        if self.admin:
            self["libvirt_admin"]._opened.append(True)

    def __missing__(self, name: str) -> Any:
        if name not in mutation.KINDS:
            raise KeyError(name)
        made = self.make(name)
        self[name] = made
        if made is not None:
            self.whole[name] = (made._o, _attributes(made))
        return made

    def make(self, name: str) -> Any:
        try:
            return self._make(name)
        except (libvirt.libvirtError, AttributeError):
            return None  # the test driver does not have such an object, or no longer has it

    def _make(self, name: str) -> Any:
        if name in ("conn", "dconn"):
            return libvirt.open("test:///default")
        if name in ("adm", "srv", "client"):
            return self._of_admin(name)
        conn = self["conn"]
        if name == "stream":
            stream = conn.newStream()
            self.streams.add(stream.c_pointer())
            return stream
        if name == "port":
            return self["net"].portLookupByUUIDString("x")
        if name == "vol":
            return self._volume()
        if name in ("snap", "chk"):
            kind = "snapshot" if name == "snap" else "checkpoint"
            return self._child(getattr(self["dom"], f"{kind}LookupByName"), getattr(self["dom"], f"{kind}CreateXML"),
                               f"<domain{kind}><name>x</name></domain{kind}>")
        lookup, known = {
            "dom": (conn.lookupByName, "test"), "net": (conn.networkLookupByName, "default"),
            "pool": (conn.storagePoolLookupByName, "default-pool"), "iface": (conn.interfaceLookupByName, "eth1"),
            "dev": (conn.nodeDeviceLookupByName, "computer"), "secret": (conn.secretLookupByUUIDString, "x"),
            "nwfilter": (conn.nwfilterLookupByName, "x"), "binding": (conn.nwfilterBindingLookupByPortDev, "x"),
        }[name]
        return lookup(known)

    def _of_admin(self, name: str) -> Any:
        if not self.admin:
            return None
        if name == "adm":
            return self["libvirt_admin"].open("x")
        return self["adm"].lookupServer("x") if name == "srv" else self["srv"].lookupClient(7)

    def _volume(self) -> libvirt.virStorageVol:
        return self._child(self["pool"].storageVolLookupByName, self["pool"].createXML,
                           "<volume><name>x</name><capacity>1000</capacity></volume>")

    @staticmethod
    def _child(lookup: Callable[[str], Any], create: Callable[[str], Any], xml: str) -> Any:
        try:
            return lookup("x")
        except libvirt.libvirtError:
            return create(xml)

    def forget(self) -> None:
        """Drop all objects, and end all registrations of their connections."""
        for name in ("conn", "dconn", "adm"):
            try:
                self.whole[name][0] and self[name].close()
            except Exception:
                pass  # the object does not exist, or a call has changed it
        for name in list(self.whole):
            del self[name]
        for name in mutation.KINDS:
            self.pop(name, None)
        self.whole.clear()
        self.unwatch()

    def unwatch(self) -> None:
        """Make the fake stop watching a stream. It watches one at a time, and does so even after its handle is gone."""
        while self.fake_watches and self.streams:
            _PROCESS.virStreamEventRemoveCallback(ctypes.c_void_p(self.streams.pop()))

    def refresh(self) -> None:
        """Drop the objects that a call has used up or changed."""
        for name, (handle, attributes) in list(self.whole.items()):
            made = self[name]
            if _CAPSULE_NAME(handle) != f"{mutation.KINDS[name]}Ptr".encode() or _attributes(made) != attributes:
                if name == "conn":
                    self.forget()
                    return
                del self[name], self.whole[name]
                if name == "stream":
                    self.unwatch()
        for name in mutation.KINDS:
            if self.get(name, self) is None:
                del self[name]

    # --- functions that calls use

    def monitored(self) -> Any:
        from libvirt_qemu import qemuMonitorEventRegister
        return qemuMonitorEventRegister(self["conn"], None, None, hostile.nothing, None)

    def registered_of_old(self) -> Any:
        self["conn"].domainEventRegister(hostile.nothing, None)
        return self["conn"]

    def with_close_callback(self) -> Any:
        self["conn"].registerCloseCallback(hostile.nothing, None)
        return self["conn"]

    def stream_data(self) -> Dict[str, Any]:
        return {"cb": hostile.nothing, "stream": self["stream"], "opaque": None}


def _nothing() -> None:
    """Do nothing: only the fake for events can call back."""


def _fire() -> None:
    """Call all registered callbacks, like libvirt's event loop."""
    for kind in range(1, 9):
        _PROCESS.fake_events_fire(kind, -1, 0)
    _PROCESS.fake_stream_fire(15)


# --- after a call --------------------------------------------------------------------

class Watch:
    """Collects each SystemError that is only reported to a hook."""

    def __init__(self) -> None:
        self.seen: List[str] = []
        sys.excepthook = lambda kind, value, traceback: self.note(value)
        sys.unraisablehook = lambda told: self.note(told.exc_value)

    def note(self, value: Optional[BaseException]) -> None:
        if isinstance(value, SystemError):
            self.seen.append(repr(value))

    def take(self) -> List[str]:
        taken, self.seen = self.seen, []
        return taken


def tidy(names: Names, name: str, result: object) -> None:
    """Undo the effects of a call: registrations, error handlers, open descriptors."""
    if "RegisterErrorHandler" in name or "registerErrorHandler" in name:
        libvirt.libvirtmod.virRegisterErrorHandler(hostile.nothing, None)
    elif name == "libvirtmod.virConnectDomainEventRegister" and result == 0:
        libvirt.libvirtmod.virConnectDomainEventDeregister(names["conn"]._o, names["conn"])
    elif re.match(r"libvirt(mod)?_admin\..*egisterCloseCallback", name):
        try:
            names["libvirtmod_admin"].virAdmConnectUnregisterCloseCallback(names.whole["adm"][0])
        except (KeyError, libvirt.libvirtError):
            pass  # the call used no connection, or has closed it
    elif type(result) is int and result >= 0 and re.search("EventRegister|EventAdd(Handle|Timeout)", name):
        _end(names, name, result)
    for descriptor in range(700, 800):  # the fake returns these descriptors
        if "Files" in name or "Namespace" in name or "SecurityLabel" in name or "FD" in name:
            try:
                os.close(descriptor)
            except OSError:
                pass


def _end(names: Names, name: str, number: int) -> None:
    arguments: Tuple[Any, ...] = (number,)
    if "EventAdd" in name:
        ending = name.replace("EventAdd", "EventRemove")
    else:
        ending = name.replace("EventRegister", "EventDeregister")
        arguments = (names["conn"] if name.startswith("libvirt.") or name.startswith("libvirt_") else
                     names["conn"]._o, number)
    try:
        eval(ending, names)(*arguments)
    except Exception:
        pass  # the registration belongs to another connection, or the connection is closed


def _both(*arguments: Any, **named: Any) -> Tuple[Tuple[Any, ...], Dict[str, Any]]:
    return arguments, named


# --- calls ---------------------------------------------------------------------------

class Function:
    """A function, and its calls."""

    def __init__(self, work: Work, name: str, names: Names):
        self.name = name
        self.names = names
        self.world = work.world
        self.c_name = name.split(".")[-1]
        self.calls = 0
        self.reached = 0
        self.marks: Set[str] = set()  # the C functions whose call shows that this function was reached in C
        self.seeds = targets.nodes(work.corpus[name])
        self.wanted: Optional[str] = None  # the expected outcome of the good call
        self.called = ""  # the C functions that the last call has called, as the fake reports them

    def may_raise(self, error: BaseException) -> bool:
        return isinstance(error, ALLOWED) or any(
            re.fullmatch(pattern, self.name) and (type(error) is kind or isinstance(error, kind) and kind is OSError)
            and text in str(error) for pattern, kind, text in MAY_RAISE)

    def prepare(self, mode: str) -> None:
        if self.world == "fake":
            _PROCESS.fake_set_mode(mode.encode())
        elif self.world == "events":
            _PROCESS.fake_stream_script(b"data:abc data:de" if "recv" in self.c_name.lower() else b"")
            c_calls(self.world)
        if self.c_name == "virEventRunDefaultImpl":
            libvirt.virEventAddTimeout(0, lambda timer, opaque: libvirt.virEventRemoveTimeout(timer), None)

    def make(self, call: mutation.Call) -> Optional[Tuple[Any, bool]]:
        """Make a call. Return its result or exception, and whether it has returned. Return None if the call could not
        be made, because the driver does not have an object, or because a key of a dict is not hashable."""
        for name in set(_KIND.findall(call.source)):
            self.names[name]  # Create the object before the fake starts to answer oddly.
        try:
            arguments, named = eval(f"_both({call.source})", {"_both": _both, "__builtins__": __builtins__}, self.names)
        except BaseException:
            return None
        function = eval(self.name, self.names)
        self.prepare(call.mode)
        try:
            return function(*arguments, **named), True
        except BaseException as error:
            return error, False
        finally:
            self.called = c_calls(self.world)
            if self.world == "fake":
                # Destructors of hostile objects must not run in the fake's mode of this call.
                _PROCESS.fake_set_mode(b"golden")

    def is_reached(self, called: str, returned: bool) -> bool:
        told = set(re.findall(r"^\w+", called, re.M))
        return bool(told & self.marks) if self.marks else returned

    def learn(self) -> None:
        """Make the good calls, and remember what they do. Under the fake a good call always has the same outcome."""
        for number in range(len(self.seeds)):
            call = mutation.calls(0, self.world, self.name, self.seeds, number)
            made = self.make(call)
            if made is None:
                continue
            result, returned = made
            called = re.findall(r"^\w+", self.called, re.M)
            self.marks.update({self.c_name} & set(called) or called[-1:])
            if number == 0 and self.world == "fake":
                self.wanted = self.outcome(result, returned)
            tidy(self.names, self.name, result)
            del result, made
            self.names.refresh()

    def outcome(self, result: object, returned: bool) -> str:
        if not returned:
            return f"{type(result).__name__}: {result}"
        # If the real libvirt has answered, the result may contain addresses and increasing numbers.
        return show(result) if self.marks else type(result).__name__

    def wrong(self, call: mutation.Call) -> Optional[str]:
        """Make a call, and return what is wrong with it, or None."""
        made = self.make(call)
        if made is None:
            return None
        result, returned = made
        self.calls += 1
        self.reached += self.is_reached(self.called, returned)
        if not returned and not self.may_raise(result):
            return f"raises {type(result).__name__}: {result}"
        if returned:
            show(result)
        tidy(self.names, self.name, result)
        return None

    def changed(self) -> Optional[str]:
        """Make the good call again, and return what it does differently, or None."""
        if self.wanted is None:
            return None
        made = self.make(mutation.calls(0, self.world, self.name, self.seeds, 0))
        if made is None:
            return "the arguments of the good call can no longer be created"
        found = self.outcome(*made)
        tidy(self.names, self.name, made[0])
        return None if found == self.wanted else f"a good call then returns {found:.200}, not {self.wanted:.200}"


def show(value: Any, depth: int = 0) -> str:
    """Return a value as text, without addresses. This also uses each item of containers."""
    if type(value) in (list, tuple) and depth < 5:
        return str([show(item, depth + 1) for item in value])
    if type(value) is dict and depth < 5:
        return str({show(name, depth + 1): show(item, depth + 1) for name, item in value.items()})
    if type(value) in (int, float, bool, str, bytes, type(None)):
        return re.sub(" at 0x[0-9a-f]+", "", repr(value))
    return f"<{type.__getattribute__(type(value), '__name__')}>"  # not what a hostile class would answer


def c_calls(world: str) -> str:
    if world == "driver":
        return ""
    function = _PROCESS.fake_calls if world == "fake" else _PROCESS.fake_events_calls
    function.restype = ctypes.c_char_p
    told: bytes = function()
    return told.decode("utf-8", "replace").replace(" ", "\n" if world == "events" else " ")


def clean(names: Names) -> None:
    """Drop all objects, so that destructors of hostile objects do not run during the calls of another function."""
    names.forget()
    gc.collect()
    names.forget()


def run(work: Work, place: int, name: str, names: Names, watch: Watch, journal: Journal, done: int) -> Dict[str, Any]:
    """Make all calls of one function, and return the report on them."""
    clean(names)
    function = Function(work, name, names)
    first = work.start if place == 0 else 0
    failures = []
    journal.write(place, LEARNING, done)
    function.learn()
    for number in [work.only] if work.only is not None else range(first, work.calls):
        journal.write(place, number, done + function.calls)
        call = mutation.calls(work.seed, work.world, name, function.seeds, number)
        wrong = function.wrong(call)
        gc.collect()
        names.refresh()
        told = watch.take()
        if wrong is None and told:
            wrong = f"reports {told[0]} to a hook"
        if wrong is None and (number % AGAIN == AGAIN - 1 or number == work.calls - 1):
            wrong = function.changed()
            gc.collect()
            names.refresh()
        if wrong:
            failures.append({"number": number, "wrong": wrong[:1000]})
    return {"function": name, "calls": function.calls, "reached": function.reached, "failures": failures}


def is_checked() -> bool:
    """Return whether this process runs under a checker, which needs much memory."""
    return bool(os.environ.get("LIBVIRT_PYTHON_CHECKER")) or "san" in os.environ.get("LD_PRELOAD", "")


def main() -> None:
    work = Work(**json.load(sys.stdin))
    if not is_checked():  # A checker prints more by itself.
        faulthandler.enable()
    sys.setswitchinterval(1e-4)
    if not is_checked():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    journal, watch = Journal(work.journal), Watch()
    hostile.NAMES = names = Names(work.world)
    libvirt.registerErrorHandler(hostile.nothing, None)
    libvirt.virEventRegisterDefaultImpl()
    # The first connection creates the host of the test driver, and closing the last one destroys it. With the fakes,
    # which leave few functions to the driver, keep the host.
    anchor = libvirt.open("test:///default") if work.world != "driver" else None
    # The garbage collector runs only between calls and in calls that run it, because the seed would not determine when
    # it runs otherwise.
    gc.disable()
    gc.collect()
    gc.freeze()
    done = 0
    for place, name in enumerate(work.functions):
        told = run(work, place, name, names, watch, journal, done)
        done += told["calls"]
        print(json.dumps(told), flush=True)
    names.forget()
    del anchor


if __name__ == "__main__":
    if sys.argv[1:] == ["record"]:
        json.dump(targets.record(), sys.stdout)
    else:
        try:
            main()
        except BaseException:
            # Python's hooks are replaced, so print the exception here. BROKEN tells the parent that no call failed.
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(BROKEN)
