# A stand-in for Portage: run the phases of an ebuild, with only what this package uses of EAPI 8, python-r1 and
# multibuild.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2015,SC2030,SC2031,SC2034
#
#   bash portage.bash EBUILD TARBALL DIRECTORY
#
# The environment has CBUILD, CHOST, MAKEOPTS, USE, PYTHON_TARGETS, and the flags of the compiler and the linker. The
# image is DIRECTORY/image. The source is read-only from src_configure on. Needs root, in its own mount namespace.

ebuild=$1 distfile=$2 directory=$3
PF=$(basename "$ebuild" .ebuild)
P=$PF PN=${PF%-*} PV=${PF##*-}
WORKDIR=$directory/work S=$WORKDIR/$P D=$directory/image T=$directory/temp ED=$D EPREFIX='' BROOT='' ESYSROOT=''
export PF P PN PV WORKDIR S D T ED EPREFIX BROOT ESYSROOT HOME=$T TMPDIR=$T
mkdir -p "$WORKDIR" "$D" "$T"

die() {
    echo " * ERROR: ${*:-died}" >&2
    exit 1
}

use() {
    [[ " $USE " == *" $1 "* ]]
}

use_enable() {
    if use "$1"; then
        echo "--enable-${2:-$1}"
    else
        echo "--disable-${2:-$1}"
    fi
}

# These commands abort the build when they fail.

econf() {
    local source=${ECONF_SOURCE:-.} known arguments
    known=$("$source/configure" --help) || die "configure --help"
    arguments=(--prefix="$EPREFIX/usr" ${CBUILD:+--build="$CBUILD"} --host="$CHOST" --mandir="$EPREFIX/usr/share/man"
        --infodir="$EPREFIX/usr/share/info" --datadir="$EPREFIX/usr/share" --sysconfdir="$EPREFIX/etc"
        --localstatedir="$EPREFIX/var/lib" --datarootdir="$EPREFIX/usr/share" --disable-dependency-tracking
        --disable-silent-rules --docdir="$EPREFIX/usr/share/doc/$PF" --htmldir="$EPREFIX/usr/share/doc/$PF/html"
        --libdir="$EPREFIX/usr/lib64")
    if [[ $known == *--enable-static* ]]; then
        arguments+=(--disable-static)
    fi
    if [[ $known == *--with-sysroot* ]]; then
        arguments+=(--with-sysroot="${ESYSROOT:-/}")
    fi
    echo "$source/configure ${arguments[*]} $*"
    CONFIG_SHELL=/bin/bash "$source/configure" "${arguments[@]}" "$@" || die "econf"
}

emake() {
    local options
    read -ra options <<<"$MAKEOPTS"
    echo "make ${options[*]} $*"
    make "${options[@]}" "$@" || die "emake $*"
}

eapply_user() {
    :
}

docompress() {
    [[ $1 == -x ]] || die "docompress: only -x is supported"
}

inherit() {
    [[ $* == "python-r1 verify-sig" ]] || die "inherit: only python-r1 and verify-sig are supported"
    [[ $VERIFY_SIG_OPENPGP_KEY_PATH == /usr/share/openpgp-keys/* ]] || die "verify-sig: the path of the key is not set"
    (( ${#PYTHON_COMPAT[@]} )) || die "python-r1: PYTHON_COMPAT is not set"
    PYTHON_DEPS=python PYTHON_USEDEP=python PYTHON_REQUIRED_USE=python
}

# python-r1

python_foreach_impl() {
    local variant
    for variant in $PYTHON_TARGETS; do
        [[ " ${PYTHON_COMPAT[*]} " == *" $variant "* ]] || die "$variant is not in PYTHON_COMPAT"
        (
            export MULTIBUILD_VARIANT=$variant EPYTHON=${variant/_/.} BUILD_DIR=${BUILD_DIR:-$S}-$variant
            export PYTHON=/usr/bin/$EPYTHON
            mkdir -p "$T/$EPYTHON/bin"
            ln -sf "$PYTHON" "$T/$EPYTHON/bin/python3"
            ln -sf "$PYTHON" "$T/$EPYTHON/bin/python"
            PATH=$T/$EPYTHON/bin:$PATH
            echo " * $EPYTHON: $*"
            "$@" || die "$* failed for $EPYTHON"
        ) || exit
    done
}

python_setup() {
    local variant=${PYTHON_TARGETS##* }
    export EPYTHON=${variant/_/.} PYTHON=/usr/bin/${variant/_/.}
}

run_in_build_dir() {
    mkdir -p "$BUILD_DIR" && cd "$BUILD_DIR" || die "cannot enter $BUILD_DIR"
    "$@"
}

python_get_sitedir() {
    echo "$EPREFIX/usr/lib/$EPYTHON/site-packages"
}

python_optimize() {
    (( $# )) && die "python_optimize: arguments are not supported"
    "$PYTHON" -m compileall -q -f -o 0 -o 1 -o 2 -d "$(python_get_sitedir)" "$D$(python_get_sitedir)" ||
        die "python_optimize"
}

# The default phases; the ebuild replaces some of them.

src_unpack() {
    tar -xf "$distfile" || die "unpack"
}

src_prepare() {
    eapply_user
}

src_configure() {
    die "src_configure is not defined"
}

src_compile() {
    die "src_compile is not defined"
}

src_test() {
    die "src_test is not defined"
}

src_install() {
    die "src_install is not defined"
}

phase() {
    echo ">>> $1"
    cd "$2" || die "cannot enter $2"
    "$1"
}

# shellcheck disable=SC1090
source "$ebuild" || die "$ebuild"
[[ $EAPI == 8 ]] || die "EAPI is $EAPI"
for name in DESCRIPTION HOMEPAGE SRC_URI LICENSE SLOT KEYWORDS IUSE RDEPEND DEPEND BDEPEND; do
    [[ ${!name} ]] || die "$name is not set"
    declare -p "$name"
done >"$directory/metadata"
for flag in $USE; do
    [[ " $IUSE " == *" $flag "* ]] || die "$flag is not in IUSE"
done

phase src_unpack "$WORKDIR"
phase src_prepare "$S"
mount --bind "$S" "$S" && mount -o remount,bind,ro "$S" || die "$S cannot be made read-only"
phase src_configure "$S"
phase src_compile "$S"
if use test; then
    phase src_test "$S"
fi
phase src_install "$S"
