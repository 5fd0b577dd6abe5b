# A stand-in for nixpkgs with only the functions that this package uses. They check their arguments; the builder is
# stdenv.bash.
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# nix-build nixpkgs.nix --argstr recipe FILE --argstr tarball FILE --argstr version X.Y --argstr makeflags TEXT
{
  recipe,
  tarball,
  version,
  makeflags,
}:

let
  lib = {
    fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    licenses.lgpl21Plus.spdxId = "LGPL-2.1-or-later";
  };

  # Programs and libraries are those of the system.
  system = name: { inherit name; };

  buildPythonPackage =
    attributes@{
      pname,
      version,
      pyproject,
      src,
      nativeBuildInputs,
      buildInputs,
      nativeCheckInputs,
      checkPhase,
      pythonImportsCheck,
      meta,
      ...
    }:
    # The builder runs configure and make only for this format.
    assert pyproject == false;
    assert meta.license.spdxId == "LGPL-2.1-or-later";
    derivation (
      removeAttrs attributes [
        "meta"
        "pyproject"
        "checkPhase"
      ]
      // {
        name = "python3-${pname}-${version}";
        system = builtins.currentSystem;
        builder = "/bin/bash";
        args = [
          "-e"
          ./stdenv.bash
        ];
        nativeBuildInputs = map (input: input.name) nativeBuildInputs;
        buildInputs = map (input: input.name) buildInputs;
        nativeCheckInputs = map (input: input.name) nativeCheckInputs;
        # nixpkgs runs the tests of Python packages after the installation.
        installCheckPhase = checkPhase;
        MAKEFLAGS = makeflags;
      }
    )
    // {
      inherit meta;
    };

  packages = {
    inherit lib buildPythonPackage;
    fetchurl =
      { url, hash }:
      assert baseNameOf url == baseNameOf tarball;
      /. + tarball;
    libvirt = system "libvirt";
    pkg-config = system "pkg-config";
    pytest = system "pytest";
    python = {
      pythonOnBuildForHost.interpreter = "/usr/bin/python3";
      sitePackages = "lib/python${version}/site-packages";
    };
  };
  package = import (/. + recipe);
in
package (builtins.intersectAttrs (builtins.functionArgs package) packages)
