# SPDX-License-Identifier: LGPL-2.1-or-later
#
# python3Packages.callPackage ./default.nix { }
#
# Tested by qa/packaging/recipes, in which Nix builds it with a stand-in for nixpkgs. Not tested: nixpkgs itself, its
# hooks, cross builds, macOS.
{
  lib,
  buildPythonPackage,
  fetchurl,
  libvirt,
  pkg-config,
  pytest,
  python,
}:

buildPythonPackage rec {
  pname = "libvirt-python";
  version = "12.8.0";

  # Build with configure and make, not as a wheel, so that "make check" can run in the build directory.
  pyproject = false;

  src = fetchurl {
    url = "https://download.libvirt.org/python/libvirt-python-${version}.tar.xz";
    # Replace this with the hash of the release.
    hash = lib.fakeHash;
  };

  strictDeps = true;
  nativeBuildInputs = [ pkg-config ];
  buildInputs = [ libvirt ];

  # The interpreter that the build machine can run. It reports the values of the Python to build for.
  configureFlags = [
    "PYTHON=${python.pythonOnBuildForHost.interpreter}"
    "--with-python-installdir=${placeholder "out"}/${python.sitePackages}"
    "--disable-bytecompile"
    "--disable-silent-rules"
    "--with-installer=nix"
    "--with-lxc"
    "--with-admin"
    "--with-qemu"
  ];

  enableParallelBuilding = true;
  enableParallelInstalling = true;

  nativeCheckInputs = [ pytest ];
  checkPhase = ''
    runHook preCheck
    make check -j"$NIX_BUILD_CORES"
    runHook postCheck
  '';

  pythonImportsCheck = [
    "libvirt"
    "libvirt_admin"
    "libvirt_enums"
    "libvirt_lxc"
    "libvirt_qemu"
    "libvirt_types"
    "libvirtaio"
    "libvirtevents"
  ];

  meta = {
    description = "Python bindings for libvirt";
    homepage = "https://libvirt.org/";
    license = lib.licenses.lgpl21Plus;
    maintainers = [ ];
  };
}
