# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Tried: by qa/packaging/recipes, which reads this file itself and runs configure, compile, install and the package
# test with what BitBake's classes set, for a simulated system root of the same machine. Not tried: BitBake, oe-core's
# classes and QA checks, its libtool and autoreconf, another machine.
#
# For meta-virtualization, whose libvirt must then not build Python bindings of its own.

SUMMARY = "Python bindings for libvirt"
HOMEPAGE = "https://libvirt.org/"
SECTION = "devel/python"
LICENSE = "LGPL-2.1-or-later"
LIC_FILES_CHKSUM = "file://COPYING;md5=4fbd65380cdd255951079008b364516c"

DEPENDS = "libvirt"

SRC_URI = " \
    https://download.libvirt.org/python/${BP}.tar.xz \
    file://run-ptest \
"
# The sum of the release goes here: SRC_URI[sha256sum]

inherit autotools pkgconfig python3native python3targetconfig ptest

# Headers, libraries and the API description are found by pkg-config, the latter in the system root as well. It is
# named all the same, so that a build stops when it is not there. Which modules there are follows from what that
# libvirt has. Of bytecode there is none in a cross build.
EXTRA_OECONF = " \
    --with-libvirt-api-xml=${STAGING_DATADIR}/libvirt/api/libvirt-api.xml \
    --with-python-installdir=${PYTHON_SITEPACKAGES_DIR} \
    --with-installer=bitbake \
"

# The tests that need nothing but what is installed; the others need the build directory.
PTEST_FILES = " \
    aioprograms.py \
    checkers.py \
    conftest.py \
    fixturetypes.py \
    forkserver.py \
    template.py \
    test_aio.py \
    test_aio_handles.py \
    test_aio_loops.py \
    test_aio_threads.py \
    test_aio_timers.py \
    test_arguments.py \
    test_errors.py \
    test_event_impl.py \
    test_eventloop.py \
    test_events.py \
    test_handles.py \
    test_lxc.py \
    test_threads.py \
"

do_install_ptest() {
    install -d ${D}${PTEST_PATH}/tests
    for file in ${PTEST_FILES}; do
        install -D -m 0644 ${S}/tests/$file ${D}${PTEST_PATH}/tests/$file
    done
}

FILES:${PN} += "${PYTHON_SITEPACKAGES_DIR}"

RDEPENDS:${PN} += " \
    libvirt \
    python3-asyncio \
    python3-core \
    python3-logging \
    python3-threading \
"
RDEPENDS:${PN}-ptest += " \
    python3-pytest \
    python3-unittest-automake-output \
"
