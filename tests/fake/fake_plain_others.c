/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: plain functions of connections, and of all objects except domains. */

#include "fake_plain.h"

/* --- the connection and the host ----------------------------------------- */

STATUS(virConnectCompareCPU, CONN, TEXT, UINT)
STATUS(virConnectCompareHypervisorCPU, CONN, TEXT, TEXT, TEXT, TEXT, TEXT, UINT)
STATUS(virConnectGetMaxVcpus, CONN, TEXT)
STATUS(virConnectIsAlive, CONN)
STATUS(virConnectIsEncrypted, CONN)
STATUS(virConnectIsSecure, CONN)
STATUS(virConnectSetKeepAlive, CONN, int, UINT)
STATUS(virNodeSuspendForDuration, CONN, UINT, ULLONG, UINT)
NEW_TEXT(virConnectDomainXMLFromNative, CONN, TEXT, TEXT, UINT)
NEW_TEXT(virConnectDomainXMLToNative, CONN, TEXT, TEXT, UINT)
NEW_TEXT(virConnectFindStoragePoolSources, CONN, TEXT, TEXT, UINT)
NEW_TEXT(virConnectGetCapabilities, CONN)
NEW_TEXT(virConnectGetDomainCapabilities, CONN, TEXT, TEXT, TEXT, TEXT, UINT)
NEW_TEXT(virConnectGetHostname, CONN)
NEW_TEXT(virConnectGetStoragePoolCapabilities, CONN, UINT)
NEW_TEXT(virConnectGetSysinfo, CONN, UINT)
NEW_TEXT(virConnectGetURI, CONN)

/* Static text, which the caller does not free. */
TEXT virConnectGetType(CONN conn)
{
    FAKE_CALL(conn);
    return fake_fails() ? NULL : fake_text("text");
}

/* This function reports a failure by 0. */
ULLONG virNodeGetFreeMemory(CONN conn)
{
    FAKE_CALL(conn);
    return fake_fails() ? 0 : fake_ullong(5000000000);
}

/* --- host interfaces ----------------------------------------------------- */

STATUS(virInterfaceChangeBegin, CONN, UINT)
STATUS(virInterfaceChangeCommit, CONN, UINT)
STATUS(virInterfaceChangeRollback, CONN, UINT)
STATUS(virInterfaceCreate, IFACE, UINT)
STATUS(virInterfaceDestroy, IFACE, UINT)
STATUS(virInterfaceIsActive, IFACE)
STATUS(virInterfaceUndefine, IFACE)
NEW_TEXT(virInterfaceGetXMLDesc, IFACE, UINT)
OBJECT(IFACE, interface, virInterfaceDefineXML, CONN, TEXT, UINT)
OBJECT(IFACE, interface, virInterfaceLookupByMACString, CONN, TEXT)
OBJECT(IFACE, interface, virInterfaceLookupByName, CONN, TEXT)

/* --- network filters ----------------------------------------------------- */

STATUS(virNWFilterUndefine, FILTER)
STATUS(virNWFilterBindingDelete, BINDING)
NEW_TEXT(virNWFilterGetXMLDesc, FILTER, UINT)
NEW_TEXT(virNWFilterBindingGetXMLDesc, BINDING, UINT)
OBJECT(FILTER, nwfilter, virNWFilterDefineXML, CONN, TEXT)
OBJECT(FILTER, nwfilter, virNWFilterLookupByName, CONN, TEXT)
OBJECT(FILTER, nwfilter, virNWFilterLookupByUUIDString, CONN, TEXT)
OBJECT(BINDING, binding, virNWFilterBindingCreateXML, CONN, TEXT, UINT)
OBJECT(BINDING, binding, virNWFilterBindingLookupByPortDev, CONN, TEXT)
#if LIBVIR_VERSION_NUMBER >= 7007000
OBJECT(FILTER, nwfilter, virNWFilterDefineXMLFlags, CONN, TEXT, UINT)
#endif

/* --- networks and their ports -------------------------------------------- */

STATUS(virNetworkCreate, NET)
STATUS(virNetworkDestroy, NET)
STATUS(virNetworkIsActive, NET)
STATUS(virNetworkIsPersistent, NET)
STATUS(virNetworkSetAutostart, NET, int)
STATUS(virNetworkUndefine, NET)
STATUS(virNetworkUpdate, NET, UINT, UINT, int, TEXT, UINT)
STATUS(virNetworkPortDelete, PORT, UINT)
NEW_TEXT(virNetworkGetBridgeName, NET)
NEW_TEXT(virNetworkGetXMLDesc, NET, UINT)
NEW_TEXT(virNetworkPortGetXMLDesc, PORT, UINT)
OBJECT(NET, network, virNetworkCreateXML, CONN, TEXT)
OBJECT(NET, network, virNetworkDefineXML, CONN, TEXT)
OBJECT(NET, network, virNetworkLookupByName, CONN, TEXT)
OBJECT(NET, network, virNetworkLookupByUUIDString, CONN, TEXT)
OBJECT(PORT, port, virNetworkPortCreateXML, NET, TEXT, UINT)
OBJECT(PORT, port, virNetworkPortLookupByUUIDString, NET, TEXT)
#if LIBVIR_VERSION_NUMBER >= 7007000
OBJECT(NET, network, virNetworkDefineXMLFlags, CONN, TEXT, UINT)
#endif
#if LIBVIR_VERSION_NUMBER >= 7008000
OBJECT(NET, network, virNetworkCreateXMLFlags, CONN, TEXT, UINT)
#endif
#if LIBVIR_VERSION_NUMBER >= 9007000
STATUS(virNetworkSetMetadata, NET, int, TEXT, TEXT, TEXT, UINT)
NEW_TEXT(virNetworkGetMetadata, NET, int, TEXT, UINT)
#endif

/* --- node devices -------------------------------------------------------- */

STATUS(virNodeDeviceDestroy, DEV)
STATUS(virNodeDeviceDetachFlags, DEV, TEXT, UINT)
STATUS(virNodeDeviceDettach, DEV)
STATUS(virNodeDeviceReAttach, DEV)
STATUS(virNodeDeviceReset, DEV)
NEW_TEXT(virNodeDeviceGetXMLDesc, DEV, UINT)
OBJECT(DEV, nodedev, virNodeDeviceCreateXML, CONN, TEXT, UINT)
OBJECT(DEV, nodedev, virNodeDeviceLookupByName, CONN, TEXT)
OBJECT(DEV, nodedev, virNodeDeviceLookupSCSIHostByWWN, CONN, TEXT, TEXT, UINT)
#if LIBVIR_VERSION_NUMBER >= 7003000
STATUS(virNodeDeviceCreate, DEV, UINT)
STATUS(virNodeDeviceUndefine, DEV, UINT)
OBJECT(DEV, nodedev, virNodeDeviceDefineXML, CONN, TEXT, UINT)
#endif
#if LIBVIR_VERSION_NUMBER >= 7008000
STATUS(virNodeDeviceIsActive, DEV)
STATUS(virNodeDeviceIsPersistent, DEV)
STATUS(virNodeDeviceSetAutostart, DEV, int)
#endif
#if LIBVIR_VERSION_NUMBER >= 10001000
STATUS(virNodeDeviceUpdate, DEV, TEXT, UINT)
#endif

/* Static text; NULL means that a device has no parent. */
TEXT virNodeDeviceGetParent(DEV dev)
{
    FAKE_CALL(dev);
    return fake_fails() ? NULL : fake_text("text");
}

/* --- secrets ------------------------------------------------------------- */

STATUS(virSecretUndefine, SECRET)
NEW_TEXT(virSecretGetXMLDesc, SECRET, UINT)
OBJECT(SECRET, secret, virSecretDefineXML, CONN, TEXT, UINT)
OBJECT(SECRET, secret, virSecretLookupByUUIDString, CONN, TEXT)
OBJECT(SECRET, secret, virSecretLookupByUsage, CONN, int, TEXT)

/* --- storage pools and volumes ------------------------------------------- */

STATUS(virStoragePoolBuild, POOL, UINT)
STATUS(virStoragePoolCreate, POOL, UINT)
STATUS(virStoragePoolDelete, POOL, UINT)
STATUS(virStoragePoolDestroy, POOL)
STATUS(virStoragePoolIsActive, POOL)
STATUS(virStoragePoolIsPersistent, POOL)
STATUS(virStoragePoolRefresh, POOL, UINT)
STATUS(virStoragePoolSetAutostart, POOL, int)
STATUS(virStoragePoolUndefine, POOL)
STATUS(virStorageVolDelete, VOL, UINT)
STATUS(virStorageVolDownload, VOL, STREAM, ULLONG, ULLONG, UINT)
STATUS(virStorageVolResize, VOL, ULLONG, UINT)
STATUS(virStorageVolUpload, VOL, STREAM, ULLONG, ULLONG, UINT)
STATUS(virStorageVolWipe, VOL, UINT)
STATUS(virStorageVolWipePattern, VOL, UINT, UINT)
NEW_TEXT(virStoragePoolGetXMLDesc, POOL, UINT)
NEW_TEXT(virStorageVolGetPath, VOL)
NEW_TEXT(virStorageVolGetXMLDesc, VOL, UINT)
OBJECT(POOL, pool, virStoragePoolCreateXML, CONN, TEXT, UINT)
OBJECT(POOL, pool, virStoragePoolDefineXML, CONN, TEXT, UINT)
OBJECT(POOL, pool, virStoragePoolLookupByName, CONN, TEXT)
OBJECT(POOL, pool, virStoragePoolLookupByTargetPath, CONN, TEXT)
OBJECT(POOL, pool, virStoragePoolLookupByUUIDString, CONN, TEXT)
OBJECT(POOL, pool, virStoragePoolLookupByVolume, VOL)
OBJECT(VOL, vol, virStorageVolCreateXML, POOL, TEXT, UINT)
OBJECT(VOL, vol, virStorageVolCreateXMLFrom, POOL, TEXT, VOL, UINT)
OBJECT(VOL, vol, virStorageVolLookupByKey, CONN, TEXT)
OBJECT(VOL, vol, virStorageVolLookupByName, POOL, TEXT)
OBJECT(VOL, vol, virStorageVolLookupByPath, CONN, TEXT)

/* --- streams ------------------------------------------------------------- */

STATUS(virStreamAbort, STREAM)
STATUS(virStreamEventRemoveCallback, STREAM)
STATUS(virStreamEventUpdateCallback, STREAM, int)
STATUS(virStreamFinish, STREAM)
STATUS(virStreamSendHole, STREAM, LLONG, UINT)
OBJECT(STREAM, stream, virStreamNew, CONN, UINT)
