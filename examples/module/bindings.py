# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the module libvirt_thing is made from."""

from generator.bindings import handles
from generator.bindings.schema import Module, Part, Row
from generator.converters import HandResult, IntsIn, Outputs, ScalarOut

MODULE = Module(
    name="libvirt_thing", extension="libvirtmod_thing", library="libvirt-thing", header="libvirt/libvirt-thing.h",
    # Functions take and return objects of libvirt, and lose the prefix of their names.
    handles=(handles.CONNECT, handles.DOMAIN), strip="vir",
    parts=(Part(bodies=("thing.c",)),),
    # Only what a signature does not say.
    rows=(
        Row("virThingGetPair", "the container", result=Outputs(
            (ScalarOut("first", "int"), ScalarOut("second", "int")), "Tuple")),
        Row("virThingRefused", "descriptors go in", hand=("files",), inputs={"files": IntsIn("files", "nfiles")},
            result=HandResult("int", "how many it has taken")),
    ),
    fragments=("thing.py",),
    doc="What the library libvirt-thing has.",
)
