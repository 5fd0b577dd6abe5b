# Compiler warnings, kept apart from CFLAGS; --enable-werror.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_WARNINGS
# -------------
# Set WARN_CFLAGS to those flags of the list that the compiler knows.
AC_DEFUN([LVPY_WARNINGS], [
lvpy_warnings="
  -Wall
  -Wextra
  -Wbad-function-cast
  -Wdouble-promotion
  -Wduplicated-branches
  -Wduplicated-cond
  -Wformat=2
  -Wformat-signedness
  -Wimplicit-fallthrough
  -Wjump-misses-init
  -Wlogical-op
  -Wmissing-prototypes
  -Wnested-externs
  -Wold-style-definition
  -Wpointer-arith
  -Wshadow
  -Wstrict-prototypes
  -Wvla
  -Wwrite-strings
"
AC_MSG_CHECKING([for the warnings that $CC knows])
lvpy_saved_CFLAGS=$CFLAGS
WARN_CFLAGS=
# All at once first: on current compilers that is one run instead of twenty.
for lvpy_flags in "`echo $lvpy_warnings`" $lvpy_warnings; do
  CFLAGS="$lvpy_saved_CFLAGS -Werror $WARN_CFLAGS $lvpy_flags"
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int lvpy_declared(void);]])],
    [WARN_CFLAGS="$WARN_CFLAGS${WARN_CFLAGS:+ }$lvpy_flags"
    AS_CASE([$lvpy_flags], [*\ *], [break])])
done
CFLAGS=$lvpy_saved_CFLAGS

AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [make warnings errors (for developers)])],
  [], [enable_werror=no])
AS_IF([test "x$enable_werror" != xno], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
AC_MSG_RESULT([$WARN_CFLAGS])
AC_SUBST([WARN_CFLAGS])
])
