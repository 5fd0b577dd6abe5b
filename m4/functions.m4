# Functions that not every C library has.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_FUNCTIONS
# --------------
# Define HAVE_EXPLICIT_BZERO if explicit_bzero(), which wipes secrets, exists; the sources have a replacement. Set
# DL_LIBS to the library with dlopen(), which only libvirtmod_admin needs. Most C libraries have both functions, so
# first check both with one program.
AC_DEFUN([LVPY_FUNCTIONS], [
AC_LINK_IFELSE([AC_LANG_PROGRAM([[
#include <dlfcn.h>
#include <string.h>
]], [[
char secret[1];
explicit_bzero(secret, sizeof(secret));
return dlopen(0, RTLD_LAZY) == 0;
]])], [: "${ac_cv_func_explicit_bzero=yes}" "${ac_cv_search_dlopen=none required}"])
AC_CHECK_FUNCS([explicit_bzero])
lvpy_saved_LIBS=$LIBS
AC_SEARCH_LIBS([dlopen], [dl])
LIBS=$lvpy_saved_LIBS
AS_CASE([$ac_cv_search_dlopen], [-*], [AC_SUBST([DL_LIBS], [$ac_cv_search_dlopen])], [AC_SUBST([DL_LIBS], [])])
])
