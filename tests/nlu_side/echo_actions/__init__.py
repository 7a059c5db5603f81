"""Actions under the domain's names that say what they were given, for tests of the engine alone."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction, SlotSet

NAMES = (
    *("inform", "dont_know", "aside", "back", "restart", "stop", "human", "ask_back"),
    *("out_of_scope", "start", "press", "stale_press", "attachment", "greet", "thanks"),
)


class Echo(Action):
    """Says which action ran on what, and counts the turns in a slot."""

    intent = ""

    def name(self) -> str:
        """Return the domain's name of the action."""
        return f"action_{self.intent}"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        """Answer, end the turn; fail where the message says so."""
        message = tracker.latest_message
        if "壊れて" in message["text"]:
            raise ValueError(f"cannot do {message['text']}")
        count = (tracker.get_slot("failures") or 0) + 1
        reply = {
            "text": f"{self.intent} {count}",
            "heard": message["text"],
            "as_of": message["metadata"]["as_of"],
            "entities": {entity["entity"]: entity["value"] for entity in message["entities"]},
        }
        dispatcher.utter_message(
            text=reply["text"],
            buttons=[{"title": "はい", "payload": '/press{"token": "x"}'}],
            json_message={"reply": reply},
        )
        dispatcher.utter_message(json_message={"reply": {"text": "続き"}})
        if self.intent == "human":
            dispatcher.utter_message(json_message={"case": {"receipt": "12345678"}})
        return [SlotSet("failures", count), FollowupAction("action_listen")]


for _name in NAMES:
    globals()[f"Echo_{_name}"] = type(f"Echo_{_name}", (Echo,), {"intent": _name})
