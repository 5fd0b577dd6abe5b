# --enable-sanitizers: modules that check themselves, for developers.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_SANITIZERS
# ---------------
# Set SANITIZER_CFLAGS, and SANITIZER_PRELOAD to the runtime that must be in the process before Python is:
# an interpreter that was built without it loads the modules.
AC_DEFUN([LVPY_SANITIZERS], [
AC_ARG_ENABLE([sanitizers],
  [AS_HELP_STRING([--enable-sanitizers=LIST], [build with sanitizers, for example address,undefined])],
  [], [enable_sanitizers=no])
AS_IF([test "x$enable_sanitizers" = xyes], [enable_sanitizers=address,undefined])
SANITIZER_CFLAGS=
SANITIZER_PRELOAD=
AS_IF([test "x$enable_sanitizers" != xno],
  [SANITIZER_CFLAGS="-fsanitize=$enable_sanitizers -fno-omit-frame-pointer"
  # Clang's default is a static runtime, which only programs can have.
  AS_IF([test "x$lvpy_cc_is_clang" = xyes], [SANITIZER_CFLAGS="$SANITIZER_CFLAGS -shared-libsan"])
  AC_MSG_CHECKING([whether $CC builds with $SANITIZER_CFLAGS])
  lvpy_saved_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $SANITIZER_CFLAGS"
  AC_LINK_IFELSE([AC_LANG_PROGRAM()], [lvpy_result=yes], [lvpy_result=no])
  CFLAGS=$lvpy_saved_CFLAGS
  AC_MSG_RESULT([$lvpy_result])
  AS_IF([test "x$lvpy_result" = xno],
    [AC_MSG_ERROR([$CC cannot build with --enable-sanitizers=$enable_sanitizers: install its sanitizer runtime
(it comes with gcc on Debian, is libasan and libubsan on Fedora, compiler-rt for Clang)])])
  _LVPY_SANITIZER_PRELOAD])
AC_SUBST([SANITIZER_CFLAGS])
AC_SUBST([SANITIZER_PRELOAD])
])

# _LVPY_SANITIZER_PRELOAD
# -----------------------
m4_define([_LVPY_SANITIZER_PRELOAD], [
AS_CASE([,$enable_sanitizers,$lvpy_cc_is_clang],
  [*,address,*yes], [lvpy_runtime=asan],
  [*,address,*], [lvpy_runtime=libasan.so],
  [*,thread,*yes], [lvpy_runtime=tsan],
  [*,thread,*], [lvpy_runtime=libtsan.so],
  [lvpy_runtime=])
AS_IF([test -n "$lvpy_runtime"],
  [AC_MSG_CHECKING([for the sanitizer runtime to preload])
  AS_IF([test "x$lvpy_cc_is_clang" = xyes],
    [# Clang names the file with or without the architecture, as it was built.
    for lvpy_name in libclang_rt.$lvpy_runtime-$host_cpu.so libclang_rt.$lvpy_runtime.so; do
      SANITIZER_PRELOAD=`$CC -print-file-name=$lvpy_name`
      AS_IF([test -e "$SANITIZER_PRELOAD"], [break])
    done],
    [SANITIZER_PRELOAD=`$CC -print-file-name=$lvpy_runtime`])
  AC_MSG_RESULT([$SANITIZER_PRELOAD])])
])
