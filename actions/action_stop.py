"""The traveller wants to stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction
from actions.interview.scene import Event
from actions.understanding.understood import Understood


class ActionStop(TurnAction):
    """The traveller wants to stop."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_stop"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return Understood("command", command="stop")
