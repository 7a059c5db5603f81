"""The traveller sent something that is not text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction
from actions.interview.scene import Event, Unreadable


class ActionAttachment(TurnAction):
    """The traveller sent something that is not text."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_attachment"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return Unreadable()
