# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects that libvirt lends to a callback: a reference is taken only if the program keeps the object."""

import pytest

from checkers import NO_GIL
from fake import firing
from fixturetypes import PrintsWithArguments

pytestmark = pytest.mark.skipif(NO_GIL, reason="without a GIL each callback takes its own reference")

# Firing an event creates a domain and frees it afterwards; that accounts for one freed reference in each count.
BORROWING = firing.START + """
kept = []
def registered(callback, event=libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE):
    conn.domainEventRegisterAny(None, event, callback, None)
    references()
"""


prints = firing.prints_after(BORROWING)


def test_an_object_that_is_not_kept_takes_no_reference(prints: PrintsWithArguments) -> None:
    assert prints("""
registered(lambda conn, dom, *rest: show(dom.name()))
fire(DOMAIN)
show(references())
""") == ["guest", "(0, 1)"]


@pytest.mark.parametrize("how", ["kept.append(dom)", "kept.append(dom._o)", "kept.append(dom.name)",
                                 "kept.append(lambda: dom)", "cycle = [dom]; cycle.append(cycle)"])
def test_an_object_that_is_kept_takes_a_reference(prints: PrintsWithArguments, how: str) -> None:
    assert prints(f"""
def callback(conn, dom, event, detail, opaque):
    {how}
    show(references())
registered(callback)
gc.disable()
fire(DOMAIN)
show(references())
kept.clear()
gc.collect()
show(references())
""") == ["(0, 0)", "(1, 1)", "(0, 1)"]


def test_a_kept_object_can_be_used_after_the_callback(prints: PrintsWithArguments) -> None:
    assert prints("""
registered(lambda conn, dom, *rest: kept.append(dom))
for _ in range(3):
    fire(DOMAIN)
show([dom.name() for dom in kept], len({dom.UUIDString() for dom in kept}), len({dom.c_pointer() for dom in kept}))
""") == ["['guest', 'guest', 'guest'] 1 3"]


def test_a_kept_traceback_keeps_the_object(prints: PrintsWithArguments) -> None:
    assert prints("""
def hook(kind, value, traceback):
    kept.append(value)
sys.excepthook = hook
def callback(conn, dom, *rest):
    raise KeyError(1)
registered(callback)
fire(DOMAIN)
show(references())
frame = kept[0].__traceback__
while "dom" not in frame.tb_frame.f_locals or frame.tb_frame.f_code.co_name != "callback":
    frame = frame.tb_next
show(frame.tb_frame.f_locals["dom"].name())
del frame
kept.clear()
gc.collect()
show(references())
""") == ["(1, 1)", "guest", "(0, 1)"]


def test_another_thread_can_use_the_object_after_the_callback(prints: PrintsWithArguments) -> None:
    assert prints("""
over, used = threading.Event(), threading.Event()
def use(dom):
    over.wait()
    show(dom.name())
    del dom
    used.set()
def callback(conn, dom, *rest):
    threads.append(threading.Thread(target=use, args=(dom,)))
    threads[0].start()
threads = []
registered(callback)
fire(DOMAIN)
show(references())
over.set()
threads[0].join()
show(references())
""") == ["(1, 1)", "guest", "(0, 1)"]


def test_a_callback_may_free_the_object(prints: PrintsWithArguments) -> None:
    """The callback frees its own reference, not the one that libvirt lends."""
    assert prints("""
def callback(conn, dom, *rest):
    kept.append(dom)
    show(libvirtmod.virDomainFree(dom._o), references())
    show(raised(dom.name))
registered(callback)
fire(DOMAIN)
show(references(), raised(kept[0].name))
""") == ["0 (1, 1)", "libvirtError", "(0, 1) libvirtError"]


def test_each_registration_borrows_separately(prints: PrintsWithArguments) -> None:
    assert prints("""
registered(lambda conn, dom, *rest: show(dom.name()))
registered(lambda conn, dom, *rest: kept.append(dom), libvirt.VIR_DOMAIN_EVENT_ID_REBOOT)
registered(lambda conn, dom, *rest: show(dom.name()), libvirt.VIR_DOMAIN_EVENT_ID_WATCHDOG)
fire(DOMAIN)
show(references(), kept[0].name())
""") == ["guest", "guest", "(1, 3) guest"]


def test_callbacks_that_share_a_registration_share_the_object(prints: PrintsWithArguments) -> None:
    assert prints("""
registered(lambda conn, dom, *rest: kept.append(dom))
registered(lambda conn, dom, *rest: show(dom is kept[0]))
fire(DOMAIN)
show(references(), kept[0].name())
""") == ["True", "(1, 1) guest"]


def test_legacy_and_monitor_callbacks_borrow(prints: PrintsWithArguments) -> None:
    assert prints("""
conn.domainEventRegister(lambda conn, dom, *rest: show(dom.name()), None)
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, lambda conn, dom, *rest: show(dom.name()), None)
references()
fire(LEGACY)
show(references())
fire(QEMU)
show(references())
conn.domainEventRegister(lambda conn, dom, *rest: kept.append(dom), None)
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, lambda conn, dom, *rest: kept.append(dom), None)
fire(LEGACY)
fire(QEMU)
show(references()[0] > 0, {dom.name() for dom in kept})
""")[:4] == ["guest", "(0, 1)", "guest", "(0, 1)"]


def test_the_object_is_invalid_afterwards_if_libvirt_refuses_a_reference(prints: PrintsWithArguments) -> None:
    assert prints("""
refuse_references(True)
def callback(conn, dom, *rest):
    kept.append(dom)
    show(dom.name())
registered(callback)
fire(DOMAIN)
show(references(), raised(kept[0].name), raised(kept[0].isActive))
kept.clear()
gc.collect()
show(references())
""") == ["guest", "(1, 1) libvirtError libvirtError", "(0, 0)"]


def test_freeing_fails_if_libvirt_refuses_a_reference(prints: PrintsWithArguments) -> None:
    assert prints("""
refuse_references(True)
registered(lambda conn, dom, *rest: show(libvirtmod.virDomainFree(dom._o), references()))
fire(DOMAIN)
show(references())
""") == ["-1 (1, 0)", "(0, 1)"]
