"""What one message means in the light of the pending question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Optional

from ..answers import Answers, Question
from . import arbitration
from .message import Message
from .ranking import ANSWERED_BY_GRAMMAR, Ranking, Rankings, thresholds
from .understood import Understood


def interpret(
    text: str,
    question: Optional[str],
    ranking: Ranking,
    answers: Answers,
    as_of: Optional[datetime] = None,
    *,
    parts: Sequence[Ranking] = (),
) -> Understood:
    """Return what ``text`` means at ``question``.

    Args:
        text: the message as typed.
        question: the pending question, ``None`` outside the interview.
        ranking: the classifier's ``(label, confidence)``, in any order; may be empty.
        answers: what was answered before.
        as_of: the moment of the message, timezone-aware; offered as a date for 今日 and 昨日.
        parts: the classifier's ranking of each sentence and clause (``parts.parts_of``), in
            order; empty where the message has but one.
    """
    read = Message.read(text, question, as_of)
    understood = arbitration.settle(read, Rankings(ranking, parts), answers)
    if answers.campaign is None or understood.values or understood.kind not in _NOTHING_TAKEN:
        return understood
    if (question is None and understood.kind == "out_of_scope") or _is_bare(read, ranking):
        return _said_late(text, answers, as_of) or _taken_back_in_doubt(read) or understood
    return understood


def _taken_back_in_doubt(message: Message) -> Optional[Understood]:
    """Ask which is meant where something is taken back, and not clearly: やっぱ減ってたわ."""
    doubts = list(message.doubts.values())
    if message.question is not None or not message.corrected or len(doubts) != 1:
        return None
    return Understood("ask_back", reading=doubts[0], correction=True)


#: 25日でした is said of something; 2/26 at the question about the balance may be of anything.
_ASSERTED = re.compile(r"[ぁ-ん]")
#: Kinds after which a bare date, sum or place may still be an answer to an earlier question.
_NOTHING_TAKEN = ("out_of_scope", "ask_back")


def _is_bare(message: Message, ranking: Ranking) -> bool:
    """Say whether the message is a date, a sum or a place and nothing else: 25日でした."""
    best = max(ranking, key=lambda entry: entry[1], default=("", 0.0))
    if best[0] == "date" and not _ASSERTED.search(message.plain):
        return False
    return best[0] in ANSWERED_BY_GRAMMAR and best[1] >= thresholds()["settled"]


#: Questions whose answers the grammars read for certain without a cue around them.
_BARE: tuple[Question, ...] = ("expires", "balance", "campaign")


def _said_late(text: str, answers: Answers, as_of: Optional[datetime]) -> Optional[Understood]:
    """Read 「25日でした」 or 「千葉」 at another question as the answer that it changes.

    Only where the grammars alone read it as one question's answer, or as a date or place that
    cannot be taken.
    """
    if unicodedata.normalize("NFKC", text).strip().isdigit():
        return None  # a bare number answers the question before it, and there is none
    found = [
        arbitration.settle(Message.read(text, question, as_of), Rankings(), answers)
        for question in _BARE
    ]
    taken = [one for one in found if one.kind == "answer"]
    doubts = [
        one
        for one in found
        if one.kind == "ask_back"
        and one.reading
        and one.reading.reason in _NAMED
        and one.reading.text
    ]
    if len(taken) == 1 and not doubts:
        return replace(taken[0], correction=True)
    # やっぱり期限24だったかも: of the expiry, though 24 could be a sum
    return doubts[0] if doubts and len(taken) < 2 else None


#: Readings that name what was read; the others say only that nothing was.
_NAMED = ("ambiguous", "impossible", "outside")
