"""``decide``: classes, routes, deadlines and the next question, by one notice at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Optional

from actions.answers import Answers
from actions.eligibility.decision import Deadline, Decision, Route
from actions.eligibility.verdicts import Verdict, verdict_of, verdict_without_campaign
from actions.eligibility.windows import JST, due_days, is_past, window_of
from actions.notice_types import Notice, RouteRule
from actions.notices import load_notices


def decide(
    notice: Optional[Notice],
    answers: Answers,
    as_of: datetime,
    unanswerable: frozenset[str] = frozenset(),
    notices: Optional[Mapping[str, Notice]] = None,
) -> Decision:
    """Decide by the traveller's notice; three-valued, and the same for the same arguments.

    Args:
        notice: the notice of ``answers.campaign``; ``None`` while the campaign is unknown.
        answers: what the traveller said; ``None`` fields are unknown.
        as_of: the moment to decide for, timezone-aware.
        unanswerable: questions the traveller cannot answer: never the next question.
        notices: all notices, of which one is the traveller's while ``notice`` is ``None``;
            the project's own without it.

    Raises:
        ValueError: ``as_of`` has no timezone, or ``notice`` is not that of ``answers.campaign``.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of has no timezone; give it one (Japan: +09:00)")
    campaign = notice.campaign if notice is not None else None
    if answers.campaign not in {None, campaign}:
        raise ValueError(f"the answers are for {answers.campaign}, the notice is {campaign}")
    moment = as_of.astimezone(JST)
    routes: dict[str, Route] = {}
    deadlines: tuple[Deadline, ...] = ()
    if notice is None:
        known = notices if notices is not None else load_notices()
        verdict = verdict_without_campaign(tuple(known.values()), answers, unanswerable)
    else:
        verdict = verdict_of(notice, answers, unanswerable)
        routes = dict(_routes(notice, verdict, moment))
        deadlines = tuple(_deadlines(notice, verdict, moment))
    return Decision(
        campaign=campaign,
        classes=verdict.classes,
        possible=verdict.possible,
        criteria=verdict.criteria,
        routes=routes,
        deadlines=deadlines,
        next_question=verdict.next_question,
    )


def _routes(notice: Notice, verdict: Verdict, as_of: datetime) -> Iterator[tuple[str, Route]]:
    for rule, candidates in verdict.candidates:
        if len(candidates) == 1:
            yield rule.code, _route(notice, candidates[0], as_of)
    if verdict.other is not None:
        yield "other", _route(notice, verdict.other, as_of)


def _route(notice: Notice, rule: RouteRule, as_of: datetime) -> Route:
    window = window_of(notice, rule)
    return Route(rule.to, window.status(as_of), rule.section, window.opens, window.closes)


def _deadlines(notice: Notice, verdict: Verdict, as_of: datetime) -> Iterator[Deadline]:
    for rule, candidates in verdict.candidates:
        for due in due_days(notice, rule, candidates):
            passed = is_past(due.at, as_of)
            yield Deadline(rule.code, due.kind, due.at, passed, due.section)
