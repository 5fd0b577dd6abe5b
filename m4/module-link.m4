# How a Python extension module is linked.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_MODULE_LINK
# ----------------
# Set PIC_CFLAGS, MODULE_LDFLAGS and MODULE_LIBS, and substitute objdir, the directory in which libtool puts archives.
# Call this after LT_INIT.
AC_DEFUN([LVPY_MODULE_LINK], [
PIC_CFLAGS=`AS_ECHO(["$lt_prog_compiler_pic"]) | $SED 's/^ *//'`
AC_SUBST([PIC_CFLAGS])
AC_SUBST([objdir])

_LVPY_MODULE_FLAGS
])

# _LVPY_MODULE_FLAGS
# ------------------
# A module's references to Python stay undefined until the interpreter loads the module. Some distributions forbid
# undefined symbols in LDFLAGS (-Wl,-z,defs). MODULE_LIBS allows them again, so it must come after LDFLAGS. On macOS a
# module is a bundle.
m4_define([_LVPY_MODULE_FLAGS], [
AC_MSG_CHECKING([how $CC links a module with undefined symbols])
lvpy_saved_CFLAGS=$CFLAGS
lvpy_saved_LIBS=$LIBS
lvpy_result=no
for lvpy_flags in '-shared:' '-shared:-Wl,-z,undefs' '-bundle:-Wl,-undefined,dynamic_lookup'; do
  MODULE_LDFLAGS=${lvpy_flags%%:*}
  MODULE_LIBS=${lvpy_flags#*:}
  CFLAGS="$lvpy_saved_CFLAGS $PIC_CFLAGS $MODULE_LDFLAGS"
  LIBS="$lvpy_saved_LIBS $MODULE_LIBS"
  AC_LINK_IFELSE([AC_LANG_SOURCE([[void lvpy_undefined(void); void lvpy_use(void) { lvpy_undefined(); }]])],
    [lvpy_result="$MODULE_LDFLAGS${MODULE_LIBS:+ }$MODULE_LIBS"; break])
done
CFLAGS=$lvpy_saved_CFLAGS
LIBS=$lvpy_saved_LIBS
AC_MSG_RESULT([$lvpy_result])
AS_IF([test "x$lvpy_result" = xno],
  [AC_MSG_ERROR([a module with undefined symbols cannot be linked (config.log has the reason), and modules
are not linked with libpython: remove -Wl,-z,defs or -Wl,--no-undefined from LDFLAGS])])
AC_SUBST([MODULE_LDFLAGS])
AC_SUBST([MODULE_LIBS])
])
