"""How the dates of one message hang together: a month said once, a day said twice, 翌日."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, Optional

from .calendar_bounds import Bounds
from .date_notations import MONTH_FROM_NOW, OTHER_YEAR

State = Literal["date", "impossible", "incomplete", "relative", "open"]


@dataclass(frozen=True)
class Mention:
    """One date in a message.

    ``state``: ``date`` is a certain day; ``impossible`` names no day; ``incomplete`` lacks a
    part that nothing supplies; ``relative`` counts from now (``shift`` days) or from something
    unknown; ``open`` could be any of ``candidates``. ``bare`` says that the month was not given,
    ``steps`` how many days 翌日 and its like count from the day before them (or the outage).
    """

    start: int
    end: int
    text: str
    state: State
    value: Optional[date] = None
    candidates: tuple[date, ...] = ()
    shift: Optional[int] = None
    bare: bool = False
    year_given: bool = False
    weekday: Optional[int] = None
    steps: Optional[int] = None


def related(
    rest: str, mentions: list[Mention], bounds: Bounds, today: Optional[date]
) -> list[Mention]:
    """Return the mentions in order, each read in the light of those beside it.

    Args:
        rest: the text they point into, with what is no date blanked out.
        mentions: as found, in any order, without overlaps.
        bounds: the calendar that fills in what is not said.
        today: the day of the message; without it, 先月の24日 stays open.
    """
    found = sorted(mentions, key=lambda mention: mention.start)
    found = _counted(rest, found, bounds, today)
    found = [_in_said_month(rest, index, found, bounds) for index in range(len(found))]
    found = [_weekday_of_month(rest, index, found) for index in range(len(found))]
    return [mention for mention in found if not _said_by_another(mention, found)]


_AFTER_A_HOLIDAY = re.compile(r"(?:祝日|休日|連休|休み|祭日)の?$")
#: Between a date and 翌日 where the two name one day: 2月23日(木・祝)の翌日.
_AND_THEN = re.compile(r"\s*(?:\([^)]*\))?\s*の?、?\s*")


def _counted(
    rest: str, found: list[Mention], bounds: Bounds, today: Optional[date]
) -> list[Mention]:
    """Relate words to the dates beside them: 24日に泊まり翌日まで, 翌日の25日, 先月の24日."""
    result: list[Mention] = []
    for index, original in enumerate(found):
        mention = original
        follower = found[index + 1] if index + 1 < len(found) else None
        if mention.steps is not None:
            if follower and re.fullmatch(r"の?[、,(]?", rest[mention.end : follower.start]):
                continue  # 翌日の25日: the date says it
            days = [m for m in result if m.state == "date" and m.steps is None]
            if days and _AFTER_A_HOLIDAY.search(rest[: mention.start]):
                continue  # 24日(祝日の次の日): said of the date beside it
            if days and days[-1].value is not None:
                mention = replace(
                    mention, state="date", value=days[-1].value + timedelta(mention.steps)
                )
                if _AND_THEN.fullmatch(rest[days[-1].end : mention.start]):
                    result.remove(days[-1])  # 障害の日の翌日: one day, not two
        elif result and _tells_no_number(result[-1]) and _tells_no_number(mention):
            if rest[result[-1].end : mention.start] in ("の", "の、"):
                result.pop()  # とらぶるのあった日の次の日
        elif mention.state == "date" and OTHER_YEAR.search(rest[: mention.start]):
            days_ = (mention.value,) if mention.value else ()
            mention = replace(mention, state="open", value=None, candidates=days_)
        months = MONTH_FROM_NOW.search(rest[: mention.start])
        if months and mention.bare and mention.weekday is None:
            mention = _in_month_from_now(mention, months, today)
            result = [m for m in result if m.end <= months.start()]
        result.append(mention)
    return result


def _in_month_from_now(mention: Mention, months: re.Match[str], today: Optional[date]) -> Mention:
    """Read 先月の24日 from the day of the message."""
    number = _number(mention)
    start = months.start()
    if today is None or number is None:
        return replace(mention, start=start, state="relative", value=None)
    month = today.year * 12 + today.month - 1 + {"先": -1, "今": 0, "来": 1}[months[1]]
    day = _day(month // 12, month % 12 + 1, number)
    state: State = "date" if day else "impossible"
    return replace(mention, start=start, state=state, value=day, candidates=(), bare=False)


#: Between a month and a day that belongs to it: 3月の頭の日曜、5日; 12日。3月のね.
_TIED = re.compile(r"(?:の?[、,。\s…・!]*|から|~|-|の[^。、\n]{1,5}[、,]?)")
#: The month is the time of something else: 3月になって, 3月に旅行して.
_PASSING = re.compile(
    r"に(?:な|入|気|電|届|発表|申)|現在|けど|けれど|のに|が、|って(?:聞|言|思)|延長"
)


def _number(mention: Mention) -> Optional[int]:
    found = re.search(r"\d+", mention.text)
    return int(found[0]) if found else None


def _tells_no_number(mention: Mention) -> bool:
    return mention.state == "date" and mention.steps is None and _number(mention) is None


def _day(year: int, month: int, number: int) -> Optional[date]:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _month_of(mention: Mention) -> Optional[int]:
    """Return the month that a mention gives itself, if any."""
    if mention.bare or (mention.year_given and mention.state == "incomplete"):
        return None
    if mention.state == "date" and mention.value is not None and "月" in mention.text:
        return mention.value.month
    if mention.state == "date" and mention.value and re.search(r"\d[/.]\d", mention.text):
        return mention.value.month
    if mention.state == "incomplete" and "月" in mention.text:
        number = _number(mention)
        return number if number and 1 <= number <= 12 else None
    return None


def _in_said_month(rest: str, index: int, found: list[Mention], bounds: Bounds) -> Mention:
    """Give a bare day the month that the message says beside it, or of the same day elsewhere."""
    mention = found[index]
    number = _number(mention)
    if not mention.bare or mention.weekday is not None or mention.steps is not None or not number:
        return mention
    if mention.state not in ("date", "open"):
        return mention
    said = {m.value for m in found if _month_of(m) and m.value and m.value.day == number}
    if len(said) == 1:
        return replace(mention, state="date", value=said.pop(), candidates=())
    months = {month for m in found if (month := _month_of(m))}
    if len(months) != 1:
        return mention
    month = months.pop()
    day = _day(bounds.year, month, number)
    if month == bounds.bare_month:
        return replace(mention, state="date", value=day, candidates=()) if day else mention
    giver = next(m for m in found if _month_of(m))
    if giver.start < mention.start:
        between = rest[giver.end : mention.start]
    else:
        between = rest[mention.end : giver.start]
    if _PASSING.search(between) or day is None:
        return mention
    near = giver.start < mention.start or giver.state == "incomplete"
    if near and (_TIED.fullmatch(between) or mention.state == "open"):
        return replace(mention, state="date", value=day, candidates=())
    if mention.value is not None:  # 3月に旅行して24日まで: of which month?
        return replace(mention, state="open", value=None, candidates=(mention.value, day))
    return mention


def _weekday_of_month(rest: str, index: int, found: list[Mention]) -> Mention:
    """Leave open which of its weekdays a month named before one means: 3月の土曜日."""
    mention = found[index]
    if mention.weekday is None or not mention.bare or mention.state != "date" or index == 0:
        return mention
    before = found[index - 1]
    if before.state != "incomplete" or rest[before.end : mention.start].strip("のっ、 ") != "":
        return mention
    return replace(mention, state="open", value=None, candidates=())


def _said_by_another(mention: Mention, mentions: list[Mention]) -> bool:
    """Say whether a lone weekday only repeats that of a date beside it (土曜の25日)."""
    if mention.weekday is None or not mention.bare:
        return False
    days = {
        m.value for m in mentions if m is not mention and m.state == "date" and m.weekday is None
    }
    return any(day is not None and day.weekday() == mention.weekday for day in days)
