"""Whether an answer can still matter: if none of its values changes any outcome, it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from actions.answers import APPS, INCIDENTS, QUESTIONS, STAYS, Answers
from actions.eligibility.decide import decide
from actions.interview.facts import expiry_days
from actions.notice_types import Notice


def can_matter(
    notice: Notice,
    answers: Answers,
    question: str,
    as_of: datetime,
    unanswerable: frozenset[str] = frozenset(),
) -> bool:
    """Say whether ``question`` makes a difference for some completion of the other answers.

    Every unanswered question is tried with every value that rules can tell apart, so that an
    answer given early is not forgotten only because the question before it is still open.

    Args:
        notice: the traveller's.
        answers: ``question``'s own answer is passed over.
        question: the one to judge.
        as_of: the moment to decide for.
        unanswerable: questions that stay unknown.
    """
    open_questions = [
        other
        for other in QUESTIONS
        if other not in {"campaign", question, *unanswerable} and getattr(answers, other) is None
    ]
    for values in product(*(_values(notice, other) for other in open_questions)):
        completed = answers.updated(**dict(zip(open_questions, values, strict=True)))
        outcomes = _outcomes(notice, completed, question, as_of)
        first = next(outcomes)
        if any(outcome != first for outcome in outcomes):
            return True
    return False


def _outcomes(
    notice: Notice, answers: Answers, question: str, as_of: datetime
) -> Iterator[tuple[Any, ...]]:
    for value in _values(notice, question):
        decision = decide(notice, answers.updated(**{question: value}), as_of)
        places = tuple(sorted((code, route.to) for code, route in decision.routes.items()))
        yield decision.classes, decision.possible, places


def _values(notice: Notice, question: str) -> list[Any]:
    """Return one value for each way in which the notice's rules can take the answer."""
    if question == "expires":
        named = expiry_days(notice)
        # A day that no criterion names stands for all the others.
        return [*named, min(named) - timedelta(days=1)]
    values: dict[str, list[Any]] = {
        "incident": list(INCIDENTS),
        "balance": ["some", 0],
        "app": list(APPS),
        "stay": list(STAYS),
    }
    return values[question]
