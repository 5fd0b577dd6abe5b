# The examples. They are for reading, so they are installed as data, and no packaging tool takes them for programs.
# SPDX-License-Identifier: LGPL-2.1-or-later

EXAMPLES = \
	%D%/agent.py \
	%D%/backup.py \
	%D%/blockcommit.py \
	%D%/blockcopy.py \
	%D%/clients.py \
	%D%/console.py \
	%D%/create.py \
	%D%/domains.py \
	%D%/download.py \
	%D%/encrypt.py \
	%D%/enter.py \
	%D%/events.py \
	%D%/events_asyncio.py \
	%D%/exporter.py \
	%D%/hosts.py \
	%D%/hosts_asyncio.py \
	%D%/hotplug.py \
	%D%/migrate.py \
	%D%/monitor.py \
	%D%/networks.py \
	%D%/power.py \
	%D%/reconnect.py \
	%D%/reconnect_asyncio.py \
	%D%/resize.py \
	%D%/screenshot.py \
	%D%/snapshot.py \
	%D%/stats.py \
	%D%/tour.py \
	%D%/upload.py \
	$(NULL)
# A module that is built outside of this tree. "make install-devel" installs it.
EXAMPLE_MODULE = \
	%D%/module/Makefile \
	%D%/module/bindings.py \
	%D%/module/thing.c \
	%D%/module/thing.py \
	%D%/module/thing.pyi \
	$(NULL)
EXTRA_DIST += $(EXAMPLES) $(EXAMPLE_MODULE)

examplesdir = $(docdir)/examples
if INSTALL_EXAMPLES
examples_DATA = $(EXAMPLES)
endif

uninstall-documentation:
	@rmdir "$(DESTDIR)$(examplesdir)" "$(DESTDIR)$(docdir)" 2>/dev/null || :

.PHONY: uninstall-documentation
