"""Messages not understood, or not to be taken: asked back, said differently, then a human."""

from __future__ import annotations

from actions.answers import QUESTIONS
from actions.interview import calling
from actions.interview.asking import Manner, candidate_values, candidates_reply
from actions.interview.moves import bubbles, come_back, proceed
from actions.interview.press import answer as answer_choice
from actions.interview.scene import Scene, TurnResult
from actions.interview.state import State
from actions.interview.taking import take_values
from actions.interview.topics import prefecture_reply
from actions.replies import Reply
from actions.understanding.understood import Reading, Understood

#: From this many failures in a row on, the question is said differently …
SAID_DIFFERENTLY = 2
#: … and from this many on, the call center is offered.
OFFER_A_HUMAN = 3


def unread(scene: Scene, state: State) -> TurnResult:
    """Answer a message nothing could be read from: first kindly, then differently, then a human."""
    state = state.updated(failures=state.failures + 1)
    if state.failures >= OFFER_A_HUMAN:
        return come_back(scene, state, said=(_offer(scene, state),))
    if state.pending is None:
        again = "_again" if state.failures >= SAID_DIFFERENTLY else ""
        return come_back(scene, state, [scene.say(f"talk.unread.after_verdict{again}")])
    manner: Manner = "help" if state.failures >= SAID_DIFFERENTLY else "short"
    return come_back(scene, state, [scene.say("talk.unread.first")], manner=manner)


def ask_back(scene: Scene, state: State, understood: Understood) -> TurnResult:
    """Name what was read and cannot be taken, and offer what may have been meant.

    Values that the same message held beside it are taken.
    """
    reading = understood.reading
    taken, lines = take_values(scene, state, understood.values)
    if reading is None or reading.question not in QUESTIONS:
        return proceed(scene, taken, lines) if lines else unread(scene, state)
    if reading.question == "campaign" and reading.reason == "outside":
        # Answered honestly; nobody failed to understand anything.
        reply = prefecture_reply(scene, taken, reading.text)
        taken = taken.updated(failures=0)
        return come_back(scene, taken, lines, said=(reply,), answered=bool(lines))
    taken = taken.updated(failures=state.failures + 1)
    if taken.answers.campaign is not None or reading.question == "campaign":
        taken = taken.updated(pending=reading.question, stage="asking")
    named = _named(scene, reading)
    offer = (_offer(scene, taken),) if taken.failures >= OFFER_A_HUMAN else ()
    if taken.pending != reading.question:
        # Nothing about the coupon can be asked before the campaign is known.
        return come_back(scene, taken, [*lines, named], said=offer)
    if taken.failures == SAID_DIFFERENTLY and not reading.candidates:
        return come_back(scene, taken, [*lines, named], manner="help")
    said = (*bubbles(taken, lines), *offer, _candidates(scene, taken, reading, named))
    return TurnResult(taken, said)


def _named(scene: Scene, reading: Reading) -> str:
    """Return the line that names what was read and why it cannot be taken."""
    key = f"talk.ask_back.{reading.question}.{reading.reason}"
    if key not in scene.texts:
        key = f"talk.ask_back.{reading.reason}"
    options = [
        scene.wording.value(reading.question, value)
        for value in candidate_values(reading.question, reading.candidates)
    ]
    return scene.say(key, text=reading.text, options=options, outage=scene.outage)


def _candidates(scene: Scene, state: State, reading: Reading, named: str) -> Reply:
    reply = candidates_reply(scene, state, reading.question, named, reading.candidates)
    if reading.reason != "uninstalled":
        return reply
    # The usual labels would not answer what was asked here.
    choices = [
        answer_choice(scene.say(f"talk.uninstalled.{value}"), "app", value)
        for value in scene.texts.under("talk.uninstalled")
    ]
    others = [choice for choice in reply.choices if choice.token not in {c.token for c in choices}]
    return Reply(named, choices=(*choices, *others), interview=state.interview)


def _offer(scene: Scene, state: State) -> Reply:
    return Reply(
        scene.say("talk.unread.human", calling=calling.calling_text(scene, state)),
        links=calling.phone_links(scene, state),
        interview=state.interview,
    )
