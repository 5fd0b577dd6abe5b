# SPDX-License-Identifier: LGPL-2.1-or-later
"""Threads register and deregister callbacks while another thread closes the connection, for each kind of callback.

LIBVIRT_PYTHON_RACES=1000 is the long form; it is the number of connections for
each kind.
"""

import pytest

from checkers import rounds
from fake import firing
from fake.firing import EVENTS, WAYS
from fixturetypes import PrintsWithArguments

ROUNDS = rounds(24, 100, "RACES")

prints = firing.prints_after(firing.START + """
sys.setswitchinterval(1e-5)
faults, left = [], []
sys.excepthook = threading.excepthook = lambda *arguments: faults.append(repr(arguments))

class Callback(Thing):
    "A separate callback object for each registration."

def connect():
    return libvirt.open("test:///default")

# Four threads call `work` until a fifth one, which calls `fired` meanwhile, closes the connection.
def race(work, fired, closing):
    conn = connect()
    left.append(weakref.ref(conn))
    count = [0] * 4
    def register(number):
        while True:
            callback, opaque = Callback(), Thing()
            left.append(weakref.ref(callback))
            try:
                work(conn, callback, opaque)
            except libvirt.libvirtError:
                if conn._o is None:
                    break
            except BaseException as error:
                faults.append(f"{type(error).__name__}: {error}")
                break
            finally:
                count[number] += 1
                if count[number] > 50:  # the fake has room for only a few thousand registrations
                    time.sleep(0.001)
    threads = [threading.Thread(target=register, args=(number,), daemon=True) for number in range(4)]
    for thread in threads:
        thread.start()
    while min(count) < 2 and not faults:
        fired()
        time.sleep(0)
    closing(conn)
    for thread in threads:
        thread.join(60)
        if thread.is_alive():
            faults.append("a thread hangs")

def close(conn):
    try:
        conn.close()
    except BaseException as error:
        faults.append(f"close(): {error!r}")

def run(rounds, work, fired=lambda: None, closing=close):
    for _ in range(rounds):
        race(work, fired, closing)
        if faults:
            break
    for _ in range(100):
        pass
    gc.collect()
    show(faults[:2], [reference() for reference in left if reference() is not None][:2], alive(), stream_watchers())
""")


def fired(way: str) -> str:
    """A function that has libvirt call the callbacks; the streams of different threads cannot be told apart."""
    return f"lambda: {WAYS[way].fire}" if way != "stream" else "lambda: None"


@pytest.mark.parametrize("way", WAYS)
def test_close_while_other_threads_register_and_deregister(prints: PrintsWithArguments, way: str) -> None:
    """Regression test: register, deregister and close() raised KeyError, and connections stayed alive forever."""
    assert prints(f"""
def work(conn, callback, opaque):
    {WAYS[way].register}
    {WAYS[way].remove}
run({ROUNDS}, work, {fired(way)})
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("way", WAYS)
def test_close_while_other_threads_only_register(prints: PrintsWithArguments, way: str) -> None:
    """The connection then has much to remove, and some registrations come too late."""
    assert prints(f"""
def work(conn, callback, opaque):
    {WAYS[way].register}
run({ROUNDS}, work, {fired(way)})
""") == ["[] [] 0 0"]


def test_close_while_other_threads_receive_events(prints: PrintsWithArguments) -> None:
    """The blocks share the close callback of the connection."""
    assert prints(f"""
import libvirtevents
from libvirt_types import DomainRebootEvent
def work(conn, callback, opaque):
    with libvirtevents.events(conn, DomainRebootEvent, overflow="drop_oldest") as received:
        fire(DOMAIN)
        try:
            received.get(0)
        except (TimeoutError, ValueError):
            pass
run({ROUNDS}, work)
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("remove", ["conn.unregisterCloseCallback()", ""])
def test_close_of_an_admin_connection(prints: PrintsWithArguments, remove: str) -> None:
    pytest.importorskip("libvirt_admin")
    assert prints(f"""
import libvirt_admin, libvirtmod_admin
libvirtmod_admin._isTaken = lambda: False  # the fake's connections serve both libraries
def connect():
    return libvirt_admin.open()
def work(conn, callback, opaque):
    {WAYS["close"].register}
    {remove}
run({ROUNDS}, work, {fired("close")})
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("way", EVENTS)
def test_a_callback_closes_while_other_threads_register(prints: PrintsWithArguments, way: str) -> None:
    assert prints(f"""
def work(conn, callback, opaque):
    {WAYS[way].register}
    {WAYS[way].remove}
def closing(conn):
    closed = []
    def callback(conn, *arguments):
        close(conn) if not closed else None
        closed.append(1)
    opaque = None
    {WAYS[way].register}
    while not closed:
        {WAYS[way].fire}
run({ROUNDS}, work, closing=closing)
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("way", ["domain", "qemu", "legacy"])
def test_one_id_is_removed_by_many_threads(prints: PrintsWithArguments, way: str) -> None:
    """One thread succeeds; the others get an exception, or do nothing because nothing is left."""
    assert prints(f"""
callback = opaque = Thing()
ends = []
for _ in range({ROUNDS}):
    {WAYS[way].register}
    start = threading.Barrier(4)
    def end():
        start.wait()
        ends.append(raised(lambda: {WAYS[way].remove}))
    threads = [threading.Thread(target=end) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
show(sorted({{str(end) for end in ends}}), alive())
""")[0] in ("['None', 'libvirtError'] 0", "['None'] 0", "['KeyError', 'None'] 0")
