"""Days counted from the moment of the message: 先週の金曜, 今月末; and that 今日 is the last."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Optional

from .patterns import pattern

_MONTHS = {"先": -1, "せん": -1, "今": 0, "こん": 0, "来": 1, "らい": 1}
_WEEKS = {"先週": -1, "今週": 0, "来週": 1, "再来週": 2}
_LAST_TIME = ("この前", "こないだ", "この間")
SUNDAY = 6
#: A time belongs to its day: 昨日の23時59分で切れた.
_TIME = re.compile(
    r"^の?(?:(?:深夜|夜中|夜|晩)の?)?"
    r"(?:(?:午後|夜の?)?\d{1,2}\s*(?:[:時]\s*(?:\d{2}分?|半)?)(?::\d{2})?)?(?:の?(?:ぎりぎり))?"
)
_LAST_DAY = pattern("dates", "last_day")


def to_month_end(which: str, today: Optional[date]) -> Optional[int]:
    """Return how many days from ``today`` the last day of 先月, 今月 or 来月 is.

    Args:
        which: 先, 今 or 来, or its reading.
        today: the day of the message, if known.
    """
    if today is None:
        return None
    month = today.year * 12 + today.month + _MONTHS[which]
    return (date(month // 12, month % 12 + 1, 1) - timedelta(1) - today).days


def to_weekday(which: str, weekday: int, today: Optional[date]) -> Optional[int]:
    """Return how many days from ``today`` a weekday of a week is, where all count it alike.

    Some weeks begin on Sunday, others on Monday: what the two count differently is no day,
    but for 今週の日曜, which everyone has still before them.

    Args:
        which: 先週, 今週, 来週, 再来週 or この前 and its like; others name no certain week.
        weekday: Monday is 0.
        today: the day of the message, if known.
    """
    if today is None:
        return None
    if which in _LAST_TIME:
        return -((today.weekday() - weekday - 1) % 7 + 1)
    if which not in _WEEKS:
        return None
    shift = weekday - today.weekday() + 7 * _WEEKS[which]
    this_sunday = which == "今週" and weekday == SUNDAY
    if not this_sunday and SUNDAY in (weekday, today.weekday()):
        return None
    return shift


def is_last_day(after: str) -> bool:
    """Say whether what follows 今日 or 先週の金曜 makes it the day on which a coupon runs out.

    Args:
        after: normalised text, up to the end of the message.
    """
    return bool(_LAST_DAY.match(_TIME.sub("", after.replace("\0", ""), count=1)))
