"""The traveller does not know the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.action_turn import TurnAction, understood_of
from actions.interview.scene import Event


class ActionDontKnow(TurnAction):
    """The traveller does not know the answer."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_dont_know"

    def event(self, found: Mapping[str, Any]) -> Event:
        """Return what happened."""
        return understood_of("unknown", found)
