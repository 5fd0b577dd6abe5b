# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every C function that the modules call is known to be tested for failure, or listed here as unable to fail.

The linker's symbols tell which functions are called, so a new function that is
in no list fails the test.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Set, Union

import pytest

import libvirtmod

import checkers
from fake import firing, modules, running
from fake.calls import ROWS
from fixturetypes import PythonPrints, RunPython

# Python functions that allocate memory, or run code that may do so. test_fake_nomemory.py makes each allocation fail.
ALLOCATES = """
PyBytes_FromStringAndSize PyCMethod_New PyCapsule_New PyDict_Copy PyDict_DelItemString PyDict_GetItemString
PyDict_GetItemWithError
PyDict_Items PyDict_Keys PyDict_MergeFromSeq2 PyDict_New PyDict_SetItem PyDict_SetItemString PyDict_Values PyErr_Format
PyErr_NormalizeException PyErr_SetFromErrno PyErr_SetObject PyErr_SetString PyException_SetTraceback PyFloat_AsDouble
PyFloat_FromDouble PyImport_ImportModule PyIter_Next PyList_Append PyList_AsTuple PyList_New PyList_SetItem
PyLong_AsLongAndOverflow PyLong_AsLongLongAndOverflow PyLong_AsUnsignedLongLong PyLong_FromLong PyLong_FromLongLong
PyLong_FromUnsignedLongLong PyLong_FromVoidPtr PyModule_AddFunctions PyNumber_Index PyObject_Call PyObject_CallFunction
PyObject_CallFunctionObjArgs PyObject_CallMethod PyObject_CallMethodObjArgs PyObject_CallObject PyObject_GetAttr
PyObject_GetAttrString PyObject_GetBuffer PyObject_GetIter PyObject_IsTrue PyObject_SetAttr PySequence_Concat
PyDict_GetItemRef PySequence_GetItem Py_VaBuildValue _Py_VaBuildValue_SizeT
PySequence_Repeat
PySequence_List PySequence_Tuple PyThreadState_GetDict PyTuple_New PyUnicode_AsEncodedString PyUnicode_AsUTF8AndSize
PyUnicode_DecodeUTF8 PyUnicode_FromFormat PyUnicode_FromFormatV PyUnicode_FromStringAndSize PyUnicode_InternFromString
PyUnicode_Substring PyBytes_AsStringAndSize _PyBytes_Resize _PyObject_CallFunction_SizeT _PyObject_CallMethod_SizeT
PyModule_AddObjectRef PyType_GetSlot PyUnicode_Concat PyUnicode_FromString
""".split()
# Functions of the C library that allocate memory and that libnomemory.so replaces.
LIBC_ALLOCATES = "calloc malloc realloc strdup".split()
# Functions of the C library that call malloc().
ALLOCATE_BY_MALLOC = ["tsearch", "dlopen", "dlsym"]

# Functions that cannot fail, or whose failure has no consequence, with the reason.
CANNOT_FAIL = {
    "only reads its argument": """
        PyBytes_AsString PyBytes_Size PyCallable_Check PyDict_Next PyDict_Size PyIndex_Check PyList_GetItem PyList_Size
        PyException_GetTraceback PyObject_CheckBuffer PyTuple_GetItem PyTuple_Size PyType_IsSubtype
        PyUnicode_GetLength PyUnicode_ReadChar
        PyType_GetFlags PyErr_ExceptionMatches PyErr_GivenExceptionMatches PyErr_Occurred
        memcmp strchr strcmp strcspn strlen strncmp tfind""",
    "returns the current thread or interpreter, or its data": """
        PyGILState_GetThisThreadState PyInterpreterState_Get PyInterpreterState_GetID PySys_GetObject
        PyThreadState_GetInterpreter""",
    "its failure drops a callback in a call of an interpreter that is not the main one": "PyThreadState_New",
    "reads or changes a capsule that has been checked": """
        PyCapsule_GetContext PyCapsule_GetName PyCapsule_GetPointer PyCapsule_IsValid PyCapsule_SetContext
        PyCapsule_SetDestructor PyCapsule_SetName""",
    "moves or drops the pending exception": """
        PyErr_Clear PyErr_Fetch PyErr_Restore PyErr_GetRaisedException PyErr_SetRaisedException PyErr_NoMemory""",
    "reports an exception that cannot be raised": "PyErr_WriteUnraisable",
    "ends the process on failure": "PyGILState_Ensure __assert_fail __stack_chk_fail",
    "releases something that was acquired": """
        PyBuffer_Release PyEval_RestoreThread PyEval_SaveThread PyGILState_Release PyThreadState_Clear
        PyThreadState_Delete PyThreadState_Swap tdelete _Py_Dealloc _Py_NegativeRefcount
        _Py_DecRefShared _Py_MergeZeroLocalRefcount
        Py_IncRef Py_DecRef _Py_IncRef _Py_DecRef free""",
    "writes into our own memory": """
        PyOS_snprintf PyOS_vsnprintf explicit_bzero memcpy memset __memcpy_chk __memset_chk __explicit_bzero_chk""",
    "returns static data": "PyModuleDef_Init PyBool_FromLong",
    "its failure is checked and has no consequence": "Py_AddPendingCall close dlclose fcntl fcntl64 nanosleep",
    "always succeeds": """
        PyCriticalSection_Begin PyCriticalSection_End
        getpid __errno_location pthread_mutex_lock pthread_mutex_unlock""",
    "its failure makes the import fail; it allocates two pointers": "__register_atfork pthread_atfork",
    "belongs to the linker": """
        _ITM_deregisterTMCloneTable _ITM_registerTMCloneTable __cxa_finalize __gmon_start__ __tls_get_addr
        _Py_RefTotal""",
    "frees an object of libvirt": """
        virConnectClose virDomainCheckpointFree virDomainFSInfoFree virDomainFree virDomainIOThreadInfoFree
        virDomainInterfaceFree virDomainSnapshotFree virDomainStatsRecordListFree virInterfaceFree
        virNWFilterBindingFree virNWFilterFree virNetworkDHCPLeaseFree virNetworkFree virNetworkPortFree
        virNodeDeviceFree virSecretFree virStoragePoolFree virStorageVolFree virStreamFree virTypedParamsFree
        virAdmConnectClose virAdmServerFree virAdmClientFree""",
    "takes a reference to an object that a capsule keeps alive": """
        virConnectRef virDomainCheckpointRef virDomainRef virDomainSnapshotRef virInterfaceRef virNWFilterBindingRef
        virNWFilterRef virNetworkPortRef virNetworkRef virNodeDeviceRef virSecretRef virStoragePoolRef virStorageVolRef
        virStreamRef virAdmConnectRef""",
    "reads or resets the thread's error, or sets the error function": """
        virGetLastError virGetLastErrorCode virGetLastErrorDomain virGetLastErrorMessage virResetLastError
        virConnGetLastError virConnResetLastError virSetErrorFunc""",
    "returns nothing": "virEventRegisterImpl virEventUpdateHandle virEventUpdateTimeout",
    "always returns 0": "virEventRegisterDefaultImpl virEventRunDefaultImpl",
    "gets a domain that the caller keeps alive": "virDomainGetConnect",
}
DATA = re.compile(r"Py\w+_Type|PyExc_\w+|_Py_\w+Struct")

# Functions that only read their object, and fail only for None.
ACCESSORS = """
virDomainCheckpointGetName virDomainGetID virDomainGetName virDomainGetUUID virDomainGetUUIDString
virDomainSnapshotGetName virInterfaceGetMACString virInterfaceGetName virNWFilterBindingGetFilterName
virNWFilterBindingGetPortDev virNWFilterGetName virNWFilterGetUUID virNWFilterGetUUIDString virNetworkGetName
virNetworkGetUUID virNetworkGetUUIDString virNetworkPortGetUUID virNetworkPortGetUUIDString virNodeDeviceGetName
virSecretGetUUID virSecretGetUUIDString virSecretGetUsageID virSecretGetUsageType virStoragePoolGetName
virStoragePoolGetUUID virStoragePoolGetUUIDString virStorageVolGetKey virStorageVolGetName
""".split()
# Functions that fail for these arguments, because the URI leads nowhere or there is no event loop.
NOWHERE = "test:///no/such/file"
REFUSED = {
    "virConnectOpen": (NOWHERE,), "virConnectOpenReadOnly": (NOWHERE,),
    "virConnectOpenAuth": (NOWHERE, [[], None, None], 0),
    "virEventAddHandle": (0, 1, {}), "virEventAddTimeout": (1, {}),
    "virEventRemoveHandle": (5,), "virEventRemoveTimeout": (5,),
}
# Fails if the fake is told so by FAKE_NOT_INITIALIZED, and then the import fails.
IMPORTED = {"virInitialize"}
EVENTS = re.compile(r"vir\w+Event(Register|Deregister)(Any)?|virConnect(Unr|R)egisterCloseCallback"
                    r"|virStreamEvent(Add|Update|Remove)Callback")


def symbols(path: Union[str, Path], which: str) -> Set[str]:
    """Return the symbols of a shared library; `which` is --undefined-only or --defined-only."""
    nm = os.environ.get("NM") or "nm"
    if shutil.which(nm.split()[0]) is None:
        pytest.skip(f"{nm} is not installed")
    done = subprocess.run([*nm.split(), "-D", which, path], stdout=subprocess.PIPE, universal_newlines=True,
                          check=True, env=checkers.for_tools())
    return {line.split()[-1].partition("@")[0] for line in done.stdout.splitlines()}


@pytest.fixture(scope="module")
def used() -> Set[str]:
    """The functions of Python, the C library and libvirt that the modules call."""
    if checkers.CHECKER:
        pytest.skip(f"{checkers.CHECKER} adds functions")
    assert libvirtmod.__file__
    if any(Path(libvirtmod.__file__).parent.glob("*.gcno")):
        pytest.skip("gcov adds functions")
    found: Set[str] = set()
    for module in modules.EXTENSIONS:
        assert module.__file__
        found |= symbols(module.__file__, "--undefined-only")
    return {name for name in found if not DATA.fullmatch(name)}


def cannot_fail() -> Set[str]:
    return {name for names in CANNOT_FAIL.values() for name in names.split()}


@pytest.fixture(scope="module")
def failed() -> Set[str]:
    """The functions that the fake made fail in some row, where the failure became an error of libvirt."""
    numbers = [number for number, row in enumerate(ROWS) if " fail:" in row.mode]
    found = set()
    for number, found_row in running.run_rows(running.ours(), numbers).items():
        lines = found_row["calls"].splitlines()
        place = int(ROWS[number].mode.partition(" fail:")[2])
        if found_row["result"] is not None and len(lines) >= place:
            found.add(lines[place - 1].partition("(")[0])
    return found


def test_every_function_is_in_a_list(used: Set[str], failed: Set[str]) -> None:
    known = {*ALLOCATES, *LIBC_ALLOCATES, *ALLOCATE_BY_MALLOC, *cannot_fail(), *ACCESSORS, *REFUSED, *IMPORTED, *failed}
    assert sorted(name for name in used - known if not EVENTS.fullmatch(name)) == []


def test_no_function_is_in_two_lists(failed: Set[str]) -> None:
    lists = [set(ALLOCATES), set(LIBC_ALLOCATES), set(ALLOCATE_BY_MALLOC), cannot_fail(), set(ACCESSORS), set(REFUSED),
             IMPORTED, failed]
    names = [name for each in lists for name in each]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_lists_match_the_functions_that_are_called(used: Set[str]) -> None:
    """Builds for other versions of Python or of the C library call slightly different functions."""
    assert len(used & set(ALLOCATES)) > 40
    assert used >= {"virDomainGetInfo", "calloc", "PyDict_New"}


def test_libnomemory_replaces_every_allocation_function() -> None:
    """The allocation functions that it lacks would never fail."""
    assert symbols(running.library("libnomemory.so"), "--defined-only") >= set(LIBC_ALLOCATES)


def test_a_failure_in_a_row_changes_the_result() -> None:
    """This detects functions of the fake that ignore "fail:N"."""
    wrong = [row.name() for row in ROWS if " fail:" in row.mode and row.c
             and repr(row.result) == repr(next((other.result for other in ROWS if other.call == row.call and
                                                other.mode == row.mode.partition(" ")[0]), ...))]
    assert wrong == []


@pytest.mark.parametrize("name", ACCESSORS)
def test_an_accessor_fails_for_none(name: str) -> None:
    function = getattr(libvirtmod, name, None)
    if function is None:
        pytest.skip(f"libvirt has no {name}")
    assert function(None) in (None, -1)
    assert libvirtmod._takeFailure(f"{name}() failed") is not None


def test_a_failing_registration_is_reported(python_prints: PythonPrints, used: Set[str]) -> None:
    """Every registration function for events fails in the fake for events."""
    names = sorted(name for name in used if EVENTS.fullmatch(name))
    assert len(names) >= 15
    lines = python_prints(firing.START + f"""
import json, libvirtmod_qemu
stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
failed = {{}}
for name in {names}:
    module = libvirtmod if hasattr(libvirtmod, name) else libvirtmod_qemu
    function = getattr(module, name)
    calls()
    fail()
    wanted = {{"EventRegisterAny": (conn._o, None, 0, {{}}), "EventDeregisterAny": (conn._o, 5),
              "MonitorEventRegister": (conn._o, None, "X", {{}}, 0), "MonitorEventDeregister": (conn._o, 5),
              "EventRegister": (conn._o, {{}}), "EventDeregister": (conn._o, conn),
              "UnregisterCloseCallback": (conn._o,), "RegisterCloseCallback": (conn._o, {{}}),
              "EventAddCallback": (stream._o, 1, {{}}), "EventUpdateCallback": (stream._o, 1),
              "EventRemoveCallback": (stream._o,)}}
    arguments = next(value for end, value in wanted.items() if name.endswith(end))
    result = function(*arguments)
    fail(0)
    failed[name] = [result, name in calls(), libvirtmod._takeFailure(name + "() failed") is not None]
print(json.dumps(failed))
""", **firing.environment())
    assert json.loads(lines[-1]) == {name: [-1, True, True] for name in names}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_by_libvirt_is_reported(run_python: RunPython, name: str) -> None:
    """libvirt's XML library may print a message to stderr."""
    done = run_python(f"import libvirtmod\nprint(libvirtmod.{name}(*{REFUSED[name]!r}))")
    assert (done.returncode, done.stdout.strip()) in ((0, "-1"), (0, "None"))


def test_the_import_fails_if_libvirt_cannot_be_initialized(run_python: RunPython) -> None:
    done = run_python("import libvirt", **firing.environment(), FAKE_NOT_INITIALIZED="1")
    assert done.returncode == 1
    assert "ImportError: libvirt cannot be initialized" in done.stderr
