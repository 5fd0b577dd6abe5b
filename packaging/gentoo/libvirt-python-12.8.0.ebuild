# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2317

# Tested by qa/packaging/recipes, which runs the phases with stand-ins for Portage and its eclasses, for two Pythons.
# Not tested: Portage itself, its QA checks, pkgcheck, crossdev.

EAPI=8

PYTHON_COMPAT=( python3_{12..15} )

# Use python-r1 and the Autotools build, not distutils-r1 and the PEP 517 backend: econf and emake pass MAKEOPTS, CHOST
# and the flags directly to configure and make, all Pythons share the source and have a build directory each, and
# "make check" runs in it. Flags need no filtering: any -j and any LTO works.
inherit python-r1

DESCRIPTION="Python bindings for libvirt"
HOMEPAGE="https://libvirt.org/"
SRC_URI="https://download.libvirt.org/python/${P}.tar.xz"

LICENSE="LGPL-2.1+"
SLOT="0"
KEYWORDS="~amd64 ~arm64 ~ppc64 ~riscv ~x86"
IUSE="examples test"
REQUIRED_USE="${PYTHON_REQUIRED_USE}"
RESTRICT="!test? ( test )"

# The slot operator rebuilds the bindings when libvirt changes, because they bind the functions of that libvirt.
RDEPEND="
	${PYTHON_DEPS}
	>=app-emulation/libvirt-7.0.0:0=
"
DEPEND="${RDEPEND}"
BDEPEND="
	${PYTHON_DEPS}
	virtual/pkgconfig
	test? ( dev-python/pytest[${PYTHON_USEDEP}] )
"

src_configure() {
	# Let configure choose AR, NM and RANLIB: with LTO in CFLAGS it uses the compiler's own tools, unless they are set.
	my_configure() {
		local myconf=(
			"$(use_enable examples)"
			# python_optimize compiles the installed files.
			--disable-bytecompile
			--with-installer=portage
			--with-python-installdir="$(python_get_sitedir)"
			# libvirt installs these libraries with any USE flags.
			--with-lxc
			--with-admin
			--with-qemu
		)
		econf "${myconf[@]}"
	}

	local ECONF_SOURCE=${S}
	python_foreach_impl run_in_build_dir my_configure
}

src_compile() {
	python_foreach_impl run_in_build_dir emake
}

src_test() {
	python_foreach_impl run_in_build_dir emake check
}

src_install() {
	my_install() {
		emake install DESTDIR="${D}"
		python_optimize
	}

	# "make install" also installs the documents.
	python_foreach_impl run_in_build_dir my_install
	docompress -x "/usr/share/doc/${PF}/examples"
}
