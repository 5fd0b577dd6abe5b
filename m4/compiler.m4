# The C compiler: find it, and check that it works and knows C11.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_CC
# -------
# Find a C compiler and check it. Set lvpy_cc_is_clang. Call this before AC_PROG_CC, whose errors do not name the
# package to install.
AC_DEFUN([LVPY_CC], [
lvpy_cc_hint="install gcc or clang and the C library's headers (build-essential on Debian and Ubuntu, gcc on Fedora, SUSE and Gentoo, base-devel on Arch, build-base on Alpine), or give CC="
lvpy_cc=$CC
AS_IF([test -z "$lvpy_cc"],
  [for lvpy_prog in ${host_alias:+"$host_alias-gcc"} gcc cc clang; do
    AS_IF([command -v "$lvpy_prog" >/dev/null 2>&1], [lvpy_cc=$lvpy_prog; break])
  done])
AS_IF([test -z "$lvpy_cc"], [AC_MSG_ERROR([no C compiler found: $lvpy_cc_hint])])

# One program checks that the compiler works and knows C11 and the extensions that GCC and Clang have in common. Two
# more programs only find out what is wrong; AC_PROG_CC would only say that the compiler "cannot create executables".
cat >conftest.c <<_LVPY_EOF
#include <stdlib.h>
#if !defined __STDC_VERSION__ || __STDC_VERSION__ < 201112L || !defined __GNUC__
#error "older than C11"
#endif
_Static_assert(sizeof(int) >= 4, "C11");
static void lvpy_clean(int *number) { *number = 0; }
int main(void) { __attribute__((cleanup(lvpy_clean))) int number = EXIT_SUCCESS; return number; }
_LVPY_EOF
AS_IF([$lvpy_cc $CPPFLAGS $CFLAGS $LDFLAGS conftest.c -o conftest$EXEEXT >&AS_MESSAGE_LOG_FD 2>&1], [], [_LVPY_CC_PROBLEM])
rm -f conftest.* conftest$EXEEXT
lvpy_cc_is_clang=no
AS_CASE([`echo 'lvpy __clang__' | $lvpy_cc -E - 2>&AS_MESSAGE_LOG_FD`], [*'lvpy 1'*], [lvpy_cc_is_clang=yes])
_LVPY_CC_KNOWN
])

# _LVPY_CC_PROBLEM
# ----------------
# Stop with an error that says why the compiler does not work.
m4_define([_LVPY_CC_PROBLEM], [
AS_IF([$lvpy_cc $CPPFLAGS $CFLAGS -c conftest.c -o conftest.o >&AS_MESSAGE_LOG_FD 2>&1],
  [AS_CASE([" $lvpy_cc $CFLAGS $LDFLAGS"],
    [*' '-flto*],
    [AC_MSG_ERROR(["$lvpy_cc" cannot link a program with the given flags, which ask for link-time optimization
(config.log has its output): Clang needs LDFLAGS=-fuse-ld=lld and the package lld, or its linker plugin])],
    [AC_MSG_ERROR([the C compiler "$lvpy_cc" cannot link a program (config.log has its output): $lvpy_cc_hint])])])
echo 'int main(void) { return 0; }' >conftest.c
AS_IF([$lvpy_cc $CPPFLAGS $CFLAGS -c conftest.c -o conftest.o >&AS_MESSAGE_LOG_FD 2>&1],
  [AC_MSG_ERROR(["$lvpy_cc" does not support C11 with GCC's extensions; GCC 5, Clang 3.6 or newer is needed
(config.log has its output): $lvpy_cc_hint])])
AC_MSG_ERROR([the C compiler "$lvpy_cc" does not work (config.log has its output): $lvpy_cc_hint])
])

# _LVPY_CC_KNOWN
# --------------
# Preset the results of checks for which Autoconf, Automake and libtool would run some thirty programs: features that
# any such compiler has on a POSIX system, and how libtool would link shared libraries, which it does not do here.
# Results that the user presets are kept.
m4_define([_LVPY_CC_KNOWN], [
# C11 with GCC's extensions, checked above
: "${ac_cv_c_compiler_gnu=yes}" "${ac_cv_prog_cc_g=yes}" "${ac_cv_prog_cc_c89=}" "${ac_cv_prog_cc_c99=}"
: "${ac_cv_prog_cc_c11=}" "${ac_cv_prog_cc_c23=no}" "${ac_cv_prog_cc_stdc=}"
# -c together with -o, and -MD
: "${am_cv_prog_cc_c_o=yes}" "${am_cv_CC_dependencies_compiler_type=gcc3}"
: "${lt_cv_prog_compiler_c_o=yes}" "${lt_cv_prog_compiler_rtti_exceptions=no}"
# headers of C11 and POSIX
: "${ac_cv_header_stdc=yes}" "${ac_cv_header_memory_h=yes}"
: "${ac_cv_header_stdio_h=yes}" "${ac_cv_header_stdlib_h=yes}" "${ac_cv_header_string_h=yes}"
: "${ac_cv_header_inttypes_h=yes}" "${ac_cv_header_stdint_h=yes}" "${ac_cv_header_strings_h=yes}"
: "${ac_cv_header_sys_stat_h=yes}" "${ac_cv_header_sys_types_h=yes}" "${ac_cv_header_unistd_h=yes}"
: "${ac_cv_header_dlfcn_h=yes}"
# shared and static linking by libtool
: "${lt_cv_prog_compiler_static_works=no}" "${lt_cv_archive_cmds_need_lc=no}"
: "${lt_cv_shlibpath_overrides_runpath=no}" "${lt_cv_ar_at_file=no}"
: "${lt_cv_sys_global_symbol_pipe=:}" "${lt_cv_nm_interface=BSD nm}" "${lt_cv_path_mainfest_tool=no}"
])
