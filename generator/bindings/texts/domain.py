# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains: how they are found, started and stopped, their state, and the guest agent."""

from .schema import Text

_FILES = {"files": "file descriptors, which the program still has to close"}
_FILES_TOLD = """The init process of the guest gets the files as descriptors from 3 on. Only guests in containers can
have files."""
_AGENT = "Some hypervisors need a guest agent for that, which must be configured and running."
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
                                           "The names are VIR_DOMAIN_LAUNCH_SECURITY_*, as far as the hypervisor "
                                           "has them."),
    "virDomainSetLaunchSecurityState": Text(
        "Inject a launch security secret into the memory of a paused guest.",
        """Afterwards the guest can run; if the call fails, it should be destroyed.

A simple attestation has these steps:

- Start the guest with VIR_DOMAIN_START_PAUSED, for example by virDomain.createWithFlags().
- Get the measurement by virDomain.launchSecurityInfo().
- Verify the measurement, and generate a secret for the guest.
- Put the secret into the guest by this method.
- Let the guest run by virDomain.resume()."""),

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
