# SPDX-License-Identifier: LGPL-2.1-or-later
"""What virConnect has beside its generated methods."""

from types import TracebackType
from typing import Iterable

from typing_extensions import Self

from libvirt import virDomain
from libvirt_types import DomainStats

class virConnect:
    def close(self) -> int: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, exc_type_: type[BaseException] | None, exc_value_: BaseException | None,
                 traceback_: TracebackType | None) -> None: ...
    def getAllDomainStats(self, stats: int = 0, flags: int = 0) -> list[tuple[virDomain, DomainStats]]: ...
    def domainListGetStats(self, doms: Iterable[virDomain], stats: int = 0,
                           flags: int = 0) -> list[tuple[virDomain, DomainStats]]: ...
