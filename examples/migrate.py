# SPDX-License-Identifier: LGPL-2.1-or-later
"""Migrate a running domain to another host, and show the progress. Ctrl-C cancels the migration.

    python3 migrate.py qemu:///system DOMAIN qemu+ssh://other/system
"""

import argparse
import concurrent.futures
import contextlib
import sys
from typing import Optional

import libvirt
from libvirt_types import MigrateParameters


def parameters(options: argparse.Namespace) -> MigrateParameters:
    """Return the parameters of the migration. libvirt has defaults for all of them."""
    given: MigrateParameters = {}
    if options.data_uri is not None:
        given[libvirt.VIR_MIGRATE_PARAM_URI] = options.data_uri
    if options.bandwidth is not None:
        given[libvirt.VIR_MIGRATE_PARAM_BANDWIDTH] = options.bandwidth
    if options.rename is not None:
        given[libvirt.VIR_MIGRATE_PARAM_DEST_NAME] = options.rename
    return given


def flags(options: argparse.Namespace) -> int:
    chosen = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PERSIST_DEST | libvirt.VIR_MIGRATE_UNDEFINE_SOURCE
    if options.unsafe:
        chosen |= libvirt.VIR_MIGRATE_UNSAFE
    if options.copy_disks:
        chosen |= libvirt.VIR_MIGRATE_NON_SHARED_DISK
    return chosen


def show(dom: libvirt.virDomain) -> None:
    # The job does not exist yet at the beginning, and the domain does not exist any more at the end.
    with contextlib.suppress(libvirt.libvirtError):
        job = dom.jobStats()
        total, left = job.get(libvirt.VIR_DOMAIN_JOB_DATA_TOTAL, 0), job.get(libvirt.VIR_DOMAIN_JOB_DATA_REMAINING, 0)
        if total:
            count = job.get(libvirt.VIR_DOMAIN_JOB_MEMORY_ITERATION, 0)
            print(f"\r{left >> 20} of {total >> 20} MiB left, round {count} ", end="", flush=True)


def migrate(dom: libvirt.virDomain, target: libvirt.virConnect, options: argparse.Namespace) -> libvirt.virDomain:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        # The call ends with the migration, so it runs in a thread.
        migration = pool.submit(dom.migrate3, target, parameters(options), flags(options))
        try:
            while not concurrent.futures.wait([migration], timeout=0.2).done:
                show(dom)
        except KeyboardInterrupt:
            dom.abortJob()
        print()
        return migration.result()


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", help="URI of the host that the domain runs on")
    parser.add_argument("domain", help="name of the domain")
    parser.add_argument("target", help="URI of the other host")
    parser.add_argument("--bandwidth", type=int, metavar="MIB", help="use at most so many MiB per second")
    parser.add_argument("--downtime", type=int, metavar="MS", help="stop the guest for at most so many milliseconds")
    parser.add_argument("--rename", metavar="NAME", help="name of the domain on the other host")
    parser.add_argument("--data-uri", metavar="URI", help="where the other host receives the data: tcp:ADDRESS")
    parser.add_argument("--copy-disks", action="store_true", help="copy the disks, which are not on shared storage")
    parser.add_argument("--unsafe", action="store_true", help="accept disks whose cache mode may lose data")
    options = parser.parse_args()
    try:
        with libvirt.open(options.uri) as conn, libvirt.open(options.target) as target:
            dom = conn.lookupByName(options.domain)
            if options.downtime is not None:
                dom.migrateSetMaxDowntime(options.downtime)
            moved = migrate(dom, target, options)
            job = moved.jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
            print(f"{moved.name()} runs on {target.getHostname()}, "
                  f"and was stopped for {job.get(libvirt.VIR_DOMAIN_JOB_DOWNTIME, 0)} ms")
    except libvirt.libvirtError as error:
        return f"migrate: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
