# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bindings table: plain data, one file for each subject.  schema.py says what a row can hold."""
