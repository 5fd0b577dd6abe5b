# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sphinx configuration of the site. "make html" copies this directory to the build tree and runs Sphinx there."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

project = os.environ.get("LIBVIRT_PYTHON_NAME", "")
version = release = os.environ.get("LIBVIRT_PYTHON_VERSION", "")
copyright = os.environ.get("LIBVIRT_PYTHON_COPYRIGHT", "")  # pylint: disable=redefined-builtin
extensions = ["sphinx.ext.autodoc", "myst_parser", "reference"]
root_doc = "index"
nitpicky = False
highlight_language = "python"
# The headings name the module, so the names of functions do not repeat it.
add_module_names = False
autodoc_member_order = "alphabetical"
autodoc_typehints = "signature"
myst_heading_anchors = 3
# Documents that are also read in the source tree link to files that are not part of the site.
suppress_warnings = ["myst.xref_missing", "myst.header"]
html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
# Names without their class in the list on the right.
toc_object_entries_show_parents = "hide"
html_show_sphinx = False
# An index of all names would have half a megabyte. Pages of classes have their own, and the search finds all names.
html_use_index = False
# No date: the site has the same bytes whenever it is built.
html_last_updated_fmt = None
