"""What each date of a message is said of: the expiry, another day, a day that is denied."""

from __future__ import annotations

import re
from typing import Literal, Optional

from .date_relations import Mention
from .patterns import pattern

Role = Literal["expiry", "plain", "other", "denied", "extended", "start", "vague"]
#: Roles of dates that can be the expiry.
TAKEN: tuple[Role, ...] = ("plain", "expiry")
_AFTER_OTHER = pattern("dates", "after_other")
_AFTER_EXTENDED = pattern("dates", "after_extended")
#: 延長後は…, 延長されて…: not the printed day.
_EXTENDED_BEFORE = re.compile(
    r"延長(?:後|して|されて|された|で|になって|により|措置で?)"
    r"(?:(?!けど|けれど|が|元|もと|本来)[^。\n]){0,4}$"
)
_AFTER_EXPIRY = pattern("dates", "after_expiry")
_AFTER_VAGUE = pattern("dates", "after_vague")
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
#: 期限 belongs to the date it stands closest to: 2月20日 期限2月26日; 2/24期限、2/25…
_NEXT_ONES_CUE = re.compile(r"[\s、,。/]+(?:有効|利用|使用)?期[限間](?:日)?[は:\s]*$")
_LAST_ONES_CUE = re.compile(r"^(?:が|に|で)?(?:有効|利用|使用)?期限(?=[、,。\s])")
_ONE_OF_THEM = pattern("dates", "one_of_them")
_NIGHTS_OF_BOTH = re.compile(r"\s*日?\s*(?:と|の|で|に)\s*[\d二三四]泊")


def roles_of(text: str, mentions: list[Mention], *, asked: bool) -> list[Role]:
    """Return what each date of a message is said of.

    Args:
        text: the text that the mentions point into.
        mentions: in order, without overlaps.
        asked: whether the expiry is the pending question; weaker cues count then.
    """
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
        if roles[index] in TAKEN and _CONCLUDED_BEFORE.search(before):
            for earlier in range(index):
                if roles[earlier] in TAKEN:
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
        role in TAKEN and (_OF_ANOTHER.match(t) or _OF_ANOTHER_BEFORE.search(h))
        for role, t, h in zip(roles, tails, heads, strict=True)
    )
    if not any(role in TAKEN for role in roles):
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
