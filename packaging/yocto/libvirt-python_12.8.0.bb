# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Tested by qa/packaging/recipes, which reads this file with a parser of its own and runs configure, compile, install
# and the package test with the variables that BitBake's classes set, for a simulated system root of the same machine.
# Not tested: BitBake, oe-core's classes and QA checks, its libtool and autoreconf, another machine.
#
# This recipe is for meta-virtualization. libvirt's own recipe must then not build Python bindings.

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
# Add the checksum of the release here: SRC_URI[sha256sum]

inherit autotools pkgconfig python3native python3targetconfig ptest

# pkg-config finds headers, libraries and the API description in the system root. The API description is given
# nevertheless, so that the build stops if it does not exist. The modules are those that the libvirt in the system root
# has. A cross build installs no bytecode.
EXTRA_OECONF = " \
    --with-libvirt-api-xml=${STAGING_DATADIR}/libvirt/api/libvirt-api.xml \
    --with-python-installdir=${PYTHON_SITEPACKAGES_DIR} \
    --with-installer=bitbake \
"

# The tests that need only the installed modules. All others need the build directory.
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
