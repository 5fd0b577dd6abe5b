# SPDX-License-Identifier: LGPL-2.1-or-later
"""Dicts of typed parameters and of statistics: the names of their types, and where libvirt describes their keys.

The descriptions say which type a value has.  `types` has only those that they
leave out.
"""

from .schema import Parameters

# What can be set, where a wrong key is a mistake.
_SETTABLE = (
    Parameters("MemoryParameters", ("virDomainGetMemoryParameters", "virDomainSetMemoryParameters"),
               "VIR_DOMAIN_MEMORY_"),
    Parameters("BlkioParameters", ("virDomainGetBlkioParameters", "virDomainSetBlkioParameters"), "VIR_DOMAIN_BLKIO_"),
    Parameters("SchedulerParameters", (
        "virDomainGetSchedulerParameters", "virDomainGetSchedulerParametersFlags", "virDomainSetSchedulerParameters",
        "virDomainSetSchedulerParametersFlags"), "VIR_DOMAIN_SCHEDULER_"),
    Parameters("NumaParameters", ("virDomainGetNumaParameters", "virDomainSetNumaParameters"), "VIR_DOMAIN_NUMA_"),
    Parameters("InterfaceParameters", ("virDomainGetInterfaceParameters", "virDomainSetInterfaceParameters"),
               "VIR_DOMAIN_BANDWIDTH_"),
    Parameters("BlockIoTune", ("virDomainGetBlockIoTune", "virDomainSetBlockIoTune", "virDomainSetThrottleGroup"),
               "VIR_DOMAIN_BLOCK_IOTUNE_"),
    Parameters("BlockCopyParameters", ("virDomainBlockCopy",), "VIR_DOMAIN_BLOCK_COPY_"),
    Parameters("PerfEvents", ("virDomainGetPerfEvents", "virDomainSetPerfEvents"), "VIR_PERF_PARAM_", every="BOOLEAN"),
    Parameters("IOThreadParameters", ("virDomainSetIOThreadParams",), "VIR_DOMAIN_IOTHREAD_"),
    Parameters("MigrateParameters", ("virDomainMigrate3", "virDomainMigrateToURI3"), "VIR_MIGRATE_PARAM_", types={
        "bandwidth.avail.switchover": "ULLONG", "migrate_disks_detect_zeroes": "STRING",
        "migrate_disks_target_zero": "STRING"}),
    Parameters("SaveParameters", ("virDomainSaveParams", "virDomainRestoreParams"), "VIR_DOMAIN_SAVE_PARAM_",
               without=("VIR_DOMAIN_SAVE_PARAM_IMAGE_FORMAT_",)),
    Parameters("LaunchSecurityState", ("virDomainSetLaunchSecurityState",), "VIR_DOMAIN_LAUNCH_SECURITY_SEV_SECRET"),
    Parameters("AnnounceInterfaceParameters", ("virDomainAnnounceInterface",), "VIR_DOMAIN_ANNOUNCE_INTERFACE_"),
    Parameters("IdentityParameters", ("virConnectSetIdentity",), "VIR_CONNECT_IDENTITY_"),
    Parameters("NodeMemoryParameters", ("virNodeGetMemoryParameters", "virNodeSetMemoryParameters"),
               "VIR_NODE_MEMORY_SHARED_", every="UINT"),
    Parameters("NetworkPortParameters", ("virNetworkPortGetParameters", "virNetworkPortSetParameters"),
               "VIR_NETWORK_PORT_BANDWIDTH_"),
)

# What libvirt tells.  Newer daemons may tell more.
_TOLD = (
    Parameters("DomainStats", ("virConnectGetAllDomainStats", "virDomainListGetStats"), "VIR_DOMAIN_STATS_",
               described="virConnectGetAllDomainStats", is_open=True, types={
                   "cpu.cache.monitor.count": "UINT", "memory.bandwidth.monitor.count": "UINT",
                   "dirtyrate.calc_mode": "STRING"}),
    Parameters("GuestInfo", ("virDomainGetGuestInfo",), "VIR_DOMAIN_GUEST_INFO_", described="virDomainGetGuestInfo",
               is_open=True, types={"hostname": "STRING", "if.count": "UINT"}),
    Parameters("JobStats", ("virDomainGetJobStats", "virConnectDomainEventJobCompletedCallback"), "VIR_DOMAIN_JOB_",
               is_open=True, more={"type": "INT"}, types={"errmsg": "STRING"}),
    Parameters("BlockStatsParameters", ("virDomainBlockStatsFlags",), "VIR_DOMAIN_BLOCK_STATS_", is_open=True),
    Parameters("CPUStats", ("virDomainGetCPUStats",), "VIR_DOMAIN_CPU_STATS_", is_open=True),
    Parameters("GuestVcpus", ("virDomainGetGuestVcpus",), described="virDomainGetGuestVcpus", is_open=True),
    Parameters("LaunchSecurityInfo", ("virDomainGetLaunchSecurityInfo",), "VIR_DOMAIN_LAUNCH_SECURITY_SEV_",
               without=("VIR_DOMAIN_LAUNCH_SECURITY_SEV_SECRET",), is_open=True),
    Parameters("Tunables", ("virConnectDomainEventTunableCallback",), "VIR_DOMAIN_TUNABLE_", is_open=True),
    Parameters("NodeCPUStats", ("virNodeGetCPUStats",), "VIR_NODE_CPU_STATS_", every="ULLONG", is_open=True),
    Parameters("NodeMemoryStats", ("virNodeGetMemoryStats",), "VIR_NODE_MEMORY_STATS_", every="ULLONG", is_open=True),
    Parameters("NodeSEVInfo", ("virNodeGetSEVInfo",), "VIR_NODE_SEV_", is_open=True, types={
        "cbitpos": "UINT", "reduced-phys-bits": "UINT"}),
    Parameters("MemoryStats", ("virDomainMemoryStats",), every="ULLONG", is_open=True, more={
        name: "ULLONG" for name in (
            "swap_in", "swap_out", "major_fault", "minor_fault", "unused", "available", "actual", "rss", "usable",
            "last_update", "disk_caches", "hugetlb_pgalloc", "hugetlb_pgfail")}),
)

PARAMETERS = (*_SETTABLE, *_TOLD)
