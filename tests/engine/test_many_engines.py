"""Several engines share nothing but PostgreSQL: order, additions and deaths under load."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import psycopg
import pytest

from tests.engine.conftest import Engine, Start

pytestmark = pytest.mark.model

CONVERSATIONS, MESSAGES = 6, 25


async def _deliver(engines: list[Engine], conversation: str, message: str, turn: int) -> Any:
    """Deliver as the worker does: again with the same id, to whichever engine is there."""
    for attempt in range(turn, turn + 500):
        engine = engines[attempt % len(engines)]
        try:
            status, answer = await engine.say(conversation, message)
        except (aiohttp.ClientError, OSError):
            await asyncio.sleep(0.02)
            continue
        if status == 200:
            return answer
    raise AssertionError("never answered")


class Progress:
    """Wakes who waits for a number of messages to have been answered."""

    def __init__(self) -> None:
        self._answered = asyncio.Semaphore(0)

    def one_more(self) -> None:
        self._answered.release()

    async def wait_for(self, messages: int) -> None:
        for _ in range(messages):
            await self._answered.acquire()


async def _talk(engines: list[Engine], conversation: str, progress: Progress) -> list[str]:
    said = []
    for number in range(1, MESSAGES + 1):
        answer = await _deliver(engines, conversation, str(number), number)
        said.append(answer["replies"][0]["text"].split()[-1])
        progress.one_more()
    return said


async def test_engines_added_and_killed_under_load_lose_and_double_nothing(
    start: Start, database_url: str
) -> None:
    async with AsyncExitStack() as stack:
        first, second = [await stack.enter_async_context(start()) for _ in range(2)]
        engines, progress = [first, second], Progress()
        talks = [
            asyncio.create_task(_talk(engines, f"c{n}", progress)) for n in range(CONVERSATIONS)
        ]
        await progress.wait_for(CONVERSATIONS * MESSAGES // 3)
        first.kill()
        engines.append(await stack.enter_async_context(start()))
        await progress.wait_for(CONVERSATIONS * MESSAGES // 3)
        second.kill()
        said = await asyncio.gather(*talks)
    in_order = [str(number) for number in range(1, MESSAGES + 1)]
    assert said == [in_order] * CONVERSATIONS
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT conversation, message, version FROM tracker_turn ORDER BY conversation, version"
        ).fetchall()
        states = connection.execute("SELECT DISTINCT version FROM tracker_state").fetchall()
    assert rows == [
        (f"c{n}", str(message), message)
        for n in range(CONVERSATIONS)
        for message in range(1, MESSAGES + 1)
    ]
    assert states == [(MESSAGES,)]


async def test_the_same_message_at_two_engines_at_once_is_answered_once(
    start: Start, database_url: str
) -> None:
    async with start() as first, start() as second:
        for number in range(1, 31):
            answers = await asyncio.gather(
                first.say("c", str(number)), second.say("c", str(number))
            )
            assert answers[0] == answers[1]
            assert answers[0][1]["replies"][0]["text"].split()[-1] == str(number)
    with psycopg.connect(database_url) as connection:
        [(turns,)] = connection.execute("SELECT count(*) FROM tracker_turn").fetchall()
    assert turns == 30
