"""What every channel is to the worker: it renders replies and sends them; and its errors."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from actions.replies import Reply


class DeliveryError(Exception):
    """A letter did not arrive; ``reason`` is short and holds no traveller's words or ids."""

    def __init__(self, reason: str) -> None:
        """Keep the reason, for the outbox and the log."""
        super().__init__(reason)
        self.reason = reason


class TryAgain(DeliveryError):
    """It may arrive later: busy platform, broken network.

    Args:
        reason: see above.
        after: seconds the platform asks to wait; ``None`` leaves it to our own back-off.
        uncertain: the call was cut off before its answer, so the letter may have arrived.
    """

    def __init__(self, reason: str, after: float | None = None, uncertain: bool = False) -> None:
        """Keep what is known of the failed try."""
        super().__init__(reason)
        self.after = after
        self.uncertain = uncertain


class Undeliverable(DeliveryError):
    """It will never arrive: the platform refuses it, or (``blocked``) the traveller left."""

    def __init__(self, reason: str, blocked: bool = False) -> None:
        """Keep the reason and whether the whole conversation is closed to us."""
        super().__init__(reason)
        self.blocked = blocked


class Instead(DeliveryError):
    """It surely did not arrive and must be sent in another way, with this ``body``.

    Raised rather than done at once, so that the other way is stored before it is tried: a
    process killed in between tries the right one again.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        """Keep the other body."""
        super().__init__("sent in another way")
        self.body = body


@dataclass(frozen=True)
class Letter:
    """One stored call to a platform, ready to be made.

    Args:
        id: its outbox id.
        body: what the channel's :meth:`Channel.render` made.
        retry_key: a UUID that stays the same over all tries.
        uncertain: an earlier try was cut off before its answer came.
        address: the platform's user or chat id.
        reply: what the inbox kept for answering (reply token and the like).
        age: seconds since the event that it answers was received.
    """

    id: int
    body: Mapping[str, Any]
    retry_key: str
    uncertain: bool
    address: str
    reply: Mapping[str, Any]
    age: float


@dataclass(frozen=True)
class Sent:
    """A letter has arrived; ``keyboard`` names the message whose buttons can be removed later."""

    keyboard: str | None = None


class Channel(Protocol):
    """One platform, as the worker sees it."""

    #: First part of conversation ids, and of the webhook's path.
    name: str
    #: Whether a reply may be sent before it is stored: a second try of one that may have been
    #: sent (``uncertain``) cannot be seen twice, and the first need not be remembered for it.
    knows_a_second_try: bool

    def render(self, replies: Sequence[Reply], reply: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the bodies of the calls that say these replies, in order.

        Pure: the same replies give the same bodies. Every word of every reply is in them.
        """
        ...

    async def send(self, letter: Letter) -> Sent:
        """Make one call.

        Raises:
            TryAgain: it may arrive later.
            Undeliverable: it never will.
            Instead: it must be sent in another way.
        """
        ...

    def acknowledge(self, address: str, reply: Mapping[str, Any]) -> Awaitable[None] | None:
        """Return a call that shows at once that a message has come in; ``None`` for no need.

        It and the next two run beside the turn and must hurt nothing when they fail.
        """
        ...

    async def show_busy(self, address: str, reply: Mapping[str, Any]) -> None:
        """Show that the answer is on its way; called when it takes longer than a moment."""
        ...

    async def tidy(self, address: str, keyboard: str) -> None:
        """Remove buttons that are no longer of use, where the platform can."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class FetchedChannel:
    """A channel whose readers fetch their replies from the outbox: web page, terminal.

    Its letters count as sent once they are stored: one row a reply, ``{"reply": …}``.
    """

    knows_a_second_try = False

    def __init__(self, name: str) -> None:
        """Take the channel's name (``web``, ``terminal``)."""
        self.name = name

    def render(self, replies: Sequence[Reply], reply: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return one body a reply."""
        return [{"reply": item.to_json()} for item in replies]

    async def send(self, letter: Letter) -> Sent:
        """Do nothing: what is stored is there to be fetched."""
        return Sent()

    def acknowledge(self, address: str, reply: Mapping[str, Any]) -> Awaitable[None] | None:
        """Do nothing: the page shows by itself that it waits."""
        return None

    async def show_busy(self, address: str, reply: Mapping[str, Any]) -> None:
        """Do nothing."""

    async def tidy(self, address: str, keyboard: str) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""
