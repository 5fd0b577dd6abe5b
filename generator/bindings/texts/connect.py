# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library, connections, and the hosts behind them."""

from .schema import Text

_DISCOVERED = "CPU definitions, as XML"
_HYPERVISOR = {"emulator": "path of the emulator binary", "arch": "CPU architecture", "machine": "machine type",
               "virttype": "virtualization type"}
_DISCOURAGED = "Prefer {}(), which returns objects."
_OPENED = """Without a URI, libvirt takes the one of the environment variable LIBVIRT_DEFAULT_URI, then that of
"uri_default" in the client's configuration file, and then the first hypervisor that it finds.
URIs are documented at https://libvirt.org/uri.html

A connection is closed by virConnect.close(), or at the end of a with statement.

A daemon of the user's session is started if it does not run yet, unless the environment variable LIBVIRT_AUTOSTART
is 0."""
_GROUPS = """Flags come in groups: those of one group exclude each other. Without a flag of a group, the group does not
matter."""
_URI = {"name": "URI of the hypervisor, such as qemu:///system"}


def _names(what: str, instead: str, note: str = "") -> Text:
    return Text(f"Return {what}.", f"{note}{_DISCOURAGED.format(instead)}")


TEXTS = {
    # the library
    "virInitialize": Text(
        "Initialize the library.",
        "libvirt.open() and its siblings do that, too, so that a program need not call this function."),
    "virConnectOpen": Text("Connect to a hypervisor.", _OPENED, _URI, "the connection"),
    "virConnectOpenReadOnly": Text(
        "Connect to a hypervisor for reading only.",
        f"Methods that change something fail on such a connection.\n\n{_OPENED}", _URI, "the connection"),
    "virConnectOpenAuth": Text(
        "Connect to a hypervisor that may ask for credentials.",
        f"""{_OPENED}

libvirt asks by calling callback(credentials, opaque) during the call. credentials is a list of lists [type, prompt,
challenge, default, None]. The callback replaces each None by the answer, a str, and returns 0, or -1 to give up.""",
        {"name": _URI["name"], "auth": "[types, callback, opaque]: list of VIR_CRED_..., callable, any object",
         "flags": "bitwise-OR of libvirt_enums.ConnectFlags"}, "the connection",
        fields={"type": "what is asked, one of libvirt_enums.ConnectCredentialType", "prompt": "the question",
                "challenge": "more about the question", "default": "what the answer is by default",
                "answer": "None, which the callback replaces by a str"}),
    "virGetLastError": Text(
        "Return the last error of the calling thread.",
        """A program rarely needs that: a call that fails raises libvirtError, which has the error as err.""",
        returns="code, domain, message, level, str1, str2, str3, int1 and int2; None if there was no error"),
    "virConnGetLastError": Text(
        "Return the last error of the connection.",
        "Any thread may have caused it. A call that fails raises libvirtError, which has the error of that call.",
        returns="code, domain, message, level, str1, str2, str3, int1 and int2; None if there was no error"),
    "virConnResetLastError": Text("Forget the last error of the connection.", ""),
    "virResetLastError": Text("Forget the last error of the calling thread.", ""),
    "virGetLastErrorCode": Text("Return the code of the calling thread's last error.", "",
                                returns="one of libvirt_enums.ErrorNumber; VIR_ERR_OK if there was no error"),
    "virGetLastErrorDomain": Text("Return the part of libvirt that the thread's last error comes from.", "",
                                  returns="one of libvirt_enums.ErrorDomain; VIR_FROM_NONE if there was no error"),
    "virGetLastErrorMessage": Text("Return the message of the calling thread's last error.", "",
                                   returns="the message, or a text that says that there was no error"),

    # event loops
    "virEventRegisterDefaultImpl": Text(
        "Have libvirt use its own event loop, for the life of the process.",
        """Call this function before any connection is opened, and then libvirt.virEventRunDefaultImpl() in an endless
loop, usually in its own thread: connections may be closed by the other side when nobody runs the loop.

The loop wakes up for what is registered with libvirt: events, handles and timers."""),
    "virEventRunDefaultImpl": Text(
        "Run one turn of libvirt's own event loop.",
        """The call waits until a handle is ready or a timer fires, and runs the callbacks; without any handle or timer
it waits for ever. A thread that runs the loop does this:

    while running:
        libvirt.virEventRunDefaultImpl()

libvirt.virEventWakeDefaultImpl() makes the call return soon. If a callback raises an Exception, it goes to
sys.excepthook; any other exception, such as KeyboardInterrupt, is raised by the call.""", returns="0"),
    "virEventUpdateHandle": Text(
        "Change the events that a watch waits for.", "",
        {"watch": "what libvirt.virEventAddHandle() returned",
         "events": "bitwise-OR of libvirt_enums.EventHandleType"}),
    "virEventRemoveHandle": Text("End a watch of a file descriptor.", "",
                                 {"watch": "what libvirt.virEventAddHandle() returned"}, "0"),
    "virEventUpdateTimeout": Text(
        "Change the period of a timer.", "",
        {"timer": "what libvirt.virEventAddTimeout() returned",
         "timeout": "period in milliseconds, 0 for each turn of the loop, -1 for a timer that is off"}),
    "virEventRemoveTimeout": Text("End a timer.", "", {"timer": "what libvirt.virEventAddTimeout() returned"}, "0"),

    # the connection itself
    "virConnectGetCapabilities": Text(
        "Return the capabilities of the host and its hypervisor.",
        "They tell the CPU and the NUMA topology of the host, and which kinds of guest can run there.",
        returns="XML, with the top-level element <capabilities>"),
    "virConnectGetDomainCapabilities": Text(
        "Return what the host and an emulator offer to a domain.",
        """Ask before a domain is defined or created: for instance whether the host, libvirt and the emulator are
capable of VFIO passthrough. libvirt chooses values for the arguments that are None.

If flags includes VIR_CONNECT_GET_DOMAIN_CAPABILITIES_EXPAND_CPU_FEATURES, libvirt lists all CPU features that are
enabled for the CPU mode host-model; without it, features that are part of the CPU model are not listed.

With VIR_CONNECT_GET_DOMAIN_CAPABILITIES_SUPPORTED_CPU_FEATURES the host-model CPU also has the features that the host
supports, but that are not enabled by default in a domain with host-model CPU. Both flags together give all features
that can be enabled on the host.""",
        {"emulatorbin": "path of the emulator", "arch": "architecture of the domain", "machine": "machine type",
         "virttype": "virtualization type, such as kvm"}, "XML, with the top-level element <domainCapabilities>"),
    "virConnectGetStoragePoolCapabilities": Text(
        "Return the types and formats that storage pools can have.",
        "Ask before a storage pool is defined or created.",
        returns="XML, with the top-level element <storagepoolCapabilities>"),
    "virConnectGetHostname": Text(
        "Return the name of the host on which the hypervisor runs.",
        "With a remote connection that is the remote host. The name may be expanded to a fully qualified domain name."),
    "virConnectGetLibVersion": Text("Return the version of libvirt that the daemon of the connection has.", "",
                                    returns="1000000 * major + 1000 * minor + release"),
    "virConnectGetVersion": Text(
        "Return the version of the hypervisor.", "",
        returns="1000000 * major + 1000 * minor + release; 0 if it cannot be found out"),
    "virConnectGetMaxVcpus": Text(
        "Return the largest number of virtual CPUs of a domain.",
        """The limits of the emulator are not considered. Prefer virConnect.getDomainCapabilities(), and look for
"<vcpu max='...'>" in its result.""", {"type": "the 'type' attribute of the element <domain>"}, ""),
    "virConnectGetSysinfo": Text(
        "Return the SMBIOS information of the host.",
        "The format is that of the element <sysinfo> of a domain. Usually only a privileged connection has it.",
        returns="XML"),
    "virConnectGetType": Text(
        "Return the name of the driver of the connection.",
        """For example, KVM and QEMU guests are both serviced by the driver for URIs such as qemu:///system: "QEMU" does
not tell whether KVM is present. For more details use virConnect.getCapabilities().""", returns="such as \"QEMU\""),
    "virConnectGetURI": Text(
        "Return the URI of the connection.",
        """That is usually what was given to libvirt.open(), but the driver may make it canonical. Where no URI was
given, it is that of the hypervisor that libvirt has chosen."""),
    "virConnectGetCPUModelNames": Text(
        "Return the CPU models that libvirt knows for an architecture.",
        """For the models that a hypervisor can provide, see virConnect.getDomainCapabilities(). An empty list
means that any model is accepted.""", {"arch": "the architecture, such as x86_64"}),
    "virConnectIsAlive": Text(
        "Tell whether the connection is still alive.",
        "A connection is alive if it is local, or if it runs over a channel (TCP or UNIX socket) that is not closed."),
    "virConnectIsEncrypted": Text("Tell whether the connection is encrypted."),
    "virConnectIsSecure": Text(
        "Tell whether the connection is secure.",
        """A connection is secure if it is encrypted, or if it runs over a channel that nobody can tap, such as a UNIX
socket or a pipe."""),
    "virConnectSetIdentity": Text(
        "Act as another user on this connection.",
        """By default, the daemon checks access by the user that the program runs as. A program that acts for several
users, and that the daemon trusts, can name the user by this method. The driver may refuse.""",
        returns="0"),
    "virConnectSetKeepAlive": Text(
        "Send keepalive messages, to notice when the other side is gone.",
        """After interval seconds of inactivity libvirt sends a keepalive message. The connection counts as broken
when count messages in a row are not answered. With interval <= 0, no messages are sent. With count 0, the connection
is closed after interval seconds of inactivity.

An event loop must be registered and run (see libvirt.virEventRegisterDefaultImpl()), or connections may be closed by
mistake. If the server sends keepalive messages, the loop must run to answer them, even if this method has turned
messages off.""",
        {"interval": "seconds of inactivity before a message is sent",
         "count": "number of messages that may stay unanswered"},
        "0, or 1 if the other side does not support keepalive messages"),

    # CPUs
    "virConnectBaselineCPU": Text(
        "Compute the richest CPU that is compatible with all host CPUs.",
        args={"xmlCPUs": "CPUs of hosts, as XML"}),
    "virConnectBaselineHypervisorCPU": Text(
        "Compute the richest CPU that all hosts of some CPUs can provide.",
        """Call this method on one of the hosts whose CPUs are given: the result is influenced by the hypervisor, so
that another host may choose an unexpected CPU model or disable features that all CPUs support. The flag
VIR_CONNECT_BASELINE_CPU_IGNORE_HOST avoids that (see below).

The difference to virConnect.baselineCPU() is that the abilities of the hypervisor are considered.

The CPUs should be those that virConnect.getDomainCapabilities() shows in its element <mode name="host-model">. Any of
emulator, arch, machine and virttype may be None: libvirt then chooses by the host.

With one CPU, the result is this CPU tailored to what the hypervisor supports on the host. If it has no feature elements
and its model is listed as usable='no' in the domain capabilities, the result lists the features that have to be
disabled for the model to be usable on the host. These may be more than the hypervisor reports as blockers, where
libvirt's definition of the model differs from QEMU's.

If flags includes VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES, all features of the CPU are listed; without it, those that
are part of the CPU model are not.

If flags includes VIR_CONNECT_BASELINE_CPU_MIGRATABLE, the CPU has no features that block migration.

If flags includes VIR_CONNECT_BASELINE_CPU_IGNORE_HOST and several CPUs are given, the abilities of the hypervisor are
not considered, so that any host computes the same, even one whose CPU is not among those given.""",
        {**_HYPERVISOR, "xmlCPUs": _DISCOVERED}),
    "virConnectCompareCPU": Text(
        "Compare a CPU with the CPU of the host.",
        "See virConnect.compareHypervisorCPU() to consider what the hypervisor is able to provide.",
        {"xmlDesc": "the CPU, as XML"}, "one of libvirt_enums.CPUCompareResult"),
    "virConnectCompareHypervisorCPU": Text(
        "Compare a CPU with the one that a hypervisor provides on the host.",
        """Any of emulator, arch, machine and virttype may be None: libvirt then chooses by the host.

virConnect.compareCPU() considers no hypervisor.""",
        {**_HYPERVISOR, "xmlCPU": "the CPU, as XML"}, "one of libvirt_enums.CPUCompareResult"),

    # other formats
    "virConnectDomainXMLFromNative": Text(
        "Convert a hypervisor's own configuration to XML of libvirt.",
        "The format depends on the hypervisor.",
        {"nativeFormat": "name of the format, such as qemu-argv", "nativeConfig": "the configuration"},
        "XML of a domain"),
    "virConnectDomainXMLToNative": Text(
        "Convert XML of a domain to a hypervisor's own configuration.",
        """The format depends on the hypervisor.

The QEMU driver and others configure much at run time, by calls of the hypervisor and by file descriptors. That is not a
part of the result, so that it is of limited use outside of libvirt.""",
        {"nativeFormat": "name of the format, such as qemu-argv", "domainXml": "the domain, as XML"},
        "the configuration"),
    "virConnectFindStoragePoolSources": Text(
        "Find the sources that storage pools of a type could use.",
        "For iSCSI these are targets, for NFS exported paths.",
        {"type": "type of the pools, such as netfs",
         "srcSpec": "where to look, as XML with the element <source>; some types need none"},
        "XML, with the top-level element <sources>"),

    # lists
    "virConnectListAllDomains": Text(
        "Return all domains, or those that flags choose.",
        f"""{_GROUPS} A hypervisor may refuse the flags of a group that it cannot distinguish. If no domain can match,
as with inactive transient domains, the list is empty or the call fails.

- VIR_CONNECT_LIST_DOMAINS_ACTIVE, VIR_CONNECT_LIST_DOMAINS_INACTIVE: whether the domain runs
- VIR_CONNECT_LIST_DOMAINS_PERSISTENT, VIR_CONNECT_LIST_DOMAINS_TRANSIENT: whether it is defined
- VIR_CONNECT_LIST_DOMAINS_RUNNING, VIR_CONNECT_LIST_DOMAINS_PAUSED, VIR_CONNECT_LIST_DOMAINS_SHUTOFF,
  VIR_CONNECT_LIST_DOMAINS_OTHER: its state
- VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE, VIR_CONNECT_LIST_DOMAINS_NO_MANAGEDSAVE: whether it has a managed save image
- VIR_CONNECT_LIST_DOMAINS_AUTOSTART, VIR_CONNECT_LIST_DOMAINS_NO_AUTOSTART: whether it starts with the host
- VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT, VIR_CONNECT_LIST_DOMAINS_NO_SNAPSHOT: whether it has snapshots
- VIR_CONNECT_LIST_DOMAINS_HAS_CHECKPOINT, VIR_CONNECT_LIST_DOMAINS_NO_CHECKPOINT: whether it has checkpoints"""),
    "virConnectListAllInterfaces": Text(
        "Return all host interfaces, or those that flags choose.",
        """VIR_CONNECT_LIST_INTERFACES_ACTIVE chooses active ones, VIR_CONNECT_LIST_INTERFACES_INACTIVE inactive
ones."""),
    "virConnectListAllNetworks": Text(
        "Return all networks, or those that flags choose.",
        f"""{_GROUPS}

- VIR_CONNECT_LIST_NETWORKS_ACTIVE, VIR_CONNECT_LIST_NETWORKS_INACTIVE: whether the network is active
- VIR_CONNECT_LIST_NETWORKS_PERSISTENT, VIR_CONNECT_LIST_NETWORKS_TRANSIENT: whether it is defined
- VIR_CONNECT_LIST_NETWORKS_AUTOSTART, VIR_CONNECT_LIST_NETWORKS_NO_AUTOSTART: whether it starts with the host"""),
    "virConnectListAllNodeDevices": Text(
        "Return all devices of the host, or those that flags choose.",
        """Each of VIR_CONNECT_LIST_NODE_DEVICES_CAP_* chooses the devices with that capability; several choose the
devices with any of the capabilities."""),
    "virConnectListAllSecrets": Text(
        "Return all secrets, or those that flags choose.",
        f"""{_GROUPS}

- VIR_CONNECT_LIST_SECRETS_EPHEMERAL, VIR_CONNECT_LIST_SECRETS_NO_EPHEMERAL: whether the secret is kept in memory only
- VIR_CONNECT_LIST_SECRETS_PRIVATE, VIR_CONNECT_LIST_SECRETS_NO_PRIVATE: whether nobody can read its value"""),
    "virConnectListAllStoragePools": Text(
        "Return all storage pools, or those that flags choose.",
        f"""{_GROUPS}

- VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE, VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE: whether the pool is active
- VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT, VIR_CONNECT_LIST_STORAGE_POOLS_TRANSIENT: whether it is defined
- VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART, VIR_CONNECT_LIST_STORAGE_POOLS_NO_AUTOSTART: whether it starts with the host
- the other flags: its type"""),
    "virConnectListAllNWFilters": Text("Return all network filters.", ""),
    "virConnectListAllNWFilterBindings": Text("Return all bindings of network filters.", ""),
    "virConnectListDomains": _names("the IDs of the domains that run", "virConnect.listAllDomains"),
    "virConnectListDefinedDomains": _names("the names of inactive domains", "virConnect.listAllDomains"),
    "virConnectListInterfaces": _names("the names of active host interfaces", "virConnect.listAllInterfaces"),
    "virConnectListDefinedInterfaces": _names("the names of inactive host interfaces",
                                              "virConnect.listAllInterfaces"),
    "virConnectListNetworks": _names("the names of active networks", "virConnect.listAllNetworks"),
    "virConnectListDefinedNetworks": _names("the names of inactive networks", "virConnect.listAllNetworks"),
    "virConnectListStoragePools": _names("the names of active storage pools", "virConnect.listAllStoragePools"),
    "virConnectListDefinedStoragePools": _names("the names of inactive storage pools",
                                                "virConnect.listAllStoragePools"),
    "virConnectListNWFilters": _names("the names of all network filters", "virConnect.listAllNWFilters"),
    "virConnectListSecrets": _names("the UUIDs of all secrets, as text", "virConnect.listAllSecrets"),
    "virConnectNumOfDomains": Text("Return the number of active domains.", "", returns=""),
    "virConnectNumOfDefinedDomains": Text("Return the number of inactive domains.", "", returns=""),
    "virConnectNumOfInterfaces": Text("Return the number of active host interfaces.", "", returns=""),
    "virConnectNumOfDefinedInterfaces": Text("Return the number of inactive host interfaces.", "", returns=""),
    "virConnectNumOfNetworks": Text("Return the number of active networks.", "", returns=""),
    "virConnectNumOfDefinedNetworks": Text("Return the number of inactive networks.", "", returns=""),
    "virConnectNumOfStoragePools": Text("Return the number of active storage pools.", "", returns=""),
    "virConnectNumOfDefinedStoragePools": Text("Return the number of inactive storage pools.", "", returns=""),
    "virConnectNumOfNWFilters": Text("Return the number of network filters.", "", returns=""),
    "virConnectNumOfSecrets": Text("Return the number of secrets.", "", returns=""),
    "virNodeListDevices": Text(
        "Return the names of the host's devices.", _DISCOURAGED.format("virConnect.listAllDevices"),
        {"cap": "capability that the devices have, such as pci; None for all devices"}),
    "virNodeNumOfDevices": Text(
        "Return the number of the host's devices.", "",
        {"cap": "capability that the devices have, such as pci; None for all devices"}, ""),

    # the host
    "virNodeGetInfo": Text(
        "Return the CPUs and the memory of the host.",
        """Prefer virConnect.getCapabilities(), which has the real topology. This method can only describe hosts whose
NUMA cells are alike; for others it returns one cell with one socket that has as many cores as there are CPUs.

The frequency is that of the first CPU at this moment.""",
        fields={"model": "model of the CPUs", "memory": "MiB", "cpus": "number of CPUs that are online",
                "mhz": "frequency in MHz, or 0", "nodes": "number of NUMA cells",
                "sockets": "number of sockets in a cell",
                "cores": "number of cores in a socket", "threads": "number of threads in a core"}),
    "virNodeGetCPUMap": Text("Return which CPUs the host has, and which are online.", "",
                             returns="the list has True for each CPU that is online",
                             fields={"cpus": "number of CPUs", "cpumap": "True for each CPU that is online",
                                     "online": "number of CPUs that are online"}),
    "virNodeGetCPUStats": Text(
        "Return the CPU times of the host.", "",
        {"cpuNum": "number of a CPU, or VIR_NODE_CPU_STATS_ALL_CPUS for all together"},
        "kernel, user, idle and iowait, in nanoseconds since the host was booted; or utilization, in percent"),
    "virNodeGetMemoryStats": Text(
        "Return how the memory of the host is used.", "",
        {"cellNum": "number of a NUMA cell, or VIR_NODE_MEMORY_STATS_ALL_CELLS for all together"},
        "total, free, buffers and cached, in KiB, as far as they are known"),
    "virNodeGetMemoryParameters": Text(
        "Return the tunables of the host's memory.",
        "The names are VIR_NODE_MEMORY_*, as far as the operating system of the host has them."),
    "virNodeSetMemoryParameters": Text(
        "Change tunables of the host's memory.",
        """The call fails if not all of them are supported.

A program that tunes the memory of the host by itself, such as ksmtuned, interferes with this method.

This method may require privileged access to the hypervisor."""),
    "virNodeGetCellsFreeMemory": Text(
        "Return the free memory of NUMA cells.", "",
        {"startCell": "index of the first cell", "maxCells": "number of cells; there may be fewer"},
        "one item for each cell"),
    "virNodeGetFreeMemory": Text(
        "Return the free memory of the host, in bytes.",
        "Most other methods use KiB.", returns="bytes; 0 if libvirt could not find out"),
    "virNodeGetFreePages": Text(
        "Return how many pages of memory are free.",
        """For example, 300 pages of 4 KiB and 20 of 2 MiB in the first NUMA cell:

    conn.getFreePages([4, 2048], 0, 1) == {0: {4: 300, 2048: 20}}""",
        {"pages": "sizes of pages, in KiB", "startCell": "index of the first NUMA cell",
         "cellCount": "number of cells; there may be fewer"}),
    "virNodeAllocPages": Text(
        "Reserve huge pages of the host, for domains that are started later.",
        """Each pool of pages grows by the given number; with the flag VIR_NODE_ALLOC_PAGES_SET it gets the given
number. Without cells (startCell -1) the kernel allocates the pages over all NUMA cells.""",
        {"pageSizes": "number of pages by their size in KiB", "startCell": "index of the first NUMA cell, or -1",
         "cellCount": "number of cells"}, "number of NUMA cells that were changed"),
    "virNodeGetSEVInfo": Text(
        "Return information about AMD SEV on the host.",
        "The names are VIR_NODE_SEV_*: among others, the PDH and the certificate chain."),
    "virNodeGetSecurityModel": Text(
        "Return the security model of the hypervisor.",
        "The texts are empty if the driver has activated no security model."),
    "virNodeSuspendForDuration": Text(
        "Suspend the host for some time.",
        "The host is suspended after a short delay. Its real-time clock wakes it up.",
        {"target": "one of VIR_NODE_SUSPEND_TARGET_* (libvirt_enums.NodeSuspendTarget)",
         "duration": "seconds"}),
    "virInterfaceChangeBegin": Text(
        "Begin a transaction of changes of host interfaces.",
        """virConnect.changeCommit() keeps the changes, virConnect.changeRollback() undoes them. The call fails while
another transaction is open."""),
    "virInterfaceChangeCommit": Text(
        "Keep the changes of host interfaces since virConnect.changeBegin().",
        "The call fails if no transaction is open."),
    "virInterfaceChangeRollback": Text(
        "Undo the changes of host interfaces since virConnect.changeBegin().",
        "The call fails if no transaction is open."),
    "virStreamNew": Text(
        "Create a stream, for methods that transfer data.",
        """End each transfer with virStream.finish() or virStream.abort(), or use the stream in a with statement, which
does.""", {"flags": "VIR_STREAM_NONBLOCK for a stream that never waits, or 0"}),
}
