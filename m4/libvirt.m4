# libvirt: the libraries, and the XML files that describe their API.
# SPDX-License-Identifier: LGPL-2.1-or-later

m4_define([LVPY_LIBVIRT_MINIMUM], [7.0.0])
m4_define([LVPY_LIBVIRT_HINT], [install libvirt-dev (Debian, Ubuntu, Alpine), libvirt-devel (Fedora, SUSE) dnl
or libvirt (Arch, Gentoo)])

# LVPY_LIBVIRT
# ------------
# Set LIBVIRT_CFLAGS, LIBVIRT_LIBS and LIBVIRT_API_XML.
AC_DEFUN([LVPY_LIBVIRT], [
m4_ifndef([PKG_PROG_PKG_CONFIG],
  [m4_fatal([pkg.m4 not found: install pkgconf or pkg-config, or add its aclocal directory to ACLOCAL_PATH])])
# Without the second argument, newer versions of this macro stop with an error of their own.
PKG_PROG_PKG_CONFIG([0.9.0], [:])
_LVPY_LIBVIRT_XML_ARGS
AS_IF([test -z "$PKG_CONFIG" && { test -z "$LIBVIRT_LIBS" || test -z "$LIBVIRT_API_XML"; }],
  [AC_MSG_ERROR([pkg-config is missing or does not work: install pkgconf (or pkg-config), or give PKG_CONFIG=;
without it LIBVIRT_CFLAGS, LIBVIRT_LIBS and LIBVIRT_API_XML are needed])])

PKG_CHECK_MODULES([LIBVIRT], [libvirt >= LVPY_LIBVIRT_MINIMUM], [],
  [lvpy_version=`$PKG_CONFIG --modversion libvirt 2>&AS_MESSAGE_LOG_FD`
  AS_IF([test -n "$lvpy_version"],
    [AC_MSG_ERROR([libvirt LVPY_LIBVIRT_MINIMUM or newer is needed, but this one is $lvpy_version: update it,
or give PKG_CONFIG_PATH= for another one])])
  AC_MSG_ERROR([libvirt.pc not found: LVPY_LIBVIRT_HINT])])
_LVPY_LIBVIRT_HEADER
_LVPY_LIBVIRT_XML([LIBVIRT_API_XML], [libvirt], [libvirt_api])
AS_IF([test -z "$lvpy_xml_problem"], [], [AC_MSG_ERROR([$lvpy_xml_problem: LVPY_LIBVIRT_HINT, or give --with-libvirt-api-xml=])])
])

# _LVPY_LIBVIRT_XML_ARGS
# ----------------------
# The files given by the user. The others are expected beside the first.
m4_define([_LVPY_LIBVIRT_XML_ARGS], [
AC_ARG_VAR([LIBVIRT_API_XML], [the API description of libvirt (libvirt-api.xml)])
m4_foreach_w([lvpy_name], LVPY_MODULE_NAMES,
  [AC_ARG_VAR([LIBVIRT_]m4_toupper(lvpy_name)[_API_XML], [the API description of libvirt-]lvpy_name)
])dnl
AC_ARG_WITH([libvirt-api-xml],
  [AS_HELP_STRING([--with-libvirt-api-xml=FILE],
    [API description to read @<:@what pkg-config knows@:>@; those of the other libraries, such as libvirt-qemu-api.xml,
    are taken as well where they are beside it])],
  [AS_CASE([$withval], [yes|no], [AC_MSG_ERROR([--with-libvirt-api-xml needs a file])])
  LIBVIRT_API_XML=$withval
  lvpy_dir=`AS_DIRNAME(["$withval"])`
  m4_foreach_w([lvpy_name], LVPY_MODULE_NAMES,
    [_LVPY_LIBVIRT_XML_BESIDE([LIBVIRT_]m4_toupper(lvpy_name)[_API_XML], [libvirt-]lvpy_name[-api.xml])])])
])

# _LVPY_LIBVIRT_XML_BESIDE(VARIABLE, FILE)
# ----------------------------------------
m4_define([_LVPY_LIBVIRT_XML_BESIDE], [
  AS_IF([test -z "$$1" && test -r "$lvpy_dir/$2"], [$1=$lvpy_dir/$2])])

# _LVPY_LIBVIRT_XML(VARIABLE, PACKAGE, PKG-CONFIG-VARIABLE)
# ---------------------------------------------------------
# Set VARIABLE to an absolute file name, or lvpy_xml_problem to the reason why there is none.
m4_define([_LVPY_LIBVIRT_XML], [
AC_MSG_CHECKING([for the API description of $2])
lvpy_xml_problem=
AS_IF([test -z "$$1" && test -n "$PKG_CONFIG"],
  [$1=`$PKG_CONFIG --variable=$3 $2 2>&AS_MESSAGE_LOG_FD`
  AS_IF([test -n "$$1"], [_LVPY_LIBVIRT_SYSROOT([$1])])])
AS_CASE([$$1], [''|/*], [], [$1=`pwd`/$$1])
AS_IF([test -z "$$1"], [lvpy_xml_problem="pkg-config does not know the API description of $2 (variable $3)"],
  [test ! -e "$$1"], [lvpy_xml_problem="the API description $$1 does not exist"],
  [test ! -f "$$1"], [lvpy_xml_problem="the API description $$1 is not a file"],
  [test ! -r "$$1"], [lvpy_xml_problem="the API description $$1 cannot be read"])
AC_MSG_RESULT([${$1:-none}])
])

# _LVPY_LIBVIRT_SYSROOT(VARIABLE)
# -------------------------------
# Prepend the system root to the file name from pkg-config. Not every pkg-config does this for such variables, and the
# build machine's file of that name belongs to another libvirt. A name inside of the system root is kept.
m4_define([_LVPY_LIBVIRT_SYSROOT], [
lvpy_sysroot=
AS_IF([test -n "$PKG_CONFIG_SYSROOT_DIR"],
  [lvpy_sysroot=`cd "$PKG_CONFIG_SYSROOT_DIR" 2>&AS_MESSAGE_LOG_FD && pwd -P`])
AS_CASE([$lvpy_sysroot], [''|/], [],
  [lvpy_place=`AS_DIRNAME(["$$1"])`
  lvpy_place=`cd "$lvpy_place" 2>&AS_MESSAGE_LOG_FD && pwd -P`
  AS_CASE([$$1], ["$PKG_CONFIG_SYSROOT_DIR"/*], [],
    [AS_CASE([$lvpy_place/], ["$lvpy_sysroot"/*], [], [$1=$PKG_CONFIG_SYSROOT_DIR$$1])])])
])

# _LVPY_LIBVIRT_HEADER
# --------------------
# Set LIBVIRT_VERSION from the header, and check it. The header may be missing, or belong to another libvirt than
# libvirt.pc.
m4_define([_LVPY_LIBVIRT_HEADER], [
AC_MSG_CHECKING([for the version in libvirt/libvirt.h])
printf '#include <libvirt/libvirt.h>\nlvpy_number = LIBVIR_VERSION_NUMBER\n' >conftest.c
# The number may be on a line of its own.
lvpy_libvirt_number=`$CC -E -P $LIBVIRT_CFLAGS $CPPFLAGS conftest.c 2>&AS_MESSAGE_LOG_FD |
  $SED -n '/^lvpy_number/,$p' | tr -cd 0123456789`
AS_IF([test -z "$lvpy_libvirt_number"], [lvpy_libvirt_number=0])
rm -f conftest.c
LIBVIRT_VERSION=`expr $lvpy_libvirt_number / 1000000`.`expr $lvpy_libvirt_number / 1000 % 1000`.`expr $lvpy_libvirt_number % 1000`
AS_IF([test "$lvpy_libvirt_number" -eq 0],
  [AC_MSG_RESULT([none])
  AC_MSG_ERROR([libvirt/libvirt.h not found or not usable: LVPY_LIBVIRT_HINT])])
AC_MSG_RESULT([$LIBVIRT_VERSION])
AS_IF([test "$lvpy_libvirt_number" -lt 7000000],
  [AC_MSG_ERROR([libvirt LVPY_LIBVIRT_MINIMUM or newer is needed, but libvirt/libvirt.h is of $LIBVIRT_VERSION: update it])])
])
