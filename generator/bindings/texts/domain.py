# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains: their life, their state, their devices and resources."""

from .schema import Text

_CPUS = {"cpumap": "for each CPU of the host whether it may be used; CPUs that are missing stand for False",
         "vcpu": "number of the virtual CPU", "iothread_id": "ID of the IOThread"}
_FILES = {"files": "file descriptors, which the program still has to close"}
_FILES_TOLD = """The init process of the guest gets the files as descriptors from 3 on. Only guests in containers can
have files."""
_PRIVILEGED = "This method may require privileged access to the hypervisor."
_AGENT = "Some hypervisors need a guest agent for that, which must be configured and running."
_AFFECT = """flags may include VIR_DOMAIN_AFFECT_LIVE, to change a running domain, and VIR_DOMAIN_AFFECT_CONFIG, to
change the configuration of a persistent domain. With neither (VIR_DOMAIN_AFFECT_CURRENT) the configuration of an
inactive domain is changed; whether that of an active one is changed too depends on the hypervisor."""
_TUNABLES = "The names are {}, as far as the hypervisor has them."
_DISK = """The disk is named by its target, such as "vda", or by the path of its source, such as "/path/to/image";
both are found in the elements //domain/devices/disk of virDomain.XMLDesc(). """
_GUEST_INFO = """Each group has a constant, and its values have names that begin alike:

- VIR_DOMAIN_GUEST_INFO_USERS: users that are logged in (VIR_DOMAIN_GUEST_INFO_USER_*)
- VIR_DOMAIN_GUEST_INFO_OS: the operating system (VIR_DOMAIN_GUEST_INFO_OS_*)
- VIR_DOMAIN_GUEST_INFO_TIMEZONE: the timezone (VIR_DOMAIN_GUEST_INFO_TIMEZONE_*)
- VIR_DOMAIN_GUEST_INFO_HOSTNAME: the name of the guest (VIR_DOMAIN_GUEST_INFO_HOSTNAME_*)
- VIR_DOMAIN_GUEST_INFO_FILESYSTEM: its filesystems (VIR_DOMAIN_GUEST_INFO_FS_*)
- VIR_DOMAIN_GUEST_INFO_DISKS: its disks (VIR_DOMAIN_GUEST_INFO_DISK_*)
- VIR_DOMAIN_GUEST_INFO_INTERFACES: its network interfaces (VIR_DOMAIN_GUEST_INFO_IF_*)
- VIR_DOMAIN_GUEST_INFO_LOAD: its load (VIR_DOMAIN_GUEST_INFO_LOAD_*)
- VIR_DOMAIN_GUEST_INFO_DEVICES: its devices (VIR_DOMAIN_GUEST_INFO_DEVICE_*)

Lists have a count, such as "fs.count", and values with an index, such as "fs.0.name" and "fs.0.disk.1.serial". An
index below the count may be missing.

The domain must be running, with a guest agent."""

TEXTS = {
    # to find, define and start domains
    "virDomainLookupByID": Text(
        "Look up a running domain by its ID.", "Inactive domains have no ID: look them up by name or UUID.",
        {"id": "ID of the domain"}),
    "virDomainLookupByName": Text("Look up a domain by its name.", "", {"name": "name of the domain"}),
    "virDomainLookupByUUID": Text("Look up a domain by the bytes of its UUID.", "",
                                  {"uuid": "the 16 bytes of the UUID"}),
    "virDomainLookupByUUIDString": Text("Look up a domain by its UUID.", "", {"uuidstr": "the UUID, as text"}),
    "virDomainDefineXML": Text(
        "Define a persistent domain, without starting it.",
        """It stays until virDomain.undefine(). The definition of a domain with the same name and UUID is replaced.""",
        {"xml": "XML of the domain"}),
    "virDomainDefineXMLFlags": Text(
        "Define a persistent domain, without starting it.",
        """It stays until virDomain.undefine(). The definition of a domain with the same name and UUID is replaced.""",
        {"xml": "XML of the domain"}),
    "virDomainCreateXML": Text(
        "Start a transient domain.",
        """A transient domain disappears when it stops; virConnect.defineXML() defines a persistent one.

With VIR_DOMAIN_START_PAUSED its CPUs are paused until virDomain.resume().

With VIR_DOMAIN_START_AUTODESTROY the domain is destroyed when the connection is closed or lost. Hypervisors may then
refuse to migrate, save or snapshot the domain.

With VIR_DOMAIN_START_RESET_NVRAM its NVRAM is created again from the template.

This method may require privileged access to the hypervisor.""", {"xmlDesc": "XML of the domain"}),
    "virDomainCreateXMLWithFiles": Text(
        "Start a transient domain, with files for its init process.",
        f"{_FILES_TOLD}\n\nSee virConnect.createXML() for the flags.", {"xmlDesc": "XML of the domain", **_FILES}),
    "virDomainCreateLinux": Text("Start a transient domain.", "This is the old name of virConnect.createXML().",
                                 {"xmlDesc": "XML of the domain"}),
    "virDomainCreate": Text(
        "Start a defined domain.",
        """It starts paused only if it is restored from a managed save image of a paused domain. See
virDomain.createWithFlags() for more control."""),
    "virDomainCreateWithFlags": Text(
        "Start a defined domain.",
        """With VIR_DOMAIN_START_PAUSED, or if a managed save image says so (see virDomain.managedSave()), its CPUs
are paused until virDomain.resume().

With VIR_DOMAIN_START_AUTODESTROY the domain is destroyed when the connection is closed or lost. Hypervisors may then
refuse to migrate, save or snapshot the domain.

With VIR_DOMAIN_START_BYPASS_CACHE a managed save image is read without the file system cache, or the call fails if
the host cannot do that. Other data then stay in the cache, but files on NFS may be slower.

With VIR_DOMAIN_START_FORCE_BOOT a managed save image is discarded, and the domain boots from scratch.

With VIR_DOMAIN_START_RESET_NVRAM its NVRAM is created again from the template."""),
    "virDomainCreateWithFiles": Text(
        "Start a defined domain, with files for its init process.",
        f"{_FILES_TOLD}\n\nSee virDomain.createWithFlags() for the flags.", _FILES),
    "virDomainUndefine": Text("Remove the definition of the domain."),
    "virDomainUndefineFlags": Text("Remove the definition of the domain."),

    # to end and to pause them
    "virDomainShutdown": Text(
        "Ask the guest to shut down.",
        """The call returns at once, and the guest may ignore it. Unlike virDomain.destroy() it leaves the disks of
the guest in a clean state. The setting on_poweroff of the domain may have it reboot instead.

A transient domain with snapshots loses their metadata when it ends."""),
    "virDomainShutdownFlags": Text(
        "Ask the guest to shut down.",
        """The call returns at once, and the guest may ignore it. Unlike virDomain.destroy() it leaves the disks of
the guest in a clean state. The setting on_poweroff of the domain may have it reboot instead.

Without flags the hypervisor chooses how; with several flags it tries these ways in any order.
VIR_DOMAIN_SHUTDOWN_GUEST_AGENT needs a guest agent, and its <channel> in the domain XML.

A transient domain with snapshots loses their metadata when it ends."""),
    "virDomainReboot": Text(
        "Ask the guest to reboot.",
        """The guest may ignore it. The setting on_reboot of the domain may have it shut down instead.

Without flags the hypervisor chooses how; with several flags it tries these ways in any order.
VIR_DOMAIN_REBOOT_GUEST_AGENT needs a guest agent, and its <channel> in the domain XML.

Do not migrate or save a guest that reboots: with some drivers, such as QEMU's, it may shut down at the
destination."""),
    "virDomainDestroy": Text(
        "Stop the domain at once, as if its power were cut.",
        """The definition of a persistent domain stays. The guest may lose data that it has not written to disk.

libvirt first asks the process of the domain to end, and kills it after some time. virDomain.destroyFlags() with
VIR_DOMAIN_DESTROY_GRACEFUL does not kill.

A transient domain with snapshots loses their metadata. This method may require privileged access."""),
    "virDomainDestroyFlags": Text(
        "Stop the domain at once, as if its power were cut.",
        """The definition of a persistent domain stays. The guest may lose data that it has not written to disk.

Without flags this is virDomain.destroy(). With VIR_DOMAIN_DESTROY_GRACEFUL the process of the domain is not killed: the
call fails if the process does not end in time.

With VIR_DOMAIN_DESTROY_REMOVE_LOGS the logs of the domain are deleted, too, where libvirt can do so; for QEMU it can if
virtlogd writes them.

virDomain.shutdown() may be kinder to the disks of the guest, if the guest supports it.

This method may require privileged access."""),
    "virDomainReset": Text(
        "Reset the domain, like the reset button of a machine.",
        "The guest is not shut down, so that it may lose data."),
    "virDomainSuspend": Text(
        "Pause the domain.",
        """Its CPUs stop, but it keeps its memory; virDomain.resume() continues it. A domain in a state such as
VIR_DOMAIN_PMSUSPENDED may not be paused. This method may require privileged access."""),
    "virDomainResume": Text(
        "Resume a paused domain.",
        "A domain in a state such as VIR_DOMAIN_PMSUSPENDED may refuse. This method may require privileged access."),
    "virDomainPMSuspendForDuration": Text(
        "Have the guest suspend itself.",
        f"""With a duration the guest is woken up after that time, unless something else has done so. Some hypervisors
only support a duration of 0, which means no limit. {_AGENT}

With QEMU, the process of the domain ends when the target is VIR_NODE_SUSPEND_TARGET_DISK; a new process starts when
the domain is woken up. Changes made at run time are lost, unless they were made with VIR_DOMAIN_AFFECT_CONFIG.""",
        {"target": "one of VIR_NODE_SUSPEND_TARGET_* (libvirt_enums.NodeSuspendTarget)",
         "duration": "seconds, 0 for no limit"}),
    "virDomainPMWakeup": Text("Wake up a guest that virDomain.pMSuspendForDuration() has suspended.", ""),
    "virDomainInjectNMI": Text("Send a non-maskable interrupt to the guest.", ""),
    "virDomainAbortJob": Text(
        "Abort the background job of the domain.",
        """This method cannot abort a migration in its post-copy phase: see virDomain.abortJobFlags() and
virDomain.migrateStartPostCopy()."""),
    "virDomainAbortJobFlags": Text(
        "Abort the background job of the domain.",
        """A migration in its post-copy phase is only aborted with VIR_DOMAIN_ABORT_JOB_POSTCOPY: see
virDomain.migrateStartPostCopy()."""),
    "virDomainSetAutostart": Text("Choose whether the domain starts when the host boots.", "",
                                  {"autostart": "1 to start it, 0 not to"}),
    "virDomainGetAutostart": Text("Tell whether the domain starts when the host boots.", "", returns="1 if so, else 0"),
    "virDomainSetAutostartOnce": Text(
        "Choose whether the domain starts when the host boots next.",
        "The domain also starts if virDomain.setAutostart() has enabled that.",
        {"autostart": "1 to start it, 0 not to"}),
    "virDomainGetAutostartOnce": Text(
        "Tell whether the domain starts when the host boots next.",
        "The domain also starts if virDomain.autostart() is 1.", returns="1 if so, else 0"),
    "virDomainSetLifecycleAction": Text(
        "Choose what happens to the domain when its guest ends or crashes.",
        """The actions are <on_poweroff> and similar elements of the domain XML.

With QEMU, no action of a running domain can be changed if all were "destroy" when it was started.""",
        {"type": "one of VIR_DOMAIN_LIFECYCLE_* (libvirt_enums.DomainLifecycle)",
         "action": "one of libvirt_enums.DomainLifecycleAction"}),

    # what they are
    "virDomainGetName": Text("Return the name of the domain.", "", returns="the name"),
    "virDomainGetID": Text("Return the ID of the domain.", "", returns="the ID; -1 if the domain does not run"),
    "virDomainGetUUID": Text("Return the bytes of the domain's UUID.", ""),
    "virDomainGetUUIDString": Text("Return the UUID of the domain, as text.", ""),
    "virDomainGetOSType": Text("Return the type of the domain's operating system.", "", returns="such as \"hvm\""),
    "virDomainGetXMLDesc": Text("Return the XML of the domain.", returns="XML"),
    "virDomainGetInfo": Text("Return the state, the CPU time and the memory of the domain.",
                             "A read-only connection may get only some of the values."),
    "virDomainGetState": Text(
        "Return the state of the domain, and why it is in that state.",
        """The enum of reasons depends on the state: libvirt_enums.DomainRunningReason for VIR_DOMAIN_RUNNING, and so
on.""",
        fields={"state": "one of libvirt_enums.DomainState", "reason": "0 if it is not known"}),
    "virDomainIsActive": Text("Tell whether the domain runs.", returns="1 if it runs, else 0"),
    "virDomainIsPersistent": Text("Tell whether the domain is persistent.", ""),
    "virDomainIsUpdated": Text("Tell whether the domain was changed since it was started.", ""),
    "virDomainRename": Text(
        "Rename the domain.",
        """Some drivers require that the domain does not run. Elements of the domain XML that libvirt has made from the
name when the domain was defined keep their values.""", {"new_name": "the new name"}),
    "virDomainGetHostname": Text(
        "Return the host name of the guest.",
        "If there is none, the error has the code VIR_ERR_NO_HOSTNAME. Some hypervisors need a guest agent for that."),
    "virDomainGetControlInfo": Text("Return the state of the interface by which the domain is controlled.", ""),
    "virDomainGetMessages": Text(
        "Return the messages that were recorded about the domain.",
        """Without flags all messages are returned. It depends on the hypervisor whether there are messages while the
domain runs, while it does not, or both.""", {"flags": "bitwise-OR of libvirt_enums.DomainMessageType"}),
    "virDomainGetMetadata": Text(
        "Return the title, the description or custom metadata of the domain.",
        """For VIR_DOMAIN_METADATA_ELEMENT, uri is the namespace of the elements, else None.

If there is no such element, the error has the code VIR_ERR_NO_DOMAIN_METADATA. flags choose between the running
domain and its persistent configuration.""",
        {"type": "one of VIR_DOMAIN_METADATA_* (libvirt_enums.DomainMetadataType)",
         "uri": "XML namespace"}, "the text or XML"),
    "virDomainSetMetadata": Text(
        "Set the title, the description or custom metadata of the domain.",
        """VIR_DOMAIN_METADATA_DESCRIPTION is any text; VIR_DOMAIN_METADATA_TITLE should be short, and has no newline.
For both, key and uri are None.

VIR_DOMAIN_METADATA_ELEMENT is XML of the namespace uri, whose elements have the prefix key.

If metadata is None, the element is removed; with an empty text it stays. flags choose whether the running domain,
its persistent configuration, or both are changed.""",
        {"type": "one of VIR_DOMAIN_METADATA_* (libvirt_enums.DomainMetadataType)",
         "metadata": "text or XML", "key": "prefix of the namespace", "uri": "XML namespace"}),
    "virDomainGetSecurityLabel": Text("Return the security label of the running domain.",
                                      "The label is empty if the domain runs under no security model.",
                                      fields={"label": "the label", "enforcing": "whether it is enforced"}),
    "virDomainGetSecurityLabelList": Text("Return the security labels of the running domain.",
                                          "A label is empty if the domain runs under no security model.",
                                          fields={"label": "the label", "enforcing": "whether it is enforced"}),
    "virDomainGetLaunchSecurityInfo": Text("Return the launch security data, such as a SEV measurement.",
                                           _TUNABLES.format("VIR_DOMAIN_LAUNCH_SECURITY_*")),
    "virDomainSetLaunchSecurityState": Text(
        "Inject a launch security secret into the memory of a paused guest.",
        """Afterwards the guest can run; if the call fails, it should be destroyed.

A simple attestation has these steps:

- Start the guest with VIR_DOMAIN_START_PAUSED, for example by virDomain.createWithFlags().
- Get the measurement by virDomain.launchSecurityInfo().
- Verify the measurement, and generate a secret for the guest.
- Put the secret into the guest by this method.
- Let the guest run by virDomain.resume()."""),

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

    # the guest, by its agent
    "virDomainGetGuestInfo": Text(
        "Ask the guest agent about the guest.", _GUEST_INFO,
        {"types": "bitwise-OR of libvirt_enums.DomainGuestInfoTypes, or 0 for all that the hypervisor knows"}),
    "virDomainGetFSInfo": Text("Return the mounted filesystems of the guest.", f"{_AGENT}"),
    "virDomainFSFreeze": Text(
        "Freeze filesystems of the guest.",
        f"{_AGENT} Some agents can only freeze all filesystems.",
        {"mountpoints": "mount points, or None for all"}, "number of filesystems that are frozen"),
    "virDomainFSThaw": Text(
        "Thaw frozen filesystems of the guest.", "Some agents can only thaw all filesystems.",
        {"mountpoints": "mount points, or None for all"}, "number of filesystems that were thawed"),
    "virDomainFSTrim": Text(
        "Have the guest discard unused blocks of its filesystems.",
        """Ranges shorter than the minimum may be left alone, which makes the call faster. With a minimum the call may
fail.""", {"mountPoint": "mount point, or None for all filesystems", "minimum": "bytes"}),
    "virDomainGetTime": Text(
        "Return the time of the guest.", _AGENT,
        fields={"seconds": "seconds since 1970 (UTC)", "nseconds": "nanoseconds to add"}),
    "virDomainSetTime": Text(
        "Set the time of the guest.",
        f"""A guest that was paused or restored does not know how much time has gone by, and the gap may be too large
for NTP. {_AGENT}""",
        {"seconds": "seconds since 1970 (UTC) and nseconds; None with VIR_DOMAIN_TIME_SYNC"}, "0"),
    "virDomainSetUserPassword": Text(
        "Set the password of a user of the guest.",
        f"With VIR_DOMAIN_PASSWORD_ENCRYPTED the password is already encrypted, in the format of the guest. {_AGENT}",
        {"user": "name of the user", "password": "the new password"}),
    "virDomainAuthorizedSSHKeysGet": Text(
        "Return the SSH keys that may log in as a user of the guest.",
        f"Keys are in the format of OpenSSH; libvirt does not look into them. {_AGENT}",
        {"user": "name of the user"}),
    "virDomainAuthorizedSSHKeysSet": Text(
        "Set the SSH keys that may log in as a user of the guest.",
        f"""The file of keys is replaced; with None it is emptied. With VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND the
keys are added to it, with VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE they are removed from it.

Keys are in the format of OpenSSH; libvirt does not look into them. {_AGENT}""",
        {"user": "name of the user", "keys": "the keys"}),
    "virDomainAgentSetResponseTimeout": Text(
        "Set how long libvirt waits for answers of the guest agent.",
        """By default, libvirt waits for ever. A command that was sent and not answered in time fails with the code
VIR_ERR_AGENT_COMMAND_TIMEOUT.

- VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK: wait for ever
- VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_DEFAULT: wait for a time that libvirt chooses
- VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_NOWAIT: do not wait""",
        {"timeout": "seconds, or one of the above"}),
}
