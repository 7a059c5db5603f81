"""Days counted from the outage: 障害の二日前, 障害のちょうど一週間後の金曜."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from .date_notations import BROKE, BROKEN, WEEKDAYS
from .date_relations import Mention
from .numerals import kanji_number

_COUNTED = re.compile(
    rf"{BROKEN}(?:(?:が|の)?{BROKE})?(?:発生)?(?:の?(?:あった)?日|当日|の当日)?(?:の|から|より)*\s*(?:ちょうど)?の?"
    r"(?:(?P<n>\d{1,2}|[一二三四五六七八九十])(?P<unit>日|週間)(?P<way>後|前|あと|まえ)"
    r"|(?P<near>翌々日|翌日|次の日|前々日|前日)|(?P<week>翌々週|翌週|次の週|前の?週))(?:の(?P<w>[月火水木金土日])曜日?|の(?:日|ひ))?"
    r"(?!まで(?:は)?[^。、]{0,4}?使え(?:た|て))"  # 障害の2日前まで使えた tells what was
)
_NEAR = {"翌々日": 2, "翌日": 1, "次の日": 1, "前日": -1, "前々日": -2}
_WEEKS = {"翌々週": 2, "翌週": 1, "次の週": 1}


def days_from_outage(text: str, outage: date) -> Iterator[Mention]:
    """Yield the days that a message counts from the outage, in days or weeks.

    Args:
        text: normalised text with its dates in digits.
        outage: the day counted from.
    """
    for found in _COUNTED.finditer(text):
        weekday = WEEKDAYS.index(found["w"]) if found["w"] else None
        shift = _shift(found)
        span = (found.start(), found.end(), found[0])
        if found["near"] or found["unit"] == "日" or (found["unit"] and weekday is None):
            day = outage + timedelta(shift)
            if weekday in (None, day.weekday()):
                yield Mention(*span, "date", day, weekday=weekday)
            else:
                yield Mention(*span, "open", None, (day,), weekday=weekday)
        elif weekday is not None:
            day = outage + timedelta(shift + weekday - outage.weekday())
            yield Mention(*span, "date", day, weekday=weekday)


def _shift(found: re.Match[str]) -> int:
    """Return the number of days from the outage; a weekday of a week is still to be found."""
    if found["near"]:
        return _NEAR[found["near"]]
    if found["week"]:
        return 7 * _WEEKS.get(found["week"], -1)
    number = int(found["n"]) if found["n"].isdigit() else kanji_number(found["n"]) or 0
    days = number * (7 if found["unit"] == "週間" else 1)
    return -days if found["way"] in ("前", "まえ") else days
