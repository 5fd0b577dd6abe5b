# SPDX-License-Identifier: LGPL-2.1-or-later
"""Networks, storage, devices, secrets, filters, streams."""

from ..converters import ParamsLearned, Records, ResultByHand, ScalarOut
from .schema import Row

ROWS = (
    Row("virNetworkGetDHCPLeases", "historic name and order; by default all leases", name="DHCPLeases",
        defaults={"mac": None}, result=Records("leases", order=(
            "iface", "expirytime", "type", "mac", "ipaddr", "prefix", "hostname", "clientid", "iaid"))),
    Row("virNetworkPortSetParameters", "the types come from the getter", inputs={"params": ParamsLearned(
        "params", "nparams", "virNetworkPortGetParameters", allocates=True)}),
    Row("virSecretGetValue", "bytes that must be wiped", result=ResultByHand(
        (ScalarOut("value_size", "size_t"),), ctype="unsigned char *",
        conversion="virPyFromSecret(retval, value_size)", type_hint="bytes", description="bytes")),
    *(Row(name, "the context manager has to know that the transfer has ended", sets_flag="_ended")
      for name in ("virStreamFinish", "virStreamAbort")),
)
