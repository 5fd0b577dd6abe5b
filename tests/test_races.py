# SPDX-License-Identifier: LGPL-2.1-or-later
"""Threads register and deregister callbacks while another thread closes the connection, for each kind of callback.

LIBVIRT_PYTHON_RACES=1000 is the long form; it is the number of connections for
each kind.
"""

import pytest

from checkers import rounds
from fake import firing
from fixturetypes import PrintsWithArguments

ROUNDS = rounds(24, 100, "RACES")

# Code that registers and removes each kind of callback, and the kind to fire.
FAMILIES = {"domain": "DOMAIN", "network": "NETWORK", "storagePool": "POOL", "nodeDevice": "DEVICE",
            "secret": "SECRET"}
KINDS = {
    **{family: (f"number = conn.{family}EventRegisterAny(None, 0, callback, opaque)",
                f"conn.{family}EventDeregisterAny(number)", kind) for family, kind in FAMILIES.items()},
    "qemu": ("number = libvirt_qemu.qemuMonitorEventRegister(conn, None, None, callback, opaque)",
             "libvirt_qemu.qemuMonitorEventDeregister(conn, number)", "QEMU"),
    "legacy": ("conn.domainEventRegister(callback, opaque)", "conn.domainEventDeregister(callback)", "LEGACY"),
    "close": ("conn.registerCloseCallback(callback, opaque)", "conn.unregisterCloseCallback()", "CLOSE"),
    "stream": ("stream = conn.newStream(1); stream.eventAddCallback(1, callback, opaque)",
               "stream.eventRemoveCallback()", ""),
}

prints = firing.prints_after(firing.START + """
sys.setswitchinterval(1e-5)
faults, left = [], []
sys.excepthook = threading.excepthook = lambda *arguments: faults.append(repr(arguments))

class Callback(Thing):
    "A separate callback object for each registration."

def connect():
    return libvirt.open("test:///default")

# Four threads call `work` until a fifth one closes the connection.
def race(work, kind, closing):
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
        if kind:
            fire(kind)
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

def run(rounds, work, kind, closing=close):
    for _ in range(rounds):
        race(work, kind, closing)
        if faults:
            break
    for _ in range(100):
        pass
    gc.collect()
    show(faults[:2], [reference() for reference in left if reference() is not None][:2], alive(), stream_watchers())
""")


@pytest.mark.parametrize("kind", KINDS)
def test_close_while_other_threads_register_and_deregister(prints: PrintsWithArguments, kind: str) -> None:
    """Regression test: register, deregister and close() raised KeyError, and connections stayed alive forever."""
    register, remove, fired = KINDS[kind]
    assert prints(f"""
def work(conn, callback, opaque):
    {register}
    {remove}
run({ROUNDS}, work, {fired or 0})
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("kind", KINDS)
def test_close_while_other_threads_only_register(prints: PrintsWithArguments, kind: str) -> None:
    """The connection then has much to remove, and some registrations come too late."""
    register, _, fired = KINDS[kind]
    assert prints(f"""
def work(conn, callback, opaque):
    {register}
run({ROUNDS}, work, {fired or 0})
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("remove", ["conn.unregisterCloseCallback()", ""])
def test_close_of_an_admin_connection(prints: PrintsWithArguments, remove: str) -> None:
    pytest.importorskip("libvirt_admin")
    register, _, fired = KINDS["close"]
    assert prints(f"""
import libvirt_admin, libvirtmod_admin
libvirtmod_admin._isTaken = lambda: False  # the fake's connections serve both libraries
def connect():
    return libvirt_admin.open()
def work(conn, callback, opaque):
    {register}
    {remove}
run({ROUNDS}, work, {fired})
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("close", "stream")])
def test_a_callback_closes_while_other_threads_register(prints: PrintsWithArguments, kind: str) -> None:
    register, remove, fired = KINDS[kind]
    assert prints(f"""
def work(conn, callback, opaque):
    {register}
    {remove}
def closing(conn):
    closed = []
    def callback(conn, *arguments):
        close(conn) if not closed else None
        closed.append(1)
    opaque = None
    {register}
    while not closed:
        fire({fired})
run({ROUNDS}, work, 0, closing)
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("kind", ["domain", "qemu", "legacy"])
def test_one_id_is_removed_by_many_threads(prints: PrintsWithArguments, kind: str) -> None:
    """One thread succeeds; the others get an exception, or do nothing because nothing is left."""
    register, remove, _ = KINDS[kind]
    assert prints(f"""
callback = opaque = Thing()
ends = []
for _ in range({ROUNDS}):
    {register}
    start = threading.Barrier(4)
    def end():
        start.wait()
        ends.append(raised(lambda: {remove}))
    threads = [threading.Thread(target=end) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
show(sorted({{str(end) for end in ends}}), alive())
""")[0] in ("['None', 'libvirtError'] 0", "['None'] 0", "['KeyError', 'None'] 0")
