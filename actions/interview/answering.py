"""Answers and わからない: what was said is taken in, then the interview goes on."""

from __future__ import annotations

from typing import Optional

from actions.interview import failing
from actions.interview.moves import come_back, proceed
from actions.interview.scene import Scene, TurnResult
from actions.interview.state import State
from actions.interview.taking import forget, take_values
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
        if lines:
            return proceed(scene, taken, lines)
        return come_back(scene, taken, [scene.say("talk.nothing_pending")])
    if question in taken.unanswerable:
        # Known already; a reading asked back may have brought the question up again.
        said = [*lines, scene.say("questions.unknown.readback")]
        return proceed(scene, taken.updated(failures=0), said)
    before = getattr(taken.answers, question)
    if taken.history == state.history:
        taken = taken.remembering()
    taken = taken.updated(answers=taken.answers.updated(**{question: None}))
    if question == "campaign" and state.failures == 0:
        # Without the campaign nothing can be said at all: help once before giving up.
        lines.append(scene.say("talk.prefecture.unknown"))
        taken = taken.updated(failures=1, pending="campaign", history=state.history)
        return come_back(scene, taken, lines)
    taken = taken.updated(unanswerable=taken.unanswerable | {question}, failures=0)
    if before is None:
        lines.append(scene.say("questions.unknown.readback"))
        return proceed(scene, taken, lines)
    name, value = scene.wording.name(question), scene.wording.value(question, before)
    lines.append(scene.say("talk.withdrawn_answer", name=name, before=value))
    taken, forgotten = forget(scene, taken, {question})
    return proceed(scene, taken, [*lines, *forgotten])
