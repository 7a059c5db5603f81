"""What a message gives beside the pending question's answer, plainly enough to be taken."""

from __future__ import annotations

import re
from typing import Any, Optional

from ..answers import Answers
from . import phrases
from .message import Message
from .patterns import pattern
from .ranking import CLASSIFIED, NO_VALUES, Rankings, thresholds

#: Values by the names the classifier knows them by; sums it does not see.
VALUES = (
    *("none", "unusable", "paid_otherwise_and_deducted", "charged_twice", "other"),
    *("charged", "paper", "withdrawn", "overnight", "day_trip"),
)

#: At these, 泊まった says when or where as well.
_SAYS_WHEN = ("expires", "campaign")
#: How long a stay was, said in so many words.
_NIGHTS = re.compile(r"(?<!\d)(?:[1-4]|[一二三四]|連)泊|日帰り|泊まりがけ|泊まり(?:でした|です)")
#: What the classifier gives at least to a value that is said beside another answer.
SEEN = 0.05
_MORE_THAN_A_TRACE = 0.2


#: 2回 and 1枚 are none.
_FIGURES = re.compile(r"\d{2,}|\d\s*(?:円|万|千|百|k)|円")


def gives_sums(message: Message) -> bool:
    """Say whether a message gives figures, which the classifier does not see."""
    return bool(_FIGURES.search(message.text))


def beside(
    message: Message, question: Optional[str], rankings: Rankings, answers: Answers
) -> dict[str, Any]:
    """Return the values of other questions that a message gives plainly.

    Args:
        message: with what the grammars read.
        question: the pending one, whose value is left out.
        rankings: the classifier's of the message, its sentences and clauses.
        answers: what was answered before: a known campaign is not changed in passing.
    """
    found = {
        name: value
        for name, value in message.values.items()
        if name != question and _stands_alone(message, name, rankings, answers)
    }
    for name in _SAID_IN_PASSING if rankings.parts and not message.is_story else ():
        if name == "balance" and not phrases.speaks_of_the_rest(message.text):
            continue
        if name == "stay" and question in _SAYS_WHEN and not _tells_of_a_night(message):
            continue
        if name == "app" and not _OF_THE_APP.search(message.told):
            continue
        shares = rankings.values_of(name) if name != question else {}
        limit = thresholds()["contradiction"]
        sure = [value for value, share in shares.items() if share >= limit]
        if len(sure) == 1 and sure[0] in _SAID_IN_PASSING[name]:
            taken: Any = {"none": 0}.get(sure[0], sure[0]) if name == "balance" else sure[0]
            found.setdefault(name, taken)
    if question in message.values:  # what is known already is only told along
        return {name: value for name, value in found.items() if value != getattr(answers, name)}
    return found


#: 紙を持ってきました says where the coupon is read, not what became of it.
_OF_THE_APP = re.compile(r"まま|ちゃーじ|あぷり|だけ|のみ|退会|すまほ|携帯|app|paper")
#: What a clause beside the answer can say of another question; less telling values it may only
#: seem to say (使ってない is none of them by itself).
_SAID_IN_PASSING = {
    "app": ("charged", "paper", "withdrawn"),
    "stay": ("overnight", "day_trip"),
    "balance": ("some", "none"),
}


def _stands_alone(message: Message, name: str, rankings: Rankings, answers: Answers) -> bool:
    """Say whether a value of a question that is not pending is said plainly enough to be taken."""
    text, value = message.told, message.values[name]
    if message.is_story or contradicted(name, value, rankings, sums=gives_sums(message)):
        return False
    if name == "campaign":
        known = answers.campaign
        if not (known is None or known == value or message.corrected or message.question is None):
            # 千葉だった, and nothing else: the answer before is taken back
            return dict(rankings.whole).get("place", 0.0) >= thresholds()["certain"]
        return _is_destination(message, rankings)
    if name == "stay" and message.question in _SAYS_WHEN and not _tells_of_a_night(message):
        return False
    till = re.search(r"れじ|店|会計|買|払", text)
    if name == "incident" and value == "unusable" and "ちゃーじ" in text and not till:
        return False  # what failed was the charging
    share = rankings.values_of(name).get(str(value), 0.0) if name in CLASSIFIED else 0.0
    if share >= thresholds()["settled"] and value != "none":
        return True
    if name == "app":
        return bool(
            re.search(
                r"(?:^|[、。\s])(?:紙|あぷり)(?:です)?(?:$|[、。\s])|紙の?まま|紙で(?=[^。]{0,8}円)|ちゃーじ|退会|あぷり(?:は|を|も|なんて)?(?:使|入れ|な)|あぷりに(?:入|い|取|登録)",
                text,
            )
        )
    if name == "incident":
        if value in ("paid_otherwise_and_deducted", "charged_twice"):
            return True
        if value == "unusable":
            return bool(_WHERE_IT_FAILED.search(text))
        return value == "none" and bool(re.search(r"障害|その時間|使おうと", text))
    if name == "stay":
        return bool(_STAYED.search(text)) and not _STAY_OF_SOMETHING.search(text)
    return True  # read_expiry and read_balance ask for a cue themselves


def _tells_of_a_night(message: Message) -> bool:
    """Say whether a stay is told for itself, or beside the answer that it explains.

    23日に泊まって24日まで tells both; 24日に泊まりました, where the expiry is asked, only when.
    """
    if _NIGHTS.search(message.told):
        return True
    return message.question in message.values and "泊" in message.told


_WHERE_IT_FAILED = pattern("beside", "where_it_failed")
_STAYED = pattern("beside", "stayed")
_STAY_OF_SOMETHING = pattern("beside", "stay_of_something")
_NOT_OF_THE_JOURNEY = ("place_elsewhere", "out_of_scope")


def _is_destination(message: Message, rankings: Rankings) -> bool:
    """Say whether a place is told as that of the journey, not in passing or in small talk."""
    if message.corrected or any(name != "campaign" for name in message.values):
        return True
    if message.asking:
        return False
    if sum(s for label, s in rankings.whole if label in _NOT_OF_THE_JOURNEY) > 0.3:
        return False
    return bool(
        re.search(
            r"くーぽん|に泊|に行|へ行|旅行|(?:県|府|市)?(?:です|でした)(?:$|。)|で使|で受け|でもら|きゃんぺーん",
            message.told,
        )
    )


def contradicted(name: str, value: Any, rankings: Rankings, *, sums: bool) -> bool:
    """Say whether the classifier sees nothing of a value, or rather another of its question."""
    if name not in CLASSIFIED or not rankings.whole or (name == "balance" and sums):
        return False
    if value not in ("some", 0, *VALUES):
        return False  # a sum in words
    shares = rankings.values_of(name, beside=True)
    said = shares.get("none" if value == 0 else str(value), 0.0)
    others = [share for other, share in shares.items() if other not in NO_VALUES]
    if name == "stay":  # 日帰り in so many words: a trace of the other says nothing
        return said < max(others, default=0.0) and max(others) >= _MORE_THAN_A_TRACE
    return said < SEEN or said < max(others, default=0.0)
