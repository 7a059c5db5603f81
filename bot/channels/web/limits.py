"""How much one visitor, and one address, may ask of the service."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Bucket:
    """Token buckets by key: ``burst`` at once, then ``per_second``.

    A key that has been quiet long enough to be full again is forgotten, so that memory grows
    with the visitors of the last minutes, not of all time.
    """

    def __init__(
        self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start with every bucket full; ``clock`` counts seconds."""
        self._burst = float(burst)
        self._rate = per_second
        self._clock = clock
        self._level: dict[str, tuple[float, float]] = {}
        self._swept = clock()

    @property
    def known(self) -> int:
        """How many keys are remembered."""
        return len(self._level)

    def wait(self, key: str) -> float:
        """Take one token; return 0, or the seconds until there is one (nothing is taken then)."""
        now = self._clock()
        self._sweep(now)
        level, at = self._level.get(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        if level < 1:
            return (1 - level) / self._rate
        self._level[key] = (level - 1, now)
        return 0.0

    def _sweep(self, now: float) -> None:
        full_after = self._burst / self._rate
        if now - self._swept < full_after:
            return
        self._swept = now
        self._level = {
            key: (level, at) for key, (level, at) in self._level.items() if now - at < full_after
        }


class Places:
    """How many streams a key may hold open at once."""

    def __init__(self, each: int) -> None:
        """Allow ``each`` open streams a key."""
        self._each = each
        self._open: dict[str, int] = {}

    @property
    def known(self) -> int:
        """How many keys hold a place."""
        return len(self._open)

    def free(self, key: str) -> bool:
        """Tell whether one more may be opened."""
        return self._open.get(key, 0) < self._each

    @contextmanager
    def taken(self, key: str) -> Iterator[None]:
        """Hold a place while the stream is open."""
        self._open[key] = self._open.get(key, 0) + 1
        try:
            yield
        finally:
            left = self._open[key] - 1
            if left:
                self._open[key] = left
            else:
                del self._open[key]
