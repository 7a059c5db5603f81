"""Server-Sent Events: one conversation's entries, as they come, resumable where they broke off."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

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
    mailbox: Mailbox, conversation: str, after: str | None, closing: asyncio.Event
) -> AsyncIterator[bytes]:
    """Yield a conversation's events until the visitor leaves or the service closes.

    Args:
        mailbox: where the entries are.
        conversation: whose.
        after: the last cursor the page has seen, ``None`` for all of it.
        closing: set when the service stops; the page then reconnects to what comes up next.
    """
    yield f"retry: {RETRY_MS}\n\n".encode()
    entries = mailbox.follow(conversation, after)
    iterator = aiter(entries)
    closed = asyncio.ensure_future(closing.wait())
    coming: asyncio.Future[Entry | None] | None = None
    try:
        while not closing.is_set():
            coming = coming or asyncio.ensure_future(anext(iterator))
            await asyncio.wait(
                {coming, closed}, timeout=PING_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
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
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await coming
        aclose = getattr(entries, "aclose", None)
        if aclose is not None:
            await aclose()
