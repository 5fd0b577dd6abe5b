# SPDX-License-Identifier: LGPL-2.1-or-later
"""domainEventRegister(), the legacy way to get the lifecycle events of all domains, with several callbacks."""

from fake import firing
from fixturetypes import Prints, PythonPrints


prints = firing.prints_after(firing.START + """
def telling(name):
    return lambda conn, dom, event, detail, opaque: show(name, event, detail, opaque)
""")


def test_callbacks_are_called_in_the_order_of_registration(prints: Prints) -> None:
    assert prints("""
for name in "abc":
    show(conn.domainEventRegister(telling(name), name))
show(list(conn.domainEventCallbacks.values()), alive())
fire(LEGACY)
""") == ["None", "None", "None", "['a', 'b', 'c'] 1", "a 5 3 a", "b 5 3 b", "c 5 3 c"]


def test_the_same_callback_again_replaces_the_opaque(prints: Prints) -> None:
    assert prints("""
callback = telling("a")
conn.domainEventRegister(callback, 1)
conn.domainEventRegister(callback, 2)
show(conn.domainEventCallbacks == {callback: 2})
fire(LEGACY)
""") == ["True", "a 5 3 2"]


def test_all_callbacks_share_one_domain_object(prints: Prints) -> None:
    """Regression test: each callback had its own object for the same reference, and each freed that reference."""
    assert prints("""
kept = []
def callback(conn, dom, *others):
    kept.append(dom)
for _ in range(3):
    conn.domainEventRegister(lambda *arguments: callback(*arguments), None)
fire(LEGACY)
show(len(kept), len(set(map(id, kept))), kept[0].name())
show(conn.close())
kept.clear()
""") == ["3 1 guest", "1"]


def test_deregistration_removes_only_one_callback(prints: Prints) -> None:
    assert prints("""
first, second = telling("first"), telling("second")
conn.domainEventRegister(first, None)
conn.domainEventRegister(second, None)
show(conn.domainEventDeregister(first), alive())
fire(LEGACY)
show(conn.domainEventDeregister(second), alive(), hasattr(conn, "domainEventCallbacks"))
""") == ["None 1", "second 5 3 None", "None 0 False"]


def test_deregistering_an_unknown_callback_raises_key_error(prints: Prints) -> None:
    assert prints("""
show(conn.domainEventDeregister(show))
conn.domainEventRegister(telling("a"), None)
show(raised(conn.domainEventDeregister, show), alive())
fire(LEGACY)
""") == ["None", "KeyError 1", "a 5 3 None"]


def test_the_key_error_names_the_argument(prints: Prints) -> None:
    """Regression test: the message of the exception was the repr of the callback."""
    assert prints("""
conn.domainEventRegister(print, None)
try:
    conn.domainEventDeregister(show)
except KeyError as error:
    show(error.args, sorted(map(str, conn.domainEventCallbacks)) == [str(print)])
""") == ["(\"virConnect.domainEventDeregister(): argument 'cb' is not registered\",) True"]


def test_registration_works_after_the_last_callback_was_removed(prints: Prints) -> None:
    assert prints("""
for name in "ab":
    callback = telling(name)
    conn.domainEventRegister(callback, None)
    fire(LEGACY)
    conn.domainEventDeregister(callback)
    show(alive())
""") == ["a 5 3 None", "0", "b 5 3 None", "0"]


def test_registration_works_after_a_failed_one(prints: Prints) -> None:
    """Regression test: the next registration seemed to succeed, but no event arrived."""
    assert prints("""
fail()
show(raised(conn.domainEventRegister, telling("a"), None), hasattr(conn, "domainEventCallbacks"), alive())
conn.domainEventRegister(telling("b"), None)
show(fire(LEGACY), alive())
""") == ["libvirtError False 0", "b 5 3 None", "1 1"]


def test_a_failed_removal_can_be_tried_again(prints: Prints) -> None:
    assert prints("""
callback = telling("a")
conn.domainEventRegister(callback, "mine")
fail()
show(raised(conn.domainEventDeregister, callback), list(conn.domainEventCallbacks.values()), alive())
fire(LEGACY)
show(conn.domainEventDeregister(callback), alive())
""") == ["libvirtError ['mine'] 1", "a 5 3 mine", "None 0"]


def test_a_callback_that_raises_does_not_stop_the_others(prints: Prints) -> None:
    """Regression test: AttributeError was swallowed, and any other exception skipped the remaining callbacks."""
    assert prints("""
sys.excepthook = lambda kind, value, traceback: show(kind.__name__, traceback.tb_frame.f_code.co_name)
def broken(error):
    def callback(*arguments):
        raise error
    return callback
conn.domainEventRegister(broken(AttributeError()), None)
conn.domainEventRegister(broken(KeyError()), None)
conn.domainEventRegister(broken(SystemExit()), None)
conn.domainEventRegister(telling("last"), None)
try:
    fire(LEGACY)
except SystemExit:
    show("exit")
""") == ["AttributeError _callEach", "KeyError _callEach", "last 5 3 None", "exit"]


def test_sys_exit_in_a_legacy_callback_propagates(python_prints: PythonPrints) -> None:
    assert python_prints("""
import libvirt, sys
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")
conn.domainEventRegister(lambda *arguments: sys.exit(3), None)
conn.domainEventRegister(lambda *arguments: print("second"), None)
conn.lookupByName("test").destroy()
try:
    while True:
        libvirt.virEventRunDefaultImpl()
except SystemExit as error:
    print(error.code)
""") == ["second", "3"]


def test_a_callback_registers_another_during_an_event(prints: Prints) -> None:
    """Regression test: the dictionary grew while it was iterated over."""
    assert prints("""
def first(*arguments):
    show("first")
    conn.domainEventRegister(second, None)
second = telling("second")
conn.domainEventRegister(first, None)
fire(LEGACY)
fire(LEGACY)
""") == ["first", "first", "second 5 3 None"]


def test_a_callback_removes_itself_during_an_event(prints: Prints) -> None:
    assert prints("""
def first(*arguments):
    show("first", conn.domainEventDeregister(first))
conn.domainEventRegister(first, None)
conn.domainEventRegister(telling("second"), None)
fire(LEGACY)
fire(LEGACY)
""") == ["first None", "second 5 3 None", "second 5 3 None"]


def test_a_callback_removes_the_next_during_an_event(prints: Prints) -> None:
    """The removed callback is not called any more."""
    assert prints("""
second = telling("second")
def first(*arguments):
    show("first", conn.domainEventDeregister(second))
conn.domainEventRegister(first, None)
conn.domainEventRegister(second, None)
conn.domainEventRegister(telling("third"), None)
fire(LEGACY)
""") == ["first None", "third 5 3 None"]


def test_the_last_callback_removes_itself_during_an_event(prints: Prints) -> None:
    assert prints("""
def only(*arguments):
    show("only", conn.domainEventDeregister(only), hasattr(conn, "domainEventCallbacks"))
conn.domainEventRegister(only, None)
fire(LEGACY)
show(fire(LEGACY), alive())
""") == ["only None False", "0 0"]


def test_legacy_and_new_registrations_coexist(prints: Prints) -> None:
    assert prints("""
conn.domainEventRegister(telling("old"), None)
number = conn.domainEventRegisterAny(None, 0, telling("new"), None)
fire(LEGACY), fire(DOMAIN)
conn.domainEventDeregisterAny(number)
show(fire(LEGACY), alive())
""") == ["old 5 3 None", "new 5 3 None", "old 5 3 None", "1 1"]


def test_legacy_and_new_callbacks_get_the_same_event_of_the_test_driver(python_prints: PythonPrints) -> None:
    assert python_prints("""
import libvirt
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")
seen = []
conn.domainEventRegister(lambda *arguments: seen.append("old"), None)
conn.domainEventRegister(lambda *arguments: seen.append("old"), None)
conn.domainEventRegisterAny(None, 0, lambda *arguments: seen.append("new"), None)
conn.lookupByName("test").destroy()
while len(seen) < 3:
    libvirt.virEventRunDefaultImpl()
print(sorted(seen), conn.close())
""") == ["['new', 'old', 'old'] 0"]


def test_a_removed_callback_and_its_opaque_are_freed(prints: Prints) -> None:
    assert prints("""
callback, opaque = Thing(), Thing()
gone = weakref.ref(callback), weakref.ref(opaque), weakref.ref(conn)
conn.domainEventRegister(callback, opaque)
fire(LEGACY)
conn.domainEventDeregister(callback)
del callback, opaque, conn
gc.collect()
show([item() for item in gone])
""") == ["[None, None, None]"]
