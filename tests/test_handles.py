# SPDX-License-Identifier: LGPL-2.1-or-later
"""Handles: a capsule owns one reference to its libvirt object and releases it exactly once."""

import gc
import itertools
import pickle
import weakref
from typing import Callable, Dict, Iterator
from unittest import mock

import pytest

import libvirt
import libvirtmod
from fixturetypes import PythonPrints, RunPython

URI = "test:///default"
INVALID = {
    "virConnect": libvirt.VIR_ERR_INVALID_CONN, "virDomain": libvirt.VIR_ERR_INVALID_DOMAIN,
    "virNetwork": libvirt.VIR_ERR_INVALID_NETWORK, "virInterface": libvirt.VIR_ERR_INVALID_INTERFACE,
    "virStoragePool": libvirt.VIR_ERR_INVALID_STORAGE_POOL, "virNodeDevice": libvirt.VIR_ERR_INVALID_NODE_DEVICE,
    "virStream": libvirt.VIR_ERR_INVALID_STREAM, "virDomainSnapshot": libvirt.VIR_ERR_INVALID_DOMAIN_SNAPSHOT,
}
CLASSES = ("virConnect", "virDomain", "virNetwork", "virNetworkPort", "virInterface", "virStoragePool", "virStorageVol",
           "virNodeDevice", "virSecret", "virNWFilter", "virNWFilterBinding", "virStream", "virDomainCheckpoint",
           "virDomainSnapshot")

# Unique names for snapshots, which exist as long as any connection is open.
NUMBER = itertools.count()

# Functions that return a capsule of each kind, with the test driver.
MAKERS: Dict[str, Callable[[object], object]] = {
    "virDomain": lambda conn: libvirtmod.virDomainLookupByName(conn, "test"),
    "virNetwork": lambda conn: libvirtmod.virNetworkLookupByName(conn, "default"),
    "virInterface": lambda conn: libvirtmod.virInterfaceLookupByName(conn, "eth1"),
    "virStoragePool": lambda conn: libvirtmod.virStoragePoolLookupByName(conn, "default-pool"),
    "virNodeDevice": lambda conn: libvirtmod.virNodeDeviceLookupByName(conn, "computer"),
    "virStream": lambda conn: libvirtmod.virStreamNew(conn, 0),
    "virDomainSnapshot": lambda conn: libvirtmod.virDomainSnapshotCreateXML(
        libvirtmod.virDomainLookupByName(conn, "test"),
        f"<domainsnapshot><name>{next(NUMBER)}</name></domainsnapshot>", 0),
}


@pytest.fixture
def raw() -> object:
    """The capsule of a connection, which the test must close."""
    capsule = libvirtmod.virConnectOpen(URI)
    assert type(capsule).__name__ == "PyCapsule"
    return capsule


def code_of(function: Callable[..., object], *arguments: object) -> int:
    """Return the code of the libvirtError that a call raises."""
    with pytest.raises(libvirt.libvirtError) as caught:
        function(*arguments)
    code: int = caught.value.get_error_code()
    return code


# --- a capsule owns its reference -------------------------------------------

@pytest.mark.parametrize("kind", MAKERS)
def test_dropping_a_capsule_frees_its_object(raw: object, kind: str) -> None:
    """Regression test: capsules owned nothing, so that a handle that never got into a wrapper leaked."""
    MAKERS[kind](raw)
    assert libvirtmod.virConnectClose(raw) == 0


@pytest.mark.parametrize("kind", MAKERS)
def test_a_capsule_keeps_its_object_alive(raw: object, kind: str) -> None:
    capsule = MAKERS[kind](raw)
    assert capsule is not None
    assert libvirtmod.virConnectClose(raw) == 1


def test_dropping_a_list_frees_its_objects(raw: object) -> None:
    libvirtmod.virConnectListAllDomains(raw, 0)
    libvirtmod.virConnectListAllNodeDevices(raw, 0)
    libvirtmod.virConnectListAllStoragePools(raw, 0)
    assert libvirtmod.virConnectClose(raw) == 0


def test_one_object_of_a_list_stays_alive(raw: object) -> None:
    last = libvirtmod.virConnectListAllNodeDevices(raw, 0).pop()
    assert libvirtmod.virNodeDeviceGetName(last)
    assert libvirtmod.virConnectClose(raw) == 1


def test_dropping_a_wrapper_frees_its_handle(conn: libvirt.virConnect) -> None:
    conn.lookupByName("test")
    assert conn.close() == 0


def test_objects_in_a_reference_cycle_are_freed_by_the_collector(conn: libvirt.virConnect) -> None:
    cycle = [conn.lookupByName("test")]
    cycle.append(cycle)
    cycle[0].itself = cycle
    del cycle
    gc.collect()
    assert conn.close() == 0


def test_a_capsule_in_a_reference_cycle_is_freed_by_the_collector(raw: object) -> None:
    cycle = [libvirtmod.virDomainLookupByName(raw, "test")]
    cycle.append(cycle)
    del cycle
    gc.collect()
    assert libvirtmod.virConnectClose(raw) == 0


def test_dropping_a_connection_closes_it(python_prints: PythonPrints) -> None:
    """The test driver discards new domains when its last connection is closed."""
    assert python_prints(f"""
import libvirt
conn = libvirt.open("{URI}")
conn.defineXML("<domain type='test'><name>new</name><memory>1024</memory><os><type>hvm</type></os></domain>")
del conn
print([domain.name() for domain in libvirt.open("{URI}").listAllDomains()])
""") == ["['test']"]


def test_a_wrapper_without_its_capsule_frees_nothing(raw: object) -> None:
    """Tests of other programs set _o to None while a mock still holds the capsule."""
    conn = libvirt.virConnect(raw)
    domain = conn.lookupByName("test")
    spy = mock.Mock()
    spy(domain._o)
    domain._o = None
    del domain
    gc.collect()
    assert libvirtmod.virDomainGetName(spy.call_args[0][0]) == "test"
    del spy
    gc.collect()  # a mock is a reference cycle
    assert conn.close() == 0


def test_a_capsule_in_two_wrappers_is_freed_once(conn: libvirt.virConnect) -> None:
    """Regression test: each of the two wrappers freed the capsule."""
    capsule = libvirtmod.virDomainLookupByName(conn._o, "test")
    first, second = libvirt.virDomain(conn, capsule), libvirt.virDomain(conn, _obj=capsule)
    del capsule, first
    gc.collect()
    assert second.name() == "test"
    assert second.info()[0] == libvirt.VIR_DOMAIN_RUNNING
    del second
    assert conn.close() == 0


def test_a_failing_constructor_does_not_leak_its_handle(raw: object) -> None:
    with pytest.raises(AttributeError):
        libvirt.virDomainSnapshot(None, libvirtmod.virDomainLookupByName(raw, "test"))
    gc.collect()
    assert libvirtmod.virConnectClose(raw) == 0


def test_a_refused_call_neither_frees_nor_leaks_its_handle(raw: object) -> None:
    domain = libvirtmod.virDomainLookupByName(raw, "test")
    for arguments in ((domain,), (domain, "0"), (domain, 2 ** 32)):
        with pytest.raises((TypeError, OverflowError)):
            libvirtmod.virDomainGetXMLDesc(*arguments)
    assert libvirtmod.virDomainGetName(domain) == "test"
    del domain, arguments
    gc.collect()
    assert libvirtmod.virConnectClose(raw) == 0


@pytest.mark.parametrize("family", ["Domain", "Network", "StoragePool", "NodeDevice", "Secret"])
def test_a_registration_that_is_refused_holds_nothing(raw: object, family: str) -> None:
    register = getattr(libvirtmod, f"virConnect{family}EventRegisterAny")
    with pytest.raises(TypeError):
        register(raw, 5, 0, {})
    for number in (-2 ** 31 - 1, 2 ** 31):
        with pytest.raises(OverflowError):
            register(raw, None, number, {})
    assert register(raw, None, 1000, {}) == -1
    assert libvirtmod.virConnectClose(raw) == 0


def test_a_refused_monitor_registration_holds_nothing(raw: object) -> None:
    module = pytest.importorskip("libvirtmod_qemu")
    with pytest.raises(TypeError):
        module.virConnectDomainQemuMonitorEventRegister(raw, 5, None, {}, 0)
    assert libvirtmod.virConnectClose(raw) == 0


def test_a_handle_of_this_process_is_not_inherited(raw: object) -> None:
    assert libvirtmod._isInherited(raw) is False
    assert libvirtmod._isInherited("no handle") is False
    libvirtmod.virConnectClose(raw)


def test_a_new_reference_is_independent(raw: object) -> None:
    other = libvirtmod._newReference(raw)
    for wrong in (None, 5, libvirtmod.virStreamNew(raw, 0)):
        with pytest.raises(TypeError, match=r"_newReference\(\) argument 'handle' must be virConnect"):
            libvirtmod._newReference(wrong)
    del wrong
    assert libvirtmod.virConnect_pointer(other) == libvirtmod.virConnect_pointer(raw)
    assert libvirtmod.virConnectClose(raw) == 1
    assert libvirtmod.virConnectClose(other) == 0
    assert code_of(libvirtmod._newReference, raw) == libvirt.VIR_ERR_INVALID_CONN


# --- releasing the reference -------------------------------------------------

@pytest.mark.parametrize("kind", MAKERS)
def test_free_detaches_the_object_from_the_capsule(raw: object, kind: str) -> None:
    capsule = MAKERS[kind](raw)
    assert getattr(libvirtmod, f"{kind}Free")(capsule) == 0
    del capsule  # must not free the object again
    assert libvirtmod.virConnectClose(raw) == 0


@pytest.mark.parametrize("kind", MAKERS)
def test_a_second_free_raises(raw: object, kind: str) -> None:
    """Regression test: this used freed memory."""
    capsule = MAKERS[kind](raw)
    free = getattr(libvirtmod, f"{kind}Free")
    free(capsule)
    assert code_of(free, capsule) == INVALID[kind]
    assert libvirtmod.virConnectClose(raw) == 0


@pytest.mark.parametrize("kind", ["virConnectClose", *(f"{kind}Free" for kind in MAKERS)])
def test_invalid_arguments_of_free_do_not_reach_libvirt(raw: object, kind: str) -> None:
    """libvirt would report an error for them."""
    free, reported = getattr(libvirtmod, kind), []
    wrong = MAKERS["virStream" if kind == "virDomainFree" else "virDomain"](raw)
    libvirt.registerErrorHandler(lambda context, error: reported.append(error), None)
    for arguments in ((), (raw, raw), (wrong,), ("x",)):
        with pytest.raises(TypeError):
            free(*arguments)
    libvirt.registerErrorHandler(None, None)
    assert reported == []
    del wrong, arguments
    assert libvirtmod.virConnectClose(raw) == 0


def test_a_second_close_of_a_capsule_raises(raw: object) -> None:
    libvirtmod.virConnectClose(raw)
    assert code_of(libvirtmod.virConnectClose, raw) == libvirt.VIR_ERR_INVALID_CONN


@pytest.mark.parametrize("kind", MAKERS)
def test_use_after_free_raises(raw: object, kind: str) -> None:
    capsule = MAKERS[kind](raw)
    getattr(libvirtmod, f"{kind}Free")(capsule)
    assert code_of(getattr(libvirtmod, f"{kind}_pointer"), capsule) == INVALID[kind]
    libvirtmod.virConnectClose(raw)


def test_the_error_of_a_freed_handle_names_the_class(raw: object) -> None:
    domain = libvirtmod.virDomainLookupByName(raw, "test")
    libvirtmod.virDomainFree(domain)
    with pytest.raises(libvirt.libvirtError) as caught:
        libvirtmod.virDomainGetInfo(domain)
    assert str(caught.value) == "the virDomain was freed"
    assert caught.value.get_error_level() == libvirt.VIR_ERR_ERROR
    assert len(caught.value.err) == 9
    libvirtmod.virConnectClose(raw)


def test_use_after_close_through_another_wrapper_raises(conn: libvirt.virConnect) -> None:
    other = libvirt.virConnect(conn._o)
    conn.close()
    assert code_of(other.getHostname) == libvirt.VIR_ERR_INVALID_CONN
    assert code_of(other.close) == libvirt.VIR_ERR_INVALID_CONN


def test_use_after_close_through_the_capsule_raises(conn: libvirt.virConnect) -> None:
    capsule = conn._o
    conn.close()
    assert code_of(libvirtmod.virConnectGetHostname, capsule) == libvirt.VIR_ERR_INVALID_CONN


def test_use_after_free_as_a_second_argument_raises(conn: libvirt.virConnect) -> None:
    stream = libvirtmod.virStreamNew(conn._o, 0)
    libvirtmod.virStreamFree(stream)
    domain = conn.lookupByName("test")
    assert code_of(libvirtmod.virDomainOpenConsole, domain._o, None, stream, 0) == libvirt.VIR_ERR_INVALID_STREAM


def test_use_after_free_through_the_wrapper_raises(domain: libvirt.virDomain) -> None:
    libvirtmod.virDomainFree(domain._o)
    assert code_of(domain.name) == libvirt.VIR_ERR_INVALID_DOMAIN
    assert code_of(domain.info) == libvirt.VIR_ERR_INVALID_DOMAIN


def test_close_leaves_no_handle_behind(conn: libvirt.virConnect) -> None:
    assert conn.close() == 0
    assert conn._o is None


def test_a_second_close_raises(conn: libvirt.virConnect) -> None:
    conn.close()
    assert code_of(conn.close) == libvirt.VIR_ERR_INVALID_CONN


def test_the_error_of_a_closed_connection_says_closed(conn: libvirt.virConnect) -> None:
    """libvirt's own message would be about an invalid pointer."""
    domain, capsule, other = conn.lookupByName("test"), conn._o, libvirt.virConnect(conn._o)
    conn.close()
    for call in (conn.getHostname, conn.listAllDomains, lambda: conn.lookupByName("test"), conn.close,
                 other.getHostname, other.close, lambda: libvirtmod.virConnectGetHostname(capsule)):
        with pytest.raises(libvirt.libvirtError) as caught:
            call()
        assert str(caught.value) == caught.value.message == "the connection is closed"
        assert caught.value.code == libvirt.VIR_ERR_INVALID_CONN
    with pytest.raises(libvirt.libvirtError, match="^the connection is closed, or None$"):
        domain.migrate(conn, 0, None, None, 0)


def test_close_returns_the_number_of_remaining_references(conn: libvirt.virConnect) -> None:
    domain = conn.lookupByName("test")
    assert conn.close() == 1
    assert domain.name() == "test"


def test_children_stay_usable_after_close(conn: libvirt.virConnect) -> None:
    domain = conn.lookupByName("test")
    conn.close()
    assert domain.info()[0] == libvirt.VIR_DOMAIN_RUNNING
    assert "<name>test</name>" in domain.XMLDesc(0)


def test_a_with_block_closes() -> None:
    with libvirt.open(URI) as conn:
        assert conn.isAlive() == 1
    assert conn._o is None


def test_a_with_block_propagates_exceptions() -> None:
    with pytest.raises(ZeroDivisionError):
        with libvirt.open(URI) as conn:
            raise ZeroDivisionError
    assert conn._o is None


def test_closing_inside_a_with_block() -> None:
    with libvirt.open(URI) as conn:
        assert conn.close() == 0


# --- destructors have no side effects ----------------------------------------

def test_a_destructor_keeps_the_error_of_the_thread(conn: libvirt.virConnect) -> None:
    """virDomainFree() resets the error of the thread."""
    domain = libvirtmod.virDomainLookupByName(conn._o, "test")
    assert libvirtmod.virNetworkLookupByName(conn._o, "missing") is None
    error = libvirtmod.virGetLastError()
    assert error[0] == libvirt.VIR_ERR_NO_NETWORK and "missing" in error[2]
    del domain
    gc.collect()
    assert libvirtmod.virGetLastError() == error


def test_a_destructor_sets_no_error(conn: libvirt.virConnect) -> None:
    domain = libvirtmod.virDomainLookupByName(conn._o, "test")
    libvirtmod.virResetLastError()
    del domain
    assert libvirtmod.virGetLastError() is None


def test_a_destructor_keeps_a_pending_exception(conn: libvirt.virConnect) -> None:
    def items() -> Iterator[object]:
        yield libvirtmod.virDomainLookupByName(conn._o, "test")
        raise LookupError("pending")

    # The unfinished list holds the last reference to the capsule and is freed while the exception is pending.
    with pytest.raises(LookupError, match="^pending$"):
        list(items())
    assert conn.close() == 0


def test_a_destructor_runs_no_error_handler(conn: libvirt.virConnect) -> None:
    domain = libvirtmod.virDomainLookupByName(conn._o, "test")
    seen = []
    libvirt.registerErrorHandler(lambda ctx, error: seen.append(error), None)
    try:
        del domain
        gc.collect()
    finally:
        libvirt.registerErrorHandler(lambda ctx, error: None, None)
    assert seen == []


@pytest.mark.parametrize("code", [
    "keep = domain",
    "keep = capsule",
    "import builtins; builtins.keep = (conn, domain, capsule)",
    "cycle = [conn, domain, capsule]; cycle.append(cycle); domain.cycle = cycle",
    "conn.close()",
    "import atexit; atexit.register(lambda: domain.info())",
    "import sys; sys.exit(0)",
    "libvirt.libvirtmod = None; libvirtmod = None",
    "import sys; sys.modules.pop('libvirt'); sys.modules.pop('libvirtmod')",
    "import threading; local = threading.local(); local.domain = domain",
    "domain.__class__.__del__ = lambda self: self.name()",
])
def test_no_output_from_objects_alive_at_exit(fresh_python_prints: PythonPrints, code: str) -> None:
    assert fresh_python_prints(f"""
import libvirt, libvirtmod
conn = libvirt.open("{URI}")
domain = conn.lookupByName("test")
capsule = libvirtmod.virDomainLookupByName(conn._o, "test")
print("ready", flush=True)
{code}
""") == ["ready"]


def test_an_uncaught_exception_prints_only_its_own_traceback(run_fresh_python: RunPython) -> None:
    done = run_fresh_python(f"import libvirt\ndomain = libvirt.open('{URI}').lookupByName('test')\n1 / 0")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert "Exception ignored" not in done.stderr


# --- the classes ------------------------------------------------------------

@pytest.mark.parametrize("name", CLASSES)
def test_constructors_require_a_capsule(name: str, capfd: "pytest.CaptureFixture[str]") -> None:
    make = getattr(libvirt, name)
    parent = mock.Mock()
    for wrong, shown in ((5, "<class 'int'>"), ("x", "<class 'str'>"), (None, "<class 'NoneType'>")):
        with pytest.raises(Exception) as caught:
            make(wrong) if name == "virConnect" else make(parent, _obj=wrong)
        assert type(caught.value) is Exception
        assert str(caught.value) == f"Expected a wrapped C Object but got {shown}"
    gc.collect()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", CLASSES)
def test_the_address_for_none_is_0(name: str) -> None:
    assert getattr(libvirtmod, f"{name}_pointer")(None) == 0


def test_an_address_is_that_of_the_c_object(conn: libvirt.virConnect) -> None:
    first, second = conn.lookupByName("test"), conn.lookupByName("test")
    assert first.c_pointer() == libvirtmod.virDomain_pointer(first._o) > 0
    assert type(first.c_pointer()) is int
    assert first.c_pointer() != second.c_pointer()
    assert conn.c_pointer() == libvirtmod.virConnect_pointer(conn._o)


def test_the_address_is_0_without_a_handle(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    domain._o = None
    assert domain.c_pointer() == 0
    conn.close()
    assert conn.c_pointer() == 0


def test_objects_know_their_parents(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    snapshot = domain.snapshotCreateXML(f"<domainsnapshot><name>{next(NUMBER)}</name></domainsnapshot>", 0)
    assert domain.connect() is conn
    assert snapshot.domain() is domain
    assert snapshot.connect() is conn
    assert not hasattr(conn, "connect")


def test_a_child_keeps_its_connection_open() -> None:
    domain = libvirt.open(URI).lookupByName("test")
    gc.collect()
    assert domain.connect().isAlive() == 1


def test_objects_are_compared_by_identity(conn: libvirt.virConnect) -> None:
    first, second = conn.lookupByName("test"), conn.lookupByName("test")
    assert first == first and first != second
    assert len({first, second}) == 2


def test_objects_support_weak_references(conn: libvirt.virConnect) -> None:
    domain = conn.lookupByName("test")
    reference = weakref.ref(domain)
    assert reference() is domain
    del domain
    assert reference() is None


def test_attributes_can_be_set_on_objects(domain: libvirt.virDomain) -> None:
    domain.note = "mine"
    assert domain.note == "mine"


def test_classes_can_be_subclassed(conn: libvirt.virConnect) -> None:
    class Mine(libvirt.virDomain):
        def name(self) -> str:
            return f"my {super().name()}"

    assert Mine(conn, libvirtmod.virDomainLookupByName(conn._o, "test")).name() == "my test"


def test_methods_can_be_replaced_on_classes(monkeypatch: "pytest.MonkeyPatch", domain: libvirt.virDomain) -> None:
    monkeypatch.setattr(libvirt.virDomain, "name", lambda self: "patched")
    assert domain.name() == "patched"


def test_methods_are_plain_functions(domain: libvirt.virDomain) -> None:
    assert domain.info.__func__ is libvirt.virDomain.info
    assert type(libvirt.virDomain.info).__name__ == "function"


@pytest.mark.parametrize("name", CLASSES)
def test_classes_have_no_python_destructor(name: str) -> None:
    assert not hasattr(getattr(libvirt, name), "__del__")


def test_objects_cannot_be_pickled(domain: libvirt.virDomain) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(domain)
