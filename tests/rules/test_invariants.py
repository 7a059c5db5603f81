"""What holds of every decision, whatever the notice: unknown answers only ever narrow down.

Each property is held against completions of the open answers, tried one by one, independently
of how the rules find them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.answers import APPS, CAMPAIGNS, INCIDENTS, QUESTIONS, STAYS, Answers
from actions.eligibility.decide import decide
from actions.eligibility.decision import Decision
from actions.eligibility.windows import JST
from actions.notices import load_notices
from tests.rules.tables import COLUMN, WORDS, all_answers

NOTICES = load_notices()
AS_OF = datetime(2023, 3, 25, 10, tzinfo=JST)
ASKED = [question for question in QUESTIONS if question != "campaign"]
VALUES = {
    question: [value for value in WORDS[COLUMN[question]].values() if value is not None]
    for question in ASKED
}
ORDER = {"not_yet_open": 0, "open": 1, "closed": 2}

some_answers = st.builds(
    Answers,
    campaign=st.sampled_from(CAMPAIGNS),
    expires=st.none() | st.dates() | st.sampled_from(VALUES["expires"]),
    incident=st.none() | st.sampled_from(INCIDENTS),
    balance=st.none() | st.just("some") | st.integers(0, 100_000) | st.integers(0, 2),
    app=st.none() | st.sampled_from(APPS),
    stay=st.none() | st.sampled_from(STAYS),
)


def by_own_notice(answers: Answers, as_of: datetime = AS_OF, **more: Any) -> Decision:
    assert answers.campaign is not None
    return decide(NOTICES[answers.campaign], answers, as_of, **more)


def places(decision: Decision) -> dict[str, tuple[str, str]]:
    return {code: (route.to, route.status) for code, route in decision.routes.items()}


def end(answers: Answers) -> Any:
    if answers.campaign is None:
        return decide(None, answers, AS_OF).possible
    decision = by_own_notice(answers)
    return decision.classes, decision.possible, sorted(places(decision).items())


def open_questions(answers: Answers) -> list[str]:
    return [question for question in ASKED if getattr(answers, question) is None]


def completions(answers: Answers, questions: list[str]) -> Iterator[dict[str, Any]]:
    for values in itertools.product(*(VALUES[question] for question in questions)):
        yield dict(zip(questions, values, strict=True))


def can_matter(answers: Answers, question: str, others: list[str]) -> bool:
    """Two answers to the question, the others being equal, end differently."""
    for rest in completions(answers, others):
        beside = answers.updated(**rest)
        ends = [end(beside.updated(**{question: value})) for value in VALUES[question]]
        if any(one != ends[0] for one in ends):
            return True
    return False


def first_that_can_matter(answers: Answers, waiting: list[str]) -> str | None:
    for question in waiting:
        if can_matter(answers, question, [other for other in waiting if other != question]):
            return question
    return None


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_one_more_answer_keeps_what_is_certain_and_adds_nothing_new(campaign: str) -> None:
    for answers in all_answers(campaign):
        before = by_own_notice(answers)
        assert not set(before.classes) & set(before.possible)
        for question in open_questions(answers):
            for value in VALUES[question]:
                after = by_own_notice(answers.updated(**{question: value}))
                assert set(before.classes) <= set(after.classes)
                assert set(after.classes) <= {*before.classes, *before.possible}
                assert set(after.possible) <= set(before.possible)
                assert places(before).items() <= places(after).items()


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_possible_classes_can_both_come_true_and_fail(campaign: str) -> None:
    for answers in all_answers(campaign):
        decision = by_own_notice(answers)
        if not decision.possible:
            continue
        ends = [
            set(by_own_notice(answers.updated(**rest)).classes)
            for rest in completions(answers, open_questions(answers))
        ]
        for code in decision.possible:
            assert any(code in classes for classes in ends)
            assert any(code not in classes for classes in ends)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_the_next_question_is_the_first_that_can_matter(campaign: str) -> None:
    for answers in all_answers(campaign):
        expected = first_that_can_matter(answers, open_questions(answers))
        assert by_own_notice(answers).next_question == expected, answers


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_asking_on_ends_with_everything_settled(campaign: str) -> None:
    for answers in all_answers(campaign):
        decision = by_own_notice(answers)
        if decision.next_question is None:
            assert not decision.possible
            assert set(decision.classes) <= set(decision.routes)
        else:
            assert getattr(answers, decision.next_question) is None


@given(some_answers, st.sets(st.sampled_from(QUESTIONS)))
def test_what_cannot_be_answered_is_never_asked(answers: Answers, stuck: set[str]) -> None:
    asked = by_own_notice(answers, unanswerable=frozenset(stuck)).next_question
    waiting = [question for question in open_questions(answers) if question not in stuck]
    assert asked == first_that_can_matter(answers, waiting)


@given(some_answers, st.sets(st.sampled_from(QUESTIONS)))
def test_without_the_campaign_nothing_is_certain_and_all_campaigns_count(
    answers: Answers, stuck: set[str]
) -> None:
    anywhere = answers.updated(campaign=None)
    decision = decide(None, anywhere, AS_OF, unanswerable=frozenset(stuck))
    each = [decide(notice, anywhere, AS_OF) for notice in NOTICES.values()]
    assert decision.campaign is None
    assert (decision.classes, dict(decision.routes), decision.deadlines) == ((), {}, ())
    assert set(decision.possible) == {c for d in each for c in (*d.classes, *d.possible)}
    if "campaign" not in stuck:
        led_somewhere = any(d.classes or d.possible or d.routes for d in each)
        unsettled = led_somewhere or answers.incident is None
        assert decision.next_question == ("campaign" if unsettled else None)
    else:
        waiting = [question for question in open_questions(anywhere) if question not in stuck]
        assert decision.next_question == first_that_can_matter(anywhere, waiting)


@given(
    some_answers,
    st.datetimes(datetime(2023, 2, 24), datetime(2023, 7, 1)),  # noqa: DTZ001
    st.timedeltas(timedelta(0), timedelta(days=1500)),
)
def test_time_only_ever_opens_then_closes(
    answers: Answers, moment: datetime, later: timedelta
) -> None:
    moment = moment.replace(tzinfo=JST)
    before, after = by_own_notice(answers, moment), by_own_notice(answers, moment + later)
    assert before.classes == after.classes
    assert before.next_question == after.next_question
    assert list(before.routes) == list(after.routes)
    for code, route in before.routes.items():
        assert ORDER[route.status] <= ORDER[after.routes[code].status]
    for old, new in zip(before.deadlines, after.deadlines, strict=True):
        assert old.passed <= new.passed


@given(some_answers, st.timezones())
def test_the_same_moment_in_another_timezone_decides_the_same(answers: Answers, zone: Any) -> None:
    elsewhere = AS_OF.astimezone(zone)
    assert by_own_notice(answers, elsewhere) == by_own_notice(answers, AS_OF)


@given(some_answers)
def test_one_yen_or_many_or_some_is_the_same_to_the_rules(answers: Answers) -> None:
    ends = {repr(end(answers.updated(balance=balance))) for balance in (1, 800, 99_999, "some")}
    assert len(ends) == 1


def test_a_moment_without_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        decide(NOTICES["nara"], Answers(campaign="nara"), datetime(2023, 3, 25))  # noqa: DTZ001


def test_anothers_notice_is_refused() -> None:
    with pytest.raises(ValueError, match="chiba"):
        decide(NOTICES["nara"], Answers(campaign="chiba"), AS_OF)
    with pytest.raises(ValueError, match="chiba"):
        decide(None, Answers(campaign="chiba"), AS_OF)
