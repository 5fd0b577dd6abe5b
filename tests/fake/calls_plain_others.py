# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls of the plain functions of connections, and of all objects except domains, with their expected outcomes."""

from .table import FAILS, FLAGS, STREAM, Arg, Plain, Raises, Row, objects, statuses, texts

_VOL = Arg("vol", "<vol fresh>")
_UUID = "000180ff-2722-0a5c-8090-a0b0c0d0e0f0"

_STATUSES = statuses(
    # the connection and the host
    Plain("conn.compareCPU", "virConnectCompareCPU", ("<cpu/>", FLAGS)),
    Plain("conn.compareHypervisorCPU", "virConnectCompareHypervisorCPU", (
        "/qemu", "x86_64", "q35", "kvm", "<cpu/>", FLAGS)),
    Plain("conn.getMaxVcpus", "virConnectGetMaxVcpus", ("kvm",)),
    Plain("conn.isAlive", "virConnectIsAlive"),
    Plain("conn.isEncrypted", "virConnectIsEncrypted"),
    Plain("conn.isSecure", "virConnectIsSecure"),
    Plain("conn.setKeepAlive", "virConnectSetKeepAlive", (-5, 3)),
    Plain("conn.suspendForDuration", "virNodeSuspendForDuration", (2, 11, FLAGS)),
    Plain("conn.changeBegin", "virInterfaceChangeBegin", (FLAGS,)),
    Plain("conn.changeCommit", "virInterfaceChangeCommit", (FLAGS,)),
    Plain("conn.changeRollback", "virInterfaceChangeRollback", (FLAGS,)),
    # interfaces
    Plain("iface.create", "virInterfaceCreate", (FLAGS,)),
    Plain("iface.destroy", "virInterfaceDestroy", (FLAGS,)),
    Plain("iface.isActive", "virInterfaceIsActive"),
    Plain("iface.undefine", "virInterfaceUndefine"),
    # filters
    Plain("nwfilter.undefine", "virNWFilterUndefine"),
    Plain("binding.delete", "virNWFilterBindingDelete"),
    # networks
    Plain("net.create", "virNetworkCreate"),
    Plain("net.destroy", "virNetworkDestroy"),
    Plain("net.isActive", "virNetworkIsActive"),
    Plain("net.isPersistent", "virNetworkIsPersistent"),
    Plain("net.setAutostart", "virNetworkSetAutostart", (1,)),
    Plain("net.setMetadata", "virNetworkSetMetadata", (2, "<metadata/>", "key", "uri", FLAGS), needs="9.7.0"),
    Plain("net.undefine", "virNetworkUndefine"),
    Plain("port.delete", "virNetworkPortDelete", (FLAGS,)),
    # node devices
    Plain("dev.create", "virNodeDeviceCreate", (FLAGS,), needs="7.3.0"),
    Plain("dev.destroy", "virNodeDeviceDestroy"),
    Plain("dev.detachFlags", "virNodeDeviceDetachFlags", ("vfio", FLAGS)),
    Plain("dev.dettach", "virNodeDeviceDettach"),
    Plain("dev.isActive", "virNodeDeviceIsActive", needs="7.8.0"),
    Plain("dev.isPersistent", "virNodeDeviceIsPersistent", needs="7.8.0"),
    Plain("dev.reAttach", "virNodeDeviceReAttach"),
    Plain("dev.reset", "virNodeDeviceReset"),
    Plain("dev.setAutostart", "virNodeDeviceSetAutostart", (1,), needs="7.8.0"),
    Plain("dev.undefine", "virNodeDeviceUndefine", (FLAGS,), needs="7.3.0"),
    Plain("dev.update", "virNodeDeviceUpdate", ("<device/>", FLAGS), needs="10.1.0"),
    # secrets
    Plain("secret.undefine", "virSecretUndefine"),
    # storage
    Plain("pool.build", "virStoragePoolBuild", (FLAGS,)),
    Plain("pool.create", "virStoragePoolCreate", (FLAGS,)),
    Plain("pool.delete", "virStoragePoolDelete", (FLAGS,)),
    Plain("pool.destroy", "virStoragePoolDestroy"),
    Plain("pool.isActive", "virStoragePoolIsActive"),
    Plain("pool.isPersistent", "virStoragePoolIsPersistent"),
    Plain("pool.refresh", "virStoragePoolRefresh", (FLAGS,)),
    Plain("pool.setAutostart", "virStoragePoolSetAutostart", (1,)),
    Plain("pool.undefine", "virStoragePoolUndefine"),
    Plain("vol.delete", "virStorageVolDelete", (FLAGS,)),
    Plain("vol.download", "virStorageVolDownload", (STREAM, 11, 12, FLAGS)),
    Plain("vol.resize", "virStorageVolResize", (11, FLAGS)),
    Plain("vol.upload", "virStorageVolUpload", (STREAM, 11, 12, FLAGS)),
    Plain("vol.wipe", "virStorageVolWipe", (FLAGS,)),
    Plain("vol.wipePattern", "virStorageVolWipePattern", (3, FLAGS)),
    # streams
    Plain("stream.abort", "virStreamAbort"),
    Plain("stream.eventRemoveCallback", "virStreamEventRemoveCallback"),
    Plain("stream.eventUpdateCallback", "virStreamEventUpdateCallback", (-3,)),
    Plain("stream.finish", "virStreamFinish"),
    Plain("stream.sendHole", "virStreamSendHole", (-11, FLAGS)),
)

_TEXTS = texts(
    Plain("conn.domainXMLFromNative", "virConnectDomainXMLFromNative", ("qemu-argv", "config", FLAGS)),
    Plain("conn.domainXMLToNative", "virConnectDomainXMLToNative", ("qemu-argv", "<domain/>", FLAGS)),
    Plain("conn.findStoragePoolSources", "virConnectFindStoragePoolSources", ("logical", "<source/>", FLAGS)),
    Plain("conn.getCapabilities", "virConnectGetCapabilities"),
    Plain("conn.getDomainCapabilities", "virConnectGetDomainCapabilities", (
        "/qemu", "x86_64", "q35", "kvm", FLAGS), optional=5),
    Plain("conn.getHostname", "virConnectGetHostname"),
    Plain("conn.getStoragePoolCapabilities", "virConnectGetStoragePoolCapabilities", (FLAGS,)),
    Plain("conn.getSysinfo", "virConnectGetSysinfo", (FLAGS,)),
    Plain("conn.getType", "virConnectGetType"),
    Plain("conn.getURI", "virConnectGetURI"),
    Plain("iface.XMLDesc", "virInterfaceGetXMLDesc", (FLAGS,)),
    Plain("nwfilter.XMLDesc", "virNWFilterGetXMLDesc", (FLAGS,)),
    Plain("binding.XMLDesc", "virNWFilterBindingGetXMLDesc", (FLAGS,)),
    Plain("net.bridgeName", "virNetworkGetBridgeName"),
    Plain("net.XMLDesc", "virNetworkGetXMLDesc", (FLAGS,)),
    Plain("net.metadata", "virNetworkGetMetadata", (2, "uri", FLAGS), needs="9.7.0"),
    Plain("port.XMLDesc", "virNetworkPortGetXMLDesc", (FLAGS,)),
    Plain("dev.XMLDesc", "virNodeDeviceGetXMLDesc", (FLAGS,)),
    Plain("secret.XMLDesc", "virSecretGetXMLDesc", (FLAGS,)),
    Plain("pool.XMLDesc", "virStoragePoolGetXMLDesc", (FLAGS,)),
    Plain("vol.path", "virStorageVolGetPath"),
    Plain("vol.XMLDesc", "virStorageVolGetXMLDesc", (FLAGS,)),
)

_OBJECTS = (
    *objects("virInterface",
             Plain("conn.interfaceDefineXML", "virInterfaceDefineXML", ("<interface/>", FLAGS)),
             Plain("conn.interfaceLookupByMACString", "virInterfaceLookupByMACString", ("52:54",)),
             Plain("conn.interfaceLookupByName", "virInterfaceLookupByName", ("eth0",))),
    *objects("virNWFilter",
             Plain("conn.nwfilterDefineXML", "virNWFilterDefineXML", ("<filter/>",)),
             Plain("conn.nwfilterDefineXMLFlags", "virNWFilterDefineXMLFlags", ("<filter/>", FLAGS), needs="7.7.0"),
             Plain("conn.nwfilterLookupByName", "virNWFilterLookupByName", ("zwölf",)),
             Plain("conn.nwfilterLookupByUUIDString", "virNWFilterLookupByUUIDString", ("0001",))),
    *objects("virNWFilterBinding",
             Plain("conn.nwfilterBindingCreateXML", "virNWFilterBindingCreateXML", ("<binding/>", FLAGS)),
             Plain("conn.nwfilterBindingLookupByPortDev", "virNWFilterBindingLookupByPortDev", ("vnet0",))),
    *objects("virNetwork",
             Plain("conn.networkCreateXML", "virNetworkCreateXML", ("<network/>",)),
             Plain("conn.networkCreateXMLFlags", "virNetworkCreateXMLFlags", ("<network/>", FLAGS), needs="7.8.0"),
             Plain("conn.networkDefineXML", "virNetworkDefineXML", ("<network/>",)),
             Plain("conn.networkDefineXMLFlags", "virNetworkDefineXMLFlags", ("<network/>", FLAGS), needs="7.7.0"),
             Plain("conn.networkLookupByName", "virNetworkLookupByName", ("zwölf",)),
             Plain("conn.networkLookupByUUIDString", "virNetworkLookupByUUIDString", ("0001",))),
    *objects("virNetworkPort",
             Plain("net.portCreateXML", "virNetworkPortCreateXML", ("<networkport/>", FLAGS)),
             Plain("net.portLookupByUUIDString", "virNetworkPortLookupByUUIDString", ("0001",))),
    *objects("virNodeDevice",
             Plain("conn.nodeDeviceCreateXML", "virNodeDeviceCreateXML", ("<device/>", FLAGS)),
             Plain("conn.nodeDeviceDefineXML", "virNodeDeviceDefineXML", ("<device/>", FLAGS), needs="7.3.0"),
             Plain("conn.nodeDeviceLookupByName", "virNodeDeviceLookupByName", ("pci",)),
             Plain("conn.nodeDeviceLookupSCSIHostByWWN", "virNodeDeviceLookupSCSIHostByWWN", ("wwnn", "wwpn", FLAGS))),
    *objects("virSecret",
             Plain("conn.secretDefineXML", "virSecretDefineXML", ("<secret/>", FLAGS)),
             Plain("conn.secretLookupByUUIDString", "virSecretLookupByUUIDString", ("0001",)),
             Plain("conn.secretLookupByUsage", "virSecretLookupByUsage", (-2, "usage"))),
    *objects("virStoragePool",
             Plain("conn.storagePoolCreateXML", "virStoragePoolCreateXML", ("<pool/>", FLAGS)),
             Plain("conn.storagePoolDefineXML", "virStoragePoolDefineXML", ("<pool/>", FLAGS)),
             Plain("conn.storagePoolLookupByName", "virStoragePoolLookupByName", ("zwölf",)),
             Plain("conn.storagePoolLookupByTargetPath", "virStoragePoolLookupByTargetPath", ("/pool",)),
             Plain("conn.storagePoolLookupByUUIDString", "virStoragePoolLookupByUUIDString", ("0001",)),
             Plain("vol.storagePoolLookupByVolume", "virStoragePoolLookupByVolume")),
    *objects("virStorageVol",
             Plain("pool.createXML", "virStorageVolCreateXML", ("<volume/>", FLAGS)),
             Plain("pool.createXMLFrom", "virStorageVolCreateXMLFrom", ("<volume/>", _VOL, FLAGS)),
             Plain("pool.storageVolLookupByName", "virStorageVolLookupByName", ("zwölf",)),
             Plain("conn.storageVolLookupByKey", "virStorageVolLookupByKey", ("key",)),
             Plain("conn.storageVolLookupByPath", "virStorageVolLookupByPath", ("/path",))),
    *objects("virStream", Plain("conn.newStream", "virStreamNew", (FLAGS,))),
)

_DEV = "<nodedev fresh>"
_DOM = "<domain fresh>"
_OTHERS = (
    # None is not a failure here
    Row("dev.parent()", "text", c=[f"virNodeDeviceGetParent({_DEV})"]),
    Row("dev.parent()", None, "nulls"),
    Row("dev.parent()", None, "golden fail:1"),
    Row("dev.parent()", "caf\udce9 \udcff", "badtext", peer="not UTF-8"),
    Row("net.update(1, 2, -3, '<host/>', 4)", 7, c=['virNetworkUpdate(<network fresh>, 1, 2, -3, "<host/>", 4)']),
    Row("net.update(1, 2, -3, None)", 7, c=["virNetworkUpdate(<network fresh>, 1, 2, -3, NULL, 0)"]),
    Row("net.update(1, 2, -3, '<host/>')", FAILS, "golden fail:1"),
    Row("net.update(1, 2, 2147483648, '<host/>')", Raises("OverflowError"), c=[]),
    Row("pool.createXMLFrom('<volume/>', None).name()", "fresh",
        c=['virStorageVolCreateXMLFrom(<pool fresh>, "<volume/>", NULL, 0)']),
    Row("pool.createXMLFrom('<volume/>', 5)", Raises("TypeError"), c=[], peer="an object of another class"),
    Row("vol.upload(None, 0, 0)", 7, c=["virStorageVolUpload(<vol fresh>, NULL, 0, 0, 0)"]),
    # accessors of objects
    Row("vol.name(), vol.key(), vol.connect() is conn", ("fresh", "key", True)),
    Row("iface.name(), iface.MACString()", ("fresh", "52:54:00:00:00:01")),
    Row("secret.usageID(), secret.usageType()", ("fresh", 2)),
    Row("binding.portDev(), binding.filterName()", ("fresh", "filter")),
    Row("net.name(), pool.name(), dev.name(), nwfilter.name()", ("fresh",) * 4),
    Row("port.network() is net, port.connect() is conn", (True, True)),
    # repr, without the address
    *(Row(f"repr({name}).partition(' at ')[0]", f"<libvirt.{shown}", c=[], peer="repr") for name, shown in (
        ("nwfilter", f"virNWFilter object name='fresh' uuid={_UUID!r}"),
        ("binding", "virNWFilterBinding object portDev='fresh'"),
        ("secret", f"virSecret object uuid={_UUID!r} usageID='fresh'"),
        ("chk", "virDomainCheckpoint object name='fresh'"),
        ("port", f"virNetworkPort object uuid={_UUID!r}"))),
)

# Handles that are freed while a call uses them. These rows come last, because later rows would use the freed handles.
FREED = tuple(
    Row(f"freed_within(libvirtmod.{function}, libvirtmod.{free}, {new}._o)", result, crashes=True, peer="in use")
    for free, function, new, result in (
        ("virConnectClose", "virConnectGetSysinfo", "libvirt.open('test:///default')", ("text", 1)),
        ("virStreamFree", "virStreamRecv", "conn.newStream()", (b"a\0\xff", 0)),
        *((f"{kind}Free", f"{kind}GetXMLDesc", new, ("text", 0)) for kind, new in (
            ("virDomain", "conn.lookupByName('x')"),
            ("virDomainCheckpoint", "dom.checkpointLookupByName('x')"),
            ("virDomainSnapshot", "dom.snapshotLookupByName('x')"),
            ("virInterface", "conn.interfaceLookupByName('x')"),
            ("virNWFilter", "conn.nwfilterLookupByName('x')"),
            ("virNWFilterBinding", "conn.nwfilterBindingLookupByPortDev('x')"),
            ("virNetwork", "conn.networkLookupByName('x')"),
            ("virNetworkPort", "net.portLookupByUUIDString('x')"),
            ("virNodeDevice", "conn.nodeDeviceLookupByName('x')"),
            ("virSecret", "conn.secretLookupByUUIDString('x')"),
            ("virStoragePool", "conn.storagePoolLookupByName('x')"),
            ("virStorageVol", "pool.storageVolLookupByName('x')")))))

ROWS = (*_STATUSES, *_TEXTS, *_OBJECTS, *_OTHERS)
