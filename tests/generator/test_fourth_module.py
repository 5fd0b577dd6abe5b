# SPDX-License-Identifier: LGPL-2.1-or-later
"""An additional module that consists only of data: generated, compiled, imported and used."""

import dataclasses
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Type

import pytest

from api import csource
from conftest import TOP, api_xml
from generator import apixml, checks, converters, plan
from generator.bindings import handles
from generator.bindings.schema import RAISES_ON_ZERO, Handle, Module, Part, Row
from generator.emit import c_module, python_module
from generator.model import Api
from generator.plan import ModulePlan

if TYPE_CHECKING:
    import libvirt
else:
    libvirt = pytest.importorskip("libvirt")

DATA = TOP / "tests" / "data"
CC = shlex.split(os.environ.get("CC", "cc"))

THING = Module(
    name="libvirt_thing", extension="libvirtmod_thing", library="libvirt-thing", header="libvirt/libvirt-thing.h",
    handles=(handles.CONNECT, handles.DOMAIN), strip="vir",
    parts=(Part(),),
    rows=(
        Row("virThingGetPair", "the container", result=converters.Outputs(
            (converters.ScalarOut("first", "int"), converters.ScalarOut("second", "int")), "Tuple")),
        Row("virThingGetNames", "the direction", result=converters.Outputs(
            (converters.TextOut("first"), converters.TextOut("second")), "List")),
        Row("virThingBig", "0 is the failure",
            result=converters.Number("unsigned long long", failing="0", raises=RAISES_ON_ZERO)),
        Row("virThingNumber", "-1 is an answer", result=converters.Number("unsigned int", failing="(unsigned int)-1")),
        Row("virDomainThingGetName", "reads a field", keep_gil=True),
    ),
    doc="Things.",
)

RECORD = ("<struct name='virThingRecord' file='f'><field name='name' type='char *'/><field name='count' type='int'/>"
          "</struct><typedef name='virThingRecordPtr' file='f' type='virThingRecord *'/>")

STRUCT = "<struct name='virThingInfo' file='f'>" + "".join(f"<field name='{name}' type='{ctype}'/>" for name, ctype in (
    ("c", "char"), ("uc", "unsigned char"), ("s", "short"), ("us", "unsigned short"), ("i", "int"),
    ("ui", "unsigned int"), ("l", "long"), ("ul", "unsigned long"), ("ll", "long long int"),
    ("ull", "unsigned long long int"), ("f", "float"), ("d", "double"), ("model", "char model[8]"), ("name", "char *"),
)) + "</struct><typedef name='virThingInfoPtr' file='f' type='virThingInfo *'/>"

CONSTANTS = ("<enum name='VIR_THING_A' file='f' value='1' type='virThing'/>"
             "<enum name='VIR_THING_B' file='f' value='VIR_BASE' type='virThing'/>"
             "<enum name='VIR_THING_LAST' file='f' value='3' type='virThing'/>"
             "<macro name='VIR_THING_FIELD' file='f' string='a \"field\"'/>")

BASE = ("<enum name='VIR_BASE' file='f' value='2' type='virBase'/>",)


def prototypes() -> List[str]:
    """The functions of the made-up header."""
    text = (DATA / "libvirt-thing.h").read_text(encoding="utf-8")
    found = [line for line in text.splitlines() if line.endswith(");") and "Reserved" not in line]
    return [*found, "int virThingReserved(int self, int args, int nargs, int retval, int module, const char *from,"
            " int lambda);"]


def read(directory: Path, name: str, library: str, *symbols: str) -> Api:
    path = directory / name
    path.write_text(api_xml(*symbols, library=library), encoding="utf-8")
    return apixml.read(str(path), library)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """The directory with the sources of the fourth module."""
    directory = tmp_path_factory.mktemp("thing")
    whole = plan.plan_module(THING, read(directory, "libvirt-thing-api.xml", "libvirt-thing", STRUCT, RECORD,
                                         CONSTANTS,
                                         *prototypes()))
    checks.check(whole)
    base = read(directory, "libvirt-api.xml", "libvirt", *BASE)
    for name, text in (("libvirtmod_thing.h", c_module.emit_header(whole)),
                       ("libvirtmod_thing.c", c_module.emit(whole, THING.parts[0])),
                       ("libvirt_thing.py", python_module.emit(whole, base, str(directory))),
                       ("config.h", "")):
        (directory / name).write_text(text, encoding="utf-8")
    (directory / "libvirt").mkdir()
    shutil.copy(str(DATA / "libvirt-thing.h"), str(directory / "libvirt"))
    return directory


def compile_c(directory: Path, *arguments: object) -> None:
    """Runs the C compiler; a test without one is skipped."""
    if shutil.which(CC[0]) is None:
        pytest.skip(f"no compiler {CC[0]}")
    done = subprocess.run([*CC, "-std=gnu11", f"-I{directory}", f"-I{TOP / 'src'}",
                           f"-I{sysconfig.get_paths()['include']}", f"-I{sysconfig.get_paths()['platinclude']}",
                           *map(str, arguments)], cwd=str(directory), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def thing(sources: Path) -> Iterator[ModuleType]:
    """The fourth module, imported."""
    output = "libvirtmod_thing" + sysconfig.get_config_var("EXT_SUFFIX")
    compile_c(sources, "-O1", "-g", "-shared", "-fPIC", "libvirtmod_thing.c",
              DATA / "libvirt-thing.c", *csource.shared_sources(), "-o", output, "-lvirt")
    sys.path.insert(0, str(sources))
    try:
        spec = importlib.util.spec_from_file_location("libvirt_thing", str(sources / "libvirt_thing.py"))
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(sources))
    yield module
    del sys.modules["libvirtmod_thing"]


@pytest.fixture(autouse=True)
def no_error() -> None:
    """Clear the error of the thread: functions of libvirt do that, but not those of the made-up library."""
    libvirt.virResetLastError()


@pytest.mark.parametrize("source", ["libvirtmod_thing.c"])
def test_emitted_c_compiles_without_a_warning(sources: Path, source: str) -> None:
    compile_c(sources, "-fsyntax-only", "-Wall", "-Wextra", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wshadow",
              "-Werror", source)


def test_a_function_that_cannot_be_inferred_is_not_bound(thing: ModuleType) -> None:
    assert not hasattr(thing, "thingRefused")
    assert not hasattr(thing.libvirtmod_thing, "virThingRefused")


def test_constants_may_be_aliases_of_constants_of_the_main_library(thing: ModuleType) -> None:
    assert (thing.VIR_THING_A, thing.VIR_THING_B, thing.VIR_THING_FIELD) == (1, 2, 'a "field"')
    assert not hasattr(thing, "VIR_THING_LAST") and not hasattr(thing, "VIR_BASE")


@pytest.mark.parametrize("name, low, high", [
    ("Int", -2 ** 31, 2 ** 31 - 1), ("Long", -2 ** 63, 2 ** 63 - 1), ("ULong", 0, 2 ** 64 - 1),
    ("LLong", -2 ** 63, 2 ** 63 - 1), ("ULLong", 0, 2 ** 64 - 1), ("Size", 0, 2 ** 63 - 1),
    ("UInt", 0, 2 ** 32 - 1),
])
def test_numbers_are_accepted_up_to_the_limits_of_their_types(thing: ModuleType, name: str, low: int,
                                                              high: int) -> None:
    if name in ("Long", "ULong", "Size") and sys.maxsize < 2 ** 32:
        pytest.skip("a long has 32 bits here")
    function = getattr(thing.libvirtmod_thing, f"virThingEcho{name}")
    others = () if name == "Int" else (None,)
    assert [function(value, *others) for value in (low, 0, 1, high)] == [low, 0, 1, high]
    for value in (low - 1, high + 1, 10 ** 30, -10 ** 30):
        with pytest.raises(OverflowError, match=f"virThingEcho{name}\\(\\) argument 'value' "):
            function(value, *others)


@pytest.mark.parametrize("name", ["Int", "UInt", "Long", "ULong", "LLong", "ULLong", "Size"])
@pytest.mark.parametrize("value", [1.0, "1", None, b"1", [1], object()])
def test_an_argument_that_is_not_an_int_is_refused(thing: ModuleType, name: str, value: object) -> None:
    function = getattr(thing.libvirtmod_thing, f"virThingEcho{name}")
    with pytest.raises(TypeError, match=f"virThingEcho{name}\\(\\) argument 'value' must be int, not "):
        function(value, *(() if name == "Int" else (None,)))


@pytest.mark.parametrize("value", [0.0, -1.0, 1.5, -1e300, float("inf"), 3, True])
def test_a_double_is_passed_and_returned(thing: ModuleType, value: object) -> None:
    result = thing.thingEchoDouble(value, None)
    assert (result, type(result)) == (value, float)


@pytest.mark.parametrize("value", ["1.5", None, b"1", [1.0]])
def test_an_argument_that_is_not_a_float_is_refused(thing: ModuleType, value: object) -> None:
    with pytest.raises(TypeError, match=r"virThingEchoDouble\(\) argument 'value' must be float, not "):
        thing.thingEchoDouble(value, None)


@pytest.mark.parametrize("text", ["", "plain", "caf\u00e9 \U0001f600", "\udcff\udc80", "caf\u00e9\udce9", "x" * 100000])
def test_text_is_passed_and_returned_unchanged(thing: ModuleType, text: str) -> None:
    assert thing.thingEchoText(text) == text


def test_text_of_the_library_need_not_be_utf_8(thing: ModuleType) -> None:
    assert thing.thingStaticText() == "caf\u00e9 \udcff"


def test_none_is_passed_as_null_and_null_is_a_failure(thing: ModuleType) -> None:
    with pytest.raises(libvirt.libvirtError) as caught:
        thing.thingEchoText(None)
    assert caught.value.args == ("virThingEchoText() failed",)
    assert caught.value.err is None


@pytest.mark.parametrize("uuid", [bytes(range(16)), bytearray(range(16)), memoryview(bytes(range(16))),
                                  "".join(map(chr, range(16)))])
def test_a_uuid_is_passed_as_16_bytes(thing: ModuleType, uuid: object) -> None:
    assert thing.thingFormatUUID(uuid) == "000102030405060708090a0b0c0d0e0f"


def test_a_uuid_is_returned_as_16_bytes(thing: ModuleType) -> None:
    assert thing.thingGetUUID() == bytes.fromhex("00112233445566778899aabbccddeeff")


def test_a_uuid_is_returned_as_text(thing: ModuleType) -> None:
    assert thing.thingGetUUIDString() == "00112233-4455-6677-8899-aabbccddeeff"


def test_the_fields_of_a_struct_keep_order_and_sign(thing: ModuleType) -> None:
    assert thing.thingGetInfo("caf\u00e9") == [
        5, 250, -30000, 60000, -2000000000, 4000000000, -5000000000,
        18000000000000000000, -9000000000000000000, 18000000000000000001, 0.5, -0.25, "model", "caf\u00e9"]


def test_a_null_in_a_struct_is_none(thing: ModuleType) -> None:
    assert thing.thingGetInfo(None)[-1] is None


def test_typed_parameters_are_returned_as_a_dict(thing: ModuleType) -> None:
    found = thing.thingGetParams(0)
    assert found == {"int": -7, "uint": 4000000000, "llong": -9000000000000000000, "ullong": 18000000000000000000,
                     "double": 0.5, "boolean": True, "string": "text"}
    assert found["boolean"] is True
    assert list(found) == ["int", "uint", "llong", "ullong", "double", "boolean", "string"]


def test_parameter_names_with_the_same_cache_slot_are_not_confused(thing: ModuleType) -> None:
    """The str objects of names are cached, in a limited number of slots."""
    wanted = {str(number // 2) if number % 2 else f"field.{number // 2:060}.\udcff": number for number in range(1500)}
    for _ in range(3):
        assert thing.thingGetParams(1500) == wanted
    assert list(thing.thingGetParams(20)) == list(wanted)[:20]


def test_typed_parameters_are_counted_and_returned_as_a_dict(thing: ModuleType) -> None:
    assert thing.thingFillParams(0) == {"one": 1, "two": 2}
    with pytest.raises(libvirt.libvirtError, match=r"^virThingFillParams\(\) failed$"):
        thing.thingFillParams(1)


def test_typed_parameters_get_their_types_from_their_values(thing: ModuleType) -> None:
    given = {"text": "caf\u00e9", "yes": True, "real": 0.5, "number": 3, "negative": -3, "list": ["a", "b"]}
    assert thing.thingShowParams(given) == (
        "text:7:caf\u00e9 yes:6:1 real:5:0.5 number:4:3 negative:3:-3 list:7:a list:7:b ")


@pytest.mark.parametrize("wrong, exception", [
    (None, TypeError), ([], TypeError), ({"x": None}, TypeError), ({1: 1}, TypeError), ({"x": 2 ** 64}, OverflowError),
    ({"x": "a\0b"}, ValueError), ({"x": object()}, TypeError),
])
def test_wrong_typed_parameters_are_refused_with_the_name_of_the_argument(thing: ModuleType, wrong: object,
                                                                          exception: Type[Exception]) -> None:
    with pytest.raises(exception, match=r"^virThingShowParams\(\) argument 'params'"):
        thing.thingShowParams(wrong)


def test_a_name_that_is_too_long_for_a_typed_parameter_is_refused(thing: ModuleType) -> None:
    with pytest.raises((ValueError, libvirt.libvirtError)):
        thing.thingShowParams({"x" * 200: 1})


def test_allocated_names_are_returned_as_a_list(thing: ModuleType) -> None:
    assert thing.thingGetAll(3) == ["name 0", "name 1", "name 2"]
    assert thing.thingGetAll(0) == []


def test_names_are_counted_and_returned_as_a_list(thing: ModuleType) -> None:
    assert thing.thingListNames() == ["first", "caf\u00e9"]


def test_records_are_returned_as_a_list_of_dicts(thing: ModuleType) -> None:
    assert thing.thingGetRecords() == [{"name": "one", "count": 1}, {"name": None, "count": -2}]


@pytest.mark.parametrize("parts, joined", [([], ""), (["a"], "a,"), (None, "none"),
                                           (("a", "", "caf\u00e9", "\udcff"), "a,,caf\u00e9,\udcff,")])
def test_a_list_of_text_is_passed(thing: ModuleType, parts: Optional[Sequence[str]], joined: str) -> None:
    assert thing.thingJoin(parts) == joined


@pytest.mark.parametrize("wrong, exception", [("abc", TypeError), (5, TypeError), ([1], TypeError), ([None], TypeError),
                                              (["a\0b"], ValueError), ([b"a"], TypeError)])
def test_a_wrong_list_of_text_is_refused_with_the_name_of_the_argument(thing: ModuleType, wrong: object,
                                                                       exception: Type[Exception]) -> None:
    with pytest.raises(exception, match=r"^virThingJoin\(\) argument 'parts'"):
        thing.thingJoin(wrong)


@pytest.mark.parametrize("data, total", [(b"", 0), (bytes([1, 0, 255]), 256), (bytearray([2, 3]), 5),
                                         (memoryview(b"\x01\x02\x03")[1:], 5), ("\x01\x02", 3)])
def test_bytes_are_passed_with_their_number(thing: ModuleType, data: object, total: int) -> None:
    assert thing.thingSum(data) == total


@pytest.mark.parametrize("wrong", [5, 1.5, [1, 2], object()])
def test_an_object_without_bytes_is_refused_with_the_name_of_the_argument(thing: ModuleType, wrong: object) -> None:
    with pytest.raises(TypeError, match=r"^virThingSum\(\) argument 'data'"):
        thing.thingSum(wrong)


def test_several_results_are_returned_in_the_container_of_their_row(thing: ModuleType) -> None:
    assert thing.thingGetPair() == (3, 4)
    assert thing.thingGetNames() == ["one", None]


def test_a_number_that_means_failure_raises(thing: ModuleType) -> None:
    assert thing.thingBig(2 ** 64 - 1) == 2 ** 64 - 1
    with pytest.raises(libvirt.libvirtError, match=r"^virThingBig\(\) failed$"):
        thing.thingBig(0)


def test_an_unsigned_minus_one_is_minus_one_where_the_row_says_so(thing: ModuleType) -> None:
    assert (thing.thingNumber(2 ** 32 - 1), thing.thingNumber(2 ** 32 - 2)) == (-1, 2 ** 32 - 2)


def test_a_void_function_returns_none(thing: ModuleType) -> None:
    assert thing.thingNothing(5) is None


def test_arguments_may_have_reserved_names(thing: ModuleType) -> None:
    assert thing.thingReserved(self=1, args=2, nargs=3, retval=4, module=5, frm="x", lambda_=7) == 7154321


def test_flags_have_no_default_in_a_smaller_module(thing: ModuleType) -> None:
    with pytest.raises(TypeError):
        thing.thingGetParams()


def test_capsules_of_another_extension_are_accepted(thing: ModuleType, domain: libvirt.virDomain) -> None:
    assert thing.domainThingGetName(domain) == "test"
    assert thing.libvirtmod_thing.virDomainThingGetName(domain._o) == "test"


def test_new_objects_have_classes_of_libvirt_and_a_parent(thing: ModuleType, conn: libvirt.virConnect) -> None:
    found = thing.connectThingFirst(conn)
    assert type(found) is libvirt.virDomain
    assert found.connect() is conn
    assert found.name() == "test"


def test_objects_in_a_list_have_a_parent(thing: ModuleType, conn: libvirt.virConnect) -> None:
    found = thing.connectThingListAll(conn, 0)
    assert [(type(item), item.name(), item.connect() is conn) for item in found] == [(libvirt.virDomain, "test", True)]


def test_new_objects_are_freed(thing: ModuleType, conn: libvirt.virConnect) -> None:
    thing.connectThingListAll(conn, 0)
    thing.connectThingFirst(conn)
    assert conn.close() == 0


def test_failures_have_the_error_of_libvirt(thing: ModuleType, domain: libvirt.virDomain) -> None:
    with pytest.raises(libvirt.libvirtError) as caught:
        thing.domainThingFail(domain)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_INVALID_ARG
    assert libvirt.libvirtError("virDomainThingFail() failed").err is None


def test_a_handle_that_was_freed_by_another_extension_is_refused(thing: ModuleType, conn: libvirt.virConnect,
                                                                 domain: libvirt.virDomain) -> None:
    libvirt.libvirtmod.virDomainFree(domain._o)
    with pytest.raises(libvirt.libvirtError) as caught:
        thing.domainThingFail(domain)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_INVALID_DOMAIN


# --- a module with classes of its own ---------------------------------------

HUB = Handle("thgHub", "thgHubClose", "thgHubRef", "VIR_ERR_INVALID_CONN")
ITEM = Handle("thgItem", "thgItemFree", "thgItemRef", "VIR_ERR_INVALID_DOMAIN", "thgHub", "hub", "connect")
OWN = Module(name="thing", extension="thingmod", library="thing", header="thing.h", handles=(HUB, ITEM),
             parts=(Part("hubs", ("thgHub",)), Part()), own_classes=True, defaults=True,
             fragments=("thing_errors.py",), doc="Things of their own.")
ERRORS = "class libvirtError(Exception):\n    pass\n"
OWN_API = ("thgItemPtr thgHubLookup(thgHubPtr hub, const char *name, unsigned int flags)",
           "int thgItemBreak(thgItemPtr item)", "thgHubPtr thgOpen(const char *name)")


@pytest.fixture
def own(tmp_path: Path) -> Tuple[ModulePlan, str]:
    """The plan and the Python source of a module whose handles are its own classes."""
    (tmp_path / "thing_errors.py").write_text(ERRORS)
    whole = plan.plan_module(OWN, read(tmp_path, "thing.xml", "thing", *OWN_API))
    checks.check(whole)
    return whole, python_module.emit(whole, None, str(tmp_path))


class FakeExtension:
    """Replaces the C extension: its functions return capsules and record the calls."""

    def __init__(self) -> None:
        self.calls: List[Tuple[str, Tuple[object, ...]]] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            self.calls.append((name, arguments))
            return libvirt.libvirtmod.virConnectOpen("test:///default")
        return call


def load(source: str) -> Dict[str, Any]:
    namespace = {"__name__": "thing"}
    sys.modules["thingmod"] = FakeExtension()  # type: ignore[assignment]  # anything may stand for a module
    try:
        exec(compile(source, "thing", "exec"), namespace)  # pylint: disable=exec-used
    finally:
        del sys.modules["thingmod"]
    return namespace


def test_the_c_of_a_module_with_its_own_classes_is_split_by_class(own: Tuple[ModulePlan, str]) -> None:
    whole, _ = own
    hubs, others = (c_module.emit(whole, part) for part in OWN.parts)
    assert "wrap_thgHubLookup" in hubs and "wrap_thgItemBreak" not in hubs and "wrap_thgOpen" not in hubs
    assert "wrap_thgItemBreak" in others and "wrap_thgOpen" in others and "wrap_thgHubLookup" not in others
    for name in ("release_thgHub", "thgItemRef", "PyInit_thingmod"):
        assert name in others and name not in hubs


def test_the_c_of_a_module_with_its_own_classes_compiles(own: Tuple[ModulePlan, str], tmp_path: Path) -> None:
    whole, _ = own
    (tmp_path / "thing.h").write_text("""#include <libvirt/libvirt.h>
typedef struct thgHub thgHub; typedef thgHub *thgHubPtr; typedef struct thgItem thgItem; typedef thgItem *thgItemPtr;
int thgHubClose(thgHubPtr); int thgHubRef(thgHubPtr); int thgItemFree(thgItemPtr); int thgItemRef(thgItemPtr);
""" + "".join(f"{line};\n" for line in OWN_API))
    (tmp_path / "config.h").write_text("")
    (tmp_path / "thingmod.h").write_text(c_module.emit_header(whole))
    for part in OWN.parts:
        (tmp_path / part.file("thingmod")).write_text(c_module.emit(whole, part))
    for name in ("thingmod.c", "thingmod-hubs.c"):
        compile_c(tmp_path, "-fsyntax-only", "-include", "thing.h", "-Wall", "-Wextra", "-Werror", name)


def test_a_handle_without_reference_counting_has_no_ref_function(own: Tuple[ModulePlan, str]) -> None:
    whole, _ = own
    lonely = dataclasses.replace(ITEM, ref="")
    module = dataclasses.replace(OWN, handles=(HUB, lonely))
    text = c_module.emit(dataclasses.replace(whole, module=module), OWN.parts[-1])
    assert "release_thgItem, NULL, VIR_ERR_INVALID_DOMAIN" in text and "ref_thgItem" not in text
    assert "release_thgHub, ref_thgHub" in text


def test_names_are_borrowed_from_libvirt(own: Tuple[ModulePlan, str], tmp_path: Path) -> None:
    whole, _ = own
    module = dataclasses.replace(OWN, borrows=("libvirtError",), fragments=())
    made = load(python_module.emit(dataclasses.replace(whole, module=module), None, str(tmp_path)))
    assert made["libvirtError"] is libvirt.libvirtError


def test_the_classes_of_a_module_are_its_handles(own: Tuple[ModulePlan, str]) -> None:
    made = load(own[1])
    hub = made["thgOpen"]("name")
    assert type(hub) is made["thgHub"]
    assert "virConnect" not in made and "virDomain" not in made


def test_an_object_is_made_with_a_parent_of_its_own_module(own: Tuple[ModulePlan, str]) -> None:
    """The generator once looked for the parent in libvirt's class virConnect."""
    made = load(own[1])
    hub = made["thgOpen"]("name")
    item = hub.thgHubLookup("name")
    assert type(item) is made["thgItem"]
    assert item.connect() is hub


def test_the_name_of_a_module_is_data(own: Tuple[ModulePlan, str], tmp_path: Path) -> None:
    other = dataclasses.replace(OWN, name="other", extension="othermod")
    whole = plan.plan_module(other, own[0].api)
    assert "PyInit_othermod" in c_module.emit(whole, OWN.parts[-1])
    assert "import othermod" in python_module.emit(whole, None, str(tmp_path))
