"""Answers taken: read back, corrected, forgotten aloud where they no longer matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from actions.answers import QUESTIONS, Answers, BadAnswerError
from actions.interview import failing
from actions.interview.moves import come_back, proceed
from actions.interview.relevance import can_matter
from actions.interview.scene import Scene, TurnResult
from actions.interview.state import State
from actions.understanding.understood import Understood


def answer(scene: Scene, state: State, understood: Understood) -> TurnResult:
    """Take a message's values, say what was taken, and go on."""
    taken, lines = take_values(scene, state, understood.values)
    if not lines:
        return failing.unread(scene, state)
    if taken.answers == state.answers and taken.unanswerable == state.unanswerable:
        return come_back(scene, taken, lines)
    return proceed(scene, taken, lines)


def unknown(
    scene: Scene, state: State, understood: Understood, question: Optional[str]
) -> TurnResult:
    """Take わからない to ``question``, and values the same message may have held."""
    taken, lines = take_values(scene, state, understood.values)
    if question is None or question in understood.values:
        return (
            proceed(scene, taken, lines)
            if lines
            else come_back(scene, taken, [scene.say("talk.nothing_pending")])
        )
    if question == "campaign" and state.answers.campaign is None and state.failures == 0:
        # Without the campaign nothing can be said at all: help once before giving up.
        lines.append(scene.say("talk.prefecture.unknown"))
        return come_back(scene, taken.updated(failures=1, pending="campaign"), lines)
    before = getattr(taken.answers, question)
    if question in taken.unanswerable:
        return come_back(scene, taken, [*lines, scene.say("questions.unknown.readback")])
    if taken is state or taken.history == state.history:
        taken = taken.remembering()
    taken = taken.updated(
        answers=taken.answers.updated(**{question: None}),
        unanswerable=taken.unanswerable | {question},
        failures=0,
    )
    if before is None:
        lines.append(scene.say("questions.unknown.readback"))
    else:
        lines.append(
            scene.say(
                "talk.withdrawn_answer",
                name=scene.wording.name(question),
                before=scene.wording.value(question, before),
            )
        )
        taken, forgotten = _forget(scene, taken, {question})
        lines += forgotten
    return proceed(scene, taken, lines)


def take_values(scene: Scene, state: State, values: Mapping[str, Any]) -> tuple[State, list[str]]:
    """Return the state with ``values`` (JSON) taken in, and the lines that say what was taken.

    Values that no question accepts are passed over. Nothing new: the state keeps its history.
    """
    given = _readable(values)
    if not given:
        return state, []
    new = {q: v for q, v in given.items() if v != getattr(state.answers, q)}
    lines = []
    changed = set()
    for question, value in given.items():
        before = getattr(state.answers, question)
        name, said = scene.wording.name(question), scene.wording.value(question, value)
        if before is None:
            lines.append(scene.wording.readback(question, value))
        elif before == value:
            lines.append(scene.say("talk.same", name=name, value=said))
        else:
            changed.add(question)
            lines.append(
                scene.say(
                    "talk.corrected",
                    name=name,
                    before=scene.wording.value(question, before),
                    after=said,
                )
            )
    taken = state.updated(failures=0)
    if new:
        taken = taken.remembering().updated(
            answers=state.answers.updated(**new),
            unanswerable=state.unanswerable - new.keys(),
        )
    if changed:
        taken, forgotten = _forget(scene, taken, set(given))
        lines += forgotten
    return taken, lines


def _forget(scene: Scene, state: State, kept: set[str]) -> tuple[State, list[str]]:
    """Drop the answers that can no longer matter after a change, and say which."""
    notice = scene.notice(state)
    if notice is None:
        return state, []
    forgotten = [
        question
        for question in QUESTIONS
        if question != "campaign"
        and question not in kept
        and getattr(state.answers, question) is not None
        and not can_matter(notice, state.answers, question, scene.as_of)
    ]
    if not forgotten:
        return state, []
    names = "と".join(scene.wording.name(question) for question in forgotten)
    cleared: dict[str, Any] = dict.fromkeys(forgotten)
    return (
        state.updated(answers=state.answers.updated(**cleared)),
        [scene.say("talk.forgotten", names=names)],
    )


def _readable(values: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for question in QUESTIONS:
        if values.get(question) is None:
            continue
        try:
            answers = Answers.from_mapping({question: values[question]})
        except BadAnswerError:
            continue
        given[question] = getattr(answers, question)
    return given
