# SPDX-License-Identifier: LGPL-2.1-or-later
"""The modules themselves: their import, exported names, signatures and docstrings."""

import importlib.util
import inspect
import re
import shutil
import subprocess
import sys
import types
from types import ModuleType
from typing import Callable, Dict

import pytest

from fake import firing
from fixturetypes import PythonPrints, RunPython
from generator.bindings import modules

import libvirt
import libvirtmod

PAIRS = [(module.name, module.extension) for module in modules.ALL.values()]
EXTENSIONS = [extension for _, extension in PAIRS]


def load_again(extension: str) -> ModuleType:
    """Load another copy of an extension module, besides the imported one."""
    spec = importlib.util.find_spec(extension)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def functions(module: ModuleType) -> Dict[str, Callable[..., object]]:
    return {name: value for name, value in vars(module).items() if inspect.isbuiltin(value)}


def methods(module: ModuleType) -> Dict[str, Callable[..., object]]:
    """Return all public functions and methods by their full names."""
    found: Dict[str, Callable[..., object]] = {}
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(value):
            found[name] = value
        elif inspect.isclass(value):
            found.update({f"{name}.{inner}": item for inner, item in vars(value).items()
                          if inspect.isfunction(item) and not inner.startswith("_")})
    return found


# --- the extension modules --------------------------------------------------

@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_module_exports_only_its_init_function(extension: str) -> None:
    path = pytest.importorskip(extension).__file__
    if shutil.which("nm") is None:
        pytest.skip("nm is not installed")
    done = subprocess.run(["nm", "-D", "--defined-only", path], stdout=subprocess.PIPE, universal_newlines=True,
                          check=True)
    names = {line.split()[-1] for line in done.stdout.splitlines()}
    # mangle_path comes from the coverage library.
    linker = ("__", "_init", "_fini", "_edata", "_end", "mangle_path")
    assert {name for name in names if not name.startswith(linker)} == {f"PyInit_{extension}"}


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_an_extension_can_be_imported_a_second_time(extension: str) -> None:
    """Because of multi-phase initialization, each import creates a separate module."""
    first = pytest.importorskip(extension)
    second = load_again(extension)
    assert second is not first
    first.marker = 1
    assert not hasattr(second, "marker")
    del first.marker
    assert set(functions(second)) == set(functions(first))


def test_a_second_copy_accepts_handles_of_the_first(domain: libvirt.virDomain) -> None:
    assert load_again("libvirtmod").virDomainGetName(domain._o) == "test"


def test_the_handles_of_a_second_copy_outlive_it(fresh_python_prints: PythonPrints) -> None:
    assert fresh_python_prints("""
import gc, importlib.util, libvirtmod
spec = importlib.util.find_spec("libvirtmod")
copy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(copy)
capsule = copy.virConnectOpen("test:///default")
del copy, spec
gc.collect()
print(libvirtmod.virConnectClose(capsule))
""") == ["0"]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_every_c_function_has_a_signature(extension: str) -> None:
    wrong = []
    for name, function in functions(pytest.importorskip(extension)).items():
        try:
            signature = inspect.signature(function)
        except ValueError as error:
            wrong.append(f"{name}: {error}")
            continue
        if {parameter.kind for parameter in signature.parameters.values()} - {inspect.Parameter.POSITIONAL_ONLY}:
            wrong.append(f"{name}: {signature}")
    assert wrong == []


@pytest.mark.parametrize("name, signature", [
    ("virDomainGetXMLDesc", "(domain, flags, /)"),
    ("virConnectOpen", "(name, /)"),
    ("virInitialize", "()"),
    ("virDomainFree", "(object, /)"),
    ("virConnectDomainEventRegisterAny", "(conn, dom, eventID, cbData, /)"),
    ("virRegisterErrorHandler", "(func, ctx, /)"),
])
def test_the_signature_names_the_arguments(name: str, signature: str) -> None:
    assert str(inspect.signature(getattr(libvirtmod, name))) == signature


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_every_extension_has_a_docstring(extension: str) -> None:
    assert pytest.importorskip(extension).__doc__


def test_c_functions_have_a_module() -> None:
    assert {function.__module__ for function in functions(libvirtmod).values()} == {"libvirtmod"}


# --- the Python modules -----------------------------------------------------

@pytest.mark.parametrize("name", [name for name, _ in PAIRS])
def test_every_function_and_method_has_a_docstring(name: str) -> None:
    found = methods(pytest.importorskip(name))
    assert found
    assert [name for name, function in found.items() if not (function.__doc__ or "").strip()
            and not name.endswith(".__init__")] == []


@pytest.mark.parametrize("name", [name for name, _ in PAIRS])
def test_no_docstring_mentions_freeing_memory(name: str) -> None:
    found = methods(pytest.importorskip(name))
    words = ("free()", "should be used to free", "must free", "needs to free", "freed by the caller", "must be freed")
    assert [name for name, function in found.items() if any(word in (function.__doc__ or "") for word in words)] == []


@pytest.mark.parametrize("name", [name for name, _ in PAIRS])
def test_no_docstring_mentions_null(name: str) -> None:
    found = methods(pytest.importorskip(name))
    assert [name for name, function in found.items() if re.search(r"\bNULL\b", function.__doc__ or "")] == []


def test_the_module_refers_to_its_extension() -> None:
    assert libvirt.libvirtmod is libvirtmod


@pytest.mark.parametrize("name, extension", [pair for pair in PAIRS if not modules.ALL[pair[0]].own_classes])
def test_the_other_modules_refer_to_their_extension_and_libvirt(name: str, extension: str) -> None:
    module = pytest.importorskip(name)
    assert getattr(module, extension) is sys.modules[extension]
    assert module.libvirt is libvirt


@pytest.mark.parametrize("name", [name for name, _ in PAIRS])
def test_a_module_has_no_all_attribute(name: str) -> None:
    assert not hasattr(pytest.importorskip(name), "__all__")


@pytest.mark.parametrize("name, extension", PAIRS)
def test_an_extension_with_the_cygwin_prefix_is_accepted(fresh_python_prints: PythonPrints, name: str,
                                                         extension: str) -> None:
    pytest.importorskip(name)
    other = "cyg" + extension[len("lib"):]
    first = "" if name == "libvirt" else "import libvirt"
    assert fresh_python_prints(f"""
import sys
import {extension}
{first}
sys.modules["{other}"] = sys.modules["{extension}"]
sys.modules["{extension}"] = None
import {name}
print({name}.{extension}.__name__)
""") == [extension]


def test_the_import_error_names_a_missing_extension(fresh_python_prints: PythonPrints) -> None:
    assert fresh_python_prints("""
import sys
sys.modules["libvirtmod"] = None
try:
    import libvirt
except ImportError as error:
    print(error.name)
""") == ["libvirtmod"]


@pytest.mark.parametrize("extension", ["libvirtmod", "libvirtmod_qemu", "libvirtmod_lxc"])
def test_the_import_of_an_extension_fails_if_libvirt_cannot_be_initialized(run_fresh_python: RunPython,
                                                                           extension: str) -> None:
    done = run_fresh_python(f"""
try:
    import {extension}
except ImportError as error:
    print(error)
""", **firing.environment(), FAKE_NOT_INITIALIZED="1")
    assert (done.returncode, done.stdout.partition(": ")[0]) == (0, "libvirt cannot be initialized")
    assert "virNWFilterBindingGetPortDev" in done.stdout


def test_the_import_fails_if_forks_cannot_be_noticed(run_fresh_python: RunPython) -> None:
    done = run_fresh_python("""
import os
os.environ["FAKE_NO_ATFORK"] = "1"
for _ in range(2):
    try:
        import libvirtmod
    except MemoryError:
        print("no memory")
""", **firing.environment())
    assert (done.returncode, done.stdout) == (0, "no memory\nno memory\n"), done.stderr


def test_an_import_that_failed_can_be_tried_again(fresh_python_prints: PythonPrints) -> None:
    """It fails where nothing could run at the exit.  A fork waited for itself then."""
    assert fresh_python_prints("""
import os, sys
sys.modules["atexit"] = None
for _ in range(2):
    try:
        import libvirtmod
    except ImportError as error:
        print(error.name)
del sys.modules["atexit"]
import libvirtmod
child = os.fork()
if child == 0:
    os._exit(3)
print(os.waitpid(child, 0)[1] >> 8)
""") == ["atexit", "atexit", "3"]


@pytest.mark.parametrize("name", ["virConnect", "virDomain", "virNetwork", "virNetworkPort", "virInterface",
                                  "virStoragePool", "virStorageVol", "virNodeDevice", "virSecret", "virNWFilter",
                                  "virNWFilterBinding", "virStream", "virDomainCheckpoint", "virDomainSnapshot"])
def test_classes_are_plain_python_classes(name: str) -> None:
    made = getattr(libvirt, name)
    assert made.__mro__ == (made, object)
    assert not hasattr(made, "__slots__")
    assert made.__eq__ is object.__eq__ and made.__hash__ is object.__hash__
    assert made._o is None
    assert re.match(r"(A|An|The) [\w ]+[:,.]", made.__doc__) and "ptr" not in made.__doc__.lower()
    assert hasattr(made, "__enter__") == (name in ("virConnect", "virStream"))
    assert type(made) is type


@pytest.mark.parametrize("method, parameters", [
    ("virConnect.__init__", "(self, _obj=None)"),
    ("virDomain.__init__", "(self, conn, _obj=None)"),
    ("virNetworkPort.__init__", "(self, net, _obj=None)"),
    ("virDomainSnapshot.__init__", "(self, dom, _obj=None)"),
    ("virConnect.lookupByName", "(self, name)"),
    ("virConnect.getDomainCapabilities", "(self, emulatorbin=None, arch=None, machine=None, virttype=None, flags=0)"),
    ("virConnect.restore", "(self, frm)"),
    ("virConnect.restoreFlags", "(self, frm, dxml=None, flags=0)"),
    ("virConnect.domainEventRegisterAny", "(self, dom, eventID, cb, opaque)"),
    ("virConnect.secretEventRegisterAny", "(self, secret, eventID, cb, opaque)"),
    ("virConnect.__exit__", "(self, exc_type_, exc_value_, traceback_)"),
    ("virDomain.XMLDesc", "(self, flags=0)"),
    ("virDomain.saveFlags", "(self, to, dxml=None, flags=0)"),
    ("virDomain.blockPull", "(self, disk, bandwidth=0, flags=0)"),
    ("virDomain.migrate", "(self, dconn, flags=0, dname=None, uri=None, bandwidth=0)"),
    ("virDomain.migrateToURI2",
     "(self, dconnuri=None, miguri=None, dxml=None, flags=0, dname=None, bandwidth=0)"),
    ("virDomain.info", "(self)"),
    ("open", "(name=None)"),
    ("openReadOnly", "(name=None)"),
    ("getVersion", "(name=None)"),
    ("registerErrorHandler", "(f, ctx)"),
])
def test_parameter_names_and_defaults(method: str, parameters: str) -> None:
    owner, _, name = method.rpartition(".")
    function = getattr(getattr(libvirt, owner) if owner else libvirt, name)
    assert str(inspect.signature(function).replace(return_annotation=inspect.Signature.empty)) == parameters


@pytest.mark.parametrize("owner, name, cname", [
    ("virConnect", "newStream", "virStreamNew"),
    ("virConnect", "listAllDevices", "virConnectListAllNodeDevices"),
    ("virConnect", "listDomainsID", "virConnectListDomainsID"),
    ("virConnect", "close", "virConnectClose"),
    ("virDomain", "snapshotNum", "virDomainSnapshotNum"),
    ("virDomainSnapshot", "numChildren", "virDomainSnapshotNumChildren"),
    ("virDomain", "getCPUStats", "virDomainGetCPUStats"),
    ("virDomain", "ioThreadInfo", "virDomainGetIOThreadInfo"),
    ("virDomain", "fsInfo", "virDomainGetFSInfo"),
    ("virNetwork", "DHCPLeases", "virNetworkGetDHCPLeases"),
])
def test_irregular_method_names(owner: str, name: str, cname: str) -> None:
    if not hasattr(libvirtmod, cname):
        pytest.skip(f"{cname} is not bound")
    assert cname in getattr(getattr(libvirt, owner), name).__code__.co_names


def test_every_method_looks_up_its_c_function_when_called() -> None:
    """Test suites of other programs patch libvirtmod.NAME."""
    wrong = []
    for name, function in methods(libvirt).items():
        used = [item for item in function.__code__.co_names if item in vars(libvirtmod) and item not in vars(libvirt)]
        if used and "libvirtmod" not in function.__code__.co_names:
            wrong.append(name)
    assert wrong == []


def test_a_patched_c_function_takes_effect(monkeypatch: "pytest.MonkeyPatch", domain: libvirt.virDomain) -> None:
    seen = []

    def patched(*arguments: object) -> str:
        seen.append(arguments)
        return "<patched/>"

    monkeypatch.setattr(libvirtmod, "virDomainGetXMLDesc", patched)
    assert domain.XMLDesc(5) == "<patched/>"
    assert seen == [(domain._o, 5)]


def test_failures_of_a_patched_c_function_raise(monkeypatch: "pytest.MonkeyPatch", domain: libvirt.virDomain) -> None:
    monkeypatch.setattr(libvirtmod, "virDomainGetXMLDesc", lambda *arguments: None)
    with pytest.raises(libvirt.libvirtError):
        domain.XMLDesc()
    monkeypatch.setattr(libvirtmod, "virDomainCreate", lambda *arguments: -1)
    with pytest.raises(libvirt.libvirtError):
        domain.create()


def test_a_patched_extension_takes_effect(monkeypatch: "pytest.MonkeyPatch", domain: libvirt.virDomain) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(libvirt, "libvirtmod", types.SimpleNamespace(virDomainGetName=lambda handle: "patched"))
        assert domain.name() == "patched"


# --- constants --------------------------------------------------------------

@pytest.mark.parametrize("name, value", [
    ("VIR_DOMAIN_RUNNING", 1), ("VIR_DOMAIN_SHUTOFF", 5), ("VIR_DOMAIN_PMSUSPENDED", 7),
    ("VIR_DOMAIN_XML_SECURE", 1), ("VIR_DOMAIN_XML_INACTIVE", 2), ("VIR_DOMAIN_XML_MIGRATABLE", 8),
    ("VIR_CONNECT_LIST_DOMAINS_ACTIVE", 1), ("VIR_CONNECT_LIST_DOMAINS_INACTIVE", 2),
    ("VIR_ERR_OK", 0), ("VIR_ERR_INTERNAL_ERROR", 1), ("VIR_ERR_INVALID_CONN", 6), ("VIR_ERR_INVALID_DOMAIN", 7),
    ("VIR_ERR_INVALID_ARG", 8), ("VIR_ERR_NO_DOMAIN", 42), ("VIR_ERR_NO_NETWORK", 43),
    ("VIR_ERR_NO_DOMAIN_SNAPSHOT", 72), ("VIR_ERR_WARNING", 1), ("VIR_ERR_ERROR", 2),
    ("VIR_FROM_NONE", 0), ("VIR_FROM_TEST", 12), ("VIR_FROM_QEMU", 10),
    ("VIR_DOMAIN_EVENT_ID_LIFECYCLE", 0), ("VIR_DOMAIN_EVENT_ID_REBOOT", 1), ("VIR_DOMAIN_EVENT_STARTED", 2),
    ("VIR_DOMAIN_EVENT_STOPPED", 5), ("VIR_DOMAIN_EVENT_STOPPED_DESTROYED", 1),
    ("VIR_MIGRATE_LIVE", 1), ("VIR_MIGRATE_PEER2PEER", 2), ("VIR_DOMAIN_AFFECT_CURRENT", 0),
    ("VIR_DOMAIN_AFFECT_LIVE", 1), ("VIR_DOMAIN_AFFECT_CONFIG", 2), ("VIR_CRED_PASSPHRASE", 5),
    ("VIR_EVENT_HANDLE_READABLE", 1), ("VIR_EVENT_HANDLE_HANGUP", 8), ("VIR_NODE_CPU_STATS_ALL_CPUS", -1),
    ("VIR_NODE_MEMORY_STATS_ALL_CELLS", -1), ("VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK", -2),
    ("VIR_STORAGE_POOL_RUNNING", 2), ("VIR_STREAM_NONBLOCK", 1), ("VIR_DOMAIN_STATS_STATE", 1),
    ("VIR_NETWORK_UPDATE_COMMAND_ADD_LAST", 3), ("VIR_TYPED_PARAM_STRING", 7),
    ("VIR_MIGRATE_PARAM_URI", "migrate_uri"), ("VIR_DOMAIN_SCHEDULER_CPU_SHARES", "cpu_shares"),
    ("VIR_DOMAIN_BLKIO_WEIGHT", "weight"), ("VIR_NODE_CPU_STATS_KERNEL", "kernel"),
    ("VIR_NODE_MEMORY_STATS_TOTAL", "total"), ("VIR_DOMAIN_MEMORY_HARD_LIMIT", "hard_limit"),
])
def test_a_constant_has_its_value(name: str, value: object) -> None:
    found = getattr(libvirt, name)
    assert (found, type(found)) == (value, type(value))


def test_an_alias_has_the_value_of_its_target() -> None:
    assert libvirt.VIR_DOMAIN_MEM_CURRENT == libvirt.VIR_DOMAIN_AFFECT_CURRENT == 0
    assert libvirt.VIR_DOMAIN_VCPU_CONFIG == libvirt.VIR_DOMAIN_AFFECT_CONFIG == 2


@pytest.mark.parametrize("name", ["VIR_DOMAIN_LAST", "VIR_ERR_NUMBER_LAST", "VIR_DOMAIN_EVENT_ID_LAST",
                                  "VIR_NETWORK_UPDATE_COMMAND_LAST", "LIBVIR_VERSION_NUMBER", "VIR_UUID_BUFLEN",
                                  "VIR_DOMAIN_SEND_KEY_MAX_KEYS", "VIR_DOMAIN_MEMORY_PARAM_UNLIMITED"])
def test_sentinels_and_some_macros_are_not_constants(name: str) -> None:
    assert not hasattr(libvirt, name)


def test_all_constants_are_int_or_str() -> None:
    values = [value for name, value in vars(libvirt).items() if name.startswith("VIR_")]
    assert len(values) > 1000
    assert {type(value) for value in values} == {int, str}


@pytest.mark.parametrize("name, value", [
    ("VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP", 1), ("VIR_DOMAIN_QEMU_AGENT_COMMAND_MIN", -2),
    ("VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK", -2), ("VIR_DOMAIN_QEMU_AGENT_COMMAND_DEFAULT", -1),
    ("VIR_DOMAIN_QEMU_AGENT_COMMAND_NOWAIT", 0), ("VIR_DOMAIN_QEMU_AGENT_COMMAND_SHUTDOWN", 60),
])
def test_qemu_constants_that_depend_on_libvirt_constants(name: str, value: int) -> None:
    assert getattr(pytest.importorskip("libvirt_qemu"), name) == value


# --- libvirt's version and initialization ---------------------------------------

def test_the_version_is_a_number() -> None:
    assert libvirt.getVersion() >= 7000000


@pytest.mark.parametrize("driver", ["QEMU", "Test", "nope", ""])
def test_the_version_of_a_driver_is_a_pair(driver: str) -> None:
    version = libvirt.getVersion()
    assert libvirt.getVersion(driver) == (version, version)


@pytest.mark.parametrize("wrong", [5, b"QEMU", 1.5])
def test_the_name_of_a_driver_must_be_a_str(wrong: object) -> None:
    with pytest.raises(TypeError):
        libvirt.getVersion(wrong)


def test_libvirt_can_be_initialized_again() -> None:
    assert libvirt.virInitialize() == 0
