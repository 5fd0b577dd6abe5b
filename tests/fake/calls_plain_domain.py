# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls of the plain functions of domains, snapshots and checkpoints, with their expected outcomes."""

from .table import FAILS, FLAGS, STREAM, ULONG_MAX, Handle, Plain, Raises, Row, objects, statuses, texts

_STATUSES = statuses(
    Plain("dom.abortJob", "virDomainAbortJob"),
    Plain("dom.abortJobFlags", "virDomainAbortJobFlags", (FLAGS,), needs="8.5.0"),
    Plain("dom.addIOThread", "virDomainAddIOThread", (3, FLAGS)),
    Plain("dom.agentSetResponseTimeout", "virDomainAgentSetResponseTimeout", (-2, FLAGS)),
    Plain("dom.attachDevice", "virDomainAttachDevice", ("<disk/>",)),
    Plain("dom.attachDeviceFlags", "virDomainAttachDeviceFlags", ("<disk/>", FLAGS)),
    Plain("dom.backupBegin", "virDomainBackupBegin", ("<backup/>", "<checkpoint/>", FLAGS)),
    Plain("dom.blockCommit", "virDomainBlockCommit", ("vda", "base", "top", 11, FLAGS)),
    Plain("dom.blockJobAbort", "virDomainBlockJobAbort", ("vda", FLAGS)),
    Plain("dom.blockJobSetSpeed", "virDomainBlockJobSetSpeed", ("vda", 11, FLAGS)),
    Plain("dom.blockPull", "virDomainBlockPull", ("vda", 11, FLAGS), optional=2),
    Plain("dom.blockRebase", "virDomainBlockRebase", ("vda", "base", 11, FLAGS), optional=2),
    Plain("dom.blockResize", "virDomainBlockResize", ("vda", 11, FLAGS)),
    Plain("dom.coreDump", "virDomainCoreDump", ("/to", FLAGS)),
    Plain("dom.coreDumpWithFormat", "virDomainCoreDumpWithFormat", ("/to", 2, FLAGS)),
    Plain("dom.create", "virDomainCreate"),
    Plain("dom.createWithFlags", "virDomainCreateWithFlags", (FLAGS,)),
    Plain("dom.delIOThread", "virDomainDelIOThread", (3, FLAGS)),
    Plain("dom.delThrottleGroup", "virDomainDelThrottleGroup", ("fast", FLAGS), needs="11.2.0"),
    Plain("dom.destroy", "virDomainDestroy"),
    Plain("dom.destroyFlags", "virDomainDestroyFlags", (FLAGS,)),
    Plain("dom.detachDevice", "virDomainDetachDevice", ("<disk/>",)),
    Plain("dom.detachDeviceAlias", "virDomainDetachDeviceAlias", ("ua-disk", FLAGS)),
    Plain("dom.detachDeviceFlags", "virDomainDetachDeviceFlags", ("<disk/>", FLAGS)),
    Plain("dom.fSTrim", "virDomainFSTrim", ("/mnt", 11, FLAGS)),
    Plain("dom.graphicsReload", "virDomainGraphicsReload", (1, FLAGS), needs="10.2.0"),
    Plain("dom.hasCurrentSnapshot", "virDomainHasCurrentSnapshot", (FLAGS,)),
    Plain("dom.hasManagedSaveImage", "virDomainHasManagedSaveImage", (FLAGS,)),
    Plain("dom.injectNMI", "virDomainInjectNMI", (FLAGS,)),
    Plain("dom.isActive", "virDomainIsActive"),
    Plain("dom.isPersistent", "virDomainIsPersistent"),
    Plain("dom.isUpdated", "virDomainIsUpdated"),
    Plain("dom.managedSave", "virDomainManagedSave", (FLAGS,)),
    Plain("dom.managedSaveDefineXML", "virDomainManagedSaveDefineXML", ("<domain/>", FLAGS)),
    Plain("dom.managedSaveRemove", "virDomainManagedSaveRemove", (FLAGS,)),
    Plain("dom.maxVcpus", "virDomainGetMaxVcpus"),
    Plain("dom.migrateSetCompressionCache", "virDomainMigrateSetCompressionCache", (11, FLAGS)),
    Plain("dom.migrateSetMaxDowntime", "virDomainMigrateSetMaxDowntime", (11, FLAGS)),
    Plain("dom.migrateSetMaxSpeed", "virDomainMigrateSetMaxSpeed", (11, FLAGS)),
    Plain("dom.migrateStartPostCopy", "virDomainMigrateStartPostCopy", (FLAGS,)),
    Plain("dom.openChannel", "virDomainOpenChannel", ("org.x", STREAM, FLAGS)),
    Plain("dom.openConsole", "virDomainOpenConsole", ("serial0", STREAM, FLAGS)),
    Plain("dom.openGraphics", "virDomainOpenGraphics", (1, 2, FLAGS)),
    Plain("dom.openGraphicsFD", "virDomainOpenGraphicsFD", (1, FLAGS)),
    Plain("dom.pMSuspendForDuration", "virDomainPMSuspendForDuration", (2, 11, FLAGS)),
    Plain("dom.pMWakeup", "virDomainPMWakeup", (FLAGS,)),
    Plain("dom.reboot", "virDomainReboot", (FLAGS,)),
    Plain("dom.rename", "virDomainRename", ("neu", FLAGS)),
    Plain("dom.reset", "virDomainReset", (FLAGS,)),
    Plain("conn.restore", "virDomainRestore", ("/from",)),
    Plain("conn.restoreFlags", "virDomainRestoreFlags", ("/from", "<domain/>", FLAGS), optional=2),
    Plain("dom.resume", "virDomainResume"),
    Plain("dom.save", "virDomainSave", ("/to",)),
    Plain("dom.saveFlags", "virDomainSaveFlags", ("/to", "<domain/>", FLAGS), optional=2),
    Plain("conn.saveImageDefineXML", "virDomainSaveImageDefineXML", ("/file", "<domain/>", FLAGS)),
    Plain("dom.sendProcessSignal", "virDomainSendProcessSignal", (-11, 9, FLAGS)),
    Plain("dom.setAutostart", "virDomainSetAutostart", (1,)),
    Plain("dom.setAutostartOnce", "virDomainSetAutostartOnce", (1,), needs="11.2.0"),
    Plain("dom.setBlockThreshold", "virDomainSetBlockThreshold", ("vda", 11, FLAGS)),
    Plain("dom.setGuestVcpus", "virDomainSetGuestVcpus", ("0-3", -1, FLAGS)),
    Plain("dom.setLifecycleAction", "virDomainSetLifecycleAction", (1, 2, FLAGS)),
    Plain("dom.setMaxMemory", "virDomainSetMaxMemory", (11,)),
    Plain("dom.setMemory", "virDomainSetMemory", (11,)),
    Plain("dom.setMemoryFlags", "virDomainSetMemoryFlags", (11, FLAGS)),
    Plain("dom.setMemoryStatsPeriod", "virDomainSetMemoryStatsPeriod", (-11, FLAGS)),
    Plain("dom.setMetadata", "virDomainSetMetadata", (2, "<metadata/>", "key", "uri", FLAGS)),
    Plain("dom.setUserPassword", "virDomainSetUserPassword", ("user", "geheim", FLAGS)),
    Plain("dom.setVcpu", "virDomainSetVcpu", ("0-3", -1, FLAGS)),
    Plain("dom.setVcpus", "virDomainSetVcpus", (3,)),
    Plain("dom.setVcpusFlags", "virDomainSetVcpusFlags", (3, FLAGS)),
    Plain("dom.shutdown", "virDomainShutdown"),
    Plain("dom.shutdownFlags", "virDomainShutdownFlags", (FLAGS,)),
    Plain("dom.startDirtyRateCalc", "virDomainStartDirtyRateCalc", (-3, FLAGS), needs="7.2.0"),
    Plain("dom.suspend", "virDomainSuspend"),
    Plain("dom.undefine", "virDomainUndefine"),
    Plain("dom.undefineFlags", "virDomainUndefineFlags", (FLAGS,)),
    Plain("dom.updateDeviceFlags", "virDomainUpdateDeviceFlags", ("<disk/>", FLAGS)),
    Plain("dom.vcpusFlags", "virDomainGetVcpusFlags", (FLAGS,)),
    Plain("snap.delete", "virDomainSnapshotDelete", (FLAGS,)),
    Plain("snap.hasMetadata", "virDomainSnapshotHasMetadata", (FLAGS,)),
    Plain("snap.isCurrent", "virDomainSnapshotIsCurrent", (FLAGS,)),
    Plain("chk.delete", "virDomainCheckpointDelete", (FLAGS,)),
)

_TEXTS = texts(
    Plain("dom.backupGetXMLDesc", "virDomainBackupGetXMLDesc", (FLAGS,)),
    Plain("dom.hostname", "virDomainGetHostname", (FLAGS,)),
    Plain("dom.managedSaveGetXMLDesc", "virDomainManagedSaveGetXMLDesc", (FLAGS,)),
    Plain("dom.metadata", "virDomainGetMetadata", (2, "uri", FLAGS)),
    Plain("dom.OSType", "virDomainGetOSType"),
    Plain("dom.XMLDesc", "virDomainGetXMLDesc", (FLAGS,)),
    Plain("dom.screenshot", "virDomainScreenshot", (STREAM, 1, FLAGS)),
    Plain("conn.saveImageGetXMLDesc", "virDomainSaveImageGetXMLDesc", ("/file", FLAGS)),
    Plain("snap.getXMLDesc", "virDomainSnapshotGetXMLDesc", (FLAGS,)),
    Plain("chk.getXMLDesc", "virDomainCheckpointGetXMLDesc", (FLAGS,)),
)

_DOMAINS = objects(
    "virDomain",
    Plain("conn.createLinux", "virDomainCreateLinux", ("<domain/>", FLAGS)),
    Plain("conn.createXML", "virDomainCreateXML", ("<domain/>", FLAGS)),
    Plain("conn.defineXML", "virDomainDefineXML", ("<domain/>",)),
    Plain("conn.defineXMLFlags", "virDomainDefineXMLFlags", ("<domain/>", FLAGS)),
    Plain("conn.lookupByID", "virDomainLookupByID", (-11,)),
    Plain("conn.lookupByName", "virDomainLookupByName", ("zwölf",)),
    Plain("conn.lookupByUUIDString", "virDomainLookupByUUIDString", ("0001",)),
)
_SNAPSHOTS = objects(
    "virDomainSnapshot",
    Plain("dom.snapshotCreateXML", "virDomainSnapshotCreateXML", ("<domainsnapshot/>", FLAGS)),
    Plain("dom.snapshotCurrent", "virDomainSnapshotCurrent", (FLAGS,)),
    Plain("dom.snapshotLookupByName", "virDomainSnapshotLookupByName", ("zwölf", FLAGS)),
    Plain("snap.getParent", "virDomainSnapshotGetParent", (FLAGS,)),
)
_CHECKPOINTS = objects(
    "virDomainCheckpoint",
    Plain("dom.checkpointCreateXML", "virDomainCheckpointCreateXML", ("<domaincheckpoint/>", FLAGS)),
    Plain("dom.checkpointLookupByName", "virDomainCheckpointLookupByName", ("zwölf", FLAGS)),
    Plain("chk.getParent", "virDomainCheckpointGetParent", (FLAGS,)),
)

_MOVED = Handle("virDomain", "fresh")
_OTHERS = (
    Row("dom.migrate(dconn, 5, 'neu', 'qemu:///x', 11)", _MOVED,
        c=['virDomainMigrate(<domain fresh>, <conn>, 5, "neu", "qemu:///x", 11)']),
    Row("dom.migrate(dconn)", _MOVED, c=["virDomainMigrate(<domain fresh>, <conn>, 0, NULL, NULL, 0)"]),
    Row("dom.migrate(dconn)", FAILS, "golden fail:1"),
    Row("dom.migrate2(dconn, '<domain/>', 5, 'neu', 'qemu:///x', 11)", _MOVED,
        c=['virDomainMigrate2(<domain fresh>, <conn>, "<domain/>", 5, "neu", "qemu:///x", 11)']),
    Row("dom.migrate2(dconn)", _MOVED, c=["virDomainMigrate2(<domain fresh>, <conn>, NULL, 0, NULL, NULL, 0)"]),
    Row("dom.migrate2(dconn)", FAILS, "golden fail:1"),
    Row("dom.migrateToURI('qemu:///x', 5, 'neu', 11)", 7,
        c=['virDomainMigrateToURI(<domain fresh>, "qemu:///x", 5, "neu", 11)']),
    Row("dom.migrateToURI(None)", 7, c=["virDomainMigrateToURI(<domain fresh>, NULL, 0, NULL, 0)"]),
    Row("dom.migrateToURI('x')", FAILS, "golden fail:1"),
    Row("dom.migrateToURI2('qemu:///x', 'tcp:y', '<domain/>', 5, 'neu', 11)", 7,
        c=['virDomainMigrateToURI2(<domain fresh>, "qemu:///x", "tcp:y", "<domain/>", 5, "neu", 11)']),
    Row("dom.migrateToURI2()", 7, c=["virDomainMigrateToURI2(<domain fresh>, NULL, NULL, NULL, 0, NULL, 0)"]),
    Row("dom.migrateToURI2('x')", FAILS, "golden fail:1"),
    Row("dom.migrate(dconn).connect() is dconn", True, peer="connection of migrate3"),
    Row("dom.migrate2(dconn).connect() is dconn", True, peer="connection of migrate3"),
    Row("dom.migrate(5)", Raises("TypeError"), c=[], peer="an object of another class"),
    Row("dom.migrate(dconn, '5')", Raises("TypeError"), c=[]),
    Row("dom.openConsole(None, None)", 7, c=["virDomainOpenConsole(<domain fresh>, NULL, NULL, 0)"]),
    Row("dom.openConsole(None, 5)", Raises("TypeError"), c=[], peer="an object of another class"),
    Row("dom.revertToSnapshot(snap, 5)", 7, c=["virDomainRevertToSnapshot(<snapshot fresh>, 5)"]),
    Row("dom.revertToSnapshot(snap)", FAILS, "golden fail:1"),
    Row("dom.revertToSnapshot(None)", 7, c=["virDomainRevertToSnapshot(NULL, 0)"]),
    Row("dom.revertToSnapshot(5)", Raises("TypeError"), c=[], peer="an object of another class"),
    Row("dom.schedulerType()", ("fair", 8), c=["virDomainGetSchedulerType(<domain fresh>, out)"]),
    Row("dom.schedulerType()", ("", 0), "empty"),
    Row("dom.schedulerType()", ("x" * 3000, 11), "maximal"),
    Row("dom.schedulerType()", ("caf\udce9 \udcff", 2), "badtext", peer="not UTF-8"),
    Row("dom.schedulerType()", FAILS, "golden fail:1"),
    Row("dom.name(), dom.UUIDString(), dom.connect() is conn", ("fresh", "000180ff-2722-0a5c-8090-a0b0c0d0e0f0", True)),
    Row("snap.getName(), snap.getDomain() is dom, snap.getConnect() is conn", ("fresh", True, True)),
    Row("chk.getName(), chk.getDomain() is dom, chk.getConnect() is conn", ("fresh", True, True)),
    # numbers of each C type: int, unsigned int, unsigned long, long long, unsigned long long
    *(Row(f"dom.setMemoryStatsPeriod({number})", 7, c=[f"virDomainSetMemoryStatsPeriod(<domain fresh>, {number}, 0)"])
      for number in (2147483647, -2147483648)),
    *(Row(f"dom.setMemoryStatsPeriod({number})", Raises("OverflowError"), c=[])
      for number in ("2147483648", "-2147483649", "2 ** 200", "-2 ** 200")),
    *(Row(f"dom.setVcpus({number})", 7, c=[f"virDomainSetVcpus(<domain fresh>, {passed})"])
      for number, passed in ((2147483647, 2147483647), (4294967295, 4294967295), ("Index(3)", 3), ("True", 1))),
    *(Row(f"dom.setVcpus({number})", Raises("OverflowError"), c=[], peer="unsigned int in")
      for number in ("-1", "-2147483648", "4294967296", "-2147483649", "2 ** 200")),
    *(Row(f"dom.setMemory({number})", 7, c=[f"virDomainSetMemory(<domain fresh>, {passed})"], peer=peer)
      for number, passed, peer in ((ULONG_MAX // 2, ULONG_MAX // 2, ""), (ULONG_MAX, ULONG_MAX, "unsigned long in"))),
    *(Row(f"dom.setMemory({number})", Raises("OverflowError"), c=[], peer=peer)
      for number, peer in ((f"{ULONG_MAX + 1}", ""), ("-1", "unsigned long in"), ("2 ** 200", ""))),
    *(Row(f"dom.sendProcessSignal({number}, 9)", 7, c=[f"virDomainSendProcessSignal(<domain fresh>, {number}, 9, 0)"])
      for number in (9223372036854775807, -9223372036854775808)),
    *(Row(f"dom.sendProcessSignal({number}, 9)", Raises("OverflowError"), c=[])
      for number in (9223372036854775808, -9223372036854775809)),
    *(Row(f"dom.fSTrim(None, {number})", 7, c=[f"virDomainFSTrim(<domain fresh>, NULL, {number}, 0)"], peer=peer)
      for number, peer in ((9223372036854775807, ""), (18446744073709551615, "unsigned long in"))),
    *(Row(f"dom.fSTrim(None, {number})", Raises("OverflowError"), c=[], peer=peer)
      for number, peer in ((18446744073709551616, ""), (-1, "unsigned long in"))),
)

# If a later handle is wrong, libvirt is not called.
_SECOND_HANDLES = tuple(
    Row(f"libvirtmod.{call}", Raises("TypeError"), c=[], peer="a handle of the wrong kind") for call in (
        "virDomainScreenshot(dom._o, 5, 0, 0)", "virDomainOpenConsole(dom._o, None, 5, 0)",
        "virDomainOpenChannel(dom._o, None, 5, 0)", "virStorageVolDownload(vol._o, 5, 0, 0, 0)",
        "virStorageVolUpload(vol._o, 5, 0, 0, 0)", "virDomainMigrate(dom._o, 5, 0, None, None, 0)",
        "virDomainMigrate2(dom._o, 5, None, 0, None, None, 0)", "virDomainMigrate3(dom._o, 5, {}, 0)"))

ROWS = (*_SECOND_HANDLES, *_STATUSES, *_TEXTS, *_DOMAINS, *_SNAPSHOTS, *_CHECKPOINTS, *_OTHERS)
