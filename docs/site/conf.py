# SPDX-License-Identifier: LGPL-2.1-or-later
"""How Sphinx builds the site; "make html" copies this directory to the build tree and runs it there."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

project = "libvirt-python"
version = release = os.environ.get("LIBVIRT_PYTHON_VERSION", "")
copyright = "the libvirt-python developers"  # pylint: disable=redefined-builtin
extensions = ["sphinx.ext.autodoc", "myst_parser", "reference"]
root_doc = "index"
nitpicky = False
highlight_language = "python"
# Functions of the module libvirt are methods of nothing: their names are clear without it.
add_module_names = False
autodoc_member_order = "alphabetical"
autodoc_typehints = "signature"
myst_heading_anchors = 3
# Texts that are for those who read the sources, too, link to files of it.
suppress_warnings = ["myst.xref_missing", "myst.header"]
html_theme = "furo"
html_title = f"libvirt-python {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
# The same bytes whenever it is built.
html_last_updated_fmt = None
