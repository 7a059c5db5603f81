"""The traveller asked something back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction, understood_of
from actions.interview.scene import Event


class ActionAside(TurnAction):
    """The traveller asked something back."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_aside"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return understood_of("aside", found, topic=found.get("topic"))
