# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams: data, holes and events, with a fake libvirt whose streams follow a script."""

import sys
from typing import List

import pytest

import libvirt
from checkers import without_leak_check
from fake import firing
from fixturetypes import PrintsWithArguments, PythonPrints

# receive() is a handler that records its arguments.
START = firing.START + """
stream = conn.newStream()
seen = []
def receive(*arguments):
    seen.append(arguments[1:])

# Return a handler that returns these values in turn, then b"".
def giving(*answers):
    left = list(answers)
    def handler(*arguments):
        seen.append(arguments[1:])
        return left.pop(0) if left else b""
    return handler

def raising(error):
    def handler(*arguments):
        raise error
    return handler

# Show the result or the exception, and what has reached the stream.
def tried(function, *arguments):
    try:
        show(function(*arguments), sent())
    except BaseException as error:
        show(type(error).__name__, error, sent())
"""


prints = firing.prints_after(START)


# --- single calls

def test_recv_returns_bytes_until_the_end(prints: PrintsWithArguments) -> None:
    assert prints("""
script("data:abcde data:fg")
show([stream.recv(3) for _ in range(5)])
""") == ["[b'abc', b'de', b'fg', b'', b'']"]


def test_recv_of_zero_bytes_consumes_nothing(prints: PrintsWithArguments) -> None:
    assert prints("""
script("data:abc")
show(stream.recv(0), stream.recv(10))
""") == ["b'' b'abc'"]


def test_recv_of_a_large_size_returns_what_is_available(prints: PrintsWithArguments) -> None:
    assert prints("""
script("data:abc zeros:300000 data:x")
show(stream.recv(100 * 1024 * 1024), len(stream.recv(1000000)), stream.recv(1000000))
""") == ["b'abc' 300000 b'x'"]


@pytest.mark.parametrize("call", ["recv", "recvFlags"])
@pytest.mark.parametrize("size", ["2 ** 31 - 1", "2 ** 31", "sys.maxsize"])
def test_a_large_size_does_not_allocate_more_than_one_call_returns(python_prints: PythonPrints, call: str,
                                                                   size: str) -> None:
    """Regression test: in Python's development mode, all of 2 GiB was filled before anything was received.

    tracemalloc itself does not free all of its memory, which LeakSanitizer would report.
    """
    assert python_prints(START + f"""
import sys, tracemalloc
script("zeros:3000000 data:x")
tracemalloc.start()
pieces = []
while not pieces or pieces[-1] != b"x":
    pieces.append(stream.{call}({size}))
show([len(piece) for piece in pieces])
show(tracemalloc.get_traced_memory()[1] < 3000000 + 2 * 1024 * 1024)
""", **without_leak_check(firing.environment())) == ["[1048576, 1048576, 902848, 1]", "True"]


def test_a_stream_that_would_block_returns_minus_two(prints: PrintsWithArguments) -> None:
    assert prints("""
script("block data:a block")
show(stream.recv(9), stream.recv(9), stream.recv(9), stream.recv(9))
script("block block")
show(stream.recvFlags(9), stream.send(b"x"))
""") == ["-2 b'a' -2 b''", "-2 -2"]


def test_a_failure_raises_the_error_of_libvirt(prints: PrintsWithArguments) -> None:
    assert prints("""
for call in (lambda: stream.recv(9), lambda: stream.recvFlags(9), lambda: stream.send(b"x"), lambda: stream.recvHole(),
             lambda: stream.sendHole(5), stream.finish, stream.abort):
    script("fail")
    try:
        call()
    except libvirt.libvirtError as error:
        show(error.err is not None)
""") == ["True"] * 7


@pytest.mark.parametrize("call", ["recv", "recvFlags"])
@pytest.mark.parametrize("size, error", [
    ("-1", "ValueError"), ("-2 ** 31", "ValueError"), ("-2 ** 63", "ValueError"),
    (f"{sys.maxsize} + 1", "OverflowError"), ("-2 ** 63 - 1", "OverflowError"), ("2 ** 64", "OverflowError"),
    ("1.5", "TypeError"), ("'1'", "TypeError"), ("None", "TypeError")])
def test_invalid_sizes_are_refused(prints: PrintsWithArguments, call: str, size: str, error: str) -> None:
    """Regression test: a negative size overflowed a buffer of one byte."""
    assert prints(f"""
script("data:abc")
show(raised(stream.{call}, {size}), stream.recv(10))
""") == [f"{error} b'abc'"]


def test_a_size_can_be_any_integer_like_object(prints: PrintsWithArguments) -> None:
    assert prints("""
class Number:
    def __index__(self):
        return 2
script("data:abcd")
show(stream.recv(Number()), stream.recv(True))
""") == ["b'ab' b'c'"]


def test_recv_flags_stops_at_a_hole_when_asked(prints: PrintsWithArguments) -> None:
    assert prints("""
script("data:ab hole:5000000000 data:c")
show(stream.recvFlags(9, 1), stream.recvFlags(9, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE), stream.recvHole())
show(stream.recvFlags(9, flags=1), stream.recvFlags(nbytes=9))
""") == ["b'ab' -3 5000000000", "b'c' b''"]


def test_send_returns_the_number_of_bytes_taken(prints: PrintsWithArguments) -> None:
    assert prints("""
script("room:2 room:0")
show(stream.send(b"abcd"), stream.send(b"xyz"), stream.send(b"rest"), stream.send(b""), sent())
""") == ["2 0 4 0 ['ab', 'rest']"]


@pytest.mark.parametrize("data", [
    "b'abc'", "bytearray(b'abc')", "memoryview(b'xabcx')[1:4]", "memoryview(b'abc').cast('b')",
    "__import__('array').array('B', b'abc')", "(__import__('ctypes').c_char * 3)(*b'abc')",
    "type('Mine', (bytes,), {})(b'abc')"])
def test_send_accepts_any_buffer(prints: PrintsWithArguments, data: str) -> None:
    assert prints(f"""
script("")
show(stream.send({data}), sent())
""") == ["3 ['abc']"]


@pytest.mark.parametrize("data", ["'abc'", "None", "5", "[1, 2]", "object()", "memoryview(b'abcdef')[::2]"])
def test_send_refuses_everything_else(prints: PrintsWithArguments, data: str) -> None:
    """Regression test: libvirt was called with NULL."""
    error = "BufferError" if "memoryview" in data else "TypeError"
    assert prints(f"""
script("")
show(raised(stream.send, {data}), sent())
""") == [f"{error} []"]


def test_a_sent_bytearray_can_be_resized_again(prints: PrintsWithArguments) -> None:
    """The buffer is locked only while libvirt reads it."""
    assert prints("""
script("room:1 fail")
data = bytearray(b"abc")
show(stream.send(data))
data.append(1)
show(raised(stream.send, data))
data.append(2)
show(len(data))
""") == ["1", "libvirtError", "5"]


@pytest.mark.parametrize("length, error", [("2 ** 63", "OverflowError"), ("'5'", "TypeError"), ("1.0", "TypeError")])
def test_hole_lengths_are_range_checked(prints: PrintsWithArguments, length: str, error: str) -> None:
    assert prints(f"""
script("")
show(stream.sendHole(2 ** 63 - 1), stream.sendHole(0, 0), raised(stream.sendHole, {length}), sent())
""") == [f"0 0 {error} ['hole:9223372036854775807', 'hole:0']"]


def test_a_call_on_a_freed_stream_raises(prints: PrintsWithArguments) -> None:
    assert prints("""
libvirtmod.virStreamFree(stream._o)
show([raised(call) for call in (lambda: stream.recv(1), lambda: stream.send(b"x"), stream.finish)])
""") == ["['libvirtError', 'libvirtError', 'libvirtError']"]


# --- streams as context managers

@pytest.mark.parametrize("body, reached", [
    ("part.send(b'abc')", ["abc", "finished"]),
    ("pass", ["finished"]),
    ("part.finish()", ["finished"]),
    ("part.abort()", ["aborted"]),
    ("part.finish(); part = None", ["finished"]),
])
def test_a_with_block_finishes_the_stream_unless_it_was_ended(prints: PrintsWithArguments, body: str,
                                                              reached: List[str]) -> None:
    assert prints(f"""
script("")
with stream as part:
    assert part is stream
    {body}
show(sent())
""") == [str(reached)]


@pytest.mark.parametrize("body, reached", [
    ("raise KeyError('mine')", ["aborted"]),
    ("raise KeyboardInterrupt", ["aborted"]),
    ("stream.finish(); raise KeyError('mine')", ["finished"]),
    ("stream.abort(); raise KeyError('mine')", ["aborted"]),
    ("stream.sendAll(raising(KeyError('mine')), None)", ["aborted"]),
])
def test_an_exception_in_a_with_block_aborts_the_stream(prints: PrintsWithArguments, body: str,
                                                        reached: List[str]) -> None:
    assert prints(f"""
script("")
try:
    with stream:
        {body}
except (KeyError, KeyboardInterrupt):
    show(sent())
""") == [str(reached)]


def test_a_with_block_with_an_unused_stream(conn: libvirt.virConnect) -> None:
    """Such a stream cannot be finished; libvirt reports this as not supported."""
    stream = conn.newStream()
    with pytest.raises(libvirt.libvirtError.NoSupportError):
        stream.finish()
    with conn.newStream():
        pass
    with pytest.raises(KeyError), conn.newStream():
        raise KeyError("mine")


def test_a_with_block_raises_if_finish_fails(prints: PrintsWithArguments) -> None:
    assert prints("""
libvirtmod.virStreamFinish = lambda handle: -1
try:
    with stream:
        pass
except libvirt.libvirtError as error:
    show(error)
""") == ["virStreamFinish() failed"]


# --- recvAll and sendAll

def test_recv_all_passes_each_piece_to_the_handler(prints: PrintsWithArguments) -> None:
    assert prints("""
script("data:ab data:c zeros:300000")
show(stream.recvAll(receive, "mine"))
show([(len(data), type(data).__name__, opaque) for data, opaque in seen], sent())
""") == ["None", "[(2, 'bytes', 'mine'), (1, 'bytes', 'mine'), (262120, 'bytes', 'mine'), (37880, 'bytes', 'mine')] []"]


def test_the_first_argument_of_a_handler_is_the_stream(prints: PrintsWithArguments) -> None:
    assert prints("""
def handler(*arguments):
    show(arguments[0] is stream, *arguments[1:])
    return b""
sections = [(False, 5), (True, 7)]
def section(*arguments):
    handler(*arguments)
    return sections.pop(0)
script("data:ab")
stream.recvAll(handler, 1)
script("data:ab hole:3")
stream.sparseRecvAll(handler, handler, 2)
script("")
stream.sendAll(handler, 3)
stream.sparseSendAll(handler, section, lambda *arguments: handler(*arguments) and None, 4)
""") == ["True b'ab' 1", "True b'ab' 2", "True 3 2", "True 262120 3", "True 4", "True 5 4", "True 4", "True 7 4"]


def test_the_size_of_a_piece_is_an_attribute_of_the_class(prints: PrintsWithArguments) -> None:
    assert prints("""
libvirt.virStorageVol.streamBufSize = 2
script("data:abcde")
stream.recvAll(receive, None)
show(seen)
script("")
stream.sendAll(giving(b"abc"), None)
show(seen[-1], sent())
""") == ["[(b'ab', None), (b'cd', None), (b'e', None)]", "(2, None) ['abc']"]


@pytest.mark.parametrize("answer", ["None", "0", "5", "'text'", "True", "b''"])
def test_other_return_values_of_a_receive_handler_are_ignored(prints: PrintsWithArguments, answer: str) -> None:
    assert prints(f"""
script("data:a data:b")
tried(stream.recvAll, lambda *arguments: {answer}, None)
""") == ["None []"]


LOOPS = {
    "recvAll": "stream.recvAll({}, None)",
    "sendAll": "stream.sendAll({}, None)",
    "sparseRecvAll": "stream.sparseRecvAll({}, receive, None)",
    "sparseRecvAll, holes": "stream.sparseRecvAll(receive, {}, None)",
    "sparseSendAll": "stream.sparseSendAll({}, lambda *arguments: (True, 5), receive, None)",
    "sparseSendAll, holes": "stream.sparseSendAll(receive, {}, receive, None)",
    "sparseSendAll, skip": "stream.sparseSendAll(receive, lambda *arguments: (False, 5), {}, None)",
}
# The handler that the exception for a negative number names.
NAMES = {"sparseRecvAll, holes": "holeHandler", "sparseSendAll, holes": "holeHandler",
         "sparseSendAll, skip": "skipHandler"}


def script_for(loop: str) -> str:
    """Return a script that makes the stream call the handler in question."""
    return "hole:5" if loop == "sparseRecvAll, holes" else "data:abc" if "ecv" in loop else ""


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("error", ["KeyError('mine')", "SystemExit(3)", "KeyboardInterrupt('mine')"])
def test_a_handler_that_raises_aborts_the_stream(prints: PrintsWithArguments, loop: str, error: str) -> None:
    call = LOOPS[loop].format(f"raising({error})")
    hole = ["hole:5"] if "skip" in loop else []
    name = error.partition("(")[0]
    text = {"KeyError": "'mine'", "SystemExit": "3", "KeyboardInterrupt": "mine"}[name]
    assert prints(f"""
script({script_for(loop)!r})
tried(lambda: {call})
""") == [f"{name} {text} {[*hole, 'aborted']}"]


@pytest.mark.parametrize("loop", LOOPS)
def test_a_handler_that_returns_a_negative_number_aborts_the_stream(prints: PrintsWithArguments, loop: str) -> None:
    call = LOOPS[loop].format("lambda *arguments: -7")
    hole = ["hole:5"] if "skip" in loop else []
    assert prints(f"""
script({script_for(loop)!r})
tried(lambda: {call})
""") == [f"RuntimeError {NAMES.get(loop, loop)} handler returned -7 {[*hole, 'aborted']}"]


@pytest.mark.parametrize("loop", ["recvAll", "sendAll"])
def test_an_abort_that_fails_does_not_hide_the_exception(prints: PrintsWithArguments, loop: str) -> None:
    script = "data:abc fail" if loop == "recvAll" else "fail"
    assert prints(f"""
script({script!r})
tried(stream.{loop}, raising(KeyError("mine")), None)
""") == ["KeyError 'mine' ['aborted']"]


@pytest.mark.parametrize("loop, call", [
    ("recvAll", "stream.recvAll(receive, None)"), ("sendAll", "stream.sendAll(giving(b'x'), None)"),
    ("sparseRecvAll", "stream.sparseRecvAll(receive, receive, None)"),
    ("sparseSendAll", "stream.sparseSendAll(giving(b'x'), lambda *arguments: (True, 5), receive, None)")])
def test_a_nonblocking_stream_is_refused(prints: PrintsWithArguments, loop: str, call: str) -> None:
    assert prints(f"""
script("block")
tried(lambda: {call})
""") == [f"libvirtError cannot use {loop} with nonblocking stream []"]


@pytest.mark.parametrize("call", [
    "stream.recvAll(receive, None)", "stream.sendAll(giving(b'x'), None)",
    "stream.sparseRecvAll(receive, receive, None)",
    "stream.sparseSendAll(giving(b'x'), lambda *arguments: (True, 5), receive, None)",
    "stream.sparseSendAll(receive, lambda *arguments: (False, 5), receive, None)"])
def test_a_failure_of_the_stream_raises_without_abort(prints: PrintsWithArguments, call: str) -> None:
    """libvirt has already ended the stream."""
    assert prints(f"""
script("fail")
show(raised(lambda: {call}), "aborted" in sent())
""") == ["libvirtError False"]


def test_send_all_sends_what_the_handler_returns(prints: PrintsWithArguments) -> None:
    assert prints("""
script("")
tried(stream.sendAll, giving(b"abc", bytearray(b"de"), memoryview(b"f")), "mine")
show(seen)
""") == ["None ['abc', 'de', 'f']", str([(262120, "mine")] * 4)]


def test_the_rest_of_a_short_write_is_sent_again(prints: PrintsWithArguments) -> None:
    """Regression test: the rest was lost."""
    assert prints("""
script("room:2 room:1 room:0 room:3")
tried(stream.sendAll, giving(b"abcdefgh", b"ij"), None)
script("room:2 room:1")
tried(lambda: stream.sparseSendAll(giving(b"abcdef"), lambda *arguments: (True, 6), receive, None))
""") == ["None ['ab', 'c', 'def', 'gh', 'ij']", "None ['ab', 'c', 'def']"]


def test_a_buffer_of_larger_items_is_sent_byte_by_byte(prints: PrintsWithArguments) -> None:
    assert prints("""
import array
script("room:3 room:2")
tried(stream.sendAll, giving(array.array("I", [0x64636261, 0x68676665])), None)
""") == ["None ['abc', 'de', 'fgh']"]


@pytest.mark.parametrize("end", ["b''", "None", "0", "False", "bytearray()", "''"])
def test_an_empty_result_of_a_send_handler_ends_the_stream(prints: PrintsWithArguments, end: str) -> None:
    assert prints(f"""
script("")
tried(stream.sendAll, lambda *arguments: {end}, None)
""") == ["None []"]


@pytest.mark.parametrize("answer", ["'text'", "5", "object()", "[1]"])
def test_a_result_of_a_send_handler_must_be_bytes_like(prints: PrintsWithArguments, answer: str) -> None:
    assert prints(f"""
script("")
tried(stream.sendAll, lambda *arguments: {answer}, None)
""")[0].startswith("TypeError ")


# --- holes

def test_sparse_recv_all_separates_data_and_holes(prints: PrintsWithArguments) -> None:
    assert prints("""
script("hole:5000000000 data:abc hole:7 hole:8 data:d")
tried(stream.sparseRecvAll, receive, lambda *arguments: seen.append(("hole", *arguments[1:])), "mine")
show(seen)
""") == ["None []", "[('hole', 5000000000, 'mine'), (b'abc', 'mine'), ('hole', 7, 'mine'), ('hole', 8, 'mine'), "
         "(b'd', 'mine')]"]


@pytest.mark.parametrize("answer, error", [("5", "ValueError 5"), ("'text'", "TypeError <class 'str'>")])
def test_an_unknown_result_of_recv_flags_is_refused(prints: PrintsWithArguments, answer: str, error: str) -> None:
    """A mocked C function may return this; libvirt itself returns only -1, -2 and -3."""
    assert prints(f"""
script("")
libvirtmod.virStreamRecvFlags = lambda stream, nbytes, flags: {answer}
tried(stream.sparseRecvAll, receive, receive, None)
""") == [f"{error} []"]


def test_sparse_send_all_sends_data_and_holes(prints: PrintsWithArguments) -> None:
    assert prints("""
sections = [(False, 5000000000), (True, 3), (False, 7), (False, 0)]
script("")
tried(stream.sparseSendAll, giving(b"abc"), lambda *arguments: sections.pop(0),
      lambda *arguments: seen.append(("skip", *arguments[1:])), "mine")
show(seen)
""") == ["None ['hole:5000000000', 'abc', 'hole:7']",
         "[('skip', 5000000000, 'mine'), (3, 'mine'), ('skip', 7, 'mine'), (0, 'mine')]"]


def test_a_section_larger_than_a_piece_is_asked_for_piece_by_piece(prints: PrintsWithArguments) -> None:
    assert prints("""
script("")
tried(stream.sparseSendAll, giving(b"a"), lambda *arguments: (True, 10 ** 6), receive, None)
show(seen)
""") == ["None ['a']", "[(262120, None), (262120, None)]"]


@pytest.mark.parametrize("answer, error", [
    ("5", "TypeError"), ("None", "TypeError"), ("(True,)", "ValueError"), ("(True, 1, 2)", "ValueError"),
    ("(False, 'x')", "TypeError"), ("[False, 0]", "None"), ("iter((False, 0))", "None")])
def test_a_hole_handler_must_return_two_values(prints: PrintsWithArguments, answer: str, error: str) -> None:
    assert prints(f"""
script("")
tried(stream.sparseSendAll, giving(), lambda *arguments: {answer}, receive, None)
""")[0].split()[0] == error
