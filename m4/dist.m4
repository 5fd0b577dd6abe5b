# A reproducible tarball, if tar supports it.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_DIST
# ---------
# Extend Automake's tar command, so that order, owner and mode of the files do not depend on the machine. If
# SOURCE_DATE_EPOCH is set when make runs, it is the time of every file.
AC_DEFUN([LVPY_DIST], [
lvpy_flags='--format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX'
AC_MSG_CHECKING([whether tar can make reproducible archives])
AS_IF([(cd "$srcdir" && ${TAR-tar} $lvpy_flags --mtime=@0 -cf /dev/null configure.ac) >&AS_MESSAGE_LOG_FD 2>&1],
  [am__tar="\$\${TAR-tar} $lvpy_flags"' $${SOURCE_DATE_EPOCH:+--mtime=@$$SOURCE_DATE_EPOCH} -chf - "$$tardir"'
  AC_MSG_RESULT([yes])],
  [AC_MSG_RESULT([no])])
])
