# SPDX-License-Identifier: LGPL-2.1-or-later
"""Arguments of the C functions: which values they accept and refuse, and the messages of the exceptions."""

import ctypes
import datetime
import inspect
import re
import uuid as uuids
from typing import Callable, Iterator, List, Tuple, Type, Union

import pytest

import libvirt
import libvirtmod
from api import descriptions
from fixturetypes import PythonPrints
from generator import apixml

ALL = sorted(name for name, value in vars(libvirtmod).items() if inspect.isbuiltin(value))
FUNCTIONS = [name for name in ALL if name.startswith("vir")]
# Functions that can be called with or without an argument.
OPTIONAL = ("virGetVersion",)


def parameters(name: str) -> List[str]:
    """Return the parameter names from "($module, conn, name, /)", without defaults."""
    listed = getattr(libvirtmod, name).__text_signature__.strip("()").split(", ")[1:-1]
    return [item.partition("=")[0] for item in listed]


def unsupported_flags(domain: libvirt.virDomain, value: object) -> int:
    """Return the flags that libvirt received: its error message lists unknown flags in hexadecimal."""
    assert libvirtmod.virDomainGetXMLDesc(domain._o, value) is None
    error = libvirt.libvirtError("virDomainGetXMLDesc() failed")
    return int(re.findall(r"unsupported flags \(0x([0-9a-f]+)\)", str(error))[0], 16)


class Index:
    """An object that converts to an integer through __index__."""

    def __init__(self, value: Union[int, Exception]) -> None:
        self.value = value

    def __index__(self) -> int:
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


# --- number of arguments -----------------------------------------------------

@pytest.mark.parametrize("name", [name for name in ALL if name not in OPTIONAL])
def test_the_number_of_arguments_is_checked(name: str) -> None:
    function, count = getattr(libvirtmod, name), len(parameters(name))
    for given in {count + 1, count + 7, max(count - 1, 0)} - {count}:
        with pytest.raises(TypeError) as caught:
            function(*[None] * given)
        assert str(caught.value) == (f"{name}() takes exactly {count} argument{'' if count == 1 else 's'} "
                                     f"({given} given)")


def test_there_are_functions_to_check() -> None:
    assert len(FUNCTIONS) > 250
    assert {"_wrappers", "_newReference", "_takeFailure"} < {*ALL}


@pytest.mark.parametrize("name", ["virDomainGetName", "virConnectOpen", "virDomainGetXMLDesc"])
def test_arguments_are_positional_only(name: str) -> None:
    first, *others = parameters(name)
    with pytest.raises(TypeError, match=f"{name}\\(\\) takes no keyword arguments"):
        getattr(libvirtmod, name)(*[None] * len(others), **{first: None})


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if parameters(name)])
def test_an_object_of_an_unknown_type_is_refused_by_argument_name(name: str) -> None:
    """Regression test: the object was used as a capsule, and its memory as a pointer."""
    names = parameters(name)
    with pytest.raises(TypeError, match=f"^{name}\\(\\) argument '({'|'.join(names)})' must be "):
        getattr(libvirtmod, name)(*[object() for _ in names])


# --- handles ----------------------------------------------------------------

@pytest.mark.parametrize("wrong, shown", [
    (5, "int"), (0, "int"), ("test", "str"), (b"test", "bytes"), (1.5, "float"), ([], "list"), (object(), "object"),
    (datetime.date, "type"),
])
def test_a_handle_that_is_not_a_capsule_is_refused(wrong: object, shown: str) -> None:
    with pytest.raises(TypeError) as caught:
        libvirtmod.virDomainGetName(wrong)
    text = str(caught.value)
    assert text.startswith("virDomainGetName() argument 'domain' must be virDomainPtr")
    assert text.endswith(f"not {shown}")


def test_a_wrapper_object_is_not_accepted_as_a_handle(domain: libvirt.virDomain) -> None:
    with pytest.raises(TypeError, match="argument 'domain' must be virDomainPtr.*, not virDomain$"):
        libvirtmod.virDomainGetName(domain)


def test_a_capsule_of_another_kind_is_refused(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    with pytest.raises(TypeError, match="virDomainGetName.*'domain' must be virDomainPtr.*a capsule of virConnectPtr"):
        libvirtmod.virDomainGetName(conn._o)
    with pytest.raises(TypeError, match="virConnectGetHostname.*'conn' must be virConnectPtr.*capsule of virDomainPtr"):
        libvirtmod.virConnectGetHostname(domain._o)


def test_a_capsule_of_another_library_is_refused() -> None:
    with pytest.raises(TypeError, match="argument 'domain' must be virDomainPtr.*, not a capsule of datetime"):
        libvirtmod.virDomainGetName(getattr(datetime, "datetime_CAPI"))


def test_a_capsule_without_a_name_is_refused() -> None:
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    with pytest.raises(TypeError, match="argument 'domain' must be virDomainPtr.*, not a capsule"):
        libvirtmod.virDomainGetName(new(1, None, None))


def test_a_second_handle_is_checked(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    with pytest.raises(TypeError, match=r"virDomainOpenConsole\(\) argument 'st' must be virStreamPtr.*virConnectPtr"):
        libvirtmod.virDomainOpenConsole(domain._o, None, conn._o, 0)


def test_every_free_function_checks_the_kind_of_its_handle(conn: libvirt.virConnect) -> None:
    with pytest.raises(TypeError, match=r"virDomainFree\(\) argument 'object' must be virDomainPtr"):
        libvirtmod.virDomainFree(conn._o)
    assert conn.isAlive() == 1


# A valid value for each argument type, so that only the handle in front is wrong.
HARMLESS = {"const char *": "x", "const unsigned char *": bytes(16), "const char **": ["x"], "double": 0.0,
            "virTypedParameterPtr": {}, "int *": [], "unsigned char *": ()}
# Functions that read or reset an error and do not fail themselves.
QUIET = ("virConnGetLastError", "virConnResetLastError")
# Functions in which libvirt itself dereferences a NULL handle.
UNCHECKED = ("virConnectSetIdentity", "virDomainFDAssociate", "virDomainGetLaunchSecurityInfo",
             "virDomainSetLaunchSecurityState")
# C types of the arguments, from libvirt's API description.
TYPES = {function.name: {arg.name: arg.type for arg in function.args}
         for function in apixml.read(descriptions.here()["libvirt"], "libvirt").functions.values()}
NEEDS_HANDLE = [name for name in FUNCTIONS if name not in (*QUIET, *UNCHECKED)
                and re.fullmatch(r"vir\w+Ptr", next(iter(TYPES.get(name, {"": ""}).values()), ""))]


def harmless(name: str) -> Iterator[object]:
    """Yield arguments for a function: None for each handle, and harmless values for the rest."""
    declared = TYPES[name]
    types = {"object": next(iter(declared.values()), ""), **declared}  # virDomainFree() names it "object"
    for parameter in parameters(name):
        ctype = types.get(parameter, "")
        yield None if ctype.endswith("Ptr") and ctype not in HARMLESS else HARMLESS.get(ctype, 0)


def test_none_instead_of_the_handle_fails_with_an_error_from_libvirt(python_prints: PythonPrints) -> None:
    """All functions are called in one separate process, because a crash would end the test run."""
    lines = python_prints("""
import ast, sys
import libvirt, libvirtmod
for name, arguments in ast.literal_eval(sys.argv[1]):
    print(name, end=" ", flush=True)
    try:
        result = getattr(libvirtmod, name)(*arguments)
    except (TypeError, LookupError, libvirt.libvirtError) as error:
        print("refused", error)
    else:
        print(result, libvirt.libvirtError(name + "() failed").get_error_code(), flush=True)
""", repr([(name, list(harmless(name))) for name in NEEDS_HANDLE]))
    called = [line.split() for line in lines if "refused" not in line]
    invalid = {str(getattr(libvirt, name)) for name in dir(libvirt) if name.startswith("VIR_ERR_INVALID_")}
    assert [words for words in called if words[1] not in ("None", "-1", "0") or words[2] not in invalid] == []
    assert len(called) > 200
    # A few functions need values that cannot be derived from their types.
    assert len(lines) - len(called) < 30


@pytest.mark.parametrize("name", [name for name in UNCHECKED if name in FUNCTIONS])
def test_a_closed_object_raises_where_libvirt_does_not_check(python_prints: PythonPrints, name: str) -> None:
    """Regression test: close() sets the handle to None, and libvirt then dereferenced NULL."""
    assert python_prints(f"""
import libvirt, libvirtmod
try:
    result = libvirtmod.{name}(*{list(harmless(name))!r})
    if result in (None, -1):
        raise libvirt.libvirtError("{name}() failed")
except (libvirt.libvirtError, TypeError):
    print("refused")
""") == ["refused"]


# --- numbers ----------------------------------------------------------------

@pytest.mark.parametrize("value, received", [
    (-1, 0xfffffff4), (2 ** 32 - 1, 0xfffffff4), (-2 ** 31, 0x80000000), (2 ** 31, 0x80000000), (0x100, 0x100),
    (-0x100, 0xffffff00), (Index(-1), 0xfffffff4), (Index(0x100), 0x100),
])
def test_flags_reach_libvirt_as_32_bits(domain: libvirt.virDomain, value: object, received: int) -> None:
    # The test driver accepts the flags 1, 2 and 8, so its message does not list them.
    assert unsupported_flags(domain, value) == received


@pytest.mark.parametrize("value", [2 ** 32, -2 ** 31 - 1, 2 ** 63, 2 ** 64, -2 ** 63 - 1, 10 ** 40, -10 ** 40,
                                   Index(2 ** 32)])
def test_flags_of_more_than_32_bits_are_refused(domain: libvirt.virDomain, value: object) -> None:
    """Regression test: flags were taken modulo 2**32, so that 2**32 meant no flags."""
    with pytest.raises(OverflowError, match=r"^virDomainGetXMLDesc\(\) argument 'flags' "):
        libvirtmod.virDomainGetXMLDesc(domain._o, value)


@pytest.mark.parametrize("value", [0, False, True, Index(0), type("Mine", (int,), {})(0)])
def test_any_integer_like_object_is_accepted(domain: libvirt.virDomain, value: object) -> None:
    assert "<name>test</name>" in libvirtmod.virDomainGetXMLDesc(domain._o, value)


@pytest.mark.parametrize("value, shown", [(1.0, "float"), (None, "NoneType"), ("1", "str"), (b"1", "bytes"),
                                          (1j, "complex"), ([0], "list")])
def test_a_non_integer_is_refused_by_argument_name(domain: libvirt.virDomain, value: object, shown: str) -> None:
    with pytest.raises(TypeError, match=f"^virDomainGetXMLDesc\\(\\) argument 'flags' must be int, not {shown}$"):
        libvirtmod.virDomainGetXMLDesc(domain._o, value)


def test_an_exception_from_index_propagates(domain: libvirt.virDomain) -> None:
    with pytest.raises(ZeroDivisionError):
        libvirtmod.virDomainGetXMLDesc(domain._o, Index(ZeroDivisionError()))


def test_an_index_that_returns_a_non_integer_is_refused(domain: libvirt.virDomain) -> None:
    with pytest.raises(TypeError):
        libvirtmod.virDomainGetXMLDesc(domain._o, Index("1"))  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("function, arguments, name", [
    ("virDomainSetMemory", (), "memory"),
    ("virDomainSetMaxMemory", (), "memory"),
    ("virDomainMigrateSetMaxSpeed", (), "bandwidth"),
])
@pytest.mark.parametrize("value", [-1, -2 ** 31, -2 ** 63, 2 ** 64, 10 ** 40])
def test_sizes_refuse_negative_and_too_large_values(domain: libvirt.virDomain, function: str,
                                                    arguments: Tuple[object, ...], name: str, value: object) -> None:
    """Regression test: a negative size became a huge one."""
    wanted = f"^{function}\\(\\) argument '{name}' "
    with pytest.raises(OverflowError, match=wanted):
        getattr(libvirtmod, function)(domain._o, value, *arguments, *[0] * (len(parameters(function)) - 2))


def test_a_64_bit_size_refuses_negative_values(domain: libvirt.virDomain) -> None:
    with pytest.raises(OverflowError, match=r"^virDomainBlockResize\(\) argument 'size' "):
        libvirtmod.virDomainBlockResize(domain._o, "vda", -1, 0)
    assert libvirtmod.virDomainBlockResize(domain._o, "vda", 2 ** 64 - 1, 0) == -1


@pytest.mark.parametrize("value", [2 ** 31, -2 ** 31 - 1, 2 ** 32, -2 ** 63, 2 ** 64])
def test_an_int_has_32_bits(conn: libvirt.virConnect, value: object) -> None:
    with pytest.raises(OverflowError, match=r"^virDomainLookupByID\(\) argument 'id' "):
        libvirtmod.virDomainLookupByID(conn._o, value)


@pytest.mark.parametrize("value", [2 ** 31 - 1, -1, -2 ** 31])
def test_an_int_may_be_negative(conn: libvirt.virConnect, value: object) -> None:
    assert libvirtmod.virDomainLookupByID(conn._o, value) is None


@pytest.mark.parametrize("value, fits", [(2 ** 63 - 1, True), (-2 ** 63, True), (2 ** 63, False),
                                         (-2 ** 63 - 1, False)])
def test_a_long_long_has_64_bits(domain: libvirt.virDomain, value: object, fits: bool) -> None:
    if fits:
        assert libvirtmod.virDomainSendProcessSignal(domain._o, value, 0, 0) == -1
    else:
        with pytest.raises(OverflowError, match=r"^virDomainSendProcessSignal\(\) argument 'pid_value' "):
            libvirtmod.virDomainSendProcessSignal(domain._o, value, 0, 0)


# --- text -------------------------------------------------------------------

@pytest.mark.parametrize("value, shown", [(5, "int"), (b"test", "bytes"), (1.5, "float"), (["test"], "list"),
                                          (bytearray(b"test"), "bytearray")])
def test_a_non_string_is_refused_by_argument_name(conn: libvirt.virConnect, value: object, shown: str) -> None:
    with pytest.raises(TypeError, match=f"^virDomainLookupByName\\(\\) argument 'name' must be str.*, not {shown}$"):
        libvirtmod.virDomainLookupByName(conn._o, value)


@pytest.mark.parametrize("value", ["\0", "test\0", "\0test", "a\0b", "\udcff\0"])
def test_text_with_a_null_character_is_refused(conn: libvirt.virConnect, value: object) -> None:
    """libvirt would only see the text before the null character."""
    with pytest.raises(ValueError, match="^virDomainLookupByName.* argument 'name' contains a null character"):
        libvirtmod.virDomainLookupByName(conn._o, value)


def test_none_reaches_libvirt_as_a_null_name(conn: libvirt.virConnect) -> None:
    assert libvirtmod.virDomainLookupByName(conn._o, None) is None
    assert libvirt.libvirtError("virDomainLookupByName() failed").get_error_code() == libvirt.VIR_ERR_INVALID_ARG


def test_a_subclass_of_str_is_accepted(conn: libvirt.virConnect) -> None:
    assert libvirtmod.virDomainLookupByName(conn._o, type("Mine", (str,), {})("test")) is not None


@pytest.mark.parametrize("text", ["caf\u00e9", "\udcff", "caf\u00e9 \udce9\udcff", "\U0001f600", "\udc80\udc80"])
def test_text_with_escaped_bytes_comes_back_unchanged(domain: libvirt.virDomain, text: str) -> None:
    """Regression test: such text raised UnicodeDecodeError when libvirt returned it."""
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_DESCRIPTION, text, None, None, 0)
    assert domain.metadata(libvirt.VIR_DOMAIN_METADATA_DESCRIPTION, None, 0) == text


def test_escaped_bytes_reach_libvirt_and_come_back_in_its_error(conn: libvirt.virConnect) -> None:
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.networkLookupByName("caf\u00e9\udce9")
    assert caught.value.get_str2() == "no network with matching name 'caf\u00e9\udce9'"


@pytest.mark.parametrize("text", ["\ud800", "\udc7f", "\udd00", "a\udfff"])
def test_a_surrogate_that_is_not_an_escaped_byte_is_refused(conn: libvirt.virConnect, text: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        libvirtmod.virDomainLookupByName(conn._o, text)


# --- UUIDs ------------------------------------------------------------------

@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, list.__class__])
def test_a_uuid_can_be_any_buffer_of_16_bytes(conn: libvirt.virConnect, domain: libvirt.virDomain,
                                              make: Callable[[bytes], object]) -> None:
    uuid = domain.UUID()
    value = make(uuid) if make is not type else memoryview(bytes(32) + uuid)[32:]
    assert conn.lookupByUUID(value).name() == "test"


@pytest.mark.parametrize("value", [b"", bytes(15), bytes(17), None, "short", bytes(36)])
def test_a_uuid_of_another_length_raises_libvirt_error(conn: libvirt.virConnect, value: object) -> None:
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.lookupByUUID(value)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_INVALID_ARG
    assert "virDomainLookupByUUID() argument 'uuid'" in str(caught.value)


@pytest.mark.parametrize("value", [5, 1.5, [0] * 16, object()])
def test_a_uuid_that_is_not_a_buffer_is_refused(conn: libvirt.virConnect, value: object) -> None:
    with pytest.raises(TypeError, match=r"^virDomainLookupByUUID\(\) argument 'uuid' "):
        conn.lookupByUUID(value)


# --- arguments are checked before libvirt is called --------------------------

@pytest.mark.parametrize("wrong, exception", [("0", TypeError), (None, TypeError), (2 ** 32, OverflowError)])
def test_libvirt_is_not_called_when_the_last_argument_is_refused(domain: libvirt.virDomain, wrong: object,
                                                                 exception: Type[Exception]) -> None:
    with pytest.raises(exception):
        libvirtmod.virDomainDestroyFlags(domain._o, wrong)
    assert domain.isActive() == 1


def test_libvirt_is_not_called_when_a_later_handle_is_refused(conn: libvirt.virConnect,
                                                              domain: libvirt.virDomain) -> None:
    libvirtmod.virNetworkLookupByName(conn._o, "missing")
    error = libvirtmod.virGetLastError()
    with pytest.raises(TypeError):
        libvirtmod.virDomainOpenConsole(domain._o, None, "stream", 0)
    assert libvirtmod.virGetLastError() == error


def test_a_refused_argument_keeps_the_earlier_error_record(conn: libvirt.virConnect) -> None:
    libvirtmod.virNetworkLookupByName(conn._o, "missing")
    with pytest.raises(TypeError):
        libvirtmod.virNetworkLookupByName(conn._o, 5)
    assert libvirt.libvirtError("virNetworkLookupByName() failed").err is not None


# --- through the Python layer -----------------------------------------------

def test_arguments_can_be_given_by_keyword(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    assert conn.lookupByName(name="test").name() == "test"
    assert domain.XMLDesc(flags=0) == domain.XMLDesc()


def test_none_is_accepted_for_an_object_and_refused_by_libvirt(domain: libvirt.virDomain) -> None:
    with pytest.raises(libvirt.libvirtError) as caught:
        domain.openConsole(None, None)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_INVALID_STREAM


OBJECT_CALLS: List[Tuple[Callable[[libvirt.virDomain], object], str]] = [
    (lambda dom: dom.migrate("x"), "virDomain.migrate(): argument 'dconn' must be a virConnect, not str"),
    (lambda dom: dom.migrate(dom), "virDomain.migrate(): argument 'dconn' must be a virConnect, not virDomain"),
    (lambda dom: dom.migrate3("x", {}), "virDomain.migrate3(): argument 'dconn' must be a virConnect, not str"),
    (lambda dom: dom.migrate3(None, {}), "virDomain.migrate3(): argument 'dconn' must be a virConnect, not None"),
    (lambda dom: dom.openConsole(None, 5), "virDomain.openConsole(): argument 'st' must be a virStream, not int"),
    (lambda dom: dom.openConsole(None, dom.connect()),
     "virDomain.openConsole(): argument 'st' must be a virStream, not virConnect"),
    (lambda dom: dom.revertToSnapshot([]),
     "virDomain.revertToSnapshot(): argument 'snap' must be a virDomainSnapshot, not list"),
    # Other mistakes are still reported by the C function.
    (lambda dom: dom.migrate(dom.connect(), "x"), "virDomainMigrate() argument 'flags' must be int, not str"),
    (lambda dom: dom.openConsole(5, dom.connect().newStream()),
     "virDomainOpenConsole() argument 'dev_name' must be str or None, not int"),
]


@pytest.mark.parametrize("call, text", OBJECT_CALLS, ids=[text for _, text in OBJECT_CALLS])
def test_an_object_of_another_class_is_refused_by_argument_name(domain: libvirt.virDomain,
                                                                call: Callable[[libvirt.virDomain], object],
                                                                text: str) -> None:
    with pytest.raises(TypeError) as caught:
        call(domain)
    assert str(caught.value) == text
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_an_exception_that_is_not_about_the_object_propagates(domain: libvirt.virDomain,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    class Stranger:
        _o = None

    for raised in (AttributeError("'x' object has no attribute '_o'"), TypeError("stranger")):
        def fake(*args: object, raised: Exception = raised) -> None:
            raise raised
        monkeypatch.setattr(libvirtmod, "virDomainMigrate", fake)
        for dconn in (None, Stranger(), domain.connect()):
            with pytest.raises(type(raised)) as caught:
                domain.migrate(dconn)
            assert caught.value is raised


# --- messages ----------------------------------------------------------------

@pytest.mark.parametrize("call, text", [
    (lambda dom: dom.setSchedulerParameters({5: 1}),
     "virDomainSetSchedulerParameters() argument 'params': keys must be str, not int"),
    (lambda dom: dom.migrateToURI3("x", {None: 1}, 0),
     "virDomainMigrateToURI3() argument 'params': keys must be str, not NoneType"),
    (lambda dom: dom.setVcpus(-1), "virDomainSetVcpus() argument 'nvcpus' is not in the range 0 to 4294967295"),
    (lambda dom: dom.setVcpusFlags(-1, 0),
     "virDomainSetVcpusFlags() argument 'nvcpus' is not in the range 0 to 4294967295"),
    (lambda dom: dom.pinVcpu(-1, (True,)), "virDomainPinVcpu() argument 'vcpu' is not in the range 0 to 4294967295"),
    (lambda dom: dom.attachDevice(5), "virDomainAttachDevice() argument 'xml' must be str, not int"),
    (lambda dom: dom.blockCommit("vda", 5, None),
     "virDomainBlockCommit() argument 'base' must be str or None, not int"),
    (lambda dom: dom.fSTrim(5, 0), "virDomainFSTrim() argument 'mountPoint' must be str or None, not int"),
    (lambda dom: dom.attachDevice("ab\ud800c\udfff"),
     "'utf-8' codec can't encode character '\\udfff' in position 4: "
     "virDomainAttachDevice() argument 'xml' may have no surrogates"),
])
def test_messages_name_function_argument_and_problem(domain: libvirt.virDomain,
                                                     call: Callable[[libvirt.virDomain], object], text: str) -> None:
    with pytest.raises((TypeError, OverflowError, UnicodeEncodeError)) as caught:
        call(domain)
    assert str(caught.value) == text


@pytest.mark.parametrize("call", [
    lambda dom: dom.setVcpusFlags(1, -1), lambda dom: dom.interfaceAddresses(-1, 0),
    lambda dom: dom.sendKey(-1, 0, [1], 1), lambda dom: dom.guestInfo(-1, 0),
    lambda dom: dom.setLifecycleAction(-1, -1, 0)])
def test_negative_flags_and_enum_values_reach_libvirt(domain: libvirt.virDomain,
                                                      call: Callable[[libvirt.virDomain], object]) -> None:
    with pytest.raises(libvirt.libvirtError):
        call(domain)


@pytest.mark.parametrize("call", [
    lambda dom: dom.attachDevice(None), lambda dom: dom.connect().lookupByName(None),
    lambda dom: dom.connect().networkLookupByName(None), lambda dom: dom.openConsole(None, None)])
def test_none_for_a_required_text_is_refused_by_libvirt(domain: libvirt.virDomain,
                                                        call: Callable[[libvirt.virDomain], object]) -> None:
    with pytest.raises(libvirt.libvirtError):
        call(domain)


# --- names are truncated in messages -----------------------------------------

# Characters of two, three and four bytes, and a byte that is not valid UTF-8.
WIDE = ("\u00e9", "\u20ac", "\U0001f600", "\u00e9\u20ac\U0001f600", "\udcc3")


@pytest.mark.parametrize("start", range(9))
@pytest.mark.parametrize("wide", WIDE, ids=ascii)
def test_a_name_is_truncated_between_characters(domain: libvirt.virDomain, wide: str, start: int) -> None:
    """Regression test: truncation inside a character left a surrogate, so the exception could not be printed."""
    key = "x" * start + wide * 200
    calls: List[Callable[[], object]] = [lambda: domain.migrateToURI3("test:///default", {key: 1}, 0),
                                         lambda: domain.setSchedulerParameters({key: 1})]
    for call in calls:
        with pytest.raises((libvirt.libvirtError, LookupError)) as caught:
            call()
        quoted = str(caught.value).encode().decode().split("'")[-2]
        if wide == "\udcc3":
            assert quoted == "x" * start + "\ufffd" * (100 - start)
        else:
            assert key.startswith(quoted)
            assert 100 - 4 < len(quoted.encode()) <= 100


# --- uuid.UUID

def test_a_uuid_object_stands_for_its_bytes_and_its_text(conn: libvirt.virConnect) -> None:
    for thing, kind in ((conn.lookupByName("test"), ""), (conn.networkLookupByName("default"), "network"),
                        (conn.storagePoolLookupByName("default-pool"), "storagePool")):
        number = uuids.UUID(thing.UUIDString())
        for method in (f"{kind}LookupByUUID", f"{kind}LookupByUUIDString"):
            look = getattr(conn, method[0].lower() + method[1:])
            assert look(number).name() == thing.name()


@pytest.mark.parametrize("method", ["lookupByUUID", "lookupByUUIDString"])
def test_a_uuid_object_that_is_not_known(conn: libvirt.virConnect, method: str) -> None:
    with pytest.raises(libvirt.libvirtError.NoDomainError):
        getattr(conn, method)(uuids.UUID(int=5))
    with pytest.raises(TypeError, match="argument 'uuid(str)?' must be (bytes-like|str), not UUIDs") as caught:
        getattr(conn, method)(type("UUIDs", (), {"bytes": b"x" * 16})())
    assert caught.value.__cause__ is None
