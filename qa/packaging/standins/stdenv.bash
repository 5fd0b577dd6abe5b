# The builder of nixpkgs.nix: the default phases of nixpkgs' standard environment, and those of Python packages.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2154
#
# The attributes of the package are environment variables; a list is one string.

export PATH=/usr/bin:/bin HOME=/homeless-shelter SOURCE_DATE_EPOCH=315532800

runHook() {
    :
}

echo ">>> unpackPhase"
tar -xf "$src"
cd ./*/ || exit

echo ">>> configurePhase"
read -ra flags <<<"$configureFlags"
set -x
./configure --disable-dependency-tracking --prefix="$out" "${flags[@]}" --disable-static
{ set +x; } 2>/dev/null

jobs=1
if [[ $enableParallelBuilding ]]; then
    jobs=$NIX_BUILD_CORES
fi
echo ">>> buildPhase"
make SHELL=/bin/bash -j"$jobs"

echo ">>> installPhase"
make install SHELL=/bin/bash ${enableParallelInstalling:+-j"$jobs"}

echo ">>> fixupPhase"
find "$out" -name '*.so*' -type f -exec strip -S {} +
python3 -m compileall -q -o 0 -o 1 -o 2 "$out"

echo ">>> installCheckPhase"
eval "$installCheckPhase"
for module in $pythonImportsCheck; do
    (cd / && PYTHONPATH=$(dirname "$(find "$out" -name libvirt.py)") python3 -c "import $module; print('imported $module')")
done
