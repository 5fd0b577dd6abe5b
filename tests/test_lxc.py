# SPDX-License-Identifier: LGPL-2.1-or-later
"""Entering namespaces and security labels. libvirt does this without a driver, so a child process can stand in.

Each test runs in its own process, because it moves that process.
"""

import os

import pytest

from fixturetypes import PythonPrints

pytest.importorskip("libvirt_lxc")

START = """
import os, sys
import libvirt, libvirt_lxc
conn = libvirt.open("test:///default")
domain = conn.lookupByName("test")

def descriptors():
    "The open descriptors, without the one that lists them."
    found = set(map(int, os.listdir("/proc/self/fd")))
    return {number for number in found if os.path.lexists(f"/proc/self/fd/{number}")}

def error(function, *arguments):
    try:
        return function(*arguments)
    except libvirt.libvirtError as failed:
        return failed.code
"""
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may enter a namespace")


@root
def test_the_process_enters_a_namespace_and_returns(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
# A child process with its own host name stands in for a container.
up, down = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    import ctypes
    assert ctypes.CDLL(None, use_errno=True).unshare(0x04000000) == 0  # CLONE_NEWUTS
    import socket
    socket.sethostname("contained")
    os.write(up[1], b"x")
    os.read(down[0], 1)
    os._exit(0)
os.read(up[0], 1)
home = os.uname().nodename
namespace = os.open(f"/proc/{child}/ns/uts", os.O_RDONLY)
before = descriptors()
old = libvirt_lxc.lxcEnterNamespace(domain, [namespace], 0)
print(os.uname().nodename, descriptors() - before == set(old), len(old) > 3)
os.fstat(namespace)
uts = [number for number in old if os.readlink(f"/proc/self/fd/{number}").startswith("uts:")]
for number in libvirt_lxc.lxcEnterNamespace(domain, uts, 0) + old:
    os.close(number)
print(os.uname().nodename == home, descriptors() == before)
os.write(down[1], b"x")
os.waitpid(child, 0)
""") == ["contained True True", "True True"]


@root
def test_a_failure_leaves_no_descriptor_open(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
reading, writing = os.pipe()
before = descriptors()
# A number that libvirt itself does not open.
print(error(libvirt_lxc.lxcEnterNamespace, domain, [1000], 0) == libvirt.VIR_ERR_SYSTEM_ERROR)
print(error(libvirt_lxc.lxcEnterNamespace, domain, [], 0) == libvirt.VIR_ERR_INVALID_ARG)
print(error(libvirt_lxc.lxcEnterNamespace, domain, [reading], 1) == libvirt.VIR_ERR_INVALID_ARG)
print(descriptors() == before)
""") == ["True"] * 4


def test_a_label_of_the_model_none_changes_nothing(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
print(libvirt_lxc.lxcEnterSecurityLabel("none", "anything", 0))
print(libvirt_lxc.lxcEnterSecurityLabel(["none", "0"], ["anything", True], 0))
""") == ["['', False]"] * 2


def test_an_unknown_model_is_refused(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
print(error(libvirt_lxc.lxcEnterSecurityLabel, "odd", "anything", 0) == libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED)
print(error(libvirt_lxc.lxcEnterSecurityLabel, "none", "anything", 1) == libvirt.VIR_ERR_INVALID_ARG)
""") == ["True"] * 2
