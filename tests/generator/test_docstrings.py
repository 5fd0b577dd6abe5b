# SPDX-License-Identifier: LGPL-2.1-or-later
"""Docstrings for Python, from descriptions that are written for C: the rules by which they are made."""

import ast
from typing import Any, Callable, Dict, List, Optional

import pytest

from conftest import function_xml
from fixturetypes import PlanModule, ReadApi
from generator import docstrings, enums, hints
from generator.bindings import texts
from generator.bindings.texts.schema import Text
from generator.docstrings import Names, layout, parameters, summary
from generator.docstrings.layout import Block
from generator.docstrings.prose import Prose
from generator.emit import python_module
from generator.hints import Hint

NAMES = Names({"virDomainGetInfo": "virDomain.info", "virDomainSave": "virDomain.save", "virOpen": "libvirt.open"},
              {"virDomainState": "libvirt_enums.DomainState", "virDomainFooFlags": "libvirt_enums.DomainFooFlags"})


@pytest.fixture
def source(plan_module: PlanModule) -> Callable[..., str]:
    """The Python source of one function."""
    def of(prototype: str, info: str = "", infos: Optional[Dict[str, str]] = None, returns: str = "",
           **changes: Any) -> str:
        text = function_xml(prototype, info, infos=(infos or {}).items())
        whole = plan_module(text.replace("info=''/>", f"info='{returns}'/>", 1), **changes)
        return "\n".join(python_module.function(whole.plans[0], "libvirtmod", names=NAMES, api=whole.api))
    return of


@pytest.fixture
def doc(source: Callable[..., str]) -> Callable[..., str]:
    """The docstring that Python reads out of that source."""
    def of(*arguments: Any, **changes: Any) -> str:
        text = source(*arguments, **changes)
        node, = ast.parse("class Owner:\n" + text if text.startswith(" ") else text).body
        function = node.body[0] if isinstance(node, ast.ClassDef) else node
        assert isinstance(function, ast.FunctionDef)
        return ast.get_docstring(function) or ""
    return of


FOO = "int virDomainFoo(virDomainPtr dom, const char *name, unsigned int flags)"


# --- words

@pytest.mark.parametrize("text, words", [
    ("returns NULL for it", "returns None for it"),
    ("NULL or NULL.", "None or None."),
    ("NULLABLE and VIR_NULL stay", "NULLABLE and VIR_NULL stay"),
    ("the name of @foo", "the name of foo"),
    ("@a and @b, (@c)", "a and b, (c)"),
    ("@dev is renamed", "path is renamed"),
    ("user@example.com", "user@example.com"),
    ("if it is non-NULL", "if it is not None"),
    ("a 0 terminated UTF-8 encoded XML instance", "the XML"),
    ("pointer to a list", "a list"), ("a pointer to the name", "the name"), ("pointer to variable", "the variable"),
    ("the call will return an error if", "the call will fail if"),
    ("makes the function return error in case", "makes the function fail in case"),
    ("it must return an error if", "it must fail if"),
    ("the metadata string (caller must free), or more", "the metadata string, or more"),
    ("the size in KBytes, after 3 msec", "the size in KiB, after 3 milliseconds"),
    ("an unsigned long long", "an int"),
    ("one of the virDomainState", "one of the libvirt_enums.DomainState"),
    ("see virDomainGetInfo() and virDomainSave", "see virDomain.info() and virDomain.save()"),
    ("see virOpen", "see libvirt.open()"), ("a virDomainPtr object", "a virDomain object"),
    ("see virDomainBlockJobInfo()", "see virDomain.blockJobInfo()"),  # the wrong name of virDomainGetBlockJobInfo
    ("see virDomain.info() and libvirt.virOpen()", "see virDomain.info() and libvirt.virOpen()"),
    ("virDomainUnknown stays", "virDomainUnknown stays"),
    ("the state of @dom", "the state of the domain"), ("a running @dom", "a running domain"),
    ("the domain @dom", "the domain"),
    ("This API call may fail; this function, too", "This call may fail; this call, too"),
    ("the value ``<vcpu id='...'>``", "the value <vcpu id='...'>"), ("Note: it is late", "it is late"),
    ("an array of names and array of IDs", "a list of names and list of IDs"),
    ("Will return an error if", "Fails if"), ("stream pointer not valid", "stream not valid"),
])
def test_terms_of_c_become_terms_of_python(text: str, words: str) -> None:
    assert Prose(NAMES, {"dev": "path"}, subject="dom", thing="domain").words(text) == words


def kept(text: str, *hidden: str) -> str:
    return "\n\n".join(block.text for block in Prose(NAMES, hidden=hidden).blocks(text))


@pytest.mark.parametrize("advice", [
    "The caller must free() the returned string.",
    "the caller must free() the result.",
    "The caller needs to free() the returned value.",
    "It must be freed by the caller.",
    "The string should be freed by the caller after use.",
    "The caller is responsible for freeing the result with free().",
    "The client must free the returned string after use.",
    "virDomainFree should be used to free the resources after the\ndomain object is no longer needed.",
    "virStoragePoolFree should be used to free the resources after the storage pool object is no longer needed.",
    "virAdmServerFree() should be used to free the resources after the\nserver object is no longer needed.",
    "The use count must be released with virDomainFree().",
    "Caller is responsible for calling virStreamFree on the result.",
    "This does not free the\nassociated virDomainPtr object.",
    "The virStoragePoolPtr object itself is not free'd.",
    "This function expects the caller to allocate the result.",
    "If domain is NULL, then this get the amount of memory reserved to Domain0 i.e. the domain of the application.",
    "The reference can be released once the object is no longer required by calling virDomainFree().",
    "Here is a sample code snippet:",
])
def test_advice_for_c_programs_is_dropped(advice: str) -> None:
    assert kept(f"First sentence.\n\n{advice}\n\nLast sentence.") == "First sentence.\n\nLast sentence."
    assert kept(f"First sentence. {advice[0].upper()}{advice[1:]}") == "First sentence."


def test_sentences_about_arguments_that_python_lacks_are_dropped() -> None:
    assert kept("It is foo. @nparams is the size of @params. The size of maxnames counts. Free memory stays.",
                "params", "nparams", "maxnames") == "It is foo. Free memory stays."
    assert kept("The size of params stays.", "params") == "The size of params stays."


@pytest.mark.parametrize("text", [
    "The free memory that the host has.",
    "Gets the size of the free space, in bytes.",
    "The device is deallocated from the active domain instance only.",
    "Hugepages that are free can be allocated.",
    "Unused memory is released to the host.",
    "Some say e.g. that, i.e. this. Or not.",
    "Documented at https://libvirt.org/uri.html or so.",
])
def test_other_sentences_stay(text: str) -> None:
    assert kept(text) == text


def test_a_missing_full_stop_is_added() -> None:
    assert kept("Similar to that\nThis function may fail") == "Similar to that. This call may fail."


# --- paragraphs and lists

@pytest.mark.parametrize("text, blocks", [
    ("One.\n \n\nTwo,\nmore of it.\n", [Block("One."), Block("Two, more of it.")]),
    ("They are:\n - one,\n   and more\n - two\n   3", [
        Block("They are:"), Block("one, and more", True), Block("two 3", True)]),
    ("VIR_FOO:\n    What it is.\nVIR_BAR(-2): other,\n    too.\npositive value: seconds", [
        Block("VIR_FOO: What it is.", True), Block("VIR_BAR(-2): other, too.", True),
        Block("positive value: seconds", True)]),
    ("VIR_FOO:\n    One.\n\n    Two.\n\nText.", [Block("VIR_FOO: One. Two.", True), Block("Text.")]),
    ("The flags include:\nVIR_FOO\nVIR_BAR", [
        Block("The flags include:"), Block("VIR_FOO", True), Block("VIR_BAR", True)]),
    ("It is\nVIR_FOO\nas always.", [Block("It is VIR_FOO as always.")]),
    ("Text.\n\nHere is an example:\n\n  int i = 0;\n  for (;;) {\n\n  }\n\nMore.", [Block("Text."), Block("More.")]),
    ("A line that ends in;\na semicolon is none.", [Block("A line that ends in; a semicolon is none.")]),
])
def test_a_description_is_parsed(text: str, blocks: List[Block]) -> None:
    assert layout.parse(text) == blocks


def test_a_text_of_the_table_is_parsed() -> None:
    assert layout.parse_own("One\nof them.\n\n- a\n  b\n- c\n\n    code(\n        1)\n") == [
        Block("One of them."), Block("a b", True), Block("c", True), Block("    code(\n        1)", code=True)]


def test_blocks_are_laid_out() -> None:
    blocks = [Block("Text of some words."), Block("one of them", True), Block("two", True),
              Block("    code", code=True)]
    assert layout.render(blocks, 12) == ["Text of some", "words.", "", "- one of", "  them", "- two", "", "    code"]


def test_a_word_that_is_too_long_gets_its_own_line() -> None:
    assert layout.wrap("  a " + "x" * 20 + " b", 10, "    ") == ["  a", "    " + "x" * 20, "    b"]
    assert layout.wrap("", 10) == []


def test_sentences_that_announce_dropped_text_end_with_a_full_stop() -> None:
    assert kept("Do this:\n\n- you must free() it\n\nText") == "Do this.\n\nText."
    assert kept("do this:\n\n- that") == "Do this:\n\nthat"


# --- the first line

@pytest.mark.parametrize("sentence, imperative", [
    ("Provides the number of domains.", "Return the number of domains."),
    ("Removes a checkpoint.", "Remove a checkpoint."), ("Queries the agent.", "Query the agent."),
    ("Attaches the process.", "Attach the process."), ("Changes the capacity.", "Change the capacity."),
    ("This method will dump the core.", "Dump the core."), ("This commits the changes.", "Commit the changes."),
    ("This function allows you to read it.", "Read it."), ("This API is used to determine it.", "Determine it."),
    ("This calls queries the host.", "Call queries the host."), ("This is an equivalent.", "This is an equivalent."),
    ("list the networks.", "List the networks."), ("Determine if it runs.", "Tell whether it runs."),
    ("Collect the list of networks.", "Return a list of networks."), ("Pass it on.", "Pass it on."),
    ("Access it.", "Access it."), ("Its name.", "Its name."),
])
def test_the_first_line_is_imperative(sentence: str, imperative: str) -> None:
    assert summary.imperative(sentence) == imperative


@pytest.mark.parametrize("sentence, shortened", [
    ("Return the name of the domain.", "Return the name of the domain."),
    ("Return the name of the domain, which is unique on the host.", "Return the name of the domain."),
    ("Return the name of the domain (that the host knows).", "Return the name of the domain."),
    ("Return the name of some domain for the host that has the most.", "Return the name of some domain."),
    ("Change the memory of the domain allocated to it and more.", "Change the memory of the domain."),
    ("Return the name that stands for (what, that, the domain tells).", "Return the name."),
    ("Return a_name_of_the_domain_that_is_really_too_long.", None),
    ("Changes the memory.", None), ("The memory.", None), ("If it runs, change the memory.", None),
    ("VIR_FOO stands for it.", None), ("Without an end", None),
])
def test_a_long_sentence_is_shortened_where_it_can_end(sentence: str, shortened: Optional[str]) -> None:
    assert summary.shortened(sentence, 40) == shortened


@pytest.mark.parametrize("info, told", [
    ("The use of this function is discouraged.\n\nMore.", ["The use of this call is discouraged.", "More."]),
    ("", []),
])
def test_other_sentences_follow_a_general_first_line(doc: Callable[..., str], info: str, told: List[str]) -> None:
    first, *rest = doc(FOO, info).split("\n\n")
    assert first == "Call the C function virDomainFoo."
    assert rest[:len(told)] == told and rest[len(told)].startswith("name: ")


def test_the_complete_sentence_follows_a_shortened_one(doc: Callable[..., str]) -> None:
    sentence = "Renames a domain, which must not be running at the moment of the call, or it fails."
    assert doc(FOO, sentence + " More.").split("\n\n")[:2] == [
        "Rename a domain, which must not be running at the moment of the call.",
        "Rename a domain, which must not be running at the moment of the call, or\nit fails. More."]


# --- arguments

@pytest.mark.parametrize("hint, told", [
    ("int", "int"), ("str | None", "str or None"), ("list[str] | tuple[str, ...] | None", "list of str or None"),
    ("dict[str, Any]", "dict"), ("dict[str, Any] | None", "dict or None"), ("ReadableBuffer", "bytes"),
    ("ReadableBuffer | str | None", "bytes or None"), ("virDomain", "virDomain"),
])
def test_types_in_words(hint: str, told: str) -> None:
    assert parameters.python_type(Hint(hint)) == told


def test_a_type_with_a_name_is_what_it_is_at_run_time() -> None:
    assert parameters.python_type(hints.or_none(hints.keys("Foo", key="int"))) == "dict or None"
    assert parameters.python_type(hints.places("Foo", first="int", second="str")) == "list"
    assert parameters.python_type(hints.record("Foo", "list[int]", first="int")) == "list of int"


@pytest.mark.parametrize("info, told", [
    ("extra flags; not used yet, so callers should always pass 0", "not used yet; leave it 0"),
    ("currently unused, pass 0", "not used yet; leave it 0"),
    ("future flags, use 0 for now", "not used yet; leave it 0"),
    ("bitwise-OR of virDomainFooFlags", "bitwise-OR of libvirt_enums.DomainFooFlags"),
    ("extra flags; binary-OR of virDomainFooFlags", "bitwise-OR of libvirt_enums.DomainFooFlags"),
    ("bitwise or of supported virDomainFooFlags constants.", "bitwise-OR of libvirt_enums.DomainFooFlags"),
    ("bitwise-OR of virDomainFooFlags Must not be 3", "bitwise-OR of libvirt_enums.DomainFooFlags, must not be 3"),
])
def test_description_of_flags(doc: Callable[..., str], info: str, told: str) -> None:
    assert f"\nflags: int, {told}\n" in doc(FOO, infos={"flags": info})


@pytest.mark.parametrize("info, told", [
    ("pointer to XML description of one device", "str, XML description of one device"),
    ("(optional) name of it", "str or None, name of it"), ("the name, or NULL", "str or None, the name"),
    ("optional name, or NULL", "str or None, name"), ("", "str"), ("URI of it", "str, URI of it"),
    ("The name of it; or so.", "str, the name of it; or so"),
])
def test_description_of_an_argument(doc: Callable[..., str], info: str, told: str) -> None:
    assert f"\nname: {told}\n" in doc(FOO, infos={"name": info})


def test_the_object_itself_is_not_listed(doc: Callable[..., str]) -> None:
    assert "dom:" not in doc(FOO, infos={"dom": "a domain", "name": "a name"})


def macro(name: str, value: str, info: str) -> str:
    return f"<macro name='{name}' file='f' string='{value}'><info><![CDATA[{info}]]></info></macro>"


def test_keys_of_a_dict_are_listed_by_their_constants(plan_module: PlanModule) -> None:
    from generator.bindings.schema import Row
    from generator.converters import ParamsIn

    prototype = "int virDomainFoo(virDomainPtr dom, virTypedParameterPtr params, int nparams, unsigned int flags)"
    whole = plan_module(
        prototype, macro("VIR_BAR_SIZE", "size", "other"), macro("VIR_FOO_PARAM_SIZE", "size", (
            "virDomainFoo* params field: The size of it, as VIR_TYPED_PARAM_ULLONG. More of it.")),
        macro("VIR_FOO_PARAM_NAME", "name", "Macro represents the name, as VIR_TYPED_PARAM_STRING."),
        rows=(Row("virDomainFoo", "w", inputs={"params": ParamsIn("params", "nparams", "VIR_FOO_PARAM_")}),))
    assert "\n".join(docstrings.docstring(whole.plans[0], "", NAMES, whole.api)).split("\n\n")[1] == """\
params: dict, typed parameters, by these names:
    VIR_FOO_PARAM_SIZE: int, the size of it
    VIR_FOO_PARAM_NAME: str, the name
flags: int"""


# --- results

@pytest.mark.parametrize("info, told", [
    ("0 in case of success, -1 in case of error", "0."), ("-1 in case of error, 0 in case of success", "0."),
    ("0 in case of success and -1 in case of failure.", "0."), ("0 on success, -1 otherwise.", "0."),
    ("0 on success, or -1 if it could not be started", "0."), ("0 if the operation has started, -1 on failure.", "0."),
    ("-1 in case of failure, 0 when successful.", "0."), ("", "0."),
    ("1 if alive, 0 if dead, -1 on error", "int: 1 if alive, 0 if dead."),
    ("0 if no image is present, 1 if an image is present, and -1 in case of error",
     "int: 0 if no image is present, 1 if an image is present."),
    ("the number of frozen filesystems on success, -1 otherwise.", "int: the number of frozen filesystems."),
    ("the number of domain found or -1 in case of error", "int: the number of domain found."),
    ("an fd on success, -1 on failure", "int: an fd."),
])
def test_description_of_a_status(doc: Callable[..., str], info: str, told: str) -> None:
    assert f"\nReturns {told}\nRaises libvirtError on failure.\n" in doc(FOO, "Do it.", returns=info)


@pytest.mark.parametrize("info, told", [
    ("a 0 terminated UTF-8 encoded XML instance, or NULL in case of error. The caller must free() the returned value.",
     "str: the XML."),
    ("NULL in case of error or an XML string defining the capabilities.", "str: XML string defining the capabilities."),
    ("the hostname which must be freed by the caller, or NULL if there was an error.", "str."),
    ("a pointer to the name or NULL, the string need not be deallocated as it lives with the object.", "str."),
    ("the name of it, or NULL on error", "str: the name of it."), ("", "str."),
])
def test_description_of_a_text(doc: Callable[..., str], info: str, told: str) -> None:
    assert f"\nReturns {told}\nRaises" in doc("char *virDomainFoo(virDomainPtr dom)", "Do it.", returns=info)


def test_the_code_for_a_missing_object(doc: Callable[..., str]) -> None:
    text = doc("virDomainPtr virDomainLookupByFoo(virConnectPtr conn, const char *name)", "Try to lookup it.", returns=(
        "a new domain object or NULL in case of failure.  If the domain cannot be found, then VIR_ERR_NO_DOMAIN error"
        " is raised."))
    assert text.startswith("Look up it.\n")
    assert ("\n\nReturns virDomain.\nRaises libvirtError on failure, with code VIR_ERR_NO_DOMAIN if there is\nnone.\n"
            in text)


def test_a_function_that_never_fails_has_no_raises(doc: Callable[..., str]) -> None:
    assert "libvirtError" not in doc("void virFoo(int number)")


def test_the_fields_of_a_struct_are_listed_in_order(plan_module: PlanModule) -> None:
    struct = """<struct name='virFooInfo' file='f'><field name='state' type='int' info='one of virDomainState'/>
        <field name='memory' type='long' info='in KBytes'/><field name='name' type='char *'/>
        </struct><typedef name='virFooInfoPtr' file='f' type='virFooInfo *'/>"""
    whole = plan_module("int virDomainGetFoo(virDomainPtr dom, virFooInfoPtr info)", struct)
    assert """Returns list:
    state: int, one of libvirt_enums.DomainState
    memory: int, in KiB
    name: str or None
Raises libvirtError on failure.""" in "\n".join(docstrings.docstring(whole.plans[0], "", NAMES))


def test_description_of_an_output_argument(doc: Callable[..., str]) -> None:
    foo = "int virDomainGetFoo(virDomainPtr dom, int *speed)"
    speed = "return value of the maximum speed, in MiB/s (OUT)"
    assert "Returns int: maximum speed, in MiB/s.\n" in doc(foo, infos={"speed": speed})
    assert "Returns int.\n" in doc(foo, infos={"speed": "the value returned"})
    foo = "int virDomainGetUUID2(virDomainPtr dom, unsigned char *uuid)"
    assert "Returns bytes: the 16 bytes of the UUID.\n" in doc(foo)


# --- as a whole

def test_the_docstring_has_all_parts(doc: Callable[..., str]) -> None:
    text = doc(FOO, "Renames a domain.\n\nDetails follow.", {"name": "the new\n  name; not empty", "dom": "a domain"})
    assert text == """Rename a domain.

Details follow.

name: str, the new name; not empty
flags: int

Returns 0.
Raises libvirtError on failure.

C function: virDomainFoo, since libvirt 1.2.3"""


def test_a_row_of_texts_replaces_parts(doc: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def set_text(text: Text) -> None:
        monkeypatch.setitem(texts.FUNCTIONS, "virDomainFoo", text)

    set_text(Text("Give it a name. Any name."))
    assert doc(FOO, "Renames. More.\n\nDetails.").startswith(
        "Give it a name.\n\nAny name. More.\n\nDetails.\n\nname: str\n")
    set_text(Text("Give it a name.", "", {"name": "new name"}, "1, or 2"))
    assert doc(FOO, "Renames.\n\nDetails.").startswith(
        "Give it a name.\n\nname: str, new name\nflags: int\n\nReturns int: 1, or 2.\n")
    set_text(Text("Give it a name.", "- one of VIR_NONE\n- one of VIR_FOO_*\n\nOne. virDomain.none() does it."))
    assert doc(FOO, "Renames.").startswith(
        "Give it a name.\n\n- one of VIR_NONE\n- one of VIR_FOO_*\n\nOne. virDomain.none() does it.\n\nname")


def test_texts_omit_what_this_libvirt_lacks() -> None:
    names = Names({"virDomainGetInfo": "virDomain.info"}, constants={"VIR_FOO_A", "VIR_B"})
    text = "VIR_B is. VIR_C is not. VIR_FOO_* are. VIR_BAR_* are not. virDomain.info() is. virDomain.none() is not."
    assert Prose(names).own(text) == "VIR_B is. VIR_FOO_* are. virDomain.info() is."
    assert Prose(names).own_blocks("- VIR_B: one\n- VIR_C: two\n\nVIR_C.\n\n    VIR_C") == [
        Block("VIR_B: one", True)]
    assert Prose(names).own_blocks("VIR_B.\n\n    VIR_B\n    x()") == [
        Block("VIR_B."), Block("    VIR_B\n    x()", code=True)]


def test_a_function_without_description_has_a_docstring(doc: Callable[..., str]) -> None:
    assert doc(FOO).startswith("Call the C function virDomainFoo.\n")


@pytest.mark.parametrize("info", [
    'It says "hello".',
    'It ends in a "quote"',
    '"Quoted" at the start',
    'Three """ of them',
    "'''",
    "a backslash \\ and \\n and \\u1234 and \\N{foo}",
    "ends in a backslash \\",
    '\\"""',
    "caf\u00e9, \u4e16\u754c and \U0001f600",
    "{braces} and %s and $dollar",
    "tab\there",
    "#comment\n    indented\n\tmore",
])
def test_any_description_gives_valid_python(doc: Callable[..., str], info: str) -> None:
    text = doc(FOO, info)
    assert text.endswith("C function: virDomainFoo, since libvirt 1.2.3")


@pytest.mark.parametrize("info", [
    "Write a backslash \\ and \\n.", "Drink caf\u00e9 \U0001f600.", 'Say a "quoted" word.', "Fill {braces} and %s."])
def test_special_characters_are_kept(doc: Callable[..., str], info: str) -> None:
    assert doc(FOO, info).split("\n\n")[0] == info


def test_a_description_cannot_break_out_of_the_docstring(source: Callable[..., str]) -> None:
    text = source(FOO, '"""\n    import os\n    """')
    owner = ast.parse("class Owner:\n" + text).body[0]
    assert isinstance(owner, ast.ClassDef)
    node, = owner.body
    assert not [item for item in ast.walk(node) if isinstance(item, ast.Import)]


def test_lines_fit_and_do_not_end_in_white_space(source: Callable[..., str]) -> None:
    lines = source(FOO, "One. \n\n " + "Two words. " * 20 + " \n", {"name": "x  " * 50}, "1 or 2 " * 30).split("\n")
    assert [line for line in lines if line != line.rstrip() or len(line) > 80] == []


# --- enums

def test_the_docstring_of_an_enum(read_api: ReadApi) -> None:
    api = read_api("<enum name='VIR_FOO_A' file='f' value='1' type='virFooFlags' info='see virDomainGetInfo'/>",
                   "<enum name='VIR_FOO_B' file='f' value='2' type='virFooFlags'/>",
                   "<enum name='VIR_FOO_C' file='f' value='4' type='virFooFlags' info='virConnectFooCallback'/>")
    made, = enums.plan(api)
    assert "\n".join(docstrings.enum_docstring(
        made, NAMES, {"virFooFlags": ["virA.b()", "virC.d()"]}, {"VIR_FOO_C": "cb(conn, opaque)"}, "")) == '''\
"""Flags of virA.b() and virC.d().

A: see virDomain.info()
B
C: cb(conn, opaque)

C enum: virFooFlags
"""'''


@pytest.mark.parametrize("users, first", [
    ([], "Names for the numbers of the C enum virFooFlags."), (["a"], "Flags of a."), (["a", "b"], "Flags of a and b."),
    (["a", "b", "c"], "Flags of a, b and c."), (["a", "b", "c", "d"], "Flags of a, b, c and others."),
    (["a" * 30, "b" * 40], f"Flags of {'a' * 30} and others."),
])
def test_an_enum_names_some_of_its_users(read_api: ReadApi, users: List[str], first: str) -> None:
    api = read_api("<enum name='VIR_FOO_A' file='f' value='1' type='virFooFlags'/>"
                   "<enum name='VIR_FOO_B' file='f' value='2' type='virFooFlags'/>"
                   "<enum name='VIR_FOO_C' file='f' value='4' type='virFooFlags'/>")
    made, = enums.plan(api)
    assert docstrings.enum_docstring(made, NAMES, {"virFooFlags": users}, {}, "")[0] == f'"""{first}'


def test_which_functions_take_an_enum(plan_module: PlanModule) -> None:
    whole = plan_module(function_xml(FOO, infos={"flags": "bitwise-OR of virDomainFooFlags"}))
    names = Names({"virDomainFoo": "virDomain.foo"}, NAMES.enums)
    assert docstrings.users_of(whole, names) == {"virDomainFooFlags": ["virDomain.foo()"]}
