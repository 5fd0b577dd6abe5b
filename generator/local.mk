# The generator of C and Python sources, and how it is called.
# SPDX-License-Identifier: LGPL-2.1-or-later

GENERATOR_FILES = \
	%D%/__init__.py \
	%D%/__main__.py \
	%D%/apixml.py \
	%D%/bindings/__init__.py \
	%D%/bindings/accessors.py \
	%D%/bindings/admin.py \
	%D%/bindings/callbacks.py \
	%D%/bindings/domain.py \
	%D%/bindings/enums.py \
	%D%/bindings/errors.py \
	%D%/bindings/events.py \
	%D%/bindings/handles.py \
	%D%/bindings/host.py \
	%D%/bindings/modules.py \
	%D%/bindings/objects.py \
	%D%/bindings/schema.py \
	%D%/bindings/unbound.py \
	%D%/checks.py \
	%D%/constants.py \
	%D%/ctext.py \
	%D%/docstrings.py \
	%D%/emit/__init__.py \
	%D%/emit/c_callback.py \
	%D%/emit/c_events.py \
	%D%/emit/c_module.py \
	%D%/emit/c_part.py \
	%D%/emit/coverage_report.py \
	%D%/emit/enums_module.py \
	%D%/emit/notice.py \
	%D%/emit/python_module.py \
	%D%/emit/stubs.py \
	%D%/enums.py \
	%D%/errors.py \
	%D%/events.py \
	%D%/fragments.py \
	%D%/hints.py \
	%D%/kinds/__init__.py \
	%D%/kinds/arrays.py \
	%D%/kinds/common.py \
	%D%/kinds/inputs.py \
	%D%/kinds/outputs.py \
	%D%/kinds/results.py \
	%D%/model.py \
	%D%/naming.py \
	%D%/output.py \
	%D%/plan.py \
	%D%/shapes.py \
	$(NULL)
EXTRA_DIST += $(GENERATOR_FILES) %D%/README.md

# Most of a run is reading the description: one run writes all outputs that have the same inputs, and their stamp stands
# for it. An output that somebody removes is then made alone.
# Bytecode goes to the build directory: the source tree may be read-only.
GENERATOR = \
	PYTHONPATH='$(abs_top_srcdir)' \
	PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX='$(abs_top_builddir)/%D%/cache' \
	$(PYTHON) -s -m generator --fragments='$(srcdir)/python/fragments' $(GENERATOR_FLAGS)

# A killed generator leaves its temporary files behind.
clean-generated:
	rm -rf %D%/cache python/__pycache__ python/libvirt*-stubs
	rm -f %D%/*.stamp %D%/*.stamp.tmp src/libvirtmod*.tmp python/libvirt*.tmp

.PHONY: clean-generated

# How each function is bound, or why it is not: as text here, and as HTML.
coverage-report:
	@$(GENERATOR) $(libvirt_arguments) coverage-libvirt.txt coverage-libvirt.html
	@cat coverage-libvirt.txt
if WITH_QEMU
	@$(GENERATOR) $(libvirt_qemu_arguments) coverage-libvirt_qemu.txt coverage-libvirt_qemu.html
	@cat coverage-libvirt_qemu.txt
endif
if WITH_LXC
	@$(GENERATOR) $(libvirt_lxc_arguments) coverage-libvirt_lxc.txt coverage-libvirt_lxc.html
	@cat coverage-libvirt_lxc.txt
endif
if WITH_ADMIN
	@$(GENERATOR) $(libvirt_admin_arguments) coverage-libvirt_admin.txt coverage-libvirt_admin.html
	@cat coverage-libvirt_admin.txt
endif
	@echo "written as HTML, too: coverage-*.html"
CLEANFILES += coverage-libvirt*.txt coverage-libvirt*.html

.PHONY: coverage-report
