# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults that no test can notice: a regular expression for "OPERATOR FILE FUNCTION: PART | PART -> NEW", and why."""

EQUIVALENT = (
    (r"^retype .*: virPyFromInt\(\d+\) ->", "the number is a constant"),
    (r"^retype errorrecord\.c (virPyFailInt|virPyRefuse): virPyFromInt\(value\) -> virPyFromInt",
     "the number is -1 or 0"),
    (r"^skip-check libvirtmod\.c .*: !\w+_events\[event\] ->", "no event is left out, so no table has a gap"),
    (r"^drop-free typewrappers\.c maskBefore: .*asterisk", "Python caches strings of one such character"),
    (r"^failure-value \w+\.c (hand_\w+|refuseSecondLoop):  ->",
     "where NULL stands for an exception that is set, the wrapper drops any other result and raises that"),
    (r"^retype connect\.c fromBuffer: virPyFromInt\(count\)", "the number is -2 or -3"),
    (r"^retype libvirtmod-objects\.c wrap_virEventRemove\w+: virPyFromInt\(retval\)", "the number is 0"),
    (r"^failure-value \w+\.c hand__newReference: virPyFail", "libvirt can always take a reference to a valid handle"),
    (r"^retype handles\.c virPyFreeHandle: virPyFromInt\(retval\)", "libvirt returns 0 or 1"),
    (r"^skip-check domain\.c asKeycodes: if \(PyErr_Occurred", "a list for which memory can lack is refused anyway"),
    (r"^skip-check errorhandler\.c callHandler: pair == Py_None", "a race that no test can time"),
    (r"^retype libvirtmod-domain\.c wrap_virDomainGetID: virPyFromUInt", "libvirt keeps the id in an int"),
    (r"^failure-value auth\.c takeAnswer", "the caller looks at the exception alone"),
    (r"^failure-value stats\.c addCpuStats: ", "an exception is set, which the wrapper raises"),
    (r"^drop-free errorrecord\.c virPyRaiseRefused: Py_XDECREF\(refused\)", "it is -1, which Python keeps for ever"),
    (r"^retype libvirtmod-objects\.c wrap_virEventAdd\w+: virPyFromInt\(retval\) -> virPyFromUInt",
     "the number is not negative"),
    (r"^failure-value typewrappers\.c virPyAsText:  ->",
     "no allocation fails there in a test, since Python keeps the encoded text with the str"),
    (r"^skip-check errorrecord\.c messageOf: .*error->str2", "libvirt names the C function in each such error"),
    (r"^bounds calls\.c convertArgument: LONG_M", "no libvirt function takes a long"),
)
