"""Kept connections to PostgreSQL."""

from __future__ import annotations

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool


def open_pool(
    url: str, *, size: int = 4, durable: bool = True, patience: float = 30.0
) -> AsyncConnectionPool:
    """Return a pool to be opened with ``async with``.

    Connections commit each statement by itself: a step of ours is one statement, and what needs
    more opens a transaction. A connection found broken is replaced; no query is spent on
    asking beforehand.

    Args:
        url: ``postgresql://…``.
        size: connections kept at most; the first is opened at once.
        durable: wait for the disk at each commit. Not where a commit that is lost when
            PostgreSQL itself crashes does no harm.
        patience: seconds to wait for a free connection.
    """
    return AsyncConnectionPool(
        url,
        min_size=1,
        max_size=size,
        open=False,
        # Not among ``kwargs``: procrastinate opens its listening connection with those and its own.
        configure=_commit_each_statement,
        kwargs={} if durable else {"options": "-c synchronous_commit=off"},
        name="hosho",
        timeout=patience,
    )


async def _commit_each_statement(connection: AsyncConnection) -> None:
    await connection.set_autocommit(True)
