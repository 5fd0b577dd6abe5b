# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the C wrappers and the Python modules from libvirt's API description.

The stages, in order: apixml (reads) -> model -> plan (one per function, with
naming, kinds, shapes and the bindings table) -> checks -> emit.  README.md
says how to bind a new function.
"""
