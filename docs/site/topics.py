# SPDX-License-Identifier: LGPL-2.1-or-later
"""Topics of the methods of large classes, for the pages of the reference.

A test holds this table against the methods that the classes have. A method that
is not in the table, because it is newer, is shown under "Other methods".
"""

from typing import Dict, List, NamedTuple, Sequence, Tuple


class Topic(NamedTuple):
    """A page with some of the methods of a class."""

    key: str  # in the name of the page
    title: str
    methods: Tuple[str, ...]


def _topic(key: str, title: str, methods: str) -> Topic:
    return Topic(key, title, tuple(methods.split()))


TOPICS: Dict[str, Tuple[Topic, ...]] = {
    "virDomain": (
        _topic("lifecycle", "Life cycle: start, stop, state",
               "create createWithFlags createWithFiles shutdown shutdownFlags reboot reset destroy destroyFlags "
               "suspend resume undefine undefineFlags autostart setAutostart autostartOnce setAutostartOnce isActive "
               "state info controlInfo messages setLifecycleAction pMSuspendForDuration pMWakeup injectNMI sendKey "
               "sendProcessSignal FDAssociate"),
        _topic("identity", "Identity and XML",
               "name ID UUID UUIDString OSType hostname XMLDesc isPersistent isUpdated metadata setMetadata rename "
               "connect c_pointer"),
        _topic("save", "Save, restore, core dump",
               "save saveFlags saveParams managedSave managedSaveRemove hasManagedSaveImage managedSaveGetXMLDesc "
               "managedSaveDefineXML coreDump coreDumpWithFormat"),
        _topic("devices", "Devices: hotplug",
               "attachDevice attachDeviceFlags detachDevice detachDeviceFlags detachDeviceAlias updateDeviceFlags"),
        _topic("cpu", "CPUs",
               "vcpus vcpusFlags setVcpus setVcpusFlags setVcpu maxVcpus guestVcpus setGuestVcpus pinVcpu "
               "pinVcpuFlags vcpuPinInfo pinEmulator emulatorPinInfo getCPUStats schedulerType schedulerParameters "
               "schedulerParametersFlags setSchedulerParameters setSchedulerParametersFlags perfEvents setPerfEvents "
               "ioThreadInfo addIOThread delIOThread pinIOThread setIOThreadParams delThrottleGroup setThrottleGroup"),
        _topic("memory", "Memory",
               "maxMemory setMaxMemory setMemory setMemoryFlags memoryStats setMemoryStatsPeriod memoryParameters "
               "setMemoryParameters numaParameters setNumaParameters memoryPeek startDirtyRateCalc"),
        _topic("disks", "Disks: size, limits, statistics",
               "blockInfo blockStats blockStatsFlags blockResize blockIoTune setBlockIoTune blkioParameters "
               "setBlkioParameters blockPeek diskErrors setBlockThreshold"),
        _topic("blockjobs", "Block jobs and backup",
               "blockCopy blockCommit blockPull blockRebase blockJobInfo blockJobAbort blockJobSetSpeed backupBegin "
               "backupGetXMLDesc jobInfo jobStats abortJob abortJobFlags"),
        _topic("snapshots", "Snapshots and checkpoints",
               "snapshotCreateXML snapshotLookupByName snapshotCurrent snapshotNum snapshotListNames listAllSnapshots "
               "hasCurrentSnapshot revertToSnapshot checkpointCreateXML checkpointLookupByName listAllCheckpoints"),
        _topic("network", "Network interfaces",
               "interfaceAddresses interfaceStats interfaceParameters setInterfaceParameters announceInterface"),
        _topic("migration", "Migration",
               "migrate migrate2 migrate3 migrateToURI migrateToURI2 migrateToURI3 migrateSetMaxDowntime "
               "migrateGetMaxDowntime migrateSetMaxSpeed migrateGetMaxSpeed migrateSetCompressionCache "
               "migrateGetCompressionCache migrateStartPostCopy"),
        _topic("guest", "Guest agent",
               "guestInfo agentSetResponseTimeout fsFreeze fsThaw fSTrim fsInfo getTime setTime setUserPassword "
               "authorizedSSHKeysGet authorizedSSHKeysSet"),
        _topic("consoles", "Consoles and graphics",
               "openConsole openChannel openGraphics openGraphicsFD screenshot graphicsReload"),
        _topic("security", "Security",
               "securityLabel securityLabelList launchSecurityInfo setLaunchSecurityState"),
    ),
    "virConnect": (
        _topic("connection", "The connection",
               "close getURI getType getHostname getVersion getLibVersion isAlive isEncrypted isSecure setKeepAlive "
               "setIdentity registerCloseCallback unregisterCloseCallback newStream virConnGetLastError "
               "virConnResetLastError c_pointer"),
        _topic("domains", "Domains: find, create, restore",
               "lookupByName lookupByUUID lookupByUUIDString lookupByID listAllDomains listDomainsID numOfDomains "
               "listDefinedDomains numOfDefinedDomains defineXML defineXMLFlags createXML createXMLWithFiles "
               "createLinux domainXMLFromNative domainXMLToNative restore restoreFlags restoreParams "
               "saveImageGetXMLDesc saveImageDefineXML"),
        _topic("statistics", "Statistics of domains",
               "getAllDomainStats domainListGetStats"),
        _topic("events", "Events",
               "domainEventRegisterAny domainEventDeregisterAny networkEventRegisterAny networkEventDeregisterAny "
               "storagePoolEventRegisterAny storagePoolEventDeregisterAny nodeDeviceEventRegisterAny "
               "nodeDeviceEventDeregisterAny secretEventRegisterAny secretEventDeregisterAny domainEventRegister "
               "domainEventDeregister"),
        _topic("networks", "Networks and interfaces",
               "networkLookupByName networkLookupByUUID networkLookupByUUIDString listAllNetworks listNetworks "
               "numOfNetworks listDefinedNetworks numOfDefinedNetworks networkDefineXML networkDefineXMLFlags "
               "networkCreateXML networkCreateXMLFlags nwfilterLookupByName nwfilterLookupByUUID "
               "nwfilterLookupByUUIDString listAllNWFilters listNWFilters numOfNWFilters nwfilterDefineXML "
               "nwfilterDefineXMLFlags nwfilterBindingLookupByPortDev listAllNWFilterBindings "
               "nwfilterBindingCreateXML interfaceLookupByName interfaceLookupByMACString listAllInterfaces "
               "listInterfaces numOfInterfaces listDefinedInterfaces numOfDefinedInterfaces interfaceDefineXML "
               "changeBegin changeCommit changeRollback"),
        _topic("storage", "Storage and secrets",
               "storagePoolLookupByName storagePoolLookupByUUID storagePoolLookupByUUIDString "
               "storagePoolLookupByTargetPath listAllStoragePools listStoragePools numOfStoragePools "
               "listDefinedStoragePools numOfDefinedStoragePools storagePoolDefineXML storagePoolCreateXML "
               "findStoragePoolSources getStoragePoolCapabilities storageVolLookupByKey storageVolLookupByPath "
               "secretLookupByUUID secretLookupByUUIDString secretLookupByUsage listAllSecrets listSecrets "
               "numOfSecrets secretDefineXML"),
        _topic("host", "The host: CPUs, memory, devices, capabilities",
               "getInfo getCPUMap getCPUStats getCPUModelNames compareCPU compareHypervisorCPU baselineCPU "
               "baselineHypervisorCPU getCapabilities getDomainCapabilities getMaxVcpus getSysinfo getSecurityModel "
               "getSEVInfo getFreeMemory getCellsFreeMemory getMemoryStats getMemoryParameters setMemoryParameters "
               "getFreePages allocPages suspendForDuration listAllDevices listDevices numOfDevices "
               "nodeDeviceLookupByName nodeDeviceLookupSCSIHostByWWN nodeDeviceDefineXML nodeDeviceCreateXML"),
    ),
}


def topics_of(name: str, methods: Sequence[str]) -> List[Topic]:
    """Return the topics of a class, each with those of its methods that the class has."""
    known = {method for topic in TOPICS[name] for method in topic.methods}
    kept = [topic._replace(methods=tuple(method for method in topic.methods if method in methods))
            for topic in (*TOPICS[name], Topic("other", "Other methods", tuple(sorted(set(methods) - known))))]
    return [topic for topic in kept if topic.methods]
