"""Days named by what the traveller did on them: 期限はチェックアウトの日, 泊まった日の翌日まで."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Optional

from .calendar_bounds import bounds
from .date_relations import Mention
from .numerals import kanji_number
from .patterns import pattern

_NAMED = pattern("dates", "travel_day")
_FIRST = pattern("dates", "travel_first")
_GIVEN_BEFORE = r"(?:(?P<m>\d{1,2})[月/.])?(?P<d>\d{1,2})日?(?:\([^)]*\))?\s*"
#: 24日(に)チェックアウト; チェックアウト(は)24日; 22日から二泊.
_NIGHTS = re.compile(
    rf"(?<![\d.月/]){_GIVEN_BEFORE}(?:から|より|に|の?夜?から)?(?P<n>[\d一二三四五])泊"
)
_EVENT_FIRST = re.compile(
    rf"\D*(?:{pattern('dates', 'arriving').pattern}|{pattern('dates', 'leaving').pattern})"
)
_CUE_BEFORE = pattern("dates", "cue_before")
_CUE_AFTER = re.compile(
    r"^(?:の?(?:23:59|23時59分|24時))?\s*(?:まで|迄|いっぱい|限り|が(?:有効)?期限|で(?:期限)?切れ|に(?:期限)?切れ)"
)
_NEXT = re.compile(r"の?(?:翌日|次の日|あくる日)")


def day_of_travel(rest: str) -> Iterator[Mention]:
    """Yield the days of travel said to be the expiry, where the message gives their dates.

    Args:
        rest: normalised text with its dates in digits.
    """
    for found in _NAMED.finditer(rest):
        further = _NEXT.match(rest, found.end())
        end = further.end() if further else found.end()
        if not (_CUE_BEFORE.search(rest[: found.start()]) or _CUE_AFTER.match(rest[end:])):
            continue
        first = bool(_FIRST.search(found[0]))
        day = _given(rest[: found.start()] + "。" + rest[end:], first=first)
        if day is None:
            continue
        day += timedelta(1 if further else 0)
        yield Mention(found.start(), end, rest[found.start() : end], "date", day)


def last_day_of_stay(rest: str) -> Optional[date]:
    """Return the day on which a stay ended, where the message tells when it began as well.

    23日に泊まって24日にチェックアウト tells the expiry: a journey's coupons run out with it (the
    notice of Chiba, 1 (1) ②, calls those of the day after the outage "of overnight guests"). As
    every date it is read back, so that a coupon of another day is set right.

    Args:
        rest: normalised text with its dates in digits.
    """
    if _OF_THE_EXPIRY.search(rest):
        return None  # 24日に帰ったけど、それより前に切れてる
    arrival, leaving = _given(rest, first=True), _given(rest, first=False)
    if leaving is None or _LISTED_NIGHTS.search(rest):
        return None
    if arrival is None:
        if not _ARRIVED_ON_A_WEEKDAY.search(rest):
            return None
    elif not timedelta() < leaving - arrival <= _LONGEST:
        return None
    return leaving


_OF_THE_EXPIRY = re.compile(r"切れ|有効|期限(?!$|。|です|でした|だ)")
#: 25日と26日に2泊 names both nights.
_LISTED_NIGHTS = re.compile(
    r"\d日?\s*[、,・と]\s*(?:\d{1,2}[/月])?\d{1,2}日?\s*(?:に|と|の|で)?\s*[\d二三四]泊"
)
_ARRIVED_ON_A_WEEKDAY = re.compile(
    r"[月火水木金土日]曜日?(?:に|の夜に?|から|の夜から)?"
    rf"(?:{pattern('dates', 'arriving').pattern}|[1-3一二三]泊)"
)
#: More nights than this are no one stay, but two days of a story.
_LONGEST = timedelta(7)


def _given(rest: str, *, first: bool) -> Optional[date]:
    """Return the day on which the stay began or ended, if the message gives one day for it."""
    event = pattern("dates", "arriving" if first else "leaving").pattern
    forms = [
        rf"(?<![\d.月/]){_GIVEN_BEFORE}(?:に|の|で|は|、|夜|朝|昼|の?夕方に?|から|より)?"
        rf"(?:[\d一二三四](?=泊))?(?:{event})",
        rf"(?:{event})(?:し?た|する|る)?(?:の?日)?(?:の)?(?:が|は|:|、|\s)*{_GIVEN_BEFORE}",
    ]
    if _EVENT_FIRST.match(rest):  # チェックイン2/24チェックアウト2/25
        forms.reverse()
    days: set[date] = set()
    for form in forms:
        days = days or {day for found in re.finditer(form, rest) if (day := _day(found))}
    if not days:
        for found in _NIGHTS.finditer(rest):
            day = _day(found)
            nights = int(found["n"]) if found["n"].isdigit() else kanji_number(found["n"])
            if day is not None and nights is not None:
                days.add(day if first else day + timedelta(nights))
    return days.pop() if len(days) == 1 else None


def _day(found: re.Match[str]) -> Optional[date]:
    calendar = bounds()
    number = int(found["d"])
    bare = calendar.first_bare_day <= number <= calendar.last_bare_day
    if found["m"] is None and not bare:
        return None
    try:
        return date(calendar.year, int(found["m"] or calendar.bare_month), number)
    except ValueError:
        return None
