# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is inferred from a C signature, and what must never be guessed."""

import re
from typing import Any, Callable, Dict, Optional

import pytest

from conftest import TOP, function_xml
from fixturetypes import PlanModule
from generator import converters
from generator.plan import Plan

FLAGS = converters.Scalar("flags", "unsigned int", mask=True)
DOM = converters.HandleIn("dom", "virDomain")

INFO = """<struct name='virDomainFooInfo' file='libvirt-domain' type='struct _virDomainFooInfo'>
    <field name='state' type='unsigned char'/>
    <field name='memory' type='unsigned long'/>
    <field name='model' type='char model[32]'/>
    <field name='time' type='unsigned long long'/>
    </struct>
    <typedef name='virDomainFooInfoPtr' file='libvirt-domain' type='virDomainFooInfo *'/>"""


@pytest.fixture
def infer(plan_module: PlanModule) -> Callable[..., Plan]:
    """The plan of one function, from its C prototype and what else the API description has."""
    def plan(prototype: str, *symbols: str) -> Plan:
        whole = plan_module(prototype, *symbols)
        assert [(item.function.name, item.why) for item in whole.left_out] == []
        return whole.plans[0]
    return plan


@pytest.fixture
def left_out(plan_module: PlanModule) -> Callable[..., str]:
    """Why a function is not inferred."""
    def why(prototype: str, *symbols: str) -> str:
        whole = plan_module(prototype, *symbols)
        assert [plan.result for plan in whole.plans] == []
        assert [item.on_purpose for item in whole.left_out] == [False]
        return whole.left_out[0].why
    return why


# --- inputs -----------------------------------------------------------------

def test_a_handle_makes_a_function_a_method(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainFoo(virDomainPtr dom, unsigned int flags)")
    assert plan.inputs == (DOM, FLAGS)
    assert (plan.owner, plan.name, plan.module_name) == ("virDomain", "foo", "virDomainFoo")
    assert plan.self_input == DOM
    assert plan.parameters == (FLAGS,)


def test_a_handle_as_second_argument_makes_a_function_a_method(infer: Callable[..., Plan]) -> None:
    plan = infer("int virFooBar(int number, virDomainPtr dom, virNetworkPtr net)")
    assert (plan.owner, plan.self_input and plan.self_input.name, [item.name for item in plan.parameters]) == (
        "virDomain", "dom", ["number", "net"])


def test_a_second_handle_is_a_parameter(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainFoo(virDomainPtr dom, virStreamPtr st, const char *name)")
    assert plan.parameters == (converters.HandleIn("st", "virStream"), converters.Text("name"))


@pytest.mark.parametrize("ctype", ["int", "unsigned int", "long", "unsigned long", "long long", "unsigned long long",
                                   "size_t", "double"])
def test_numbers_are_inputs(infer: Callable[..., Plan], ctype: str) -> None:
    assert infer(f"int virDomainFoo(virDomainPtr dom, {ctype} number)").parameters == (
        converters.Scalar("number", ctype),)


@pytest.mark.parametrize("name, info, mask", [
    ("flags", "", True), ("types", "types of information, binary-OR of virDomainFooTypes", True),
    ("what", "bitwise-OR of what to do", True), ("source", "one of the virDomainFooSource constants", True),
    ("target", "such as VIR_NODE_FOO_MEM", True), ("nvcpus", "the new number of virtual CPUs", False),
    ("size", "size of the buffer in bytes", False), ("count", "", False), ("vcpu", "virtual CPU number", False)])
def test_only_masks_and_enums_may_be_negative(infer: Callable[..., Plan], name: str, info: str, mask: bool) -> None:
    """Otherwise a negative size or number of CPUs would become a number near 2 ** 32."""
    xml = function_xml(f"int virDomainFoo(virDomainPtr dom, unsigned int {name})", infos=[(name, info)])
    (number,) = infer(xml).parameters
    assert number == converters.Scalar(name, "unsigned int", mask)
    assert number.letter == ("I" if mask else "u")


@pytest.mark.parametrize("info, letter", [
    ("the name", "t"), ("null-terminated name", "t"), ("", "t"), ("the name, or NULL", "z"),
    ("(optional) the name", "z"), ("Optional name", "z")])
def test_text_may_be_none_where_the_description_says_so(infer: Callable[..., Plan], info: str, letter: str) -> None:
    xml = function_xml("int virDomainFoo(virDomainPtr dom, const char *name)", infos=[("name", info)])
    (text,) = infer(xml).parameters
    assert (text.letter, text) == (letter, converters.Text("name", nullable=letter == "z"))


def test_several_numbers_in_sequence_are_inputs(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainFoo(virDomainPtr dom, unsigned int count, int size, unsigned long long length)")
    assert [item.name for item in plan.parameters] == ["count", "size", "length"]


def test_text_is_an_input(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainFoo(virDomainPtr dom, const char *xml, const char *name, unsigned int flags)")
    assert plan.parameters == (converters.Text("xml"), converters.Text("name"), FLAGS)


def test_a_uuid_is_an_input(infer: Callable[..., Plan]) -> None:
    plan = infer("virDomainPtr virDomainFooByUUID(virConnectPtr conn, const unsigned char *uuid)")
    assert plan.parameters == (converters.UUIDIn("uuid"),)


def test_a_function_without_arguments_belongs_to_the_module(infer: Callable[..., Plan]) -> None:
    plan = infer("int virFoo(void)")
    assert (plan.owner, plan.inputs, plan.name) == (None, (), "virFoo")


def test_bytes_with_their_number_are_an_input(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainFoo(virDomainPtr dom, const unsigned char *value, size_t size)")
    assert plan.parameters == (converters.BytesIn("value", "size"),)


@pytest.mark.parametrize("counter", ["int", "unsigned int"])
def test_a_list_of_const_text_is_an_input(infer: Callable[..., Plan], counter: str) -> None:
    plan = infer(f"int virDomainFoo(virDomainPtr dom, const char **keys, {counter} nkeys)")
    assert plan.parameters == (converters.TextsIn("keys", "nkeys", counter),)


def test_typed_parameters_are_an_input(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainSetFoo(virDomainPtr dom, virTypedParameterPtr params, int nparams, unsigned int flags)")
    first, second = plan.parameters
    assert isinstance(first, converters.ParamsIn) and (first.name, first.count) == ("params", "nparams")
    assert second == FLAGS


# --- results ----------------------------------------------------------------

def test_an_int_is_a_status(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainFoo(virDomainPtr dom)")
    assert (plan.result, plan.raises) == (converters.Status(), "-1")


def test_void_becomes_none(infer: Callable[..., Plan]) -> None:
    plan = infer("void virFoo(int watch)")
    assert (plan.result, plan.raises) == (converters.Nothing(), "never")


def test_allocated_text_is_a_result(infer: Callable[..., Plan]) -> None:
    plan = infer("char *virDomainGetFoo(virDomainPtr dom)")
    assert (plan.result, plan.raises) == (converters.TextResult("char *"), "None")


def test_borrowed_text_is_a_result(infer: Callable[..., Plan]) -> None:
    assert infer("const char *virDomainGetFoo(virDomainPtr dom)").result == converters.TextResult("const char *")


def test_a_function_with_too_many_arguments_is_left_out(infer: Callable[..., Plan],
                                                        left_out: Callable[..., str]) -> None:
    defined = re.findall(r"define VIR_PY_MOST_INPUTS (\d+)", (TOP / "src" / "calls.h").read_text(encoding="utf-8"))
    assert defined == [str(converters.MOST_INPUTS)]
    numbers = [f"int value{n}" for n in range(converters.MOST_INPUTS)]
    most = infer(f"int virDomainFoo({', '.join(['virDomainPtr dom', *numbers[1:]])})")
    assert len(most.inputs) == converters.MOST_INPUTS
    assert "17 arguments" in left_out(f"int virDomainFoo({', '.join(['virDomainPtr dom', *numbers])})")


@pytest.mark.parametrize("prototype, handle, parent", [
    ("virDomainPtr virDomainFoo(virConnectPtr conn)", "virDomain", "self"),
    ("virStoragePoolPtr virStoragePoolLookupByFoo(virStorageVolPtr vol)", "virStoragePool", "self._conn"),
    ("virDomainSnapshotPtr virDomainSnapshotFoo(virDomainPtr dom)", "virDomainSnapshot", "self"),
    ("virDomainSnapshotPtr virDomainSnapshotGetFoo(virDomainSnapshotPtr snap)", "virDomainSnapshot", "self._dom"),
    ("virDomainCheckpointPtr virDomainCheckpointFoo(virDomainCheckpointPtr cp)", "virDomainCheckpoint", "self._dom"),
    ("virNetworkPortPtr virNetworkPortFoo(virNetworkPtr net)", "virNetworkPort", "self"),
    ("virConnectPtr virFoo(const char *name)", "virConnect", ""),
])
def test_a_new_object_gets_its_parent(infer: Callable[..., Plan], prototype: str, handle: str, parent: str) -> None:
    plan = infer(prototype)
    assert (plan.result, plan.raises, plan.parent) == (converters.HandleResult(handle), "None", parent)


def test_a_list_of_handles_is_a_result(infer: Callable[..., Plan]) -> None:
    plan = infer("int virConnectListAllFoo(virConnectPtr conn, virDomainPtr **domains, unsigned int flags)")
    assert plan.result == converters.HandlesResult("domains", "virDomain")
    assert (plan.parameters, plan.raises, plan.parent) == ((FLAGS,), "None", "self")


@pytest.mark.parametrize("ctype, raises", [("int", "-1"), ("unsigned int", "-1"), ("long", "-1"),
                                           ("unsigned long", "-1"), ("long long", "None"),
                                           ("unsigned long long", "None"), ("double", "None")])
def test_a_single_number_behind_a_pointer_is_a_result(infer: Callable[..., Plan], ctype: str, raises: str) -> None:
    plan = infer(f"int virDomainGetFoo(virDomainPtr dom, {ctype} *value, unsigned int flags)")
    assert plan.result.outputs == (converters.ScalarOut("value", ctype),)
    assert (plan.parameters, plan.raises) == ((FLAGS,), raises)


@pytest.mark.parametrize("counter", ["int", "unsigned int"])
def test_typed_parameters_that_libvirt_allocates_are_a_result(infer: Callable[..., Plan], counter: str) -> None:
    plan = infer(f"int virDomainGetFoo(virDomainPtr dom, virTypedParameterPtr *params, {counter} *nparams,"
                 " unsigned int flags)")
    assert plan.result.outputs == (converters.ParamsOut("params", "nparams", counter + " *"),)
    assert (plan.parameters, plan.raises) == ((FLAGS,), "None")


def test_typed_parameters_in_an_array_of_the_caller_are_a_result(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainGetFoo(virDomainPtr dom, virTypedParameterPtr params, int *nparams, unsigned int flags)")
    assert (plan.result, plan.parameters) == (converters.ParamsFilled("params", "nparams"), (FLAGS,))


def test_names_that_libvirt_allocates_are_a_result(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainGetFoo(virDomainPtr dom, char ***names, unsigned int flags)")
    assert (plan.result, plan.parameters) == (converters.NamesAllocated("names"), (FLAGS,))


@pytest.mark.parametrize("ctype", ["char **const", "char **"])
def test_names_in_an_array_of_the_caller_are_a_result_if_a_function_counts_them(plan_module: PlanModule,
                                                                                ctype: str) -> None:
    whole = plan_module("int virConnectNumOfFoo(virConnectPtr conn)",
                        f"int virConnectListFoo(virConnectPtr conn, {ctype} names, int maxnames)")
    result = whole.plans[1].result
    assert isinstance(result, converters.NamesFilled)
    assert (result.name, result.room, result.counter) == ("names", "maxnames", "virConnectNumOfFoo")


def test_records_that_libvirt_allocates_are_a_result_if_a_function_frees_them(plan_module: PlanModule) -> None:
    records = "int virDomainGetFoo(virDomainPtr dom, virDomainFooInfoPtr **infos)"
    whole = plan_module(records, "void virDomainFooInfoFree(virDomainFooInfoPtr info)", INFO)
    result = next(plan for plan in whole.plans if plan.function.name == "virDomainGetFoo").result
    assert isinstance(result, converters.Records)
    assert (result.name, result.struct, result.release) == ("infos", "virDomainFooInfo", "virDomainFooInfoFree")


def test_a_uuid_is_returned_as_bytes(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainGetUUID(virDomainPtr dom, unsigned char *uuid)")
    assert plan.result.outputs == (converters.UUIDOut("uuid"),)


def test_a_uuid_is_returned_as_text(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainGetUUIDString(virDomainPtr dom, char *buf)")
    assert plan.result.outputs == (converters.UUIDOut("buf", text=True),)


def test_a_struct_is_a_result_with_its_fields_in_order(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainGetFooInfo(virDomainPtr dom, virDomainFooInfoPtr info, unsigned int flags)", INFO)
    output, = plan.result.outputs
    assert isinstance(output, converters.StructOut)
    assert (output.name, output.container, output.struct) == ("info", "List", "virDomainFooInfo")
    assert [member.name for member in output.members] == ["state", "memory", "model", "time"]
    assert (plan.parameters, plan.raises) == ((FLAGS,), "None")


# --- what is never guessed --------------------------------------------------

@pytest.mark.parametrize("arguments", [
    "int *files, unsigned int nfiles",
    "unsigned int nfiles, int *files",
    "int nfiles, int *files",
    "int *files, size_t nfiles",
    "int *files, unsigned long nfiles",
    "int *files, unsigned int *nfiles",
    "unsigned int *codes, int ncodes",
    "double *values, int nvalues",
    "unsigned long long *cells, int start",
    "unsigned char *cpumap, int maplen",
    "unsigned char *uuid, int length",
    "unsigned char *cpumap",
    "unsigned char *value, size_t *size",
    "const unsigned char *value",
    "const int *values, int count",
    "const int *value",
    "const unsigned int *codes",
    "char *buffer, int size",
    "char *buffer",
    "const char *data, size_t size",
    "void *buffer, size_t size",
    "const void *buffer",
    "void *opaque",
    "char **names, int maxnames",
    "char **result",
    "const char **keys",
    "int **files, unsigned int *nfiles",
    "virTypedParameterPtr params, int nparams",
    "virTypedParameterPtr params",
    "virTypedParameterPtr *params",
    "virTypedParameterPtr *params, unsigned int flags",
    "virTypedParameterPtr *params, int nparams",
    "virTypedParameterPtr **params, int *nparams",
    "virDomainPtr *domains, int ndomains",
    "virDomainPtr *domains",
    "virDomainPtr *result",
    "virDomainPtr ***domains",
    "virFreeCallback freecb",
    "virDomainFooInfoPtr infos, int ninfos",
    "virDomainFooInfoPtr info, size_t size",
    "virDomainFooInfoPtr *infos",
    "virDomainFooInfoPtr **infos",
    "const char **keys, unsigned int *nkeys",
    "const char **keys, size_t nkeys",
    "virTypedParameterPtr params, size_t nparams",
    "virTypedParameterPtr params, unsigned int *nparams",
    "virUnknownPtr unknown",
    "float value",
    "char value",
    "int *values, const char *name, unsigned int count",
    "unsigned int maxcpus, const char *name, unsigned long long *memory",
    "size_t *sizes, const char *name, size_t nsizes",
    "int *value, const char *name, unsigned int buflen",
])
def test_an_ambiguous_argument_is_not_guessed(left_out: Callable[..., str], arguments: str) -> None:
    assert left_out(f"int virDomainGetFoo(virDomainPtr dom, {arguments})", INFO)


@pytest.mark.parametrize("arguments", [
    "int *state, int *reason",
    "unsigned int *major, unsigned int *minor",
    "long long *seconds, unsigned int flags, unsigned int *nseconds",
    "double *first, double *second",
    "double *value, const char *name, int *other",
    "unsigned char *uuid, const char *name, int *other",
    "virDomainFooInfoPtr first, virDomainFooInfoPtr second",
    "virDomainPtr **domains, const char *name, double *value",
    "virDomainPtr **domains, virNetworkPtr **networks",
    "virTypedParameterPtr *params, int *nparams, const char *name, double *value",
])
def test_the_container_of_several_results_is_not_guessed(left_out: Callable[..., str], arguments: str) -> None:
    assert left_out(f"int virDomainGetFoo(virDomainPtr dom, {arguments}, unsigned int flags)", INFO)


@pytest.mark.parametrize("returns", ["char *", "void ", "virDomainPtr ", "unsigned long long "])
def test_a_result_besides_the_returned_value_is_not_guessed(left_out: Callable[..., str], returns: str) -> None:
    assert left_out(f"{returns}virDomainGetFoo(virDomainPtr dom, int *value)")


@pytest.mark.parametrize("returns", ["char *", "void ", "unsigned int ", "virDomainPtr "])
def test_a_list_besides_the_returned_value_is_not_guessed(left_out: Callable[..., str], returns: str) -> None:
    assert left_out(f"{returns}virConnectListFoo(virConnectPtr conn, virDomainPtr **domains)")


@pytest.mark.parametrize("returns", ["unsigned int ", "long ", "unsigned long ", "long long ", "unsigned long long ",
                                     "double ", "void *", "virErrorPtr ", "char **", "unsigned char *",
                                     "virTypedParameterPtr "])
def test_a_returned_value_without_a_known_failure_is_not_guessed(left_out: Callable[..., str], returns: str) -> None:
    assert left_out(f"{returns}virDomainFoo(virDomainPtr dom)").startswith("result '")


def test_a_struct_of_a_function_that_is_not_a_getter_is_not_guessed(left_out: Callable[..., str]) -> None:
    assert left_out("int virDomainSetFooInfo(virDomainPtr dom, virDomainFooInfoPtr info)", INFO)


def test_a_const_struct_is_not_a_result(left_out: Callable[..., str]) -> None:
    assert left_out("int virDomainGetFooInfo(virDomainPtr dom, const virDomainFooInfo *info)", INFO)


def test_a_struct_with_a_field_of_unknown_type_is_left_out(left_out: Callable[..., str]) -> None:
    struct = INFO.replace("type='unsigned long'", "type='virOtherPtr'")
    assert "memory" in left_out("int virDomainGetFooInfo(virDomainPtr dom, virDomainFooInfoPtr info)", struct)


def test_a_struct_with_hidden_fields_is_left_out(left_out: Callable[..., str]) -> None:
    hidden = """<struct name='virSecretThing' file='f' type='struct _virSecretThing'/>
        <typedef name='virSecretThingPtr' file='f' type='virSecretThing *'/>"""
    assert left_out("int virDomainGetFoo(virDomainPtr dom, virSecretThingPtr thing)", hidden)


@pytest.mark.parametrize("verb", ["Query", "Fetch", "Read", "List"])
def test_typed_parameters_of_a_function_that_reads_are_not_guessed(left_out: Callable[..., str], verb: str) -> None:
    assert left_out(f"int virDomain{verb}Foo(virDomainPtr dom, virTypedParameterPtr params, int nparams)")


@pytest.mark.parametrize("info", ["where to store the values", "array to be filled", "the values (returned)"])
def test_typed_parameters_that_are_described_as_written_are_not_guessed(plan_module: PlanModule, info: str) -> None:
    symbol = function_xml("int virDomainFoo(virDomainPtr dom, virTypedParameterPtr params, int nparams)",
                          infos={"params": info}.items())
    assert [item.why for item in plan_module(symbol).left_out] == ["argument 'virTypedParameterPtr params'"]


def test_a_number_that_is_not_a_length_does_not_make_a_pointer_ambiguous(infer: Callable[..., Plan]) -> None:
    plan = infer("int virDomainGetFoo(virDomainPtr dom, int *value, const char *name, unsigned int cell)")
    assert isinstance(plan.result.outputs[0], converters.ScalarOut)


@pytest.mark.parametrize("arguments, reason", [
    ("int *files, unsigned int nfiles", "argument 'int * files'"),
    ("void *first, int flags, virUnknownPtr second", "argument 'void * first'; argument 'virUnknownPtr second'"),
    ("char **result, const char *data, size_t size",
     "argument 'char ** result'; argument 'const char * data': it is text, or bytes of a given size"),
    ("void *opaque, virDomainPtr **domains, virNetworkPtr **networks", "argument 'void * opaque'"),
])
def test_the_reason_names_each_argument_that_is_not_understood(left_out: Callable[..., str], arguments: str,
                                                               reason: str) -> None:
    assert left_out(f"int virDomainFoo(virDomainPtr dom, {arguments})") == reason


def test_names_that_cannot_be_counted_are_left_out(left_out: Callable[..., str]) -> None:
    assert left_out("int virConnectListFoo(virConnectPtr conn, char **const names, int maxnames)")


@pytest.mark.parametrize("counter", ["int virConnectNumOfFoo(virConnectPtr conn, unsigned int flags)",
                                     "int virConnectNumOfFoo(void)", "int virConnectNumOfBar(virConnectPtr conn)"])
def test_names_are_left_out_if_the_counting_function_has_other_arguments(plan_module: PlanModule, counter: str) -> None:
    whole = plan_module(counter, "int virConnectListFoo(virConnectPtr conn, char **const names, int maxnames)")
    assert [item.function.name for item in whole.left_out] == ["virConnectListFoo"]


def test_a_function_that_is_left_out_does_not_affect_others(plan_module: PlanModule) -> None:
    whole = plan_module("int virDomainFoo(virDomainPtr dom, char **x)", "int virDomainBar(virDomainPtr dom)")
    assert [plan.function.name for plan in whole.plans] == ["virDomainBar"]
    assert [item.function.name for item in whole.left_out] == ["virDomainFoo"]


# --- defaults ---------------------------------------------------------------

@pytest.fixture
def defaults(plan_module: PlanModule) -> Callable[..., Dict[str, object]]:
    """The defaults of a function whose arguments have descriptions."""
    def of(prototype: str, infos: Optional[Dict[str, str]] = None, **changes: Any) -> Dict[str, object]:
        from conftest import function_xml
        return dict(plan_module(function_xml(prototype, infos=(infos or {}).items()), **changes).plans[0].defaults)
    return of


def test_flags_are_0_by_default(defaults: Callable[..., Dict[str, object]]) -> None:
    assert defaults("int virDomainFoo(virDomainPtr dom, const char *xml, unsigned int flags)") == {"flags": 0}


@pytest.mark.parametrize("info", ["optional thing", "(optional) thing", "  optional"])
def test_an_argument_described_as_optional_has_a_default(defaults: Callable[..., Dict[str, object]], info: str) -> None:
    found = defaults("int virDomainFoo(virDomainPtr dom, const char *uri, unsigned long bandwidth)",
                     {"uri": info, "bandwidth": info})
    assert found == {"uri": None, "bandwidth": 0}


def test_an_argument_before_one_without_a_default_has_no_default(defaults: Callable[..., Dict[str, object]]) -> None:
    found = defaults("int virDomainFoo(virDomainPtr dom, const char *uri, const char *name, unsigned int flags)",
                     {"uri": "optional"})
    assert found == {"flags": 0}


def test_a_description_that_only_mentions_optional_gives_no_default(defaults: Callable[..., Dict[str, object]]) -> None:
    assert defaults("int virDomainFoo(virDomainPtr dom, const char *uri)", {"uri": "an optional URI"}) == {}


def test_the_smaller_modules_have_no_defaults(defaults: Callable[..., Dict[str, object]]) -> None:
    assert defaults("int virDomainFoo(virDomainPtr dom, unsigned int flags)", defaults=False) == {}
