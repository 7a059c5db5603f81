"""Finds every mention of a date in a message, whatever its notation and whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Optional

from .calendar_bounds import Bounds
from .date_notations import (
    ATTACHED_WEEKDAY,
    BLANKED,
    COMPACT,
    DAY,
    ENGLISH_WEEKDAYS,
    ERA_COMPACT,
    FROM_NOW,
    FROM_OUTAGE,
    FULL,
    KANA_WEEKDAYS,
    LONE_PAIR,
    MONTH,
    MONTH_DAY,
    MONTH_END,
    NO_MODIFIER,
    NOT_DATES,
    NTH_WEEKDAY,
    NUMBER,
    OUTAGE_WORDS,
    PAST_ERAS,
    SEPARATED,
    SHIFTS,
    SLASHED,
    WEEKDAY,
    WEEKDAYS,
    WESTERN,
    YEAR,
)
from .date_relations import Mention, related
from .date_spellings import dates_in_digits
from .dates_from_now import SUNDAY, to_month_end, to_weekday
from .dates_from_outage import days_from_outage
from .dates_of_travel import day_of_travel
from .normalise import normalise


def mask(text: str, pattern: re.Pattern[str]) -> str:
    """Blank out what a pattern finds, keeping every other character where it is."""
    return pattern.sub(lambda found: "\0" * len(found[0]), text)


_STEPS = {"two": 2, "next": 1, "before2": -2, "before": -1, "same": 0, "outage": 0}


class DateFinder:
    """Finds mentions, given the calendar that fills in what is not said."""

    def __init__(self, bounds: Bounds) -> None:
        """Keep the calendar."""
        self._bounds = bounds
        self._named_days = {normalise(name): day for name, day in bounds.named_days.items()}
        names = sorted(self._named_days, key=len, reverse=True)
        self._days = re.compile("|".join(map(re.escape, names)))

    def find(
        self, text: str, *, bare: bool, today: Optional[date] = None
    ) -> tuple[str, list[Mention]]:
        """Return the text the mentions point into, and the mentions in order.

        Args:
            text: normalised text.
            today: the day of the message; without it, 先月の24日 stays open.
            bare: whether numbers without 月 or 日, and weekdays, count (an expiry is asked for).
        """
        digits = re.sub(r"(?<=日)間で(?=$|。|です)", "まで", dates_in_digits(text))
        # Dates are looked for before other numbers are masked where they carry 年, 月 or 日.
        rest = mask(digits, NOT_DATES)
        mentions: list[Mention] = []
        for mention in self._candidates(rest, digits, bare=bare, today=today):
            if not any(m.start < mention.end and mention.start < m.end for m in mentions):
                mentions.append(mention)
        mentions = related(rest, mentions, self._bounds, today)
        return digits, [self._with_weekday(rest, digits, mention) for mention in mentions]

    def _candidates(
        self, rest: str, digits: str, *, bare: bool, today: Optional[date]
    ) -> Iterator[Mention]:
        """Yield mentions, the most explicit notation first (overlaps are dropped by ``find``)."""
        yield from self._full(rest)
        yield from self._month_day(rest, bare=bare)
        yield from days_from_outage(digits, self._bounds.outage)
        yield from day_of_travel(digits)
        yield from self._relative(rest, today)
        yield from self._partial(rest, bare=bare, today=today)

    def _full(self, rest: str) -> Iterator[Mention]:
        for found in FULL.finditer(rest):
            if found["era"] in PAST_ERAS:
                # 平成35年 is 2023 by arithmetic, but nobody printed it: more likely a slip.
                day = self._resolve(
                    _year(found["era"], found["y"]), int(found["m"]), found["d"] or "1"
                )
                yield Mention(
                    found.start(),
                    found.end(),
                    found[0].strip(),
                    "open",
                    None,
                    (day,) if day else (),
                    year_given=True,
                )
                continue
            yield self._of(found, _year(found["era"], found["y"]), int(found["m"]), found["d"])
        for found in SEPARATED.finditer(rest):
            if (
                found["sep"] == "."
                and found["era"] is None
                and len(found["y"]) == 1
                and found["y"] not in "45"
            ):
                continue
            year = _year(found["era"], found["y"], short=True)
            yield self._of(found, year, int(found["m"]), found["d"])
        for found in WESTERN.finditer(rest):
            first, second = int(found["a"]), int(found["b"])
            if first <= 12 and second <= 12 and first != second:
                year = int(found["y"])
                yield self._open(found, (year, first, second), (year, second, first))
                continue
            # 24/2/2023: no month has that number, so it is the day.
            in_month, on_day = (second, first) if first > 12 else (first, second)
            yield self._of(found, int(found["y"]), in_month, str(on_day))
        for found in BLANKED.finditer(rest):
            year = _year(found["era"], found["e"]) if found["era"] else int(found["y"])
            yield self._of(found, year, int(found["m"]), found["d"])
        for found in ERA_COMPACT.finditer(rest):
            yield self._of(found, 2018 + int(found["y"]), int(found["m"]), found["d"])

    def _month_day(self, rest: str, *, bare: bool) -> Iterator[Mention]:
        for found in NTH_WEEKDAY.finditer(rest):
            yield self._of_nth_weekday(found)
        for found in MONTH_DAY.finditer(rest):
            yield self._of(found, None, int(found["m"]), found["d"])
        for found in SLASHED.finditer(rest):
            if not bare and found["sep"] != "/":
                continue
            month, day = int(found["m"]), int(found["d"])
            if month > 12 and day <= 12 and found["sep"] == "/":
                month, day = day, month  # 24/2: no month has that number
            if month > 12 and day > 12 and month <= 31 and day <= 31:
                first, second = self._bare_day(month), self._bare_day(day)
                if first and second:
                    yield Mention(
                        found.start(), found.end(), found[0], "open", None, (first, second)
                    )
                    continue
            yield self._of(found, None, month, str(day))
        if bare:
            for found in LONE_PAIR.finditer(rest):
                yield self._of(found, None, int(found["m"]), found["d"])
            for found in COMPACT.finditer(rest):
                mention = self._compact(found)
                if mention:
                    yield mention

    def _compact(self, found: re.Match[str]) -> Optional[Mention]:
        digits = found["digits"] or found["to"]
        if len(digits) == 8:
            year, month, day = int(digits[:4]), int(digits[4:6]), digits[6:]
            return self._of(found, year, month, day) if 1990 < year < 2100 else None
        if len(digits) == 6:
            year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), digits[4:]
            if 1 <= month <= 12 and 1 <= int(day) <= 31 and 2018 < year < 2030:
                return self._of(found, year, month, day)
            return None
        if len(digits) == 5:
            year, month, day = 2018 + int(digits[0]), int(digits[1:3]), digits[3:]
            if digits[0] in "456" and 1 <= month <= 12 and 1 <= int(day) <= 31:
                return self._of(found, year, month, day)
            return None
        if len(digits) == 4 and digits[:2] in ("19", "20") and int(digits[2:]) < 40:
            return Mention(
                found.start(),
                found.end(),
                digits,
                "incomplete",
                year_given=True,
                value=date(int(digits), 1, 1),
            )
        month, day = int(digits[:-2]), digits[-2:]
        if 1 <= month <= 12 and 1 <= int(day) <= 31:
            return self._of(found, None, month, day)
        return None

    def _relative(self, rest: str, today: Optional[date]) -> Iterator[Mention]:
        for found in MONTH_END.finditer(rest):
            now = found["now"] or found["now2"]
            if now:
                shift = to_month_end(now, today)
                yield Mention(found.start(), found.end(), found[0], "relative", shift=shift)
                continue
            yield self._of(found, None, self._bounds.bare_month, None, bare=True)
        for found in FROM_OUTAGE.finditer(rest):
            yield self._from_outage(found, rest[: found.start()])
        for found in FROM_NOW.finditer(rest):
            yield Mention(
                found.start(),
                found.end(),
                found[0],
                "relative",
                shift=SHIFTS.get(str(found.lastgroup)),
            )

    def _from_outage(self, found: re.Match[str], before: str) -> Mention:
        """Read 当日, 翌日 and their like: from the day named before them, or from the outage."""
        shift = _STEPS[str(found.lastgroup)]
        day: Optional[date] = self._bounds.outage + timedelta(shift)
        start, end, text = found.start(), found.end(), found[0]
        if found["outage"]:
            return Mention(start, end, text, "date", day)
        named = re.search(rf"(?:{self._days.pattern})の?$", before)
        if named:
            day = self._named_days[named[0].removesuffix("の")] + timedelta(shift)
            return Mention(named.start(), end, named[0] + text, "date", day)
        if OUTAGE_WORDS.search(before):
            return Mention(start, end, text, "date", day)
        if NO_MODIFIER.search(before):
            return Mention(start, end, text, "date", day, steps=shift)
        candidates = () if day is None else (day,)
        return Mention(start, end, text, "relative", candidates=candidates, steps=shift)

    def _partial(self, rest: str, *, bare: bool, today: Optional[date]) -> Iterator[Mention]:
        for found in DAY.finditer(rest):
            yield self._of_day(found, int(found["d"]))
        for found in MONTH.finditer(rest):
            yield Mention(found.start(), found.end(), found[0], "incomplete")
        for found in YEAR.finditer(rest):
            if found["era"] is None and len(found["y"]) < 3 and not _could_be_a_year(found["y"]):
                continue  # 三十年連れ添った
            year = _year(found["era"], found["y"])
            value = date(year, 1, 1) if year and 1900 < year < 2100 else None
            yield Mention(
                found.start(), found.end(), found[0], "incomplete", value, year_given=True
            )
        if not bare:
            return
        for found in self._days.finditer(rest):
            day = self._named_days[found[0]]
            yield Mention(found.start(), found.end(), found[0], "date", day)
        for found in WEEKDAY.finditer(rest):
            yield self._of_weekday(found, today)
        for found in NUMBER.finditer(rest):
            number = int(found["d"])
            if 1 <= number <= 31:
                yield replace(self._of_day(found, number), text=found[0])

    def _of(
        self,
        found: re.Match[str],
        year: Optional[int],
        month: int,
        day: Optional[str],
        *,
        bare: bool = False,
    ) -> Mention:
        """Make a mention of a year (or the campaign's), a month and a day (``None``: the last)."""
        if day is None and 1 <= month <= 12:
            first = date(year or self._bounds.year, month, 1)
            day = str((date(first.year + month // 12, month % 12 + 1, 1) - timedelta(1)).day)
        value = self._resolve(year, month, day or "0")
        return Mention(
            found.start(),
            found.end(),
            found[0].strip(),
            "date" if value else "impossible",
            value,
            bare=bare,
            year_given=year is not None,
        )

    def _open(self, found: re.Match[str], *days: tuple[int, int, int]) -> Mention:
        values = (self._resolve(year, month, str(day)) for year, month, day in days)
        return Mention(
            found.start(),
            found.end(),
            found[0],
            "open",
            None,
            tuple(value for value in values if value),
            year_given=True,
        )

    def _of_day(self, found: re.Match[str], number: int) -> Mention:
        span = (found.start(), found.end(), found[0].strip())
        day = self._bare_day(number)
        if day:
            return Mention(*span, "date", day, bare=True)
        if not 1 <= number <= 31:
            return Mention(*span, "impossible", bare=True)
        months = (self._bounds.bare_month, self._bounds.bare_month + 1)
        days = (self._resolve(None, month, str(number)) for month in months)
        return Mention(*span, "open", None, tuple(day for day in days if day), bare=True)

    def _of_weekday(self, found: re.Match[str], today: Optional[date]) -> Mention:
        weekday = (
            WEEKDAYS.index(found["w"])
            if found["w"]
            else KANA_WEEKDAYS[found["k"]]
            if found["k"]
            else ENGLISH_WEEKDAYS[found["e"]]
        )
        outage = self._bounds.outage
        near = outage + timedelta((weekday - outage.weekday() + 3) % 7 - 3)
        span = (found.start(), found.end(), found[0].strip())
        now = found["now"] or found["now2"]
        if now:
            shift = to_weekday(now, weekday, today)
            return Mention(*span, "relative", weekday=weekday, shift=shift)
        if found["that"] and near >= outage:
            return Mention(*span, "date", near, weekday=weekday, bare=True)
        if outage <= near <= outage + timedelta(SUNDAY - outage.weekday()):
            # 金曜日 is the day of the outage, 土日 end its week; the others say too little.
            return Mention(*span, "date", near, weekday=weekday, bare=True)
        return Mention(*span, "open", None, (near,), weekday=weekday, bare=True)

    def _of_nth_weekday(self, found: re.Match[str]) -> Mention:
        """Read 2月の最後の金曜日 and 2月第4金曜日."""
        span = (found.start(), found.end(), found[0].strip())
        month, weekday = int(found["m"]), WEEKDAYS.index(found["w"])
        days = [
            day
            for number in range(1, 32)
            if (day := self._resolve(None, month, str(number))) and day.weekday() == weekday
        ]
        place = -1 if found["last"] else int(found["n"] or 1) - 1
        if not days or place >= len(days):
            return Mention(*span, "impossible")
        return Mention(*span, "date", days[place], weekday=weekday)

    def _bare_day(self, number: int) -> Optional[date]:
        if self._bounds.first_bare_day <= number <= self._bounds.last_bare_day:
            return date(self._bounds.year, self._bounds.bare_month, number)
        return None

    def _resolve(self, year: Optional[int], month: int, day: str) -> Optional[date]:
        try:
            return date(self._bounds.year if year is None else year, month, int(day))
        except ValueError:
            return None

    @staticmethod
    def _with_weekday(rest: str, digits: str, mention: Mention) -> Mention:
        """Take the weekday written after a date into the mention: it must fit."""
        if mention.weekday is not None or mention.state not in ("date", "open"):
            return mention
        found = ATTACHED_WEEKDAY.match(rest, mention.end)
        if not found:
            return mention
        word = found["a"] or found["b"] or found["c"] or found["d"]
        weekday = (
            WEEKDAYS.index(word)
            if word in WEEKDAYS
            else KANA_WEEKDAYS.get(word, ENGLISH_WEEKDAYS.get(word))
        )
        text = digits[mention.start : found.end()].strip()
        fitting = [day for day in mention.candidates if day.weekday() == weekday]
        if mention.state == "open" and len(fitting) == 1:
            return replace(
                mention, end=found.end(), text=text, state="date", value=fitting[0], weekday=weekday
            )
        if mention.value is not None and mention.value.weekday() != weekday:
            same_week = [
                mention.value + timedelta(shift)
                for shift in (-1, 1, -2, 2, -3, 3)
                if (mention.value + timedelta(shift)).weekday() == weekday
            ]
            return replace(
                mention,
                end=found.end(),
                text=text,
                state="open",
                value=None,
                candidates=(mention.value, *same_week[:1]),
                weekday=weekday,
            )
        return replace(mention, end=found.end(), text=text, weekday=weekday)


def _could_be_a_year(digits: str) -> bool:
    """Say whether a number before 年 is a year near the campaign's, of 令和 or the century."""
    return int(digits) in range(1, 10) or int(digits) in range(15, 30)


def _year(era: Optional[str], digits: str, *, short: bool = False) -> Optional[int]:
    """Return the western year, or a year no coupon has where the era cannot be meant."""
    number = int(digits)
    if era in ("令和", "れいわ", "令", "r"):
        return 2018 + number
    if era in ("平成", "へいせい", "平", "h"):
        return 1988 + number
    if era == "昭和":
        return 1925 + number
    if len(digits) <= 2:
        # 5年 and 5.2.24 count from 令和, 23年 and 23/2/24 from 2000.
        return 2018 + number if number < 10 else 2000 + number
    return number if 1 <= number <= 9999 else None
