# The directory in which the Python files and the modules are installed.
# SPDX-License-Identifier: LGPL-2.1-or-later

# Everything is installed in pyexecdir. The default of pyexecdir is pythondir, so setting either of them, at configure
# or at make, moves everything.

# LVPY_PYTHON_INSTALLDIR_GIVEN
# ----------------------------
# Set lvpy_prefix, and set lvpy_installdir to the directory that the user gives, or to nothing.
AC_DEFUN([LVPY_PYTHON_INSTALLDIR_GIVEN], [
AC_ARG_VAR([pythondir], [directory for the Python files and modules])
AC_ARG_VAR([pyexecdir], [the same; overrides pythondir])
AC_ARG_WITH([python-installdir],
  [AS_HELP_STRING([--with-python-installdir=DIR],
    [install the Python files and modules in DIR @<:@where PYTHON finds modules below PREFIX@:>@])],
  [], [with_python_installdir=])
AS_CASE([$with_python_installdir], [yes|no], [AC_MSG_ERROR([--with-python-installdir needs a directory])])
AS_IF([test -n "$pythondir"], [],
  [test -n "$with_python_installdir"], [pythondir=$with_python_installdir],
  [pythondir=$pyexecdir])
AS_IF([test -z "$pyexecdir"], [pyexecdir='${pythondir}'])
lvpy_prefix=$prefix
AS_IF([test "x$lvpy_prefix" = xNONE], [lvpy_prefix=$ac_default_prefix])
_LVPY_PYTHON_INSTALLDIR_EXPAND
])

# _LVPY_PYTHON_INSTALLDIR_EXPAND
# ------------------------------
# Set lvpy_installdir to the expanded value of pyexecdir. In the Makefile ${prefix} stays unexpanded.
m4_define([_LVPY_PYTHON_INSTALLDIR_EXPAND], [
lvpy_installdir=$(prefix=$lvpy_prefix exec_prefix=$exec_prefix
  test "x$exec_prefix" != xNONE || exec_prefix=$prefix
  eval "pythondir=\"$pythondir\""; eval "pyexecdir=\"$pyexecdir\""
  AS_ECHO(["$pyexecdir"]))
])

# LVPY_PYTHON_INSTALLDIR
# ----------------------
# Set pythondir, pyexecdir and lvpy_installdir. Set lvpy_python_finds to yes, no or unknown: whether PYTHON finds
# modules in that directory without PYTHONPATH.
AC_DEFUN([LVPY_PYTHON_INSTALLDIR], [
AC_MSG_CHECKING([for the directory to install in])
AS_IF([test -z "$pythondir"],
  [pythondir='${prefix}'/$lvpy_python_installdir
  _LVPY_PYTHON_INSTALLDIR_EXPAND])
AC_MSG_RESULT([$lvpy_installdir])
AS_CASE([$lvpy_installdir], [/*], [], [AC_MSG_ERROR([the install directory "$lvpy_installdir" is not absolute])])
AS_IF([test "x$cross_compiling" = xyes], [lvpy_python_finds=unknown])
])
