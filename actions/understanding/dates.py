"""Which of the dates in a message is the coupon's expiry, if any can be taken for certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Optional

from .calendar_bounds import Bounds, bounds
from .date_mentions import DateFinder
from .date_relations import Mention
from .date_roles import TAKEN, Role, roles_of
from .dates_from_now import is_last_day
from .dates_of_travel import last_day_of_stay
from .patterns import pattern
from .understood import Reason

#: In messages longer than this, 次の日 and その日 tell a story.
_STORY = 60


@dataclass(frozen=True)
class DateReading:
    """The expiry read from a message, or why none can be taken.

    Exactly one of ``value`` and ``reason`` is set. ``cued`` says that the message itself calls
    the date an expiry (期限は…, …まで), so that it counts at other questions as well.
    ``text`` is what was read, in the traveller's notation.
    """

    value: Optional[date] = None
    reason: Optional[Reason] = None
    text: str = ""
    candidates: tuple[date, ...] = ()
    cued: bool = False
    bare: bool = False


#: An assertion after a doubt that is not about the day: うろ覚えですけど2月24日です.
_UNSURE_BUT = pattern("dates", "unsure_but")
_UNSURE = re.compile(
    r"自信(?:が|は)?(?:な|ありませ)|定かで|うろ覚え|うろおぼえ|はっきり(?:し|覚え|わか|分か)|覚えて(?:い?な|い?ませ)|おぼえて(?:い?な|い?ませ)|"
    r"(?:わか|分か|判)(?:ら|りませ|んな)|不明|確信|記憶(?:が|は)(?:あい|曖|な)|曖昧|あいまい|忘れ(?!て(?:くだ|ちょ))|どっち(?!も)|どちら(?!も)|かどうか"
)
_EXPIRY_UNKNOWN = pattern("dates", "expiry_unknown")
_SAYS_MORE = re.compile(r"\w")
_PREDICATE = re.compile(r"^\s*(?:\([^)]*\))?\s*(?:です|でした|だ)?")


@lru_cache(maxsize=1)
def _finder() -> DateFinder:
    return DateFinder(bounds())


def read_expiry(
    plain: str, *, asked: bool, corrected: bool = False, as_of: Optional[datetime] = None
) -> Optional[DateReading]:
    """Return the expiry read from a message, or ``None`` when it names no date for one.

    Args:
        plain: normalised text.
        asked: whether the expiry is the pending question; a date then needs no cue.
        corrected: whether the message takes back something said before (やっぱり…).
        as_of: the moment of the message, for 今日 and its like.
    """
    text, mentions = _finder().find(plain, bare=asked, today=as_of.date() if as_of else None)
    if not mentions:
        return None
    roles = roles_of(text, mentions, asked=asked)
    calendar = bounds()
    open_to = [m for m, role in zip(mentions, roles, strict=True) if role in TAKEN]
    cued = any(role == "expiry" for role in roles) or any(
        role == "plain" and _is_listed(text, m) for m, role in zip(mentions, roles, strict=True)
    )
    if not asked and not cued and not (corrected and len(open_to) == 1):
        return None
    return _decide(text, mentions, roles, calendar, as_of, asked=asked, cued=cued)


def _is_listed(text: str, mention: Mention) -> bool:
    """Say whether a day of a month stands as an item among others: 岩手県、2/24、アプリ."""
    if mention.state != "date" or mention.bare or mention.steps is not None:
        return False
    before, after = text[: mention.start], text[mention.end :]
    if not _SAYS_MORE.search(before + _PREDICATE.sub("", after)):
        return False  # 2/26 alone at another question may be the day of anything
    return bool(
        re.search(r"(?:^|[、,。\s])$", before) and re.match(r"(?:です)?(?:$|[、,。\s])", after)
    )


def _decide(
    text: str,
    mentions: list[Mention],
    roles: list[Role],
    calendar: Bounds,
    as_of: Optional[datetime],
    *,
    asked: bool,
    cued: bool,
) -> Optional[DateReading]:
    pairs = list(zip(mentions, roles, strict=True))
    chosen = [m for m, role in pairs if role == "expiry"] or [
        m for m, role in pairs if role == "plain"
    ]
    now = _counted_from_now(text, chosen, calendar, as_of, cued=cued)
    if now is not None:
        return DateReading(value=now, text=chosen[0].text, cued=cued)
    # A year or a month apart from its date, and 今日 beside a real date, say nothing of their own.
    telling = [m for m in chosen if m.state in ("date", "open", "impossible")]
    if any(m.steps is None for m in telling) and len(text) > _STORY:
        telling = [m for m in telling if m.steps is None]  # 次の日 only tells what came next
    chosen = telling or chosen
    if not chosen:
        rest = [m for m, role in pairs if role in ("vague", "other", "start", "extended")]
        if rest and all(m.steps is not None and m.state == "relative" for m in rest):
            return None  # もらったその日に見たきり: a day of the story
        if rest and all(m.state == "date" for m in rest) and _EXPIRY_UNKNOWN.search(text):
            return None  # 24日にチェックアウトしたけど、期限がいつだったかは分からない
        last = last_day_of_stay(text) if asked and len(text) <= _STORY else None
        if last is not None and calendar.holds(last):
            # the journey's words are the cue, as 期限 would be
            return DateReading(value=last, text=_quoted(mentions), cued=True)
        if not rest:
            return DateReading(reason="incomplete", text=_quoted(mentions), cued=cued)
        days = _days(rest, calendar, as_of)
        reason: Reason = "ambiguous" if any(role == "vague" for _, role in pairs) else "incomplete"
        return DateReading(reason=reason, text=_quoted(rest), candidates=days, cued=cued)
    if any(m.state == "impossible" for m in chosen):
        return DateReading(reason="impossible", text=_quoted(chosen), cued=cued)
    values = {m.value for m in chosen if m.state == "date"}
    days = _days(chosen, calendar, as_of)
    stray_year = next(
        (
            m
            for m, role in pairs
            if m.state == "incomplete"
            and m.year_given
            and m.value
            and m.value.year != calendar.year
            and role not in ("denied",)
        ),
        None,
    )
    if stray_year is not None and len(chosen) == 1:
        return DateReading(reason="outside", text=_quoted([stray_year]), cued=cued)
    if len(values) == 1 and all(m.state == "date" for m in chosen):
        value = next(iter(values))
        assert value is not None
        if not calendar.holds(value):
            return DateReading(reason="outside", text=_quoted(chosen), cued=cued)
        if _UNSURE.search(_UNSURE_BUT.sub("", _around(text, chosen))):
            return DateReading(
                reason="ambiguous", text=_quoted(chosen), candidates=(value,), cued=cued
            )
        return DateReading(
            value=value, text=chosen[0].text, cued=cued, bare=all(m.bare for m in chosen)
        )
    only = next(iter(values)) if len(values) == 1 else None
    opened = [m for m in chosen if m.state == "open"]
    if only and opened and all(only in m.candidates and "曜" not in m.text for m in opened):
        # にーてんにーよん、2月24日: the second tells the first
        plain = [m for m in chosen if m.state == "date"]
        if len(plain) + len(opened) == len(chosen) and calendar.holds(only):
            return DateReading(value=only, text=plain[0].text, cued=cued)
    if len(values) > 1 or opened:
        return DateReading(reason="ambiguous", text=_quoted(chosen), candidates=days, cued=cued)
    return DateReading(reason="incomplete", text=_quoted(chosen), candidates=days, cued=cued)


def _around(text: str, chosen: list[Mention]) -> str:
    """Return what may be a doubt about these dates.

    Of a story only their own sentences; of a short message all but those on how to type:
    20230224です。スラッシュの出し方わかんない.
    """
    story = len(text) > 2 * _STORY
    kept, start = [], 0
    for sentence in _SENTENCE.split(text):
        end = start + len(sentence)
        own = any(start <= mention.start < end for mention in chosen)
        if own or not (story or _OF_TYPING.search(sentence)):
            kept.append(sentence)
        start = end
    return "".join(kept)


_OF_TYPING = pattern("dates", "of_typing")
_SENTENCE = re.compile(r"(?<=[。\n!?])")


def _counted_from_now(
    text: str,
    chosen: list[Mention],
    calendar: Bounds,
    as_of: Optional[datetime],
    *,
    cued: bool,
) -> Optional[date]:
    """Return the day meant by 今日まで while coupons of the campaign still run out."""
    if as_of is None or len(chosen) != 1 or chosen[0].shift is None:
        return None
    day = as_of.date() + timedelta(chosen[0].shift)
    after = text[chosen[0].end :]
    ends = "末" in chosen[0].text or "終わり" in chosen[0].text
    wide = chosen[0].weekday is not None or "月" in chosen[0].text
    if wide and not after.strip("。! ") and not cued and day > as_of.date() and not ends:
        return None  # 来週の土曜: the day of what?
    return day if calendar.holds(day) and is_last_day(after) else None


def _days(mentions: list[Mention], calendar: Bounds, as_of: Optional[datetime]) -> tuple[date, ...]:
    """Return the days worth offering, each once, those of the campaign only."""
    days: list[date] = []
    for mention in mentions:
        found = list(mention.candidates)
        if mention.state == "date" and mention.value:
            found.append(mention.value)
        if mention.shift is not None and as_of is not None:
            found.append(as_of.date() + timedelta(mention.shift))
        days += [day for day in found if calendar.holds(day) and day not in days]
    return tuple(days[:4])


def _quoted(mentions: list[Mention]) -> str:
    """Return the notations read, each once."""
    return "、".join(dict.fromkeys(mention.text.strip() for mention in mentions))


def date_spans(plain: str) -> tuple[str, list[tuple[int, int]]]:
    """Return normalised text with its dates in digits, and where they stand.

    Words like 当日 and 今日 are left in place: they say more than that there is a date.
    """
    text, mentions = _finder().find(plain, bare=False)
    spans = [(m.start, m.end) for m in mentions if any(c.isdigit() for c in m.text)]
    return text, spans
