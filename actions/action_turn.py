"""What every action does: state from slots, one turn of the interview, replies and slots back."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Optional

from rasa_sdk import Action, Tracker  # type: ignore[import-not-found]
from rasa_sdk.events import FollowupAction, SlotSet  # type: ignore[import-not-found]
from rasa_sdk.executor import CollectingDispatcher  # type: ignore[import-not-found]

from actions.answers import QUESTIONS
from actions.interview.scene import Event
from actions.interview.state import State
from actions.interview.turn import JST, take_turn
from actions.notices import load_notices
from actions.replies import Reply
from actions.understanding.understood import Understood


class TurnAction(Action, ABC):  # type: ignore[misc]
    """A Rasa action that is one turn; subclasses say what happened."""

    @abstractmethod
    def name(self) -> str:
        """Return the action's name in the domain."""

    @abstractmethod
    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened; ``found`` maps the message's entities to their values."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Take the turn: dispatch its replies, return the slots that changed, then listen."""
        message = tracker.latest_message
        found = {entity["entity"]: entity["value"] for entity in message.get("entities") or ()}
        result = take_turn(
            State.from_slots(tracker.slots),
            self.event(found),
            load_notices(),
            moment(message.get("metadata")),
            tracker.sender_id,
        )
        for reply in result.replies:
            utter(dispatcher, reply)
        if result.case is not None:
            dispatcher.utter_message(json_message={"case": result.case.to_json()})
        events = [
            SlotSet(name, value)
            for name, value in result.state.to_slots().items()
            if value != tracker.slots.get(name)
        ]
        return [*events, FollowupAction("action_listen")]


def utter(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Dispatch a reply: whole as JSON for the front end, as text and buttons for Rasa's tools."""
    dispatcher.utter_message(
        text=reply.text,
        buttons=[
            {"title": choice.label, "payload": payload(choice.token, reply.interview)}
            for choice in reply.choices
        ],
        json_message={"reply": reply.to_json()},
    )


def payload(token: str, interview: str) -> str:
    """Return a button's message in Rasa's form: ``/press{"token": …, "interview": …}``."""
    return f'/press{{"token": "{token}", "interview": "{interview}"}}'


def moment(metadata: Optional[Mapping[str, Any]]) -> datetime:
    """Return the moment to speak at: the message's ``as_of``, ``HOSHO_AS_OF``, or now."""
    for text in ((metadata or {}).get("as_of"), os.environ.get("HOSHO_AS_OF")):
        if text:
            found = datetime.fromisoformat(text.replace("Z", "+00:00"))
            return found if found.tzinfo else found.replace(tzinfo=JST)
    return datetime.now(JST)


def values_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entities that are answers."""
    return {question: found[question] for question in QUESTIONS if question in found}


def understood_of(kind: Any, found: Mapping[str, Any], **more: Any) -> Understood:
    """Return what the interpreter understood, put together again from its entities."""
    return Understood(kind, values_of(found), correction=bool(found.get("correction")), **more)
