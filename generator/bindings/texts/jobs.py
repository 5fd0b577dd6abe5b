# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is done with a whole domain or disk: block jobs, migration, saving, snapshots, checkpoints and backups."""

from .schema import Text

_DISK = {"disk": "path or target of the disk"}
_DISK_TOLD = """The disk is named by its target, such as "vda", or by the path of its source, such as "/path/to/image";
both are found in the elements //domain/devices/disk of virDomain.XMLDesc()."""
_IMAGE_TOLD = """An image of the chain is named by its path, or by the target of the disk and an index, such as
"vda[3]": the indexes are those of the elements backingStore in virDomain.XMLDesc()."""
_SPEED = "MiB/s, 0 for no limit"
_BYTES = """With {} the bandwidth is in bytes/s. Large values may be refused, and hypervisors without a limit refuse
all but 0; see also virDomain.blockJobSetSpeed()."""
_JOB = """The job runs in the background. virDomain.blockJobInfo() returns its progress, with the type {}, and
virDomain.blockJobAbort() ends it. When it ends, the event VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2 is sent."""
_MIRRORS = """The job has two phases. In the first phase data is copied, and aborting the job undoes that. The second
phase begins when the event has the status VIR_DOMAIN_BLOCK_JOB_READY, or the element <mirror> of the XML has
ready="yes". Then call virDomain.blockJobAbort() to end the job: {}."""
_COMMITTED = "top stays the active image, or with VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT base becomes the active image"
_COPIED = "the disk stays as it was, or with VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT the domain uses the copy from then on"
_STATE = """A saved domain remembers whether it ran or was paused. VIR_DOMAIN_SAVE_RUNNING and VIR_DOMAIN_SAVE_PAUSED
override that; the two exclude each other."""
_CACHE = """With VIR_DOMAIN_SAVE_BYPASS_CACHE the file system cache is not used, or the call fails if the host cannot
do that. Other data then stay in the cache, but files on NFS may be slower."""
_HOST_XML = """The XML may change parts of the domain that only the host sees, such as the file behind a disk, if the
hypervisor supports that."""
_SECURE = "Passwords and the like are left out, unless flags include {}, which read-only connections refuse."
_MIGRATED = {"dconn": "connection to the destination", "dname": "name of the domain at the destination",
             "uri": "destination as the source host sees it", "bandwidth": "MiB/s",
             "dxml": "XML of the domain at the destination",
             "params": "migration parameters"}
_LIMITS = """Migration has many limits; for example, it may not be possible between different CPUs, and is not possible
between different hypervisors."""
_PEER = """With VIR_MIGRATE_PEER2PEER, {} is the URI by which the source's libvirt connects to the destination's.
Without that flag the migration is "direct"{}. Not every hypervisor can do that: the alternative is
virDomain.migrate3(), which takes a connection to the destination."""
_SNAPSHOT_GROUPS = """- VIR_DOMAIN_SNAPSHOT_LIST_LEAVES, VIR_DOMAIN_SNAPSHOT_LIST_NO_LEAVES: whether a snapshot has no
children
- VIR_DOMAIN_SNAPSHOT_LIST_METADATA, VIR_DOMAIN_SNAPSHOT_LIST_NO_METADATA: whether it has metadata that keep the domain
  from being undefined
- VIR_DOMAIN_SNAPSHOT_LIST_INACTIVE, VIR_DOMAIN_SNAPSHOT_LIST_ACTIVE, VIR_DOMAIN_SNAPSHOT_LIST_DISK_ONLY: of which
  state of the domain it is
- VIR_DOMAIN_SNAPSHOT_LIST_INTERNAL, VIR_DOMAIN_SNAPSHOT_LIST_EXTERNAL: whether it is inside the disk images or in
  files of its own"""
_GROUPS = """The other flags come in groups, and those of one group exclude each other. A hypervisor may refuse the
flags of a group that it cannot distinguish."""
_SORTED = """With VIR_DOMAIN_{}_LIST_TOPOLOGICAL a parent comes before its children, unless they change during the
call."""

TEXTS = {
    # block jobs
    "virDomainBlockCommit": Text(
        "Merge images of a disk's chain down into one below them.",
        f"""All that was written to the images above base, up to and including top, is written into base. Afterwards
the images between are invalid, and the chain is shorter; that is usual after an external snapshot.
virDomain.blockPull() moves data in the other direction.

{_JOB.format("VIR_DOMAIN_BLOCK_JOB_TYPE_COMMIT")}

To merge the active image, flags must include VIR_DOMAIN_BLOCK_COMMIT_ACTIVE; the type of the job is
VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT then.
{_MIRRORS.format(_COMMITTED)}

Images between may be invalid even after a job that was aborted: do not rely on them. The data of the domain are safe
in any case.

With VIR_DOMAIN_BLOCK_COMMIT_DELETE the invalid images are deleted, where the hypervisor can do that. With
VIR_DOMAIN_BLOCK_COMMIT_RELATIVE the path of the new backing file is kept relative, or the call fails.

If base is None, it is the lowest image, or with VIR_DOMAIN_BLOCK_COMMIT_SHALLOW the image right below top. If top is
None, it is the active image. Some hypervisors only support some images.

{_DISK_TOLD} {_IMAGE_TOLD}

{_BYTES.format("VIR_DOMAIN_BLOCK_COMMIT_BANDWIDTH_BYTES")}""",
        {**_DISK, "base": "image to merge into, or None", "top": "highest image to merge, or None",
         "bandwidth": _SPEED}),
    "virDomainBlockCopy": Text(
        "Copy a disk of the running domain, and mirror it to the copy.",
        f"""The destination is XML with the top-level element <disk>, as for virDomain.attachDevice(), of which only
the parts about the host are used. Give the format by <driver type='...'/>: probing the format is unsafe.

The whole chain of images is copied, or with VIR_DOMAIN_BLOCK_COPY_SHALLOW only the top image. The destination is
created, unless flags include VIR_DOMAIN_BLOCK_COPY_REUSE_EXT: then it must exist, with the right format, size and
metadata, and for a shallow copy with a backing file of the same content.

{_JOB.format("VIR_DOMAIN_BLOCK_JOB_TYPE_COPY")}

{_MIRRORS.format(_COPIED)} For example:

    dom.blockCopy("vda", xml)
    ...  # wait for the status VIR_DOMAIN_BLOCK_JOB_READY
    dom.blockJobAbort("vda", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)

While the job exists, methods such as virDomain.save() and virDomain.detachDevice() may fail. Some hypervisors only
copy disks of transient domains, unless flags include VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB: then the job may be lost
when the domain stops.

With VIR_DOMAIN_BLOCK_COPY_SYNCHRONOUS_WRITES each write of the guest waits until the data is in both places, so that
the second phase is reached even if the destination is slow. With VIR_DOMAIN_BLOCK_COPY_TARGET_ZEROED you assert that
the destination contains only zeros.

{_DISK_TOLD}""", {**_DISK, "destxml": "XML of the destination"}),
    "virDomainBlockPull": Text(
        "Copy all data of the backing images of a disk into it.",
        f"""Afterwards the disk needs no backing image. virDomain.blockCommit() moves data in the other direction;
virDomain.blockRebase() can keep some of the images.

{_JOB.format("VIR_DOMAIN_BLOCK_JOB_TYPE_PULL")}

{_DISK_TOLD}

{_BYTES.format("VIR_DOMAIN_BLOCK_PULL_BANDWIDTH_BYTES")}""", {**_DISK, "bandwidth": _SPEED}),
    "virDomainBlockRebase": Text(
        "Copy data of the backing images of a disk into it, down to base.",
        f"""Afterwards base is the backing image of the disk; if base is None, the disk has no backing image, as after
virDomain.blockPull(). A job that was aborted can be started again.

{_JOB.format("VIR_DOMAIN_BLOCK_JOB_TYPE_PULL")}

With VIR_DOMAIN_BLOCK_REBASE_RELATIVE the path of base is kept relative, or the call fails.

With VIR_DOMAIN_BLOCK_REBASE_COPY the disk is copied to a new file base instead. Prefer virDomain.blockCopy() for
that, which has more control. VIR_DOMAIN_BLOCK_REBASE_SHALLOW copies the top image only,
VIR_DOMAIN_BLOCK_REBASE_REUSE_EXT uses an existing file, VIR_DOMAIN_BLOCK_REBASE_COPY_RAW creates a raw file, and
VIR_DOMAIN_BLOCK_REBASE_COPY_DEV uses a block device.

{_DISK_TOLD} {_IMAGE_TOLD}

{_BYTES.format("VIR_DOMAIN_BLOCK_REBASE_BANDWIDTH_BYTES")}""",
        {**_DISK, "base": "image to keep, or None; or file to copy to", "bandwidth": _SPEED}),
    "virDomainBlockJobAbort": Text(
        "End the block job of a disk.",
        f"""A pull is aborted, and can be started again later. The call waits until the job has ended, and the domain
may not respond meanwhile; with VIR_DOMAIN_BLOCK_JOB_ABORT_ASYNC the call does not wait, and an event with the status
VIR_DOMAIN_BLOCK_JOB_CANCELED follows.

A copy, or a commit of the active image, is aborted, and the domain keeps its disk. With
VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT the domain uses the new image instead; while the job is not ready for that, the call
fails with the code VIR_ERR_BLOCK_COPY_ACTIVE.

{_DISK_TOLD}""", _DISK),
    "virDomainBlockJobSetSpeed": Text(
        "Limit the bandwidth of the block job of a disk.",
        f"""With VIR_DOMAIN_BLOCK_JOB_SPEED_BANDWIDTH_BYTES the bandwidth is in bytes/s. Large values may be refused.

{_DISK_TOLD}""", {**_DISK, "bandwidth": _SPEED}),
    "virDomainGetBlockJobInfo": Text(
        "Return the progress of the block job of a disk.",
        f"""The progress is cur of end. If end is 1, it is not a size: cur is 0 while the size is not known, and 1 if
there was nothing to do and the job is ready for virDomain.blockJobAbort(). For a backup in pull mode, they tell how
much temporary space is used instead.

To wait for a job, wait for the event VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2 instead of polling.

{_DISK_TOLD}""", _DISK, "bandwidth is in MiB/s, or with VIR_DOMAIN_BLOCK_JOB_INFO_BANDWIDTH_BYTES in bytes/s",
        {"type": "one of libvirt_enums.DomainBlockJobType", "bandwidth": "MiB/s or bytes/s",
         "cur": "how far the job is", "end": "where it ends"}),
    "virDomainGetJobInfo": Text(
        "Return the progress of the background job of the running domain.",
        "virDomain.jobStats() returns more.",
        fields={"type": "one of libvirt_enums.DomainJobType", "timeElapsed": "milliseconds since the job began",
                "timeRemaining": "milliseconds, with VIR_DOMAIN_JOB_BOUNDED", "dataTotal": "bytes of the whole job",
                "dataProcessed": "bytes of it that are done", "dataRemaining": "bytes of it that are not",
                "memTotal": "bytes of memory", "memProcessed": "bytes of it that are done",
                "memRemaining": "bytes of it that are not", "fileTotal": "bytes of disks",
                "fileProcessed": "bytes of it that are done", "fileRemaining": "bytes of it that are not"}),
    "virDomainGetJobStats": Text(
        "Return statistics of the background job of the running domain.",
        """The names are VIR_DOMAIN_JOB_*; a newer libvirt may return more names.

With VIR_DOMAIN_JOB_STATS_COMPLETED the statistics are those of the last completed job. For a migration, both hosts
have them, except in post-copy mode, where only the source has them. libvirt drops them after this call, unless flags
include VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED, and when the daemon restarts. Times of a migration are only right if the
clocks of both hosts agree. The event VIR_DOMAIN_EVENT_ID_JOB_COMPLETED has the same values.""",
        returns="type is one of libvirt_enums.DomainJobType"),

    # migration
    "virDomainMigrate": Text(
        "Migrate the domain to another host.",
        "See virDomain.migrate3(), which takes more parameters.", _MIGRATED, "the domain at the destination"),
    "virDomainMigrate2": Text(
        "Migrate the domain to another host.",
        "See virDomain.migrate3(), which takes more parameters.", _MIGRATED, "the domain at the destination"),
    "virDomainMigrate3": Text(
        "Migrate the domain to another host.",
        f"""The call returns when the migration has ended. While it runs, other threads can call more methods:
virDomain.jobStats() returns the progress, virDomain.migrateSetMaxSpeed() and similar methods tune the migration, and
virDomain.abortJob() aborts it. For example:

    with libvirt.open("qemu+ssh://destination/system") as dconn:
        dom.migrate3(dconn, {{libvirt.VIR_MIGRATE_PARAM_BANDWIDTH: 100}},
                     libvirt.VIR_MIGRATE_LIVE)

Without flags the domain is paused while its memory is copied; with VIR_MIGRATE_LIVE it keeps running.
VIR_MIGRATE_PERSIST_DEST makes it persistent at the destination, VIR_MIGRATE_UNDEFINE_SOURCE removes its definition at
the source. VIR_MIGRATE_PEER2PEER
and VIR_MIGRATE_TUNNELLED are for virDomain.migrateToURI3().

{_LIMITS}""", {"dconn": _MIGRATED["dconn"]}, "the domain at the destination"),
    "virDomainMigrateToURI": Text(
        "Migrate the domain to the host of a URI.",
        f"""{_PEER.format("duri", ", and duri is a URI of the hypervisor")} See virDomain.migrateToURI3(), which takes
more parameters.""", {**_MIGRATED, "duri": "URI of the destination"}),
    "virDomainMigrateToURI2": Text(
        "Migrate the domain to the host of a URI.",
        f"""{_PEER.format("dconnuri", ", dconnuri is None, and miguri is a URI of the hypervisor")}
See virDomain.migrateToURI3(), which takes more parameters.""",
        {**_MIGRATED, "dconnuri": "URI of the destination's libvirt", "miguri": "URI for the data"}),
    "virDomainMigrateToURI3": Text(
        "Migrate the domain to the host of a URI.",
        f"""{_PEER.format("dconnuri", ', dconnuri is None, and VIR_MIGRATE_PARAM_URI is a URI of the hypervisor (the '
                          'element <uri_transports> of virConnect.getCapabilities() has the schemes)')}

{_LIMITS}""", {"dconnuri": "URI of the destination's libvirt, or None"}),
    "virDomainMigrateGetCompressionCache": Text(
        "Return the size of the cache for compression during migration.", "", returns="bytes"),
    "virDomainMigrateSetCompressionCache": Text(
        "Set the size of the cache for compression during migration.",
        "Call this method during a migration, when virDomain.jobStats() shows more and more cache misses.",
        {"cacheSize": "bytes"}),
    "virDomainMigrateGetMaxDowntime": Text(
        "Return how long live migration may pause the domain at its end.", "", returns="milliseconds"),
    "virDomainMigrateSetMaxDowntime": Text(
        "Set how long live migration may pause the domain at its end.",
        "Call this method during a migration.", {"downtime": "milliseconds"}),
    "virDomainMigrateGetMaxSpeed": Text(
        "Return the largest bandwidth that migration may use.",
        "With VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY it is that of the post-copy phase.", returns="MiB/s"),
    "virDomainMigrateSetMaxSpeed": Text(
        "Set the largest bandwidth that migration may use.",
        "With VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY it is that of the post-copy phase.", {"bandwidth": "MiB/s"}),
    "virDomainMigrateStartPostCopy": Text(
        "Switch the running migration to post-copy mode.",
        """The migration must have been started with VIR_MIGRATE_POSTCOPY.

In the default mode (pre-copy), memory is copied while the domain runs, and changed pages are copied again, until few
are left. A busy guest may change its memory faster than it is copied. In post-copy mode the domain continues at the
destination at once, and the rest of its memory follows; pages that it needs come first. Each page is copied only
once, so that the migration is sure to finish. It is best to switch after one full pass of pre-copy.

The switch cannot be undone, since neither host has the whole state. If the migration fails, the domain is paused at
the source (VIR_DOMAIN_PAUSED_POSTCOPY_FAILED), and runs at the destination as long as it needs no missing page
(VIR_DOMAIN_RUNNING_POSTCOPY_FAILED). When the network works again, migrate with VIR_MIGRATE_POSTCOPY_RESUME to
continue. virDomain.abortJobFlags() with VIR_DOMAIN_ABORT_JOB_POSTCOPY pauses the migration.

These details of the event VIR_DOMAIN_EVENT_ID_LIFECYCLE report the progress:

- VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY at the source: the mode was switched
- VIR_DOMAIN_EVENT_RESUMED_POSTCOPY at the destination: the domain runs there, without all of its memory
- VIR_DOMAIN_EVENT_RESUMED_MIGRATED at the destination, VIR_DOMAIN_EVENT_STOPPED_MIGRATED at the source: done
- VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY_FAILED at the source, VIR_DOMAIN_EVENT_RESUMED_POSTCOPY_FAILED at the
  destination: the migration has failed

virDomain.jobStats() at the source returns the progress, and for a persistent domain the result."""),

    # saving and restoring
    "virDomainSave": Text(
        "Save the memory of the domain to a file, and stop it.",
        """virConnect.restore() starts it again; a transient domain does not exist until then. virDomain.saveFlags() and
virDomain.saveParams() give more control. virConnect.saveImageGetXMLDesc() and virConnect.saveImageDefineXML() read
and change the XML in the file.""", {"to": "path of the file, or with some hypervisors of a directory"}),
    "virDomainSaveFlags": Text(
        "Save the memory of the domain to a file, and stop it.",
        f"""virConnect.restore() starts it again; a transient domain does not exist until then.

{_HOST_XML}

{_CACHE}

{_STATE}

Some hypervisors refuse while a block job exists: end the job by virDomain.blockJobAbort().""",
        {"to": "path of the file", "dxml": "XML of the domain when it is restored"}),
    "virDomainSaveParams": Text(
        "Save the memory of the domain, and stop it.",
        """Without VIR_DOMAIN_SAVE_PARAM_FILE this is a managed save, as by virDomain.managedSave(). See
virDomain.saveFlags() for the flags."""),
    "virDomainRestore": Text(
        "Start a domain from a file that virDomain.save() has written.",
        "virConnect.restoreFlags() gives more control.", {"from": "path of the file or directory"}),
    "virDomainRestoreFlags": Text(
        "Start a domain from a file that virDomain.save() has written.",
        f"""{_HOST_XML}

{_CACHE}

{_STATE}

With VIR_DOMAIN_SAVE_RESET_NVRAM its NVRAM is created again from the template.""",
        {"from": "path of the file", "dxml": "XML of the domain"}),
    "virDomainRestoreParams": Text(
        "Start a domain from a file that virDomain.save() has written.",
        "VIR_DOMAIN_SAVE_PARAM_FILE must be given. See virConnect.restoreFlags() for the flags."),
    "virDomainSaveImageGetXMLDesc": Text(
        "Return the XML of the domain that virDomain.save() has saved.",
        _SECURE.format("VIR_DOMAIN_SAVE_IMAGE_XML_SECURE"), {"file": "path of the file"}, "XML"),
    "virDomainSaveImageDefineXML": Text(
        "Change the XML of the domain that virDomain.save() has saved.",
        f"""Parts of the domain that only the host sees can be changed: for example the file behind a disk.

{_STATE}""", {"file": "path of the file", "dxml": "XML of the domain"}),
    "virDomainManagedSave": Text(
        "Save the memory of the domain to a file of libvirt, and stop it.",
        f"""The next start, by virDomain.create() or by libvirt itself, resumes the domain from there. It must be
persistent. virDomain.managedSaveRemove() discards what was saved.

{_CACHE}

{_STATE}"""),
    "virDomainManagedSaveGetXMLDesc": Text(
        "Return the XML of the domain in its managed save image.",
        _SECURE.format("VIR_DOMAIN_SAVE_IMAGE_XML_SECURE"), returns="XML"),
    "virDomainManagedSaveDefineXML": Text(
        "Change the XML of the domain in its managed save image.",
        f"""Parts of the domain that only the host sees can be changed: for example the file behind a disk.

{_STATE}""", {"dxml": "XML of the domain, or None"}),
    "virDomainManagedSaveRemove": Text("Discard the managed save image of the domain.", ""),
    "virDomainHasManagedSaveImage": Text(
        "Tell whether the domain has a managed save image.",
        "virDomain.managedSave() makes it; a domain that runs should have none.", returns="1 if so, else 0"),
    "virDomainCoreDump": Text(
        "Write the memory of the domain to a file, for analysis.",
        """The file is on the host of the domain, and the hypervisor must be allowed to write it.

Afterwards VIR_DUMP_CRASH stops the domain, as if it had crashed, and VIR_DUMP_RESET resets it. The domain is paused
during the dump, unless flags include VIR_DUMP_LIVE. The three flags exclude each other.

With VIR_DUMP_BYPASS_CACHE the file system cache is not used, or the call fails if the host cannot do that.

virDomain.coreDumpWithFormat() lets you choose the format.""", {"to": "path of the file"}),
    "virDomainCoreDumpWithFormat": Text(
        "Write the memory of the domain to a file, in a given format.",
        "Not every hypervisor supports all formats. See virDomain.coreDump() for the flags.",
        {"to": "path of the file",
         "dumpformat": "one of VIR_DOMAIN_CORE_DUMP_FORMAT_* (libvirt_enums.DomainCoreDumpFormat)"}),

    # snapshots
    "virDomainSnapshotCreateXML": Text(
        "Take a snapshot of the domain.",
        """A snapshot of a running domain has the disks and the memory, so that the domain can resume from there; a
snapshot of an inactive domain has the disks. It becomes the current snapshot, and a child of the previous one.

With VIR_DOMAIN_SNAPSHOT_CREATE_VALIDATE the XML is validated against its schema.

With VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE only the metadata of an existing snapshot is created, from XML that
virDomainSnapshot.getXMLDesc() returned before the metadata was removed. Use this to move snapshots to another host,
since a domain with snapshot metadata cannot be migrated. The current snapshot stays the same, unless flags also
include VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT. Some hypervisors can change the host's parts of a snapshot's XML this way.

With VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA the disks are changed, but libvirt does not remember the snapshot.

With VIR_DOMAIN_SNAPSHOT_CREATE_HALT the domain, which must be persistent, does not run afterwards.

With VIR_DOMAIN_SNAPSHOT_CREATE_LIVE the domain keeps running; the file of its memory is larger. Some hypervisors
support that for external snapshots only.

With VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY the snapshot has only the disks, which may be inconsistent, as after a power
failure. With VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE in addition, the guest agent freezes and thaws the filesystems, or
the call fails; virDomain.fsFreeze() and virDomain.fsThaw() give more control.

An external snapshot does not overwrite files. With VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT the files must exist, with
the right format and backing file; with wrong metadata the domain may not start any more.

If the call fails, some disks may have been changed: check virDomain.XMLDesc(). With
VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC either all are changed or none, if memory and disk space suffice.

Some hypervisors refuse while a disk is copied: end the copy by virDomain.blockJobAbort().""",
        {"xmlDesc": "XML with the top-level element <domainsnapshot>"}),
    "virDomainRevertToSnapshot": Text(
        "Revert the domain to a snapshot.",
        """All changes since the last snapshot are lost, and what the memory of a running domain holds.

The domain then has the state that it had when the snapshot was taken: inactive, running or paused. For a snapshot of
disks only, that is inactive. VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING and VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED override that;
the two exclude each other. A transient domain cannot become inactive.

Since libvirt 7.10.0, the process of the domain is always restarted. An older libvirt may refuse without
VIR_DOMAIN_SNAPSHOT_REVERT_FORCE where it would have to do that, or where the snapshot does not hold the XML of the
domain.

With VIR_DOMAIN_SNAPSHOT_REVERT_RESET_NVRAM its NVRAM is created again from the template.""",
        {"snapshot": "the snapshot"}),
    "virDomainListAllSnapshots": Text(
        "Return the snapshots of the domain, or those that flags choose.",
        f"""{_SORTED.format("SNAPSHOT")}

With VIR_DOMAIN_SNAPSHOT_LIST_ROOTS only those without a parent are returned. {_GROUPS}

{_SNAPSHOT_GROUPS}"""),
    "virDomainSnapshotListAllChildren": Text(
        "Return the children of the snapshot, or those that flags choose.",
        f"""With VIR_DOMAIN_SNAPSHOT_LIST_DESCENDANTS their children are returned, too, and so on.
{_SORTED.format("SNAPSHOT")}

The other flags are those of virDomain.listAllSnapshots(), except VIR_DOMAIN_SNAPSHOT_LIST_ROOTS."""),
    "virDomainSnapshotListNames": Text(
        "Return the names of the domain's snapshots.",
        """Prefer virDomain.listAllSnapshots(), which returns objects and has the same flags."""),
    "virDomainSnapshotListChildrenNames": Text(
        "Return the names of the snapshot's children.",
        "Prefer virDomainSnapshot.listAllChildren(), which returns objects and has the same flags."),
    "virDomainSnapshotNum": Text(
        "Return the number of the domain's snapshots.", "The flags are those of virDomain.listAllSnapshots().",
        returns=""),
    "virDomainSnapshotNumChildren": Text(
        "Return the number of the snapshot's children.",
        "The flags are those of virDomainSnapshot.listAllChildren().", returns=""),
    "virDomainSnapshotLookupByName": Text("Look up a snapshot by its name.", "", {"name": "name of the snapshot"}),
    "virDomainSnapshotCurrent": Text("Return the current snapshot of the domain.", ""),
    "virDomainHasCurrentSnapshot": Text("Tell whether the domain has a current snapshot.", "",
                                        returns="1 if so, else 0"),
    "virDomainSnapshotGetName": Text("Return the name of the snapshot.", "", returns="the name"),
    "virDomainSnapshotGetParent": Text("Return the parent of the snapshot.", ""),
    "virDomainSnapshotGetXMLDesc": Text(
        "Return the XML of the snapshot.", _SECURE.format("VIR_DOMAIN_SNAPSHOT_XML_SECURE"),
        returns="XML, with the top-level element <domainsnapshot>"),
    "virDomainSnapshotHasMetadata": Text(
        "Tell whether libvirt keeps metadata of the snapshot.",
        "If so, virDomain.undefine() fails; virDomain.undefineFlags() can delete the metadata.",
        returns="1 if so, else 0"),
    "virDomainSnapshotIsCurrent": Text("Tell whether the snapshot is the current one of its domain.", "",
                                       returns="1 if so, else 0"),
    "virDomainSnapshotDelete": Text(
        "Delete the snapshot.",
        """Its changes are merged into its children. With VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN its descendants are
deleted, too; with VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY they alone.

With VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY only the metadata that libvirt keeps is deleted.

External snapshots of QEMU can be deleted since libvirt 9.0.0, without their descendants. If the daemon stops
meanwhile, the deletion is aborted when it starts again."""),

    # checkpoints and backups
    "virDomainCheckpointCreateXML": Text(
        "Create a checkpoint of the running domain.",
        """From a checkpoint on, the hypervisor tracks which blocks of the disks change, so that a later backup can be
incremental. For that, create it together with a backup, by virDomain.backupBegin(); this method alone is mainly
useful to restore metadata.

The XML can choose disks, since some formats do not support checkpoints. It is described at
https://libvirt.org/formatcheckpoint.html#checkpoint-xml

With VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE only the metadata of an existing checkpoint is created, from XML that
virDomainCheckpoint.getXMLDesc() returned before the metadata was removed. With
VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE in addition, the metadata is checked against the disks; the domain may
have to run for that.

With VIR_DOMAIN_CHECKPOINT_CREATE_QUIESCE the guest agent freezes and thaws the filesystems, or the call fails.""",
        {"xmlDesc": "XML with the top-level element <domaincheckpoint>"}),
    "virDomainListAllCheckpoints": Text(
        "Return the checkpoints of the domain, or those that flags choose.",
        f"""{_SORTED.format("CHECKPOINT")}

With VIR_DOMAIN_CHECKPOINT_LIST_ROOTS only those without a parent are returned; with
VIR_DOMAIN_CHECKPOINT_LIST_LEAVES or VIR_DOMAIN_CHECKPOINT_LIST_NO_LEAVES those without or with children."""),
    "virDomainCheckpointListAllChildren": Text(
        "Return the children of the checkpoint, or those that flags choose.",
        f"""With VIR_DOMAIN_CHECKPOINT_LIST_DESCENDANTS their children are returned, too, and so on.
{_SORTED.format("CHECKPOINT")}

The other flags are those of virDomain.listAllCheckpoints(), except VIR_DOMAIN_CHECKPOINT_LIST_ROOTS."""),
    "virDomainCheckpointLookupByName": Text("Look up a checkpoint by its name.", "",
                                            {"name": "name of the checkpoint"}),
    "virDomainCheckpointGetName": Text("Return the name of the checkpoint.", "", returns="the name"),
    "virDomainCheckpointGetParent": Text("Return the parent of the checkpoint.", ""),
    "virDomainCheckpointGetXMLDesc": Text(
        "Return the XML of the checkpoint.",
        """Passwords and the like are left out, unless flags include VIR_DOMAIN_CHECKPOINT_XML_SECURE, which read-only
connections refuse.

The XML of the domain at that time is a part of it, unless flags include VIR_DOMAIN_CHECKPOINT_XML_NO_DOMAIN.

With VIR_DOMAIN_CHECKPOINT_XML_SIZE each disk has the approximate size of the changes since the checkpoint. Finding
that out may take long, and the domain may have to run.""",
        returns="XML, with the top-level element <domaincheckpoint>"),
    "virDomainCheckpointDelete": Text(
        "Delete the checkpoint.",
        """The changes that it has tracked are merged into its parent. With VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN its
descendants are deleted, too; with VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN_ONLY they alone.

With VIR_DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY only the metadata that libvirt keeps is deleted."""),
    "virDomainBackupBegin": Text(
        "Begin a backup of disks of the running domain, as of this moment.",
        """Until the backup has ended, the domain can have no other job, and its disks no block job.
virDomain.jobStats() returns the progress of the backup; the event VIR_DOMAIN_EVENT_ID_JOB_COMPLETED is sent when it
has ended.

In push mode the hypervisor writes the backup to a file or device. When the event comes, virDomain.jobStats() with
VIR_DOMAIN_JOB_STATS_COMPLETED tells whether the backup is valid; it is not after a failure or after
virDomain.abortJob().

In pull mode the hypervisor exports the disks over NBD, and a client reads from them. Call virDomain.abortJob() when
the client has finished.

The XML has the mode, the checkpoint to start from, the disks and the destination; virDomain.backupGetXMLDesc()
returns it together with the values that libvirt has chosen. It is described at
https://libvirt.org/formatbackup.html#backup-xml

With checkpointXML, a checkpoint is created at the same moment, as by virDomain.checkpointCreateXML(), so that a later
backup can be incremental. Some hypervisors need disks of the format qcow2 for that.

With VIR_DOMAIN_BACKUP_BEGIN_REUSE_EXTERNAL the files that the XML names must exist, with the right format and size.

With VIR_DOMAIN_BACKUP_BEGIN_PRESERVE_SHUTDOWN_DOMAIN a guest that shuts down is kept paused until the backup has ended
or virDomain.resume() is called.""",
        {"backupXML": "XML with the top-level element <domainbackup>",
         "checkpointXML": "XML of a checkpoint, or None"}),
    "virDomainBackupGetXMLDesc": Text(
        "Return the XML of the running backup.",
        "It has the values that libvirt has chosen, for example the port of the NBD server.",
        returns="XML, with the top-level element <domainbackup>"),
}
