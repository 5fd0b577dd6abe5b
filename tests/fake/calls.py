# SPDX-License-Identifier: LGPL-2.1-or-later
"""The complete table of calls."""

from . import (calls_admin, calls_cpus, calls_drivers, calls_fields, calls_inputs, calls_lists, calls_params,
               calls_plain_domain, calls_plain_others, calls_structs)

ROWS = (
    *calls_params.ROWS, *calls_fields.ROWS, *calls_structs.ROWS, *calls_cpus.ROWS, *calls_lists.ROWS,
    *calls_inputs.ROWS, *calls_plain_domain.ROWS, *calls_plain_others.ROWS, *calls_drivers.ROWS,
    *calls_admin.ROWS, *calls_plain_others.FREED,
)
