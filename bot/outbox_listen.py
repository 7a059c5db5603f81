"""Wait for what the assistant says in one conversation: the outbox as a stream.

For channels that fetch their replies (the web page, the terminal); LINE and Telegram are sent
theirs by the worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType

import psycopg
from psycopg_pool import AsyncConnectionPool

from actions.replies import Reply

log = logging.getLogger(__name__)
#: PostgreSQL channel on which the outbox says which conversation got something to read
#: (``bot/db/migrations``: only for channels that fetch).
NOTIFY_CHANNEL = "hosho_outbox"
#: Seconds between two looks without a notification: only there to mend a lost one.
LOOK_AGAIN_SECONDS = 15.0
#: Seconds without a reader after which listening ends: PostgreSQL wakes whoever listens for every
#: notification in the database, and most are between front and workers.
LINGER_SECONDS = 10.0
#: Seconds before connecting again when the database is gone; doubled up to the second.
RETRY_SECONDS = (0.5, 8.0)
READ = """
SELECT id, inbox_id, body FROM outbox
WHERE conversation = %s AND id > %s AND state <> 'given_up' ORDER BY id LIMIT 100
"""


@dataclass(frozen=True)
class Said:
    """One stored reply: ``id`` grows within a conversation, ``inbox_id`` is what it answers."""

    id: int
    inbox_id: int
    reply: Reply


class OutboxListener:
    """Streams outbox rows to any number of readers over one connection, which listens for them.

    Use as an async context manager around the life of the process::

        async with OutboxListener(pool, conninfo) as listener:
            async for said in listener.replies("web:…", after=0):
                ...
    """

    def __init__(self, pool: AsyncConnectionPool, conninfo: str) -> None:
        """Take the pool to read rows with and the address for the listening connection."""
        self._pool = pool
        self._conninfo = conninfo
        self._waiting: dict[str, set[asyncio.Event]] = {}
        #: Whether there are readers.
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> OutboxListener:
        """Be ready to listen; a lost connection is taken up again by itself."""
        self._task = asyncio.create_task(self._listen(), name="outbox listener")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening; streams under way end at their next wait."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def replies(self, conversation: str, after: int = 0) -> AsyncIterator[Said]:
        """Yield the replies of a conversation in order, now and as they come, without end.

        Args:
            conversation: its id (``web:…``).
            after: the last id already shown; 0 for all of them.
        """
        event = asyncio.Event()
        self._waiting.setdefault(conversation, set()).add(event)
        self._wanted.set()
        try:
            while True:
                # Cleared before the look: what comes during it is looked for once more.
                event.clear()
                for said in await self.read(conversation, after):
                    after = said.id
                    yield said
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), LOOK_AGAIN_SECONDS)
        finally:
            waiting = self._waiting[conversation]
            waiting.discard(event)
            if not waiting:
                del self._waiting[conversation]
            if not self._waiting:
                self._wanted.clear()

    async def read(self, conversation: str, after: int = 0) -> list[Said]:
        """Return the replies stored so far with an id above ``after``, oldest first."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(READ, (conversation, after))).fetchall()
        return [Said(row[0], row[1], Reply.from_json(row[2]["reply"])) for row in rows]

    async def _listen(self) -> None:
        pause = RETRY_SECONDS[0]
        while True:
            await self._wanted.wait()
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._conninfo, autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {NOTIFY_CHANNEL}")
                    if pause != RETRY_SECONDS[0]:
                        log.info("listening for replies again")
                        pause = RETRY_SECONDS[0]
                    self._wake_all()
                    while self._wanted.is_set():
                        async for notification in connection.notifies(timeout=LINGER_SECONDS):
                            for event in self._waiting.get(notification.payload, ()):
                                event.set()
            except psycopg.OperationalError as error:
                if pause == RETRY_SECONDS[0]:
                    log.warning("listening for replies broke off (%s)", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, RETRY_SECONDS[1])

    def _wake_all(self) -> None:
        # Notifications sent before we listened are gone: everybody looks once.
        for events in self._waiting.values():
            for event in events:
                event.set()
