"""The whole way, for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.front.by_hand import ByHand, by_hand
from tests.stand_ins.way import Way


@pytest.fixture
async def way(database_url: str, tmp_path: Path) -> AsyncIterator[Way]:
    """Front and stand-ins are up; workers are started by the test."""
    async with Way(database_url, tmp_path) as way:
        yield way


@pytest.fixture
async def desk(way: Way) -> AsyncIterator[ByHand]:
    """The worker's part is done by the test's hand."""
    async with by_hand(way) as desk:
        yield desk
