"""Values taken into the state: read back, corrected, forgotten aloud where they stop mattering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from actions.answers import QUESTIONS, Answers, BadAnswerError
from actions.interview.relevance import can_matter
from actions.interview.scene import Scene
from actions.interview.state import State


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
            unanswerable=state.unanswerable.difference(new),
        )
    if changed:
        taken, forgotten = forget(scene, taken, set(given))
        lines += forgotten
    return taken, lines


def forget(scene: Scene, state: State, kept: set[str]) -> tuple[State, list[str]]:
    """Drop the answers that can no longer matter after a change, and say which.

    Args:
        scene: the turn's surroundings.
        state: with the change already made.
        kept: questions just answered; their answers stay whatever they are worth.
    """
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


def undone(scene: Scene, before: Answers, after: Answers, asked: Optional[str]) -> list[str]:
    """Return the lines that say what going back changes.

    Args:
        scene: the turn's surroundings.
        before: the answers so far.
        after: the answers gone back to.
        asked: the question that comes next; it need not be named.
    """
    changed = [
        question
        for question in QUESTIONS
        if question != asked and getattr(before, question) != getattr(after, question)
    ]
    names = [scene.wording.name(q) for q in changed if getattr(after, q) is None]
    lines = [scene.say("talk.back.taken_back", names="と".join(names))] if names else []
    for question in changed:
        value = getattr(after, question)
        if value is not None:
            name, said = scene.wording.name(question), scene.wording.value(question, value)
            lines.append(scene.say("talk.back.restored", name=name, value=said))
    return lines


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
