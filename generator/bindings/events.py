# SPDX-License-Identifier: LGPL-2.1-or-later
"""Families of events.  The events are in the API description; here is what it does not say about them."""

from .schema import EventFamily


def _family(subject: str, name: str) -> EventFamily:
    stem = "virConnect" + subject[len("vir"):] + "Event"
    return EventFamily(subject, subject + "EventID", stem + "RegisterAny", stem + "DeregisterAny", name)


FAMILIES = (
    _family("virDomain", "domain"),
    _family("virNetwork", "network"),
    _family("virStoragePool", "storagePool"),
    _family("virNodeDevice", "nodeDevice"),
    _family("virSecret", "secret"),
)

# Callback type -> method of the connection, where that is not "_dispatch" and the type's name without "virConnect".
DISPATCHERS = {
    "virConnectDomainEventCallback": "_dispatchDomainEventLifecycleCallback",
}

# Method -> names of its parameters between self and cbData, where programs know other names than those of C.
PARAMETERS = {
    "_dispatchDomainEventLifecycleCallback": ("dom", "event", "detail"),
    "_dispatchDomainEventGenericCallback": ("dom",),
    "_dispatchDomainEventRTCChangeCallback": ("dom", "offset"),
    "_dispatchDomainEventGraphicsCallback": ("dom", "phase", "localAddr", "remoteAddr", "authScheme", "subject"),
    "_dispatchDomainEventMetadataChangeCallback": ("dom", "mtype", "nsuri"),
    "_dispatchNetworkEventMetadataChangeCallback": ("dom", "mtype", "nsuri"),
}
