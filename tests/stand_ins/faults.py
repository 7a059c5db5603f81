"""Faults a stand-in shows on demand, one call each."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Fault:
    """What the next call to an endpoint meets.

    ``refuse``: answered with ``status``, nothing done. ``cut_before``: the connection breaks,
    nothing done. ``cut_after``: done, then the connection breaks. ``hold``: done, but the answer
    waits until ``release`` is set. ``hold_before``: nothing done until then.
    """

    kind: Literal["refuse", "cut_before", "cut_after", "hold", "hold_before"]
    status: int = 500
    message: str = "Internal error"
    retry_after: int | None = None
    release: asyncio.Event | None = None


class Faults:
    """Faults waiting for their call, by endpoint (``reply``, ``push``, ``sendMessage`` …)."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, endpoint: str, *faults: Fault) -> None:
        self._waiting[endpoint].extend(faults)

    def take(self, endpoint: str) -> Fault | None:
        waiting = self._waiting[endpoint]
        return waiting.popleft() if waiting else None
