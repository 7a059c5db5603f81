"""How a turn ends: the next question, the verdict, or the pending question once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

from actions.eligibility.decision import Decision
from actions.interview import topics, verdict
from actions.interview.asking import Manner, question_reply
from actions.interview.scene import Scene, TurnResult
from actions.interview.state import State
from actions.replies import Reply


def bubbles(state: State, lines: Sequence[str]) -> tuple[Reply, ...]:
    """Return the lines as one bubble, or none."""
    said = "\n".join(line for line in lines if line)
    return (Reply(said, interview=state.interview),) if said else ()


def next_question(state: State, decision: Optional[Decision]) -> Optional[str]:
    """Return what to ask next, or ``None`` where the verdict comes."""
    if decision is not None:
        return decision.next_question
    return None if "campaign" in state.unanswerable else "campaign"


def proceed(
    scene: Scene, state: State, lines: Sequence[str] = (), manner: Optional[Manner] = None
) -> TurnResult:
    """Go on with the question whose answer can still change the outcome, else the verdict.

    Args:
        scene: the turn's surroundings.
        state: with everything the message said already taken in.
        lines: said first, in a bubble of their own (read-backs, corrections).
        manner: how the question is asked; by default in full, but in short where it was
            already pending.
    """
    replies = bubbles(state, lines)
    if state.open_aside and state.answers.campaign:
        replies += (topics.topic_reply(scene, state, state.open_aside),)
        state = state.updated(open_aside=None)
    decision = scene.decide(state)
    question = next_question(state, decision)
    if question is not None:
        manner = manner or ("short" if question == state.pending else "full")
        state = state.updated(pending=question, stage="asking")
        return TurnResult(state, (*replies, question_reply(scene, state, question, manner)))
    # Without a campaign it stays the open question: a bare 「千葉」 still answers it.
    state = state.updated(pending=None if decision else "campaign", stage="verdict")
    replies += verdict.verdict_replies(scene, state, decision)
    return TurnResult(state, replies, scene.case(state, "verdict", decision))


def come_back(
    scene: Scene,
    state: State,
    lines: Sequence[str] = (),
    *,
    said: tuple[Reply, ...] = (),
    manner: Manner = "short",
    answered: bool = False,
) -> TurnResult:
    """After something else was said, return to the pending question, or to where they stand.

    Args:
        scene: the turn's surroundings.
        state: its ``pending`` question is asked again, not recomputed.
        lines: said in a first bubble.
        said: further bubbles, said before the question.
        manner: how the question is asked.
        answered: the message held answers besides, so what to ask next is worked out anew.
    """
    replies = (*bubbles(state, lines), *said)
    if state.pending is not None and not answered:
        return TurnResult(state, (*replies, question_reply(scene, state, state.pending, manner)))
    if answered or state.stage != "verdict":
        result = proceed(scene, state)
        return replace(result, replies=(*replies, *result.replies))
    last = replies[-1]
    closing = replace(last, choices=verdict.closing_choices(scene, state))
    return TurnResult(state, (*replies[:-1], closing))
