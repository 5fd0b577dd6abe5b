# SPDX-License-Identifier: LGPL-2.1-or-later
"""A libvirtd for tests, with its own directories in place of the system's.

It runs in a mount namespace in which its directories are mounted over
/run/libvirt, /etc/libvirt and so on. Its sockets are accessible from outside,
in its own directory. Start it only inside tests/system/sandbox, which also ends
everything that this module does not end.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Set, Tuple, TypeVar, Union
from urllib.parse import urlencode

T = TypeVar("T")
Setting = Union[str, int, List[str]]

HOME = Path("/run/libvirt-python")
DEADLINE = 60

# The directories of a daemon, and where they are mounted. libvirt creates its own ones below /var/log and /var/cache.
PLACES = {"run": "/run/libvirt", "etc": "/etc/libvirt", "lib": "/var/lib/libvirt", "log": "/var/log",
          "cache": "/var/cache"}
# Shell code that puts certificates where libvirtd finds them by default; "{}" is a directory of links to them.
PKI = """mkdir -p "$0/upper" "$0/work" && \
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$0/upper,workdir=$0/work" /etc && \
mkdir -p /etc/pki && cp -R "{}"/. /etc/pki && """
START = "".join(f'mount --bind "$0/{name}" {place} && ' for name, place in PLACES.items()) + """\
hostname "$1" && shift && exec libvirtd --config "$0/libvirtd.conf" --pid-file "$0/run/libvirtd.pid" "$@"
"""

# No virtlogd, and no users or control groups that the machine would have to provide.
QEMU_CONF: Dict[str, Setting] = {"stdio_handler": "file", "security_driver": "none", "user": "root", "group": "root",
                                 "namespaces": [], "cgroup_controllers": [], "remember_owner": 0}
LIBVIRTD_CONF: Dict[str, Setting] = {"auth_unix_rw": "none", "auth_unix_ro": "none"}


def wait_until(condition: Callable[[], T], what: str = "it", deadline: float = DEADLINE) -> T:
    """Return the first true value of condition()."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"{what} did not happen within {deadline} seconds"
        time.sleep(0.01)


def processes() -> Set[int]:
    """Return the visible process IDs; inside the sandbox these are all processes started there."""
    return {int(entry) for entry in os.listdir("/proc") if entry.isdigit()}


def host_namespace(pid: int) -> Optional[int]:
    """Return the UTS namespace of a process, which QEMU and container controllers share with their daemon.

    Containers have mount namespaces of their own. Returns None if the process
    has ended.
    """
    try:
        return os.stat(f"/proc/{pid}/ns/uts").st_ino
    except OSError:  # the process has ended
        return None


def write_conf(path: Path, settings: Mapping[str, Setting]) -> None:
    def value(item: Setting) -> str:
        if isinstance(item, list):
            return "[" + ", ".join(map(value, item)) + "]"
        return f'"{item}"' if isinstance(item, str) else str(item)
    path.write_text("".join(f"{name} = {value(item)}\n" for name, item in settings.items()), encoding="utf-8")


class Daemon:
    """One libvirtd, which can be killed and started again with the same files.

    With a port, it counts as started only when it can be reached there, too;
    with admin, when its admin socket exists. pki is the directory that it uses
    as /etc/pki.
    """

    def __init__(self, name: str = "one", arguments: Sequence[str] = (), qemu: Optional[Mapping[str, Setting]] = None,
                 environment: Optional[Mapping[str, str]] = None, port: Optional[int] = None,
                 pki: Optional[Path] = None, admin: bool = False, **settings: Setting):
        self.name = name
        self.port = port
        self.admin = admin
        self.prepare = PKI.format(pki) if pki else ""
        self.arguments = arguments
        self.environment = environment or {}
        self.directory = HOME / name
        for place in PLACES:
            (self.directory / place).mkdir(parents=True, exist_ok=True)
        write_conf(self.directory / "etc" / "qemu.conf", {**QEMU_CONF, **(qemu or {})})
        write_conf(self.directory / "libvirtd.conf", {**LIBVIRTD_CONF, **settings})
        self.socket = self.directory / "run" / "libvirt-sock"
        self.admin_socket = self.directory / "run" / "libvirt-admin-sock"
        self.output = self.directory / "output"
        self.process: "Optional[subprocess.Popen[bytes]]" = None
        # One for each start; kept open so that the numbers are not reused.
        self.namespaces: List[int] = []

    def uri(self, driver: str = "qemu", path: str = "/system", readonly: bool = False, **parameters: str) -> str:
        sock = f"{self.socket}-ro" if readonly else str(self.socket)
        return f"{driver}+unix://{path}?{urlencode({'socket': sock, **parameters})}"

    def start(self) -> "Daemon":
        """Start the daemon and return when it accepts connections."""
        for left in (self.socket, self.admin_socket, Path(f"{self.socket}-ro")):
            left.unlink(missing_ok=True)
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "--uts", "sh", "-c", self.prepare + START, self.directory, self.name,
                 *self.arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                env={**os.environ, **self.environment})
        wait_until(self._answers, f"the start of {self.name}")
        self.namespaces.append(os.open(f"/proc/{self.process.pid}/ns/uts", os.O_RDONLY | os.O_CLOEXEC))
        return self

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output.read_text(encoding="utf-8", errors="replace")
        places: List[Tuple[int, Union[str, Tuple[str, int]]]] = [(socket.AF_UNIX, str(self.socket))]
        if self.admin:
            places.append((socket.AF_UNIX, str(self.admin_socket)))
        if self.port is not None:
            places.append((socket.AF_INET, ("127.0.0.1", self.port)))
        for family, address in places:
            with socket.socket(family) as client:
                try:
                    client.connect(address)
                except OSError:
                    return False
        return True

    def end(self, number: int = signal.SIGTERM) -> None:
        """End only the daemon; processes that it started continue."""
        if self.process is not None:
            self.process.send_signal(number)
            try:
                self.process.wait(DEADLINE)
            finally:
                self.process.kill()
                self.process = None

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def restart(self) -> "Daemon":
        self.kill()
        return self.start()

    def pause(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End the daemon and all processes that it started."""
        self.end()
        mine = {os.fstat(namespace).st_ino for namespace in self.namespaces}
        for pid in processes():
            if host_namespace(pid) in mine:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                wait_until(lambda: host_namespace(pid) not in mine, f"the end of process {pid}")
        while self.namespaces:
            os.close(self.namespaces.pop())

    def __enter__(self) -> "Daemon":
        return self.start()

    def __exit__(self, *unused: object) -> None:
        self.close()
