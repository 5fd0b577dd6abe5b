# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run a command inside a container.

    python3 enter.py URI DOMAIN COMMAND [ARGUMENT...]
"""

import importlib
import os
import sys
from typing import List, NoReturn, Tuple, Union

import libvirt
import libvirt_lxc

# os.execvp() imports it, but inside the container there is no Python to import it from.
importlib.import_module("warnings")


def enter(dom: libvirt.virDomain, descriptors: List[int], command: Tuple[str, ...]) -> NoReturn:
    """Move this process into the container, run the command in a child process, and exit with the command's status."""
    libvirt_lxc.lxcEnterCGroup(dom, 0)
    # Ignore the result, which are descriptors to go back with. They are closed when this process exits.
    libvirt_lxc.lxcEnterNamespace(dom, descriptors, 0)
    # Only children of this process are in the container's PID namespace.
    child = os.fork()
    if child == 0:
        os.chdir("/")
        os.execvp(command[0], command)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def main(uri: str, name: str, *command: str) -> Union[int, str]:
    try:
        with libvirt.open(uri) as conn:
            dom = conn.lookupByName(name)
            # Call the daemon before the fork: a child must not use its parent's connection.
            descriptors = libvirt_lxc.lxcOpenNamespace(dom, 0)
            # Only a child moves into the container, because a process that moves must have only one thread.
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
