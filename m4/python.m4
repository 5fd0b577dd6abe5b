# Python: the interpreter, its headers, the names of extension modules and where they are installed.
# SPDX-License-Identifier: LGPL-2.1-or-later

# AM_PATH_PYTHON is not used: it prefers other interpreters than python3 up to Automake 1.16, and on Debian
# its default directories are not on sys.path.
m4_define([LVPY_PYTHON_MINIMUM], [3.9])
m4_define([LVPY_PYTHON_HINT], [install python3-dev (Debian, Ubuntu, Alpine), python3-devel (Fedora, SUSE) dnl
or python (Arch, Gentoo)])

# LVPY_PYTHON
# -----------
# Set PYTHON, and of the Python to build for PYTHON_CPPFLAGS and PYTHON_EXT_SUFFIX. Each of them may be
# preset: in a cross build PYTHON is the build machine's, which runs the generator.
AC_DEFUN([LVPY_PYTHON], [
AC_ARG_VAR([PYTHON], [Python 3.9 or newer; in a cross build the build machine's])
AC_ARG_VAR([PYTHON_CONFIG], [the pythonX.Y-config of the Python to build for, in a cross build])
AC_ARG_VAR([PYTHON_CPPFLAGS], [preprocessor flags that find Python.h, when PYTHON is not to be asked])
AC_ARG_VAR([PYTHON_EXT_SUFFIX], [what follows the name of an extension module, when PYTHON is not to be asked])
LVPY_PYTHON_INSTALLDIR_GIVEN
_LVPY_PYTHON_FIND
_LVPY_PYTHON_VALUES
_LVPY_PYTHON_HEADERS
LVPY_PYTHON_INSTALLDIR
])

# _LVPY_PYTHON_FIND
# -----------------
# Sets PYTHON_VERSION and the lvpy_python_ variables that python-values.py tells: one start of Python tells all.
m4_define([_LVPY_PYTHON_FIND], [
AC_MSG_CHECKING([for Python])
# Isolated, so that no module in the current directory gets in; but the setting by which the build machine's
# Python is made to give the host's values is read together with PYTHONPATH.
lvpy_isolated=-I
AS_IF([test -n "$_PYTHON_SYSCONFIGDATA_NAME"], [lvpy_isolated=-s])
lvpy_version_script='import platform, sys; print(platform.python_version()); sys.exit(sys.version_info < (3, 9))'
lvpy_too_old=
lvpy_values=
PYTHON_VERSION=
# A candidate must run: the python3.X of version managers may be there and refuse.
for lvpy_python in "${PYTHON:-python3}" python3.15 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9
do
  lvpy_values=`$lvpy_python $lvpy_isolated $srcdir/build-aux/python-values.py "$lvpy_prefix" "$lvpy_installdir" dnl
2>&AS_MESSAGE_LOG_FD` && test -n "$lvpy_values" && break
  lvpy_values=
  lvpy_version=`$lvpy_python -I -c "$lvpy_version_script" 2>&AS_MESSAGE_LOG_FD` && break
  AS_IF([test -n "$lvpy_version"], [lvpy_too_old="$lvpy_too_old${lvpy_too_old:+, }$lvpy_python is $lvpy_version"])
  AS_IF([test -n "$PYTHON"], [break])
done
eval "$lvpy_values"
AS_IF([test -n "$PYTHON_VERSION"], [],
  [AC_MSG_RESULT([no])
  AS_IF([test -n "$_PYTHON_SYSCONFIGDATA_NAME"],
    [AC_MSG_ERROR([$PYTHON does not find _PYTHON_SYSCONFIGDATA_NAME=$_PYTHON_SYSCONFIGDATA_NAME: install libpython3-dev
for the host, give PYTHONPATH= for the directory of $_PYTHON_SYSCONFIGDATA_NAME.py, or leave the variable unset])])
  AS_IF([test -n "$lvpy_too_old"],
    [AC_MSG_ERROR([Python LVPY_PYTHON_MINIMUM or newer is needed, but $lvpy_too_old: LVPY_PYTHON_HINT, or give PYTHON=])])
  AS_IF([test -n "$PYTHON"], [AC_MSG_ERROR([PYTHON=$PYTHON does not run: LVPY_PYTHON_HINT, or give another PYTHON=])])
  AC_MSG_ERROR([no Python LVPY_PYTHON_MINIMUM or newer found: LVPY_PYTHON_HINT, or give PYTHON=])])
# The interpreter itself, not a shim of a version manager, whose choice depends on the directory.
AS_IF([test -z "$PYTHON"], [PYTHON=$lvpy_python_executable])
AC_MSG_RESULT([$PYTHON ($PYTHON_VERSION)])
])

# _LVPY_PYTHON_VALUES
# -------------------
m4_define([_LVPY_PYTHON_VALUES], [
# When cross compiling the host's pythonX.Y-config is asked; it is a shell script.
PYTHON_CONFIG=${PYTHON_CONFIG-}
AS_IF([test "x$cross_compiling$_PYTHON_SYSCONFIGDATA_NAME" = xyes &&
    { test -z "$PYTHON_CPPFLAGS" || test -z "$PYTHON_EXT_SUFFIX"; }],
  [lvpy_config=python`AS_ECHO(["$PYTHON_VERSION"]) | $SED 's/^\(@<:@0-9@:>@*\.@<:@0-9@:>@*\).*/\1/'`-config
  AC_PATH_PROGS([PYTHON_CONFIG], ["$host_alias-$lvpy_config" "$host-$lvpy_config"])
  AS_IF([test -z "$PYTHON_CONFIG"],
    [AC_MSG_ERROR([$host_alias-$lvpy_config not found: install libpython3-dev for $host_alias, give
PYTHON_CONFIG=, or give PYTHON_CPPFLAGS= and PYTHON_EXT_SUFFIX=])])])

AC_MSG_CHECKING([for the include directories of Python])
AS_IF([test -n "$PYTHON_CPPFLAGS"], [],
  [test -n "$PYTHON_CONFIG"], [PYTHON_CPPFLAGS=`$PYTHON_CONFIG --includes`],
  [PYTHON_CPPFLAGS=$lvpy_python_includes])
AC_MSG_RESULT([$PYTHON_CPPFLAGS])

AC_ARG_ENABLE([abi3],
  [AS_HELP_STRING([--enable-abi3], [build for the limited API of Python 3.11, one build for 3.11 and newer])],
  [], [enable_abi3=no])
AC_MSG_CHECKING([for the suffix of extension modules])
AS_IF([test -n "$PYTHON_EXT_SUFFIX"], [],
  [test "x$enable_abi3" != xno], [PYTHON_EXT_SUFFIX=.abi3.so],
  [test -n "$PYTHON_CONFIG"], [PYTHON_EXT_SUFFIX=`$PYTHON_CONFIG --extension-suffix`],
  [PYTHON_EXT_SUFFIX=$lvpy_python_suffix])
AC_MSG_RESULT([$PYTHON_EXT_SUFFIX])
AS_CASE([$PYTHON_EXT_SUFFIX], [.?*], [],
  [AC_MSG_ERROR([PYTHON_EXT_SUFFIX is "$PYTHON_EXT_SUFFIX", not a suffix such as .cpython-311-x86_64-linux-gnu.so])])
# In config.h, so that everything is compiled anew when configure chose another Python.
AC_DEFINE_UNQUOTED([PYTHON_EXT_SUFFIX], ["$PYTHON_EXT_SUFFIX"], [What follows the name of an extension module.])
])

# _LVPY_PYTHON_TRY(TEXT, IF-COMPILES, IF-NOT)
# -------------------------------------------
m4_define([_LVPY_PYTHON_TRY], [
lvpy_saved_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$PYTHON_CPPFLAGS $CPPFLAGS"
AC_COMPILE_IFELSE([AC_LANG_SOURCE([[#include <Python.h>
$1]])], [$2], [$3])
CPPFLAGS=$lvpy_saved_CPPFLAGS
])

# _LVPY_PYTHON_HEADERS
# --------------------
# One compilation tells all; others follow only to find out what is wrong.
m4_define([_LVPY_PYTHON_HEADERS], [
AC_MSG_CHECKING([for Python.h of LVPY_PYTHON_MINIMUM or newer])
lvpy_abi3=0
AS_IF([test "x$enable_abi3" != xno],
  [lvpy_abi3=1])
lvpy_problem=
_LVPY_PYTHON_TRY([
#if PY_VERSION_HEX < 0x03090000
#error "too old"
#endif
#if $lvpy_abi3 && (PY_VERSION_HEX < 0x030b0000 || defined Py_GIL_DISABLED)
#error "no limited API of 3.11"
#endif
], [], [_LVPY_PYTHON_TRY([], [lvpy_problem=version], [lvpy_problem=missing])])
AS_IF([test "x$lvpy_problem" = xversion && test "$lvpy_abi3" -eq 1],
  [_LVPY_PYTHON_TRY([
#if PY_VERSION_HEX < 0x03090000
#error "too old"
#endif
], [lvpy_problem=abi3])])
AC_MSG_RESULT([${lvpy_problem:-yes}])
AS_CASE([$lvpy_problem,$cross_compiling],
  [missing,yes],
    [AC_MSG_ERROR([Python.h for $host_alias not found with $PYTHON_CPPFLAGS: install libpython3-dev for $host_alias,
or give PYTHON_CPPFLAGS=])],
  [missing,*], [AC_MSG_ERROR([Python.h of $PYTHON ($PYTHON_VERSION) not found with $PYTHON_CPPFLAGS: LVPY_PYTHON_HINT])],
  [version,*],
    [AC_MSG_ERROR([the Python.h found with $PYTHON_CPPFLAGS is older than LVPY_PYTHON_MINIMUM: LVPY_PYTHON_HINT])],
  [abi3,*],
    [AC_MSG_ERROR([--enable-abi3 needs the headers of Python 3.11 or newer, not free-threaded; PYTHON is $PYTHON_VERSION])])
AS_IF([test "$lvpy_abi3" -eq 1],
  [AC_DEFINE([Py_LIMITED_API], [0x030b0000], [Use only what every Python from 3.11 on has.])])
])
