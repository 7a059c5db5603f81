"""The outbox: what is to be said, stored before it is sent; each step is one statement.

A conversation's rows are touched only by the worker that holds its lock (procrastinate's job
``lock``), so no statement here waits for another worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from bot.channels.base import Letter
from bot.inbox import QUEUE, TASK

_LOAD = """
SELECT channel, address, blocked_at IS NOT NULL,
    (SELECT to_jsonb(p) FROM (
        SELECT id, payload, attempts FROM inbox
        WHERE conversation = %(conversation)s AND state = 'pending' ORDER BY id LIMIT 1
    ) AS p),
    (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.id), '[]') FROM (
        SELECT o.id, o.body, o.state, o.retry_key, o.uncertain, o.attempts,
            coalesce(extract(epoch FROM o.next_attempt_at - now()), 0) AS due_in,
            i.payload -> 'reply' AS reply, extract(epoch FROM now() - i.received_at) AS age
        FROM outbox AS o JOIN inbox AS i ON i.id = o.inbox_id
        WHERE o.conversation = %(conversation)s AND o.state IN ('waiting', 'sending')
        ORDER BY o.id
    ) AS u)
FROM conversation WHERE id = %(conversation)s
"""
#: The conversation stands beside the id because the index of pending messages begins with it: on a
#: table that was empty when the plan was made PostgreSQL takes that one, and reads all of it.
#: ``done`` finds nothing when the message was answered before: then nothing is stored at all.
_STORE = """
WITH done AS (
    UPDATE inbox SET state = %(outcome)s, done_at = now(), problem = %(problem)s
    WHERE id = %(inbox)s AND conversation = %(conversation)s AND state = 'pending'
    RETURNING id, received_at
), kept AS (
    INSERT INTO cases (receipt, inbox_id, conversation, event, answers, decision, as_of)
    SELECT c ->> 'receipt', done.id, %(conversation)s, c ->> 'event', c -> 'answers',
        c -> 'decision', %(as_of)s
    FROM done, jsonb_array_elements(%(cases)s) AS c
)
INSERT INTO outbox (inbox_id, seq, conversation, body, state, attempts, uncertain, sent_at)
SELECT done.id, b.seq + before.seq, %(conversation)s, b.body,
    CASE WHEN %(fetched)s THEN 'sent' WHEN b.seq = 1 AND clear THEN 'sending' ELSE 'waiting' END,
    CASE WHEN b.seq = 1 AND clear THEN 1 ELSE 0 END,
    b.seq = 1 AND %(uncertain)s,
    CASE WHEN %(fetched)s THEN now() END
FROM done, jsonb_array_elements(%(bodies)s) WITH ORDINALITY AS b (body, seq),
    -- Letters are there before only when a message given up is tried again.
    (SELECT coalesce(max(seq), 0) AS seq FROM outbox WHERE inbox_id = %(inbox)s) AS before,
    -- Nothing may overtake what still waits to be sent.
    (SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE conversation = %(conversation)s
        AND state IN ('waiting', 'sending')) AS clear) AS road
ORDER BY b.seq
RETURNING id, retry_key::text, state,
    (SELECT extract(epoch FROM clock_timestamp() - received_at)::float FROM done),
    (SELECT keyboard FROM conversation WHERE id = %(conversation)s)
"""
_SENT = "UPDATE outbox SET state = 'sent', sent_at = now(), problem = NULL WHERE id = %(letter)s"
_SENT_AND_NEXT = f"""
WITH next AS (
    UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = %(next)s
)
{_SENT}
"""  # noqa: S608 (constants of ours only)
#: An answer that was sent before it was stored (see :class:`Said`); harmless when repeated.
_SAID = (
    """
UPDATE inbox SET state = 'done', done_at = now(), problem = NULL
WHERE id = %(inbox)s AND conversation = %(conversation)s AND state = 'pending'
""",
    """
INSERT INTO outbox (inbox_id, seq, conversation, body, state, attempts, sent_at)
VALUES (%(inbox)s, 1, %(conversation)s, %(body)s, 'sent', 1, now()) ON CONFLICT DO NOTHING
""",
)
_SAID_CASE = """
INSERT INTO cases (receipt, inbox_id, conversation, event, answers, decision, as_of)
SELECT c ->> 'receipt', %(inbox)s, %(conversation)s, c ->> 'event', c -> 'answers',
    c -> 'decision', %(as_of)s::text::timestamptz
FROM (SELECT %(case)s::jsonb) AS given (c) ON CONFLICT DO NOTHING
"""
_KEYBOARD = "UPDATE conversation SET keyboard = %s WHERE id = %s"
_SENDING = """
UPDATE outbox SET state = 'sending', attempts = attempts + 1, uncertain = %s WHERE id = %s
"""
#: The job for the next try has a lower priority than a new message's, so that it never keeps
#: one waiting; it takes the same lock.
_FAILED = f"""
WITH failed AS (
    UPDATE outbox SET state = 'waiting', uncertain = %(uncertain)s, problem = %(problem)s,
        next_attempt_at = now() + make_interval(secs => %(after)s)
    WHERE id = %(letter)s RETURNING next_attempt_at
)
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    '{QUEUE}', '{TASK}', -1, %(conversation)s, NULL,
    jsonb_build_object('conversation', %(conversation)s::text), failed.next_attempt_at
)::procrastinate_job_to_defer_v1]) FROM failed
"""  # noqa: S608
_REPLACE = "UPDATE outbox SET body = %s, uncertain = false WHERE id = %s"
_GAVE_UP = "UPDATE outbox SET state = 'given_up', problem = %s WHERE id = %s"
_BLOCKED = """
WITH closed AS (UPDATE conversation SET blocked_at = now() WHERE id = %(conversation)s)
UPDATE outbox SET state = 'given_up', problem = %(problem)s
WHERE conversation = %(conversation)s AND state IN ('waiting', 'sending')
"""
_UNBLOCK = "UPDATE conversation SET blocked_at = NULL WHERE id = %s"
_TURN_FAILED = """
UPDATE inbox SET attempts = attempts + 1, problem = %s WHERE id = %s RETURNING attempts
"""


@dataclass(frozen=True)
class Pending:
    """A stored message that waits for its turn."""

    id: int
    turn: Mapping[str, Any]
    reply: Mapping[str, Any]
    attempts: int


@dataclass(frozen=True)
class Unsent:
    """A letter that a former run left; ``due_in`` seconds until it may be tried (≤ 0: now)."""

    letter: Letter
    attempts: int
    due_in: float


@dataclass(frozen=True)
class Stored:
    """What a stored answer asks for: letters to send now, and whose buttons are in view."""

    letters: list[Letter]
    keyboard: str | None


@dataclass(frozen=True)
class Said:
    """What was sent and is not noted yet: the last thing a job has to store, with its own end.

    Args:
        statements: note it, all in one; harmless when repeated.
        values: the statements' parameters.
    """

    statements: tuple[str, ...]
    values: Mapping[str, Any]

    @classmethod
    def letter(cls, letter: int) -> Said:
        """Return that a stored letter was sent."""
        return cls((_SENT,), {"letter": letter})

    @classmethod
    def answer(
        cls,
        conversation: str,
        message: int,
        body: Mapping[str, Any],
        *,
        as_of: str,
        case: Mapping[str, Any] | None,
    ) -> Said:
        """Return that a message was answered with one call, which is not stored yet.

        Args:
            conversation: its id.
            message: inbox id of what is answered.
            body: the call that was made.
            as_of: the assistant's clock, ISO.
            case: the CaseRecord to keep.
        """
        values = {"conversation": conversation, "inbox": message, "body": Jsonb(dict(body))}
        if case is None:
            return cls(_SAID, values)
        return cls((*_SAID, _SAID_CASE), {**values, "as_of": as_of, "case": Jsonb(dict(case))})

    def beside(self, query: str) -> str:
        """Return one statement that notes it and makes a query."""
        notes = ", ".join(
            f"noted_{number} AS ({text})" for number, text in enumerate(self.statements)
        )
        return f"WITH {notes} {query}"


@dataclass(frozen=True)
class Work:
    """What is to be done in one conversation: the oldest message, and letters left over."""

    channel: str
    address: str
    blocked: bool
    pending: Pending | None
    unsent: list[Unsent]


class Outbox:
    """Stores what is said and how far it got; over the pool of ``bot.db.pool``."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        """Take the pool of connections to work with."""
        self._pool = pool

    async def load(self, conversation: str) -> Work | None:
        """Return what is to be done in a conversation; ``None`` when there is no such one.

        A letter found in state ``sending`` was cut off: whoever sent it is gone, since the
        caller holds the conversation's lock. It comes back as uncertain.
        """
        row = await self._one(_LOAD, {"conversation": conversation})
        if row is None:
            return None
        channel, address, blocked, pending, unsent = row
        return Work(
            channel=channel,
            address=address,
            blocked=blocked,
            pending=_pending(pending) if pending else None,
            unsent=[
                Unsent(
                    Letter(
                        id=item["id"],
                        body=item["body"],
                        retry_key=item["retry_key"],
                        uncertain=item["uncertain"] or item["state"] == "sending",
                        address=address,
                        reply=item["reply"],
                        age=item["age"],
                    ),
                    attempts=item["attempts"],
                    due_in=item["due_in"],
                )
                for item in unsent
            ],
        )

    async def store(
        self,
        conversation: str,
        message: Pending,
        bodies: Sequence[Mapping[str, Any]],
        *,
        address: str,
        as_of: str,
        case: Mapping[str, Any] | None = None,
        fetched: bool = False,
        uncertain: bool = False,
        given_up: str | None = None,
    ) -> Stored:
        """Store the answer to a message, its case, and that it is answered: all or nothing.

        The first letter is stored as being sent, which the caller then does at once, unless
        something said before still waits.

        Args:
            conversation: its id.
            message: what is answered.
            bodies: the calls to be made, in order.
            address: the platform's user or chat id.
            as_of: the assistant's clock, ISO.
            case: the CaseRecord to keep.
            fetched: whether the readers fetch their letters, so that these count as sent.
            uncertain: whether a killed worker may have sent the first letter before it was stored.
            given_up: why the message could not be answered properly, when it could not.

        Returns:
            What is to be sent now: nothing when the message was answered before.
        """
        values = {
            "inbox": message.id,
            "conversation": conversation,
            "outcome": "given_up" if given_up else "done",
            "problem": given_up,
            "bodies": Jsonb(list(bodies)),
            "cases": Jsonb([case] if case else []),
            "as_of": as_of,
            "fetched": fetched,
            "uncertain": uncertain,
        }
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_STORE, values)).fetchall()
        if not rows or rows[0][2] != "sending":
            return Stored([], None)
        # RETURNING keeps the order in which the rows were inserted.
        letters = [
            Letter(
                id=letter,
                body=body,
                retry_key=retry_key,
                uncertain=uncertain and not number,
                address=address,
                reply=message.reply,
                age=age,
            )
            for number, ((letter, retry_key, _, age, _), body) in enumerate(
                zip(rows, bodies, strict=True)
            )
        ]
        return Stored(letters, rows[0][4])

    async def sent(self, letter: int, following: int) -> None:
        """Mark a letter as sent, and the following one as being sent."""
        await self._do(_SENT_AND_NEXT, {"next": following, "letter": letter})

    async def note(self, said: Said) -> None:
        """Note what was sent (a job's last is noted with its end, by ``bot/worker_queue.py``)."""
        await self._do(said.beside("SELECT 1"), said.values)

    async def sending(self, letter: int, *, uncertain: bool) -> None:
        """Mark a letter as being sent (again)."""
        await self._do(_SENDING, (uncertain, letter))

    async def failed(
        self, conversation: str, letter: int, *, problem: str, after: float, uncertain: bool
    ) -> None:
        """Note a failed try and have the next one made ``after`` seconds from now."""
        values = {
            "conversation": conversation,
            "letter": letter,
            "problem": problem,
            "after": after,
            "uncertain": uncertain,
        }
        await self._do(_FAILED, values)

    async def replace(self, letter: int, body: Mapping[str, Any]) -> None:
        """Change how a letter that surely did not arrive is sent."""
        await self._do(_REPLACE, (Jsonb(dict(body)), letter))

    async def gave_up(self, letter: int, problem: str) -> None:
        """Leave a letter for a person to look at (``./hosho inbox``)."""
        await self._do(_GAVE_UP, (problem, letter))

    async def blocked(self, conversation: str, problem: str) -> None:
        """Note that the traveller left: nothing more is sent to them."""
        await self._do(_BLOCKED, {"conversation": conversation, "problem": problem})

    async def unblock(self, conversation: str) -> None:
        """Note that the traveller is back."""
        await self._do(_UNBLOCK, (conversation,))

    async def keyboard(self, conversation: str, keyboard: str) -> None:
        """Remember whose buttons are in view."""
        await self._do(_KEYBOARD, (keyboard, conversation))

    async def turn_failed(self, message: int, problem: str) -> int:
        """Count a failed turn of the engine and return how often it failed by now."""
        row = await self._one(_TURN_FAILED, (problem, message))
        assert row is not None
        return int(row[0])

    async def _one(self, statement: str, values: Any) -> tuple[Any, ...] | None:
        async with self._pool.connection() as connection:
            return await (await connection.execute(statement, values)).fetchone()

    async def _do(self, statement: str, values: Any) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(statement, values)


def _pending(item: Mapping[str, Any]) -> Pending:
    payload = item["payload"]
    return Pending(item["id"], payload["turn"], payload["reply"], item["attempts"])
