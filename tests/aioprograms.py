# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that use libvirtaio: what the tests of it have in common.

Each test runs in a process of its own, under Python's development mode with
every warning an error.  "make check-full" repeats some without assertions.
"""

from typing import List

import pytest

from checkers import FULL
from fixturetypes import Prints, PythonPrints


STRICT = {"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "error", "LIBVIRT_DEBUG": "4"}
START = """
import asyncio, gc, logging, os, socket, sys, threading, weakref
import libvirt, libvirtaio
logging.getLogger("asyncio").setLevel("ERROR")  # it warns of slow callbacks

def show(*arguments):
    print(*arguments, flush=True)

class Thing:
    "What can be referred to weakly, as callback and as opaque."
    def __call__(self, *arguments):
        pass

# Runs main(implementation) on an asyncio loop.
def run(main):
    async def registered():
        libvirtaio.virEventRegisterAsyncIOImpl()
        await main(libvirtaio.getCurrentImpl())
    asyncio.run(registered())

# A callback that can be awaited: got(n) waits until it was called n times.
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


# Values of PYTHONOPTIMIZE; "make check" leaves the assertions in.
OPTIMIZED = ["", "1"] if FULL else [""]


@pytest.fixture(params=OPTIMIZED, ids=["", "-O"][:len(OPTIMIZED)])
def prints(python_prints: PythonPrints, request: "pytest.FixtureRequest") -> Prints:
    """Runs a program with assertions, and without."""
    def run(code: str) -> List[str]:
        return python_prints(START + code, **STRICT, PYTHONOPTIMIZE=request.param)
    return run


@pytest.fixture
def once(python_prints: PythonPrints) -> Prints:
    """Runs a program with assertions."""
    def run(code: str) -> List[str]:
        return python_prints(START + code, **STRICT)
    return run
