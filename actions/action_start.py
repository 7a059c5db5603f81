"""The traveller opened the talk, from a campaign's link perhaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction
from actions.interview.scene import Event, Started


class ActionStart(TurnAction):
    """The traveller opened the talk, from a campaign's link perhaps."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_start"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return Started(found.get("campaign"))
