"""Replies of a page or a terminal are fetched as they come, from any place, by any number."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from bot.db.pool import open_pool
from bot.db.statements import Statements
from bot.inbox import Event, Inbox, conversation_id
from bot.outbox_listen import OutboxListener, Said
from tests.front.by_hand import ByHand
from tests.stand_ins.way import Way


@pytest.fixture
async def listener(way: Way) -> AsyncIterator[OutboxListener]:
    async with open_pool(way.database_url) as pool, OutboxListener(pool, way.database_url) as made:
        yield made


async def _says(way: Way, who: str, text: str) -> None:
    async with Statements(way.database_url, size=1) as statements:
        known = way.rows("SELECT count(*) FROM inbox")[0][0]
        assert await Inbox(statements).receive("web", Event(f"{known}", who, {"text": text}, {}))


async def _first(stream: AsyncIterator[Said], count: int) -> list[Said]:
    said: list[Said] = []
    async with asyncio.timeout(10):
        async for item in stream:
            said.append(item)
            if len(said) == count:
                break
    return said


async def test_what_is_there_and_what_comes(
    way: Way, desk: ByHand, listener: OutboxListener
) -> None:
    await _says(way, "x", "many:2")
    await desk.work()
    reading = asyncio.create_task(_first(listener.replies(conversation_id("web", "x")), 3))
    other = asyncio.create_task(_first(listener.replies(conversation_id("web", "y")), 1))
    await asyncio.sleep(0.1)
    await _says(way, "x", "b")
    await _says(way, "y", "c")
    await desk.work()
    said = await reading
    assert [item.reply.text for item in said] == [
        "bubble 1 of many:2",
        "bubble 2 of many:2",
        "answer to b",
    ]
    assert [item.reply.text for item in await other] == ["answer to c"]
    assert said[0].inbox_id == said[1].inbox_id < said[2].inbox_id
    # From a place on.
    again = await _first(listener.replies(conversation_id("web", "x"), after=said[0].id), 2)
    assert again == said[1:]


async def test_a_lost_connection_is_taken_up_again(
    way: Way, desk: ByHand, listener: OutboxListener
) -> None:
    reading = asyncio.create_task(_first(listener.replies(conversation_id("web", "x")), 1))
    await asyncio.sleep(0.1)
    with psycopg.connect(way.database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        )
        await _says(way, "x", "a")
        await desk.work()
    assert [item.reply.text for item in await reading] == ["answer to a"]
