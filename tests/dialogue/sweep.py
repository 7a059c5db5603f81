"""Every verdict, aside and question of a campaign on every date that makes a difference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from actions.answers import APPS, INCIDENTS, STAYS
from actions.interview.scene import Event, Started
from actions.interview.state import State
from actions.interview.turn import take_turn
from actions.notices import load_notices
from actions.replies import Reply
from actions.understanding.understood import TOPICS, Understood

#: Before the sites open, around their opening, around every deadline, and long after.
DATES = (
    "2023-03-15T10:00+09:00",
    "2023-03-22T09:00+09:00",
    "2023-03-24T13:59+09:00",
    "2023-03-25T10:00+09:00",
    "2023-03-28T19:00+09:00",
    "2023-04-01T10:00+09:00",
    "2023-04-30T23:59+09:00",
    "2023-05-01T10:00+09:00",
    "2023-06-01T10:00+09:00",
    "2026-11-21T10:00+09:00",
)
VALUES: dict[str, tuple[Any, ...]] = {
    "expires": ("2023-02-24", "2023-03-10", None),
    "incident": (*INCIDENTS, None),
    "balance": (1500, 0, None),
    "app": (*APPS, None),
    "stay": (*STAYS, None),
}
#: Said at some verdicts: everything that can be asked, and every way on.
AFTERWARDS: tuple[Event, ...] = (
    *(Understood("aside", topic=topic) for topic in TOPICS),
    Understood("out_of_scope"),
    Understood("out_of_scope"),
    Understood("out_of_scope"),
    Understood("thanks"),
    Understood("command", command="human"),
    Understood("out_of_scope"),
    Understood("command", command="start"),
    Understood("command", command="stop"),
)


@cache
def sweep(campaign: str) -> tuple[tuple[str, Reply], ...]:
    """Return everything a campaign's traveller can be told, each with the moment it is said."""
    said: dict[tuple[str, Reply], None] = {}
    for as_of in DATES:
        said.update(dict.fromkeys((as_of, reply) for reply in _at(campaign, as_of)))
    return tuple(said)


def _at(campaign: str, as_of: str) -> Iterator[Reply]:
    moment, notices = datetime.fromisoformat(as_of), load_notices()
    verdicts = 0
    waiting: list[tuple[State, Event]] = [(State(), Started(campaign))]
    while waiting:
        state, event = waiting.pop()
        result = take_turn(state, event, notices, moment, "sweep")
        yield from result.replies
        question = result.state.pending
        if question is not None:
            values = VALUES[question]
            if (question, campaign) == ("expires", "chiba"):
                values += ("2023-02-25",)
            for value in values:
                answer = (
                    Understood("unknown")
                    if value is None
                    else Understood("answer", {question: value})
                )
                waiting.append((result.state, answer))
            continue
        verdicts += 1
        if verdicts % 4 == 1:
            state = result.state
            for after in AFTERWARDS:
                result = take_turn(state, after, notices, moment, "sweep")
                yield from result.replies
                state = result.state
