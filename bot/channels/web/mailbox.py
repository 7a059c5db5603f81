"""The mailbox over PostgreSQL: messages into the inbox, a conversation out of inbox and outbox."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from bot.channels.web.port import Entry, Incoming, Kind, UnavailableError
from bot.inbox import Event, Inbox, conversation_id
from bot.outbox_listen import OutboxListener, Said

CHANNEL = "web"
#: A conversation's messages: the answered ones are found by their answers, the others by their
#: state; there is an index for either.
_MESSAGES = """
SELECT id, payload FROM inbox
WHERE id > %(after)s AND id IN (SELECT inbox_id FROM outbox WHERE conversation = %(conversation)s)
UNION
SELECT id, payload FROM inbox
WHERE id > %(after)s AND conversation = %(conversation)s AND state = 'pending'
ORDER BY id
"""
_CURSOR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
_KINDS: tuple[Kind, ...] = ("text", "button", "start")


@dataclass
class _Place:
    """How far a reader has come: the last inbox id and the last outbox id shown."""

    message: int = 0
    reply: int = 0

    @classmethod
    def of(cls, cursor: str | None) -> _Place:
        """Read a cursor; one that we cannot have made counts as the beginning."""
        found = _CURSOR.fullmatch(cursor or "")
        return cls(int(found[1]), int(found[2])) if found else cls()

    def __str__(self) -> str:
        return f"{self.message}-{self.reply}"


class StoredMailbox:
    """Implements :class:`bot.channels.web.port.Mailbox`."""

    def __init__(self, inbox: Inbox, listener: OutboxListener, pool: AsyncConnectionPool) -> None:
        """Wire it.

        Args:
            inbox: where messages go.
            listener: streams the replies; must be listening.
            pool: connections to read the messages with.
        """
        self._inbox = inbox
        self._listener = listener
        self._pool = pool
        self._readers: dict[str, set[asyncio.Event]] = {}

    @property
    def readers(self) -> int:
        """How many visitors are followed now."""
        return len(self._readers)

    async def post(self, visitor: str, message: Incoming) -> bool:
        """Store one message; see the port."""
        event = Event(
            event_id=f"{visitor}:{message.id}",
            address=visitor,
            turn={message.kind: message.value},
            reply={"id": message.id},
        )
        try:
            stored = await self._inbox.receive(CHANNEL, event)
        except (psycopg.OperationalError, PoolTimeout, PoolClosed) as error:
            raise UnavailableError(type(error).__name__) from error
        # Other open pages of the conversation show it at once, not only with its answer.
        for wake in self._readers.get(visitor, ()):
            wake.set()
        return stored is not None

    async def follow(self, visitor: str, after: str | None) -> AsyncGenerator[Entry | None]:
        """Yield the conversation's entries, ``None`` where the stored ones end, then new ones."""
        conversation = conversation_id(CHANNEL, visitor)
        place = _Place.of(after)
        wake = asyncio.Event()
        fresh: list[Said] = []
        self._readers.setdefault(visitor, set()).add(wake)
        listening: asyncio.Task[None] | None = None
        try:
            stored = await self._listener.read(conversation, place.reply)
            while stored:
                for entry in await self._merged(conversation, stored, place, more=True):
                    yield entry
                stored = await self._listener.read(conversation, place.reply)
            for entry in await self._merged(conversation, [], place):
                yield entry
            yield None
            listening = asyncio.create_task(
                self._collect(conversation, place.reply, fresh, wake), name="web replies"
            )
            while True:
                await wake.wait()
                wake.clear()
                if listening.done():
                    listening.result()  # the reader cannot go on: the page reconnects
                replies, fresh[:] = list(fresh), []
                for entry in await self._merged(conversation, replies, place):
                    yield entry
        finally:
            if listening is not None:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
            readers = self._readers[visitor]
            readers.discard(wake)
            if not readers:
                del self._readers[visitor]

    async def _collect(
        self, conversation: str, after: int, fresh: list[Said], wake: asyncio.Event
    ) -> None:
        try:
            async for said in self._listener.replies(conversation, after):
                fresh.append(said)
                wake.set()
        finally:
            wake.set()

    async def _merged(
        self, conversation: str, replies: Sequence[Said], place: _Place, *, more: bool = False
    ) -> list[Entry]:
        """Return new messages and replies in order, a message before its replies; move ``place``.

        Both ids only grow along the way, so that a place in it is a pair of them. With ``more``
        stored replies to come, messages behind the last one wait for theirs.
        """
        values = {"conversation": conversation, "after": place.message}
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_MESSAGES, values)).fetchall()
        entries: list[Entry] = []
        waiting = [(row[0], message) for row in rows if (message := _message(row[1]))]
        for said in replies:
            while waiting and waiting[0][0] <= said.inbox_id:
                place.message, message = waiting.pop(0)
                entries.append(Entry(str(place), place.message, said=message))
            place.reply = said.id
            entries.append(Entry(str(place), said.inbox_id, reply=said.reply.to_json()))
        if not more:
            for place.message, message in waiting:
                entries.append(Entry(str(place), place.message, said=message))
        return entries


def _message(payload: dict[str, Any]) -> Incoming | None:
    turn = payload["turn"]
    for kind in _KINDS:
        if kind in turn:
            return Incoming(str(payload["reply"].get("id", "")), kind, str(turn[kind]))
    return None
