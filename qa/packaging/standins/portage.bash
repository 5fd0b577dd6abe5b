# Run the phases of an ebuild as a package manager does, for what this package uses of EAPI 8, python-r1 and multibuild.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2015,SC2030,SC2031,SC2034
#
#   bash portage.bash EBUILD TARBALL DIRECTORY
#
# In the environment: CBUILD, CHOST, MAKEOPTS, USE, PYTHON_TARGETS, and the flags of the compiler and the linker. The
# image is DIRECTORY/image, the source is read-only from configure on. Needs root, in a mount namespace of its own.

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

# In an ebuild commands end the build themselves when they fail.

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
    [[ $1 == -x ]] || die "docompress: only what is to be left as it is"
}

inherit() {
    [[ $* == python-r1 ]] || die "inherit: only python-r1 is known here"
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

run_in_build_dir() {
    mkdir -p "$BUILD_DIR" && cd "$BUILD_DIR" || die "no $BUILD_DIR"
    "$@"
}

python_get_sitedir() {
    echo "$EPREFIX/usr/lib/$EPYTHON/site-packages"
}

python_optimize() {
    (( $# )) && die "python_optimize: directories are not known here"
    "$PYTHON" -m compileall -q -f -o 0 -o 1 -o 2 -d "$(python_get_sitedir)" "$D$(python_get_sitedir)" ||
        die "python_optimize"
}

# The phases as they are by default; the ebuild replaces some.

src_unpack() {
    tar -xf "$distfile" || die "unpack"
}

src_prepare() {
    eapply_user
}

src_configure() {
    die "no src_configure"
}

src_compile() {
    die "no src_compile"
}

src_test() {
    die "no src_test"
}

src_install() {
    die "no src_install"
}

phase() {
    echo ">>> $1"
    cd "$2" || die "no $2"
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
