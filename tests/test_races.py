# SPDX-License-Identifier: LGPL-2.1-or-later
"""Threads that register and deregister, while another one closes the connection: for each kind of registration.

LIBVIRT_PYTHON_RACES=1000 is the long form: so many connections for each kind.
"""

import pytest

from checkers import rounds
from fake import firing
from fixturetypes import PrintsWithArguments

ROUNDS = rounds(24, 100, "RACES")

# How each kind is registered and removed by a thread, and what fires it.
FAMILIES = {"domain": "DOMAIN", "network": "NETWORK", "storagePool": "POOL", "nodeDevice": "DEVICE",
            "secret": "SECRET"}
KINDS = {
    **{family: (f"number = conn.{family}EventRegisterAny(None, 0, callback, opaque)",
                f"conn.{family}EventDeregisterAny(number)", kind) for family, kind in FAMILIES.items()},
    "qemu": ("number = libvirt_qemu.qemuMonitorEventRegister(conn, None, None, callback, opaque)",
             "libvirt_qemu.qemuMonitorEventDeregister(conn, number)", "QEMU"),
    "old": ("conn.domainEventRegister(callback, opaque)", "conn.domainEventDeregister(callback)", "LEGACY"),
    "close": ("conn.registerCloseCallback(callback, opaque)", "conn.unregisterCloseCallback()", "CLOSE"),
    "stream": ("stream = conn.newStream(1); stream.eventAddCallback(1, callback, opaque)",
               "stream.eventRemoveCallback()", ""),
}

prints = firing.prints_after(firing.START + """
sys.setswitchinterval(1e-5)
faults, left = [], []
sys.excepthook = threading.excepthook = lambda *arguments: faults.append(repr(arguments))

class Told(Thing):
    "A callback, which is one of each registration."

def connect():
    return libvirt.open("test:///default")

# Four threads that register until the connection is closed, which a fifth one does; WORK is one round of them.
def race(work, kind, closing):
    conn = connect()
    left.append(weakref.ref(conn))
    count = [0] * 4
    def register(number):
        while True:
            callback, opaque = Told(), Thing()
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
                if count[number] > 50:  # the fake has room for some thousands
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
def test_close_while_others_register_and_deregister(prints: PrintsWithArguments, kind: str) -> None:
    """KeyError came out of all three, and connections stayed for ever."""
    register, remove, fired = KINDS[kind]
    assert prints(f"""
def work(conn, callback, opaque):
    {register}
    {remove}
run({ROUNDS}, work, {fired or 0})
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("kind", KINDS)
def test_close_while_others_only_register(prints: PrintsWithArguments, kind: str) -> None:
    """So that the connection has much to end, and some comes too late."""
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
libvirtmod_admin._isTaken = lambda: False  # its connections are the fake's
def connect():
    return libvirt_admin.open()
def work(conn, callback, opaque):
    {register}
    {remove}
run({ROUNDS}, work, {fired})
""") == ["[] [] 0 0"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("close", "stream")])
def test_a_callback_closes_while_others_register(prints: PrintsWithArguments, kind: str) -> None:
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


@pytest.mark.parametrize("kind", ["domain", "qemu", "old"])
def test_one_number_is_removed_once_by_many(prints: PrintsWithArguments, kind: str) -> None:
    """One thread succeeds, and all others are told, or find nothing."""
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
