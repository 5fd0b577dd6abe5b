# A stand-in for abuild: run the functions of an APKBUILD. It implements only what this package uses.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=dash disable=SC2034,SC2154
#
#   busybox ash abuild.sh APKBUILD TARBALL DIRECTORY
#
# JOBS in the environment is the number of jobs. The package is DIRECTORY/pkg/NAME; its subpackages are NAME-doc and
# NAME-pyc beside it.

set -e
recipe=$1 tarball=$2 startdir=$3
srcdir=$startdir/src
export CBUILD=x86_64-alpine-linux-musl CHOST=x86_64-alpine-linux-musl CARCH=x86_64 MAKEFLAGS="-j$JOBS $MAKEFLAGS"
export CFLAGS='-Os -fstack-clash-protection -Wformat -Werror=format-security' LDFLAGS='-Wl,--as-needed,-O1,--sort-common'

# shellcheck disable=SC1090
. "$recipe"
for name in pkgname pkgver pkgrel pkgdesc url arch license source builddir; do
    eval "test -n \"\$$name\"" || { echo "abuild: $name is not set" >&2; exit 1; }
done
pkgdir=$startdir/pkg/$pkgname
test "$subpackages" = "$pkgname-doc $pkgname-pyc" || { echo "abuild: unsupported subpackages: $subpackages" >&2; exit 1; }

mkdir -p "$srcdir" "$pkgdir"
tar -xJf "$tarball" -C "$srcdir"
for function in build check package; do
    echo ">>> $function"
    cd "$builddir"
    "$function"
done

# abuild splits the subpackages -doc and -pyc like this.
cd "$pkgdir"
mkdir -p "$pkgdir-doc/usr/share"
mv usr/share/doc "$pkgdir-doc/usr/share/"
rmdir usr/share
find usr/lib/python3* -type d -name __pycache__ | while read -r directory; do
    mkdir -p "$pkgdir-pyc/${directory%/*}"
    mv "$directory" "$pkgdir-pyc/${directory%/*}/"
done
