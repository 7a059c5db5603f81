"""One conversation's turns one after the other, within this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LOCK_LIFETIME, LockStore


class ConversationLocks(LockStore):
    """A lock a conversation, first come first served.

    Rasa's in-memory lock looks once a second whether its turn has come; this one is woken. Other
    engines are kept apart by the tracker store's versions, not by locks.
    """

    def __init__(self) -> None:
        """Start with no lock held."""
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[Any, None]:
        """Hold the conversation; the two times are Rasa's and have no meaning here."""
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, users + 1)
        try:
            async with lock:
                yield lock
        finally:
            lock, users = self._locks[conversation_id]
            if users == 1:
                del self._locks[conversation_id]
            else:
                self._locks[conversation_id] = (lock, users - 1)
