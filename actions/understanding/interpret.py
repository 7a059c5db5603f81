"""What one message means in the light of the pending question."""

from __future__ import annotations

from datetime import datetime
from typing import Optional

from ..answers import Answers
from . import arbitration
from .message import Message
from .ranking import Ranking
from .understood import Understood


def interpret(
    text: str,
    question: Optional[str],
    ranking: Ranking,
    answers: Answers,
    as_of: Optional[datetime] = None,
) -> Understood:
    """Return what ``text`` means at ``question``.

    Args:
        text: the message as typed.
        question: the pending question, ``None`` outside the interview.
        ranking: the classifier's ``(label, confidence)``, in any order; may be empty.
        answers: what was answered before.
        as_of: the moment of the message, timezone-aware; offered as a date for 今日 and 昨日.
    """
    return arbitration.settle(Message.read(text, question, as_of), ranking, answers)
