"""The traveller pressed a button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction
from actions.interview.scene import Event, Pressed


class ActionPress(TurnAction):
    """The traveller pressed a button."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_press"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return Pressed(str(found.get("token")), str(found.get("interview")))
