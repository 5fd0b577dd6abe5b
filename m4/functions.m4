# Functions of the C library that not every system has, or not there.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_FUNCTIONS
# --------------
# explicit_bzero() wipes secrets; there is another way where it is missing. libvirtmod_admin alone needs dlopen(), from
# DL_LIBS. Most systems have both in the C library, which one program shows.
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
