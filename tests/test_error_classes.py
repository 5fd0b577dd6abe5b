# SPDX-License-Identifier: LGPL-2.1-or-later
"""Classes of errors by their codes, and how errors show themselves."""

import copy
import pickle
import subprocess
import sys
import traceback

import pytest

import libvirt
import libvirtmod
from generator.bindings.errors import CLASSES

KNOWN = {name: getattr(libvirt, code) for name, code in CLASSES.items() if hasattr(libvirt, code)}


@pytest.fixture
def failure(conn):
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.lookupByName("missing")
    return caught.value


def raised(code, kind=libvirt.libvirtError):
    """What is raised for a call that failed with this code."""
    def take(message):
        return (code, libvirt.VIR_FROM_QEMU, "the text", libvirt.VIR_ERR_ERROR, "", None, None, 0, 0)

    known, libvirtmod._takeFailure = libvirtmod._takeFailure, take
    try:
        return kind("call() failed")
    finally:
        libvirtmod._takeFailure = known


def test_every_code_of_the_table_has_a_class():
    assert {name: code for name, code in KNOWN.items()
            if type(raised(code)) is getattr(libvirt.libvirtError, name)} == KNOWN
    assert {"NoDomainError", "OperationInvalidError", "XMLError"} <= set(KNOWN)


def test_codes_that_this_libvirt_lacks_have_none():
    assert not [name for name in CLASSES if name not in KNOWN and hasattr(libvirt.libvirtError, name)]


def test_other_codes_stay_with_the_class_of_all():
    assert libvirt.VIR_ERR_NO_KERNEL not in KNOWN.values()
    assert type(raised(libvirt.VIR_ERR_NO_KERNEL)) is libvirt.libvirtError
    assert type(raised(99999)) is libvirt.libvirtError
    assert type(libvirt.libvirtError("a program's own")) is libvirt.libvirtError


def test_a_failing_call_is_caught_by_its_class(conn):
    with pytest.raises(libvirt.libvirtError.NoDomainError):
        conn.lookupByName("missing")
    with pytest.raises(libvirt.libvirtError.NoNetworkError):
        conn.networkLookupByName("missing")
    with pytest.raises(libvirt.libvirtError.InvalidArgumentError):
        conn.lookupByName(None)
    try:
        conn.lookupByName("missing")
    except libvirt.libvirtError.NoNetworkError:
        pytest.fail("this is no network")
    except libvirt.libvirtError as error:
        assert error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN


def test_it_is_all_that_a_libvirt_error_is(failure):
    assert isinstance(failure, libvirt.libvirtError)
    assert str(failure) == failure.err[2] and failure.args == (str(failure),)
    assert set(vars(failure)) == {"err"}


def test_a_class_is_found_where_it_says(failure):
    kind = type(failure)
    assert (kind.__module__, kind.__qualname__) == ("libvirt", "libvirtError.NoDomainError")
    assert kind is libvirt.libvirtError.NoDomainError
    # For programs that log it.
    assert kind.__name__ == "libvirtError"
    assert kind.__doc__.startswith("VIR_ERR_NO_DOMAIN: ")


def test_a_traceback_says_libvirt_error_and_which(failure):
    last = traceback.format_exception(type(failure), failure, failure.__traceback__)[-1]
    assert last == f"libvirt.libvirtError.NoDomainError: {failure}\n"


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, *(
    lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1))])
def test_a_copy_has_the_same_class(failure, clone):
    other = clone(failure)
    assert type(other) is libvirt.libvirtError.NoDomainError
    assert (other.args, other.err) == (failure.args, failure.err)


def test_a_pickle_from_another_process_has_the_class(failure):
    done = subprocess.run([sys.executable, "-c", """
import pickle, sys
error = pickle.load(sys.stdin.buffer)
print(type(error).__qualname__, error.get_error_code())
"""], input=pickle.dumps(failure), stdout=subprocess.PIPE, check=True)
    assert done.stdout.split() == [b"libvirtError.NoDomainError", b"42"]


def test_a_programs_own_subclass_stays_what_it_is():
    class Own(libvirt.libvirtError):
        pass

    class Further(libvirt.libvirtError.NoDomainError):
        pass

    assert type(raised(libvirt.VIR_ERR_NO_DOMAIN, Own)) is Own
    assert type(raised(libvirt.VIR_ERR_NO_NETWORK, Further)) is Further


def test_a_class_that_a_program_puts_in_the_place_of_ours_stays_what_it_is(monkeypatch):
    ours = libvirt.libvirtError

    class Own(ours):
        pass

    monkeypatch.setattr(libvirt, "libvirtError", Own)
    assert type(raised(libvirt.VIR_ERR_NO_DOMAIN, Own)) is Own
    assert type(raised(libvirt.VIR_ERR_NO_DOMAIN, ours)) is ours.NoDomainError


# --- repr

def test_repr_names_class_code_and_domain(failure):
    assert repr(failure) == \
        f"libvirtError.NoDomainError({str(failure)!r}, code=VIR_ERR_NO_DOMAIN, domain=VIR_FROM_TEST)"


def test_repr_without_an_error_of_libvirt():
    assert repr(libvirt.libvirtError("my own")) == "libvirtError('my own')"


def test_repr_of_numbers_without_names():
    error = libvirt.libvirtError("text")
    error.err = (99999, None, "text", 2, None, None, None, 0, 0)
    assert repr(error) == "libvirtError('text', code=99999, domain=None)"


def test_repr_of_a_programs_own():
    class Own(libvirt.libvirtError):
        def __init__(self):
            pass

    assert repr(Own()) == f"{Own.__qualname__}()"
    assert repr(raised(libvirt.VIR_ERR_RPC, type("Own", (libvirt.libvirtError,), {}))) == \
        "Own('the text', code=VIR_ERR_RPC, domain=VIR_FROM_QEMU)"


def test_repr_does_not_load_the_module_of_enums_before_it_is_wanted():
    done = subprocess.run([sys.executable, "-c", """
import sys
import libvirt
try:
    libvirt.open("test:///default").lookupByName("missing")
except libvirt.libvirtError as error:
    print("libvirt_enums" in sys.modules, str(error) in repr(error), "libvirt_enums" in sys.modules)
"""], stdout=subprocess.PIPE, check=True, text=True)
    assert done.stdout.split() == ["False", "True", "True"]
