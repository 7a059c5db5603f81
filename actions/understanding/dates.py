"""Which of the dates in a message is the coupon's expiry, if any can be taken for certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, Optional

from .calendar_bounds import Bounds, bounds
from .date_mentions import DateFinder
from .date_relations import Mention
from .dates_from_now import is_last_day
from .dates_of_travel import last_day_of_stay
from .patterns import pattern
from .understood import Reason

#: In messages longer than this, 次の日 and その日 tell a story.
_STORY = 60
_TAKEN = ("plain", "expiry")
Role = Literal["expiry", "plain", "other", "denied", "extended", "start", "vague"]


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


_STAY = (
    r"宿泊|泊|とまっ|とまり|ちぇっくいん|ちぇっくあうと|いん(?=$|[。、\s]|し|で)|あうと|到着|着い|着き|出発|旅行|旅(?!館券)|行っ|いっ(?!ぱい)|行き|訪|"
    r"滞在|帰|観光|ほてる|旅館|宿に|宿を|宿で|遊び|伺"
)
_AFTER_OTHER = pattern("dates", "after_other")
_AFTER_EXTENDED = pattern("dates", "after_extended")
#: 延長後は…, 延長されて…: not the printed day.
_EXTENDED_BEFORE = re.compile(
    r"延長(?:後|して|されて|された|で|になって|により|措置で?)"
    r"(?:(?!けど|けれど|が|元|もと|本来)[^。\n]){0,4}$"
)
_AFTER_EXPIRY = pattern("dates", "after_expiry")
_AFTER_VAGUE = pattern("dates", "after_vague")
#: An assertion after a doubt that is not about the day: うろ覚えですけど2月24日です.
_UNSURE_BUT = pattern("dates", "unsure_but")
_UNSURE = re.compile(
    r"自信(?:が|は)?(?:な|ありませ)|定かで|うろ覚え|うろおぼえ|はっきり(?:し|覚え|わか|分か)|覚えて(?:い?な|い?ませ)|おぼえて(?:い?な|い?ませ)|"
    r"(?:わか|分か|判)(?:ら|りませ|んな)|不明|確信|記憶(?:が|は)(?:あい|曖|な)|曖昧|あいまい|忘れ(?!て(?:くだ|ちょ))|どっち(?!も)|どちら(?!も)|かどうか"
)
_AFTER_START = re.compile(
    r"^\s*(?:\([^)]*\))?\s*(?:から|より|~(?!\s+[^\d\s])|-|以降)\s*(?=$|[\s。、,\d]|令和|有効|の?(?:\d|[月火水木金土日]曜)|だ|です|でし|か|ね|よ)"
)
_AFTER_DENIED = pattern("dates", "after_denied")
_AFTER_SUPERSEDED = pattern("dates", "after_superseded")
#: Between two dates: what was said before no longer holds.
_CORRECTING = pattern("dates", "correcting")
_REPAIR = pattern("repairs", "repair")
_THOUGHT_BEFORE = pattern("dates", "thought_before")
_NOT_THIS_ONE = pattern("dates", "not_this_one")
_OF_ANOTHER = pattern("dates", "of_another")
_OF_ANOTHER_BEFORE = pattern("dates", "of_another_before")
_MINE = pattern("dates", "mine")
#: Who travels together asks for both; a friend's coupon is the friend's.
_FRIENDS = re.compile(
    r"(?:友達|友人|知人|知り合い|同僚|隣の人|他の人|ほかの人|先輩|後輩)(?:さん)?の?(?:分|やつ|券|くーぽん)?(?:は|が|も)[、\s]*$"
)
#: 友達のは24日までだったけど私のは25日まで: whose it is stands before each.
_MINE_BEFORE = pattern("dates", "mine_before")
_OTHER_DAY = pattern("dates", "other_day")
_LATER_ONE = pattern("dates", "later_one")
_EXPIRY_UNKNOWN = pattern("dates", "expiry_unknown")
#: つまり終わりは25日: what was said before only led to it.
_CONCLUDED_BEFORE = pattern("dates", "concluded_before")
_TWO_DAYS = pattern("dates", "two_days")
_VALID_BEFORE = pattern("dates", "valid_before")
_OTHERS_EXPIRY = pattern("dates", "others_expiry")
_MARKED_WRONG_BEFORE = pattern("dates", "marked_wrong_before")
_MARKED_WRONG = pattern("dates", "marked_wrong")
_CUE_BEFORE = pattern("dates", "cue_before")
#: Calls a date an expiry only where one was asked for.
_WEAK_CUE_BEFORE = pattern("dates", "weak_cue_before")
_OTHER_BEFORE = pattern("dates", "other_before")
_OR = pattern("dates", "or")
_OR_RATHER = pattern("dates", "or_rather")
_RANGE = re.compile(
    r"^\s*(?:\([^)]*\))?\s*(?:の?(?:朝|昼|夜))?\s*(?:から|より|~|-|–)\s*(?:翌)?\s*$"
)
_OF_AN_EVENT = pattern("dates", "of_an_event")
_NEXT_ONES_CUE = re.compile(r"[\s、,。/]+(?:有効|利用|使用)?期[限間](?:日)?[は:\s]*$")
_LAST_ONES_CUE = re.compile(r"^(?:が|に|で)?(?:有効|利用|使用)?期限(?=[、,。\s])")
_ONE_OF_THEM = pattern("dates", "one_of_them")
_NIGHTS_OF_BOTH = re.compile(r"\s*日?\s*(?:と|の|で|に)\s*[\d二三四]泊")
_BREAK = re.compile(r"[。\n!?]")
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
    roles = _roles(text, mentions, asked=asked)
    calendar = bounds()
    open_to = [m for m, role in zip(mentions, roles, strict=True) if role in ("expiry", "plain")]
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


def _roles(text: str, mentions: list[Mention], *, asked: bool) -> list[Role]:
    roles: list[Role] = []
    for index, mention in enumerate(mentions):
        previous_end = mentions[index - 1].end if index else 0
        next_start = mentions[index + 1].start if index + 1 < len(mentions) else len(text)
        before = text[previous_end : mention.start]
        if index:
            before = _LAST_ONES_CUE.sub("", before)  # 2/24期限、2/25チェックアウト
        after = text[mention.end : next_start]
        follower = mentions[index + 1] if index + 1 < len(mentions) else None
        roles.append(_role(mention, before, after, follower, asked=asked))
        now = mentions[index - 1].shift if index else None
        if now is not None and before.strip() in ("は", "が", "" if now >= 0 else "は"):
            roles[-1] = "other"  # 今日は24日です
        # A mark right after the date before belongs to that one.
        mark = before if not index else _MARKED_WRONG.sub("", before)
        if _MARKED_WRONG_BEFORE.search(mark) or _MARKED_WRONG.match(after):
            roles[-1] = "denied"
        if _MINE.search(text) and (_OF_ANOTHER.match(after) or _OF_ANOTHER_BEFORE.search(before)):
            roles[-1] = "other"
        if follower and _MINE_BEFORE.search(text[: follower.start]) and _FRIENDS.search(before):
            roles[-1] = "other"
    return _settled(text, mentions, roles)


def _role(
    mention: Mention, before: str, after: str, follower: Optional[Mention], *, asked: bool
) -> Role:
    """Judge one mention by the words around it, up to its neighbours."""
    tail = after.replace("\0", "")
    # A time belongs to its date: 2/24 23:59まで, 2月24日の17時45分に.
    tail = re.sub(
        r"^\s*の?\s*(?:\(?(?:午前|午後)?\d{1,2}\s*[:時]\s*(?:\d{2}分?|半)?(?::\d{2})?(?:頃|ごろ)?\)?)",
        "",
        tail,
    )
    if follower is not None:
        tail = _NEXT_ONES_CUE.sub("", tail)  # 購入日2月20日 期限2月26日
    if _OTHERS_EXPIRY.search(before):
        return "other"
    if _AFTER_DENIED.match(tail) or (follower and re.match(r"\s*でも\s*$", tail)):
        return "denied"
    if follower is not None and _AFTER_SUPERSEDED.match(tail):
        return "denied"
    if _NOT_THIS_ONE.match(tail) or _OTHER_DAY.match(tail):
        return "other"
    corrected = _CORRECTING.search(tail) or _REPAIR.search(tail)
    if follower is not None and corrected and not _AFTER_OTHER.match(tail):
        return "denied"
    if _AFTER_EXTENDED.match(tail) or _EXTENDED_BEFORE.search(before):
        return "extended"
    if re.match(
        r"^\s*まで(?:の?連?泊|に(?!な)|いて|い(?:た(?!だ)|まし)|滞在|宿泊|旅行|電話|待|並|仕事|営業)",
        tail,
    ):
        return "other"
    if _AFTER_VAGUE.match(tail):
        return "vague"
    if _AFTER_EXPIRY.match(tail):
        return "expiry"
    if _CUE_BEFORE.search(before) and not _AFTER_START.match(tail):
        return "expiry"
    if _OTHER_BEFORE.search(before):
        return "other"
    if asked and _WEAK_CUE_BEFORE.search(before) and not _AFTER_OTHER.match(tail):
        return "expiry"
    if _AFTER_START.match(tail):
        return "start"
    if _OF_AN_EVENT.match(tail):
        return "other"
    if _AFTER_OTHER.match(tail):
        return "other"
    return "plain"


def _settled(text: str, mentions: list[Mention], roles: list[Role]) -> list[Role]:
    """Let neighbours settle each other: ranges, alternatives, a denial said first."""
    result = list(roles)
    for index in range(len(mentions) - 1):
        if roles[index] in ("denied", "start") and roles[index + 1] == "extended":
            result[index] = "expiry"  # 24日まで→26日に延長: the printed day stays
        between = text[mentions[index].end : mentions[index + 1].start].replace("\0", "")
        # From … to …: the end of the validity period, or of the stay, as its own words say.
        if _RANGE.match(between) and result[index] != "denied" and roles[index + 1] != "extended":
            result[index] = "start"
        if (
            _OR.match(between)
            and "か" in between + "か"
            and result[index] in ("plain", "expiry", "other")
        ):
            result[index] = result[index + 1]
        later = text[mentions[index + 1].end :].replace("\0", "")
        if _ONE_OF_THEM.match(later) and result[index] == "start":
            result[index], result[index + 1] = "plain", "plain"  # 23〜25のどれか
        if _OR_RATHER.match(between) and re.match(r"\s*か(?!ら)", later):
            result[index], result[index + 1] = "plain", "plain"  # 24日か、いや25日か…
        if _NIGHTS_OF_BOTH.match(later) and re.fullmatch(r"\s*日?\s*[、,・と]\s*", between):
            result[index] = result[index + 1]  # 25、26と二泊
        pair = re.fullmatch(r"\s*(?:日)?\s*(?:と|、|・|&|,)\s*", between)
        valid = _VALID_BEFORE.search(text[: mentions[index].start])
        if pair and ((valid and _TWO_DAYS.match(later)) or _LATER_ONE.search(later)):
            result[index], result[index + 1] = "start", "expiry"
    _drop_what_was_thought(text, mentions, result)
    _level(text, mentions, result)
    _conclude(text, mentions, result)
    return result


def _conclude(text: str, mentions: list[Mention], roles: list[Role]) -> None:
    """Let the date that the message comes to outweigh those that led to it."""
    for index in range(1, len(mentions)):
        before = text[mentions[index - 1].end : mentions[index].start].replace("\0", "")
        if roles[index] in _TAKEN and _CONCLUDED_BEFORE.search(before):
            for earlier in range(index):
                if roles[earlier] in _TAKEN:
                    roles[earlier] = "other"


def _level(text: str, mentions: list[Mention], roles: list[Role]) -> None:
    """Put two dates on one footing where only one is cued: 25だけど24かも; mine and my son's."""
    if len(mentions) < 2:
        return
    ends = [mention.start for mention in mentions[1:]] + [len(text)]
    tails = [text[m.end : end].replace("\0", "") for m, end in zip(mentions, ends, strict=True)]
    starts = [0] + [mention.end for mention in mentions[:-1]]
    heads = [text[start : m.start] for start, m in zip(starts, mentions, strict=True)]
    perhaps = [role == "vague" and "かも" in t[:10] for role, t in zip(roles, tails, strict=True)]
    of_others = not _MINE.search(text) and any(
        role in _TAKEN and (_OF_ANOTHER.match(t) or _OF_ANOTHER_BEFORE.search(h))
        for role, t, h in zip(roles, tails, heads, strict=True)
    )
    if not any(role in _TAKEN for role in roles):
        return  # 24日に見えるけど25日かも
    for index, role in enumerate(roles):
        if perhaps[index] or ((any(perhaps) or of_others) and role == "expiry"):
            roles[index] = "plain"


def _drop_what_was_thought(text: str, mentions: list[Mention], roles: list[Role]) -> None:
    """Deny a last date that was only thought: 25だって。24だと思ってたけど…"""
    if len(mentions) < 2 or not _THOUGHT_BEFORE.match(text[mentions[-1].end :].replace("\0", "")):
        return
    last = mentions[-1].value
    for mention, role in zip(mentions[:-1], roles[:-1], strict=True):
        if role in ("plain", "expiry") and mention.value not in (None, last):
            roles[-1] = "denied"


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
        stay = last_day_of_stay(text) if asked and len(text) <= _STORY else None
        if stay is not None and stay.value is not None and calendar.holds(stay.value):
            return DateReading(value=stay.value, text=_quoted(mentions), cued=True)
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
    """Return what may be a doubt about these dates: of a story, only their own sentences."""
    if len(text) <= 2 * _STORY:
        return _without_other_sentences(text, chosen)
    kept = []
    start = 0
    for sentence in _SENTENCE.split(text):
        end = start + len(sentence)
        if any(start <= mention.start < end for mention in chosen):
            kept.append(sentence)
        start = end
    return "".join(kept)


def _without_other_sentences(text: str, chosen: list[Mention]) -> str:
    """Leave out sentences that doubt something else: 20230224です。スラッシュの出し方わかんない."""
    kept, start = [], 0
    for sentence in _SENTENCE.split(text):
        end = start + len(sentence)
        tells = any(start <= mention.start < end for mention in chosen)
        if tells or not _OF_TYPING.search(sentence):
            kept.append(sentence)
        start = end
    return "".join(kept)


#: What travellers do not know of their keyboard.
_OF_TYPING = re.compile(r"(?:出し|打ち|入力の?し|変換の?し|書き|使い|やり)方|操作")
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
