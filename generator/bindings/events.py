# SPDX-License-Identifier: LGPL-2.1-or-later
"""Event families.  Each event comes from the API description; here is what it does not tell."""

from .schema import EventFamily


def _family(subject: str, name: str, parameter: str) -> EventFamily:
    stem = "virConnect" + subject[len("vir"):] + "Event"
    return EventFamily(subject, subject + "EventID", stem + "RegisterAny", stem + "DeregisterAny", name, parameter)


FAMILIES = (
    _family("virDomain", "domain", "dom"),
    _family("virNetwork", "network", "net"),
    _family("virStoragePool", "storagePool", "pool"),
    _family("virNodeDevice", "nodeDevice", "dev"),
    _family("virSecret", "secret", "secret"),
)

# Callback type -> method of the connection, where it is not the type's name after "virConnect".
DISPATCHERS = {
    "virConnectDomainEventCallback": "_dispatchDomainEventLifecycleCallback",
}

# Method -> names of its parameters between self and cbData, where programs know them by others than C's.
PARAMETERS = {
    "_dispatchDomainEventLifecycleCallback": ("dom", "event", "detail"),
    "_dispatchDomainEventGenericCallback": ("dom",),
    "_dispatchDomainEventRTCChangeCallback": ("dom", "offset"),
    "_dispatchDomainEventGraphicsCallback": ("dom", "phase", "localAddr", "remoteAddr", "authScheme", "subject"),
    "_dispatchDomainEventMetadataChangeCallback": ("dom", "mtype", "nsuri"),
    "_dispatchNetworkEventMetadataChangeCallback": ("dom", "mtype", "nsuri"),
}
