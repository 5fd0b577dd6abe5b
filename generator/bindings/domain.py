# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains, snapshots and checkpoints."""

from .. import kinds
from .schema import RAISES_ON_ZERO, Row

_DESTINATION = "the new domain lives at the destination"

ROWS = (
    Row("virDomainSnapshotNum", "historic name", name="snapshotNum"),
    Row("virDomainGetMaxMemory", "0 is the failure",
        result=kinds.Number("unsigned long", failing="0", raises=RAISES_ON_ZERO)),
    Row("virDomainGetState", "the container of two results",
        result=kinds.Outputs((kinds.ScalarOut("state", "int"), kinds.ScalarOut("reason", "int")), "List")),
    Row("virDomainGetSecurityLabel", "a truth value",
        result=kinds.Outputs((kinds.StructOut("seclabel", booleans=("enforcing",)),))),
    *(Row(name, _DESTINATION, wraps="dconn") for name in ("virDomainMigrate", "virDomainMigrate2")),
)
