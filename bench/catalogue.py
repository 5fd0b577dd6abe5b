# SPDX-License-Identifier: LGPL-2.1-or-later
"""The cases, in the order of the table; docs/performance.md says what each one measures."""

from pathlib import Path
from typing import List, Tuple

from compare import Case, Target, overhead, own_cost

TEST = "test:///default"
SIZES = (10, 1000, 10000)

SCALARS = ("dom.isActive()", "dom.ID()", "dom.maxMemory()", "dom.maxVcpus()", "dom.autostart()", "dom.suspend()",
           "conn.getLibVersion()")
STRINGS = ("dom.name()", "dom.UUIDString()", "dom.OSType()", "dom.XMLDesc()", "conn.getHostname()")
STRUCTS = ("dom.info()", "dom.state()", "dom.blockInfo('vda')", "dom.blockStats('vda')", "dom.memoryStats()",
           "conn.getInfo()", "pool.info()")
OBJECTS = ("conn.lookupByName(name)", "conn.lookupByID(number)", "conn.lookupByUUIDString(uuid)",
           "conn.storagePoolLookupByName('default-pool')", "conn.newStream()")
PARAMETERS = ("dom.memoryParameters()", "dom.schedulerParameters()",
              "dom.setMemoryParameters({'hard_limit': 4000000, 'soft_limit': 3000000})",
              "dom.setSchedulerParameters({'weight': 50})")
FAILURES = ("raises: dom.resume()", "raises: conn.networkLookupByName('none')")
LISTS = ("conn.listAllDomains()", "conn.listDomainsID()", "conn.listDefinedDomains()", "conn.getAllDomainStats()")
COMMON = ("dom.name()", "dom.UUIDString()", "dom.ID()", "dom.isActive()", "dom.info()", "dom.state()",
          "dom.maxMemory()", "conn.getHostname()", "conn.getLibVersion()", "conn.lookupByName(name)")
XML = ("dom.XMLDesc()", "pool.XMLDesc()", "conn.getCapabilities()")
THREADS = ("dom.name()", "dom.info()")

# A whole call may not be slower than the peer's.
TOTAL = Target(1.0)


def write_node(directory: Path, count: int) -> Path:
    """Write a node file, which the test driver reads: a host with count domains."""
    path = directory / f"{count}.xml"
    if not path.exists():
        path.write_text("<node>\n" + "".join(
            f"<domain type='test'><name>guest-{number}</name><uuid>00000000-0000-4000-8000-{number:012x}</uuid>"
            "<memory>65536</memory><vcpu>2</vcpu><os><type>hvm</type></os></domain>\n"
            for number in range(count)) + "</node>\n", encoding="utf-8")
    return path


def _instant(name: str, title: str, calls: Tuple[str, ...], ratio: float, entries: int = 10) -> Case:
    """ratio: the most that a call of ours may cost, of the floor."""
    return Case(f"instant-{name}", f"instant libvirt: {title}", "calls", (TEST, "quiet", *calls),
                Target(ratio, "floor"), entries=entries, derive=overhead, floor=True)


def _driver(name: str, title: str, calls: Tuple[str, ...], target: Target = TOTAL, uri: str = TEST,
            handler: str = "quiet", keep: bool = False) -> Case:
    return Case(f"driver-{name}", f"test driver: {title}", "calls", (uri, handler, *calls), target, keep=keep)


def cases(work: Path, quick: bool) -> List[Case]:
    """Return the cases that need only libvirt. Node files are written to the directory work."""
    result = [
        Case("import-time", "import libvirt: time; C is loading libvirt alone", "importing", ("time", "libvirt"),
             targets={"all": TOTAL, "own": Target(0.3)}, derive=own_cost, processes=1 if quick else 5),
        Case("import-memory", "import libvirt: memory; C is Python with libvirt loaded", "importing",
             ("memory", "libvirt"), targets={"all": TOTAL, "own": Target(0.4)}, unit="KiB", derive=own_cost),
        _instant("scalars", "scalars", SCALARS, 1.15),
        _instant("strings", "strings", STRINGS, 1.15),
        _instant("structs", "structs", STRUCTS, 1.15),
        _instant("objects", "creating and dropping objects", OBJECTS, 1.25),
        _instant("params", "typed parameters out and in", PARAMETERS, 1.25),
        _instant("exceptions", "exceptions", FAILURES, 1.25),
    ]
    for size in SIZES[:2] if quick else SIZES:
        result.append(_instant(f"lists-{size}", f"lists and statistics of {size:,}", LISTS, 1.25, size))
    result += [
        _driver("calls", "ten common calls", COMMON),
        _driver("objects", "looking up and dropping objects", OBJECTS, Target(0.6)),
        _driver("params", "typed parameters out and in", PARAMETERS),
        _driver("xml", "XML", XML),
        _driver("exceptions", "exceptions, with an error handler that does nothing", FAILURES, Target(0.6)),
        _driver("exceptions-bare", "exceptions, without an error handler", FAILURES, Target(0.6), handler="none"),
    ]
    for size in SIZES[:1] if quick else SIZES:
        result.append(_driver(f"domains-{size}", f"lists and statistics of {size:,} domains", LISTS,
                              uri=f"test://{write_node(work, size)}", keep=size > 100))
    for kind, title in (("default", "libvirt's own loop"), ("own", "a loop in Python; C has one in C"),
                        ("asyncio", "libvirtaio; C has a loop in C")):
        result.append(Case(f"events-{kind}", f"test driver: events through {title}", "events", (kind,),
                           Target(1.3, "floor"), floor=kind == "default"))
    result += [
        Case("threads-instant", "instant libvirt: ten threads at once", "threads", (TEST, "quiet", *THREADS), TOTAL,
             entries=10),
        Case("threads-driver", "test driver: ten threads at once", "threads", (TEST, "quiet", *THREADS), TOTAL),
    ]
    return result


def streams(uri: str, directory: Path, mib: int) -> Case:
    """Return the case that needs a daemon."""
    return Case("streams", f"streams of {mib} MiB to and from a libvirtd", "streams", (uri, str(directory), str(mib)),
                Target(1.05, "C"))
