# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt_admin without a daemon: bound functions and signatures. tests/system/test_admin.py tests it with a daemon."""

import inspect
import os
import subprocess
import sys
from typing import List

import pytest

from api import descriptions
from conftest import TIMEOUT
from generator import apixml, checks, plan
from generator.bindings import modules

API = {**{version: found["libvirt_admin"] for version, found in descriptions.others().items()
          if "libvirt_admin" in found},
       **{"here": path for module, path in descriptions.here().items() if module == "libvirt_admin"}}
# Functions that manage memory in C, and those that are not methods.
INNER = {"virAdmConnectRef", "virAdmConnectClose", "virAdmServerFree", "virAdmClientFree"}

SIGNATURES = """
open(name=None, flags=0)
getVersion()
initialize()
virAdmConnect.close(self)
virAdmConnect.getLibVersion(self)
virAdmConnect.getLoggingFilters(self, flags=0)
virAdmConnect.getLoggingOutputs(self, flags=0)
virAdmConnect.getURI(self)
virAdmConnect.isAlive(self)
virAdmConnect.listServers(self, flags=0)
virAdmConnect.lookupServer(self, name, flags=0)
virAdmConnect.registerCloseCallback(self, cb, opaque)
virAdmConnect.setDaemonTimeout(self, timeout, flags=0)
virAdmConnect.setLoggingFilters(self, filters, flags=0)
virAdmConnect.setLoggingOutputs(self, outputs, flags=0)
virAdmConnect.unregisterCloseCallback(self)
virAdmServer.clientLimits(self, flags=0)
virAdmServer.connect(self)
virAdmServer.listClients(self, flags=0)
virAdmServer.lookupClient(self, id, flags=0)
virAdmServer.name(self)
virAdmServer.setClientLimits(self, params, flags=0)
virAdmServer.setThreadPoolParameters(self, params, flags=0)
virAdmServer.threadPoolParameters(self, flags=0)
virAdmServer.updateTlsFiles(self, flags=0)
virAdmClient.ID(self)
virAdmClient.close(self, flags=0)
virAdmClient.connect(self)
virAdmClient.info(self, flags=0)
virAdmClient.server(self)
virAdmClient.timestamp(self)
virAdmClient.transport(self)
"""
NEWER = {"virAdmConnect.setDaemonTimeout": 8006000}


@pytest.mark.parametrize("version", API)
def test_every_function_is_bound(version: str) -> None:
    api = apixml.read(API[version], "libvirt-admin")
    whole = plan.plan_module(modules.ALL["libvirt_admin"], api)
    checks.check(whole)
    assert whole.left_out == []
    assert {made.function.name for made in whole.plans} | INNER == set(api.functions)


@pytest.mark.parametrize("line", SIGNATURES.split("\n")[1:-1])
def test_names_and_signatures(line: str) -> None:
    libvirt_admin = pytest.importorskip("libvirt_admin")
    name, _, rest = line.partition("(")
    if NEWER.get(name, 0) > libvirt_admin.getVersion():
        pytest.skip("this libvirt does not have it")
    function = libvirt_admin
    for part in name.split("."):
        function = getattr(function, part)
    assert str(inspect.signature(function)) == "(" + rest
    assert len(function.__doc__) > 20


def run(code: str) -> List[str]:
    """Run code in its own process, because a process can use either libvirt or libvirt_admin, whichever comes first."""
    pytest.importorskip("libvirt_admin")
    done = subprocess.run([sys.executable, "-c", f"import libvirt_admin, libvirt\n{code}"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()


NOWHERE = "libvirtd:///system?socket=/nonexistent/socket"


def test_a_failure_is_a_libvirt_error() -> None:
    assert run(f"""
try:
    libvirt_admin.open({NOWHERE!r})
except libvirt.libvirtError as error:
    print(libvirt_admin.libvirtError is libvirt.libvirtError, "/nonexistent/socket" in str(error))
    print(error.get_error_code() == libvirt.VIR_ERR_SYSTEM_ERROR, error.get_error_domain() == libvirt.VIR_FROM_RPC)
for odd in (5, b"text", "a\\0b"):
    try:
        libvirt_admin.open(odd)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, "name" in str(error))
""") == ["True True", "True True", "TypeError True", "TypeError True", "ValueError True"]


@pytest.mark.parametrize("how", ["open", "openReadOnly"])
def test_libvirt_is_refused_after_libvirt_admin(how: str) -> None:
    """libvirt is refused even after a failed open, because that already chose libvirt_admin for the process."""
    assert run(f"""
try:
    libvirt_admin.open({NOWHERE!r})
except libvirt.libvirtError:
    pass
try:
    libvirt.{how}("test:///default")
except libvirt.libvirtError as error:
    print(error)
""") == ["this process has used libvirt_admin, and cannot open connections of libvirt any more"]


def test_libvirt_admin_is_refused_after_libvirt() -> None:
    assert run(f"""
conn = libvirt.open("test:///default")
conn.close()
for _ in range(2):
    try:
        libvirt_admin.open({NOWHERE!r})
    except libvirt.libvirtError as error:
        print(error)
print(libvirt.open("test:///default").getURI())
""") == ["this process has opened connections of libvirt, and cannot use libvirt_admin any more"] * 2 + [
        "test:///default"]


def test_threads_can_open_admin_connections_concurrently() -> None:
    """Regression test: a second thread that opened at the same time was taken for a use of libvirt and refused."""
    assert run("""
import threading, time
import libvirtmod_admin
taken, errors = [], []
def is_taken():
    found = bool(taken)
    time.sleep(0.2)
    return found or bool(taken)
def take(name, flags):
    taken.append(name)
libvirtmod_admin._isTaken, libvirtmod_admin.virAdmConnectOpen = is_taken, take
def work():
    try:
        libvirt_admin.open("any")
    except libvirt.libvirtError as error:
        errors.append(str(error))
threads = [threading.Thread(target=work) for _ in range(2)]
threads[0].start()
time.sleep(0.1)
threads[1].start()
for thread in threads:
    thread.join()
print(taken, errors)
""") == ["['any', 'any'] ['virAdmConnectOpen() failed', 'virAdmConnectOpen() failed']"]


def test_a_close_callback_must_be_callable() -> None:
    """The callback is checked before anything else, even before the object."""
    libvirt_admin = pytest.importorskip("libvirt_admin")
    with pytest.raises(TypeError) as caught:
        libvirt_admin.virAdmConnect.registerCloseCallback(None, None, None)
    assert str(caught.value) == "virAdmConnect.registerCloseCallback(): argument 'cb' must be callable, not None"


def test_functions_without_a_connection() -> None:
    version, again = run("print(libvirt_admin.getVersion())\nprint(libvirt.getVersion(), libvirt_admin.initialize())")
    assert again == f"{version} 0"


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="another build may leave the module out")
def test_ci_builds_the_module() -> None:
    assert run("print(libvirt_admin.VIR_SERVER_CLIENTS_MAX, libvirt_admin.VIR_CLIENT_TRANS_TLS)") == ["nclients_max 2"]
