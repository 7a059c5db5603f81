"""One side: our dialogue. Runs in Rasa's environment, reads requests, writes what was heard.

``python -m benchmarks.understanding.dialogue MODEL < requests.jsonl > heard.jsonl``
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from actions.answers import QUESTIONS, Answers
from actions.interview.state import State
from nlu.engine.processor import TurnProcessor, response_of

#: What a traveller has answered before a question comes up, where a line does not say: Chiba asks
#: every question, the last one of coupons to 2/25. Only the turn sees this, not the understanding.
BEFORE = {
    "campaign": "chiba",
    "expires": "2023-02-25",
    "incident": "unusable",
    "balance": "some",
    "app": "paper",
}
COMMANDS = {"back", "restart", "stop", "human", "start"}
KIND_OF_INTENT = {"inform": "answer", "dont_know": "unknown"}


class Dialogue:
    """The engine's processor, on conversations that stand at a given question."""

    def __init__(self, model: str) -> None:
        store = InMemoryTrackerStore(None)
        self._processor = TurnProcessor(model, store, InMemoryLockStore())  # type: ignore[arg-type]

    async def hear(self, number: int, request: dict[str, Any]) -> dict[str, Any]:
        """Put one utterance to a new conversation at its question."""
        given = request["answers"]
        earlier = QUESTIONS[: QUESTIONS.index(request["question"])]
        before = {name: BEFORE[name] for name in earlier if name in BEFORE}
        asked = self._tracker(f"bench-{number}", request["question"], given)
        tracker = self._tracker(f"bench-{number}", request["question"], {**before, **given})
        channel = CollectingOutputChannel()
        message = UserMessage(
            request["utterance"],
            channel,
            tracker.sender_id,
            input_channel="engine",
            message_id=f"message-{number}",
            metadata={"as_of": request["as_of"]},
        )
        begun = time.perf_counter()
        message.parse_data = await self._processor.parse_message(message, asked)
        understood = time.perf_counter()
        await self._processor._handle_message_with_tracker(message, tracker)
        await self._processor._run_prediction_loop(channel, tracker)
        ended = time.perf_counter()
        events = [event.as_dict() for event in tracker.events]
        intent = message.parse_data["intent"]["name"]
        found = {entity["entity"]: entity["value"] for entity in message.parse_data["entities"]}
        return {
            "kind": "command" if intent in COMMANDS else KIND_OF_INTENT.get(intent, intent),
            "command": intent if intent in COMMANDS else None,
            "values": {question: found[question] for question in QUESTIONS if question in found},
            "topic": found.get("topic"),
            "reading": found.get("reading"),
            "said": [reply["text"] for reply in response_of(events)["replies"]],
            "kept": {
                question: tracker.slots[question].value
                for question in QUESTIONS
                if tracker.slots[question].value is not None
            },
            "nlu_ms": 1000 * (understood - begun),
            "turn_ms": 1000 * (ended - begun),
        }

    def _tracker(self, sender: str, question: str, answers: dict[str, Any]) -> DialogueStateTracker:
        state = State(
            Answers.from_mapping(answers),
            pending=question,
            interview="bench",
            count=1,
            stage="asking",
        )
        events: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
        events += [SlotSet(name, value) for name, value in state.to_slots().items()]
        events.append(ActionExecuted("action_listen"))
        domain = self._processor.domain
        return DialogueStateTracker.from_events(sender, events, domain.slots, domain=domain)


async def main(model: str) -> None:
    """Answer every request on standard input."""
    dialogue = Dialogue(model)
    requests = [json.loads(text) for text in sys.stdin]
    for number, request in enumerate(requests[:20]):  # warm up: caches, compiled patterns
        await dialogue.hear(number, request)
    for number, request in enumerate(requests):
        heard = await dialogue.hear(number, request)
        print(json.dumps(heard, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(main(sys.argv[1]))
