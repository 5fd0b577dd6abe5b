# The modules beside libvirt. Each is a file in generator/bindings/modules; build-aux/module.mk has its rules.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_MODULE_NAMES
# -----------------
# The names of the modules without "libvirt_", when configure is made: admin lxc qemu.
m4_define([LVPY_MODULE_NAMES], m4_dquote(m4_normalize(m4_esyscmd([cd generator/bindings/modules &&
  LC_ALL=C ls | sed -n -e '/^libvirt[.]py$/d' -e 's/^\([a-z][a-z0-9]*\)[.]py$/\1/p']))))

# LVPY_MODULES
# ------------
# Set MODULES to the names of the modules that are built. For each module set LIBVIRT_NAME_CFLAGS, LIBVIRT_NAME_LIBS,
# LIBVIRT_NAME_API_XML and the conditional WITH_NAME.
AC_DEFUN([LVPY_MODULES], [
_LVPY_MODULES_KNOWN
MODULE_RULES=modules.mk
: >$MODULE_RULES
MODULES= MODULE_API_XML= MODULE_CFLAGS= MODULE_ENUMS= MODULE_BODIES= MODULE_INPUTS=
m4_foreach_w([lvpy_name], LVPY_MODULE_NAMES, [
_LVPY_MODULE(lvpy_name, m4_toupper(lvpy_name))])
AC_SUBST([MODULES])
AC_SUBST([MODULE_API_XML])
AC_SUBST([MODULE_CFLAGS])
AC_SUBST([MODULE_ENUMS])
AC_SUBST([MODULE_BODIES])
AC_SUBST([MODULE_INPUTS])
AC_SUBST_FILE([MODULE_RULES])
])

# _LVPY_MODULES_KNOWN
# -------------------
# Stop if a module was added after configure was made.
m4_define([_LVPY_MODULES_KNOWN], [
lvpy_dir=$srcdir/generator/bindings/modules
for lvpy_file in "$lvpy_dir"/[[a-z]]*.py; do
  AS_CASE([" m4_foreach_w([lvpy_name], [libvirt ]LVPY_MODULE_NAMES, [$lvpy_dir/lvpy_name.py ])"], [*" $lvpy_file "*], [],
    [AC_MSG_ERROR([configure does not know $lvpy_file yet: run bootstrap])])
done
])

# _LVPY_MODULE(NAME, NAME-IN-UPPER-CASE)
# --------------------------------------
# Build a module if its library is installed, unless the user says yes or no.
m4_define([_LVPY_MODULE], [
AC_ARG_WITH([$1],
  [AS_HELP_STRING([--with-$1], [bind libvirt-$1 @<:@if libvirt has it@:>@])],
  [], [with_$1=auto])
AS_IF([test "x$with_$1" != xno],
  [lvpy_problem=
  PKG_CHECK_MODULES([LIBVIRT_$2], [libvirt-$1 >= LVPY_LIBVIRT_MINIMUM], [],
    [lvpy_problem="libvirt-$1.pc of LVPY_LIBVIRT_MINIMUM or newer not found"])
  AS_IF([test -z "$lvpy_problem"],
    [_LVPY_LIBVIRT_XML([LIBVIRT_$2_API_XML], [libvirt-$1], [libvirt_$1_api])
    lvpy_problem=$lvpy_xml_problem])
  AS_IF([test -z "$lvpy_problem"], [with_$1=yes],
    [test "x$with_$1" = xauto], [AC_MSG_NOTICE([libvirt_$1 is not built: $lvpy_problem]); with_$1=no],
    [AC_MSG_ERROR([--with-$1 was given, but $lvpy_problem: LVPY_LIBVIRT_HINT, or leave --with-$1 out])])])
AM_CONDITIONAL([WITH_$2], [test "x$with_$1" = xyes])
# The tarball has the files of a module even if it is not built. All of them but the bindings are optional.
MODULE_INPUTS="$MODULE_INPUTS generator/bindings/modules/$1.py"
for lvpy_file in python/fragments/$1.py python/fragments/$1.pyi; do
  AS_IF([test -f "$srcdir/$lvpy_file"], [MODULE_INPUTS="$MODULE_INPUTS $lvpy_file"])
done
AS_IF([test -f "$srcdir/src/$1.c"], [MODULE_BODIES="$MODULE_BODIES src/$1.c"])
AS_IF([test "x$with_$1" = xyes],
  [MODULES="$MODULES $1"
  MODULE_API_XML="$MODULE_API_XML \$(LIBVIRT_$2_API_XML)"
  MODULE_CFLAGS="$MODULE_CFLAGS \$(LIBVIRT_$2_CFLAGS)"
  MODULE_ENUMS="$MODULE_ENUMS --other-xml='libvirt_$1=\$(LIBVIRT_$2_API_XML)'"
  $SED '/^##/d; s/@name@/$1/g; s/@NAME@/$2/g' "$srcdir/build-aux/module.mk" >>$MODULE_RULES])
])
