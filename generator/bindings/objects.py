# SPDX-License-Identifier: LGPL-2.1-or-later
"""Networks, storage, devices, secrets, filters, streams."""

from .. import kinds
from .schema import Row

ROWS = (
    Row("virNetworkGetDHCPLeases", "historic name and order, and all leases by default", name="DHCPLeases",
        defaults={"mac": None}, result=kinds.Records("leases", order=(
            "iface", "expirytime", "type", "mac", "ipaddr", "prefix", "hostname", "clientid", "iaid"))),
    Row("virNetworkPortSetParameters", "the types come from the getter", inputs={"params": kinds.ParamsLearned(
        "params", "nparams", "virNetworkPortGetParameters", allocates=True)}),
    Row("virSecretGetValue", "bytes with their length, to be wiped", hand=("secret", "flags"),
        result=kinds.HandResult("bytes", "bytes")),
    *(Row(name, "a with statement asks whether its block has ended the transfer", notes="_ended")
      for name in ("virStreamFinish", "virStreamAbort")),
)
