# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2317

# Tried: by qa/packaging/recipes, which runs the phases with stand-ins for Portage and its eclasses, for two
# Pythons. Not tried: Portage itself, its QA checks, pkgcheck, crossdev.

EAPI=8

PYTHON_COMPAT=( python3_{12..15} )

# python-r1 and the Autotools build, not distutils-r1 and the PEP 517 backend: econf and emake give MAKEOPTS, CHOST
# and the flags to configure and make directly, each Python has a build directory of its own over the one source,
# and "make check" runs in it. Nothing has to be filtered: any -j and any LTO is right.
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

# What is bound is what that libvirt has: another one, another build.
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
	# AR, NM and RANLIB are left to configure: with LTO in CFLAGS it takes the compiler's own ones, unless they are set.
	my_configure() {
		local myconf=(
			"$(use_enable examples)"
			# Portage compiles what it has installed.
			--disable-bytecompile
			--with-installer=portage
			--with-python-installdir="$(python_get_sitedir)"
			# libvirt installs both libraries whatever its USE flags are.
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

	# The documents are installed by make.
	python_foreach_impl run_in_build_dir my_install
	docompress -x "/usr/share/doc/${PF}/examples"
}
