# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run a command inside of a container.

    python3 enter.py URI DOMAIN COMMAND [ARGUMENT...]
"""

import os
import sys
import warnings  # noqa: F401 - os.execvp imports it, and inside of the container there is no Python to import from
from typing import List, NoReturn, Tuple, Union

import libvirt
import libvirt_lxc


def enter(dom: libvirt.virDomain, descriptors: List[int], command: Tuple[str, ...]) -> NoReturn:
    """Move this process, run the command in a child of it, and end as that does."""
    libvirt_lxc.lxcEnterCGroup(dom, 0)
    # Those that lead back are of no use: they are closed with this process.
    libvirt_lxc.lxcEnterNamespace(dom, descriptors, 0)
    # The process namespace holds for children only.
    child = os.fork()
    if child == 0:
        os.chdir("/")
        os.execvp(command[0], command)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def main(uri: str, name: str, *command: str) -> Union[int, str]:
    try:
        with libvirt.open(uri) as conn:
            dom = conn.lookupByName(name)
            # The daemon is asked here: a child must not speak on its parent's connection.
            descriptors = libvirt_lxc.lxcOpenNamespace(dom, 0)
            # What moves is a child: it has one thread, and this process stays where it is.
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    enter(dom, descriptors, command)
                except (libvirt.libvirtError, OSError) as error:
                    print(f"enter: {error}", file=sys.stderr, flush=True)
                finally:
                    os._exit(status)
            for descriptor in descriptors:
                os.close(descriptor)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except libvirt.libvirtError as error:
        return f"enter: {error}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) >= 4 else __doc__)
