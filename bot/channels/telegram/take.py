"""Store what an update asks for, whichever way it came."""

from __future__ import annotations

from bot.channels.telegram.events import Step
from bot.inbox import Inbox

CHANNEL = "telegram"


async def take(inbox: Inbox, step: Step | None) -> None:
    """Store one step; a second delivery of the same update changes nothing."""
    if step is None:
        return
    if step.event is not None:
        await inbox.receive(CHANNEL, step.event)
    else:
        await inbox.left(CHANNEL, step.address)
