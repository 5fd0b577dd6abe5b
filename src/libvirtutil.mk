# The sources that every extension module is linked with. Makefiles of modules outside of this tree include this file.
# SPDX-License-Identifier: LGPL-2.1-or-later

LIBVIRTUTIL_C = \
	src/callbacks.c \
	src/calls.c \
	src/errorrecord.c \
	src/handles.c \
	src/libvirt-utils.c \
	src/typedparams.c \
	src/typewrappers.c
LIBVIRTUTIL_H = \
	src/callbacks.h \
	src/calls.h \
	src/errorrecord.h \
	src/handles.h \
	src/libvirt-utils.h \
	src/pycompat.h \
	src/typedparams.h \
	src/typewrappers.h
