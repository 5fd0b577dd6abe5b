# SPDX-License-Identifier: LGPL-2.1-or-later
"""Dicts of typed parameters and of statistics: the names of their types, and where libvirt describes their keys.

The descriptions say which type a value has.  `types` has only those that they
leave out.
"""

from .schema import Parameters


def _tunables(name: str, macros: str, *functions: str, every: str = "") -> Parameters:
    """What some functions get, and others with "Set" in place of "Get" set."""
    return Parameters(name, macros, returned=functions,
                      taken=tuple(function.replace("Get", "Set") for function in functions), every=every)


PARAMETERS = (
    _tunables("MemoryParameters", "VIR_DOMAIN_MEMORY_", "virDomainGetMemoryParameters"),
    _tunables("BlkioParameters", "VIR_DOMAIN_BLKIO_", "virDomainGetBlkioParameters"),
    _tunables("SchedulerParameters", "VIR_DOMAIN_SCHEDULER_", "virDomainGetSchedulerParameters",
              "virDomainGetSchedulerParametersFlags"),
    _tunables("NumaParameters", "VIR_DOMAIN_NUMA_", "virDomainGetNumaParameters"),
    _tunables("InterfaceParameters", "VIR_DOMAIN_BANDWIDTH_", "virDomainGetInterfaceParameters"),
    _tunables("PerfEvents", "VIR_PERF_PARAM_", "virDomainGetPerfEvents", every="BOOLEAN"),
    _tunables("NodeMemoryParameters", "VIR_NODE_MEMORY_SHARED_", "virNodeGetMemoryParameters", every="UINT"),
    _tunables("NetworkPortParameters", "VIR_NETWORK_PORT_BANDWIDTH_", "virNetworkPortGetParameters"),
    Parameters("BlockIoTune", "VIR_DOMAIN_BLOCK_IOTUNE_", returned=("virDomainGetBlockIoTune",),
               taken=("virDomainSetBlockIoTune", "virDomainSetThrottleGroup")),
    Parameters("BlockCopyParameters", "VIR_DOMAIN_BLOCK_COPY_", taken=("virDomainBlockCopy",)),
    Parameters("IOThreadParameters", "VIR_DOMAIN_IOTHREAD_", taken=("virDomainSetIOThreadParams",)),
    Parameters("MigrateParameters", "VIR_MIGRATE_PARAM_", taken=("virDomainMigrate3", "virDomainMigrateToURI3"), types={
        "bandwidth.avail.switchover": "ULLONG", "migrate_disks_detect_zeroes": "STRING",
        "migrate_disks_target_zero": "STRING"}),
    Parameters("SaveParameters", "VIR_DOMAIN_SAVE_PARAM_", taken=("virDomainSaveParams", "virDomainRestoreParams"),
               without=("VIR_DOMAIN_SAVE_PARAM_IMAGE_FORMAT_",)),
    Parameters("LaunchSecurityState", "VIR_DOMAIN_LAUNCH_SECURITY_SEV_SECRET",
               taken=("virDomainSetLaunchSecurityState",)),
    Parameters("AnnounceInterfaceParameters", "VIR_DOMAIN_ANNOUNCE_INTERFACE_", taken=("virDomainAnnounceInterface",)),
    Parameters("IdentityParameters", "VIR_CONNECT_IDENTITY_", taken=("virConnectSetIdentity",)),
    Parameters("DomainStats", "VIR_DOMAIN_STATS_", returned=("virConnectGetAllDomainStats", "virDomainListGetStats"),
               described="virConnectGetAllDomainStats", types={
                   "cpu.cache.monitor.count": "UINT", "memory.bandwidth.monitor.count": "UINT",
                   "dirtyrate.calc_mode": "STRING"},
               more={"vcpu.<num>.<name>.<type>": "", "vm.<name>.<type>": ""}),
    Parameters("GuestInfo", "VIR_DOMAIN_GUEST_INFO_", returned=("virDomainGetGuestInfo",),
               described="virDomainGetGuestInfo", types={"hostname": "STRING", "if.count": "UINT"}),
    Parameters("JobStats", "VIR_DOMAIN_JOB_",
               returned=("virDomainGetJobStats", "virConnectDomainEventJobCompletedCallback"),
               more={"type": "INT"}, types={"errmsg": "STRING"}),
    Parameters("BlockStatsParameters", "VIR_DOMAIN_BLOCK_STATS_", returned=("virDomainBlockStatsFlags",)),
    Parameters("CPUStats", "VIR_DOMAIN_CPU_STATS_", returned=("virDomainGetCPUStats",)),
    Parameters("GuestVcpus", returned=("virDomainGetGuestVcpus",), described="virDomainGetGuestVcpus"),
    Parameters("LaunchSecurityInfo", "VIR_DOMAIN_LAUNCH_SECURITY_SEV_", returned=("virDomainGetLaunchSecurityInfo",),
               without=("VIR_DOMAIN_LAUNCH_SECURITY_SEV_SECRET",)),
    Parameters("Tunables", "VIR_DOMAIN_TUNABLE_", returned=("virConnectDomainEventTunableCallback",)),
    Parameters("NodeCPUStats", "VIR_NODE_CPU_STATS_", returned=("virNodeGetCPUStats",), every="ULLONG"),
    Parameters("NodeMemoryStats", "VIR_NODE_MEMORY_STATS_", returned=("virNodeGetMemoryStats",), every="ULLONG"),
    Parameters("NodeSEVInfo", "VIR_NODE_SEV_", returned=("virNodeGetSEVInfo",), types={
        "cbitpos": "UINT", "reduced-phys-bits": "UINT"}),
    Parameters("MemoryStats", returned=("virDomainMemoryStats",), every="ULLONG", more=dict.fromkeys((
        "swap_in", "swap_out", "major_fault", "minor_fault", "unused", "available", "actual", "rss", "usable",
        "last_update", "disk_caches", "hugetlb_pgalloc", "hugetlb_pgfail"), "ULLONG")),
)
