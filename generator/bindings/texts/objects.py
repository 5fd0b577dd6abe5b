# SPDX-License-Identifier: LGPL-2.1-or-later
"""Networks, host interfaces and devices, network filters, secrets, storage and streams."""

from typing import Dict

from .schema import Text

_XML = {"xml": "XML of the {}", "xmlDesc": "XML of the {}", "xmldesc": "XML of the {}"}
_IF_SO = "1 if so, else 0"


def _xml(what: str) -> Dict[str, str]:
    return {name: text.format(what) for name, text in _XML.items()}


def _name(cname: str, what: str) -> Dict[str, Text]:
    return {f"{cname}GetName": Text(f"Return the name of the {what}.", "", returns="the name")}


def _uuid(cname: str, what: str) -> Dict[str, Text]:
    return {
        f"{cname}GetUUID": Text(f"Return the bytes of the {what}'s UUID.", ""),
        f"{cname}GetUUIDString": Text(f"Return the UUID of the {what}, as text.", ""),
    }


def _lookup_by_name(cname: str, what: str, code: str) -> Dict[str, Text]:
    return {f"{cname}LookupByName": Text(f"Look up a {what} by its name.", "", {"name": f"name of the {what}"},
                                         missing=code)}


def _lookup_by_uuid(cname: str, what: str, code: str) -> Dict[str, Text]:
    return {
        f"{cname}LookupByUUID": Text(f"Look up a {what} by the bytes of its UUID.", "",
                                     {"uuid": "the 16 bytes of the UUID"}, missing=code),
        f"{cname}LookupByUUIDString": Text(f"Look up a {what} by its UUID.", "", {"uuidstr": "the UUID, as text"},
                                           missing=code),
    }


def _states(cname: str, what: str) -> Dict[str, Text]:
    return {
        f"{cname}IsActive": Text(f"Tell whether the {what} is active.", "", returns=_IF_SO),
        f"{cname}IsPersistent": Text(f"Tell whether the {what} is persistent.", "",
                                     returns=_IF_SO),
        f"{cname}GetAutostart": Text(f"Tell whether the {what} starts with the host.", "", returns=_IF_SO),
        f"{cname}SetAutostart": Text(f"Choose whether the {what} starts with the host.", "",
                                     {"autostart": "1 to start it, 0 not to"}),
    }


_SIZES = {"type": "one of libvirt_enums.StorageVolType", "capacity": "bytes that a domain sees",
          "allocation": "bytes in use"}
_TRANSFER = """The data is that of the volume as it is stored, for example qcow2, and not what a guest sees. It is
transferred by methods of the stream after the call: {}. Nobody else should write to the volume meanwhile.

With {} holes are transferred as such: {}."""
_STOPS_AT_HOLES = """use virStream.sparseRecvAll(), or virStream.recvFlags() with VIR_STREAM_RECV_STOP_AT_HOLE and
virStream.recvHole()"""
_CHANGES = """While a transaction is open (see virConnect.changeBegin()), this only becomes permanent by
virConnect.changeCommit(); virConnect.changeRollback() undoes it, and so does the next boot of the host."""

TEXTS = {
    # networks
    **_name("virNetwork", "network"), **_uuid("virNetwork", "network"), **_states("virNetwork", "network"),
    **_lookup_by_name("virNetwork", "network", "VIR_ERR_NO_NETWORK"),
    **_lookup_by_uuid("virNetwork", "network", "VIR_ERR_NO_NETWORK"),
    "virNetworkCreate": Text("Start a defined network.", ""),
    "virNetworkCreateXML": Text("Start a transient network.", "It disappears when it is stopped.", _xml("network")),
    "virNetworkCreateXMLFlags": Text("Start a transient network.", "It disappears when it is stopped.",
                                     _xml("network")),
    "virNetworkDefineXML": Text("Define a persistent network, or change its definition.", "", _xml("network")),
    "virNetworkDefineXMLFlags": Text("Define a persistent network, or change its definition.", "", _xml("network")),
    "virNetworkDestroy": Text("Stop the network.", "The definition of a persistent network stays."),
    "virNetworkUndefine": Text("Remove the definition of the network.", "A network that is active is not stopped."),
    "virNetworkUpdate": Text(
        "Change a part of the network.",
        "flags choose whether the active network, its persistent definition, or both are changed.",
        {"command": "what to do with it, one of libvirt_enums.NetworkUpdateCommand",
         "section": "which part, one of libvirt_enums.NetworkUpdateSection",
         "parentIndex": "index of the parent element, such as <ip>; -1 to have libvirt find it",
         "xml": "XML of the part"}),
    "virNetworkGetXMLDesc": Text(
        "Return the XML of the network.",
        """For a network on an SR-IOV physical function, the XML lists its virtual functions, unless flags include
VIR_NETWORK_XML_INACTIVE.""", returns="XML"),
    "virNetworkGetBridgeName": Text("Return the bridge that connects domains to the network.", "",
                                    returns="name of the bridge, such as \"virbr0\""),
    "virNetworkGetDHCPLeases": Text(
        "Return the DHCP leases of the network.",
        """An interface may have several: for IPv4 and IPv6. hostname may be None, and so are iaid and clientid of some
leases for IPv4. A lease that does not end has an expirytime of 0.""",
        {"mac": "MAC address of the interface, or None for all"}),
    "virNetworkGetMetadata": Text(
        "Return the title, the description or custom metadata of the network.",
        """For VIR_NETWORK_METADATA_ELEMENT, uri is the namespace of the elements, else None.

If there is no such element, the error has the code VIR_ERR_NO_NETWORK_METADATA. flags choose between the active
network and its persistent definition.""",
        {"type": "one of VIR_NETWORK_METADATA_* (libvirt_enums.NetworkMetadataType)", "uri": "XML namespace"},
        "the text or XML"),
    "virNetworkSetMetadata": Text(
        "Set the title, the description or custom metadata of the network.",
        """VIR_NETWORK_METADATA_DESCRIPTION is any text; VIR_NETWORK_METADATA_TITLE should be short, and has no newline.
For both, key and uri are None.

VIR_NETWORK_METADATA_ELEMENT is XML of the namespace uri, whose elements have the prefix key.

If metadata is None, the element is removed; with an empty text it stays. flags choose whether the active network,
its persistent definition, or both are changed.""",
        {"type": "one of VIR_NETWORK_METADATA_* (libvirt_enums.NetworkMetadataType)",
         "metadata": "text or XML", "key": "prefix of the namespace", "uri": "XML namespace"}),
    "virNetworkListAllPorts": Text("Return all ports of the network.", ""),
    **_uuid("virNetworkPort", "port"),
    "virNetworkPortLookupByUUID": Text("Look up a port of the network by the bytes of its UUID.", "",
                                       {"uuid": "the 16 bytes of the UUID"}),
    "virNetworkPortLookupByUUIDString": Text("Look up a port of the network by its UUID.", "",
                                             {"uuidstr": "the UUID, as text"}),
    "virNetworkPortCreateXML": Text("Create a port of the network.", "", _xml("port")),
    "virNetworkPortDelete": Text("Delete the port.", "No domain should be using it."),
    "virNetworkPortGetXMLDesc": Text("Return the XML of the port.", "virNetwork.portCreateXML() takes it.",
                                     returns="XML"),
    "virNetworkPortGetParameters": Text("Return the bandwidth limits of the port.",
                                        "The names are VIR_NETWORK_PORT_BANDWIDTH_*."),
    "virNetworkPortSetParameters": Text("Change bandwidth limits of the port.", ""),

    # interfaces of the host
    "virInterfaceGetName": Text("Return the name of the interface.", "", returns="the name"),
    "virInterfaceGetMACString": Text("Return the MAC address of the interface.", "",
                                     returns="such as \"52:54:00:12:34:56\""),
    "virInterfaceLookupByName": Text("Look up a host interface by its name.", "", {"name": "name of the interface"}),
    "virInterfaceLookupByMACString": Text("Look up a host interface by its MAC address.", "",
                                          {"macstr": "MAC address"}),
    "virInterfaceIsActive": Text("Tell whether the interface is active.", "", returns=_IF_SO),
    "virInterfaceCreate": Text(
        "Activate the interface.",
        """If it was defined in a transaction that is still open, virConnect.changeRollback() deactivates it."""),
    "virInterfaceDestroy": Text(
        "Deactivate the interface.",
        """Its definition stays. If it is also undefined in the same transaction, virConnect.changeRollback() also
activates it again."""),
    "virInterfaceDefineXML": Text("Define a host interface, or change its definition.", _CHANGES, _xml("interface")),
    "virInterfaceUndefine": Text("Remove the definition of the interface.", _CHANGES),
    "virInterfaceGetXMLDesc": Text(
        "Return the XML of the interface.",
        """The addresses are the current ones, or with VIR_INTERFACE_XML_INACTIVE those of its definition.
virConnect.interfaceDefineXML() takes the latter.""",
        {"flags": "VIR_INTERFACE_XML_INACTIVE, or 0"}, "XML"),

    # network filters
    **_name("virNWFilter", "network filter"), **_uuid("virNWFilter", "network filter"),
    **_lookup_by_name("virNWFilter", "network filter", "VIR_ERR_NO_NWFILTER"),
    **_lookup_by_uuid("virNWFilter", "network filter", "VIR_ERR_NO_NWFILTER"),
    "virNWFilterDefineXML": Text("Define a network filter.", "", _xml("filter")),
    "virNWFilterDefineXMLFlags": Text("Define a network filter.", "", _xml("filter")),
    "virNWFilterUndefine": Text("Remove the definition of the network filter.",
                                "The call fails while a running domain uses the filter."),
    "virNWFilterGetXMLDesc": Text("Return the XML of the network filter.", "", returns="XML"),
    "virNWFilterBindingLookupByPortDev": Text("Look up the binding of a filter by its network device.", "",
                                              {"portdev": "name of the device, such as \"vnet0\""}),
    "virNWFilterBindingCreateXML": Text(
        "Bind a network filter to a device of a running domain.",
        """Hypervisors usually do that by themselves. A domain that is started afterwards, and finds the device bound,
may not start.""", _xml("binding")),
    "virNWFilterBindingDelete": Text(
        "Remove the filter from its device, while the domain runs.",
        "virConnect.nwfilterBindingCreateXML() binds it again."),
    "virNWFilterBindingGetFilterName": Text("Return the name of the filter.", "", returns="the name"),
    "virNWFilterBindingGetPortDev": Text("Return the device that the filter is bound to.", "",
                                         returns="name of the device, such as \"vnet0\""),
    "virNWFilterBindingGetXMLDesc": Text("Return the XML of the binding.", "", returns="XML"),

    # devices of the host
    **_states("virNodeDevice", "device"),
    "virNodeDeviceGetName": Text("Return the name of the device.", "", returns="the name"),
    "virNodeDeviceGetParent": Text("Return the name of the device's parent.", "",
                                   returns="the name, or None for a device without a parent"),
    "virNodeDeviceLookupByName": Text("Look up a device of the host by its name.", "", {"name": "name of the device"},
                                      missing="VIR_ERR_NO_NODE_DEVICE"),
    "virNodeDeviceLookupSCSIHostByWWN": Text(
        "Look up a Fibre Channel host by its names.", "",
        {"wwnn": "its World Wide Node Name", "wwpn": "its World Wide Port Name"}, missing="VIR_ERR_NO_NODE_DEVICE"),
    "virNodeDeviceGetXMLDesc": Text("Return the XML of the device.", "", returns="XML"),
    "virNodeDeviceListCaps": Text("Return the capabilities of the device.", ""),
    "virNodeDeviceNumOfCaps": Text("Return the number of the device's capabilities.", "", returns=""),
    "virNodeDeviceCreateXML": Text(
        "Create a device of the host, for example a virtual HBA.", "It disappears when it is destroyed.",
        _xml("device")),
    "virNodeDeviceDefineXML": Text(
        "Define a device of the host, for example a mediated device.",
        "If it is defined already, its definition is changed. virNodeDevice.create() starts it.", _xml("device")),
    "virNodeDeviceCreate": Text("Start a defined device.", ""),
    "virNodeDeviceDestroy": Text(
        "Stop a virtual device, and remove it from the host.",
        "This method may require privileged access."),
    "virNodeDeviceUndefine": Text("Remove the definition of the device.",
                                  "This method may require privileged access."),
    "virNodeDeviceUpdate": Text(
        "Change the device.", "flags choose whether the active device, its persistent definition, or both are changed.",
        _xml("device")),
    "virNodeDeviceDettach": Text(
        "Detach the device from the host, so that a domain can use it.",
        """Its driver may be replaced by a stub, and the device reset. The call fails if the host uses the device.

virNodeDevice.reAttach() gives it back to the host. virNodeDevice.detachFlags() takes the name of a driver, such as
vfio."""),
    "virNodeDeviceDetachFlags": Text(
        "Detach the device from the host, so that a domain can use it.",
        """Its driver may be replaced by a stub, and the device reset. The call fails if the host uses the device.

virNodeDevice.reAttach() gives it back to the host.""",
        {"driverName": "driver for the device, such as vfio; None for the choice of the hypervisor"}),
    "virNodeDeviceReAttach": Text(
        "Give a detached device back to the host.",
        "The call fails if a domain uses the device."),
    "virNodeDeviceReset": Text(
        "Reset a device that is detached from the host.",
        """Reset it before or after a domain uses it. The way depends on the hypervisor and the device. The call fails
if it would also reset another device that is in use."""),

    # secrets
    **_uuid("virSecret", "secret"), **_lookup_by_uuid("virSecret", "secret", "VIR_ERR_NO_SECRET"),
    "virSecretLookupByUsage": Text("Look up a secret by what it is used for.", "",
                                   {"usageType": "one of VIR_SECRET_USAGE_TYPE_* (libvirt_enums.SecretUsageType)",
                                    "usageID": "what uses the secret, unique for each type"}),
    "virSecretDefineXML": Text(
        "Define a secret, or change its definition.",
        """If the XML has the UUID of an existing secret, its attributes are replaced by those of the XML. Without a
UUID, libvirt generates one. virSecret.setValue() sets the value.""", _xml("secret")),
    "virSecretUndefine": Text("Delete the secret.", ""),
    "virSecretGetValue": Text("Return the value of the secret.", ""),
    "virSecretSetValue": Text("Set the value of the secret.", "", {"value": "the value"}),
    "virSecretGetXMLDesc": Text("Return the XML of the secret.", "It does not contain the value.", returns="XML"),
    "virSecretGetUsageID": Text(
        "Return the identifier of what uses the secret.",
        """It is unique for each type of use; for a secret of type VIR_SECRET_USAGE_TYPE_VOLUME it is the path of the
volume.""", returns="identifier of the user, by its type"),
    "virSecretGetUsageType": Text(
        "Return what kind of thing uses the secret.", "A newer libvirt may return other types.",
        returns="one of libvirt_enums.SecretUsageType"),

    # storage pools
    **_name("virStoragePool", "pool"), **_uuid("virStoragePool", "pool"), **_states("virStoragePool", "pool"),
    **_lookup_by_name("virStoragePool", "storage pool", "VIR_ERR_NO_STORAGE_POOL"),
    **_lookup_by_uuid("virStoragePool", "storage pool", "VIR_ERR_NO_STORAGE_POOL"),
    "virStoragePoolLookupByTargetPath": Text(
        "Look up a storage pool by its directory.", "If there are several, any of them is returned.",
        {"path": "path of the directory"}, missing="VIR_ERR_NO_STORAGE_POOL"),
    "virStoragePoolLookupByVolume": Text("Return the storage pool of the volume.", ""),
    "virStoragePoolCreateXML": Text("Start a transient storage pool.", "It disappears when it is stopped.",
                                    _xml("pool")),
    "virStoragePoolDefineXML": Text("Define a persistent storage pool, or change its definition.", "", _xml("pool")),
    "virStoragePoolBuild": Text(
        "Create what the pool needs, such as a directory or a filesystem.",
        """Pools of a filesystem take VIR_STORAGE_POOL_BUILD_OVERWRITE and VIR_STORAGE_POOL_BUILD_NO_OVERWRITE, which
say whether existing data may be overwritten."""),
    "virStoragePoolCreate": Text("Start the pool.", ""),
    "virStoragePoolDestroy": Text("Stop the pool.",
                                  "Its content stays, and the definition of a persistent pool, too."),
    "virStoragePoolUndefine": Text("Remove the definition of the inactive pool.", "Its content stays."),
    "virStoragePoolDelete": Text("Delete the pool with all its content, irrecoverably.", ""),
    "virStoragePoolRefresh": Text("Update the list of the pool's volumes.",
                                  "This may query a server, or scan for new devices."),
    "virStoragePoolGetInfo": Text("Return the state and the size of the pool.", "", fields={
        "state": "one of libvirt_enums.StoragePoolState", "capacity": "bytes", "allocation": "bytes in use",
        "available": "bytes that are free"}),
    "virStoragePoolGetXMLDesc": Text("Return the XML of the pool.", "", returns="XML"),
    "virStoragePoolListAllVolumes": Text("Return all volumes of the pool.", ""),
    "virStoragePoolListVolumes": Text("Return the names of the pool's volumes.",
                                      "Prefer virStoragePool.listAllVolumes(), which returns objects."),
    "virStoragePoolNumOfVolumes": Text("Return the number of the pool's volumes.", "", returns=""),

    # storage volumes
    "virStorageVolGetName": Text("Return the name of the volume, unique in its pool.", "", returns="the name"),
    "virStorageVolGetKey": Text("Return the key of the volume, unique everywhere.",
                                "It is the same on each host that has the volume.", returns="the key"),
    "virStorageVolGetPath": Text(
        "Return the path of the volume.",
        "Depending on the pool, it is the same on all hosts, or chosen when the pool is started."),
    "virStorageVolLookupByName": Text("Look up a volume of the pool by its name.", "", {"name": "name of the volume"},
                                      missing="VIR_ERR_NO_STORAGE_VOL"),
    "virStorageVolLookupByKey": Text("Look up a volume by its key.", "", {"key": "key of the volume"},
                                     missing="VIR_ERR_NO_STORAGE_VOL"),
    "virStorageVolLookupByPath": Text("Look up a volume by its path on the host.", "", {"path": "path of the volume"},
                                      missing="VIR_ERR_NO_STORAGE_VOL"),
    "virStorageVolCreateXML": Text(
        "Create a volume in the pool.",
        """Not every pool supports that. With VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA the metadata of a qcow2 file is
allocated, which makes it faster.""", _xml("volume")),
    "virStorageVolCreateXMLFrom": Text(
        "Create a volume in the pool, with the content of another one.",
        """With VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA the metadata of a qcow2 file is allocated, which makes it
faster.""", {**_xml("new volume"), "clonevol": "the volume to copy"}),
    "virStorageVolDelete": Text("Delete the volume.", ""),
    "virStorageVolGetInfo": Text("Return the type and the size of the volume.", "", fields=_SIZES),
    "virStorageVolGetInfoFlags": Text(
        "Return the type and the size of the volume.",
        """With VIR_STORAGE_VOL_GET_PHYSICAL, allocation is the physical size on the disk, which differs for sparse
files and formats such as qcow2.""", fields=_SIZES),
    "virStorageVolGetXMLDesc": Text("Return the XML of the volume.", "", returns="XML"),
    "virStorageVolResize": Text(
        "Change the capacity of the volume.",
        """The call fails if the free space of the pool does not suffice. New space is zeros. The hypervisor may round
the capacity, or refuse one that is not round.

With VIR_STORAGE_VOL_RESIZE_ALLOCATE new space is allocated, which takes longer. With VIR_STORAGE_VOL_RESIZE_DELTA the
capacity is added to the current one. With VIR_STORAGE_VOL_RESIZE_SHRINK the volume may become smaller, even if data is
lost; together with VIR_STORAGE_VOL_RESIZE_DELTA the capacity is subtracted.""", {"capacity": "bytes"}),
    "virStorageVolUpload": Text(
        "Write to the volume from a stream.",
        _TRANSFER.format("for example virStream.sendAll(), then virStream.finish()",
                         "VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM",
                         "use virStream.sparseSendAll() or virStream.sendHole()") + """

The call fails if offset + length is beyond the size of the volume; sending more than length bytes fails, too. libvirt
refreshes the pool when the stream ends, since the volume may have another format or size.""",
        {"stream": "the stream", "offset": "where to begin, in bytes", "length": "bytes, 0 for no limit"}),
    "virStorageVolDownload": Text(
        "Read the volume into a stream.",
        _TRANSFER.format("for example virStream.recvAll(), then virStream.finish()",
                         "VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM", _STOPS_AT_HOLES),
        {"stream": "the stream", "offset": "where to begin, in bytes", "length": "bytes, 0 for all the rest"}),
    "virStorageVolWipe": Text(
        "Overwrite the volume, so that its data cannot be read any more.",
        """The format may be overwritten, too, so that the volume becomes raw and has another size; some pools create
it again.

Old data may remain on storage with a journal or copy-on-write, and on network file systems."""),
    "virStorageVolWipePattern": Text(
        "Overwrite the volume by a given algorithm.", "See virStorageVol.wipe().",
        {"algorithm": "one of VIR_STORAGE_VOL_WIPE_ALG_* (libvirt_enums.StorageVolWipeAlgorithm)"}),

    # streams
    "virStreamAbort": Text(
        "Abort the transfer.",
        "The other side is notified. Remove the callback of a stream that does not block first."),
    "virStreamFinish": Text(
        "End the transfer, and wait until the other side has got everything.",
        """Call it when all data was sent, or when virStream.recv() has returned an empty bytes object. It raises
libvirtError if the transfer has failed: until then, the data may be incomplete.

Remove the callback of a stream that does not block first."""),
    "virStreamEventUpdateCallback": Text(
        "Change the events that the callback of the stream waits for.", "",
        {"events": "bitwise-OR of VIR_STREAM_EVENT_* (libvirt_enums.StreamEventType)"}),
    "virStreamSendHole": Text(
        "Have the other side make a hole, instead of sending zeros.",
        """Together with virStream.send() for what is data:

    for is_data, length in sections:
        if is_data:
            stream.send(file.read(length))
        else:
            file.seek(length, os.SEEK_CUR)
            stream.sendHole(length)

virStream.sparseSendAll() does all of that.""", {"length": "bytes"}),
    "virStreamRecvHole": Text(
        "Return the length of the hole that the stream has come to.",
        """Call it when virStream.recvFlags() has returned -3, and skip as many bytes of the target.
virStream.sparseRecvAll() does all of that.""", returns="bytes"),

    # QEMU and LXC
    "virDomainQemuMonitorCommand": Text(
        "Send a command to QEMU's monitor.",
        """A command that only asks is safe. One that changes what libvirt keeps track of is not, and may make the
daemon crash.

Commands are QMP, documented at https://www.qemu.org/docs/master/interop/qmp-spec.html; with
VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP they are those of the human monitor.""",
        {"domain": "the domain", "cmd": "the command"}, "QEMU's answer"),
    "virDomainQemuAgentCommand": Text(
        "Send a command to the guest agent.",
        """Commands are documented at https://www.qemu.org/docs/master/interop/qemu-ga-ref.html

- VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK: wait for ever
- VIR_DOMAIN_QEMU_AGENT_COMMAND_DEFAULT: wait for a time that libvirt chooses
- VIR_DOMAIN_QEMU_AGENT_COMMAND_NOWAIT: do not wait""",
        {"domain": "the domain", "cmd": "the command", "timeout": "seconds, or one of the above",
         "flags": "not used yet; pass 0"}, "the agent's answer"),
    "virDomainQemuAttach": Text(
        "Attach to a QEMU process that libvirt has not started.",
        "The QEMU driver does not support that since libvirt 5.5.0.",
        {"conn": "the connection", "pid_value": "number of the process"}),
    "virDomainLxcEnterCGroup": Text("Move the calling process into the control groups of a container.", "",
                                    {"domain": "the container"}),
    "virDomainLxcOpenNamespace": Text(
        "Open the namespaces of a container.", "libvirt_lxc.lxcEnterNamespace() takes them.",
        {"domain": "the container"}, returns=""),

    # libvirt-admin
    "virAdmGetVersion": Text("Return the version of the libvirt-admin library.",
                             "See virAdmConnect.getLibVersion() for the version of the daemon.",
                             returns="1000000 * major + 1000 * minor + release"),
    "virAdmInitialize": Text("Initialize the library.", "libvirt_admin.open() does that, too."),
    "virAdmConnectGetLibVersion": Text("Return the version of the daemon's libvirt.", "",
                                       returns="1000000 * major + 1000 * minor + release"),
    "virAdmConnectGetURI": Text(
        "Return the URI of the connection.",
        "That is usually what was given to libvirt_admin.open(); there is one even if none was given.",
        returns="the URI"),
    "virAdmConnectIsAlive": Text("Tell whether the connection is still alive.",
                                 "It is, if its channel is not closed.", returns=_IF_SO),
    "virAdmConnectListServers": Text("Return all servers of the daemon.", ""),
    "virAdmConnectLookupServer": Text("Look up a server of the daemon by its name.", "",
                                      {"name": "name of the server"}),
    "virAdmConnectDaemonShutdown": Text(
        "Shut down the daemon.", "With VIR_DAEMON_SHUTDOWN_PRESERVE the state of running domains is kept.",
        {"flags": "VIR_DAEMON_SHUTDOWN_PRESERVE, or 0"}),
    "virAdmConnectSetDaemonTimeout": Text(
        "Set how long the daemon keeps running without clients.", "", {"timeout": "seconds, 0 for never"}),
    "virAdmConnectGetLoggingFilters": Text(
        "Return the log filters of the daemon.",
        "Filters are in the format of the daemon's configuration file.", returns="filters, with spaces between"),
    "virAdmConnectGetLoggingOutputs": Text(
        "Return the log outputs of the daemon.",
        "Outputs are in the format of the daemon's configuration file.", returns="outputs, with spaces between"),
    "virAdmConnectSetLoggingFilters": Text(
        "Set the log filters of the daemon.",
        "Filters are in the format of the daemon's configuration file.",
        {"filters": "filters, with spaces between; empty or None for no filter"}),
    "virAdmConnectSetLoggingOutputs": Text(
        "Set the log outputs of the daemon.", "Outputs are in the format of the daemon's configuration file.",
        {"outputs": "outputs, with spaces between; empty or None for libvirt's own choice"}),
    "virAdmServerGetName": Text("Return the name of the server.", "", returns="the name"),
    "virAdmServerListClients": Text("Return all clients of the server.", ""),
    "virAdmServerLookupClient": Text("Look up a client of the server by its ID.", "", {"id": "ID of the client"}),
    "virAdmServerGetClientLimits": Text(
        "Return how many clients the server has, and may have.",
        "The names are VIR_SERVER_CLIENTS_*, for all clients and for those that wait for authentication."),
    "virAdmServerSetClientLimits": Text("Change how many clients the server may have.", ""),
    "virAdmServerGetThreadPoolParameters": Text(
        "Return how many threads the server has, and may have.", "The names are VIR_THREADPOOL_*."),
    "virAdmServerSetThreadPoolParameters": Text(
        "Change how many threads the server may have.", "Some values are read-only: setting them fails."),
    "virAdmServerUpdateTlsFiles": Text(
        "Have the server reload its TLS files.",
        "The files are its certificate and key, and those of the certificate authority."),
    "virAdmClientGetID": Text("Return the ID of the client.", "", returns="unique number"),
    "virAdmClientGetTimestamp": Text("Return when the client connected.", "",
                                     returns="seconds since 1970 (UTC); 0 if the daemon does not know"),
    "virAdmClientGetTransport": Text(
        "Return how the client is connected.", "A client that comes over SSH looks like a local one.",
        returns="one of libvirt_enums.ClientTransport"),
    "virAdmClientGetInfo": Text(
        "Return who the client is.",
        """The names are VIR_CLIENT_INFO_*. Some exist for local clients only, such as the process and the user,
some for remote ones only, such as the address.

"readonly" is false for a client over TCP or TLS, even if it does not want to write."""),
    "virAdmClientClose": Text("Disconnect the client.", ""),
}
