"""Server-Sent Events: one conversation's entries, as they come, resumable where they broke off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

from bot.channels.web.port import Entry, Mailbox

#: Seconds between signs of life: shorter than the idle limits of common proxies (60 s), and
#: the page takes a silence of twice this for a broken line.
PING_SECONDS = 15.0
#: Milliseconds after which a browser reconnects.
RETRY_MS = 1_000


def event(name: str, data: object = "", cursor: str | None = None) -> bytes:
    """Return one event on the wire; JSON has no line breaks, so one ``data`` line holds it."""
    lines = [f"event: {name}"]
    if cursor is not None:
        lines.append(f"id: {cursor}")
    lines.append("data: " + json.dumps(data, ensure_ascii=False))
    return ("\n".join(lines) + "\n\n").encode()


async def events(
    mailbox: Mailbox, visitor: str, after: str | None, closing: asyncio.Event
) -> AsyncGenerator[bytes]:
    """Yield a conversation's events until the visitor leaves or the service closes.

    Args:
        mailbox: where the entries are.
        visitor: whose.
        after: the last cursor the page has seen, ``None`` for all of it.
        closing: set when the service stops; the page then reconnects to what comes up next.
    """
    yield f"retry: {RETRY_MS}\n\n".encode()
    entries = mailbox.follow(visitor, after)
    closed = asyncio.create_task(closing.wait())
    coming: asyncio.Task[Entry | None] | None = None
    try:
        while not closing.is_set():
            coming = coming or asyncio.create_task(_next(entries))
            waiting: set[asyncio.Task[Any]] = {coming, closed}
            await asyncio.wait(waiting, timeout=PING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                if not closed.done():
                    yield event("ping")
                continue
            entry = coming.result()
            coming = None
            if entry is None:
                yield event("synced")
            else:
                yield event("entry", entry.to_json(), entry.cursor)
    finally:
        closed.cancel()
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await entries.aclose()


async def _next(entries: AsyncGenerator[Entry | None]) -> Entry | None:
    # A task is made of a coroutine; ``anext`` gives only something to await.
    return await anext(entries)
