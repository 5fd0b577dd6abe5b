# SPDX-License-Identifier: LGPL-2.1-or-later
"""The subclasses of libvirtError, one for each error code, and the string representations of errors."""

import copy
import pickle
import subprocess
import sys
import traceback
from typing import Callable, Tuple, Type

import pytest

import libvirt
import libvirtmod
from generator.bindings.errors import CLASSES

KNOWN = {name: getattr(libvirt, code) for name, code in CLASSES.items() if hasattr(libvirt, code)}


@pytest.fixture
def failure(conn: libvirt.virConnect) -> libvirt.libvirtError:
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.lookupByName("missing")
    return caught.value


def raised(conn: libvirt.virConnect, kind: Type[libvirt.libvirtError] = libvirt.libvirtError) -> libvirt.libvirtError:
    """Return the exception for a network that does not exist."""
    assert libvirtmod.virNetworkLookupByName(conn._o, "missing") is None
    return kind("virNetworkLookupByName() failed")


def test_every_code_of_the_table_has_a_class() -> None:
    made = {name: getattr(libvirt.libvirtError, name) for name in KNOWN}
    assert libvirt._errorClasses == {None: libvirt.libvirtError, **{KNOWN[name]: made[name] for name in KNOWN}}
    assert len(set(made.values())) == len(KNOWN) > 30
    assert {kind.__bases__ for kind in made.values()} == {(libvirt.libvirtError,)}


def test_codes_that_this_libvirt_lacks_have_no_class() -> None:
    assert not [name for name in CLASSES if name not in KNOWN and hasattr(libvirt.libvirtError, name)]


def test_other_codes_use_the_base_class(conn: libvirt.virConnect, monkeypatch: "pytest.MonkeyPatch") -> None:
    assert libvirt.VIR_ERR_NO_KERNEL not in KNOWN.values()
    monkeypatch.delitem(libvirt._errorClasses, libvirt.VIR_ERR_NO_NETWORK)
    assert type(raised(conn)) is libvirt.libvirtError


def test_an_error_without_a_failed_call_has_the_base_class(conn: libvirt.virConnect) -> None:
    assert type(libvirt.libvirtError("a program's own")) is libvirt.libvirtError
    raised(conn)
    assert type(libvirt.libvirtError("virNetworkLookupByName() failed")) is libvirt.libvirtError  # consumed already
    assert libvirtmod.virNetworkLookupByName(conn._o, "missing") is None
    assert type(libvirt.libvirtError("virDomainLookupByName() failed")) is libvirt.libvirtError  # of another function
    assert libvirt.libvirtError("virNetworkLookupByName() failed").err is not None


def test_a_failing_call_is_caught_by_its_class(conn: libvirt.virConnect) -> None:
    with pytest.raises(libvirt.libvirtError.NoDomainError):
        conn.lookupByName("missing")
    with pytest.raises(libvirt.libvirtError.NoNetworkError):
        conn.networkLookupByName("missing")
    with pytest.raises(libvirt.libvirtError.InvalidArgumentError):
        conn.lookupByName(None)
    try:
        conn.lookupByName("missing")
    except libvirt.libvirtError.NoNetworkError:
        pytest.fail("a missing domain is not a NoNetworkError")
    except libvirt.libvirtError as error:
        assert error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN


def test_a_subclass_instance_is_a_full_libvirt_error(failure: libvirt.libvirtError) -> None:
    assert isinstance(failure, libvirt.libvirtError)
    assert str(failure) == failure.err[2] and failure.args == (str(failure),)
    assert set(vars(failure)) == {"err"}


def test_a_class_has_the_right_module_and_names(failure: libvirt.libvirtError) -> None:
    kind = type(failure)
    assert (kind.__module__, kind.__qualname__) == ("libvirt", "libvirtError.NoDomainError")
    assert kind is libvirt.libvirtError.NoDomainError
    # Programs log the class name, so it stays libvirtError.
    assert kind.__name__ == "libvirtError"
    assert (kind.__doc__ or "").startswith("VIR_ERR_NO_DOMAIN: ")


def test_a_traceback_shows_libvirt_error_and_the_subclass(failure: libvirt.libvirtError) -> None:
    last = traceback.format_exception(type(failure), failure, failure.__traceback__)[-1]
    assert last == f"libvirt.libvirtError.NoDomainError: {failure}\n"


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, *(
    lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1))])
def test_a_copy_has_the_same_class(failure: libvirt.libvirtError, clone: Callable[[Exception], Exception]) -> None:
    other = clone(failure)
    assert type(other) is libvirt.libvirtError.NoDomainError
    assert (other.args, other.err) == (failure.args, failure.err)


def test_a_pickle_from_another_process_has_the_class(failure: libvirt.libvirtError) -> None:
    done = subprocess.run([sys.executable, "-c", """
import pickle, sys
error = pickle.load(sys.stdin.buffer)
print(type(error).__qualname__, error.get_error_code())
"""], input=pickle.dumps(failure), stdout=subprocess.PIPE, check=True)
    assert done.stdout.split() == [b"libvirtError.NoDomainError", b"42"]


def test_a_copy_does_not_take_the_failure_of_another_call(conn: libvirt.virConnect) -> None:
    error = libvirt.libvirtError("virNetworkLookupByName() failed")
    assert libvirtmod.virNetworkLookupByName(conn._o, "missing") is None
    assert type(copy.copy(error)) is libvirt.libvirtError
    assert type(libvirt.libvirtError("virNetworkLookupByName() failed")) is libvirt.libvirtError.NoNetworkError


def test_a_user_defined_subclass_keeps_its_class(conn: libvirt.virConnect) -> None:
    class Own(libvirt.libvirtError):
        pass

    class Further(libvirt.libvirtError.NoDomainError):
        pass

    for kind in Own, Further, libvirt.libvirtError.NoDomainError:
        error = raised(conn, kind)
        assert type(error) is kind and error.get_error_code() == libvirt.VIR_ERR_NO_NETWORK


def test_a_subclass_may_have_another_constructor() -> None:
    class Own(libvirt.libvirtError):
        def __init__(self, number: int, text: str = "", **more: int) -> None:
            super().__init__(f"{number} {text}")
            self.more = more

    assert str(Own(5)) == "5 " and str(Own(5, "x", y=6)) == "5 x" and Own(5, text="x", y=6).more == {"y": 6}


def test_a_subclass_may_have_a_second_base_class() -> None:
    class Own(libvirt.libvirtError, OSError):
        pass

    error = Own("text")
    assert isinstance(error, OSError) and str(error) == "text" and error.errno is None


def test_a_class_that_replaces_libvirt_error_keeps_its_class(conn: libvirt.virConnect,
                                                             monkeypatch: "pytest.MonkeyPatch") -> None:
    ours = libvirt.libvirtError

    class Own(libvirt.libvirtError):
        pass

    monkeypatch.setattr(libvirt, "libvirtError", Own)
    with pytest.raises(Own) as caught:
        conn.lookupByName("missing")
    assert type(caught.value) is Own
    assert type(raised(conn, ours)) is ours.NoNetworkError


@pytest.mark.parametrize("arguments", [(), (5,), (int,), (Exception, "x"), (OSError,), (None,)])
def test_new_refuses_other_classes(arguments: Tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        libvirt.libvirtError.__new__(*arguments)
    assert libvirt._errorClasses[None] is libvirt.libvirtError


def test_the_error_maker_checks_its_classes(conn: libvirt.virConnect) -> None:
    """The maker refuses a dict without a base class, and classes that are not exceptions."""
    with pytest.raises(TypeError):
        libvirtmod._errorMaker(None)
    with pytest.raises(TypeError):
        libvirtmod._errorMaker({})(libvirt.libvirtError, "text")
    assert libvirtmod.virNetworkLookupByName(conn._o, "missing") is None
    with pytest.raises(TypeError):
        libvirtmod._errorMaker({None: Exception, libvirt.VIR_ERR_NO_NETWORK: 5})(
            Exception, "virNetworkLookupByName() failed")
    with pytest.raises(TypeError):
        libvirtmod._errorMaker({None: 5})(Exception, "text")

    class Sealed(Exception):
        def __setattr__(self, name: str, value: object) -> None:
            raise ValueError(name)

    assert libvirtmod.virNetworkLookupByName(conn._o, "missing") is None
    with pytest.raises(ValueError, match="^err$"):
        libvirtmod._errorMaker({None: Exception, libvirt.VIR_ERR_NO_NETWORK: Sealed})(
            Exception, "virNetworkLookupByName() failed")
    with pytest.raises(TypeError):
        libvirtmod._errorMaker({None: int})(int, "5")


# --- repr

def test_repr_names_class_code_and_domain(failure: libvirt.libvirtError) -> None:
    assert repr(failure) == \
        f"libvirtError.NoDomainError({str(failure)!r}, code=VIR_ERR_NO_DOMAIN, domain=VIR_FROM_TEST)"


def test_repr_without_an_error_of_libvirt() -> None:
    assert repr(libvirt.libvirtError("my own")) == "libvirtError('my own')"


def test_repr_of_numbers_without_names() -> None:
    error = libvirt.libvirtError("text")
    error.err = (99999, None, "text", 2, None, None, None, 0, 0)
    assert repr(error) == "libvirtError('text', code=99999, domain=None)"


def test_repr_of_a_user_defined_subclass(conn: libvirt.virConnect) -> None:
    class Own(libvirt.libvirtError):
        def __init__(self) -> None:
            pass

    assert repr(Own()) == f"{Own.__qualname__}()"
    error = raised(conn, type("Own", (libvirt.libvirtError,), {}))
    assert repr(error) == f"Own({str(error)!r}, code=VIR_ERR_NO_NETWORK, domain=VIR_FROM_TEST)"


def test_libvirt_enums_is_imported_only_for_repr() -> None:
    done = subprocess.run([sys.executable, "-c", """
import sys
import libvirt
try:
    libvirt.open("test:///default").lookupByName("missing")
except libvirt.libvirtError as error:
    print("libvirt_enums" in sys.modules, str(error) in repr(error), "libvirt_enums" in sys.modules)
"""], stdout=subprocess.PIPE, check=True, text=True)
    assert done.stdout.split() == ["False", "True", "True"]
