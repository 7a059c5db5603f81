"""The rules without dates: three-valued classes, routes, and the next question worth asking.

Everything here depends on the notice and on what its criteria can tell apart in the answers,
never on the day; so one verdict serves every traveller who gave answers of the same kind.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional, cast

from actions.answers import APPS, INCIDENTS, QUESTIONS, STAYS, Answers
from actions.eligibility.decision import ClassCode, Criterion, CriterionStatus
from actions.notice_types import ClassRule, CriterionRule, Notice, RouteRule

#: The answers rules look at; the campaign is the notice itself.
ASKED = tuple(question for question in QUESTIONS if question != "campaign")
#: What an answer that no criterion names amounts to.
_NONE_OF_THESE = "(none of these)"
_WORDS: Mapping[str, tuple[str, ...]] = {"incident": INCIDENTS, "app": APPS, "stay": STAYS}
#: One answer as the rules see it: ``None`` unknown, else a value that a criterion names or
#: ``_NONE_OF_THESE``; a balance is ``"some"`` or the highest threshold it reaches (0: none).
#: A tuple of them goes in ``ASKED``'s order.
Seen = tuple[Optional[Hashable], ...]


@dataclass(frozen=True)
class Verdict:
    """What holds on every day: see :class:`actions.eligibility.decision.Decision`.

    ``candidates`` has, for each certain class, the routes still possible; the route is known
    when there is one. ``other`` is the route of payment trouble outside the classes.
    """

    classes: tuple[ClassCode, ...]
    possible: tuple[ClassCode, ...]
    criteria: tuple[Criterion, ...]
    candidates: tuple[tuple[ClassRule, tuple[RouteRule, ...]], ...]
    other: Optional[RouteRule]
    next_question: Optional[str]


def verdict_of(notice: Notice, answers: Answers, unanswerable: frozenset[str]) -> Verdict:
    """Return the verdict by one notice."""
    return _verdict(notice, _seen((notice,), answers), unanswerable)


def verdict_without_campaign(
    notices: tuple[Notice, ...], answers: Answers, unanswerable: frozenset[str]
) -> Verdict:
    """Return the verdict while the campaign is unknown: nothing certain, the rest possible.

    ``possible`` is what any of the ``notices`` could still give. The next question is the
    campaign, unless every one of them leads nowhere; when the traveller cannot tell it, one
    that can still exclude a class.
    """
    return _verdict_without_campaign(notices, _seen(notices, answers), unanswerable)


@lru_cache(maxsize=65_536)
def _verdict(notice: Notice, seen: Seen, unanswerable: frozenset[str]) -> Verdict:
    classes, possible = _classes(notice, seen)
    return Verdict(
        classes=classes,
        possible=possible,
        criteria=tuple(_criteria(notice, seen)),
        candidates=tuple(_candidates(notice, classes, seen)),
        other=_other(notice, seen),
        next_question=_next_question((notice,), seen, unanswerable),
    )


@lru_cache(maxsize=16_384)
def _verdict_without_campaign(
    notices: tuple[Notice, ...], seen: Seen, unanswerable: frozenset[str]
) -> Verdict:
    possible = _possible_somewhere(notices, seen)
    following: Optional[str] = None
    if "campaign" in unanswerable:
        following = _next_question(notices, seen, unanswerable)
    elif possible or any(_may_be_other(notice, seen) for notice in notices):
        following = "campaign"
    return Verdict((), possible, (), (), None, following)


def _classes(notice: Notice, seen: Seen) -> tuple[tuple[ClassCode, ...], tuple[ClassCode, ...]]:
    """Return the certain and the possible classes, each sorted."""
    certain: list[ClassCode] = []
    possible: list[ClassCode] = []
    for rule in notice.classes:
        statuses = {_status(criterion, seen) for criterion in rule.criteria}
        if statuses == {"met"}:
            certain.append(rule.code)
        elif "not_met" not in statuses:
            possible.append(rule.code)
    return tuple(sorted(certain)), tuple(sorted(possible))


def _possible_somewhere(notices: tuple[Notice, ...], seen: Seen) -> tuple[ClassCode, ...]:
    codes: set[ClassCode] = set()
    for notice in notices:
        certain, possible = _classes(notice, seen)
        codes.update(certain, possible)
    return tuple(sorted(codes))


def _status(criterion: CriterionRule, seen: Seen) -> CriterionStatus:
    value = seen[ASKED.index(criterion.question)]
    if value is None:
        return "unknown"
    if criterion.at_least is not None:
        if value == "some":
            # Someone who only knows that something is left has one yen or more.
            return "met" if criterion.at_least <= 1 else "unknown"
        return "met" if cast(int, value) >= criterion.at_least else "not_met"
    met = any(value == option.value for option in criterion.accepts)
    return "met" if met else "not_met"


def _criteria(notice: Notice, seen: Seen) -> Iterator[Criterion]:
    for rule in notice.classes:
        for criterion in rule.criteria:
            value = seen[ASKED.index(criterion.question)]
            named = [option.section for option in criterion.accepts if option.value == value]
            section = named[0] if named else criterion.section
            status = _status(criterion, seen)
            yield Criterion(rule.code, criterion.id, criterion.question, status, section)


def _candidates(
    notice: Notice, classes: tuple[ClassCode, ...], seen: Seen
) -> Iterator[tuple[ClassRule, tuple[RouteRule, ...]]]:
    app = seen[ASKED.index("app")]
    for code in classes:
        rule = cast(ClassRule, notice.rule(code))
        routes = [route for route in rule.routes if not route.app or app in {None, *route.app}]
        yield rule, tuple(routes)


def _other(notice: Notice, seen: Seen) -> Optional[RouteRule]:
    other = notice.other
    return other.route if _status(other.criterion, seen) == "met" else None


def _may_be_other(notice: Notice, seen: Seen) -> bool:
    return _status(notice.other.criterion, seen) != "not_met"


def _next_question(
    notices: tuple[Notice, ...], seen: Seen, unanswerable: frozenset[str]
) -> Optional[str]:
    """Return the first open question of which two answers can end differently.

    Tried, not reasoned: every open question gets every value that the notices tell apart, and
    a question is worth asking when, the others being equal, its values lead to different ends.
    """
    domains = {
        question: domain
        for question, domain in _domains(notices).items()
        if seen[ASKED.index(question)] is None and question not in unanswerable
    }
    ends = {
        values: _end(notices, _completed(seen, dict(zip(domains, values, strict=True))))
        for values in itertools.product(*domains.values())
    }
    for index, question in enumerate(domains):
        beside: dict[tuple[Hashable, ...], Hashable] = {}
        for values, end in ends.items():
            rest = (*values[:index], *values[index + 1 :])
            if beside.setdefault(rest, end) != end:
                return question
    return None


def _end(notices: tuple[Notice, ...], seen: Seen) -> Hashable:
    """Return what the traveller is told when nothing is left to ask, in a form to compare.

    A route is told apart by its rule, not by its status: the same question is worth asking
    on every day, and a route that is closed is still explained by its own dates.
    """
    if len(notices) > 1:
        return _possible_somewhere(notices, seen)
    notice = notices[0]
    classes, possible = _classes(notice, seen)
    routes = [
        (rule.code, routes[0] if len(routes) == 1 else None)
        for rule, routes in _candidates(notice, classes, seen)
    ]
    return classes, possible, tuple(routes), _other(notice, seen)


def _completed(seen: Seen, values: Mapping[str, Hashable]) -> Seen:
    return tuple(values.get(question, value) for question, value in zip(ASKED, seen, strict=True))


@lru_cache(maxsize=32)
def _domains(notices: tuple[Notice, ...]) -> Mapping[str, tuple[Hashable, ...]]:
    """Return, for each question, the values that the notices' rules can tell apart."""
    domains: dict[str, tuple[Hashable, ...]] = {}
    for question in ASKED:
        named = _named(notices)[question]
        if question == "balance":
            named = (0, *named)
        elif question not in _WORDS or set(_WORDS[question]) - set(named):
            named = (*named, _NONE_OF_THESE)
        domains[question] = named
    return domains


@lru_cache(maxsize=32)
def _named(notices: tuple[Notice, ...]) -> Mapping[str, tuple[Hashable, ...]]:
    """Return, for each question, the values that the notices' rules name."""
    named: dict[str, dict[Hashable, None]] = {question: {} for question in ASKED}
    for notice in notices:
        for criterion in _all_criteria(notice):
            values: list[Hashable] = [option.value for option in criterion.accepts]
            if criterion.at_least is not None:
                values = [criterion.at_least]
            named[criterion.question].update(dict.fromkeys(values))
        for rule in notice.classes:
            for route in rule.routes:
                named["app"].update(dict.fromkeys(route.app))
    return {question: tuple(values) for question, values in named.items()}


def _all_criteria(notice: Notice) -> Iterable[CriterionRule]:
    return (*(c for rule in notice.classes for c in rule.criteria), notice.other.criterion)


def _seen(notices: tuple[Notice, ...], answers: Answers) -> Seen:
    """Return the answers as the rules see them: values that no rule tells apart are alike."""
    named = _named(notices)
    seen: list[Optional[Hashable]] = []
    for question in ASKED:
        value: Any = getattr(answers, question)
        if value is None or value == "some":
            pass
        elif question == "balance":
            thresholds = cast(tuple[int, ...], named[question])
            value = max((least for least in thresholds if least <= value), default=0)
        elif value not in named[question]:
            value = _NONE_OF_THESE
        seen.append(value)
    return tuple(seen)
