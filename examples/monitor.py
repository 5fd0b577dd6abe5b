# SPDX-License-Identifier: LGPL-2.1-or-later
"""Send a command to the monitor of a QEMU domain.

    python3 monitor.py URI DOMAIN query-block
    python3 monitor.py URI DOMAIN qom-get path=/machine property=type
    python3 monitor.py --human URI DOMAIN 'info registers'

libvirt does not know what such a command changes, so it marks the domain as tainted.
"""

import argparse
import json
import sys
from typing import Any, Optional

import libvirt
import libvirt_qemu


def value(text: str) -> Any:
    """Parse text as JSON. Return the text itself if it is not JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--human", action="store_true", help="send a command of the human monitor")
    parser.add_argument("uri", help="connection URI")
    parser.add_argument("domain", help="name of the domain")
    parser.add_argument("command", help="the monitor command")
    parser.add_argument("argument", nargs="*", help="argument of the command: NAME=VALUE")
    options = parser.parse_args()
    try:
        with libvirt.open(options.uri) as conn:
            dom = conn.lookupByName(options.domain)
            if options.human:
                print(libvirt_qemu.qemuMonitorCommand(dom, options.command,
                                                      libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP))
                return None
            pairs = (item.partition("=")[::2] for item in options.argument)
            command = {"execute": options.command, "arguments": {name: value(text) for name, text in pairs}}
            reply = json.loads(libvirt_qemu.qemuMonitorCommand(dom, json.dumps(command), 0))
    except libvirt.libvirtError as error:
        return f"monitor: {error}"
    if "error" in reply:
        return f"monitor: {reply['error']['desc']}"
    print(json.dumps(reply["return"], indent=2))
    return None


if __name__ == "__main__":
    sys.exit(main())
