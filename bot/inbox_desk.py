"""What a person sees of inbox and outbox: what waits, what was given up; and trying again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine, text

from bot.inbox import QUEUE, TASK

Kind = Literal["in", "out"]

#: Without content: whose words these are is nobody's business in a list.
_ITEMS = """
SELECT 'in' AS kind, id, channel, state, attempts, problem, received_at AS at, NULL AS next_at
FROM inbox WHERE state = 'given_up' OR (state = 'pending' AND :waiting)
UNION ALL
SELECT 'out', o.id, split_part(o.conversation, ':', 1), o.state, o.attempts, o.problem,
    o.created_at, o.next_attempt_at
FROM outbox AS o WHERE o.state = 'given_up' OR (o.state IN ('waiting', 'sending') AND :waiting)
ORDER BY at DESC LIMIT :limit
"""
_COUNTS = """
SELECT 'in', state, count(*) FROM inbox GROUP BY state
UNION ALL SELECT 'out', state, count(*) FROM outbox GROUP BY state ORDER BY 1, 2
"""
_ONE: dict[Kind, str] = {
    "in": """
        SELECT id, channel, conversation, state, attempts, problem, received_at, done_at,
            payload -> 'turn' AS content
        FROM inbox WHERE id = :id
    """,
    "out": """
        SELECT id, inbox_id, conversation, state, attempts, uncertain, problem, created_at,
            next_attempt_at, sent_at, body AS content
        FROM outbox WHERE id = :id
    """,
}
#: What could not be answered is asked of the engine once more; what could not be sent is sent.
_AGAIN: dict[Kind, str] = {
    "in": """
        UPDATE inbox SET state = 'pending', attempts = 0, done_at = NULL
        WHERE state = 'given_up' AND (id = :id OR :id IS NULL) RETURNING conversation
    """,
    "out": """
        UPDATE outbox SET state = 'waiting', attempts = 0, next_attempt_at = NULL
        WHERE state = 'given_up' AND (id = :id OR :id IS NULL)
        AND NOT EXISTS (SELECT 1 FROM conversation AS c
            WHERE c.id = outbox.conversation AND c.blocked_at IS NOT NULL)
        RETURNING conversation
    """,
}
_WAKE = f"""
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('{QUEUE}', '{TASK}', 0, c, NULL,
    jsonb_build_object('conversation', c), NULL)::procrastinate_job_to_defer_v1])
FROM unnest(CAST(:conversations AS text[])) AS c
"""  # noqa: S608 (constants of ours only)


@dataclass(frozen=True)
class Item:
    """One message or letter that is not done: where it is from and what is wrong with it."""

    kind: Kind
    id: int
    channel: str
    state: str
    attempts: int
    problem: str | None
    at: datetime
    next_at: datetime | None


class Desk:
    """Looks into inbox and outbox, and has things tried again."""

    def __init__(self, engine: Engine) -> None:
        """Take the database (``bot.db.migrate.engine``)."""
        self._engine = engine

    def counts(self) -> list[tuple[Kind, str, int]]:
        """Return how many messages (``in``) and letters (``out``) are in which state."""
        with self._engine.connect() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(text(_COUNTS))]

    def items(self, *, waiting: bool, limit: int = 100) -> list[Item]:
        """Return what was given up, the newest first; with ``waiting`` also what still waits."""
        with self._engine.connect() as connection:
            rows = connection.execute(text(_ITEMS), {"waiting": waiting, "limit": limit})
            return [Item(*row) for row in rows]

    def one(self, kind: Kind, number: int) -> dict[str, Any] | None:
        """Return everything about one of them, what was said included."""
        with self._engine.connect() as connection:
            row = connection.execute(text(_ONE[kind]), {"id": number}).mappings().first()
            return dict(row) if row else None

    def again(self, kind: Kind, number: int | None) -> int:
        """Have one (``None``: every one) that was given up tried again; return how many.

        Letters to travellers who left stay where they are.
        """
        with self._engine.begin() as connection:
            # The cast tells PostgreSQL what a NULL is one of.
            statement = _AGAIN[kind].replace(":id", "CAST(:id AS bigint)")
            rows: Sequence[Any] = connection.execute(text(statement), {"id": number}).all()
            conversations = sorted({row[0] for row in rows})
            connection.execute(text(_WAKE), {"conversations": conversations})
        return len(rows)
