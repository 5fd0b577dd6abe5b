# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects that methods return: C creates them as the constructor would, and calls the class if a program changed it."""

import gc
import weakref
from typing import Callable, Dict, Iterator, Tuple
from unittest import mock

import pytest

import libvirt
import libvirtmod
from fixturetypes import PythonPrints

KINDS: Dict[str, Callable[[libvirt.virConnect], libvirt.virDomain]] = {
    "one": lambda conn: conn.lookupByName("test"), "many": lambda conn: conn.listAllDomains()[0],
    "statistics": lambda conn: conn.getAllDomainStats()[0][0]}


@pytest.fixture(params=KINDS)
def get(request: "pytest.FixtureRequest", conn: libvirt.virConnect) -> Callable[[], libvirt.virDomain]:
    """A function that returns a domain, obtained in one of the possible ways."""
    try:
        KINDS[request.param](conn)
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_SUPPORT:
            raise
        pytest.skip("the test driver of this libvirt cannot do that")
    return lambda: KINDS[request.param](conn)


# --- the same result as the constructor ---------------------------------------

def test_an_object_equals_one_made_by_the_constructor(conn: libvirt.virConnect,
                                                      get: Callable[[], libvirt.virDomain]) -> None:
    made = libvirt.virDomain(conn, _obj=libvirtmod.virDomainLookupByName(conn._o, "test"))
    got = get()
    assert type(got) is type(made) is libvirt.virDomain
    assert list(vars(got)) == list(vars(made)) == ["_conn", "_o"]
    assert got.connect() is conn
    assert got.UUIDString() == made.UUIDString()
    got.mine = 5
    assert vars(got)["mine"] == 5


def test_a_snapshot_has_its_domain_and_connection(conn: libvirt.virConnect) -> None:
    domain = conn.lookupByName("test")
    domain.snapshotCreateXML("<domainsnapshot><name>first</name></domainsnapshot>")
    for snapshot in (domain.snapshotLookupByName("first"), *domain.listAllSnapshots()):
        assert list(vars(snapshot)) == ["_dom", "_conn", "_o"]
        assert (snapshot.domain(), snapshot.connect()) == (domain, conn)
    assert snapshot.getName() == "first"


def test_the_connect_method_of_the_parent_is_called(conn: libvirt.virConnect,
                                                    monkeypatch: "pytest.MonkeyPatch") -> None:
    domain = conn.lookupByName("test")
    domain.snapshotCreateXML("<domainsnapshot><name>first</name></domainsnapshot>")
    monkeypatch.setattr(libvirt.virDomain, "connect", lambda self: "another")
    assert domain.snapshotLookupByName("first").connect() == "another"
    monkeypatch.setattr(libvirt.virDomain, "connect", lambda self: 1 / 0)
    for call in (domain.listAllSnapshots, lambda: domain.snapshotLookupByName("first")):
        with pytest.raises(ZeroDivisionError):
            call()


def test_an_object_supports_weak_references_and_is_collected(get: Callable[[], libvirt.virDomain]) -> None:
    domain = get()
    domain.itself = domain
    reference = weakref.ref(domain)
    del domain
    gc.collect()
    assert reference() is None


# --- classes changed by a program ----------------------------------------------

def test_a_class_that_replaces_the_original_is_used(conn: libvirt.virConnect, get: Callable[[], libvirt.virDomain],
                                                    monkeypatch: "pytest.MonkeyPatch") -> None:
    class Mine(libvirt.virDomain):
        pass

    monkeypatch.setattr(libvirt, "virDomain", Mine)
    domain = get()
    assert type(domain) is Mine
    assert (domain.name(), domain.connect()) == ("test", conn)


def test_the_metaclass_of_a_replaced_class_is_called(get: Callable[[], libvirt.virDomain],
                                                     monkeypatch: "pytest.MonkeyPatch") -> None:
    """The constructor is still that of the original class."""
    calls = []

    class Meta(type):
        def __call__(cls, *args: object, **named: object) -> object:
            calls.append((len(args), list(named)))
            return super().__call__(*args, **named)

    class Mine(libvirt.virDomain, metaclass=Meta):
        pass

    monkeypatch.setattr(libvirt, "virDomain", Mine)
    assert type(get()) is Mine
    assert calls == [(1, ["_obj"])]


def test_a_mock_that_replaces_the_class_is_called(conn: libvirt.virConnect, get: Callable[[], libvirt.virDomain],
                                                  monkeypatch: "pytest.MonkeyPatch") -> None:
    fake = mock.Mock()
    monkeypatch.setattr(libvirt, "virDomain", fake)
    assert get() is fake.return_value
    fake.assert_called_once_with(conn, _obj=mock.ANY)


def test_no_object_is_created_after_one_that_fails(conn: libvirt.virConnect,
                                                   monkeypatch: "pytest.MonkeyPatch") -> None:
    calls = []

    class Mine(libvirt.virDomain):
        def __init__(self, *args: object, **named: object) -> None:
            calls.append(args)
            raise ValueError("refused")

    xml = "<domain type='test'><name>other</name><memory>4096</memory><os><type>hvm</type></os></domain>"
    other = conn.defineXML(xml)
    assert len(conn.listAllDomains()) > 1
    monkeypatch.setattr(libvirt, "virDomain", Mine)
    with pytest.raises(ValueError, match="refused"):
        conn.listAllDomains()
    assert len(calls) == 1
    other.undefine()


def test_a_replaced_constructor_is_called(get: Callable[[], libvirt.virDomain],
                                          monkeypatch: "pytest.MonkeyPatch") -> None:
    original = libvirt.virDomain.__init__

    def init(self: libvirt.virDomain, *args: object, **named: object) -> None:
        original(self, *args, **named)
        self.more = 5

    monkeypatch.setattr(libvirt.virDomain, "__init__", init)
    assert get().more == 5
    monkeypatch.undo()
    assert not hasattr(get(), "more")


def test_an_exception_from_a_constructor_propagates(get: Callable[[], libvirt.virDomain],
                                                    monkeypatch: "pytest.MonkeyPatch") -> None:
    monkeypatch.setattr(libvirt.virDomain, "__init__", lambda self, conn, _obj: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        get()


def test_a_constructor_that_cannot_be_looked_up_is_an_error(get: Callable[[], libvirt.virDomain],
                                                            monkeypatch: "pytest.MonkeyPatch") -> None:
    class Raises:
        def __get__(self, instance: object, owner: object = None) -> object:
            raise LookupError("no constructor")

    monkeypatch.setattr(libvirt.virDomain, "__init__", Raises())
    with pytest.raises(LookupError, match="no constructor"):
        get()


def test_a_replaced_new_method_is_called(python_prints: PythonPrints) -> None:
    assert python_prints("""
import libvirt
conn = libvirt.open("test:///default")
libvirt.virDomain.__new__ = lambda cls, *args, **named: (len(args), list(named))
print(conn.lookupByName("test"), conn.listAllDomains())
""") == ["(1, ['_obj']) [(1, ['_obj'])]"]


def test_a_replaced_setattr_method_is_called(get: Callable[[], libvirt.virDomain],
                                             monkeypatch: "pytest.MonkeyPatch") -> None:
    names = []

    def setattr_(self: libvirt.virDomain, name: str, value: object) -> None:
        names.append(name)
        object.__setattr__(self, name, value)

    monkeypatch.setattr(libvirt.virDomain, "__setattr__", setattr_, raising=False)
    get()
    assert names == ["_conn", "_o"]


def test_handles_from_a_mocked_function_are_wrapped(conn: libvirt.virConnect,
                                                    monkeypatch: "pytest.MonkeyPatch") -> None:
    """The handles can come from any iterable, but each must be a capsule."""
    capsule = libvirtmod.virDomainLookupByName(conn._o, "test")
    for handles in ([capsule], (capsule,), iter([capsule])):
        monkeypatch.setattr(libvirtmod, "virConnectListAllDomains", lambda handle, flags: handles)
        domain, = conn.listAllDomains()
        assert domain._o is capsule
    for wrong in ([5], [capsule, 5]):
        monkeypatch.setattr(libvirtmod, "virConnectListAllDomains", lambda handle, flags: wrong)
        with pytest.raises(Exception, match="^Expected a wrapped C Object but got <class 'int'>$"):
            conn.listAllDomains()
    monkeypatch.setattr(libvirtmod, "virConnectListAllDomains", lambda handle, flags: 5)
    with pytest.raises(TypeError, match="not iterable"):
        conn.listAllDomains()


def test_a_class_named_pycapsule_is_accepted_as_a_handle(conn: libvirt.virConnect,
                                                         monkeypatch: "pytest.MonkeyPatch") -> None:
    class PyCapsule:
        pass

    fake = PyCapsule()
    monkeypatch.setattr(libvirtmod, "virDomainLookupByName", lambda handle, name: fake)
    assert conn.lookupByName("any")._o is fake


def test_an_exception_from_an_iterator_propagates(conn: libvirt.virConnect, monkeypatch: "pytest.MonkeyPatch") -> None:
    def handles(handle: object, flags: int) -> Iterator[object]:
        yield libvirtmod.virDomainLookupByName(handle, "test")
        raise LookupError("no more")

    monkeypatch.setattr(libvirtmod, "virConnectListAllDomains", handles)
    with pytest.raises(LookupError, match="no more"):
        conn.listAllDomains()


# --- the functions that create the objects --------------------------------------

@pytest.mark.parametrize("args", [(), (libvirt.virDomain,), (libvirt.virDomain, "_conn"), (libvirt.virDomain, ()),
                                  (libvirt.virDomain, ("_dom", "_conn")), (5, ("_conn",)), (object(), ("_conn",))])
def test_wrappers_checks_its_arguments(args: Tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        libvirtmod._wrappers(*args)


def test_wrappers_names_the_argument_that_is_not_a_class() -> None:
    """Regression test: None was used as a class when an object was created."""
    with pytest.raises(TypeError, match=r"^_wrappers\(\) argument 'type' must be type, not NoneType$"):
        libvirtmod._wrappers(None, ("_conn",))


@pytest.mark.parametrize("make", [libvirt._wrap_virDomain, libvirt._wrap_virDomain_list])
def test_a_wrap_function_takes_three_arguments(make: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match=r"takes exactly 3 arguments \(1 given\)"):
        make(libvirt.virDomain)


@pytest.mark.parametrize("stand_in", ["mock.Mock()", "mock.MagicMock()", "mock.create_autospec(libvirtmod)"])
def test_classes_create_objects_if_the_c_module_is_a_mock(fresh_python_prints: PythonPrints, stand_in: str) -> None:
    code = f"""
import sys
from unittest import mock
import libvirtmod
libvirtmod = sys.modules["libvirtmod"] = {stand_in}
class PyCapsule:
    "Has the class name of a real handle."
one, two = PyCapsule(), PyCapsule()
libvirtmod.virConnectOpen.return_value = PyCapsule()
libvirtmod.virDomainLookupByName.return_value = one
libvirtmod.virConnectListAllDomains.return_value = [one, two]
import libvirt
conn = libvirt.open()
dom = conn.lookupByName("any")
print(type(dom).__name__, dom.connect() is conn, dom._o is one)
print([(type(item).__name__, item._o is one) for item in conn.listAllDomains()])
"""
    assert fresh_python_prints(code) == ["virDomain True True", "[('virDomain', True), ('virDomain', False)]"]
