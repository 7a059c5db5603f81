"""Beginnings and ends: greeting, restart, back, stop, and the hand-over to a human."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

from actions.interview import calling, facts, memo
from actions.interview.moves import bubbles, come_back, next_question, proceed
from actions.interview.press import command as command_choice
from actions.interview.scene import Scene, TurnResult
from actions.interview.state import State
from actions.interview.taking import take_values, undone
from actions.replies import Choice, Reply
from actions.understanding.understood import Command


def greeting(scene: Scene, state: State, form: str) -> tuple[Reply, ...]:
    """Return the greeting (``first`` or ``short``), and early on that everything is over."""
    lines = [scene.say(f"talk.greeting.{form}", outage=scene.outage)]
    replies = bubbles(state, lines)
    last = facts.last_day(scene.notices.values())
    if scene.today > last:
        over = scene.say("talk.greeting.over", today=scene.today, last=last)
        replies += bubbles(state, [over])
    return replies


def start(scene: Scene, state: State, campaign: Optional[str]) -> TurnResult:
    """Open the talk: go on where it stands, or begin anew; ``campaign`` comes from a link."""
    campaign = campaign if campaign in scene.notices else None
    paused = state.stage in ("handed_over", "stopped")
    if (paused or (state.stage == "asking" and state.history)) and campaign in (
        None,
        state.answers.campaign,
    ):
        return go_on(scene, state)
    begun = scene.anew(state)
    said = greeting(scene, begun, "first")
    lines: list[str] = []
    if campaign is not None:
        begun, lines = take_values(scene, begun, {"campaign": campaign})
    result = proceed(scene, begun, lines)
    return TurnResult(result.state, (*said, *result.replies), result.case)


def go_on(scene: Scene, state: State) -> TurnResult:
    """Take the interview up where it was left."""
    decision = scene.decide(state)
    settled = next_question(state, decision) is None
    said = scene.say("talk.greeting.back_to_verdict" if settled else "talk.greeting.back")
    return proceed(scene, state.updated(failures=0), [said], "full")


def command(scene: Scene, state: State, name: Command) -> TurnResult:
    """Carry out a command."""
    commands: dict[str, Callable[[Scene, State], TurnResult]] = {
        "back": back,
        "restart": restart,
        "stop": stop,
        "human": human,
    }
    if name == "start":
        return start(scene, state, None)
    return commands[name](scene, state)


def back(scene: Scene, state: State) -> TurnResult:
    """Undo the last step and ask its question again; from a pause, take the interview up."""
    if state.stage in ("handed_over", "stopped"):
        return go_on(scene, state)
    state = state.updated(failures=0)
    if not state.history:
        return come_back(scene, state, [scene.say("talk.back.none")], manner="full")
    step = state.history[-1]
    restored = state.updated(
        answers=step.answers,
        unanswerable=step.unanswerable,
        history=state.history[:-1],
        stage="asking",
        open_aside=None,
    )
    asked = next_question(restored, scene.decide(restored))
    lines = [scene.say("talk.back.one"), *undone(scene, state.answers, step.answers, asked)]
    return proceed(scene, restored, lines, "full")


def restart(scene: Scene, state: State) -> TurnResult:
    """Begin anew; buttons of the old interview become stale."""
    anew = scene.anew(state)
    if not state.interview:
        result = proceed(scene, anew)
        return TurnResult(result.state, (*greeting(scene, anew, "first"), *result.replies))
    return proceed(scene, anew, [scene.say("talk.greeting.restarted")])


def stop(scene: Scene, state: State) -> TurnResult:
    """End the interview; it can be taken up again at any time."""
    state = scene.begun(state)
    case = None
    if state.answers.to_mapping() and state.stage == "asking":
        case = scene.case(state, "stopped", scene.decide(state))
    state = state.updated(stage="stopped", failures=0, open_aside=None)
    reply = Reply(
        scene.say("talk.stopped"), choices=_ways_on(scene, state), interview=state.interview
    )
    return TurnResult(state, (reply,), case)


def human(scene: Scene, state: State) -> TurnResult:
    """Hand over: the call center with its hours, and the memo to read over the phone."""
    state = scene.begun(state).updated(failures=0, stage="handed_over", open_aside=None)
    decision = scene.decide(state)
    replies = (
        calling.calling_reply(scene, state),
        memo.memo_reply(scene, state, choices=_ways_on(scene, state)),
    )
    return TurnResult(state, replies, scene.case(state, "human", decision))


def quiet(scene: Scene, state: State) -> TurnResult:
    """After the hand-over, say only how to take the interview up again."""
    reply = Reply(
        scene.say("calling.handed_over", number=calling.phone(scene, state)),
        choices=_ways_on(scene, state),
        links=calling.phone_links(scene, state),
        interview=state.interview,
    )
    return TurnResult(state, (reply,))


def courtesy(scene: Scene, state: State, kind: str) -> TurnResult:
    """Return a greeting or a thanks, then go on."""
    state = state.updated(failures=0)
    if kind == "greet":
        return come_back(scene, state, [scene.say("talk.hello")])
    asking = state.pending is not None
    return come_back(scene, state, [scene.say(f"talk.thanks.{'asking' if asking else 'done'}")])


def _ways_on(scene: Scene, state: State) -> tuple[Choice, ...]:
    go_on_choice = command_choice(scene.say("talk.buttons.go_on"), "start")
    restart_choice = command_choice(scene.say("talk.buttons.restart"), "restart")
    return (go_on_choice, restart_choice)
