"""The traveller said hello."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction
from actions.interview.scene import Event
from actions.understanding.understood import Understood


class ActionGreet(TurnAction):
    """The traveller said hello."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_greet"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return Understood("greet")
