# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the classes and the modules are."""

CLASSES = {
    "virConnect": """A connection to a hypervisor.

Its methods find and create all other objects. libvirt.open() and its siblings return it. It is closed by close(), or
at the end of a with statement.""",
    "virDomain": """A domain: a virtual machine or a container, whether it runs or not.

virConnect.lookupByName(), virConnect.listAllDomains(), virConnect.defineXML() and others return it.""",
    "virDomainSnapshot": """A snapshot of a domain: its disks, and maybe its memory, at some moment.

virDomain.snapshotCreateXML(), virDomain.listAllSnapshots() and others return it.""",
    "virDomainCheckpoint": """A checkpoint of a domain: changes of its disks are tracked from there on.

A backup can then be incremental: it contains the changes since the checkpoint.

virDomain.checkpointCreateXML(), virDomain.listAllCheckpoints() and others return it.""",
    "virInterface": """A network interface of the host, such as an Ethernet card or a bridge.

virConnect.interfaceLookupByName(), virConnect.listAllInterfaces() and others return it.""",
    "virNWFilter": """A network filter: rules for the traffic of domains.

virConnect.nwfilterLookupByName(), virConnect.listAllNWFilters() and others return it.""",
    "virNWFilterBinding": """A network filter that is bound to the network device of a running domain.

virConnect.nwfilterBindingLookupByPortDev(), virConnect.listAllNWFilterBindings() and others return it.""",
    "virNetwork": """A virtual network that domains can connect to.

virConnect.networkLookupByName(), virConnect.listAllNetworks() and others return it.""",
    "virNetworkPort": """A port of a virtual network, which connects a domain to it.

virNetwork.listAllPorts() and others return it.""",
    "virNodeDevice": """A device of the host, such as a PCI card or a disk.

virConnect.nodeDeviceLookupByName(), virConnect.listAllDevices() and others return it.""",
    "virSecret": """A secret that libvirt keeps, such as the passphrase of a volume.

virConnect.secretLookupByUUIDString(), virConnect.listAllSecrets() and others return it.""",
    "virStoragePool": """A storage pool, which holds volumes.

It is a directory, a volume group, an iSCSI target or the like.

virConnect.storagePoolLookupByName(), virConnect.listAllStoragePools() and others return it.""",
    "virStorageVol": """A storage volume, which can be a disk of a domain.

It is a file, a logical volume or the like.

virStoragePool.storageVolLookupByName(), virStoragePool.listAllVolumes() and others return it.""",
    "virStream": """A stream of data, to or from the host of a connection.

virConnect.newStream() returns it. A with statement ends the transfer: by finish(), or by abort() after an
exception.""",
    "virAdmConnect": """A connection to the admin server of a daemon.

libvirt_admin.open() returns it. It is closed by close(), or at the end of a with statement.""",
    "virAdmServer": """A server of a daemon.

It has the sockets that clients connect to, and the threads that serve them.

virAdmConnect.lookupServer() and virAdmConnect.listServers() return it.""",
    "virAdmClient": """A client that is connected to a server of a daemon.

virAdmServer.lookupClient() and virAdmServer.listClients() return it.""",
}

# What their objects are called, where that is not the rest of the class name.
THINGS = {
    "virConnect": "connection", "virAdmConnect": "connection", "virDomainSnapshot": "snapshot",
    "virDomainCheckpoint": "checkpoint", "virStoragePool": "pool", "virStorageVol": "volume", "virNetworkPort": "port",
    "virNodeDevice": "device", "virNWFilter": "network filter", "virNWFilterBinding": "binding",
    "virAdmServer": "server", "virAdmClient": "client",
}

MODULES = {
    "libvirt": """Manage virtualization hosts through libvirt.

Connect to a hypervisor, and find or make domains, networks and so on by methods of the connection:

    with libvirt.open("qemu:///system") as conn:
        for dom in conn.listAllDomains():
            print(dom.name(), dom.info())

- libvirt.open(), libvirt.openReadOnly() and libvirt.openAuth() return a virConnect
- virDomain, virNetwork, virStoragePool, virStorageVol and the other classes that begin with vir are objects of the host
- VIR_... are constants; libvirt.enums (the module libvirt_enums) has names for them, and says what each one means
- libvirtError is raised by each call that fails; common codes have classes of their own, such as
  libvirtError.NoDomainError
- the modules libvirtevents and libvirtaio deliver events in a for loop, also with asyncio;
  virConnect.domainEventRegisterAny() and its siblings call back for them
- the module libvirt_types names the items of lists and tuples, and the types of dicts and callbacks

Numbers of memory are in KiB and those of sizes in bytes, unless a method says something else. To try all this without a
daemon, open "test:///default", a host that libvirt simulates.

Objects and constants are described at https://libvirt.org, XML at https://libvirt.org/format.html""",
}
