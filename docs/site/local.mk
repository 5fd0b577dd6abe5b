# The site: guides and the API reference, built by Sphinx if it is installed.
# SPDX-License-Identifier: LGPL-2.1-or-later

SITE_FILES = \
	%D%/admin.md \
	%D%/apixml.py \
	%D%/architecture.md \
	%D%/asyncio.md \
	%D%/binding.md \
	%D%/conf.py \
	%D%/connections.md \
	%D%/describe.py \
	%D%/enumpages.py \
	%D%/errors.md \
	%D%/eventpage.py \
	%D%/events.md \
	%D%/faq.md \
	%D%/index.md \
	%D%/keypage.py \
	%D%/links.py \
	%D%/objects.md \
	%D%/porting.md \
	%D%/recipes/events.md \
	%D%/recipes/guests.md \
	%D%/recipes/hosts.md \
	%D%/recipes/index.md \
	%D%/recipes/machines.md \
	%D%/recipes/storage.md \
	%D%/reference.py \
	%D%/security.md \
	%D%/start.md \
	%D%/static/architecture.svg \
	%D%/static/lifecycle.svg \
	%D%/static/site.css \
	%D%/static/threads.svg \
	%D%/statistics.md \
	%D%/streams.md \
	%D%/threads.md \
	%D%/topics.py \
	%D%/typepage.py \
	%D%/typing.md \
	$(NULL)
EXTRA_DIST += $(SITE_FILES)

# Sphinx imports the modules for their docstrings, so they must be built. The directory is created anew each time, so
# that it contains no stale page.
html: all
	@$(PYTHON) -c 'import sphinx, furo, myst_parser' 2>/dev/null || { \
	  echo "make html needs Sphinx, furo and myst-parser, which $(PYTHON) does not have" \
	    "(Debian: python3-sphinx furo python3-myst-parser)" >&2; exit 1; }
	rm -rf %D%/source html
	$(MKDIR_P) %D%/source/examples %D%/source/recipes %D%/source/static
	for file in $(EXAMPLES); do cp "$(srcdir)/$$file" %D%/source/examples || exit; done
	for file in $(SITE_FILES); do \
	  cp "$(srcdir)/$$file" "%D%/source/$${file#%D%/}" || exit; \
	done
	for page in callbacks differences packaging packaging-checks performance performance-results reliability reliability-results; do \
	  sed 's#](site/#](#; s#](../SECURITY.md)#](security.md)#' "$(srcdir)/docs/$$page.md" >"%D%/source/$$page.md" || exit; \
	done
	cp "$(srcdir)/NEWS.md" %D%/source/news.md
	LIBVIRT_PYTHON_NAME='$(PACKAGE)' LIBVIRT_PYTHON_VERSION='$(VERSION)' \
	LIBVIRT_PYTHON_COPYRIGHT="`$(PYTHON) $(srcdir)/packaging/project.py value copyright`" \
	LIBVIRT_PYTHON_STUBS='$(abs_builddir)/python' \
	LIBVIRT_PYTHON_API_XML='$(LIBVIRT_API_XML) $(MODULE_API_XML)' \
	./run $(PYTHON) -m sphinx -q -W --keep-going -b html %D%/source html
	$(PYTHON) $(srcdir)/%D%/links.py html
	@echo "The site is in html/index.html"

clean-html:
	rm -rf %D%/source html

.PHONY: html clean-html
