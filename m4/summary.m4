# The table at the end of configure.
# SPDX-License-Identifier: LGPL-2.1-or-later

# LVPY_SUMMARY
# ------------
AC_DEFUN([LVPY_SUMMARY], [
lvpy_modules=libvirt
for lvpy_module in $MODULES; do lvpy_modules="$lvpy_modules, libvirt_$lvpy_module"; done
AS_CASE([$lvpy_python_finds],
  [yes], [lvpy_finds=],
  [no], [lvpy_finds="
                (PYTHON does not search this directory: set PYTHONPATH, or choose another --prefix)"],
  [lvpy_finds=" (cross build: not checked)"])
lvpy_abi=
AS_IF([test "x$enable_abi3" != xno], [lvpy_abi=", limited API of 3.11"])
AS_CASE([$lvpy_lto], [no*], [lvpy_archiver=$AR], [lvpy_archiver="$AR, $NM, $RANLIB"])
cat <<_LVPY_EOF

$PACKAGE_NAME $PACKAGE_VERSION
  modules       $lvpy_modules
  libvirt       $LIBVIRT_VERSION, $LIBVIRT_API_XML
  Python        $PYTHON_VERSION, $PYTHON$lvpy_abi
  module files  libvirtmod$PYTHON_EXT_SUFFIX
  install in    $lvpy_installdir$lvpy_finds
  compiler      $CC $CFLAGS
  LTO           $lvpy_lto
  archiver      $lvpy_archiver
  werror        $enable_werror
  sanitizers    $enable_sanitizers
  byte-compile  $enable_bytecompile

Now run make, make check, make install; make help lists more.
_LVPY_EOF
])
