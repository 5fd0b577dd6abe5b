# Link-time optimization: the flags for --enable-lto, and an archiver that reads the compiler's LTO objects.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_LTO_TOOLS
# --------------
# Set lvpy_lto to no, or to the kind of LTO that was asked for; LTO_CFLAGS for --enable-lto (the user's CFLAGS do not
# change); and AR, NM and RANLIB, unless they are given. Call this before AM_PROG_AR and LT_INIT.
AC_DEFUN([LVPY_LTO_TOOLS], [
AC_REQUIRE([AC_PROG_SED])
AC_ARG_ENABLE([lto],
  [AS_HELP_STRING([--enable-lto@<:@=thin@:>@], [link-time optimization (thin: Clang only)])],
  [], [enable_lto=no])
LTO_CFLAGS=
lvpy_lto=no
AS_CASE([$enable_lto,$lvpy_cc_is_clang],
  [no,*], [],
  # Use one partition, because a module is small, and because without a jobserver each link would start one job per
  # processor. The user's flags come later, so they win.
  [yes,no], [LTO_CFLAGS="-flto -flto-partition=one -fno-fat-lto-objects" lvpy_lto="yes (--enable-lto)"],
  [yes,yes], [LTO_CFLAGS="-flto" lvpy_lto="yes (--enable-lto)"],
  [thin,yes], [LTO_CFLAGS="-flto=thin" lvpy_lto="thin (--enable-lto=thin)"],
  [thin,no], [AC_MSG_ERROR([--enable-lto=thin needs Clang: give CC=clang, or --enable-lto alone])],
  [AC_MSG_ERROR([--enable-lto takes no value or "thin", not "$enable_lto"])])

# The user's flags may also ask for LTO; the last flag counts.
AC_MSG_CHECKING([for link-time optimization in CC and CFLAGS])
lvpy_lto_flag=no
for lvpy_flag in $CC $CFLAGS; do
  AS_CASE([$lvpy_flag],
    [-flto|-flto=*], [lvpy_lto_flag=$lvpy_flag],
    [-fno-lto], [lvpy_lto_flag=-fno-lto])
done
AC_MSG_RESULT([$lvpy_lto_flag])
AS_CASE([$lvpy_lto_flag],
  [no], [],
  [-fno-lto], [LTO_CFLAGS= lvpy_lto="no ($lvpy_lto_flag)"],
  [lvpy_lto="yes ($lvpy_lto_flag)"
  AS_IF([test "x$LTO_CFLAGS$lvpy_cc_is_clang" = xno], [LTO_CFLAGS=-flto-partition=one])])

AS_CASE([$lvpy_lto], [no*], [],
  [_LVPY_LTO_TOOL([AR], [ar])
  _LVPY_LTO_TOOL([NM], [nm])
  _LVPY_LTO_TOOL([RANLIB], [ranlib])])
AC_SUBST([LTO_CFLAGS])
])

# _LVPY_LTO_TOOL(VARIABLE, TOOL)
# ------------------------------
# Set VARIABLE to the compiler's own wrapper of TOOL: gcc-ar for gcc, gcc-ar-12 for gcc-12, llvm-ar for Clang. The name
# is derived from CC, because a wrapper only reads the objects of its own compiler.
m4_define([_LVPY_LTO_TOOL], [
AC_MSG_CHECKING([for an LTO-aware $2])
AS_IF([test -n "$$1"], [AC_MSG_RESULT([$$1 (given)])],
  [lvpy_names=
  for lvpy_word in $CC; do
    AS_CASE([$lvpy_word],
      [-*], [],
      [*clang*], [lvpy_names="`$CC -print-prog-name=llvm-$2 2>/dev/null` `
        AS_ECHO(["$lvpy_word"]) | $SED 's/clang\(-@<:@0-9.@:>@*\)\{0,1\}$/llvm-$2\1/'` llvm-$2"],
      [*gcc*], [lvpy_names="`AS_ECHO(["$lvpy_word"]) | $SED 's/gcc\(-@<:@0-9.@:>@*\)\{0,1\}$/gcc-$2\1/'`"])
  done
  AS_IF([test "x$lvpy_cc_is_clang" = xyes], [lvpy_names="$lvpy_names llvm-$2"],
    [lvpy_names="$lvpy_names ${host_alias:+$host_alias-gcc-$2} gcc-$2"])
  for lvpy_name in $lvpy_names; do
    AS_IF([command -v "$lvpy_name" >/dev/null 2>&1], [$1=$lvpy_name; break])
  done
  AC_MSG_RESULT([${$1:-none, using plain $2}])])
])

# LVPY_LTO_CHECK
# --------------
# Check that a program can be linked with an archive of LTO objects. Set LTO_LDFLAGS. Call this after LT_INIT.
AC_DEFUN([LVPY_LTO_CHECK], [
AS_CASE([$lvpy_lto], [no*], [],
  [AC_MSG_CHECKING([whether $AR, $NM and the linker read LTO objects])
  _LVPY_LTO_TRY([$LTO_CFLAGS])
  # For --enable-lto, try other flags; if the user's own flags do not work, do not change them.
  AS_IF([test "x$lvpy_lto_works" = xno && test "x$enable_lto" != xno && test -n "$LTO_CFLAGS"],
    [AS_IF([test "x$lvpy_cc_is_clang" = xyes], [lvpy_try="$LTO_CFLAGS -fuse-ld=lld"],
      [lvpy_try="-flto -flto-partition=one -ffat-lto-objects"])
    _LVPY_LTO_TRY([$lvpy_try])
    AS_IF([test "x$lvpy_lto_works" = xyes], [LTO_CFLAGS=$lvpy_try lvpy_lto="$lvpy_lto, only works with $lvpy_try"])])
  AC_MSG_RESULT([$lvpy_lto_works])
  AS_IF([test "x$lvpy_lto_works" = xno],
    [AC_MSG_ERROR([link-time optimization does not work with CC=$CC AR=$AR NM=$NM RANLIB=$RANLIB (config.log
has the failing command): install the compiler's own tools (gcc-ar comes with gcc, llvm-ar with llvm; Clang also
needs lld or its linker plugin), leave AR, NM and RANLIB unset, or build without LTO])])
  # Otherwise lld would start one thread per processor in each link, whatever -j says.
  AS_IF([test "x$enable_lto" = xthin || test "x$lvpy_lto_flag" = x-flto=thin],
    [lvpy_try="$LTO_CFLAGS -Wl,--thinlto-jobs=1"
    _LVPY_LTO_TRY([$lvpy_try])
    AS_IF([test "x$lvpy_lto_works" = xyes], [LTO_LDFLAGS=-Wl,--thinlto-jobs=1])])])
AC_SUBST([LTO_LDFLAGS])
])

# _LVPY_LTO_TRY(FLAGS)
# --------------------
# Set lvpy_lto_works to yes or no.
m4_define([_LVPY_LTO_TRY], [
mkdir conftest.lto
echo 'int lvpy_in_archive(void) { return 0; }' >conftest.lto/part.c
echo 'int lvpy_in_archive(void); int main(void) { return lvpy_in_archive(); }' >conftest.lto/main.c
lvpy_lto_works=no
AS_IF([(set -x; cd conftest.lto || exit 1
    $CC $1 $CPPFLAGS $CFLAGS -c part.c -o part.o &&
    $AR cr libpart.a part.o && $RANLIB libpart.a &&
    $NM part.o | grep lvpy_in_archive &&
    $CC $1 $CPPFLAGS $CFLAGS $LDFLAGS main.c libpart.a -o main$EXEEXT) >&AS_MESSAGE_LOG_FD 2>&1],
  [lvpy_lto_works=yes])
rm -rf conftest.lto
])
