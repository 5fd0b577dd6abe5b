# SPDX-License-Identifier: LGPL-2.1-or-later
"""The extension modules and the Python modules that use them; libvirt_admin only if it was built."""

import importlib
from types import ModuleType
from typing import Tuple

import libvirt
import libvirt_lxc
import libvirt_qemu
import libvirtmod
import libvirtmod_lxc
import libvirtmod_qemu


def _optional(name: str) -> Tuple[ModuleType, ...]:
    try:
        return importlib.import_module(name),
    except ImportError:
        return ()


EXTENSIONS: Tuple[ModuleType, ...] = (
    libvirtmod, libvirtmod_qemu, libvirtmod_lxc, *_optional("libvirtmod_admin"))
PYTHON: Tuple[ModuleType, ...] = (libvirt, libvirt_qemu, libvirt_lxc, *_optional("libvirt_admin"))
