# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows of the bindings table: what they add, and how they are checked against the API description."""

import dataclasses
import inspect
from typing import Any, Callable, Dict, Sequence, Tuple

import pytest

from fixturetypes import PlanModule
from generator import checks, converters
from generator.bindings.schema import NEVER_RAISES, RAISES_ON_ZERO, Row
from generator.errors import GeneratorError
from generator.plan import ModulePlan, Plan

Clash = Callable[..., Tuple[str, ModulePlan]]

STATE = "int virDomainGetFoo(virDomainPtr dom, int *state, int *reason, unsigned int flags)"
PAIR = converters.Outputs((converters.ScalarOut("state", "int"), converters.ScalarOut("reason", "int")), "List")


def line_here() -> int:
    """The line of the caller."""
    frame = inspect.currentframe()
    assert frame and frame.f_back
    return frame.f_back.f_lineno


@pytest.fixture
def refused(plan_module: PlanModule) -> Callable[..., str]:
    """The error that some rows lead to, without the place of the last row."""
    def why(*symbols: str, rows: Sequence[Row], **changes: Any) -> str:
        with pytest.raises(GeneratorError) as caught:
            checks.check(plan_module(*symbols, rows=rows, **changes))
        text = str(caught.value)
        file, line = rows[-1].place
        assert text.startswith(f"{file}:{line}: "), text
        assert file == __file__ and "\n" not in text
        return text[len(f"{file}:{line}: "):]
    return why


@pytest.fixture
def planned(plan_module: PlanModule) -> Callable[..., Plan]:
    """The plan of one function with its row, which the checks accept."""
    def plan(prototype: str, *symbols: str, row: Row, **changes: Any) -> Plan:
        whole = plan_module(prototype, *symbols, rows=(row,), **changes)
        checks.check(whole)
        return whole.plans[0]
    return plan


# --- what a row adds --------------------------------------------------------

def test_a_row_has_results_that_inference_does_not_understand(planned: Callable[..., Plan]) -> None:
    plan = planned(STATE, row=Row("virDomainGetFoo", "two results", result=PAIR))
    assert plan.result == PAIR
    assert plan.parameters == (converters.Scalar("flags", "unsigned int", mask=True),)
    assert plan.origin == "row"


def test_a_row_changes_the_python_name(planned: Callable[..., Plan]) -> None:
    plan = planned("int virDomainFoo(virDomainPtr dom)", row=Row("virDomainFoo", "historic", name="getFoo"))
    assert plan.name == "getFoo"


def test_a_row_changes_the_name_in_the_extension(planned: Callable[..., Plan]) -> None:
    plan = planned("int virDomainFoo(virDomainPtr dom)", row=Row("virDomainFoo", "historic", module_name="virBar"))
    assert (plan.module_name, plan.name, plan.function.name) == ("virBar", "foo", "virDomainFoo")


def test_a_row_says_which_result_raises(planned: Callable[..., Plan]) -> None:
    row = Row("virDomainFoo", "0 is the failure", raises=RAISES_ON_ZERO)
    assert planned("int virDomainFoo(virDomainPtr dom)", row=row).raises == RAISES_ON_ZERO


def test_a_row_says_that_no_result_raises(planned: Callable[..., Plan]) -> None:
    row = Row("virDomainFoo", "never fails", raises=NEVER_RAISES)
    assert planned("int virDomainFoo(virDomainPtr dom)", row=row).raises == NEVER_RAISES


def test_a_row_has_defaults(planned: Callable[..., Plan]) -> None:
    row = Row("virDomainFoo", "libvirt chooses", defaults={"name": None})
    plan = planned("int virDomainFoo(virDomainPtr dom, const char *name, unsigned int flags)", row=row)
    assert plan.defaults == {"name": None, "flags": 0}


def test_a_row_changes_the_parent(planned: Callable[..., Plan]) -> None:
    row = Row("virDomainFoo", "lives elsewhere", parent="dconn")
    assert planned("virDomainPtr virDomainFoo(virDomainPtr dom, virConnectPtr dconn)", row=row).parent == "dconn"


def test_a_row_keeps_the_gil(planned: Callable[..., Plan]) -> None:
    assert planned("int virDomainFoo(virDomainPtr dom)", row=Row("virDomainFoo", "a field", keep_gil=True)).keep_gil


def test_a_row_leaves_a_function_out(plan_module: PlanModule) -> None:
    whole = plan_module("int virDomainFoo(virDomainPtr dom)", rows=[Row("virDomainFoo", "dangerous", skip=True)])
    assert not whole.plans
    item, = whole.left_out
    assert (item.function.name, item.why, item.on_purpose) == ("virDomainFoo", "dangerous", True)


def test_a_row_declares_a_hand_written_body(planned: Callable[..., Plan]) -> None:
    """The body gets C values where inference finds a converter, and Python objects otherwise."""
    plan = planned("int virDomainFoo(virDomainPtr dom, char **x, unsigned int flags)",
                   row=Row("virDomainFoo", "odd", hand=("dom", "x")))
    assert plan.inputs == (converters.HandleIn("dom", "virDomain"), converters.Plain("x"))
    assert (plan.origin, plan.owner) == ("hand", "virDomain")


def test_a_row_for_a_function_that_libvirt_lacks_is_ignored(plan_module: PlanModule) -> None:
    whole = plan_module("int virDomainFoo(virDomainPtr dom)", rows=[Row("virDomainNew", "two results", result=PAIR)])
    checks.check(whole)
    assert [plan.function.name for plan in whole.plans] == ["virDomainFoo"]


def test_a_row_sets_key_unit_and_truth_value_of_a_field(planned: Callable[..., Plan]) -> None:
    struct = """<struct name='virFooInfo' file='f'><field name='memory' type='unsigned long'/>
        <field name='enforcing' type='int'/></struct><typedef name='virFooInfoPtr' file='f' type='virFooInfo *'/>"""
    given = converters.StructOut("info", container="Dict", keys={
        "memory": converters.Key("mebibytes", ">> 10", "in MiB"), "enforcing": converters.Key(boolean=True)})
    plan = planned("int virDomainGetFooInfo(virDomainPtr dom, virFooInfoPtr info)", struct,
                   row=Row("virDomainGetFooInfo", "in MiB", result=converters.Outputs((given,))))
    output, = plan.result.outputs
    assert isinstance(output, converters.StructOut)
    assert [(item.name, item.value, item.hint.text, item.description) for item in output.items()] == [
        ("mebibytes", "virPyFromULong(info.memory >> 10)", "int", "in MiB"),
        ("enforcing", "virPyFromBool(info.enforcing)", "bool", "")]


# --- a row that does not fit ------------------------------------------------

def test_the_place_of_a_row_is_its_file_and_line() -> None:
    row = Row("virDomainFoo", "for its place")
    assert row.place == (__file__, line_here() - 1)


@pytest.mark.parametrize("converter, what", [
    (converters.ScalarOut("state", "unsigned int"), "its argument 'state' is 'int *', not 'unsigned int *'"),
    (converters.ScalarOut("status", "int"), "it has no argument 'status'"),
    (converters.TextOut("state"), "its argument 'state' is 'int *', not 'char **'"),
    (converters.UUIDOut("state"), "its argument 'state' is 'int *', not 'unsigned char *'"),
    (converters.ParamsOut("state", "reason"), "its argument 'state' is 'int *', not 'virTypedParameterPtr *'"),
    (converters.StructOut("state"), "'int * state' is no pointer to a public struct"),
])
def test_a_result_of_another_type_is_an_error(refused: Callable[..., str], converter: converters.Output,
                                              what: str) -> None:
    text = refused(STATE, rows=[Row("virDomainGetFoo", "two results", result=converters.Outputs((converter,)))])
    assert text.startswith("the row of virDomainGetFoo does not fit int virDomainGetFoo(virDomainPtr dom, ")
    assert text.endswith(what)


@pytest.mark.parametrize("converter, what", [
    (converters.Scalar("flags", "int"), "its argument 'flags' is 'unsigned int', not 'int'"),
    (converters.Scalar("flag", "int"), "it has no argument 'flag'"),
    (converters.Text("flags"), "its argument 'flags' is 'unsigned int', not 'const char *'"),
    (converters.HandleIn("flags", "virDomain"), "its argument 'flags' is 'unsigned int', not 'virDomainPtr'"),
    (converters.UUIDIn("flags"), "its argument 'flags' is 'unsigned int', not 'const unsigned char *'"),
])
def test_an_input_of_another_type_is_an_error(refused: Callable[..., str], converter: converters.Input,
                                              what: str) -> None:
    text = refused("int virDomainFoo(virDomainPtr dom, unsigned int flags)",
                   rows=[Row("virDomainFoo", "odd", inputs={converter.name: converter})])
    assert text.endswith(what)


@pytest.mark.parametrize("result, what", [
    (converters.Number("unsigned long", failing="0"), "it returns 'int', not 'unsigned long'"),
    (converters.TextResult("char *"), "it returns 'int', not 'char *'"),
    (converters.Nothing(), "it returns 'int', not 'void'"),
    (converters.HandleResult("virDomain"), "it returns 'int', not 'virDomainPtr'"),
    (converters.ErrorResult(), "it returns 'int', not 'virErrorPtr'"),
])
def test_a_returned_type_of_another_kind_is_an_error(refused: Callable[..., str], result: converters.Result,
                                                     what: str) -> None:
    text = refused("int virDomainFoo(virDomainPtr dom)", rows=[Row("virDomainFoo", "odd", result=result)])
    assert text.endswith(what)


def test_a_default_for_an_unknown_argument_is_an_error(refused: Callable[..., str]) -> None:
    text = refused("int virDomainFoo(virDomainPtr dom)", rows=[Row("virDomainFoo", "odd", defaults={"name": None})])
    assert text.endswith("it has no argument 'name'")


def test_an_input_under_another_name_is_an_error(refused: Callable[..., str]) -> None:
    row = Row("virDomainFoo", "odd", inputs={"nam": converters.Text("name", required=True)})
    assert "'nam'" in refused("int virDomainFoo(virDomainPtr dom, const char *name)", rows=[row])


def test_an_input_that_is_no_argument_of_a_hand_written_body_is_an_error(refused: Callable[..., str]) -> None:
    row = Row("virDomainFoo", "odd", hand=("dom",), inputs={"name": converters.Text("name")})
    assert "'name'" in refused("int virDomainFoo(virDomainPtr dom, const char *name)", rows=[row])


@pytest.mark.parametrize("what", [{"parent": "dcon"}, {"keep_alive": "[self, other.item]"}])
def test_an_expression_with_a_name_that_is_no_parameter_is_an_error(refused: Callable[..., str],
                                                                    what: Dict[str, Any]) -> None:
    row = Row("virDomainFoo", "odd", **what)
    assert "no parameter" in refused("virDomainPtr virDomainFoo(virDomainPtr dom, virNetworkPtr net)", rows=[row])


@pytest.mark.parametrize("keys, what", [
    ({"memories": converters.Key("kibibytes")}, "virFooInfo has no field 'memories'"),
    ({"memory": converters.Key()}, "the key of 'memory' changes nothing"),
    ({"memory": converters.Key("memory")}, "the key of 'memory' changes nothing"),
    ({"memory": converters.Key("name")}, "two fields of virFooInfo are called 'name'"),
    ({"name": converters.Key(operation=">> 10")},
     "'name' is no number, so its key can have neither an operation nor a truth value"),
    ({"name": converters.Key(boolean=True)},
     "'name' is no number, so its key can have neither an operation nor a truth value"),
])
@pytest.mark.parametrize("prototype, output", [
    ("int virDomainGetFoo(virDomainPtr dom, virFooInfoPtr info)",
     lambda keys: converters.Outputs((converters.StructOut("info", keys=keys),))),
    ("int virDomainGetFoo(virDomainPtr dom, virFooInfoPtr **info)", lambda keys: converters.Records("info", keys=keys)),
], ids=["struct", "records"])
def test_a_key_that_does_not_fit_is_an_error(refused: Callable[..., str], prototype: str,
                                             output: Callable[[Any], converters.Result],
                                             keys: Dict[str, converters.Key], what: str) -> None:
    struct = """<struct name='virFooInfo' file='f'><field name='memory' type='unsigned long'/>
        <field name='name' type='char *'/></struct><typedef name='virFooInfoPtr' file='f' type='virFooInfo *'/>"""
    text = refused(prototype, struct, "void virFooInfoFree(virFooInfoPtr info)",
                   rows=[Row("virDomainGetFoo", "keys", result=output(keys))])
    assert text.endswith(what)


@pytest.mark.parametrize("container, keys, what", [
    ("Dict", {"mind": converters.Key("spirit")}, "the result has no field 'mind'"),
    ("Dict", {"state": converters.Key("reason")}, "two fields of the result are called 'reason'"),
    ("", {"state": converters.Key("spirit")}, "a single object has no keys"),
])
def test_a_key_of_several_results_that_does_not_fit_is_an_error(refused: Callable[..., str], container: str,
                                                                keys: Dict[str, converters.Key], what: str) -> None:
    result = dataclasses.replace(PAIR, container=container, keys=keys)
    assert refused(STATE, rows=[Row("virDomainGetFoo", "keys", result=result)]).endswith(what)


def test_a_function_is_left_out_if_its_row_lacks_a_result(plan_module: PlanModule) -> None:
    row = Row("virDomainGetFoo", "half a row", result=converters.Outputs((converters.ScalarOut("state", "int"),)))
    whole = plan_module("int virDomainGetFoo(virDomainPtr dom, int *state, const char *name, double *value)",
                        rows=[row])
    assert not whole.plans
    assert [item.function.name for item in whole.left_out] == ["virDomainGetFoo"]


# --- rules of the table -----------------------------------------------------

@pytest.mark.parametrize("row", [
    Row("virDomainFoo", "nothing"),
    Row("virDomainFoo", "the name of the rules", name="foo"),
    Row("virDomainFoo", "the C name", module_name="virDomainFoo"),
    Row("virDomainFoo", "what is inferred", result=converters.Status()),
    Row("virDomainFoo", "what is inferred", inputs={"flags": converters.Scalar("flags", "unsigned int", mask=True)}),
    Row("virDomainFoo", "the default of flags", defaults={"flags": 0}),
    Row("virDomainFoo", "how it fails", raises="-1"),
], ids=lambda row: str(row.why))
def test_a_row_that_repeats_what_is_inferred_is_an_error(refused: Callable[..., str], row: Row) -> None:
    text = refused("int virDomainFoo(virDomainPtr dom, unsigned int flags)", rows=[row])
    assert text == "the row of virDomainFoo says nothing that inference does not say anyway"


def test_a_row_without_a_reason_is_an_error(refused: Callable[..., str]) -> None:
    text = refused("int virDomainFoo(virDomainPtr dom)", rows=[Row("virDomainFoo", "", name="bar")])
    assert text == "the row of virDomainFoo does not say why it is needed"


def test_two_rows_for_one_function_are_an_error(refused: Callable[..., str]) -> None:
    first = Row("virDomainFoo", "historic", name="bar")
    text = refused("int virDomainFoo(virDomainPtr dom)", rows=[first, Row("virDomainFoo", "again", name="baz")])
    assert text.startswith("the row of virDomainFoo comes twice")
    assert str(first.place[1]) in text


def test_a_default_before_an_argument_without_one_is_an_error(refused: Callable[..., str]) -> None:
    """The generator once dropped such a default without a warning."""
    row = Row("virDomainFoo", "a default too early", name="bar", defaults={"name": None})
    text = refused("int virDomainFoo(virDomainPtr dom, const char *name, const char *xml)", rows=[row])
    assert "'xml' has no default, but 'name' before it has" in text


@pytest.fixture
def clash(plan_module: PlanModule) -> Clash:
    """The error for names that conflict."""
    def why(*symbols: str, rows: Sequence[Row] = ()) -> Tuple[str, ModulePlan]:
        whole = plan_module(*symbols, rows=rows)
        with pytest.raises(GeneratorError) as caught:
            checks.check(whole)
        return str(caught.value), whole
    return why


def test_a_python_name_that_is_used_twice_is_an_error(clash: Clash) -> None:
    text, whole = clash("int virDomainGetFoo(virDomainPtr dom)", "int virDomainFoo(virDomainPtr dom)")
    line = whole.api.functions["virDomainFoo"].line
    assert text == (f"{whole.api.path}:{line}: virDomainFoo and virDomainGetFoo would both be called virDomain.foo")


def test_two_classes_may_have_methods_of_the_same_name(plan_module: PlanModule) -> None:
    checks.check(plan_module("int virDomainGetFoo(virDomainPtr dom)", "int virNetworkGetFoo(virNetworkPtr net)"))


def test_a_row_that_takes_the_name_of_another_function_is_an_error(clash: Clash) -> None:
    text, _ = clash("int virDomainGetFoo(virDomainPtr dom)", "int virDomainBar(virDomainPtr dom)",
                    rows=[Row("virDomainBar", "odd", name="foo")])
    assert "would both be called virDomain.foo" in text


def test_an_extension_name_that_is_used_twice_is_an_error(clash: Clash) -> None:
    text, whole = clash("int virDomainFoo(virDomainPtr dom)", "int virDomainBar(virDomainPtr dom)",
                        rows=[Row("virDomainBar", "odd", module_name="virDomainFoo")])
    assert text.startswith(f"{whole.api.path}:{whole.api.functions['virDomainBar'].line}: ")
    assert "two functions would be called libvirtmod.virDomainFoo" in text


@pytest.mark.parametrize("cname, name", [("virDomainGetClass", "class"), ("virDomainImport", "import"),
                                         ("virDomainGetLambda", "lambda"), ("virStreamYield", "yield")])
def test_a_reserved_word_as_a_name_is_an_error(clash: Clash, cname: str, name: str) -> None:
    first = "virStreamPtr st" if cname.startswith("virStream") else "virDomainPtr dom"
    text, whole = clash(f"int {cname}({first})")
    line = whole.api.functions[cname].line
    assert text == f"{whole.api.path}:{line}: {cname} would be called '{name}', a reserved word"


def test_a_row_can_replace_a_reserved_word(planned: Callable[..., Plan]) -> None:
    assert planned("int virDomainImport(virDomainPtr dom)", row=Row("virDomainImport", "reserved", name="import_")).name


def test_the_real_table_has_a_place_for_each_row() -> None:
    from generator.bindings import modules
    for module in modules.ALL.values():
        for row in module.rows:
            assert "bindings" in row.place[0] and row.place[1] > 0, row.cname
