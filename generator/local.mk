# The generator of C and Python sources, and the rules that run it.
# SPDX-License-Identifier: LGPL-2.1-or-later

GENERATOR_FILES = \
	%D%/__init__.py \
	%D%/__main__.py \
	%D%/apixml.py \
	%D%/bindings/__init__.py \
	%D%/bindings/accessors.py \
	%D%/bindings/callbacks.py \
	%D%/bindings/domain.py \
	%D%/bindings/enums.py \
	%D%/bindings/errors.py \
	%D%/bindings/events.py \
	%D%/bindings/handles.py \
	%D%/bindings/host.py \
	%D%/bindings/modules/__init__.py \
	%D%/bindings/modules/libvirt.py \
	%D%/bindings/objects.py \
	%D%/bindings/parameters.py \
	%D%/bindings/schema.py \
	%D%/bindings/texts/__init__.py \
	%D%/bindings/texts/classes.py \
	%D%/bindings/texts/connect.py \
	%D%/bindings/texts/domain.py \
	%D%/bindings/texts/enums.py \
	%D%/bindings/texts/jobs.py \
	%D%/bindings/texts/objects.py \
	%D%/bindings/texts/resources.py \
	%D%/bindings/texts/schema.py \
	%D%/bindings/types.py \
	%D%/bindings/unbound.py \
	%D%/checks.py \
	%D%/constants.py \
	%D%/ctext.py \
	%D%/definitions.py \
	%D%/docstrings/__init__.py \
	%D%/docstrings/contract.py \
	%D%/docstrings/events.py \
	%D%/docstrings/layout.py \
	%D%/docstrings/members.py \
	%D%/docstrings/names.py \
	%D%/docstrings/parameters.py \
	%D%/docstrings/prose.py \
	%D%/docstrings/summary.py \
	%D%/docstrings/types.py \
	%D%/emit/__init__.py \
	%D%/emit/c_callback.py \
	%D%/emit/c_events.py \
	%D%/emit/c_module.py \
	%D%/emit/c_part.py \
	%D%/emit/coverage_report.py \
	%D%/emit/enums_module.py \
	%D%/emit/event_records.py \
	%D%/emit/notice.py \
	%D%/emit/python_module.py \
	%D%/emit/stubs.py \
	%D%/emit/types_module.py \
	%D%/enums.py \
	%D%/errors.py \
	%D%/events.py \
	%D%/fragments.py \
	%D%/hints.py \
	%D%/layout.py \
	%D%/converters/__init__.py \
	%D%/converters/arrays.py \
	%D%/converters/byhand.py \
	%D%/converters/common.py \
	%D%/converters/fields.py \
	%D%/converters/inputs.py \
	%D%/converters/outputs.py \
	%D%/converters/results.py \
	%D%/model.py \
	%D%/naming.py \
	%D%/outside.py \
	%D%/output.py \
	%D%/parameters.py \
	%D%/plan.py \
	%D%/inference.py \
	$(NULL)
EXTRA_DIST += $(GENERATOR_FILES) $(MODULE_INPUTS) %D%/README.md

# One run writes all outputs of a module, because most of its time goes into reading the API description. A stamp stands
# for all outputs. A run does not touch outputs that would not change. An output that was removed is made alone.
# Bytecode goes into the build directory, because the source tree may be read-only.
GENERATOR = \
	PYTHONPATH='$(abs_top_srcdir)' \
	PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX='$(abs_top_builddir)/%D%/cache' \
	$(PYTHON) -s -m generator --fragments='$(srcdir)/python/fragments' $(GENERATOR_FLAGS)

generator_inputs = \
	$(GENERATOR_FILES) $(PYTHON_FRAGMENTS) $(STUB_FRAGMENTS) $(MODULE_INPUTS) $(EXTRA_BINDINGS) $(LIBVIRT_API_XML)

# The module libvirt, and the enums and types of all libraries. configure adds such rules for the other modules to Makefile.
libvirt_arguments = --module=libvirt --xml='$(LIBVIRT_API_XML)' $(MODULE_ENUMS)
libvirt_inputs = $(generator_inputs) $(MODULE_API_XML)
libvirt_outputs = $(libvirtmod_generated) $(libvirt_python) $(libvirt_enums_python) $(libvirt_types_python)
%D%/libvirt.stamp: $(libvirt_inputs)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_arguments) --stamp=$@ $(libvirt_outputs)
$(libvirt_outputs): %D%/libvirt.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_arguments) $@
BUILT_FILES += \
	$(libvirt_outputs) \
	$(MODULES:%=src/libvirtmod_%.c) \
	$(MODULES:%=src/libvirtmod_%.h) \
	$(MODULES:%=python/libvirt_%.py) \
	$(MODULES:%=python/libvirt_%-stubs/__init__.pyi) \
	$(NULL)

# Also remove the temporary files that a killed generator leaves behind.
clean-generated:
	rm -rf %D%/cache python/__pycache__ python/libvirt*-stubs
	rm -f %D%/*.stamp %D%/*.stamp.tmp src/libvirtmod*.tmp python/libvirt*.tmp

.PHONY: clean-generated

# The files that modules outside of this tree are built from; see docs/site/binding.md.
develdir = $(datadir)/libvirt-python
devel_files = $(GENERATOR_FILES) $(LIBVIRTUTIL_C) $(LIBVIRTUTIL_H) src/libvirtutil.mk $(EXAMPLE_MODULE)
install-devel:
	@echo "installing the generator and the sources of modules in $(DESTDIR)$(develdir)"; \
	for file in $(devel_files); do \
	  installed="$(DESTDIR)$(develdir)/$$file"; \
	  $(MKDIR_P) "$${installed%/*}" && $(INSTALL_DATA) "$(srcdir)/$$file" "$$installed" || exit; \
	done

uninstall-devel:
	rm -rf "$(DESTDIR)$(develdir)"

.PHONY: install-devel uninstall-devel

# Shows how each function is bound, or why it is not. Prints text, and writes text and HTML files.
coverage_reports = coverage-libvirt.txt $(MODULES:%=coverage-libvirt_%.txt)
coverage-libvirt.txt: $(libvirt_inputs)
	@$(GENERATOR) $(libvirt_arguments) $@ coverage-libvirt.html
coverage-report: $(coverage_reports)
	@cat $(coverage_reports)
	@echo "The reports are also in coverage-*.html"
CLEANFILES += coverage-libvirt*.txt coverage-libvirt*.html

.PHONY: coverage-report
