# SPDX-License-Identifier: LGPL-2.1-or-later
"""A link to a daemon over TCP that a test can cut or silence, and what a program must notice then."""

import socket
import threading
import time
from typing import Callable, List, Type

import libvirt
import libvirtevents
import pytest
from libvirt_types import DomainLifecycleEvent


class Link:
    """Passes on what a client and a daemon send to each other."""

    def __init__(self, port: int):
        self.daemon = "127.0.0.1", port
        self.silent = False
        self.ends: List[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            ends = client, socket.create_connection(self.daemon)
            self.ends += ends
            for source, target in (ends, ends[::-1]):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    return
                if not self.silent:
                    target.sendall(data)
        except OSError:
            pass

    def silence(self) -> None:
        """Lose everything from now on, as a network that is down does."""
        self.silent = True

    def cut(self) -> None:
        """End all connections."""
        for end in self.ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, exc_type: Type[BaseException], *_: object) -> None:
        self.listener.close()
        self.cut()


def check_loss(uri: str, lose: Callable[[], None]) -> None:
    """Check that events end, and that calls fail and say why, after the network or the daemon is lost."""
    conn = libvirt.open(uri)
    conn.setKeepAlive(1, 2)
    with libvirtevents.events(conn, DomainLifecycleEvent) as received:
        domain = conn.lookupByName("test")
        domain.suspend()
        assert received.get(60).domain.name() == "test"
        domain.resume()
        lose()
        # The event that was sent before comes first, if it has arrived.
        deadline = time.monotonic() + 60
        with pytest.raises(libvirtevents.ConnectionLost) as lost:
            while time.monotonic() < deadline:
                assert received.get(60).event.name == "RESUMED"
        assert lost.value.connection_lost and lost.value.reason.name in ("EOF", "ERROR", "KEEPALIVE")
        for call in (conn.getHostname, domain.info, conn.listAllDomains):
            with pytest.raises(libvirt.libvirtError) as caught:
                call()
            assert caught.value.connection_lost, caught.value.err
    with pytest.raises(libvirt.libvirtError) as caught:
        libvirtevents.wait_for_event(conn, DomainLifecycleEvent, timeout=5)
    assert caught.value.connection_lost, caught.value.err
    conn.close()
