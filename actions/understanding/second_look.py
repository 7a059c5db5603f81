"""Whether a date, sum or place that was read for certain is of something else than the coupon.

The grammars read a day in 予約したのは1月15日, the classifier sees what is said of it: it has
examples of messages with a masked value that answer (``date``), and that do not
(``date_elsewhere``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from . import phrases
from .beside import SEEN
from .message import Message
from .other_subjects import coupon_of_another_subject, other_subject
from .patterns import pattern
from .places import place_spans
from .ranking import Rankings, Weighed, aside_of, thresholds, weigh
from .tokens import masked
from .understood import Understood, ask_back

#: What the values that only grammars read are called by the classifier, which sees them masked.
MASKED = {"expires": "date", "balance": "amount", "campaign": "place"}
_NOWHERE = "out_of_scope"
#: With less than this, the classifier takes the message for something else altogether.
_TELLING = 0.4
_COUPON = pattern("second_look", "coupon")
_JOURNEY = pattern("second_look", "journey")


def told_of_something_else(
    message: Message, weighed: Sequence[Weighed], rankings: Rankings
) -> Optional[Understood]:
    """Refuse a value that the sentence around it says of something else, or return ``None``.

    Args:
        message: with what the grammars read.
        weighed: the classifier's ranking at the pending question.
        rankings: the same of each sentence and clause.
    """
    question = message.question or ""
    if question not in MASKED or question not in message.values:
        return None
    if message.corrected and not message.asking:
        return None  # …じゃない？ asks, and takes nothing back
    if message.only_asks and phrases.asks_openly(message.text):
        # 24日は何時から止まってたんですか names a day, and is a question
        topic, share = aside_of(weighed, only_asks=True)
        given = sum(entry.confidence for entry in weighed if entry.label == MASKED[question])
        if topic is not None and share >= thresholds()["aside"] and given < SEEN:
            return Understood("aside", topic=topic, confidence=share)
    limit = thresholds()["contradiction" if question in message.cued else "elsewhere"]
    if share_elsewhere(weighed, question) < limit or not could_be_elsewhere(message):
        return None
    if _given_in_a_part(question, rankings):
        return None
    best = weighed[0]
    if best.label == _NOWHERE:
        return Understood("out_of_scope", confidence=best.confidence)
    return ask_back(question, message.values[question])


#: A longer message names all sorts of things on the way to its answer.
_SHORT = 90
_OF_THE_COUPON = pattern("second_look", "of_the_coupon")


def speaks_of_another_subject(message: Message, understood: Understood) -> bool:
    """Say whether what would be taken stands in a message about something else altogether.

    Netflixが二重請求されてる and ピザ半分食べる? have the words of answers, and one no answer has.
    """
    if not understood.values and understood.kind != "unknown":
        return False
    if message.question == "expires" and "expires" in message.cued:
        # ソファの隙間から出てきた、3/5まで is the coupon's, ポテトのクーポンが3/5まで is not
        return bool(coupon_of_another_subject(message.typed))
    if message.question == "stay" and understood.values:
        return _is_elsewhere(message)  # one may stay overnight for a concert or a funeral
    if message.question == "campaign" and "campaign" in message.values:
        return False  # and travel to see a match
    return names_another_subject(message)


def names_another_subject(message: Message) -> bool:
    """Say whether a short message has a word that no answer has, and none of the coupon."""
    if len(message.text) > _SHORT:
        return False
    if _OF_THE_COUPON.search(message.text):
        return bool(coupon_of_another_subject(message.typed))
    return bool(other_subject(message.typed))


_COMES_FROM = pattern("second_look", "comes_from")


def _is_elsewhere(message: Message) -> bool:
    """Say whether a journey to a place outside the five is told: ハワイ5泊7日."""
    if "campaign" in message.values:
        return False  # 京都の親と千葉に一泊
    spans = place_spans(message.text, elsewhere=True)
    return bool(spans) and not any(_COMES_FROM.match(message.text, end) for _, end in spans)


def could_be_elsewhere(message: Message) -> bool:
    """Say whether a date, sum or place that the grammars read could be of something else.

    It could not where the message is nothing else (金曜の24日です), or where its own words call
    it the coupon's.
    """
    question = message.question or ""
    if question not in MASKED or question not in message.values or message.is_story:
        return False
    if message.values[question] in ("some", 0):
        return False
    if question in message.cued and _COUPON.search(message.text):
        return False
    if question == "campaign" and _JOURNEY.search(message.text):
        return False
    quoted = message.quoted.get(question)
    bare = phrases.is_bare(message.plain.replace(quoted, "D", 1)) if quoted else False
    return not bare and not phrases.is_bare(masked(message.plain))  # おととい is not masked


def share_elsewhere(weighed: Sequence[Weighed], question: str) -> float:
    """Return how surely the classifier takes a value of ``question`` for something else's.

    Held against what it gives to the answer only: what else the message may tell says nothing
    of whose value this is.

    Returns:
        a share from 0 to 1.
    """
    other, given = 0.0, 0.0
    for entry in weighed:
        if entry.label in (f"{MASKED[question]}_elsewhere", _NOWHERE):
            other += entry.confidence
        elif entry.label in (MASKED[question], f"{question}_some", f"{question}_none"):
            given += entry.confidence
    return other / (other + given) if other >= _TELLING else 0.0


def _given_in_a_part(question: str, rankings: Rankings) -> bool:
    """Say whether one sentence or clause gives the value, and none says whose it is instead."""
    best = [weigh(ranking, question)[0] for ranking in rankings.parts]
    sure = {entry.label for entry in best if entry.confidence >= thresholds()["settled"]}
    return MASKED[question] in sure and f"{MASKED[question]}_elsewhere" not in sure
