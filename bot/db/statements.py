"""The statements that every message needs, over asyncpg: a third of what psycopg's cost.

psycopg serves everything else (procrastinate, migrations, SQLAlchemy, the rarer statements); this
speaks its language: named parameters, and its kinds of errors.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import psycopg
from psycopg.types.json import Jsonb

_PARAMETER = re.compile(r"%\((\w+)\)s")


class Statements:
    """Kept connections that execute one statement at a time; use as an async context manager.

    Each statement commits by itself.
    """

    def __init__(self, url: str, *, size: int = 4, patience: float = 30.0) -> None:
        """Take where to connect; nothing is opened yet.

        Args:
            url: ``postgresql://…``.
            size: connections kept at most; the one used last is used next, so that few are
                busy and their caches warm.
            patience: seconds to wait for a free connection.
        """
        self._url = url
        self._size = size
        self._patience = patience
        self._pool: asyncpg.Pool | None = None

    async def __aenter__(self) -> Statements:
        """Be ready; connections are opened when needed."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._size,
            max_inactive_connection_lifetime=0,
            reset=_leave_as_it_is,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.terminate()

    async def rows(self, statement: str, values: Mapping[str, Any]) -> list[Any]:
        """Execute a statement and return its rows.

        Args:
            statement: SQL with ``%(name)s`` for parameters.
            values: by name; ``Jsonb`` for JSON. JSON comes back as text.

        Raises:
            psycopg.OperationalError: the database cannot be reached, or has no connection free.
            psycopg.DatabaseError: it refused the statement.
        """
        assert self._pool is not None
        sql, names = _numbered(statement)
        arguments = [_sent(values[name]) for name in names]
        try:
            async with self._pool.acquire(timeout=self._patience) as connection:
                rows: list[Any] = await connection.fetch(sql, *arguments)
                return rows
        except (
            OSError,
            TimeoutError,
            asyncpg.InterfaceError,
            asyncpg.PostgresConnectionError,
            asyncpg.OperatorInterventionError,
        ) as error:
            raise psycopg.OperationalError(type(error).__name__) from error
        except asyncpg.PostgresError as error:
            raise psycopg.DatabaseError(type(error).__name__) from error

    async def first(self, statement: str, values: Mapping[str, Any]) -> Any:
        """Execute a statement and return its first row, if it has any (see :meth:`rows`)."""
        rows = await self.rows(statement, values)
        return rows[0] if rows else None


@functools.cache
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with its parameters numbered, and their names in that order."""
    names: dict[str, int] = {}
    sql = _PARAMETER.sub(lambda m: f"${names.setdefault(m[1], len(names) + 1)}", statement)
    return sql, tuple(names)


def _sent(value: Any) -> Any:
    return json.dumps(value.obj) if isinstance(value, Jsonb) else value


async def _leave_as_it_is(_connection: asyncpg.Connection) -> None:
    """Skip the pool's clean-up statement: nothing here changes a session's settings."""
