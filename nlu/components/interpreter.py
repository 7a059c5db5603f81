"""The last NLU component: what the message means at the question that is pending."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_RANKING_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from actions.answers import QUESTIONS, Answers, BadAnswerError
from actions.understanding.interpret import interpret
from actions.understanding.understood import Understood
from nlu.components.tokenizer import PARTS

#: How a button's press arrives (docs/architecture.md); RegexMessageHandler reads it after us.
PRESS = "/press"
#: Rasa's intent for each kind; a command's intent is its own name.
INTENT_OF_KIND = {
    "answer": "inform",
    "unknown": "dont_know",
    "aside": "aside",
    "ask_back": "ask_back",
    "out_of_scope": "out_of_scope",
    "greet": "greet",
    "thanks": "thanks",
}


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=False,
)
class Interpreter(GraphComponent):
    """Turns the classifier's ranking and the text into a routing intent and its entities."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Interpreter:
        """Create the component; it has neither settings nor anything trained."""
        return cls()

    def process(
        self, messages: list[Message], tracker: Optional[DialogueStateTracker] = None
    ) -> list[Message]:
        """Write intent and entities of each message, in the light of the tracker's slots."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.startswith(PRESS):
                self._check_press(message, text, tracker)
            elif not text.startswith("/"):
                self._interpret(message, text, tracker)
        return messages

    def _interpret(
        self, message: Message, text: str, tracker: Optional[DialogueStateTracker]
    ) -> None:
        understood = interpret(
            text,
            _slot(tracker, "pending_question"),
            _ranking(message),
            _answers(tracker),
            _as_of(message),
            parts=[_ranking(part) for part in message.get(PARTS) or []],
        )
        _write(message, routing_intent(understood), entities_of(understood))

    @staticmethod
    def _check_press(message: Message, text: str, tracker: Optional[DialogueStateTracker]) -> None:
        """Answer a press of an earlier interview's button as stale; leave a good one alone."""
        try:
            press = json.loads(text[len(PRESS) :])
            stale = press.get("interview") != _slot(tracker, "interview_id")
        except (ValueError, AttributeError):
            stale = True
        if stale:
            # RegexMessageHandler comes after us and would read the text again.
            message.set(TEXT, text.lstrip("/"), add_to_output=True)
            _write(message, "stale_press", [])


def routing_intent(understood: Understood) -> str:
    """Return the intent that ``nlu/data/rules.yml`` routes."""
    if understood.kind == "command":
        return str(understood.command)
    return INTENT_OF_KIND[understood.kind]


def entities_of(understood: Understood) -> list[dict[str, Any]]:
    """Return what was understood as Rasa entities: values, topic, reading, correction."""
    found: dict[str, Any] = dict(understood.values)
    if understood.topic is not None:
        found["topic"] = understood.topic
    if understood.reading is not None:
        found["reading"] = asdict(understood.reading)
    if understood.correction:
        found["correction"] = True
    return [
        {"entity": name, "value": value, "start": 0, "end": 0, "extractor": Interpreter.__name__}
        for name, value in found.items()
    ]


def _ranking(message: Message) -> list[tuple[str, float]]:
    return [
        (entry["name"], float(entry["confidence"]))
        for entry in message.get(INTENT_RANKING_KEY) or []
    ]


def _write(message: Message, intent: str, entities: list[dict[str, Any]]) -> None:
    entry = {"name": intent, "confidence": 1.0}
    message.set(INTENT, entry, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [entry], add_to_output=True)
    message.set(ENTITIES, entities, add_to_output=True)


def _slot(tracker: Optional[DialogueStateTracker], name: str) -> Any:
    slot = tracker.slots.get(name) if tracker is not None else None
    return slot.value if slot is not None else None


def _answers(tracker: Optional[DialogueStateTracker]) -> Answers:
    try:
        return Answers.from_mapping({name: _slot(tracker, name) for name in QUESTIONS})
    except BadAnswerError:
        return Answers()


def _as_of(message: Message) -> Optional[datetime]:
    try:
        return datetime.fromisoformat((message.get("metadata") or {})["as_of"])
    except (KeyError, TypeError, ValueError):
        return None
