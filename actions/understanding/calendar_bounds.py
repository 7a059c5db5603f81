"""The calendar that expiry dates are read in (``data/time.yml``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import jpholiday
import yaml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Bounds:
    """The outage's day, the first and last expiry a coupon can have, and the days near the outage.

    ``named_days`` are the holidays and festivals of the year by their names.
    ``first_bare_day`` to ``last_bare_day`` are the days of ``bare_month`` that can be said
    without a month.
    """

    outage: date
    earliest: date
    latest: date
    bare_month: int
    first_bare_day: int
    last_bare_day: int
    named_days: dict[str, date] = field(hash=False)

    @property
    def year(self) -> int:
        """Return the year of dates without one."""
        return self.outage.year

    def holds(self, day: date) -> bool:
        """Say whether a coupon of this campaign can expire on ``day``."""
        return self.earliest <= day <= self.latest


@lru_cache(maxsize=1)
def bounds() -> Bounds:
    """Return the calendar from ``data/time.yml``."""
    data = yaml.safe_load((DATA / "time.yml").read_text(encoding="utf-8"))
    bare = data["bare_days"]
    return Bounds(
        data["outage"],
        data["earliest"],
        data["latest"],
        bare["month"],
        bare["first"],
        bare["last"],
        _named(data),
    )


def _named(data: dict[str, Any]) -> dict[str, date]:
    """Return the public holidays of the year, and the days of ``data/time.yml`` that have names."""
    named: dict[str, date] = dict(data["named_days"])
    for day, name in jpholiday.between(data["earliest"], data["latest"]):
        named[name] = day
    return named
