# --enable-sanitizers: build with sanitizers, for developers.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_SANITIZERS
# ---------------
# Set SANITIZER_CFLAGS, and set SANITIZER_PRELOAD to the sanitizer's runtime. It must be preloaded, because the
# interpreter that loads the modules was built without it.
AC_DEFUN([LVPY_SANITIZERS], [
AC_ARG_ENABLE([sanitizers],
  [AS_HELP_STRING([--enable-sanitizers=LIST], [build with sanitizers, for example address,undefined])],
  [], [enable_sanitizers=no])
AS_IF([test "x$enable_sanitizers" = xyes], [enable_sanitizers=address,undefined])
SANITIZER_CFLAGS=
SANITIZER_PRELOAD=
AS_IF([test "x$enable_sanitizers" != xno],
  # Do not recover: a finding ends the process, so that no test can miss it.
  [SANITIZER_CFLAGS="-fsanitize=$enable_sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer"
  # By default Clang links its runtime statically, which works only for programs.
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
# Set SANITIZER_PRELOAD.
m4_define([_LVPY_SANITIZER_PRELOAD], [
# The runtime of the address sanitizer includes that of the undefined behaviour sanitizer.
AS_CASE([,$enable_sanitizers],
  [*,address*], [lvpy_gcc=asan lvpy_clang=asan],
  [*,thread*], [lvpy_gcc=tsan lvpy_clang=tsan],
  [*,undefined*], [lvpy_gcc=ubsan lvpy_clang=ubsan_standalone],
  [lvpy_gcc=])
AS_IF([test -n "$lvpy_gcc"],
  [AC_MSG_CHECKING([for the sanitizer runtime to preload])
  # Clang's file name includes the architecture or not, depending on how Clang was built.
  lvpy_names="lib$lvpy_gcc.so"
  AS_IF([test "x$lvpy_cc_is_clang" = xyes],
    [lvpy_names="libclang_rt.$lvpy_clang-$host_cpu.so libclang_rt.$lvpy_clang.so"])
  for lvpy_name in $lvpy_names; do
    SANITIZER_PRELOAD=`$CC -print-file-name=$lvpy_name`
    AS_IF([test -e "$SANITIZER_PRELOAD"], [break])
  done
  # On some distributions the file is a linker script that names the library.
  lvpy_script=`$SED -n 's/^INPUT *( *\(@<:@^ )@:>@*\).*/\1/p' "$SANITIZER_PRELOAD" 2>/dev/null`
  AS_IF([test -n "$lvpy_script"], [SANITIZER_PRELOAD=$lvpy_script])
  AC_MSG_RESULT([$SANITIZER_PRELOAD])])
])
