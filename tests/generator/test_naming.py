# SPDX-License-Identifier: LGPL-2.1-or-later
"""The class and the Python name of C functions, as programs have known them for years."""

from typing import Optional

import pytest

from fixturetypes import ReadApi
from generator import naming
from generator.bindings import modules
from generator.model import Function

CLASSES = [handle.cname for module in modules.ALL.values() if module.own_classes for handle in module.handles]

# First argument, C name, class, Python name.
NAMES = """
    virConnect virConnectGetVersion virConnect getVersion
    virConnect virConnectGetURI virConnect getURI
    virConnect virConnectGetCapabilities virConnect getCapabilities
    virConnect virConnectNumOfDomains virConnect numOfDomains
    virConnect virConnectListAllDomains virConnect listAllDomains
    virConnect virConnectIsSecure virConnect isSecure
    virConnect virConnectCompareCPU virConnect compareCPU
    virConnect virConnectFindStoragePoolSources virConnect findStoragePoolSources
    virConnect virConnectDomainXMLFromNative virConnect domainXMLFromNative
    virConnect virConnectDomainEventRegisterAny virConnect domainEventRegisterAny
    virConnect virConnGetLastError virConnect virConnGetLastError
    virConnect virConnResetLastError virConnect virConnResetLastError
    virConnect virNodeGetInfo virConnect getInfo
    virConnect virNodeGetFreeMemory virConnect getFreeMemory
    virConnect virNodeListDevices virConnect listDevices
    virConnect virNodeNumOfDevices virConnect numOfDevices
    virConnect virNodeSuspendForDuration virConnect suspendForDuration
    virConnect virNodeGetCPUMap virConnect getCPUMap
    virConnect virDomainLookupByID virConnect lookupByID
    virConnect virDomainLookupByName virConnect lookupByName
    virConnect virDomainLookupByUUIDString virConnect lookupByUUIDString
    virConnect virDomainCreateXML virConnect createXML
    virConnect virDomainDefineXMLFlags virConnect defineXMLFlags
    virConnect virDomainRestore virConnect restore
    virConnect virDomainSaveImageGetXMLDesc virConnect saveImageGetXMLDesc
    virConnect virNetworkCreateXML virConnect networkCreateXML
    virConnect virNetworkCreateXMLFlags virConnect networkCreateXMLFlags
    virConnect virNetworkDefineXML virConnect networkDefineXML
    virConnect virNetworkLookupByName virConnect networkLookupByName
    virConnect virInterfaceDefineXML virConnect interfaceDefineXML
    virConnect virInterfaceLookupByMACString virConnect interfaceLookupByMACString
    virConnect virInterfaceChangeBegin virConnect changeBegin
    virConnect virStoragePoolCreateXML virConnect storagePoolCreateXML
    virConnect virStoragePoolLookupByTargetPath virConnect storagePoolLookupByTargetPath
    virConnect virStorageVolLookupByKey virConnect storageVolLookupByKey
    virConnect virStorageVolLookupByPath virConnect storageVolLookupByPath
    virConnect virNodeDeviceLookupByName virConnect nodeDeviceLookupByName
    virConnect virNodeDeviceLookupSCSIHostByWWN virConnect nodeDeviceLookupSCSIHostByWWN
    virConnect virNodeDeviceCreateXML virConnect nodeDeviceCreateXML
    virConnect virNodeDeviceDefineXML virConnect nodeDeviceDefineXML
    virConnect virSecretDefineXML virConnect secretDefineXML
    virConnect virSecretLookupByUsage virConnect secretLookupByUsage
    virConnect virNWFilterDefineXML virConnect nwfilterDefineXML
    virConnect virNWFilterLookupByName virConnect nwfilterLookupByName
    virConnect virNWFilterBindingCreateXML virConnect nwfilterBindingCreateXML
    virConnect virNWFilterBindingLookupByPortDev virConnect nwfilterBindingLookupByPortDev
    virDomain virDomainGetName virDomain name
    virDomain virDomainGetID virDomain ID
    virDomain virDomainGetUUID virDomain UUID
    virDomain virDomainGetUUIDString virDomain UUIDString
    virDomain virDomainGetOSType virDomain OSType
    virDomain virDomainGetXMLDesc virDomain XMLDesc
    virDomain virDomainGetInfo virDomain info
    virDomain virDomainGetState virDomain state
    virDomain virDomainGetAutostart virDomain autostart
    virDomain virDomainSetAutostart virDomain setAutostart
    virDomain virDomainGetMaxMemory virDomain maxMemory
    virDomain virDomainGetSchedulerType virDomain schedulerType
    virDomain virDomainFSTrim virDomain fSTrim
    virDomain virDomainPMWakeup virDomain pMWakeup
    virDomain virDomainPMSuspendForDuration virDomain pMSuspendForDuration
    virDomain virDomainInjectNMI virDomain injectNMI
    virDomain virDomainIsActive virDomain isActive
    virDomain virDomainMigrateToURI2 virDomain migrateToURI2
    virDomain virDomainMigrateGetMaxSpeed virDomain migrateGetMaxSpeed
    virDomain virDomainBackupGetXMLDesc virDomain backupGetXMLDesc
    virDomain virDomainHasCurrentSnapshot virDomain hasCurrentSnapshot
    virDomain virDomainListAllSnapshots virDomain listAllSnapshots
    virDomain virDomainCheckpointCreateXML virDomain checkpointCreateXML
    virDomain virDomainCheckpointLookupByName virDomain checkpointLookupByName
    virDomain virDomainSnapshotCreateXML virDomain snapshotCreateXML
    virDomain virDomainSnapshotLookupByName virDomain snapshotLookupByName
    virDomain virDomainSnapshotListNames virDomain snapshotListNames
    virDomain virDomainSnapshotCurrent virDomain snapshotCurrent
    virDomainSnapshot virDomainSnapshotGetName virDomainSnapshot getName
    virDomainSnapshot virDomainSnapshotGetXMLDesc virDomainSnapshot getXMLDesc
    virDomainSnapshot virDomainSnapshotGetParent virDomainSnapshot getParent
    virDomainSnapshot virDomainSnapshotIsCurrent virDomainSnapshot isCurrent
    virDomainSnapshot virDomainSnapshotNumChildren virDomainSnapshot numChildren
    virDomainSnapshot virDomainSnapshotDelete virDomainSnapshot delete
    virDomainSnapshot virDomainSnapshotListChildrenNames virDomainSnapshot listChildrenNames
    virDomainSnapshot virDomainRevertToSnapshot virDomainSnapshot revertToSnapshot
    virDomainCheckpoint virDomainCheckpointGetName virDomainCheckpoint getName
    virDomainCheckpoint virDomainCheckpointDelete virDomainCheckpoint delete
    virNetwork virNetworkGetBridgeName virNetwork bridgeName
    virNetwork virNetworkUpdate virNetwork update
    virNetwork virNetworkListAllPorts virNetwork listAllPorts
    virNetwork virNetworkPortCreateXML virNetwork portCreateXML
    virNetwork virNetworkPortLookupByUUIDString virNetwork portLookupByUUIDString
    virNetworkPort virNetworkPortGetXMLDesc virNetworkPort XMLDesc
    virNetworkPort virNetworkPortGetParameters virNetworkPort parameters
    virNetworkPort virNetworkPortDelete virNetworkPort delete
    virInterface virInterfaceGetMACString virInterface MACString
    virInterface virInterfaceGetName virInterface name
    virStoragePool virStoragePoolGetInfo virStoragePool info
    virStoragePool virStoragePoolListVolumes virStoragePool listVolumes
    virStoragePool virStorageVolCreateXML virStoragePool createXML
    virStoragePool virStorageVolCreateXMLFrom virStoragePool createXMLFrom
    virStoragePool virStorageVolLookupByName virStoragePool storageVolLookupByName
    virStorageVol virStoragePoolLookupByVolume virStorageVol storagePoolLookupByVolume
    virStorageVol virStorageVolGetPath virStorageVol path
    virStorageVol virStorageVolWipePattern virStorageVol wipePattern
    virNodeDevice virNodeDeviceGetName virNodeDevice name
    virNodeDevice virNodeDeviceGetParent virNodeDevice parent
    virNodeDevice virNodeDeviceDettach virNodeDevice dettach
    virNodeDevice virNodeDeviceReAttach virNodeDevice reAttach
    virSecret virSecretGetUsageID virSecret usageID
    virSecret virSecretGetUsageType virSecret usageType
    virNWFilter virNWFilterGetUUIDString virNWFilter UUIDString
    virNWFilter virNWFilterUndefine virNWFilter undefine
    virNWFilterBinding virNWFilterBindingGetPortDev virNWFilterBinding portDev
    virNWFilterBinding virNWFilterBindingGetFilterName virNWFilterBinding filterName
    virStream virStreamFinish virStream finish
    virStream virStreamRecvHole virStream recvHole
    virStream virStreamEventUpdateCallback virStream eventUpdateCallback
    virAdmConnect virAdmConnectGetURI virAdmConnect getURI
    virAdmConnect virAdmConnectLookupServer virAdmConnect lookupServer
    virAdmServer virAdmServerGetName virAdmServer name
    virAdmServer virAdmServerSetClientLimits virAdmServer setClientLimits
    virAdmClient virAdmClientGetID virAdmClient ID
    virAdmClient virAdmClientClose virAdmClient close
    - virAdmConnectOpen - open
    - virAdmGetVersion - getVersion
    - virConnectOpen - open
    - virConnectOpenReadOnly - openReadOnly
    - virInitialize - virInitialize
    - virGetLastErrorMessage - virGetLastErrorMessage
    - virResetLastError - virResetLastError
    - virEventRunDefaultImpl - virEventRunDefaultImpl
    - virEventUpdateHandle - virEventUpdateHandle
"""


def owner_of(function: Function) -> Optional[str]:
    """The class whose method a function is, or None."""
    subject = naming.subject(function, CLASSES)
    return naming.pointee(subject.type) if subject else None


@pytest.mark.parametrize("first, cname, owner, name", [line.split() for line in NAMES.strip().splitlines()])
def test_a_function_gets_its_class_and_name(read_api: ReadApi, first: str, cname: str, owner: str, name: str) -> None:
    argument = "const char *text" if first == "-" else f"{first}Ptr object"
    function = read_api(f"int {cname}({argument})").functions[cname]
    assert (owner_of(function) or "-", naming.method_name(cname)) == (owner, name)


def test_a_handle_may_be_spelled_as_a_pointer_to_its_struct(read_api: ReadApi) -> None:
    function = read_api("int virDomainFoo(virDomain *dom)").functions["virDomainFoo"]
    assert owner_of(function) == "virDomain"


def test_a_second_handle_gives_the_class_where_the_first_argument_is_none(read_api: ReadApi) -> None:
    function = read_api("int virFoo(int number, virDomainPtr dom, virNetworkPtr net)").functions["virFoo"]
    assert owner_of(function) == "virDomain"


def test_a_third_handle_gives_no_class(read_api: ReadApi) -> None:
    function = read_api("int virFoo(int number, const char *text, virDomainPtr dom)").functions["virFoo"]
    assert owner_of(function) is None


def test_a_pointer_to_handles_gives_no_class(read_api: ReadApi) -> None:
    function = read_api("int virDomainListGetStats(virDomainPtr *doms, unsigned int flags)")
    assert owner_of(function.functions["virDomainListGetStats"]) is None


@pytest.mark.parametrize("cname, name", [
    ("virDomainQemuAttach", "qemuAttach"),
    ("virDomainQemuMonitorCommand", "qemuMonitorCommand"),
    ("virDomainQemuMonitorCommandWithFiles", "qemuMonitorCommandWithFiles"),
    ("virDomainQemuAgentCommand", "qemuAgentCommand"),
    ("virDomainLxcOpenNamespace", "lxcOpenNamespace"),
    ("virDomainLxcEnterCGroup", "lxcEnterCGroup"),
    ("virConnectFoo", "virConnectFoo"),
])
def test_plain_functions_lose_the_prefix_of_their_module(cname: str, name: str) -> None:
    assert naming.function_name(cname, "virDomain") == name


@pytest.mark.parametrize("cname, name", [("from", "frm"), ("lambda", "lambda_"), ("flags", "flags"),
                                         ("class", "class_"), ("type", "type"), ("print", "print")])
def test_parameters_keep_their_names_unless_reserved(cname: str, name: str) -> None:
    assert naming.parameter(cname) == name


@pytest.mark.parametrize("ctype, target", [("virDomainPtr", "virDomain"), ("virDomain *", "virDomain"),
                                           ("virDomainPtr *", "virDomainPtr"), ("int", "int")])
def test_the_type_that_a_pointer_points_to(ctype: str, target: str) -> None:
    assert naming.pointee(ctype) == target
