# The generator of C and Python sources, and the rules that run it.
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
	%D%/layout.py \
	%D%/converters/__init__.py \
	%D%/converters/arrays.py \
	%D%/converters/common.py \
	%D%/converters/fields.py \
	%D%/converters/inputs.py \
	%D%/converters/outputs.py \
	%D%/converters/results.py \
	%D%/model.py \
	%D%/naming.py \
	%D%/output.py \
	%D%/plan.py \
	%D%/inference.py \
	$(NULL)
EXTRA_DIST += $(GENERATOR_FILES) %D%/README.md

# One run writes all outputs of a module, because most of its time goes into reading the API description. A stamp stands
# for all outputs. A run does not touch outputs that would not change. An output that was removed is made alone.
# Bytecode goes into the build directory, because the source tree may be read-only.
GENERATOR = \
	PYTHONPATH='$(abs_top_srcdir)' \
	PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX='$(abs_top_builddir)/%D%/cache' \
	$(PYTHON) -s -m generator --fragments='$(srcdir)/python/fragments' $(GENERATOR_FLAGS)

generator_inputs = $(GENERATOR_FILES) $(PYTHON_FRAGMENTS) $(STUB_FRAGMENTS) $(LIBVIRT_API_XML)

# libvirt, and the enums of all libraries that are bound
libvirt_arguments = --module=libvirt --xml='$(LIBVIRT_API_XML)'
libvirt_inputs = $(generator_inputs)
if WITH_QEMU
libvirt_arguments += --other-xml='libvirt_qemu=$(LIBVIRT_QEMU_API_XML)'
libvirt_inputs += $(LIBVIRT_QEMU_API_XML)
endif
if WITH_ADMIN
libvirt_arguments += --other-xml='libvirt_admin=$(LIBVIRT_ADMIN_API_XML)'
libvirt_inputs += $(LIBVIRT_ADMIN_API_XML)
endif
libvirt_outputs = $(libvirtmod_generated) $(libvirt_python) $(libvirt_enums_python)
BUILT_FILES += $(libvirt_outputs)
%D%/libvirt.stamp: $(libvirt_inputs)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_arguments) --stamp=$@ $(libvirt_outputs)
$(libvirt_outputs): %D%/libvirt.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_arguments) $@

# libvirt_qemu
libvirt_qemu_arguments = --module=libvirt_qemu --xml='$(LIBVIRT_QEMU_API_XML)' --base-xml='$(LIBVIRT_API_XML)'
if WITH_QEMU
libvirt_qemu_outputs = $(libvirtmod_qemu_generated) $(libvirt_qemu_python)
BUILT_FILES += $(libvirt_qemu_outputs)
%D%/libvirt_qemu.stamp: $(generator_inputs) $(LIBVIRT_QEMU_API_XML)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_qemu_arguments) --stamp=$@ $(libvirt_qemu_outputs)
$(libvirt_qemu_outputs): %D%/libvirt_qemu.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_qemu_arguments) $@
endif

# libvirt_lxc
libvirt_lxc_arguments = --module=libvirt_lxc --xml='$(LIBVIRT_LXC_API_XML)' --base-xml='$(LIBVIRT_API_XML)'
if WITH_LXC
libvirt_lxc_outputs = $(libvirtmod_lxc_generated) $(libvirt_lxc_python)
BUILT_FILES += $(libvirt_lxc_outputs)
%D%/libvirt_lxc.stamp: $(generator_inputs) $(LIBVIRT_LXC_API_XML)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_lxc_arguments) --stamp=$@ $(libvirt_lxc_outputs)
$(libvirt_lxc_outputs): %D%/libvirt_lxc.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_lxc_arguments) $@
endif

# libvirt_admin
libvirt_admin_arguments = --module=libvirt_admin --xml='$(LIBVIRT_ADMIN_API_XML)'
if WITH_ADMIN
libvirt_admin_outputs = $(libvirtmod_admin_generated) $(libvirt_admin_python)
BUILT_FILES += $(libvirt_admin_outputs)
%D%/libvirt_admin.stamp: $(generator_inputs) $(LIBVIRT_ADMIN_API_XML)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_admin_arguments) --stamp=$@ $(libvirt_admin_outputs)
$(libvirt_admin_outputs): %D%/libvirt_admin.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_admin_arguments) $@
endif

# Also remove the temporary files that a killed generator leaves behind.
clean-generated:
	rm -rf %D%/cache python/__pycache__ python/libvirt*-stubs
	rm -f %D%/*.stamp %D%/*.stamp.tmp src/libvirtmod*.tmp python/libvirt*.tmp

.PHONY: clean-generated

# Shows how each function is bound, or why it is not. Prints text, and writes text and HTML files.
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
	@echo "The reports are also in coverage-*.html"
CLEANFILES += coverage-libvirt*.txt coverage-libvirt*.html

.PHONY: coverage-report
