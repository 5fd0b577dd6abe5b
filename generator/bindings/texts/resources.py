# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains: their CPUs, memory, devices and tunables."""

from .schema import Text

_CPUS = {"cpumap": "for each CPU of the host whether it may be used; CPUs that are missing stand for False",
         "vcpu": "number of the virtual CPU", "iothread_id": "ID of the IOThread"}
_PRIVILEGED = "This method may require privileged access to the hypervisor."
_AFFECT = """flags may include VIR_DOMAIN_AFFECT_LIVE, to change a running domain, and VIR_DOMAIN_AFFECT_CONFIG, to
change the configuration of a persistent domain. With neither (VIR_DOMAIN_AFFECT_CURRENT) the configuration of an
inactive domain is changed; whether that of an active one is changed too depends on the hypervisor."""
_TUNABLES = "The names are {}, as far as the hypervisor has them."
_DISK = """The disk is named by its target, such as "vda", or by the path of its source, such as "/path/to/image";
both are found in the elements //domain/devices/disk of virDomain.XMLDesc(). """

TEXTS = {
    # CPUs
    "virDomainGetMaxVcpus": Text(
        "Return the largest number of virtual CPUs of the domain.",
        """For a running domain that is the number that it was started with; for others it is about what
virConnect.getMaxVcpus() returns. See virDomain.vcpusFlags() for more control."""),
    "virDomainGetVcpusFlags": Text(
        "Return the number of virtual CPUs of the domain.",
        """With VIR_DOMAIN_AFFECT_LIVE the running domain is asked, with VIR_DOMAIN_AFFECT_CONFIG its configuration;
both flags together are refused.

With VIR_DOMAIN_VCPU_MAXIMUM the maximum is returned, otherwise the current number.

With VIR_DOMAIN_VCPU_GUEST the running guest is asked, which may need a guest agent.

This method may require privileged access to the hypervisor."""),
    "virDomainSetVcpus": Text(
        "Change the number of virtual CPUs of the running domain.",
        """A guest that has not finished booting may ignore that. Whether the configuration is changed, too, depends on
the hypervisor: virDomain.setVcpusFlags() gives more control.

This method may require privileged access to the hypervisor.""", {"nvcpus": "the new number"}),
    "virDomainSetVcpusFlags": Text("Change the number of virtual CPUs of the domain."),
    "virDomainSetVcpu": Text("Enable or disable single virtual CPUs of the domain.",
                             args={"vcpumap": "numbers of CPUs, such as \"0-3,^2\"",
                                   "state": "1 to enable, 0 to disable"}),
    "virDomainGetVcpus": Text(
        "Return the virtual CPUs of a running domain.",
        """virDomain.vcpuPinInfo() also works for domains that do not run.""",
        returns="state is one of VIR_VCPU_*, CPU time is in nanoseconds; each bool stands for a CPU of the host"),
    "virDomainGetVcpuPinInfo": Text(
        "Return on which CPUs of the host the virtual CPUs may run.", "",
        returns="one tuple for each virtual CPU, with a bool for each CPU of the host"),
    "virDomainPinVcpu": Text(
        "Choose on which CPUs of the host a virtual CPU may run.",
        f"The domain must run, and its configuration is not changed. {_PRIVILEGED}", _CPUS),
    "virDomainPinVcpuFlags": Text(
        "Choose on which CPUs of the host a virtual CPU may run.",
        f"{_AFFECT}\n\nSee also virDomain.vcpuPinInfo(). {_PRIVILEGED}", _CPUS),
    "virDomainGetEmulatorPinInfo": Text(
        "Return on which CPUs of the host the emulator threads may run.", "",
        returns="one bool for each CPU of the host"),
    "virDomainPinEmulator": Text(
        "Choose on which CPUs of the host the emulator threads may run.",
        f"{_AFFECT}\n\nSee also virDomain.emulatorPinInfo(). {_PRIVILEGED}", _CPUS),
    "virDomainGetIOThreadInfo": Text(
        "Return the IOThreads, and on which CPUs of the host they may run.", "",
        returns="one bool for each CPU of the host",
        fields={"iothread_id": "number of the IOThread",
                "cpumap": "True for each CPU of the host that it may run on"}),
    "virDomainPinIOThread": Text(
        "Choose on which CPUs of the host an IOThread may run.",
        f"{_AFFECT}\n\nSee also virDomain.ioThreadInfo(). {_PRIVILEGED}", _CPUS),
    "virDomainAddIOThread": Text(
        "Add an IOThread to the domain.",
        f"The valid IDs depend on the hypervisor. This method requires privileged access.\n\n{_AFFECT}",
        {"iothread_id": "ID of the new IOThread"}),
    "virDomainDelIOThread": Text(
        "Delete an IOThread that no disk uses from the domain.",
        f"This method requires privileged access.\n\n{_AFFECT}", {"iothread_id": "ID of the IOThread"}),
    "virDomainSetIOThreadParams": Text(
        "Change parameters of an IOThread of a running domain.",
        "flags can be VIR_DOMAIN_AFFECT_CURRENT or VIR_DOMAIN_AFFECT_LIVE. This method requires privileged access.",
        {"iothread_id": "ID of the IOThread"}),
    "virDomainGetCPUStats": Text(
        "Return how much CPU time of the host the running domain has used.",
        "See virConnect.getCPUStats() for the whole host.",
        {"total": "true for the domain as a whole, false for each CPU of the host"},
        "times are in nanoseconds"),
    "virDomainGetGuestVcpus": Text(
        "Return the virtual CPUs as the guest sees them.",
        "The domain must be running, with a guest agent.",
        returns="vcpus, online and offlinable, each a str of CPU numbers"),
    "virDomainSetGuestVcpus": Text(
        "Set virtual CPUs of the guest online or offline.",
        """The domain must be running, with a guest agent. Some hypervisors and agents take one CPU at a time. Guests
may need CPU 0.

In the list of CPUs "-" makes a range, and "^" removes a CPU from the list before it: "0-15,^8" is the same as
"9-14,0-7,15", but not as "^8,0-15".""",
        {"cpumap": "numbers of CPUs, such as \"0-3,^2\"", "state": "1 for online, 0 for offline"}),

    # memory
    "virDomainGetMaxMemory": Text("Return the largest memory that the domain can have, in KiB.", "", returns="KiB"),
    "virDomainSetMaxMemory": Text(
        "Change the largest memory that the domain can have.",
        f"""Whether the running domain, its configuration or both are changed depends on the hypervisor:
virDomain.setMemoryFlags() gives more control. {_PRIVILEGED}""", {"memory": "KiB"}),
    "virDomainSetMemory": Text(
        "Change the memory of the running domain.",
        f"""Whether its configuration is changed, too, depends on the hypervisor: virDomain.setMemoryFlags() gives more
control. {_PRIVILEGED}""", {"memory": "KiB"}),
    "virDomainSetMemoryFlags": Text(
        "Change the memory of the domain.",
        f"""{_AFFECT}

With VIR_DOMAIN_MEM_MAXIMUM the largest memory is changed instead. {_PRIVILEGED}""", {"memory": "KiB"}),
    "virDomainSetMemoryStatsPeriod": Text(
        "Set how often the guest reports its memory statistics.", _AFFECT, {"period": "seconds, 0 for never"}),
    "virDomainMemoryStats": Text(
        "Return how the guest uses its memory.",
        """Values that the domain or the driver does not know are missing:

- actual: the memory of the domain (balloon)
- unused: memory that is not used at all
- available: memory that the guest has
- usable: memory that the balloon can take without having the guest swap
- swap_in, swap_out: what was read from and written to swap space
- major_fault, minor_fault: page faults with and without access to disks
- rss: memory that the process of the domain uses on the host
- disk_caches: memory that can be reclaimed without access to disks
- hugetlb_pgalloc, hugetlb_pgfail: allocations of huge pages, and failed ones
- last_update: time of the last update by the guest, in seconds since 1970""",
        returns=""),
    "virDomainMemoryPeek": Text(
        "Read memory of the running domain.",
        """With VIR_MEMORY_VIRTUAL the address is a virtual one, as mapped by the process that runs at that moment;
use this to read the state of a Linux kernel. With VIR_MEMORY_PHYSICAL it is a physical one.

A daemon returns up to 16 MiB at a time. With size 0 the call only tests whether it would succeed.""",
        {"start": "address", "size": "number of bytes",
         "flags": "VIR_MEMORY_VIRTUAL or VIR_MEMORY_PHYSICAL (libvirt_enums.DomainMemoryFlags)"}),
    "virDomainStartDirtyRateCalc": Text(
        "Begin to measure how fast the guest writes to its memory.",
        "virConnect.getAllDomainStats() has the result, in the group VIR_DOMAIN_STATS_DIRTYRATE.",
        {"seconds": "for how many seconds to measure"}),

    # disks, interfaces and other devices
    "virDomainAttachDevice": Text(
        "Attach a device to the running domain.",
        """For the media of a CDROM or floppy drive, prefer virDomain.updateDeviceFlags().

A device that is not added to the persistent definition, too, may be missing when the guest resumes from
hibernation.""",
        {"xml": "XML of the device"}),
    "virDomainAttachDeviceFlags": Text(
        "Attach a device to the domain.",
        """VIR_DOMAIN_DEVICE_MODIFY_LIVE attaches it to the running domain, VIR_DOMAIN_DEVICE_MODIFY_CONFIG adds it to
the persistent definition, and VIR_DOMAIN_DEVICE_MODIFY_CURRENT does the one that fits the state of the domain. The
call fails if the hypervisor cannot do all that was asked for.

For the media of a CDROM or floppy drive, prefer virDomain.updateDeviceFlags().

A device that is not added to the persistent definition may be missing when the guest resumes from hibernation.""",
        {"xml": "XML of the device"}),
    "virDomainDetachDevice": Text(
        "Detach a device from the running domain.",
        "This is virDomain.detachDeviceFlags() with VIR_DOMAIN_DEVICE_MODIFY_LIVE.",
        {"xml": "XML of the device"}),
    "virDomainDetachDeviceFlags": Text(
        "Detach a device from the domain.",
        """VIR_DOMAIN_DEVICE_MODIFY_LIVE detaches it from the running domain, VIR_DOMAIN_DEVICE_MODIFY_CONFIG removes it
from the persistent definition, and VIR_DOMAIN_DEVICE_MODIFY_CURRENT does the one that fits the state of the domain.
The call fails if the hypervisor cannot do all that was asked for.

Give the XML of the device as it is in the XML of the domain: if parts are missing, another device may be detached.

The guest takes part in detaching, so that the device may still be present for some time after the call. Look for it in
virDomain.XMLDesc(), or wait for VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED.

Some hypervisors refuse to detach a disk with a block job: end the job by virDomain.blockJobAbort().""",
        {"xml": "XML of the device"}),
    "virDomainDetachDeviceAlias": Text(
        "Detach a device from the domain, by its alias.",
        """VIR_DOMAIN_DEVICE_MODIFY_LIVE detaches it from the running domain, VIR_DOMAIN_DEVICE_MODIFY_CONFIG removes it
from the persistent definition, and VIR_DOMAIN_DEVICE_MODIFY_CURRENT does the one that fits the state of the domain.

Unlike virDomain.detachDeviceFlags() the call never waits for the guest: the event VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED
is sent when the device is gone, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED if the guest has refused.""",
        {"alias": "alias of the device"}),
    "virDomainUpdateDeviceFlags": Text(
        "Change a device of the domain.",
        """VIR_DOMAIN_DEVICE_MODIFY_LIVE changes the running domain, VIR_DOMAIN_DEVICE_MODIFY_CONFIG the persistent
definition, and VIR_DOMAIN_DEVICE_MODIFY_CURRENT the one that fits the state of the domain. The call fails if the
hypervisor cannot do all that was asked for.

Use this method for the media of a CDROM or floppy drive, the password of a display, the backend of a network
interface, and so on.

The XML must be that of the device in the XML of the domain, with only the wanted changes: elements that are missing
are removed.""", {"xml": "XML of the device"}),
    "virDomainGetBlockInfo": Text(
        "Return the size of a disk.",
        f"""{_DISK}

With QEMU, allocation and physical are the same, except for a format such as qcow2 on a block device of a running
domain: there, allocation is the part that is used. If the domain stops during the call, they are the same.""",
        {"disk": "path or target of the disk"}),
    "virDomainBlockStats": Text(
        "Return how much was read from and written to a disk.",
        f"""A value that the hypervisor does not know is -1. With some drivers the empty text stands for all disks
together.

{_DISK}""", {"disk": "path or target of the disk"}, fields={
            "rd_req": "read requests", "rd_bytes": "bytes read", "wr_req": "write requests",
            "wr_bytes": "bytes written", "errs": "errors, with Xen only"}),
    "virDomainBlockStatsFlags": Text(
        "Return how much was read from and written to a disk, by name.",
        f"""{_TUNABLES.format('VIR_DOMAIN_BLOCK_STATS_*')} With some drivers the empty text stands for all disks
together.

{_DISK}""",
        {"disk": "path or target of the disk"}),
    "virDomainBlockPeek": Text(
        "Read from a disk of the domain.",
        f"""This shows, for example, whether a master boot record was written. It also works for a remote domain.

A daemon returns up to 16 MiB at a time. The area must lie within the disk. With size 0 the call only tests whether it
would succeed.

{_DISK}""", {"disk": "path or target of the disk", "offset": "where to begin, in bytes", "size": "number of bytes"}),
    "virDomainBlockResize": Text(
        "Change the size of a disk of the running domain.",
        f"""The disk is made smaller if the size is less than before, unless flags include
VIR_DOMAIN_BLOCK_RESIZE_EXTEND: then the call fails instead.

With VIR_DOMAIN_BLOCK_RESIZE_CAPACITY the disk gets the size of its source, which must be of a
fixed size, such as a block device, and without metadata ("raw"); size is 0 or that size. The hypervisor may round the
size up.

{_DISK}

This method requires privileged access to the hypervisor.""",
        {"disk": "path or target of the disk",
         "size": "new size in KiB; in bytes with VIR_DOMAIN_BLOCK_RESIZE_BYTES"}),
    "virDomainGetBlockIoTune": Text(
        "Return the I/O limits of a disk.", f"{_TUNABLES.format('VIR_DOMAIN_BLOCK_IOTUNE_*')}\n\n{_DISK}",
        {"disk": "path or target of the disk"}),
    "virDomainSetBlockIoTune": Text("Change I/O limits of a disk.", _DISK, {"disk": "path or target of the disk"}),
    "virDomainSetThrottleGroup": Text(
        "Create or change a throttle group.",
        """Disks refer to the group by throttle filters. Unlike the limits of virDomain.setBlockIoTune(), several
groups can apply to a disk.""", {"group": "name of the group"}),
    "virDomainDelThrottleGroup": Text(
        "Delete a throttle group that no disk refers to.", _AFFECT, {"group": "name of the group"}),
    "virDomainSetBlockThreshold": Text(
        "Request an event when a disk is written beyond some offset.",
        """The event VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD comes once; then the threshold has to be set again. A program
can extend thin-provisioned storage in time that way, without polling. The event is lost if the daemon does not run at
that moment.

dev is the target of a disk, such as "vda", or an image of its chain, such as "vda[4]", by the index that
virDomain.XMLDesc() shows in the elements backingStore, source and mirror. For the top image the event may come twice,
with and without the index.

virConnect.getAllDomainStats() has the last written offset as "block.<num>.allocation", and the threshold as
"block.<num>.threshold", in the group VIR_DOMAIN_STATS_BLOCK.""",
        {"dev": "target of the disk, and an index", "threshold": "bytes"}),
    "virDomainGetDiskErrors": Text(
        "Return the disks that have had an I/O error.", "",
        returns="target of the disk, and one of VIR_DOMAIN_DISK_ERROR_*"),
    "virDomainInterfaceStats": Text(
        "Return how much a network interface has received and sent.",
        """The values are as the domain sees them; for an unmanaged interface of type "ethernet" received and sent may
be swapped. A value that the hypervisor does not know is -1.""",
        {"device": "name or MAC address of the interface"},
        fields={f"{way}_{what}": f"{told} {done}" for way, done in (("rx", "received"), ("tx", "sent"))
                for what, told in (("bytes", "bytes"), ("packets", "packets"), ("errs", "errors of packets"),
                                   ("drop", "packets dropped of those"))}),
    "virDomainInterfaceAddresses": Text(
        "Return the network interfaces of the domain, with their addresses.",
        """The source can be:

- VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE: DHCP leases, of interfaces in virtual networks of libvirt
- VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT: the guest agent, whose names are those of the guest; find the interface by
  its MAC address
- VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP: the ARP table of the host, which may be out of date; the prefix is 0

An interface without a name is listed by its alias.""",
        {"source": "one of VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_* (libvirt_enums.DomainInterfaceAddressesSource)"},
        "hwaddr is a str or None; addrs a list of dict of addr, prefix and type, or None if there are none"),
    "virDomainGetInterfaceParameters": Text(
        "Return the bandwidth limits of a network interface.", _TUNABLES.format("VIR_DOMAIN_BANDWIDTH_*"),
        {"device": "name or MAC address of the interface"}),
    "virDomainSetInterfaceParameters": Text(
        "Change bandwidth limits of a network interface.", f"{_AFFECT}\n\n{_PRIVILEGED}",
        {"device": "name or MAC address of the interface"}),
    "virDomainAnnounceInterface": Text(
        "Have the guest announce its network interfaces.",
        """A series of "gratuitous ARP" packets goes out, so that switches find the MAC address after a change of the
network.""", {"device": "name or MAC address of the interface, or None for all"}),
    "virDomainOpenConsole": Text(
        "Connect a stream to a console, a serial or a parallel port.",
        """The stream should not block (see virConnect.newStream()).

The call fails if another client uses the console; with VIR_DOMAIN_CONSOLE_FORCE the other client is disconnected. With
VIR_DOMAIN_CONSOLE_SAFE the console is only opened if the driver guarantees exclusive access.""",
        {"dev_name": "alias of the device, or None for the first console or serial port", "st": "the stream"}),
    "virDomainOpenChannel": Text(
        "Connect a stream to a channel of the guest.",
        """The stream should not block (see virConnect.newStream()).

The call fails if another client uses the channel; with VIR_DOMAIN_CHANNEL_FORCE the other client is disconnected.""",
        {"name": "alias of the device, such as \"channel0\", or name of its target, such as "
                 "\"org.qemu.guest_agent.0\"; None for the first channel", "st": "the stream"}),
    "virDomainOpenGraphics": Text(
        "Connect a socket to a graphical display of the domain.",
        """fd is one end of an unnamed socket pair; the program talks to the display over the other end. The
connection must be local, over a UNIX socket.

With VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH the display asks for no password.""",
        {"idx": "index of the display, from 0 on", "fd": "file descriptor, which the program still has to close"}),
    "virDomainOpenGraphicsFD": Text(
        "Connect to a graphical display of the domain.",
        """The connection must be local, over a UNIX socket.

With VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH the display asks for no password.""",
        {"idx": "index of the display, from 0 on"}, "a socket, as a file descriptor for the caller to close"),
    "virDomainGraphicsReload": Text(
        "Have a graphical display reload its TLS certificates.", "The domain keeps running.",
        {"type": "one of VIR_DOMAIN_GRAPHICS_RELOAD_TYPE_* (libvirt_enums.DomainGraphicsReloadType)"}),
    "virDomainScreenshot": Text(
        "Take a screenshot of the domain.",
        """The image is sent over the stream: receive it after the call, for example by virStream.recvAll(). Its format
depends on the hypervisor.

Screens are numbered across graphics cards: with two cards of four heads each, 5 is the second head of the second
card.""",
        {"stream": "stream that receives the image", "screen": "number of the screen, from 0 on"},
        "MIME type of the image"),
    "virDomainSendKey": Text(
        "Press keys of the guest's keyboard.", "",
        {"codeset": "one of VIR_KEYCODE_SET_* (libvirt_enums.KeycodeSet)",
         "holdtime": "for how many milliseconds the keys are held",
         "keycodes": "codes of the keys, at most 16", "nkeycodes": "length of that list"},
        "0"),
    "virDomainSendProcessSignal": Text(
        "Send a signal to a process in the guest.",
        """The signal is translated to that of the guest; the call fails if the guest has no such signal. Some
hypervisors only support process 1. VIR_DOMAIN_PROCESS_SIGNAL_NOP tests whether the process runs.""",
        {"pid_value": "process ID in the guest, or a negated process group ID",
         "signum": "one of VIR_DOMAIN_PROCESS_SIGNAL_* (libvirt_enums.DomainProcessSignal)"}),
    "virDomainFDAssociate": Text(
        "Pass files to the domain, under a name that disks can refer to.",
        """libvirt keeps the files until the connection is closed; the hypervisor keeps them as long as it needs them.

Files may get a security label. With VIR_DOMAIN_FD_ASSOCIATE_SECLABEL_RESTORE libvirt tries to restore the old one, and
keeps the files open for that. VIR_DOMAIN_FD_ASSOCIATE_SECLABEL_WRITABLE gives a label for writing where libvirt would
choose one for reading.""", {
            "name": "name of the group of files", "fds": "file descriptors, which the program still has to close"}),

    # tunables
    "virDomainGetBlkioParameters": Text("Return the block I/O tunables of the domain.",
                                        f"{_TUNABLES.format('VIR_DOMAIN_BLKIO_*')} {_PRIVILEGED}"),
    "virDomainSetBlkioParameters": Text("Change block I/O tunables of the domain.", _PRIVILEGED),
    "virDomainGetMemoryParameters": Text("Return the memory tunables of the domain.",
                                         f"{_TUNABLES.format('VIR_DOMAIN_MEMORY_*')} {_PRIVILEGED}"),
    "virDomainSetMemoryParameters": Text(
        "Change memory tunables of the domain.",
        f"Limits are in KiB; 9007199254740991 stands for no limit. {_PRIVILEGED}"),
    "virDomainGetNumaParameters": Text("Return the NUMA tunables of the domain.",
                                       f"{_TUNABLES.format('VIR_DOMAIN_NUMA_*')} {_PRIVILEGED}"),
    "virDomainSetNumaParameters": Text("Change NUMA tunables of the domain."),
    "virDomainGetSchedulerType": Text(
        "Return the name of the domain's scheduler.", "",
        fields={"type": "name of the scheduler", "nparams": "number of its parameters"}),
    "virDomainGetSchedulerParameters": Text(
        "Return the scheduler tunables of the domain.",
        f"""{_TUNABLES.format('VIR_DOMAIN_SCHEDULER_*')} Whether they are those of the running domain or of its
configuration depends on the hypervisor: virDomain.schedulerParametersFlags() gives more control."""),
    "virDomainGetSchedulerParametersFlags": Text(
        "Return the scheduler tunables of the domain.",
        f"""{_TUNABLES.format('VIR_DOMAIN_SCHEDULER_*')} flags is one of VIR_DOMAIN_AFFECT_CURRENT,
VIR_DOMAIN_AFFECT_LIVE and VIR_DOMAIN_AFFECT_CONFIG."""),
    "virDomainSetSchedulerParameters": Text(
        "Change scheduler tunables of the domain.",
        """Whether the running domain, its configuration or both are changed depends on the hypervisor:
virDomain.setSchedulerParametersFlags() gives more control."""),
    "virDomainSetSchedulerParametersFlags": Text("Change scheduler tunables of the domain.", _AFFECT),
    "virDomainGetPerfEvents": Text("Return which Linux perf events are counted for the domain.",
                                   _TUNABLES.format("VIR_PERF_PARAM_*")),
    "virDomainSetPerfEvents": Text("Choose which Linux perf events are counted for the domain.", ""),

}
