# SPDX-License-Identifier: LGPL-2.1-or-later
"""What virConnect has beside its generated methods."""

import libvirtmod
from libvirt import libvirtError


class virConnect:
    def close(self):
        """Close the connection.

        Objects that were made from it keep it open behind the scenes until
        they are gone; this object cannot be used any more.

        Returns the int number of references that are left: 0 when the
        connection is really closed.  Raises libvirtError on failure.

        C function: virConnectClose
        """
        handle, self._o = self._o, None
        ret = libvirtmod.virConnectClose(handle)
        if ret == -1:
            raise libvirtError('virConnectClose() failed')
        return ret

    def __enter__(self):
        return self

    def __exit__(self, exc_type_, exc_value_, traceback_):
        self.close()
