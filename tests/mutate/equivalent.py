# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults that no test can show: a regular expression for "OPERATOR FILE FUNCTION: PART | PART -> NEW", and why."""

EQUIVALENT = (
    (r"skip-check .*: if \(virPyNewParams\(&\w+\) < 0\)", "out of memory"),
)
