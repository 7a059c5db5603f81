"""The inbox: every traveller's event stored once, with a job that wakes a worker for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from bot.db.statements import Statements

#: procrastinate's queue and task for "somebody said something in this conversation".
QUEUE = "inbox"
TASK = "converse"
#: One statement, so one transaction and one round trip: the conversation where it is new (who
#: writes has not left), the event unless its id is known, and the job for a worker. The job
#: carries the event, so that a worker needs not ask for it again; it is deleted when done.
#: ``procrastinate_defer_jobs_v1`` is what ``Task.defer_async`` itself calls;
#: ``tests/front/test_queue.py`` holds its shape.
RECEIVE = f"""
WITH met AS (
    INSERT INTO conversation (id, channel, address)
    VALUES (%(conversation)s, %(channel)s, %(address)s) ON CONFLICT DO NOTHING
), back AS (
    UPDATE conversation SET blocked_at = NULL
    WHERE id = %(conversation)s AND blocked_at IS NOT NULL
), stored AS (
    INSERT INTO inbox (channel, event_id, conversation, payload)
    VALUES (%(channel)s, %(event_id)s, %(conversation)s, %(payload)s)
    ON CONFLICT (channel, event_id) DO NOTHING RETURNING id, payload
)
SELECT stored.id, procrastinate_defer_jobs_v1(ARRAY[ROW(
    '{QUEUE}', '{TASK}', 0, %(conversation)s, NULL,
    stored.payload || jsonb_build_object('conversation', %(conversation)s::text,
        'inbox', stored.id, 'address', %(address)s::text), NULL
)::procrastinate_job_to_defer_v1]) FROM stored
"""  # noqa: S608 (constants of ours only)
LEFT = """
WITH closed AS (UPDATE conversation SET blocked_at = now() WHERE id = %(conversation)s)
UPDATE outbox SET state = 'given_up', problem = 'the traveller left the conversation'
WHERE conversation = %(conversation)s AND state = 'waiting'
"""
#: The text goes; that there was a message stays. One that still waited is not answered any more.
UNSEND = """
WITH forgotten AS (
    UPDATE inbox SET payload = jsonb_build_object(
            'turn', jsonb_build_object('unsent', true), 'reply', payload -> 'reply'),
        state = 'done'
    WHERE payload -> 'reply' ->> 'message' = %(message)s AND id IN (
        SELECT inbox_id FROM outbox WHERE conversation = %(conversation)s UNION ALL
        SELECT id FROM inbox WHERE conversation = %(conversation)s AND state = 'pending')
    RETURNING id
)
DELETE FROM procrastinate_jobs WHERE lock = %(conversation)s AND status = 'todo'
    AND args -> 'inbox' IN (SELECT to_jsonb(id) FROM forgotten)
"""


@dataclass(frozen=True)
class Event:
    """One event of a channel that wants an answer.

    Args:
        event_id: the platform's id of it, unique within the channel: a second delivery of the
            same event is stored only once.
        address: the platform's user or chat id (a page's own id on the web).
        turn: what the engine gets: exactly one of ``text``, ``button``, ``start``, ``event``
            (docs/architecture.md); or ``say``, naming a text of ``bot/texts.yml`` that answers
            without the engine.
        reply: what the channel needs to answer (JSON values).
    """

    event_id: str
    address: str
    turn: Mapping[str, Any]
    reply: Mapping[str, Any]


def storable(text: str) -> str:
    """Return a text without what PostgreSQL cannot store: NUL, and halves of surrogate pairs."""
    if "\0" not in text and text.isprintable():
        return text
    return "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: storable(value) if isinstance(value, str) else value for key, value in values.items()
    }


def conversation_id(channel: str, address: str) -> str:
    """Return the opaque id of a conversation, the same for the same address."""
    digest = hashlib.blake2s(address.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return f"{channel}:{digest}"


class Inbox:
    """Stores events."""

    def __init__(self, database: Statements) -> None:
        """Take the connections to work with."""
        self._database = database

    async def receive(self, channel: str, event: Event) -> int | None:
        """Store an event and wake a worker for it, in one transaction.

        Args:
            channel: ``line``, ``telegram``, ``web`` or ``terminal``.
            event: the event.

        Returns:
            Its inbox id; ``None`` when the event was stored before.
        """
        values = {
            "conversation": conversation_id(channel, event.address),
            "channel": channel,
            "address": storable(event.address),
            "event_id": storable(event.event_id),
            "payload": Jsonb({"turn": _clean(event.turn), "reply": _clean(event.reply)}),
        }
        row = await self._do(RECEIVE, values)
        return row[0] if row else None

    async def left(self, channel: str, address: str) -> None:
        """Note that a traveller left: what still waits to be sent to them is given up."""
        await self._do(LEFT, {"conversation": conversation_id(channel, address)})

    async def unsend(self, channel: str, address: str, message: str) -> None:
        """Forget the words of a message that its writer took back.

        Args:
            channel: the channel's name.
            address: the platform's user or chat id.
            message: the platform's message id (``reply["message"]`` of its event).
        """
        values = {"conversation": conversation_id(channel, address), "message": message}
        await self._do(UNSEND, values)

    async def _do(self, statement: str, values: Mapping[str, Any]) -> Any:
        """Execute a statement that is harmless when repeated; return its first row.

        After a restart of PostgreSQL the kept connections are dead: that is noticed here, and
        costs the traveller nothing.
        """
        try:
            return await self._database.first(statement, values)
        except psycopg.OperationalError:
            return await self._database.first(statement, values)
