# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connect this terminal to the console of a domain. Press Ctrl-] to exit.

    python3 console.py URI DOMAIN
"""

import contextlib
import os
import sys
import termios
import tty
from typing import Iterator, Optional

import libvirt

ESCAPE = b"\x1d"  # Ctrl-]
AT_ONCE = 4096


class Console:
    """Copy data from the terminal to the stream and back, without blocking."""

    def __init__(self, stream: libvirt.virStream) -> None:
        self.stream = stream
        self.typed = b""
        self.running = True
        self.watch = libvirt.virEventAddHandle(0, libvirt.VIR_EVENT_HANDLE_READABLE, self.on_input, None)
        stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE | libvirt.VIR_STREAM_EVENT_ERROR
                                | libvirt.VIR_STREAM_EVENT_HANGUP, self.on_stream, None)

    def on_input(self, watch: int, fd: int, events: int, opaque: None) -> None:
        data = os.read(0, AT_ONCE)
        if not data or ESCAPE in data:
            data = data.partition(ESCAPE)[0]
            libvirt.virEventRemoveHandle(self.watch)
            self.running = False
        self.typed += data
        self.send()

    def on_stream(self, stream: libvirt.virStream, events: int, opaque: None) -> None:
        if events & libvirt.VIR_STREAM_EVENT_WRITABLE:
            self.send()
        if events & libvirt.VIR_STREAM_EVENT_READABLE:
            data = stream.recv(AT_ONCE)
            # -2: no data is available yet.  b"": the domain has closed the console.
            if data == b"":
                self.running = False
            elif isinstance(data, bytes):
                os.write(1, data)
        elif events & (libvirt.VIR_STREAM_EVENT_ERROR | libvirt.VIR_STREAM_EVENT_HANGUP):
            self.running = False

    def send(self) -> None:
        if self.typed:
            sent = self.stream.send(self.typed)
            self.typed = self.typed[max(sent, 0):]
        wanted = libvirt.VIR_STREAM_EVENT_READABLE | libvirt.VIR_STREAM_EVENT_ERROR | libvirt.VIR_STREAM_EVENT_HANGUP
        # If some bytes were not sent, ask for an event when the stream can take more.
        self.stream.eventUpdateCallback(wanted | (libvirt.VIR_STREAM_EVENT_WRITABLE if self.typed else 0))

    def run(self) -> None:
        while self.running:
            libvirt.virEventRunDefaultImpl()
        self.stream.eventRemoveCallback()


@contextlib.contextmanager
def raw_terminal() -> Iterator[None]:
    """Set the terminal to raw mode, so that every key goes to the guest, even Ctrl-C."""
    if not os.isatty(0):
        yield
        return
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def main(uri: str, name: str) -> Optional[str]:
    libvirt.virEventRegisterDefaultImpl()
    try:
        with libvirt.open(uri) as conn:
            stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
            conn.lookupByName(name).openConsole(None, stream, libvirt.VIR_DOMAIN_CONSOLE_FORCE)
            print("Press Ctrl-] to exit", flush=True)
            with raw_terminal():
                Console(stream).run()
            stream.abort()
    except libvirt.libvirtError as error:
        return f"console: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
