# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the C wrappers and the Python modules from libvirt's API description.

apixml reads the description into a model.  plan makes a plan for each function,
with the names of naming, the converters that inference finds, and the rows of
the bindings table.  checks refuses rows that break the rules of the table, and
emit writes the files.  README.md says how to bind a new function.
"""
