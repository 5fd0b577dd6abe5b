# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reading an API description, and the file and line of its errors."""

from pathlib import Path
from typing import Tuple, Union

import pytest

from fixturetypes import ReadApi
from generator import apixml
from generator.errors import GeneratorError
from generator.model import Argument


def refused(path: Union[str, Path], library: str = "libvirt") -> str:
    """The message of the error for a description that is refused."""
    with pytest.raises(GeneratorError) as caught:
        apixml.read(str(path), library)
    return str(caught.value)


def broken(tmp_path: Path, *lines: str) -> str:
    """The message for a description of these lines, without the name of the file."""
    path = tmp_path / "broken.xml"
    path.write_text("\n".join(lines), encoding="utf-8")
    text = refused(path)
    assert text.startswith(f"{path}:"), text
    assert "\n" not in text
    return text[len(f"{path}:"):]


HEAD = ("<api name='libvirt'>", "<symbols>")


@pytest.mark.parametrize("spelled, expected", [
    ("int", "int"),
    ("unsigned   int", "unsigned int"),
    (" unsigned int ", "unsigned int"),
    ("char*", "char *"),
    ("const char*", "const char *"),
    ("const char *", "const char *"),
    ("const char  *", "const char *"),
    ("char **", "char **"),
    ("char * *", "char **"),
    ("char**", "char **"),
    ("const char ** ", "const char **"),
    ("const unsigned char*", "const unsigned char *"),
    ("virDomainPtr", "virDomainPtr"),
    ("virDomainPtr**", "virDomainPtr **"),
    ("virTypedParameterPtr *", "virTypedParameterPtr *"),
    ("const char * const *", "const char * const *"),
    ("void*", "void *"),
    ("\tlong\nlong", "long long"),
])
def test_every_c_type_has_one_spelling(spelled: str, expected: str) -> None:
    assert apixml.c_type(spelled) == expected


def test_malformed_xml_is_reported_with_its_line(tmp_path: Path) -> None:
    text = broken(tmp_path, *HEAD, "<function name='virA'>", "</symbols>")
    assert text.startswith("4: malformed XML: mismatched tag")


def test_a_file_that_ends_too_early_is_reported_with_its_line(tmp_path: Path) -> None:
    assert broken(tmp_path, *HEAD, "").startswith("3: malformed XML")


def test_an_empty_file_is_malformed(tmp_path: Path) -> None:
    assert broken(tmp_path, "").startswith("1: malformed XML")


def test_bytes_that_are_not_utf_8_are_malformed(tmp_path: Path) -> None:
    path = tmp_path / "latin.xml"
    path.write_bytes(b"<api name='libvirt'>\n<symbols>\n<macro name='\xff'/>\n</symbols></api>")
    assert refused(path).startswith(f"{path}:3: malformed XML")


def test_another_kind_of_document_is_refused(tmp_path: Path) -> None:
    text = broken(tmp_path, "<?xml version='1.0'?>", "<html>", "</html>")
    assert text == "2: not an API description of libvirt: the root element is <html>, not <api>"


def test_the_description_of_another_library_is_refused(tmp_path: Path) -> None:
    text = broken(tmp_path, "<?xml version='1.0'?>", "<api name='libvirt-qemu'>", "</api>")
    assert text == "2: this is the API description of 'libvirt-qemu', not of 'libvirt'"


@pytest.mark.parametrize("lines, place, what", [
    (("<api>", "</api>"), 1, "<api> has no attribute 'name'"),
    ((*HEAD, "<function>"), 3, "<function> has no attribute 'name'"),
    ((*HEAD, "<function name='virA'>", "<return info='x'/>"), 4, "<return> has no attribute 'type'"),
    ((*HEAD, "<function name='virA'>", "<return type='int'/>", "<arg type='int'/>"), 5,
     "<arg> has no attribute 'name'"),
    ((*HEAD, "<function name='virA'>", "<arg name='x'/>", "</function>"), 4, "<arg> of 'x' has no attribute 'type'"),
    ((*HEAD, "<struct name='virA'>", "<field name='x'/>", "</struct>"), 4, "<field> of 'x' has no attribute 'type'"),
    ((*HEAD, "<enum name='VIR_A' type='virA'/>"), 3, "<enum> of 'VIR_A' has no attribute 'value'"),
    ((*HEAD, "<macro/>"), 3, "<macro> has no attribute 'name'"),
])
def test_a_missing_attribute_is_reported_with_its_line(tmp_path: Path, lines: Tuple[str, ...], place: int,
                                                       what: str) -> None:
    assert broken(tmp_path, *lines) == f"{place}: {what}"


def test_a_function_with_two_descriptions_is_refused(tmp_path: Path) -> None:
    function = ("<function name='virA'>", "<return type='int'/>", "</function>")
    assert broken(tmp_path, *HEAD, *function, *function).endswith("'virA' is described twice")


def test_a_file_that_is_not_there_is_reported_by_name(tmp_path: Path) -> None:
    path = tmp_path / "missing.xml"
    assert refused(path) == f"{path}: cannot be read: No such file or directory"


def test_a_directory_is_reported_by_name(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path}: cannot be read: Is a directory"


def test_arguments_of_a_macro_have_no_type(read_api: ReadApi) -> None:
    api = read_api("<macro name='VIR_CHECK' file='libvirt-common'><arg name='major' info=''/></macro>")
    assert [(macro.name, macro.string) for macro in api.macros] == [("VIR_CHECK", None)]


def test_a_function_has_all_that_its_element_says(read_api: ReadApi) -> None:
    api = read_api("""<function name='virDomainFoo' file='libvirt-domain' module='libvirt-source' version='7.1.0'>
        <info><![CDATA[ Does foo & more to @dom. ]]></info>
        <return type='const char*' info='the text'/>
        <arg name='dom' type='virDomainPtr' info='a &lt;domain&gt;'/>
        <arg name='values' type='int  *' info=''/>
        </function>""")
    function = api.functions["virDomainFoo"]
    assert function.prototype() == "const char * virDomainFoo(virDomainPtr dom, int * values)"
    assert function.args == (Argument("dom", "virDomainPtr", "a <domain>"), Argument("values", "int *", ""))
    assert (function.file, function.module, function.version) == ("libvirt-domain", "libvirt-source", "7.1.0")
    assert (function.info, function.returns_info) == ("Does foo & more to @dom.", "the text")
    assert function.line == 5


def test_functions_keep_the_order_of_the_file(read_api: ReadApi) -> None:
    assert list(read_api("int virB(void)", "int virA(void)", "int virC(void)").functions) == ["virB", "virA", "virC"]


def test_callback_types_are_not_functions(read_api: ReadApi) -> None:
    api = read_api("<functype name='virCallback' file='f'><return type='int'/><arg name='x' type='int'/></functype>")
    assert list(api.callbacks) == ["virCallback"]
    assert not api.functions


def test_the_members_of_a_union_are_not_fields_of_the_struct(read_api: ReadApi) -> None:
    api = read_api("""<struct name='virThing' file='f' type='struct _virThing'>
        <field name='type' type='int'/>
        <field name='value' type='union'>
            <union><field name='i' type='int'/><field name='s' type='char *'/></union>
        </field>
        <field name='last' type='int'/>
        </struct>""")
    assert [field.name for field in api.structs["virThing"].fields] == ["type", "value", "last"]


def test_elements_before_the_symbols_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "api.xml"
    path.write_text("<api name='libvirt'><files><file name='f'><exports symbol='virA' type='function'/></file></files>"
                    "<symbols/></api>")
    assert not apixml.read(str(path), "libvirt").functions


STRUCT = "<struct name='virInfo' file='f'><field name='a' type='int'/></struct>"


@pytest.mark.parametrize("pointer", ["virInfoPtr", "virInfo *", "const virInfo *", "virOther *"])
def test_a_struct_is_found_behind_its_pointer_and_its_other_names(read_api: ReadApi, pointer: str) -> None:
    api = read_api(STRUCT, "<typedef name='virInfoPtr' file='f' type='virInfo *'/>",
                   "<typedef name='virOther' file='f' type='virInfo'/>")
    assert api.struct_of(pointer) is api.structs["virInfo"]


@pytest.mark.parametrize("pointer", ["virInfo", "virInfoPtr *", "virInfo **", "int *", "virSecretPtr", "virUnknown *"])
def test_no_struct_is_found_unless_its_fields_are_public(read_api: ReadApi, pointer: str) -> None:
    api = read_api(STRUCT, "<typedef name='virInfoPtr' file='f' type='virInfo *'/>",
                   "<struct name='virSecret' file='f' type='struct _virSecret'/>",
                   "<typedef name='virSecretPtr' file='f' type='virSecret *'/>")
    assert api.struct_of(pointer) is None
