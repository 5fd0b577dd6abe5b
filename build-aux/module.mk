## The rules of a module beside libvirt. configure adds them to Makefile for each module that is built.
## SPDX-License-Identifier: LGPL-2.1-or-later

# libvirt_@name@

libvirt_@name@_arguments = --module=libvirt_@name@ --xml='$(LIBVIRT_@NAME@_API_XML)' --base-xml='$(LIBVIRT_API_XML)'
libvirt_@name@_inputs = $(generator_inputs) $(LIBVIRT_@NAME@_API_XML)
libvirt_@name@_outputs = \
	src/libvirtmod_@name@.c \
	src/libvirtmod_@name@.h \
	python/libvirt_@name@.py \
	python/libvirt_@name@-stubs/__init__.pyi
generator/libvirt_@name@.stamp: $(libvirt_@name@_inputs)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_@name@_arguments) --stamp=$@ $(libvirt_@name@_outputs)
$(libvirt_@name@_outputs): generator/libvirt_@name@.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_@name@_arguments) $@

# Name the header before the first compilation has recorded it, so that any single target can be made.
src/libvirtmod_@name@.o: src/libvirtmod_@name@.h
-include src/$(DEPDIR)/libvirtmod_@name@.Po
src/libvirtmod_@name@.so: src/libvirtmod_@name@.o $(libvirtutil)
	$(AM_V_CCLD)$(module_link) src/libvirtmod_@name@.o $(libvirtutil) \
	  $(LIBVIRT_@NAME@_LIBS) $(LIBVIRT_LIBS) $(MODULE_LIBS) $(DL_LIBS)

coverage-libvirt_@name@.txt: $(libvirt_@name@_inputs)
	@$(GENERATOR) $(libvirt_@name@_arguments) $@ coverage-libvirt_@name@.html
