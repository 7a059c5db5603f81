"""The traveller pressed a button of an earlier interview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction
from actions.interview.scene import Event, Stale


class ActionStalePress(TurnAction):
    """The traveller pressed a button of an earlier interview."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_stale_press"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return Stale()
