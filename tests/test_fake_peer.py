# SPDX-License-Identifier: LGPL-2.1-or-later
"""The distribution's bindings and ours behave the same on a fake libvirt, except for documented differences."""

from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Tuple

import pytest

from fake import running
from fake.calls import ROWS

if TYPE_CHECKING:
    from fake.table import Outcome

Results = Dict[int, "Outcome"]
Both = Tuple[Results, Results, Tuple[int, ...]]

# What a row says about the other bindings -> the row of docs/differences.md, by its first column. A question mark means
# that only some versions of the other bindings, or only some of the rows, show the difference.
_LISTS = ("lists where libvirt takes lists (`files`, CPU maps, `baselineCPU`, `fsFreeze`, "
          "`authorizedSSHKeysSet`)")
DIFFERENCES = {
    "uint": "typed parameters: `UINT` above 2^31",
    "unsigned int": "unsigned numbers above 2^31 in structs and records",
    "unsigned long": "numbers above 2^63",
    "unsigned long in": "numbers above 2^63",
    "version": "`getVersion`, `getLibVersion`, `migrateGetMaxSpeed`",
    "free pages": "`getFreePages`",
    "unsigned int in": "numbers that do not fit",
    "unsigned long long in": "numbers that do not fit",
    "size_t": "numbers that do not fit",
    "not UTF-8": "text from libvirt that is not UTF-8",
    "None for a failure": "`lxcEnterCGroup`, `guestVcpus`, `migrateGetCompressionCache`, `migrateGetMaxDowntime`",
    "a UUID of the wrong length": "a UUID of the wrong length",
    "bytes of other types": "UUIDs and secrets given as bytearray or memoryview",
    "a handle of the wrong kind": "a handle of the wrong kind",
    "an object of another class": "an argument that must be an object of libvirt",
    "in use": "`close()` while another thread is in a call",
    "None in a list of domains": "`libvirtmod.virDomainListGetStats` with None among the domains",
    "connection of migrate3": "`migrate`, `migrate2`, `migrate3`",
    "__index__": "numbers in dicts and lists",
    "?__index__": "numbers in dicts and lists",
    "NUL": "dicts of typed parameters",
    "NUL in a list": "text in lists that contains NUL",
    "a long key": "dicts of typed parameters",
    "no dict": "dicts of typed parameters",
    "no dict of pages": "`allocPages` with pages that are not a dict",
    "a dict that grows": "dicts of typed parameters",
    "a list that shrinks": "a list that changes while its items are converted",
    "flags of the getter": "setters of typed parameters with LIVE and CONFIG",
    "a device of None": "`interfaceParameters(None)`, `migrate3(None, ...)` and others",
    "dconn of None": "`interfaceParameters(None)`, `migrate3(None, ...)` and others",
    "a tuple for a list": _LISTS,
    "a list for a tuple": _LISTS,
    "no list": _LISTS,
    "no list of files": _LISTS,
    "baselineHypervisorCPU": "`baselineHypervisorCPU` with items that are not `str`",
    "refused without an error": "arguments that `sendKey`, `getCellsFreeMemory` and `domainListGetStats` refuse",
    "?stale error": "arguments that `sendKey`, `getCellsFreeMemory` and `domainListGetStats` refuse",
    "parameters that were not filled": "`getCPUStats`",
    "fewer pinned": "`vcpuPinInfo`",
    "repr": "`repr` of objects",
    "?setBlockIoTune asks": "`setBlockIoTune`",
    "?fields known later": ("`migrate3`, `migrateToURI3`: `disks_uri`, `tls.destination`; "
                            "`saveParams`, `restoreParams`: `parallel.channels`"),
    "descriptors that are closed": "`qemuMonitorCommandWithFiles` with a descriptor that is not open",
    "what is no bytes, sent": "`send`",
    "entering a container": "`lxcEnterNamespace(domain, fdlist, flags)`, `lxcEnterSecurityLabel(model, label, flags)`",
    "sizes of streams": "`recv(-1)`, `recvFlags(-1)`",
}
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "differences.md"


@pytest.fixture(scope="session")
def both() -> Both:
    """The results of both bindings, and the version of the other ones."""
    command, version = running.peer()
    safe = [number for number, row in enumerate(ROWS) if not row.crashes]
    return running.run_rows(running.ours(), safe), running.run_rows(command, safe), version


@pytest.mark.parametrize("number", [number for number, row in enumerate(ROWS) if not row.crashes], ids=running.name_of)
def test_the_other_bindings_behave_the_same(both: Both, number: int) -> None:
    ours, theirs, version = both[0][number], both[1][number], both[2]
    if theirs["result"] is None:
        pytest.skip(f"version {version} has no {ROWS[number].needs}")
    difference = ROWS[number].peer
    if not difference:
        assert ours["result"] is not None
        running.check_same(ours["result"], theirs["result"])
        running.check_same(ours["calls"], theirs["calls"])
        # A record without a domain, which only the fake creates, makes the function fail that frees the record.
        if ROWS[number].mode != "nulls":
            assert ours["reported"] == theirs["reported"]
    elif not difference.startswith("?") and ours == theirs:
        pytest.fail(f"both behave the same, but the row says '{difference}'")


def _lines_of_the_document() -> List[str]:
    return [line.split("|")[1].strip() for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
            if line.startswith("| ")]


@pytest.mark.parametrize("line", sorted(set(DIFFERENCES.values())))
def test_each_difference_is_documented(line: str) -> None:
    assert line in _lines_of_the_document()


def test_each_difference_belongs_to_a_row() -> None:
    assert {row.peer for row in ROWS if row.peer} == set(DIFFERENCES)


def test_a_row_that_crashes_the_other_bindings_has_a_reason() -> None:
    assert [row.call for row in ROWS if row.crashes and not row.peer] == []
