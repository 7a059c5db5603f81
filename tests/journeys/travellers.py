"""Travellers at the stand-ins: what is on their screen, and how they answer it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from bot.inbox import conversation_id
from bot.settings import ROOT
from bot.training import ensure_model
from tests.journeys.journeys import Journey
from tests.stand_ins.line_api import user_id
from tests.stand_ins.way import PYTHON, Way, WorkerProcess

#: More turns than the longest interview has questions.
TURNS_AT_MOST = 10


class RealWorker(WorkerProcess):
    """A worker with the real engine: Rasa, the trained model, the actions."""

    async def start(self) -> None:
        data_dir = ROOT / ".hosho"
        await asyncio.to_thread(ensure_model, data_dir)
        environment = {**self._environment, "HOSHO_DATA_DIR": str(data_dir)}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(PYTHON, "-m", "bot.worker"),
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


async def real_worker(way: Way, as_of: str) -> RealWorker:
    """Start a worker whose clock stands at ``as_of`` and wait until it answers."""
    folder: Path = way.folder
    number = len(way.workers)
    worker = RealWorker(
        {**way.environment, "HOSHO_AS_OF": as_of},
        folder / f"real-worker{number}.log",
        folder / "engine.log",
    )
    way.workers.append(worker)
    await worker.start()
    await way.ready()
    return worker


def _strings(value: Any, keys: frozenset[str]) -> Iterator[str]:
    """Yield every string under one of ``keys``, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in keys and isinstance(inner, str):
                yield inner
            else:
                yield from _strings(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, keys)


#: Rows of one conversation that still wait for their engine or their platform.
OPEN = """
SELECT id FROM inbox WHERE conversation = %(id)s AND state = 'pending' UNION ALL
SELECT id FROM outbox WHERE conversation = %(id)s AND state IN ('waiting', 'sending')
"""


async def answered(way: Way, conversation: str) -> None:
    """Wait until everything that came in has been answered and the answers are sent."""
    async with (
        asyncio.timeout(30),
        await psycopg.AsyncConnection.connect(way.database_url, autocommit=True) as connection,
    ):
        # Another process says so in the database only: there is no event here to wait for.
        while await (await connection.execute(OPEN, {"id": conversation})).fetchone():
            await asyncio.sleep(0.02)


class LineTraveller:
    """Talks over LINE's webhook; reads the reply calls."""

    def __init__(self, way: Way, number: int) -> None:
        self._way, self._number = way, number
        self._answered: list[dict[str, Any]] = []

    async def _send(self, event: dict[str, Any]) -> None:
        chat = user_id(self._number)
        seen = len([call for call in self._way.line.calls if call.chat == chat])
        assert await self._way.line_sends(event) == 200
        await answered(self._way, conversation_id("line", chat))
        calls = [call for call in self._way.line.calls if call.chat == chat][seen:]
        assert calls, "nothing was said"
        self._answered = [message for call in calls for message in call.messages]

    async def follow(self) -> None:
        await self._send(self._way.line.event(self._number, "follow"))

    async def say(self, text: str) -> None:
        await self._send(self._way.line.text(self._number, text))

    async def press(self, data: str) -> None:
        await self._send(self._way.line.event(self._number, "postback", postback={"data": data}))

    def latest(self) -> str:
        return "\n".join(_strings(self._answered, frozenset({"text", "altText", "uri"})))

    def buttons(self) -> dict[str, str]:
        found = _strings(self._answered, frozenset({"data"}))
        return {data.partition(":")[2]: data for data in found}


class TelegramTraveller:
    """Talks over Telegram's webhook; reads the chat's screen."""

    def __init__(self, way: Way, number: int) -> None:
        self._way, self._number = way, number
        self._seen = 0

    async def _send(self, update: dict[str, Any]) -> None:
        self._seen = len(self._screen())
        assert await self._way.telegram_sends(update) == 200
        await answered(self._way, conversation_id("telegram", str(self._number)))
        assert len(self._screen()) > self._seen, "nothing was said"

    def _screen(self) -> list[Any]:
        return [one for one in self._way.telegram.messages if one.chat == self._number]

    async def follow(self) -> None:
        await self._send(self._way.telegram.text(self._number, "/start"))

    async def say(self, text: str) -> None:
        await self._send(self._way.telegram.text(self._number, text))

    async def press(self, data: str) -> None:
        message = next(one for one in reversed(self._screen()) if one.keyboard)
        await self._send(self._way.telegram.press_data(self._number, message.id, data))

    def latest(self) -> str:
        return "\n".join(one.text for one in self._screen()[self._seen :])

    def buttons(self) -> dict[str, str]:
        keyboards = [one.keyboard for one in self._screen() if one.keyboard]
        found = _strings(keyboards[-1:], frozenset({"callback_data"}))
        return {data.partition(":")[2]: data for data in found}


def pending(traveller: LineTraveller | TelegramTraveller) -> str | None:
    """Return the question on the screen, known by its わからない button."""
    for token in traveller.buttons():
        question, _, value = token.partition("=")
        if value == "unknown":
            return question
    return None


async def travel(
    traveller: LineTraveller | TelegramTraveller, journey: Journey, *, typing: bool
) -> str:
    """Carry a journey to its end and return what was said last.

    Args:
        traveller: a person nobody has talked to yet.
        journey: the way to go.
        typing: whether to type every answer, or to press where there is a button.
    """
    await traveller.follow()
    asked: list[str] = []
    for _ in range(TURNS_AT_MOST):
        question = pending(traveller)
        if question is None:
            return traveller.latest()
        asked.append(question)
        assert asked.count(question) == 1, f"{question} asked twice: {traveller.latest()}"
        if question == "campaign":
            token, words = f"campaign={journey.campaign}", journey.campaign
        else:
            value = journey.answers[question]
            token = f"{question}={'unknown' if value is None else value}"
            words = journey.typed(question)
        data = traveller.buttons().get(token)
        if data is None or typing:
            await traveller.say(words)
        else:
            await traveller.press(data)
    raise AssertionError(f"no end after {TURNS_AT_MOST} turns: {asked}")
