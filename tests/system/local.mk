# The tests on real daemons. They need root, so they are not part of "make check".
# SPDX-License-Identifier: LGPL-2.1-or-later

SYSTEM_TESTS = \
	%D%/test_admin.py \
	%D%/test_daemon.py \
	%D%/test_examples.py \
	%D%/test_examples_daemons.py \
	%D%/test_exit_remote.py \
	%D%/test_fork_remote.py \
	%D%/test_load.py \
	%D%/test_lost_daemon.py \
	%D%/test_lxc.py \
	%D%/test_migration.py \
	%D%/test_networks.py \
	%D%/test_node_devices.py \
	%D%/test_qemu_blocks.py \
	%D%/test_qemu_devices.py \
	%D%/test_qemu_domains.py \
	%D%/test_qemu_monitor.py \
	%D%/test_qemu_stats.py \
	%D%/test_readonly.py \
	%D%/test_remote_tcp.py \
	%D%/test_remote_tls.py \
	%D%/test_secrets.py \
	%D%/test_storage.py \
	%D%/test_virtinst.py \
	%D%/test_volume_streams.py \
	$(NULL)
SYSTEM_SUPPORT = \
	%D%/conftest.py \
	%D%/daemon.py \
	%D%/example.py \
	%D%/guest.py \
	%D%/network.py \
	%D%/sandbox \
	$(NULL)
EXTRA_DIST += $(SYSTEM_TESTS) $(SYSTEM_SUPPORT)

# Each file runs in its own sandbox. SYSTEM=tests/system/test_x.py runs only one file.
check-system: all
	PYTHONDONTWRITEBYTECODE=1 $(RUN_TESTS) --jobs 1 --within $(srcdir)/%D%/sandbox $${SYSTEM-$(SYSTEM_TESTS)}

.PHONY: check-system
