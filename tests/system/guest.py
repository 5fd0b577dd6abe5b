# SPDX-License-Identifier: LGPL-2.1-or-later
"""A tiny guest that boots within a second or two, and echoes what it receives on its serial port."""

import time
from pathlib import Path
from typing import Union

import libvirt

from daemon import wait_until

MIB = 1024 * 1024

# The guest sleeps until the next clock tick, then checks the port.
ECHO = bytes([
    0xfb,              # again: sti
    0xf4,              # hlt
    0xba, 0xfd, 0x03,  # look: mov dx, 0x3fd
    0xec,              # in al, dx
    0xa8, 0x01,        # test al, 1
    0x74, 0xf7,        # jz again
    0xb2, 0xf8,        # mov dl, 0xf8
    0xec,              # in al, dx
    0xee,              # out dx, al
    0xeb, 0xf2,        # jmp look
])
BOOT_SECTOR = ECHO.ljust(510, b"\0") + b"\x55\xaa"
# The address to which firmware loads a boot sector.
BOOT_ADDRESS = 0x7c00


def make_disk(path: Path, size: int = MIB) -> Path:
    """Create a raw disk from which the guest boots."""
    with open(path, "wb") as file:
        file.write(BOOT_SECTOR)
        file.truncate(size)
    return path


def disk_xml(path: Union[str, Path], kind: str = "raw", target: str = "vda", bus: str = "virtio",
             extra: str = "") -> str:
    return (f"<disk type='file' device='disk'><driver name='qemu' type='{kind}'/><source file='{path}'/>"
            f"<target dev='{target}' bus='{bus}'/>{extra}</disk>")


def domain_xml(*devices: str, name: str = "guest", extra: str = "", memory: int = 32, machine: str = "pc") -> str:
    return f"""<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>{memory}</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='{machine}'>hvm</type></os>
  <features><acpi/></features>
  <on_crash>preserve</on_crash>
  {extra}
  <devices>
    <controller type='usb' model='qemu-xhci'/>
    <serial type='pty'/>
    <console type='pty'><target type='serial'/></console>
    {''.join(devices)}
  </devices>
</domain>"""


class Console:
    """The guest's serial port, accessed through a stream."""

    def __init__(self, domain: libvirt.virDomain, flags: int = libvirt.VIR_DOMAIN_CONSOLE_FORCE):
        self.stream = domain.connect().newStream(libvirt.VIR_STREAM_NONBLOCK)
        domain.openConsole(None, self.stream, flags)
        self.seen = b""

    def look(self, text: bytes) -> bool:
        piece = self.stream.recv(1000)
        if piece != -2:
            assert piece, "the console was closed"
            self.seen += piece
        return text in self.seen

    def wait_for(self, text: bytes) -> None:
        wait_until(lambda: self.look(text), repr(text))

    def echo(self, text: bytes) -> None:
        """Wait until the guest echoes the text.

        Until it runs, the firmware consumes the input, so the text is sent
        again.
        """
        sent = [0.0]

        def answered() -> bool:
            if time.monotonic() - sent[0] > 1:
                self.stream.send(text)
                sent[0] = time.monotonic()
            return self.look(text)
        wait_until(answered, "an answer of the guest")
        # Everything that was sent before has been echoed before this.
        self.stream.send(b"<end>")
        self.wait_for(b"<end>")

    def close(self) -> None:
        self.stream.abort()

    def __enter__(self) -> "Console":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()


def check_alive(domain: libvirt.virDomain, text: bytes = b"hello") -> None:
    with Console(domain) as console:
        console.echo(text)
