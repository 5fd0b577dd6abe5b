# How libtool links a Python extension module: no SONAME, no run path.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_MODULE_LINK
# ----------------
# To be called after LT_INIT, whose variables reach the libtool script at the end of configure.
# A module is found by its file name alone; a SONAME would make it look like a shared library to packaging tools.
AC_DEFUN([LVPY_MODULE_LINK], [
AC_REQUIRE([AC_PROG_SED])
lvpy_drop_soname='s/ *[$]wl-soname *[$]wl[$]soname//g; s/ *[$]{wl}-soname *[$]{wl}[$]soname//g'
AS_IF([test -z "$module_cmds"],
  [module_cmds=`AS_ECHO(["$archive_cmds"]) | $SED "$lvpy_drop_soname"`])
AS_IF([test -z "$module_expsym_cmds"],
  [module_expsym_cmds=`AS_ECHO(["$archive_expsym_cmds"]) | $SED "$lvpy_drop_soname"`])
hardcode_into_libs=no
AC_SUBST([objdir])

# Export control: the module marks its PyInit_ function, all else is hidden.
AC_MSG_CHECKING([whether $CC hides symbols by default])
lvpy_saved_CFLAGS=$CFLAGS
CFLAGS="$CFLAGS -Werror -fvisibility=hidden"
AC_COMPILE_IFELSE(
  [AC_LANG_SOURCE([[__attribute__((visibility("default"))) int lvpy_shown(void) { return 0; }]])],
  [VISIBILITY_CFLAGS=-fvisibility=hidden lvpy_result=yes],
  [VISIBILITY_CFLAGS= lvpy_result=no])
CFLAGS=$lvpy_saved_CFLAGS
AC_MSG_RESULT([$lvpy_result])
AC_SUBST([VISIBILITY_CFLAGS])
_LVPY_MODULE_UNDEFINED
])

# _LVPY_MODULE_UNDEFINED
# ----------------------
# A module's references to Python stay undefined until the interpreter loads it, which some distributions'
# LDFLAGS (-Wl,-z,defs) forbid. Set MODULE_LIBS to what lifts that; it must come after LDFLAGS.
m4_define([_LVPY_MODULE_UNDEFINED], [
AC_MSG_CHECKING([for the flag that lets a module have undefined symbols])
lvpy_saved_CFLAGS=$CFLAGS
lvpy_saved_LIBS=$LIBS
CFLAGS="$CFLAGS $lt_prog_compiler_pic -shared"
MODULE_LIBS=unknown
for lvpy_flag in '' -Wl,-z,undefs '-Wl,-undefined,dynamic_lookup'; do
  LIBS="$lvpy_saved_LIBS $lvpy_flag"
  AC_LINK_IFELSE([AC_LANG_SOURCE([[void lvpy_undefined(void); void lvpy_use(void) { lvpy_undefined(); }]])],
    [MODULE_LIBS=$lvpy_flag; break])
done
CFLAGS=$lvpy_saved_CFLAGS
LIBS=$lvpy_saved_LIBS
AC_MSG_RESULT([${MODULE_LIBS:-none needed}])
AS_IF([test "x$MODULE_LIBS" = xunknown],
  [AC_MSG_ERROR([a module with undefined symbols cannot be linked (config.log has the reason), and modules
are not linked with libpython: take -Wl,-z,defs or -Wl,--no-undefined out of LDFLAGS])])
AC_SUBST([MODULE_LIBS])
])
