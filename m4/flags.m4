# Compiler flags in addition to CFLAGS: warnings, hidden symbols, paths in debug information.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_FLAGS
# ----------
# Set WARN_CFLAGS, VISIBILITY_CFLAGS and PREFIX_MAP_CFLAGS to the flags that the compiler accepts. A current compiler
# accepts all of them, so first try all at once.
AC_DEFUN([LVPY_FLAGS], [
AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [turn warnings into errors (for developers)])],
  [], [enable_werror=no])
AC_ARG_ENABLE([prefix-map],
  [AS_HELP_STRING([--disable-prefix-map],
    [keep the paths of the build in debug information; for rpm, which replaces them itself])],
  [], [enable_prefix_map=yes])

lvpy_warnings="-Wall -Wextra -Wbad-function-cast -Wdouble-promotion -Wduplicated-branches -Wduplicated-cond -Wformat=2
  -Wformat-signedness -Wimplicit-fallthrough -Wjump-misses-init -Wlogical-op -Wmissing-prototypes -Wnested-externs
  -Wold-style-definition -Wpointer-arith -Wshadow -Wstrict-prototypes -Wvla -Wwrite-strings"
# A module exports only its PyInit_ function, which is marked; all other symbols are hidden.
lvpy_visibility=-fvisibility=hidden
# Debug information and __FILE__ name each source relative to the source tree, so that builds in different directories
# are identical. rpm needs the paths of the build, to find the sources for its debugsource package.
lvpy_prefix_map=-ffile-prefix-map
AS_IF([test "x$enable_prefix_map" = xno], [lvpy_prefix_map=])

AC_MSG_CHECKING([for flags that $CC accepts])
lvpy_known=
_LVPY_FLAGS_TRY([`echo $lvpy_warnings` $lvpy_visibility $lvpy_prefix_map],
  [lvpy_known=" `echo $lvpy_warnings` $lvpy_visibility $lvpy_prefix_map "],
  [for lvpy_flag in $lvpy_warnings $lvpy_visibility $lvpy_prefix_map; do
    _LVPY_FLAGS_TRY([$lvpy_flag], [lvpy_known="$lvpy_known $lvpy_flag "])
  done])

WARN_CFLAGS=
for lvpy_flag in $lvpy_warnings; do
  AS_CASE([$lvpy_known], [*" $lvpy_flag "*], [WARN_CFLAGS="$WARN_CFLAGS${WARN_CFLAGS:+ }$lvpy_flag"])
done
AS_IF([test "x$enable_werror" != xno], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
VISIBILITY_CFLAGS=
AS_CASE([$lvpy_known], [*" $lvpy_visibility "*], [VISIBILITY_CFLAGS=$lvpy_visibility])
PREFIX_MAP_CFLAGS=
AS_CASE([$lvpy_known], [*" -ffile-prefix-map "*],
  [PREFIX_MAP_CFLAGS='-ffile-prefix-map=$(srcdir)/= -ffile-prefix-map=$(abs_top_srcdir)/= -ffile-prefix-map=$(abs_top_builddir)=.'])
AC_MSG_RESULT([$WARN_CFLAGS $VISIBILITY_CFLAGS $PREFIX_MAP_CFLAGS])
AC_SUBST([WARN_CFLAGS])
AC_SUBST([VISIBILITY_CFLAGS])
AC_SUBST([PREFIX_MAP_CFLAGS])
])

# _LVPY_FLAGS_TRY(FLAGS, IF-ACCEPTED, IF-NOT)
# -------------------------------------------
m4_define([_LVPY_FLAGS_TRY], [
lvpy_saved_CFLAGS=$CFLAGS
CFLAGS="$CFLAGS -Werror"
for lvpy_try in $1; do
  AS_CASE([$lvpy_try], [-ffile-prefix-map], [lvpy_try=-ffile-prefix-map=/lvpy=.])
  CFLAGS="$CFLAGS $lvpy_try"
done
AC_COMPILE_IFELSE(
  [AC_LANG_SOURCE([[__attribute__((visibility("default"))) int lvpy_shown(void);]])],
  [CFLAGS=$lvpy_saved_CFLAGS
  $2],
  [CFLAGS=$lvpy_saved_CFLAGS
  $3])
])
