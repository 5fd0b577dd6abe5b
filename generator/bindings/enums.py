# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the API description does not say about enums."""

from .schema import Link

# Enums whose values would be taken for flags: they are powers of two, but cannot be combined.
NO_FLAGS = ("virErrorLevel",)

# Enums each member of which has an enum of its own.
LINKS = {
    "virDomainEventType": Link(
        "details", "virDomainEvent{}DetailType", "Return the enum of the details of such an event"),
    "virDomainState": Link("reasons", "virDomain{}Reason", "Return the enum of the reasons for this state"),
    "virDomainControlState": Link(
        "details", "virDomainControl{}Reason", "Return the enum of the details of this state"),
}
