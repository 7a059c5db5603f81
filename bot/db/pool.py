"""Kept connections to PostgreSQL."""

from __future__ import annotations

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool


class _WarmPool(AsyncConnectionPool):
    """A pool that gives the connection used last, not first.

    Each is a process of PostgreSQL with plans and catalogue of its own: one whose caches are
    warm answers at half the cost.
    """

    async def _get_ready_connection(self, timeout: float | None) -> AsyncConnection | None:
        self._pool.rotate(1)
        return await super()._get_ready_connection(timeout)


def open_pool(url: str, *, size: int = 4, patience: float = 30.0) -> AsyncConnectionPool:
    """Return a pool to be opened with ``async with``.

    Connections commit each statement by itself: a step of ours is one statement, and what needs
    more opens a transaction. A connection found broken is replaced; no query is spent on
    asking beforehand.

    Args:
        url: ``postgresql://…``.
        size: connections kept at most; the first is opened at once.
        patience: seconds to wait for a free connection.
    """
    return _WarmPool(
        url,
        min_size=1,
        max_size=size,
        open=False,
        # Not among ``kwargs``: procrastinate opens its listening connection with those and its own.
        configure=_commit_each_statement,
        name="hosho",
        timeout=patience,
    )


async def _commit_each_statement(connection: AsyncConnection) -> None:
    await connection.set_autocommit(True)
