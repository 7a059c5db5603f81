"""What the classifier is certain of, heard before the grammars."""

from __future__ import annotations

import re
from typing import Any, Optional, cast

from ..answers import Answers
from . import phrases
from .beside import SEEN, beside, contradicted, gives_sums
from .message import STORY, Message
from .patterns import pattern
from .ranking import CLASSIFIED, NO_VALUES, Rankings, Weighed, family, thresholds, weigh
from .second_look import MASKED
from .understood import Command, Understood, ask_back


def certain(
    message: Message, weighed: list[Weighed], rankings: Rankings, answers: Answers
) -> Optional[Understood]:
    """Return what the classifier is certain of, where no grammar settles it otherwise.

    Dates and places are the grammars' alone; where a grammar and a certain classifier read
    different values of the pending question, the traveller is asked which.
    """
    best = weighed[0] if weighed else None
    if best is None or best.confidence < thresholds()["certain"] or phrases.abuses(message.text):
        return None
    question, of = message.question, family(best.label)
    if of in CLASSIFIED:
        if best.label.endswith(NO_VALUES):
            return None
        return _certain_value(message, best, rankings, answers)
    # At the end of a rant, where どこのかって？千葉ですよ answers, nothing is wished for.
    wants = (message.asking or phrases.wishes(message.text)) and not message.is_story
    if best.label == "out_of_scope" and (wants or question not in message.values):
        # 奈良漬けの作り方を教えて: a place, and nothing of the coupon's
        told = message.doubts or not phrases.is_a_sentence(message.text)
        return None if told else Understood("out_of_scope", confidence=best.confidence)
    if best.label == "out_of_scope" and question in CLASSIFIED:
        sums = gives_sums(message) and not phrases.is_a_sentence(message.text)
        return None if sums else Understood("out_of_scope", confidence=best.confidence)
    named = question if question in message.values and question not in CLASSIFIED else None
    if named is not None:
        # 24日の何時から止まっていたんですか names a date, and is no answer
        answers_apart = MASKED[named] in {weigh(part, named)[0].label for part in rankings.parts}
        only_asks = message.only_asks or not answers_apart
        sure = of == "aside" and only_asks and phrases.asks_openly(message.text)
        if not sure or best.confidence < thresholds()["contradiction"]:
            return None
    if of == "command" and not message.corrected and len(message.text) <= STORY:
        command = cast(Command, best.label.split("_", 1)[1])
        return Understood("command", command=command, confidence=best.confidence)
    if best.label == "dont_know" and question is not None and not message.is_story:
        if question not in CLASSIFIED and question in message.doubts:
            return None  # the date that was read in doubt is named
        if isinstance(message.values.get(question), int) and message.values[question] > 0:
            return None  # 2000円前後、うろ覚えで: a sum all the same
        return Understood("unknown", confidence=best.confidence)
    lost = phrases.ends_unknown(message.text) and not phrases.asks_where(message.text)
    lost = lost and "?" not in message.text
    values = sum(w.confidence for w in weighed if family(w.label) == question)
    asks_else = message.asking and question in CLASSIFIED and values < SEEN
    asks = message.only_asks or named is not None or asks_else or phrases.says_unknown(message.text)
    if of == "aside" and not lost and (asks or _asks_beside(message, best, rankings)):
        topic = best.label.split("_", 1)[1]
        return Understood("aside", topic=topic, confidence=best.confidence)
    return None


def _asks_beside(message: Message, best: Weighed, rankings: Rankings) -> bool:
    """Say whether a question names other answers only on its way: 余ってる分っていつまで使える?"""
    if not (message.asking and phrases.asks_openly(message.text)):
        return False
    if best.confidence < thresholds()["contradiction"]:
        return False
    if message.question in CLASSIFIED or message.question in message.values:
        return False
    parts = [max(part, key=lambda entry: entry[1], default=("", 0.0))[0] for part in rankings.parts]
    asked = sum(family(label) == "aside" for label in parts)
    return asked > len(parts) / 2


def _certain_value(
    message: Message, best: Weighed, rankings: Rankings, answers: Answers
) -> Optional[Understood]:
    of, _, value = best.label.partition("_")
    taken: Any = (0 if value == "none" else "some") if of == "balance" else value
    doubt = message.doubts.get(of)
    if doubt and doubt.reason in OURS_TO_ASK:
        return None
    if message.question in message.concluded and best.confidence < thresholds()["contradiction"]:
        return None
    if of != message.question and phrases.says_unknown(message.text):
        return None
    read = message.values.get(of)
    if phrases.denies_twice(message.text):
        differ = of == message.question and read not in (None, taken)
        return ask_back(of, taken, read, reason="ambiguous") if differ else None
    sums = of == "balance" and gives_sums(message)
    if of == message.question and read == taken:
        return None
    if (isinstance(read, int) and read > 0) or (sums and (read == 0 or of in message.doubts)):
        return None  # sums are the grammar's
    if of != message.question and (read not in (None, taken) or _answers_itself(message, rankings)):
        return None
    if read not in (None, taken) and (
        best.confidence < thresholds()["contradiction"] or _deducted(read) != _deducted(taken)
    ):
        return ask_back(of, taken, read, reason="ambiguous")
    last = said_last(message, rankings, of)
    if last not in (None, taken):
        return ask_back(of, taken, last, reason="ambiguous")
    others = beside(message, of, rankings, answers)
    if message.question == "balance" != of and not _balance_is_told(message, rankings):
        others.pop("balance", None)
    return Understood(
        "answer", {**others, of: taken}, correction=message.corrected, confidence=best.confidence
    )


def _deducted(value: Any) -> bool:
    """Say whether something was deducted: the most dangerous confusion, whoever is sure of it."""
    return value in ("paid_otherwise_and_deducted", "charged_twice")


#: What the words leave open, however they are ranked: アプリ入れてます, アプリは消しました.
OURS_TO_ASK = ("uninstalled", "installed")
#: What is said before it may not hold any more: 退会したつもりだったけど…
_REPAIR = pattern("repairs", "repair")
_MEANT_TO = re.compile(
    r"つもり(?:だった|でした|やった|だけど)|(?:うち|私|わたし|俺|自分)は(?:違|ちが)"
)


def said_last(message: Message, rankings: Rankings, question: str) -> Any:
    """Return the value that the last clause gives where the message takes something back."""
    if not rankings.parts or question == "balance":
        return None
    if not (_REPAIR.search(message.text) or _MEANT_TO.search(message.text)):
        return None
    for ranking in reversed(rankings.parts):
        best = weigh(ranking, question)[0]
        if family(best.label) == question and best.confidence >= thresholds()["choice"]:
            value = best.label.split("_", 1)[1]
            return None if value in NO_VALUES else value
    return None


def _balance_is_told(message: Message, rankings: Rankings) -> bool:
    """Say whether a sum or a clause of its own tells what is left: 空っぽです。紙のまま."""
    shares = rankings.values_of("balance") if rankings.parts else {}
    left = "none" if message.values.get("balance") == 0 else "some"
    return gives_sums(message) or shares.get(left, 0.0) >= thresholds()["settled"]


def _answers_itself(message: Message, rankings: Rankings) -> bool:
    """Say whether the pending question is answered too, or nearly so."""
    question = message.question or ""
    if question not in message.values:
        return question in message.doubts
    if question == "balance" and not gives_sums(message):
        return False  # 使えなかった alone says nothing of what is left
    return not contradicted(question, message.values[question], rankings, sums=gives_sums(message))
