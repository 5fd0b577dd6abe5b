# The C compiler: found, working, C11.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_CC_WORKS
# -------------
# To be called before AC_PROG_CC, so that an error names the package to install.
AC_DEFUN([LVPY_CC_WORKS], [
lvpy_cc_hint="install gcc or clang and the C library's headers (build-essential on Debian and Ubuntu, gcc on Fedora, SUSE and Gentoo, base-devel on Arch, build-base on Alpine), or give CC="
lvpy_cc=$CC
AS_IF([test -z "$lvpy_cc"],
  [for lvpy_prog in ${host_alias:+"$host_alias-gcc"} gcc cc clang; do
    AS_IF([command -v "$lvpy_prog" >/dev/null 2>&1], [lvpy_cc=$lvpy_prog; break])
  done])
AS_IF([test -z "$lvpy_cc"], [AC_MSG_ERROR([no C compiler found: $lvpy_cc_hint])])

# AC_PROG_CC would only say that the compiler "cannot create executables".
cat >conftest.c <<_LVPY_EOF
#include <stdlib.h>
int main(void) { return EXIT_SUCCESS; }
_LVPY_EOF
AS_IF([$lvpy_cc $CPPFLAGS $CFLAGS -c conftest.c -o conftest.o >&AS_MESSAGE_LOG_FD 2>&1], [],
  [rm -f conftest.*
  AC_MSG_ERROR([the C compiler "$lvpy_cc" does not work (config.log has its output): $lvpy_cc_hint])])
AS_IF([$lvpy_cc $CPPFLAGS $CFLAGS $LDFLAGS conftest.c -o conftest$EXEEXT >&AS_MESSAGE_LOG_FD 2>&1], [],
  [rm -f conftest.*
  AS_CASE([" $lvpy_cc $CFLAGS $LDFLAGS"],
    [*' '-flto*],
    [AC_MSG_ERROR(["$lvpy_cc" cannot link a program with the given flags, which ask for link-time optimisation
(config.log has its output): Clang needs LDFLAGS=-fuse-ld=lld and the package lld, or its linker plugin])],
    [AC_MSG_ERROR([the C compiler "$lvpy_cc" cannot link a program (config.log has its output): $lvpy_cc_hint])])])
rm -f conftest.* conftest$EXEEXT
])

# LVPY_CC_KIND
# ------------
# To be called after AC_PROG_CC: C11 is needed; set lvpy_cc_is_clang.
AC_DEFUN([LVPY_CC_KIND], [
AC_MSG_CHECKING([whether $CC speaks C11])
AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#if !defined __STDC_VERSION__ || __STDC_VERSION__ < 201112L
#error "older than C11"
#endif
_Static_assert(sizeof(int) >= 4, "C11");
]])],
  [AC_MSG_RESULT([yes])],
  [AC_MSG_RESULT([no])
  AC_MSG_ERROR([a C11 compiler is needed (GCC 5, Clang 3.6 or newer): $lvpy_cc_hint])])

AC_MSG_CHECKING([whether $CC is Clang])
AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#ifndef __clang__
#error "not Clang"
#endif
]])],
  [lvpy_cc_is_clang=yes], [lvpy_cc_is_clang=no])
AC_MSG_RESULT([$lvpy_cc_is_clang])
])
