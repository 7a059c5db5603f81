"""What the web channel asks of the inbox and the outbox: take a message, follow a conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Kind = Literal["text", "button", "start"]


@dataclass(frozen=True)
class Incoming:
    """One message of a traveller: ``id`` is made by the page, and unique in its conversation.

    ``value`` is the text typed, the button pressed (``interview:token``) or, for ``start``, the
    campaign to begin in (empty: none).
    """

    id: str
    kind: Kind
    value: str


@dataclass(frozen=True)
class Entry:
    """One line of a conversation, as the page draws it.

    ``cursor`` is where it stands: whoever has seen it goes on behind it. ``turn`` numbers the
    traveller's messages; a reply has the number of the message it answers. Exactly one of
    ``said`` (by the traveller) and ``reply`` (``Reply`` as JSON) is set.
    """

    cursor: str
    turn: int
    said: Incoming | None = None
    reply: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what the page receives."""
        if self.said is not None:
            said = self.said
            message = {"id": said.id, "kind": said.kind, "value": said.value}
            return {"from": "traveller", "turn": self.turn, **message}
        return {"from": "assistant", "turn": self.turn, "reply": self.reply}


class UnavailableError(Exception):
    """The mailbox cannot be reached now; the message says why, without anybody's words."""


class Mailbox(Protocol):
    """Inbox and outbox, as the web channel needs them."""

    async def post(self, visitor: str, message: Incoming) -> bool:
        """Store one message; False when its id was stored before (nothing changes then).

        Raises:
            UnavailableError: it is not stored; the same message may be posted again.
        """
        ...

    def follow(self, visitor: str, after: str | None) -> AsyncGenerator[Entry | None]:
        """Yield the conversation's entries in order, then wait for more, for ever.

        Args:
            visitor: whose conversation (the name ``visitor.name_of`` gives them).
            after: the cursor of the last entry seen; ``None`` for all of it.

        Yields:
            entries; ``None`` once, where the stored ones end and the waiting begins.
        """
        ...
