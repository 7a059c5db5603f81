"""Finds every mention of a date in a message, whatever its notation and whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, Optional

from .calendar_bounds import Bounds
from .date_spellings import dates_in_digits

State = Literal["date", "impossible", "incomplete", "relative", "open"]

_WEEKDAYS = "月火水木金土日"


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


def mask(text: str, pattern: re.Pattern[str]) -> str:
    """Blank out what a pattern finds, keeping every other character where it is."""
    return pattern.sub(lambda found: "\0" * len(found[0]), text)


#: Numbers that are something else: times, telephone numbers, money, counts, codes, addresses.
_NOT_DATES = re.compile(
    r"番号(?:は|が|も|:|、|\s)*[a-z]{0,3}[\d-]+|https?://\S+|\S+@\S+"
    r"|(?:午前|午後|[ap]m)?\s*(?:[01]?\d|2[0-9])\s*:\s*[0-5]\d(?::[0-5]\d)?(?!\d)(?:頃|ごろ)?"
    r"|(?:午前|午後)?\s*\d{1,2}時(?:間?半?)?(?:\s*\d{1,2}分)?(?:\s*\d{1,2}秒)?(?:頃|ごろ)?|\d+分"
    r"|(?<!\d)0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)|(?<!\d)0\d{9,10}(?!\d)"
    r"|[¥$]\s*\d[\d,.]*|\d[\d,.]*\s*(?:千|百|万)*\s*(?:円|えん|yen|%|ぱーせんと|ぽいんと|pt)"
    r"|第\s*\d+(?:\.\d+)?\s*(?:弾|報|回|版)?"
    r"|\d+(?:泊\s*(?:\d+日)?|日間|連泊|人|名|枚|回|度|個|件|本|箇所|ヶ所|か所|ゖ所|階|号|番|歳|才|倍|つ|台|店舗|軒|度目|ヶ月|か月|ゖ月|カ月|週間|割)"
    r"|\d+日(?:後|前|目|おき|以内|ほど|くらい前|ぐらい前|ごと|券|経)"
    r"|(?<![a-z])(?!r0?[456]\d{4}(?!\d))[a-z]{1,4}-?\d{5,}|\d{9,}|\d+(?:何|数|いくつ)"
)

_PAST_ERAS = ("平成", "へいせい", "平", "h", "昭和")
_ERA = r"(?P<era>令和|れいわ|令|r|平成|へいせい|平|h|昭和|西暦|'|’)?\s*\.?"
_DAY_END = r"(?P<d>\d{1,2})\s*(?:日|にち)?(?!\d)"
_LAST = (
    r"(?:末日?|すえ|の?(?:終わり|おわり|最終日|(?:最後|さいご|最終)の(?:日|ひ)|"
    r"月末|晦日|みそか)|いっぱい|一杯|中(?![旬頃ご]))"
)
_FULL = re.compile(
    rf"{_ERA}(?P<y>\d{{1,4}})\s*(?:年|ねん)度?\s*の?\s*\n?\s*(?P<m>\d{{1,2}})\s*[月/.]\s*の?\s*(?:(?P<last>{_LAST})|{_DAY_END})"
)
_SEPARATED = re.compile(
    rf"(?<![\d.]){_ERA}(?P<y>\d{{4}}|\d{{1,2}})\s*(?P<sep>[/.・-])\s*(?P<m>\d{{1,2}})\s*(?P=sep)\s*{_DAY_END}"
)
_WESTERN = re.compile(
    r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<y>20\d\d)(?!\d)"
)
_BLANKED = re.compile(
    r"(?<![\da-z])(?:(?P<era>r|令和)\s?(?P<e>\d{1,2})|(?P<y>20\d\d))[\s,、]+(?P<m>\d{1,2})[\s,、]+(?P<d>\d{1,2})(?!\d)"
)
#: The whole message is a month and a day with a mark nobody uses otherwise: 2、24 / 2 24.
_LONE_PAIR = re.compile(
    r"^\D{0,2}(?<!\d)(?P<m>[1-7])\s*[、,\sの]\s*(?P<d>[12]\d|3[01])\s*(?:日|です|まで|でした|かな|だ|と思います|。)*$"
)
_MONTH_DAY = re.compile(
    rf"(?<!\d)(?P<m>\d{{1,2}})\s*月\s*の?[\s、,.…・]*(?:(?P<last>{_LAST})|(?P<d>\d{{1,2}})\s*(?:日|にち)?(?![\d/]))"
)
_SLASHED = re.compile(
    r"(?<![\d.])(?<!\d/)(?P<m>\d{1,2})\s?(?P<sep>[/.・-])\s?(?P<d>\d{1,2})(?:日)?(?![\d%]|(?P=sep)\d|\s*(?:倍|割|km|泊))"
)
_ERA_COMPACT = re.compile(
    r"(?<![a-z])(?:r|令和|令)(?P<y>0?5|0?4|0?6)(?P<m>\d{2})(?P<d>\d{2})(?!\d)"
)
_COMPACT = re.compile(
    r"(?<![\d.,/-])(?P<digits>\d{8}|\d{6}|\d{5}|\d{3,4})(?![\d.,/]|\s*[円年月泊人枚])"
)
_DAY = re.compile(r"(?<![\d./-])(?P<d>\d{1,2})\s*(?:日|にち)(?!曜)")
_NUMBER = re.compile(r"(?<![\d./a-z-])(?P<d>\d{1,2})(?![\d./%年月日a-z-])")
_MONTH = re.compile(
    r"(?<!\d)(?P<m>\d{1,2})\s*月(?:の?(?:上旬|中旬|下旬|初旬|初め|はじめ|頭|半ば|なかば|後半|前半))?"
)
_YEAR = re.compile(rf"(?<!\d){_ERA}(?P<y>\d{{1,4}})\s*(?:年|ねん)(?!前|後|間|度)")
_NTH_WEEKDAY = re.compile(
    r"(?P<m>\d{1,2})月の?(?:(?P<last>最後|最終|さいご|末)|第(?P<n>[1-5]))の?(?P<w>[月火水木金土日])曜日?"
)
_MONTH_END = re.compile(
    r"(?P<now>今|来|先|こん|らい|せん)?(?:月末日?|末日|げつまつ|月の終わり|月終わり)"
)
_WEEKDAY = re.compile(
    r"(?P<now>今週|来週|先週|再来週|次|今度|この前|前|毎週)?の?\s*(?P<w>[月火水木金土日])曜日?"
    r"|(?P<now2>今週|来週|先週)?の?(?P<k>げつ|か|すい|もく|きん|ど|にち)よう(?:び|日)?"
    r"|(?<![a-z])(?P<e>mon|tue|wed|thu|fri|sat|sun)(?:day|nesday|rsday|sday|urday)?(?![a-z])"
)
_KANA_WEEKDAYS = {"げつ": 0, "か": 1, "すい": 2, "もく": 3, "きん": 4, "ど": 5, "にち": 6}
_ENGLISH_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_ATTACHED_WEEKDAY = re.compile(
    r"\s*[、,]?\s*(?:[(\[<「【]\s*(?P<a>[月火水木金土日]|げつ|か|すい|もく|きん|ど|にち|fri|sat|sun|thu|mon)\.?(?:よう|曜)?(?:び|日)?\s*[)\]>」】]"
    r"|の?(?P<b>[月火水木金土日])曜日?|の?(?P<c>きん|ど|もく|にち)よう(?:び)?|(?P<d>[金土木])(?=まで|です|$|\s|。|、))"
)
_FROM_OUTAGE = re.compile(
    r"(?P<two>翌々日|よくよくじつ|次の次の日|翌翌日)|(?P<next>翌日|よくじつ|次の日|つぎの日|つぎのひ|次のひ|あくる日|明くる日|あくるひ|明くるひ)"
    r"|(?P<before2>前々日|前前日)|(?P<before>(?<!以)前日|ぜんじつ|前の日|まえのひ|まえの日)"
    r"|(?P<same>当日|とうじつ|同日|同じ日|おなじ日|おなじひ|その日|そのひ|(?:障害|とらぶる|不具合|しすてむだうん|しすてむえらー|えらー)(?:が?(?:起きた|おきた|起こった|おこった|あった|出た|でた|発生した)|の(?:あった|起きた|発生した))?の?(?:発生)?(?:日|ひ)(?!本))"
)
_FROM_NOW = re.compile(
    r"(?P<minus2>おととい|一昨日|いっさくじつ)|(?P<minus1>昨日|きのう|さくじつ)|(?P<zero>今日|きょう|本日|ほんじつ)"
    r"|(?P<plus2>明後日|あさって)|(?P<plus1>明日|あした|あす(?![かぺ]))"
    r"|(?P<week>先週|今週|来週|先月|今月|来月|先日|この前|こないだ)(?!の?[月火水木金土日]曜)"
)
_MONTH_FROM_NOW = re.compile(r"([先今来])月の?\s*$")
_OTHER_YEAR = re.compile(r"(?:去年|昨年|前年|来年|おととし|一昨年|再来年|翌年)の?\s*$")
_SHIFTS = {"minus2": -2, "minus1": -1, "zero": 0, "plus1": 1, "plus2": 2}
_OUTAGE_WORDS = re.compile(
    r"(?:障害|とらぶる|不具合|しすてむ(?:だうん|えらー|障害|とらぶる)?|えらー|例の(?:件)?|問題|停止|だうん)"
    r"(?:が|の)?(?:あった|起きた|起きる|おきた|起こった|起こる|出た|でた|発生した|発生する|発生|日)?(?:日)?の?$"
)
_NO_MODIFIER = re.compile(
    r"(?:^|[\s。、,.!?\n「(:]|は|が|も|って|期限|間違いなく|もちろん|やはり|やっぱり|いや|いえ|ちがう|違う|多分|たぶん|おそらく|確か|たしか)$"
)


class DateFinder:
    """Finds mentions, given the calendar that fills in what is not said."""

    def __init__(self, bounds: Bounds) -> None:
        """Keep the calendar."""
        self._bounds = bounds

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
        rest = mask(digits, _NOT_DATES)
        mentions: list[Mention] = []
        for mention in self._candidates(rest, bare=bare):
            if not any(m.start < mention.end and mention.start < m.end for m in mentions):
                mentions.append(mention)
        mentions = self._related(rest, mentions, today)
        mentions = [m for m in mentions if not _said_by_another(m, mentions)]
        mentions.sort(key=lambda mention: mention.start)
        return digits, [self._with_weekday(rest, digits, mention) for mention in mentions]

    def _related(self, rest: str, mentions: list[Mention], today: Optional[date]) -> list[Mention]:
        """Relate words to the dates beside them: 24日に泊まり翌日まで, 翌日の25日, 先月の24日."""
        found = sorted(mentions, key=lambda mention: mention.start)
        related: list[Mention] = []
        for index, original in enumerate(found):
            mention = original
            follower = found[index + 1] if index + 1 < len(found) else None
            if mention.steps is not None:
                if follower and re.fullmatch(r"の?[、,]?", rest[mention.end : follower.start]):
                    continue  # 翌日の25日: the date says it
                days = [m.value for m in related if m.state == "date" and m.steps is None]
                if days and days[-1] is not None:
                    day = days[-1] + timedelta(mention.steps)
                    mention = replace(mention, state="date", value=day)
            elif mention.state == "date" and _OTHER_YEAR.search(rest[: mention.start]):
                days_ = (mention.value,) if mention.value else ()
                mention = replace(mention, state="open", value=None, candidates=days_)
            months = _MONTH_FROM_NOW.search(rest[: mention.start])
            if months and mention.bare and mention.weekday is None:
                mention = self._in_month(mention, months, today)
                related = [m for m in related if m.end <= months.start()]
            related.append(mention)
        return related

    def _in_month(self, mention: Mention, months: re.Match[str], today: Optional[date]) -> Mention:
        """Read 先月の24日 from the day of the message."""
        number = re.search(r"\d+", mention.text)
        start = months.start()
        if today is None or number is None:
            return replace(mention, start=start, state="relative", value=None)
        month = today.year * 12 + today.month - 1 + {"先": -1, "今": 0, "来": 1}[months[1]]
        day = self._resolve(month // 12, month % 12 + 1, number[0])
        state: State = "date" if day else "impossible"
        return replace(mention, start=start, state=state, value=day, candidates=(), bare=False)

    def _candidates(self, rest: str, *, bare: bool) -> Iterator[Mention]:
        """Yield mentions, the most explicit notation first (overlaps are dropped by ``find``)."""
        yield from self._full(rest)
        yield from self._month_day(rest, bare=bare)
        yield from self._relative(rest)
        yield from self._partial(rest, bare=bare)

    def _full(self, rest: str) -> Iterator[Mention]:
        for found in _FULL.finditer(rest):
            if found["era"] in _PAST_ERAS:
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
        for found in _SEPARATED.finditer(rest):
            if (
                found["sep"] == "."
                and found["era"] is None
                and len(found["y"]) == 1
                and found["y"] not in "45"
            ):
                continue
            year = _year(found["era"], found["y"], short=True)
            yield self._of(found, year, int(found["m"]), found["d"])
        for found in _WESTERN.finditer(rest):
            first, second = int(found["a"]), int(found["b"])
            if first <= 12 and second <= 12 and first != second:
                year = int(found["y"])
                yield self._open(found, (year, first, second), (year, second, first))
                continue
            # 24/2/2023: no month has that number, so it is the day.
            in_month, on_day = (second, first) if first > 12 else (first, second)
            yield self._of(found, int(found["y"]), in_month, str(on_day))
        for found in _BLANKED.finditer(rest):
            year = _year(found["era"], found["e"]) if found["era"] else int(found["y"])
            yield self._of(found, year, int(found["m"]), found["d"])
        for found in _ERA_COMPACT.finditer(rest):
            yield self._of(found, 2018 + int(found["y"]), int(found["m"]), found["d"])

    def _month_day(self, rest: str, *, bare: bool) -> Iterator[Mention]:
        for found in _NTH_WEEKDAY.finditer(rest):
            yield self._of_nth_weekday(found)
        for found in _MONTH_DAY.finditer(rest):
            yield self._of(found, None, int(found["m"]), found["d"])
        for found in _SLASHED.finditer(rest):
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
            for found in _LONE_PAIR.finditer(rest):
                yield self._of(found, None, int(found["m"]), found["d"])
            for found in _COMPACT.finditer(rest):
                mention = self._compact(found)
                if mention:
                    yield mention

    def _compact(self, found: re.Match[str]) -> Optional[Mention]:
        digits = found["digits"]
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

    def _relative(self, rest: str) -> Iterator[Mention]:
        outage = self._bounds.outage
        for found in _MONTH_END.finditer(rest):
            if found["now"]:
                yield Mention(found.start(), found.end(), found[0], "relative")
                continue
            yield self._of(found, None, self._bounds.bare_month, None, bare=True)
        for found in _FROM_OUTAGE.finditer(rest):
            shift = {"two": 2, "next": 1, "before2": -2, "before": -1, "same": 0}[
                str(found.lastgroup)
            ]
            before = rest[: found.start()]
            dated = re.search(
                r"(?:(\d{1,2})[月/])?(\d{1,2})日?(?:\([月火水木金土日]\))?の$", before
            )
            if dated:
                base = self._resolve(None, int(dated[1] or self._bounds.bare_month), dated[2])
                day = base + timedelta(shift) if base else None
                yield Mention(
                    dated.start(), found.end(), found[0], "date" if day else "relative", day
                )
            elif _OUTAGE_WORDS.search(before) or "障害" in found[0]:
                day = outage + timedelta(shift)
                yield Mention(found.start(), found.end(), found[0], "date", day)
            elif _NO_MODIFIER.search(before):
                yield Mention(
                    found.start(),
                    found.end(),
                    found[0],
                    "date",
                    outage + timedelta(shift),
                    steps=shift,
                )
            else:
                yield Mention(
                    found.start(),
                    found.end(),
                    found[0],
                    "relative",
                    candidates=(outage + timedelta(shift),),
                    steps=shift,
                )
        for found in _FROM_NOW.finditer(rest):
            yield Mention(
                found.start(),
                found.end(),
                found[0],
                "relative",
                shift=_SHIFTS.get(str(found.lastgroup)),
            )

    def _partial(self, rest: str, *, bare: bool) -> Iterator[Mention]:
        for found in _DAY.finditer(rest):
            yield self._of_day(found, int(found["d"]))
        for found in _MONTH.finditer(rest):
            yield Mention(found.start(), found.end(), found[0], "incomplete")
        for found in _YEAR.finditer(rest):
            year = _year(found["era"], found["y"])
            value = date(year, 1, 1) if year and 1900 < year < 2100 else None
            yield Mention(
                found.start(), found.end(), found[0], "incomplete", value, year_given=True
            )
        if not bare:
            return
        for found in _WEEKDAY.finditer(rest):
            yield self._of_weekday(found)
        for found in _NUMBER.finditer(rest):
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

    def _of_weekday(self, found: re.Match[str]) -> Mention:
        weekday = (
            _WEEKDAYS.index(found["w"])
            if found["w"]
            else _KANA_WEEKDAYS[found["k"]]
            if found["k"]
            else _ENGLISH_WEEKDAYS[found["e"]]
        )
        outage = self._bounds.outage
        near = outage + timedelta((weekday - outage.weekday() + 3) % 7 - 3)
        span = (found.start(), found.end(), found[0].strip())
        if found["now"] or found["now2"]:
            return Mention(*span, "relative", weekday=weekday)
        if near == outage:
            return Mention(*span, "date", outage, weekday=weekday, bare=True)
        return Mention(*span, "open", None, (near,), weekday=weekday, bare=True)

    def _of_nth_weekday(self, found: re.Match[str]) -> Mention:
        """Read 2月の最後の金曜日 and 2月第4金曜日."""
        span = (found.start(), found.end(), found[0].strip())
        month, weekday = int(found["m"]), _WEEKDAYS.index(found["w"])
        days = [
            day
            for number in range(1, 32)
            if (day := self._resolve(None, month, str(number))) and day.weekday() == weekday
        ]
        place = -1 if found["last"] else int(found["n"]) - 1
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
        found = _ATTACHED_WEEKDAY.match(rest, mention.end)
        if not found:
            return mention
        word = found["a"] or found["b"] or found["c"] or found["d"]
        weekday = (
            _WEEKDAYS.index(word)
            if word in _WEEKDAYS
            else _KANA_WEEKDAYS.get(word, _ENGLISH_WEEKDAYS.get(word))
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


def _said_by_another(mention: Mention, mentions: list[Mention]) -> bool:
    """Say whether a lone weekday only repeats that of a date beside it (土曜の25日)."""
    if mention.weekday is None or not mention.bare:
        return False
    days = {
        m.value for m in mentions if m is not mention and m.state == "date" and m.weekday is None
    }
    return any(day is not None and day.weekday() == mention.weekday for day in days)


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
