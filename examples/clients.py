#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Show the servers of a running daemon with their limits and clients. Set a limit, or disconnect a client.

    clients.py [--uri URI] [--max-clients N] [--disconnect ID]
"""

import argparse
import sys
import time

import libvirt
import libvirt_admin


def describe(client: libvirt_admin.virAdmClient) -> str:
    info = client.info()
    who = info.get("unix_user_name") or info.get("sasl_user_name") or info.get("tls_x509_dname") or "unknown"
    where = info.get("sock_addr") or f"process {info.get('unix_process_id')}"
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(client.timestamp()))
    transport = libvirt.enums.ClientTransport(client.transport()).name.lower()
    rights = "reads" if info["readonly"] else "writes"
    return f"  {client.ID()}: {who}, {where}, by {transport} since {since}, {rights}"


def show(conn: libvirt_admin.virAdmConnect) -> None:
    for server in conn.listServers():
        limits, pool = server.clientLimits(), server.threadPoolParameters()
        print(f"{server.name()}: {limits['nclients']} of at most {limits['nclients_max']} clients, "
              f"{pool['nWorkers']} of {pool['minWorkers']} to {pool['maxWorkers']} workers")
        for client in server.listClients():
            print(describe(client))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--uri", help="the daemon, for example libvirtd:///system (default: libvirt-admin's default)")
    parser.add_argument("--server", default="libvirtd", help="the server to change (default: libvirtd)")
    parser.add_argument("--max-clients", type=int, metavar="N", help="set the limit of clients of the server")
    parser.add_argument("--disconnect", type=int, metavar="ID", help="disconnect a client of the server")
    options = parser.parse_args()
    try:
        with libvirt_admin.open(options.uri) as conn:
            if options.max_clients is not None:
                conn.lookupServer(options.server).setClientLimits({"nclients_max": options.max_clients})
            if options.disconnect is not None:
                conn.lookupServer(options.server).lookupClient(options.disconnect).close()
            show(conn)
    except libvirt.libvirtError as error:
        print(f"clients.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
