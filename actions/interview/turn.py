"""One turn of the interview: what was understood goes in, new state and replies come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from actions.interview import answering, asides, ends, failing
from actions.interview.moves import come_back, proceed
from actions.interview.press import read_press
from actions.interview.scene import (
    Event,
    Pressed,
    Scene,
    Stale,
    Started,
    TurnResult,
    Unreadable,
)
from actions.interview.state import State
from actions.notice_types import Notice
from actions.understanding.understood import Understood

#: Japan Standard Time has no daylight saving: a fixed offset says it whole.
JST = timezone(timedelta(hours=9), "JST")


def take_turn(
    state: State, event: Event, notices: Mapping[str, Notice], as_of: datetime, seed: str
) -> TurnResult:
    """Return what one message (or press, or other event) changes and what is said to it.

    Pure: the same arguments give the same result.

    Args:
        state: where the conversation stands.
        event: what was understood, pressed or otherwise happened.
        notices: by campaign.
        as_of: the moment to speak at; must be aware.
        seed: names the conversation, so that ids derive from it.
    """
    scene = Scene.of(notices, as_of.astimezone(JST), seed)
    question = None
    if isinstance(event, Pressed):
        pressed = read_press(event.token)
        if pressed is None or event.interview != state.interview:
            event = Stale()
        else:
            event, question = pressed.understood, pressed.question
    if isinstance(event, Started):
        return ends.start(scene, state, event.campaign)
    if state.stage == "new" and not _leads_out(event):
        return _first(scene, state, event)
    if state.stage == "handed_over" and not _is_command(event):
        return ends.quiet(scene, state)
    if state.stage == "stopped" and _says_nothing(event):
        return ends.go_on(scene, state)
    if isinstance(event, (Stale, Unreadable)):
        said = "stale" if isinstance(event, Stale) else "attachment"
        return come_back(scene, state, [scene.say(f"talk.{said}")])
    return _understood(scene, state, event, question)


def _understood(scene: Scene, state: State, event: Understood, question: str | None) -> TurnResult:
    if event.kind == "command":
        return ends.command(scene, state, event.command or "restart")
    if event.kind == "unknown":
        return answering.unknown(scene, state, event, question or state.pending)
    if event.kind in ("greet", "thanks"):
        return ends.courtesy(scene, state, event.kind)
    takers: dict[str, Callable[[Scene, State, Understood], TurnResult]] = {
        "answer": answering.answer,
        "aside": asides.aside,
        "ask_back": failing.ask_back,
    }
    if event.kind not in takers:
        return failing.unread(scene, state)
    return takers[event.kind](scene, state, event)


def _first(scene: Scene, state: State, event: Event) -> TurnResult:
    """Greet at the conversation's first message, and take from it what it already says."""
    begun = scene.begun(state)
    if isinstance(event, Understood) and event.kind in ("answer", "aside", "ask_back"):
        said = ends.greeting(scene, begun, "short")
        result = _understood(scene, begun, event, None)
    else:
        said = ends.greeting(scene, begun, "first")
        result = proceed(scene, begun)
    return replace(result, replies=(*said, *result.replies))


def _says_nothing(event: Event) -> bool:
    return isinstance(event, Understood) and event.kind in ("greet", "out_of_scope")


def _is_command(event: Event) -> bool:
    return isinstance(event, Understood) and event.kind == "command"


def _leads_out(event: Event) -> bool:
    return isinstance(event, Understood) and event.command in ("stop", "human", "start", "restart")
