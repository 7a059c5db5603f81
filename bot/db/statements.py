"""The statements that every message needs, over asyncpg: a third of what psycopg's cost.

psycopg serves everything else (procrastinate, migrations, SQLAlchemy, the rarer statements); this
speaks its language: named parameters, and its kinds of errors.
"""

from __future__ import annotations

import asyncio
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

    Each statement commits by itself. asyncpg has a pool of its own; what that does around a
    statement (timeouts, shields, wrapped connections, clean-up) costs half as much as the
    statement, and nothing here changes a connection's settings.
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
        self._patience = patience
        self._room = asyncio.Semaphore(size)
        self._free: list[asyncpg.Connection] = []
        self._all: set[asyncpg.Connection] = set()
        self._closed = False

    async def __aenter__(self) -> Statements:
        """Be ready; connections are opened when needed."""
        self._closed = False
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections; nothing can be asked any more."""
        self._closed = True
        for connection in list(self._all):
            self._drop(connection)

    async def rows(self, statement: str, values: Mapping[str, Any]) -> list[Any]:
        """Execute a statement and return its rows.

        Args:
            statement: SQL with ``%(name)s`` for parameters.
            values: by name; ``Jsonb`` for JSON. JSON comes back as text.

        Raises:
            psycopg.OperationalError: the database cannot be reached, or has no connection free.
            psycopg.DatabaseError: it refused the statement.
        """
        if self._closed:
            raise psycopg.OperationalError("closed")
        sql, names = _numbered(statement)
        arguments = [_sent(values[name]) for name in names]
        try:
            if self._room.locked():
                await asyncio.wait_for(self._room.acquire(), self._patience)
            else:
                await self._room.acquire()
            try:
                return await self._fetch(sql, arguments)
            finally:
                self._room.release()
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

    async def _fetch(self, sql: str, arguments: list[Any]) -> list[Any]:
        connection = self._last_used()
        if connection is None:
            connection = await asyncpg.connect(self._url, timeout=self._patience)
            self._all.add(connection)
        try:
            rows: list[Any] = await connection.fetch(sql, *arguments)
        except asyncpg.PostgresError:
            # Refused; the connection is as good as before, unless it was what broke.
            self._keep(connection)
            raise
        except BaseException:
            # Cut off in the middle: nobody knows what it would read next.
            self._drop(connection)
            raise
        self._keep(connection)
        return rows

    def _last_used(self) -> asyncpg.Connection | None:
        while self._free:
            connection = self._free.pop()
            if not connection.is_closed():
                return connection
            self._all.discard(connection)
        return None

    def _keep(self, connection: asyncpg.Connection) -> None:
        if connection.is_closed() or connection not in self._all:
            self._drop(connection)
        else:
            self._free.append(connection)

    def _drop(self, connection: asyncpg.Connection) -> None:
        self._all.discard(connection)
        connection.terminate()

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
