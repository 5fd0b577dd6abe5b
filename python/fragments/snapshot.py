# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hand-written methods of snapshots and checkpoints."""


class virDomainCheckpoint:
    def getConnect(self):
        """Return the connection that the checkpoint belongs to."""
        return self.connect()

    def getDomain(self):
        """Return the domain that the checkpoint belongs to."""
        return self.domain()


class virDomainSnapshot:
    def getConnect(self):
        """Return the connection that the snapshot belongs to."""
        return self.connect()

    def getDomain(self):
        """Return the domain that the snapshot belongs to."""
        return self.domain()
