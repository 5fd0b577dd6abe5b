# SPDX-License-Identifier: LGPL-2.1-or-later
"""The generator writes a file completely or not at all."""

import os
import stat
from pathlib import Path
from typing import Callable, Iterator

import pytest

from generator import output
from generator.errors import GeneratorError

needs_permissions = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    """Sets the umask for one test."""
    old = os.umask(0o022)
    yield os.umask
    os.umask(old)


def test_the_text_is_written(tmp_path: Path) -> None:
    output.write({str(tmp_path / "out.py"): "one\ntwo\n"})
    assert (tmp_path / "out.py").read_bytes() == b"one\ntwo\n"


def test_text_is_encoded_as_utf_8_and_line_ends_are_kept(tmp_path: Path) -> None:
    output.write({str(tmp_path / "out.py"): "caf\u00e9\r\n\n"})
    assert (tmp_path / "out.py").read_bytes() == b"caf\xc3\xa9\r\n\n"


def test_an_old_file_is_replaced_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "out.py"
    path.write_text("old")
    os.link(str(path), str(tmp_path / "other name"))
    output.write({str(path): "new"})
    assert path.read_text() == "new"
    assert (tmp_path / "other name").read_text() == "old"


def test_an_equal_file_is_left_alone(tmp_path: Path) -> None:
    """So make does not rebuild what depends on it."""
    path = tmp_path / "out.py"
    path.write_text("same")
    os.utime(str(path), (1, 1))
    output.write({str(path): "same", str(tmp_path / "other.py"): "new"}, str(tmp_path / "stamp"))
    assert path.stat().st_mtime == 1
    assert (tmp_path / "stamp").stat().st_mtime > 1


def test_no_temporary_file_is_left(tmp_path: Path) -> None:
    output.write({str(tmp_path / "out.py"): "text"})
    assert os.listdir(str(tmp_path)) == ["out.py"]


@pytest.mark.parametrize("mask, mode", [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664), (0o000, 0o666)])
def test_the_mode_follows_the_umask(tmp_path: Path, umask: Callable[[int], int], mask: int, mode: int) -> None:
    umask(mask)
    output.write({str(tmp_path / "out.py"): "text"})
    assert stat.S_IMODE((tmp_path / "out.py").stat().st_mode) == mode


def test_the_umask_is_not_changed(tmp_path: Path, umask: Callable[[int], int]) -> None:
    umask(0o027)
    output.write({str(tmp_path / "out.py"): "text"})
    assert os.umask(0o022) == 0o027


def test_a_file_of_the_current_directory_needs_no_directory(tmp_path: Path, monkeypatch: "pytest.MonkeyPatch") -> None:
    monkeypatch.chdir(tmp_path)
    output.write({"out.py": "text"})
    assert (tmp_path / "out.py").read_text() == "text"


def test_a_missing_directory_is_created(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "too" / "out.py"
    output.write({str(path): "text"})
    assert path.read_text() == "text"


def test_a_file_in_place_of_the_directory_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    path = tmp_path / "file" / "out.py"
    with pytest.raises(GeneratorError) as caught:
        output.write({str(path): "text"})
    assert str(caught.value) == f"{path}: cannot be written: File exists"
    assert (tmp_path / "file").read_text() == "old"


def test_a_directory_in_place_of_the_file_is_reported_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "out.py"
    path.mkdir()
    with pytest.raises(GeneratorError) as caught:
        output.write({str(path): "text"})
    assert str(caught.value) == f"{path}: cannot be written: Is a directory"
    assert os.listdir(str(tmp_path)) == ["out.py"]


@needs_permissions
def test_a_directory_without_permission_is_reported_by_name(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(GeneratorError) as caught:
        output.write({str(tmp_path / "out.py"): "text"})
    assert str(caught.value) == f"{tmp_path / 'out.py'}: cannot be written: Permission denied"


def test_a_full_disk_leaves_the_old_file_and_no_temporary_file(tmp_path: Path,
                                                               monkeypatch: "pytest.MonkeyPatch") -> None:
    path = tmp_path / "out.py"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(GeneratorError, match="No space left on device"):
        output.write({str(path): "new"})
    assert os.listdir(str(tmp_path)) == ["out.py"]
    assert path.read_text() == "old"


def test_an_interrupt_leaves_the_old_file_and_no_temporary_file(tmp_path: Path,
                                                                monkeypatch: "pytest.MonkeyPatch") -> None:
    path = tmp_path / "out.py"
    path.write_text("old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        output.write({str(path): "new"})
    assert os.listdir(str(tmp_path)) == ["out.py"]
    assert path.read_text() == "old"


def test_text_that_cannot_be_encoded_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises((GeneratorError, UnicodeError)):
        output.write({str(tmp_path / "out.py"): "\udcff"})
    assert os.listdir(str(tmp_path)) == []


# --- several in a run -------------------------------------------------------

def test_no_file_is_renamed_before_all_are_written(tmp_path: Path) -> None:
    (tmp_path / "first").write_text("old")
    (tmp_path / "file").write_text("old")
    texts = {str(tmp_path / "first"): "new", str(tmp_path / "file" / "second"): "new"}
    with pytest.raises(GeneratorError):
        output.write(texts, str(tmp_path / "stamp"))
    assert sorted(os.listdir(str(tmp_path))) == ["file", "first"]
    assert (tmp_path / "first").read_text() == "old"


def test_the_stamp_is_not_newer_than_any_output(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("first", "second", "third")]
    output.write(dict.fromkeys(paths, "text"), str(tmp_path / "stamp"))
    assert (tmp_path / "stamp").stat().st_mtime_ns <= min(os.stat(path).st_mtime_ns for path in paths)
    assert sorted(os.listdir(str(tmp_path))) == ["first", "second", "stamp", "third"]


def test_a_failing_run_writes_no_stamp(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    with pytest.raises(GeneratorError, match="Is a directory"):
        output.write({str(tmp_path / "first"): "new", str(tmp_path / "second"): "new"}, str(tmp_path / "stamp"))
    assert not (tmp_path / "stamp").exists() and not list(tmp_path.glob("*.tmp"))
