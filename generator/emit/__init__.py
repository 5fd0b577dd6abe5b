# SPDX-License-Identifier: LGPL-2.1-or-later
"""The emitters, one for each kind of output.  They decide nothing about the API."""
