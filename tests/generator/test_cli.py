# SPDX-License-Identifier: LGPL-2.1-or-later
"""The generator's command line: its outputs, its errors, and that its output depends only on its input."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Iterator, Optional, Tuple, Union

import pytest

from conftest import TOP, function_xml
from fixturetypes import Generator, WriteXml

Made = Callable[..., Tuple["subprocess.CompletedProcess[str]", Optional[bytes]]]

FRAGMENTS = TOP / "python" / "fragments"

SYMBOLS = (
    function_xml("virDomainPtr virDomainLookupByName(virConnectPtr conn, const char *name)",
                 "Find it: caf\u00e9, na\u00efve, \u4e16\u754c.\n\nSecond paragraph on @name, which may be NULL.",
                 infos={"name": "the name"}.items()),
    "int virConnectListAllDomains(virConnectPtr conn, virDomainPtr **domains, unsigned int flags)",
    "const char *virDomainGetName(virDomainPtr dom)",
    "int virDomainGetInfo(virDomainPtr dom, virDomainInfoPtr info)",
    "int virDomainGetAutostart(virDomainPtr dom, int *autostart)",
    "int virDomainGetGuestInfo(virDomainPtr dom, unsigned int types, virTypedParameterPtr *params, int *nparams)",
    "int virConnectDomainEventRegisterAny(virConnectPtr conn, virDomainPtr dom, int eventID,"
    " virConnectDomainEventGenericCallback cb, void *opaque, virFreeCallback freecb)",
    "int virConnectDomainEventDeregisterAny(virConnectPtr conn, int callbackID)",
    function_xml("void virConnectDomainEventGenericCallback(virConnectPtr conn, virDomainPtr dom, void *opaque)",
                 element="functype"),
    "<enum name='VIR_DOMAIN_EVENT_ID_REBOOT' file='f' value='1' type='virDomainEventID'"
    " info='virConnectDomainEventGenericCallback'/>",
    # Fragments import these constants.
    "<enum name='VIR_ERR_NO_SUPPORT' file='f' value='3' type='virErrorNumber' info=''/>",
    "<enum name='VIR_STREAM_RECV_STOP_AT_HOLE' file='f' value='1' type='virStreamRecvFlagsValues' info=''/>",
    *(f"<enum name='VIR_FOO_{number}' file='f' value='{number}' type='virFoo' info=''/>" for number in range(40)),
    """<struct name='virDomainInfo' file='f'><field name='state' type='unsigned char'/>
       <field name='memory' type='unsigned long'/></struct>
       <typedef name='virDomainInfoPtr' file='f' type='virDomainInfo *'/>""",
    "<macro name='VIR_FIELD' file='f' string='caf\u00e9'/>",
)
# The last function cannot be inferred.
STRANGE = (*SYMBOLS, "int virDomainStrange(virDomainPtr dom, char **first, char **second)")
OUTPUTS = ("libvirtmod.h", "libvirtmod.c", "libvirtmod-connect.c", "libvirtmod-domain.c", "libvirtmod-objects.c",
           "libvirt.py", "libvirt-stubs/__init__.pyi")


@pytest.fixture
def made(tmp_path: Path, generator: Generator) -> Made:
    """Run the generator; return the process, and the content of the output or None if there is no output."""
    def run(name: str, xml: Union[str, Path], *options: object, module: str = "libvirt", directory: Path = tmp_path,
            **how: Any) -> Tuple["subprocess.CompletedProcess[str]", Optional[bytes]]:
        path = directory / name
        done = generator(f"--module={module}", f"--xml={xml}", f"--fragments={FRAGMENTS}", *options, path, **how)
        return done, path.read_bytes() if path.is_file() else None
    return run


@pytest.fixture
def fails(made: Made) -> Callable[..., str]:
    """Run the generator, which must fail with status 1, one line on stderr and no output; return that line."""
    def run(*arguments: Any, **how: Any) -> str:
        done, text = made(*arguments, **how)
        assert done.returncode == 1, done.stderr
        assert text is None
        line, = done.stderr.splitlines()
        assert line.startswith("generator: ")
        return line[len("generator: "):]
    return run


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_output_is_written_without_a_message(write_xml: WriteXml, made: Made, name: str) -> None:
    done, text = made(name, write_xml(*SYMBOLS))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert text and text.endswith(b"\n") and not text.endswith(b"\n\n")


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_license_and_the_origin_come_first(write_xml: WriteXml, made: Made, name: str) -> None:
    _, text = made(name, write_xml(*SYMBOLS, name="libvirt-api.xml"))
    assert text
    first, *others = text.decode().split("\n")[:3]
    assert "SPDX-License-Identifier: LGPL-2.1-or-later" in first
    assert "Generated from libvirt-api.xml" in "".join(others)


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_output_contains_a_path_of_this_machine(write_xml: WriteXml, made: Made, name: str, tmp_path: Path) -> None:
    _, text = made(name, write_xml(*SYMBOLS))
    assert text and str(tmp_path).encode() not in text
    assert str(TOP).encode() not in text


def test_an_unknown_module_is_an_error(write_xml: WriteXml, fails: Callable[..., str]) -> None:
    text = fails("libvirt.py", write_xml(*SYMBOLS), module="libvirt_xen")
    assert text == "unknown module 'libvirt_xen': one of libvirt, libvirt_admin, libvirt_lxc, libvirt_qemu"


@pytest.mark.parametrize("name", ["libvirt.rs", "libvirtmod-nothing.c", "libvirtmod-.c", "notlibvirt.py",
                                  "libvirt_qemu.py", "__init__.pyi"])
def test_an_unknown_output_is_an_error(write_xml: WriteXml, tmp_path: Path, fails: Callable[..., str],
                                       name: str) -> None:
    start = f"{tmp_path / name}: module libvirt has no output of that name: one of libvirtmod.h, libvirt.py, "
    assert fails(name, write_xml(*SYMBOLS)).startswith(start)


@pytest.mark.parametrize("name", OUTPUTS)
def test_malformed_xml_is_reported_with_its_line(tmp_path: Path, fails: Callable[..., str], name: str) -> None:
    path = tmp_path / "bad.xml"
    path.write_text("<api name='libvirt'>\n<symbols>\n</api>\n")
    assert fails(name, path) == f"{path}:3: malformed XML: mismatched tag"


def test_the_description_of_another_library_is_reported(write_xml: WriteXml, fails: Callable[..., str]) -> None:
    path = write_xml(*SYMBOLS)
    told = fails("libvirt.py", path, module="libvirt_qemu")
    assert told == f"{path}:2: this is the API description of 'libvirt', not of 'libvirt-qemu'"


def test_a_missing_description_is_reported(tmp_path: Path, fails: Callable[..., str]) -> None:
    path = tmp_path / "none.xml"
    assert fails("libvirt.py", path) == f"{path}: cannot be read: No such file or directory"


# An enumerator that has the value of one of the main library.
BORROWED = "<enum name='VIR_FOO_MAIN' file='f' value='VIR_MAIN' type='virFoo' info=''/>"


def test_a_missing_base_description_is_reported(tmp_path: Path, write_xml: WriteXml, fails: Callable[..., str]) -> None:
    path = tmp_path / "none.xml"
    text = fails("libvirt.py", write_xml(*SYMBOLS, BORROWED), f"--base-xml={path}")
    assert text == f"{path}: cannot be read: No such file or directory"


def test_the_base_description_must_be_that_of_the_main_library(write_xml: WriteXml, fails: Callable[..., str]) -> None:
    other = write_xml(library="libvirt-qemu", name="qemu.xml")
    told = fails("libvirt.py", write_xml(*SYMBOLS, BORROWED), f"--base-xml={other}")
    assert told.startswith(f"{other}:2: this is the API description of 'libvirt-qemu'")


def test_the_base_description_is_read_only_where_a_constant_needs_it(tmp_path: Path, write_xml: WriteXml,
                                                                     made: Made) -> None:
    done, text = made("libvirt.py", write_xml(*SYMBOLS), f"--base-xml={tmp_path / 'none.xml'}")
    assert (done.returncode, done.stderr) == (0, "") and text


def test_missing_fragments_are_reported(tmp_path: Path, write_xml: WriteXml, fails: Callable[..., str]) -> None:
    text = fails("libvirt.py", write_xml(*SYMBOLS), f"--fragments={tmp_path / 'none'}")
    assert text.startswith(str(tmp_path / "none")) and text.endswith("cannot be read: No such file or directory")


def test_an_output_that_cannot_be_written_is_reported(tmp_path: Path, write_xml: WriteXml,
                                                      fails: Callable[..., str]) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "libvirt.py"
    told = fails("libvirt.py", write_xml(*SYMBOLS), directory=tmp_path / "file")
    assert told == f"{path}: cannot be written: File exists"


def test_a_failure_leaves_the_old_output_alone(tmp_path: Path, made: Made) -> None:
    (tmp_path / "libvirt.py").write_text("old")
    done, text = made("libvirt.py", tmp_path / "none.xml")
    assert (done.returncode, text) == (1, b"old")


@pytest.mark.parametrize("arguments", [(), ("--module=libvirt", "libvirt.py"), ("--nothing",),
                                       ("--module=libvirt", "--xml=x")])
def test_wrong_usage_exits_with_status_2(generator: Generator, arguments: Tuple[str, ...], tmp_path: Path) -> None:
    done = generator(*arguments, cwd=str(tmp_path))
    assert done.returncode == 2
    assert "usage:" in done.stderr
    assert os.listdir(str(tmp_path)) == []


def test_one_run_writes_several_outputs_and_the_stamp_last(tmp_path: Path, write_xml: WriteXml,
                                                           generator: Generator) -> None:
    stamp, paths = tmp_path / "stamp", [tmp_path / "there" / name for name in OUTPUTS]
    done = generator("--module=libvirt", f"--xml={write_xml(*SYMBOLS)}", f"--fragments={FRAGMENTS}", f"--stamp={stamp}",
                     *paths)
    assert (done.returncode, done.stderr) == (0, "")
    assert stamp.read_bytes() == b"" and all(path.read_bytes() for path in paths)
    assert stamp.stat().st_mtime_ns <= min(path.stat().st_mtime_ns for path in paths)


def test_outputs_of_one_run_equal_outputs_of_several_runs(tmp_path: Path, write_xml: WriteXml, made: Made,
                                                          generator: Generator) -> None:
    xml = write_xml(*SYMBOLS, name="libvirt-api.xml")
    paths = [tmp_path / "there" / name for name in OUTPUTS]
    generator("--module=libvirt", f"--xml={xml}", f"--fragments={FRAGMENTS}", *paths)
    assert [path.read_bytes() for path in paths] == [made(name, xml)[1] for name in OUTPUTS]


def test_a_failing_run_writes_no_output_at_all(tmp_path: Path, write_xml: WriteXml, generator: Generator) -> None:
    stamp, path = tmp_path / "stamp", tmp_path / "there" / "libvirt.py"
    done = generator("--module=libvirt", f"--xml={write_xml(*SYMBOLS)}", f"--fragments={FRAGMENTS}", f"--stamp={stamp}",
                     path, tmp_path / "there" / "libvirt.rs")
    assert done.returncode == 1 and not stamp.exists() and not path.exists()


# --- functions that are left out --------------------------------------------

def test_a_function_that_cannot_be_inferred_is_left_out_with_a_warning(write_xml: WriteXml, made: Made) -> None:
    done, text = made("libvirtmod.c", write_xml(*STRANGE))
    assert done.returncode == 0 and text
    line, = done.stderr.splitlines()
    assert line.startswith("generator: warning: virDomainStrange is left out: ") and "first" in line


@pytest.mark.parametrize("name", [name for name in OUTPUTS if name != "libvirtmod.c"])
def test_only_one_output_of_a_module_warns(write_xml: WriteXml, made: Made, name: str) -> None:
    assert made(name, write_xml(*STRANGE))[0].stderr == ""


def test_a_function_that_is_left_out_does_not_affect_others(write_xml: WriteXml, made: Made) -> None:
    text = made("libvirtmod-domain.c", write_xml(*STRANGE))[1]
    assert text and b"wrap_virDomainGetName" in text and b"virDomainStrange" not in text


def test_an_event_without_a_callback_type_is_left_out_with_a_warning(write_xml: WriteXml, made: Made) -> None:
    event = "<enum name='VIR_DOMAIN_EVENT_ID_NEW' file='f' value='2' type='virDomainEventID' info='virNewCallback'/>"
    done, text = made("libvirtmod.c", write_xml(*SYMBOLS, event))
    assert text
    assert "VIR_DOMAIN_EVENT_ID_NEW is left out" in done.stderr


def test_strict_makes_the_warning_an_error(write_xml: WriteXml, made: Made) -> None:
    done, text = made("libvirtmod.c", write_xml(*STRANGE), "--strict")
    assert (done.returncode, text) == (1, None)
    assert done.stderr.splitlines()[-1] == "generator: functions are left out, and --strict forbids that"


def test_strict_accepts_functions_that_are_left_out_on_purpose(write_xml: WriteXml, made: Made) -> None:
    skipped = "virConnectPtr virDomainGetConnect(virDomainPtr dom, char **strange)"
    done, text = made("libvirtmod.c", write_xml(*SYMBOLS, skipped), "--strict")
    assert (done.returncode, done.stderr) == (0, "") and text


# --- the same input gives the same output -----------------------------------

ENVIRONMENTS = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu"},
    {"PYTHONHASHSEED": "random", "LC_ALL": "tr_TR.UTF-8", "TZ": "America/New_York", "PYTHONUTF8": "0",
     "PYTHONCOERCECLOCALE": "0", "COLUMNS": "20", "PYTHONOPTIMIZE": "2"},
)


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_does_not_depend_on_hash_seed_locale_time_zone_or_directory(tmp_path: Path, write_xml: WriteXml,
                                                                           made: Made, name: str) -> None:
    texts = set()
    for number, environment in enumerate(ENVIRONMENTS):
        there = tmp_path / f"there{number}"
        there.mkdir()
        xml = shutil.copy(write_xml(*STRANGE), str(there / "libvirt-api.xml"))
        done, text = made(name, xml, directory=there, cwd=str(there), **environment)
        assert done.returncode == 0, done.stderr
        texts.add(text)
    assert len(texts) == 1 and None not in texts


def test_fragments_are_utf_8_whatever_the_locale(tmp_path: Path, write_xml: WriteXml, generator: Generator) -> None:
    fragments = shutil.copytree(str(FRAGMENTS), str(tmp_path / "fragments"))
    with open(os.path.join(fragments, "errors.py"), "a", encoding="utf-8") as file:
        file.write("\n\nCAF\u00c9 = 'caf\u00e9'\n")
    done = generator("--module=libvirt", f"--xml={write_xml(*SYMBOLS)}", f"--fragments={fragments}",
                     tmp_path / "libvirt.py", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n\n\nCAF\u00c9 = 'caf\u00e9'\n" in (tmp_path / "libvirt.py").read_text(encoding="utf-8")


def test_paths_may_be_relative_or_absolute(tmp_path: Path, write_xml: WriteXml, made: Made) -> None:
    path = write_xml(*SYMBOLS, name="libvirt-api.xml")
    absolute = made("libvirt.py", path)[1]
    assert made("libvirt.py", os.path.basename(path), cwd=str(tmp_path))[1] == absolute


def other_pythons() -> Iterator[str]:
    """Interpreters of other versions that can run the generator."""
    for minor in range(9, 20):
        path = shutil.which(f"python3.{minor}")
        if path is None or minor == sys.version_info[1]:
            continue
        # The name alone is no proof: version managers install one that only prints an error.
        done = subprocess.run([path, "-c", "import sys; print(sys.version_info[1])"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
        if done.stdout.strip() == str(minor):
            yield path


def test_output_does_not_depend_on_the_version_of_python(tmp_path: Path, write_xml: WriteXml, made: Made) -> None:
    others = list(other_pythons())
    if not others:
        pytest.skip("no other version of Python is here")
    xml = write_xml(*STRANGE)
    for name in OUTPUTS:
        _, expected = made(name, xml)
        for number, python in enumerate(others):
            done, text = made(name, xml, directory=tmp_path / f"other{number}", python=python)
            assert done.returncode == 0, done.stderr
            assert text == expected, (name, python)


def installed_description() -> Optional[str]:
    """The API description of the installed libvirt, from pkg-config."""
    try:
        done = subprocess.run(["pkg-config", "--variable=libvirt_api", "libvirt"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
    except OSError:
        return None
    path = done.stdout.strip()
    return path if os.path.exists(path) else None


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_installed_libvirt_gives_the_same_output_twice(tmp_path: Path, made: Made, name: str) -> None:
    xml = installed_description()
    if xml is None:
        pytest.skip("pkg-config does not know the API description of libvirt")
    first, second = (made(name, xml, directory=tmp_path / f"out{number}", **environment)[1]
                     for number, environment in enumerate(ENVIRONMENTS[:2]))
    assert first and first == second
