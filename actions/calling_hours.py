"""When the call center answers: open now, or the next time it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Optional

import jpholiday


@dataclass(frozen=True)
class Hours:
    """The hours a notice gives, in Japan's time.

    ``opens`` and ``closes`` hold on weekdays (Monday to Friday without public holidays), and
    from ``every_day_from`` through ``every_day_to`` on every day.
    """

    opens: time
    closes: time
    every_day_from: Optional[date] = None
    every_day_to: Optional[date] = None

    def answers_on(self, day: date) -> bool:
        """Say whether the call center answers at all on that day."""
        first, last = self.every_day_from, self.every_day_to
        if first and last and first <= day <= last:
            return True
        return day.weekday() < 5 and not jpholiday.is_holiday(day)


@dataclass(frozen=True)
class Calling:
    """What to tell a traveller: ``until`` when it is open now, else ``opens`` next."""

    open_now: bool
    until: Optional[datetime] = None
    opens: Optional[datetime] = None


def calling(hours: Hours, as_of: datetime) -> Calling:
    """Return whether the call center answers at ``as_of`` (aware, Japan's time), or when next.

    The closing minute itself is closed: 18:00 is answered no more.
    """
    today = as_of.date()
    opening = datetime.combine(today, hours.opens, as_of.tzinfo)
    closing = datetime.combine(today, hours.closes, as_of.tzinfo)
    if hours.answers_on(today):
        if opening <= as_of < closing:
            return Calling(True, until=closing)
        if as_of < opening:
            return Calling(False, opens=opening)
    day = today + timedelta(days=1)
    # The longest closed run is a New Year or Golden Week: days, never weeks.
    while not hours.answers_on(day):
        day += timedelta(days=1)
    return Calling(False, opens=datetime.combine(day, hours.opens, as_of.tzinfo))
