# SPDX-License-Identifier: LGPL-2.1-or-later
"""Code that is not covered by the table of calls does not leak: exceptions, threads, loops, credentials, lists."""

from pathlib import Path
from typing import Callable, List

import pytest

import checkers
from fake import firing
from fixturetypes import PythonPrints
from test_auth import HOST

# Code that is run many times.
ACTIONS = {
    "an exception": "tried(libvirt.libvirtError, 'text')",
    "an exception of a failing call": "tried(conn.lookupByName, 'missing')",
    "an exception of a failing call, whose class has subclasses": "tried(conn.networkLookupByName, 'missing').err",
    "an exception of a class of the program": "tried(Own, 'text', 1)",
    "an exception of a failing call of such a class": "tried(libvirtmod.virDomainLookupByName, conn._o, 'missing'); "
                                                      "Own('virDomainLookupByName() failed')",
    "a call that is refused": "tried(conn.lookupByUUID, b'short')",
    "a loop that is refused": "tried(libvirt.virEventRegisterImpl, *[print] * 6)",
    "callables of a loop that are refused": "tried(libvirt.virEventRegisterImpl, *[print] * 5, None)",
    "lists of objects": "conn.listAllDomains(); conn.listAllNetworks(); conn.listAllStoragePools()",
    "lists of objects of another class": "libvirt.virDomain = Other; conn.listAllDomains(); libvirt.virDomain = Usual",
    "a list that ends in an exception": "libvirt.virDomain = Broken; tried(conn.listAllDomains); "
                                        "libvirt.virDomain = Usual",
    "a thread with a failing call": "thread(lambda: tried(conn.lookupByName, 'missing'))",
    "a thread that makes typed parameters": "thread(conn.getAllDomainStats)",
    "an event on a thread of libvirt": "eventcontrol.fire_outside(eventcontrol.DOMAIN)",
    "an event for a callback of old on such a thread": "eventcontrol.fire_outside(eventcontrol.LEGACY)",
    "functions of a loop": "own_loop(); tried(libvirt.virEventAddTimeout, 1, print, None)",
    "answers": "libvirt.openAuth(uri, [BOTH, answer, ['robert', 'secret']]).close()",
    "answers that are taken back": "tried(libvirt.openAuth, uri, [BOTH, refuse, ['robert', 'secret']])",
    "answers of which one is refused": "tried(libvirt.openAuth, 'fake:///all', [BOTH, answer, "
                                        "['robert'] * 9 + ['a\\0b']])",
    "a stream that fails": "eventcontrol.script('fail'); tried(conn.newStream().recv, 1000)",
    "answers that are no text": "tried(libvirt.openAuth, uri, [BOTH, answer, ['robert', 5]])",
    "answers that are refused": "tried(libvirt.openAuth, uri, [BOTH, answer, ['robert', 'sec\\0ret']])",
}
START = """
import ctypes, gc, sys, threading
import libvirt, libvirtmod
from fake import eventcontrol, growth

uri, BOTH = "test://" + sys.argv[1], [libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE]
malloc = ctypes.CDLL(None).malloc
sys.excepthook = lambda *arguments: None
if "own_loop" not in sys.argv[2]:
    libvirt.virEventRegisterDefaultImpl()
libvirt.registerErrorHandler(lambda data, error: None, None)
conn = libvirt.open("test:///default")
conn.domainEventRegister(lambda *arguments: None, None)
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda *arguments: None, None)
Usual = libvirt.virDomain

class Own(libvirt.libvirtError):
    def __init__(self, text, *more):
        super().__init__(text)

class Other(libvirt.virDomain):
    pass

class Broken(libvirt.virDomain):
    def __init__(self, *arguments):
        raise ValueError

def tried(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return error

def thread(target):
    started = threading.Thread(target=target)
    started.start()
    started.join()

def answer(credentials, data):
    for credential in credentials:
        credential[4] = data.pop(0) if len(credentials) == 1 else data[credentials.index(credential)]
    return 0

def refuse(credentials, data):
    answer(credentials, data)
    return -1

# The functions return newly created numbers that count as failures, so that nothing is registered.
def own_loop(made=[]):
    if not made:
        made.append(libvirt.virEventRegisterImpl(*[lambda *arguments: int("-100000")] * 6))

# Count references to objects that many others could refer to.
def references():
    return sum(map(sys.getrefcount, [None, conn, conn._o, Usual, Exception.__new__]))

def measure(code, times):
    referred, taken = references(), growth.memory()
    for _ in range(times):
        exec(code, globals())
    grown = growth.memory() - taken
    return grown, references() - referred

if not growth.tells():
    print("malloc reports nothing")
else:
    gc.collect()
    gc.freeze()
    print(growth.lasting(lambda times: measure(compile(sys.argv[2], "action", "exec"), times)))
"""


Grown = Callable[[str], List[str]]
pytestmark = [checkers.plain_memory, pytest.mark.skipif(
    checkers.NO_GIL, reason="a Python without a GIL does not allocate with malloc, which is measured")]


@pytest.fixture
def grown(fresh_python_prints: PythonPrints, tmp_path: Path) -> Grown:
    """Return how much memory and how many references each repetition of an action adds, or None."""
    def run(action: str) -> List[str]:
        (tmp_path / "host.xml").write_text(HOST, encoding="utf-8")
        lines = fresh_python_prints(START, str(tmp_path / "host.xml"), action, HOME=str(tmp_path),
                                    PYTHONMALLOC="malloc", GLIBC_TUNABLES="glibc.malloc.tcache_count=0",
                                    **firing.environment())
        if lines == ["malloc reports nothing"]:
            pytest.skip("this malloc does not report how much is allocated")
        return lines
    return run


@pytest.mark.parametrize("action", ACTIONS)
def test_repeated_actions_do_not_leak(grown: Grown, action: str) -> None:
    assert grown(ACTIONS[action]) == ["None"]


def test_the_smallest_leak_is_found(grown: Grown) -> None:
    """Otherwise the test above could not fail."""
    assert grown("malloc(1)") != ["None"]
