"""A worker done by hand: conversations are carried on when the test says so, in this process."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import clock
from bot.channels.base import FetchedChannel
from bot.channels.line.channel import LineChannel
from bot.channels.telegram.channel import TelegramChannel
from bot.db.pool import open_pool
from bot.engine_client import EngineClient
from bot.outbox import Outbox, Said
from bot.worker_turn import Patience, Tools, answer_fresh, carry_on
from tests.stand_ins.fake_engine import serving
from tests.stand_ins.way import Way


async def _at_once() -> None:
    """The engine is always there."""


class ByHand:
    """Carries conversations on, and lets time pass."""

    def __init__(self, way: Way, tools: Tools) -> None:
        self.way = way
        self.tools = tools

    async def work(self) -> None:
        """Carry every conversation on as its jobs would: one for what was left, one a message."""
        outbox = self.tools.outbox
        for (conversation,) in self.way.rows("SELECT id FROM conversation ORDER BY id"):
            work = await outbox.load(conversation)
            assert work is not None
            if work.unsent:
                await self._note(await carry_on(self.tools, conversation))
            while work := await outbox.load(conversation):
                if (
                    work.pending is None
                    or conversation.partition(":")[0] not in self.tools.channels
                ):
                    break
                said = await answer_fresh(
                    self.tools, conversation, work.address, work.pending, clear=not work.unsent
                )
                await self._note(said)
        while self.tools.beside:
            await next(iter(self.tools.beside))

    async def _note(self, said: Said | None) -> None:
        if said is not None:
            await self.tools.outbox.note(said)

    def due_in(self) -> list[float]:
        """Return the seconds until each waiting letter may be tried."""
        rows = self.way.rows(
            "SELECT extract(epoch FROM next_attempt_at - now())::float FROM outbox "
            "WHERE state = 'waiting' AND next_attempt_at IS NOT NULL ORDER BY id"
        )
        return [row[0] for row in rows]

    def pass_time(self) -> None:
        """Let every waiting letter be due."""
        self.way.rows(
            "UPDATE outbox SET next_attempt_at = now() WHERE state = 'waiting' RETURNING 1"
        )

    def states(self, table: str = "outbox") -> list[str]:
        return [row[0] for row in self.way.rows(f"SELECT state FROM {table} ORDER BY id")]


@asynccontextmanager
async def by_hand(way: Way) -> AsyncIterator[ByHand]:
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "engine"
        channels = {
            "line": LineChannel.from_settings(way.settings),
            "telegram": TelegramChannel.from_settings(way.settings),
            "web": FetchedChannel("web"),
        }
        async with (
            open_pool(way.database_url) as pool,
            EngineClient(socket) as engine,
            serving(socket, way.folder / "engine.log"),
        ):
            tools = Tools(
                outbox=Outbox(pool),
                engine=engine,
                engine_ready=_at_once,
                channels=channels,
                clock=lambda: clock.now(way.settings),
                patience=Patience(letter=(1, 2, 4), turn=(0, 0)),
            )
            yield ByHand(way, tools)
            for channel in channels.values():
                await channel.close()
