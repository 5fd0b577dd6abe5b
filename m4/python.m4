# Python: the interpreter, its headers, the names of extension modules and the directory to install them in.
# SPDX-License-Identifier: LGPL-2.1-or-later

# AM_PATH_PYTHON is not used: up to Automake 1.16 it prefers other interpreters to python3, and on Debian its default
# directories are not on sys.path.
m4_define([LVPY_PYTHON_MINIMUM], [3.9])
m4_define([LVPY_PYTHON_HINT], [install python3-dev (Debian, Ubuntu, Alpine), python3-devel (Fedora, SUSE) dnl
or python (Arch, Gentoo)])

# LVPY_PYTHON
# -----------
# Set PYTHON, and set PYTHON_CPPFLAGS and PYTHON_EXT_SUFFIX for the Python to build for. The user may preset each of
# them. In a cross build PYTHON is the build machine's Python, which runs the generator.
AC_DEFUN([LVPY_PYTHON], [
AC_ARG_VAR([PYTHON], [Python 3.9 or newer; in a cross build that of the build machine])
AC_ARG_VAR([PYTHON_CONFIG], [pythonX.Y-config of the Python to build for, in a cross build])
AC_ARG_VAR([PYTHON_CPPFLAGS], [preprocessor flags for Python.h, instead of those that PYTHON reports])
AC_ARG_VAR([PYTHON_EXT_SUFFIX], [file name suffix of extension modules, instead of the one that PYTHON reports])
LVPY_PYTHON_INSTALLDIR_GIVEN
_LVPY_PYTHON_FIND
_LVPY_PYTHON_VALUES
_LVPY_PYTHON_HEADERS
LVPY_PYTHON_INSTALLDIR
])

# _LVPY_PYTHON_FIND
# -----------------
# Set PYTHON_VERSION and the lvpy_python_ variables from the output of python-values.py, which starts Python only once.
m4_define([_LVPY_PYTHON_FIND], [
AC_MSG_CHECKING([for Python])
# Run Python isolated (-I), so that it imports no module from the current directory. But if _PYTHON_SYSCONFIGDATA_NAME
# makes the build machine's Python report the host's values, it also needs PYTHONPATH, which -I ignores.
lvpy_isolated=-I
AS_IF([test -n "$_PYTHON_SYSCONFIGDATA_NAME"], [lvpy_isolated=-s])
lvpy_version_script='import platform, sys; print(platform.python_version()); sys.exit(sys.version_info < (3, 9))'
lvpy_too_old=
lvpy_values=
PYTHON_VERSION=
# Try to run each candidate: the python3.X of a version manager may exist but refuse to run.
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
for the host, set PYTHONPATH= to the directory of $_PYTHON_SYSCONFIGDATA_NAME.py, or unset the variable])])
  AS_IF([test -n "$lvpy_too_old"],
    [AC_MSG_ERROR([Python LVPY_PYTHON_MINIMUM or newer is needed, but $lvpy_too_old: LVPY_PYTHON_HINT, or give PYTHON=])])
  AS_IF([test -n "$PYTHON"], [AC_MSG_ERROR([PYTHON=$PYTHON does not run: LVPY_PYTHON_HINT, or give another PYTHON=])])
  AC_MSG_ERROR([no Python LVPY_PYTHON_MINIMUM or newer found: LVPY_PYTHON_HINT, or give PYTHON=])])
# Use the interpreter itself, not a shim of a version manager, which chooses an interpreter by the current directory.
AS_IF([test -z "$PYTHON"], [PYTHON=$lvpy_python_executable])
AC_MSG_RESULT([$PYTHON ($PYTHON_VERSION)])
])

# _LVPY_PYTHON_VALUES
# -------------------
# Set PYTHON_CPPFLAGS and PYTHON_EXT_SUFFIX.
m4_define([_LVPY_PYTHON_VALUES], [
# In a cross build, ask the host's pythonX.Y-config, which is a shell script.
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
  [AS_HELP_STRING([--enable-abi3], [build for the limited API of Python 3.11: one build for 3.11 and newer])],
  [], [enable_abi3=no])
AC_MSG_CHECKING([for the suffix of extension modules])
AS_IF([test -n "$PYTHON_EXT_SUFFIX"], [],
  [test "x$enable_abi3" != xno], [PYTHON_EXT_SUFFIX=.abi3.so],
  [test -n "$PYTHON_CONFIG"], [PYTHON_EXT_SUFFIX=`$PYTHON_CONFIG --extension-suffix`],
  [PYTHON_EXT_SUFFIX=$lvpy_python_suffix])
AC_MSG_RESULT([$PYTHON_EXT_SUFFIX])
AS_CASE([$PYTHON_EXT_SUFFIX], [.?*], [],
  [AC_MSG_ERROR([PYTHON_EXT_SUFFIX is "$PYTHON_EXT_SUFFIX", not a suffix such as .cpython-311-x86_64-linux-gnu.so])])
# Put it into config.h, so that everything is compiled again after configure chose another Python.
AC_DEFINE_UNQUOTED([PYTHON_EXT_SUFFIX], ["$PYTHON_EXT_SUFFIX"], [File name suffix of extension modules.])
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
# Check Python.h with one compilation. Others follow only to find out what is wrong.
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
  [AC_DEFINE([Py_LIMITED_API], [0x030b0000], [Use only the limited API of Python 3.11.])])
])
