# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults that no test can show: a regular expression for "OPERATOR FILE FUNCTION: PART | PART -> NEW", and why."""

EQUIVALENT = (
    (r"^retype .*: virPyFromInt\(\d+\) ->", "the number is a constant"),
    (r"^retype failure\.c (virPyFailInt|virPyRefuse): virPyFromInt\(value\) -> virPyFromInt", "-1 or 0"),
    (r"^skip-check libvirtmod\.c .*: !\w+_events\[event\] ->", "no event is left out, so no table has a gap"),
    (r"^drop-free typewrappers\.c hideBefore: .*asterisk", "Python has each text of one such character once"),
    (r"^failure-value (connect|domain|host|lxc|qemu|stats)\.c hand_vir", "a result beside an exception is dropped"),
    (r"^retype connect\.c received: virPyFromInt\(count\)", "-2 or -3"),
    (r"^retype calls\.c convert: virPyAsLong", "no function of libvirt takes a long"),
    (r"^skip-check calls\.c plainText: if \(!PyUnicode_Check", "what is no text has none"),
)
