"""Nothing could be read from the message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction, understood_of
from actions.interview.scene import Event


class ActionOutOfScope(TurnAction):
    """Nothing could be read from the message."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_out_of_scope"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return understood_of("out_of_scope", found)
