# SPDX-License-Identifier: LGPL-2.1-or-later
"""Error codes that programs look for: each has a class of its own in libvirtError."""

CLASSES = {
    # An object is missing, or exists already.
    "NoDomainError": "VIR_ERR_NO_DOMAIN",
    "NoDomainBackupError": "VIR_ERR_NO_DOMAIN_BACKUP",
    "NoDomainCheckpointError": "VIR_ERR_NO_DOMAIN_CHECKPOINT",
    "NoDomainMetadataError": "VIR_ERR_NO_DOMAIN_METADATA",
    "NoDomainSnapshotError": "VIR_ERR_NO_DOMAIN_SNAPSHOT",
    "NoInterfaceError": "VIR_ERR_NO_INTERFACE",
    "NoNetworkError": "VIR_ERR_NO_NETWORK",
    "NoNetworkPortError": "VIR_ERR_NO_NETWORK_PORT",
    "NoNodeDeviceError": "VIR_ERR_NO_NODE_DEVICE",
    "NoNWFilterError": "VIR_ERR_NO_NWFILTER",
    "NoNWFilterBindingError": "VIR_ERR_NO_NWFILTER_BINDING",
    "NoSecretError": "VIR_ERR_NO_SECRET",
    "NoStoragePoolError": "VIR_ERR_NO_STORAGE_POOL",
    "NoStorageVolError": "VIR_ERR_NO_STORAGE_VOL",
    "DeviceMissingError": "VIR_ERR_DEVICE_MISSING",
    "DomainExistsError": "VIR_ERR_DOM_EXIST",
    "NetworkExistsError": "VIR_ERR_NETWORK_EXIST",
    "StorageVolExistsError": "VIR_ERR_STORAGE_VOL_EXIST",
    # An operation is not possible, now or ever.
    "NoSupportError": "VIR_ERR_NO_SUPPORT",
    "ArgumentUnsupportedError": "VIR_ERR_ARGUMENT_UNSUPPORTED",
    "ConfigUnsupportedError": "VIR_ERR_CONFIG_UNSUPPORTED",
    "OperationUnsupportedError": "VIR_ERR_OPERATION_UNSUPPORTED",
    "OperationInvalidError": "VIR_ERR_OPERATION_INVALID",
    "OperationFailedError": "VIR_ERR_OPERATION_FAILED",
    "OperationTimeoutError": "VIR_ERR_OPERATION_TIMEOUT",
    "OperationAbortedError": "VIR_ERR_OPERATION_ABORTED",
    "OperationDeniedError": "VIR_ERR_OPERATION_DENIED",
    "AccessDeniedError": "VIR_ERR_ACCESS_DENIED",
    "ResourceBusyError": "VIR_ERR_RESOURCE_BUSY",
    "MigrateUnsafeError": "VIR_ERR_MIGRATE_UNSAFE",
    "AgentUnresponsiveError": "VIR_ERR_AGENT_UNRESPONSIVE",
    # The call was wrong.
    "InvalidArgumentError": "VIR_ERR_INVALID_ARG",
    "InvalidConnectionError": "VIR_ERR_INVALID_CONN",
    "XMLError": "VIR_ERR_XML_ERROR",
    "XMLSchemaError": "VIR_ERR_XML_INVALID_SCHEMA",
    # The connection to the daemon or hypervisor failed.
    "AuthenticationFailedError": "VIR_ERR_AUTH_FAILED",
    "AuthenticationCancelledError": "VIR_ERR_AUTH_CANCELLED",
    "InternalError": "VIR_ERR_INTERNAL_ERROR",
    "RPCError": "VIR_ERR_RPC",
    "SystemCallError": "VIR_ERR_SYSTEM_ERROR",
}
