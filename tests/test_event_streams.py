# SPDX-License-Identifier: LGPL-2.1-or-later
"""Event callbacks of non-blocking streams, with a fake libvirt that fires them."""

import pytest

from fake import firing
from fixturetypes import Prints


prints = firing.prints_after(firing.START + "stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)\n")


def test_a_stream_callback_is_called_when_the_stream_is_ready(prints: Prints) -> None:
    assert prints("""
opaque = object()
def ready(who, events, given):
    show(who is stream, events, given is opaque)
show(stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, ready, opaque), stream.cb is ready)
fire_stream(1), fire_stream(2)
show(stream.eventUpdateCallback(6 - 2 ** 31), fire_stream(1), fire_stream(2), fire_stream(-2 ** 31))
show(stream.eventRemoveCallback(), hasattr(stream, "cb"), fire_stream(2), stream_watchers())
""") == ["None True", "True 1 True", "True 2 True", "True -2147483648 True", "0 0 1 1", "0 False 0 0"]


def test_a_stream_has_one_callback(prints: Prints) -> None:
    assert prints("""
stream.eventAddCallback(1, lambda *arguments: show("first"), None)
show(raised(stream.eventAddCallback, 1, lambda *arguments: show("second"), None))
fire_stream(1)
stream.eventRemoveCallback()
show(raised(stream.eventRemoveCallback), raised(stream.eventUpdateCallback, 1))
stream.eventAddCallback(1, lambda *arguments: show("third"), None)
fire_stream(1)
""") == ["libvirtError", "first", "libvirtError libvirtError", "third"]


def test_the_destructor_does_not_remove_a_callback_again(prints: Prints) -> None:
    """Regression test: the destructor removed the callback again, and the error handler got libvirt's error."""
    assert prints("""
libvirt.registerErrorHandler(lambda ctx, error: show("error", error), None)
stream.eventAddCallback(1, Thing(), None)
stream.eventRemoveCallback()
calls()
del stream
gc.collect()
show(calls())
""") == ["[]"]


def test_a_stream_lives_as_long_as_its_callback(prints: Prints) -> None:
    assert prints("""
opaque = Thing()
references = weakref.ref(stream), weakref.ref(opaque)
stream.eventAddCallback(1, lambda *arguments: show("ready"), opaque)
del stream, opaque
gc.collect()
fire_stream(1)
references[0]().eventRemoveCallback()
gc.collect()
show([reference() for reference in references], stream_watchers())
""") == ["ready", "[None, None] 0"]


def test_a_callback_removes_itself(prints: Prints) -> None:
    assert prints("""
def ready(stream, events, opaque):
    show(stream.eventRemoveCallback(), hasattr(stream, "cb"))
opaque = Thing()
reference = weakref.ref(opaque)
stream.eventAddCallback(1, ready, opaque)
del opaque
fire_stream(1)
show(fire_stream(1), reference())
""") == ["0 False", "0 None"]


def test_a_callback_that_receives(prints: Prints) -> None:
    """Typical use: receive until nothing is left, then remove the callback and finish."""
    assert prints("""
script("data:ab block data:c")
def ready(stream, events, opaque):
    while True:
        data = stream.recv(10)
        if data == -2:
            return
        if not data:
            stream.eventRemoveCallback()
            stream.finish()
            return
        opaque.append(data)
received = []
stream.eventAddCallback(1, ready, received)
while fire_stream(1):
    pass
show(received, sent())
""") == ["[b'ab', b'c'] ['finished']"]


def test_a_failed_registration_keeps_nothing_alive(prints: Prints) -> None:
    assert prints("""
fail()
opaque = Thing()
references = weakref.ref(opaque), weakref.ref(stream)
show(raised(stream.eventAddCallback, 1, Thing(), opaque), hasattr(stream, "cb"), stream_watchers())
del opaque, stream
gc.collect()
show([reference() for reference in references])
""") == ["libvirtError False 0", "[None, None]"]


@pytest.mark.parametrize("call", ["eventAddCallback('1', None, None)", "eventUpdateCallback(2 ** 31)",
                                  "eventAddCallback(1, None)", "eventAddCallback()"])
def test_invalid_stream_arguments_are_refused(prints: Prints, call: str) -> None:
    assert prints(f"""
show(raised(lambda: stream.{call}) in ("TypeError", "OverflowError"), stream_watchers())
""") == ["True 0"]


def test_other_threads_run_during_a_stream_handler(prints: Prints) -> None:
    assert prints("""
script("data:a")
def receive(stream, data, opaque):
    thread = threading.Thread(target=show, args=("other",))
    thread.start()
    thread.join()
stream.recvAll(receive, None)
""") == ["other"]
