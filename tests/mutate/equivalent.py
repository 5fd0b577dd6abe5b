# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults that no test can show: a regular expression for "OPERATOR FILE FUNCTION: PART | PART -> NEW", and why."""

EQUIVALENT = (
    (r"^skip-check .*: if \(virPyNewParams\(&\w+\) < 0\)", "out of memory"),
    (r"^skip-check libvirtmod.*: if \(!\((names\.array|\w+) = virPyNewArray\(", "out of memory"),
    (r"^skip-check (cpumaps|domain|host)\.c .*: if \(!(maps?|memory|counts|errors|list)\) return NULL;",
     "out of memory"),
    (r"^skip-check .*: !\(\w+ = args\[\d\]\)", "an argument is never NULL"),
    (r"^drop-free libvirtmod.* fields_of_\w+: Py_CLEAR\(dict\);", "out of memory"),
    (r"^drop-free domain\.c (fromInterfaces|fromDiskErrors|hand_\w+): Py_CLEAR\(dict\);", "out of memory"),
    (r"^drop-free (host|cpumaps|libvirt-utils)\.c (fromFreePages|fromIOThreads|virPyListOf|virPyFromHandles|"
     r"virPyFromRecords|virPyFromStructs): Py_(CLEAR|XDECREF)\((whole|list|capsule)\);", "out of memory"),
    (r"^(retype|bounds) .*: virPyFrom\w+\(-?\d+\) ->", "the number is a constant"),
    (r"^retype failure\.c virPyFromError: virPyFromInt\((\(int\))?error->(level|code|domain)\)",
     "small, and not negative"),
    (r"^retype failure\.c (virPyFailInt|virPyRefuse): virPyFromInt\(value\) -> virPyFromInt", "-1 or 0"),
    (r"^retype failure\.c virPyFromError: virPyFromInt\(error->int[12]\) -> virPyFromInt",
     "libvirt sets no number as large"),
    (r"^skip-check failure\.c virPyTakeFailure: (if \(same && PyDict_DelItemString)",
     "a key that is there is deleted"),
    (r"^retype host\.c hand_virGetVersion: virPyFromULong\((library|type)\)", "versions are small"),
    (r"^skip-check errors\.c onError: (!error|error->code == VIR_ERR_OK) ->", "libvirt reports no such error"),
    (r"^skip-check errors\.c hand_virRegisterErrorHandler: if \(!new\)", "out of memory"),
    (r"^swap-items host\.c hand_virGetVersion:", "libvirt gives the same number twice"),
    (r"^bounds host\.c hand_virNodeGetFreePages: INT_MAX ->", "a limit that nothing comes near"),
)
