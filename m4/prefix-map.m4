# Paths of the build machine stay out of what is built.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_PREFIX_MAP
# ---------------
# Set PREFIX_MAP_CFLAGS so that debug information and __FILE__ name each source as it is in the source
# tree: builds in several directories are then the same, byte for byte. rpm, however, finds the sources for
# its debugsource package by the paths of the build, and replaces them itself.
AC_DEFUN([LVPY_PREFIX_MAP], [
AC_ARG_ENABLE([prefix-map],
  [AS_HELP_STRING([--disable-prefix-map],
    [keep the paths of the build in debug information, for rpm, which replaces them itself])],
  [], [enable_prefix_map=yes])
AC_MSG_CHECKING([whether $CC maps file prefixes])
PREFIX_MAP_CFLAGS=
AS_IF([test "x$enable_prefix_map" = xno], [lvpy_result='not asked for'],
  [lvpy_saved_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror -ffile-prefix-map=/lvpy=."
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int lvpy_declared(void);]])],
    [PREFIX_MAP_CFLAGS='-ffile-prefix-map=$(srcdir)/= -ffile-prefix-map=$(abs_top_srcdir)/= -ffile-prefix-map=$(abs_top_builddir)=.'
    lvpy_result=yes],
    [lvpy_result=no])
  CFLAGS=$lvpy_saved_CFLAGS])
AC_MSG_RESULT([$lvpy_result])
AC_SUBST([PREFIX_MAP_CFLAGS])
])
