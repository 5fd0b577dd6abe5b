# SPDX-License-Identifier: LGPL-2.1-or-later
"""Networks, storage, devices, secrets, filters, streams."""

from ..converters import HandResult, ParamsLearned, Records
from .schema import Row

ROWS = (
    Row("virNetworkGetDHCPLeases", "historic name and order, and all leases by default", name="DHCPLeases",
        defaults={"mac": None}, result=Records("leases", order=(
            "iface", "expirytime", "type", "mac", "ipaddr", "prefix", "hostname", "clientid", "iaid"))),
    Row("virNetworkPortSetParameters", "the types come from the getter", inputs={"params": ParamsLearned(
        "params", "nparams", "virNetworkPortGetParameters", allocates=True)}),
    Row("virSecretGetValue", "bytes with their length, to be wiped", hand=("secret", "flags"),
        result=HandResult("bytes")),
    *(Row(name, "a with statement asks whether its block has ended the transfer", sets_flag="_ended")
      for name in ("virStreamFinish", "virStreamAbort")),
)
