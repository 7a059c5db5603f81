"""Something was read that cannot be taken as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction, understood_of
from actions.interview.scene import Event
from actions.understanding.understood import Reading


class ActionAskBack(TurnAction):
    """Something was read that cannot be taken as it stands."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_ask_back"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        reading = found.get("reading")
        if not isinstance(reading, Mapping):
            return understood_of("out_of_scope", found)
        return understood_of(
            "ask_back",
            found,
            reading=Reading(
                reading["reason"],
                reading["question"],
                reading.get("text") or "",
                tuple(reading.get("candidates") or ()),
            ),
        )
