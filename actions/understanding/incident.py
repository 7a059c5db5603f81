"""What happened at the till, in people's words: who paid what, what was deducted, what was not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from .patterns import pattern
from .phrases import speaks_of_oneself
from .polarity import Polarity, last_polarity


@dataclass(frozen=True)
class IncidentReading:
    """An incident the words settle (``value``), or the ones they leave open (``candidates``).

    Both empty: the words settle nothing, and the classifier may; it may also choose among the
    candidates, unless the traveller doubts (``doubted``).
    """

    value: Optional[str] = None
    candidates: tuple[str, ...] = ()
    doubted: bool = False


_PAID_OTHERWISE = pattern("incident", "paid_otherwise")
_SOMETHING_ELSE = pattern("incident", "something_else")
_TWO_SUMS = pattern("incident", "two_sums")
_BOTH_PAID = pattern("incident", "both_paid")
_BOTH_TAKEN = pattern("incident", "both_taken")
_NOT_PAID_OTHERWISE = pattern("incident", "not_paid_otherwise")
_DEDUCTED = pattern("incident", "deducted")
_BALANCE_KEPT = pattern("incident", "balance_kept")
_TWICE = pattern("incident", "twice")
_PRESSED_AGAIN = pattern("incident", "pressed_again")
_PHONE = pattern("incident", "phone")
_COULD_NOT = pattern("incident", "could_not")
_NOT_TRIED = pattern("incident", "not_tried")
_NOTHING = pattern("incident", "nothing")
_ELSEWHERE = re.compile(
    r"(?<!私と)(?:友人|友達|ともだち|知人|知り合い|隣の|他の(?:客|人|お客)|ほかの(?:客|人|お客)|周りの)(?:は|が|も|の|さん|客)"
)
_NOT_REFUNDED = pattern("incident", "not_refunded")
#: 使えたり使えなかったり, エラーが出た気がする: neither one nor the other.
_NOW_AND_THEN = re.compile(
    r"使えた(?!ら|はず|の(?:に|かと))|使えたり|(?:えらー|使えな(?:かった|い)|だめだった)[^。\n]{0,4}?(?:気がする|かも|ような)"
)
_REFUNDED = re.compile(
    r"(?:返金|戻って(?:き|い)|戻(?:って)?(?:され|した|りま)|取り消し|取消|きゃんせる)(?:て|さ|し|た|ま|き|に)"
)
_ODD_AMOUNT = pattern("incident", "odd_amount")
_NOT_HANDED = pattern("incident", "not_handed")
_DID_NOTHING = pattern("incident", "did_nothing")


def read_incident(text: str) -> IncidentReading:
    """Return what the words of a message settle about the payment during the outage.

    Deduction decides: 現金で払ったのに減ってた is ``paid_otherwise_and_deducted``,
    現金で払ったけど減ってない is ``unusable``.

    Args:
        text: canonical text (``variants.canonical``).
    """
    text = _PHONE.sub("", text)
    deducted = last_polarity(text, _DEDUCTED)
    if deducted is None and _BALANCE_KEPT.search(text):
        deducted = "no"
    twice = last_polarity(text, _TWICE)
    paid_otherwise = bool(_PAID_OTHERWISE.search(text)) and not _NOT_PAID_OTHERWISE.search(text)
    could_not = any(
        not re.match(
            r"(?:い|かった|んでした|なかった|ん)?(?:わけ|訳|こと)(?:で|じゃ|は|も)",
            text[found.end() :],
        )
        for found in _COULD_NOT.finditer(text)
    )
    not_tried = bool(_NOT_TRIED.search(text))
    nothing = bool(_NOTHING.search(text)) and not re.search(r"以外(?:は|に)", text)
    others = _ELSEWHERE.search(text) and not speaks_of_oneself(text)
    if _NOT_REFUNDED.search(text):
        return IncidentReading("other")
    if (others or _REFUNDED.search(text)) and "yes" in (deducted, twice):
        return IncidentReading(candidates=("other",), doubted=True)
    if others and not (could_not or not_tried):
        return IncidentReading()
    if could_not and _NOW_AND_THEN.search(text) and deducted != "yes":
        return IncidentReading(candidates=("unusable", "other"), doubted=True)
    if "doubted" in (deducted, twice):
        return _doubtful(text, twice=twice, paid_otherwise=paid_otherwise)
    if _SOMETHING_ELSE.search(text) or re.search(
        r"(?:身に覚え|覚え)のない|(?:知らない|(?:行って|使って|入って|利用して)(?:い)?ない)(?:お)?店",
        text,
    ):
        return IncidentReading("other")
    if _ODD_AMOUNT.search(text) or _two_sums(text) == "odd":
        return (
            IncidentReading(candidates=("other", "charged_twice"))
            if twice == "yes"
            else IncidentReading("other")
        )
    if twice == "yes" and deducted != "no":
        return _twice(text, paid_otherwise=paid_otherwise)
    if deducted == "yes":
        return _deducted(
            text, paid_otherwise=paid_otherwise, could_not=could_not, not_tried=not_tried
        )
    return _kept(
        deducted,
        twice,
        paid_otherwise=paid_otherwise,
        could_not=could_not,
        not_tried=not_tried,
        nothing=nothing,
    )


def _two_sums(text: str) -> Optional[str]:
    """Compare what was bought with what was deducted: ``odd`` where one does not follow."""
    found = _TWO_SUMS.search(text)
    if not found:
        return None
    bought, deducted = (int(found[group].replace(",", "")) for group in (1, 2))
    if bought == deducted or deducted == 2 * bought:
        return None
    return "odd"


def _doubtful(text: str, *, twice: Optional[Polarity], paid_otherwise: bool) -> IncidentReading:
    candidates = ["unusable"]
    if paid_otherwise or twice is None:
        candidates.append("paid_otherwise_and_deducted")
    if twice is not None:
        candidates.append("charged_twice")
    return IncidentReading(candidates=tuple(candidates), doubted=True)


def _twice(text: str, *, paid_otherwise: bool) -> IncidentReading:
    """Tell the coupon charged twice from money and coupon both taken."""
    if _PRESSED_AGAIN.search(text):
        if paid_otherwise:
            return IncidentReading(candidates=("charged_twice", "paid_otherwise_and_deducted"))
        return IncidentReading("charged_twice")
    if _BOTH_TAKEN.search(text):
        return IncidentReading("paid_otherwise_and_deducted")
    if paid_otherwise and (_BOTH_PAID.search(text) or _DEDUCTED.search(text)):
        return IncidentReading("paid_otherwise_and_deducted")
    if paid_otherwise:
        return IncidentReading(candidates=("charged_twice", "paid_otherwise_and_deducted"))
    return IncidentReading("charged_twice")


def _deducted(
    text: str, *, paid_otherwise: bool, could_not: bool, not_tried: bool
) -> IncidentReading:
    if paid_otherwise or _BOTH_TAKEN.search(text):
        return IncidentReading("paid_otherwise_and_deducted")
    if _PRESSED_AGAIN.search(text):
        return IncidentReading(candidates=("charged_twice", "paid_otherwise_and_deducted"))
    if _NOT_HANDED.search(text) or re.search(
        r"身に覚え|知らない(?:うち|間|お?店)|(?:行って|使って|入って|利用して)(?:い)?ない(?:お)?店|いつの間にか|他人|別人|他の人",
        text,
    ):
        return IncidentReading("other")
    if _DID_NOTHING.search(text):
        return IncidentReading("other")
    if not_tried:
        return IncidentReading(candidates=("other", "paid_otherwise_and_deducted"))
    if could_not:
        return IncidentReading(candidates=("paid_otherwise_and_deducted", "other"))
    if re.search(r"払っ(?:た|て)", text) and re.search(
        r"くーぽん(?:も|から(?:も|は)?|の(?:方|ほう)(?:も|から))|残高(?:も|から|まで)", text
    ):
        return IncidentReading("paid_otherwise_and_deducted")
    return IncidentReading(candidates=("paid_otherwise_and_deducted", "charged_twice", "other"))


def _kept(
    deducted: Optional[Polarity],
    twice: Optional[Polarity],
    *,
    paid_otherwise: bool,
    could_not: bool,
    not_tried: bool,
    nothing: bool,
) -> IncidentReading:
    """Nothing was deducted, as far as the message goes."""
    if could_not and not_tried:
        return IncidentReading(candidates=("unusable", "none"))
    if could_not or (paid_otherwise and deducted == "no"):
        return IncidentReading("unusable")
    if paid_otherwise and (not_tried or nothing):
        # Paid in cash without trying the coupon.
        return (
            IncidentReading("none")
            if not_tried
            else IncidentReading(candidates=("none", "unusable"))
        )
    if paid_otherwise:
        return IncidentReading(candidates=("unusable", "paid_otherwise_and_deducted"))
    if not_tried or nothing:
        return IncidentReading("none")
    if deducted == "no" or twice == "no":
        return IncidentReading(candidates=("unusable", "none"))
    return IncidentReading()
