# SPDX-License-Identifier: LGPL-2.1-or-later
"""Helpers for the tests of libvirtaio: the code that every test program starts with, and the fixtures that run it.

Each test program runs in its own process, in Python's development mode and with
every warning turned into an error. "make check-full" also runs some of them
without assertions (python -O).
"""

from typing import List

import pytest

from checkers import FULL
from fixturetypes import Prints, PythonPrints


STRICT = {"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "error", "LIBVIRT_DEBUG": "4"}
START = """
import asyncio, gc, logging, os, socket, sys, threading, weakref
import libvirt, libvirtaio
logging.getLogger("asyncio").setLevel("ERROR")  # no warnings about slow callbacks

def show(*arguments):
    print(*arguments, flush=True)

class Thing:
    "An object that supports weak references; used as callback and as opaque."
    def __call__(self, *arguments):
        pass

# Run main(implementation) on an asyncio loop.
def run(main):
    async def registered():
        libvirtaio.virEventRegisterAsyncIOImpl()
        await main(libvirtaio.getCurrentImpl())
    asyncio.run(registered())

# A callback that can be awaited: got(n) waits until it has been called n times.
class Calls(list):
    changed = None
    def __call__(self, *arguments):
        self.append(arguments)
        if self.changed is not None and not self.changed.done():
            self.changed.set_result(None)
    async def got(self, count):
        while len(self) < count:
            self.changed = asyncio.get_running_loop().create_future()
            await self.changed

async def turns(count=5):
    for _ in range(count):
        await asyncio.sleep(0)
"""


# Values of PYTHONOPTIMIZE. "make check" runs the programs only with assertions enabled.
OPTIMIZED = ["", "1"] if FULL else [""]


@pytest.fixture(params=OPTIMIZED, ids=["", "-O"][:len(OPTIMIZED)])
def prints(python_prints: PythonPrints, request: "pytest.FixtureRequest") -> Prints:
    """Run a program and return the lines it prints; "make check-full" repeats the test without assertions."""
    def run(code: str) -> List[str]:
        return python_prints(START + code, **STRICT, PYTHONOPTIMIZE=request.param)
    return run


@pytest.fixture
def once(python_prints: PythonPrints) -> Prints:
    """Run a program with assertions enabled and return the lines it prints."""
    def run(code: str) -> List[str]:
        return python_prints(START + code, **STRICT)
    return run
