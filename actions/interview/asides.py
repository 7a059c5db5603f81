"""Questions back: answered from the traveller's own notice, then the interview goes on."""

from __future__ import annotations

from actions.interview import topics
from actions.interview.moves import come_back, proceed
from actions.interview.scene import Scene, TurnResult
from actions.interview.state import State
from actions.interview.taking import take_values
from actions.understanding.understood import TOPICS, Understood


def aside(scene: Scene, state: State, understood: Understood) -> TurnResult:
    """Answer a question back; one that depends on the campaign waits until it is known."""
    topic = understood.topic
    taken, lines = take_values(scene, state, understood.values)
    if topic not in TOPICS:
        return proceed(scene, taken, lines) if lines else come_back(scene, taken)
    taken = taken.updated(failures=0)
    if taken.answers.campaign is None and not topics.same_everywhere(topic):
        lines.append(scene.say("talk.aside_first"))
        asked = taken.updated(
            open_aside=topic,
            pending="campaign",
            unanswerable=taken.unanswerable.difference({"campaign"}),
        )
        return come_back(scene, asked, lines)
    said = (topics.topic_reply(scene, taken, topic),)
    return come_back(scene, taken, lines, said=said, answered=taken.answers != state.answers)
