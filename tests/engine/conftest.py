"""Real engine processes with actions that echo, over the tests' PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.settings import ROOT, Settings
from bot.training import NLU_PYTHON, ensure_model

AS_OF = "2023-03-25T10:00:00+09:00"


class Engine:
    """One engine process, its log, and a client of it."""

    def __init__(self, url: str, model: Path, folder: Path, *more: str) -> None:
        self._socket = folder / "engine"
        self._command = [
            *(str(NLU_PYTHON), "-m", "nlu.engine", "--socket", str(self._socket)),
            *("--model", str(model), "--database-url", url),
            *("--actions", "tests.nlu_side.echo_actions", *more),
        ]
        self.log = folder / "log"

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self._command, cwd=ROOT, stdout=log, stderr=log, env={"PATH": os.environ["PATH"]}
            )
        self.session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(path=str(self._socket), limit=0)
        )
        async with asyncio.timeout(60):
            while True:
                assert self.process.returncode is None, self.log.read_text()
                try:
                    async with self.session.get("http://engine/health") as response:
                        assert response.status == 200
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)

    async def post(self, body: Any) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post("http://engine/turn", data=data) as response:
            return response.status, await response.json()

    async def say(self, conversation: str, message: str, text: str = "24日です") -> tuple[int, Any]:
        return await self.post(
            {"conversation": conversation, "message": message, "as_of": AS_OF, "text": text}
        )

    def kill(self) -> None:
        """End it as the kernel would, in the middle of whatever it does."""
        self.process.kill()

    async def stop(self) -> int:
        """Ask it to end; return its status."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(self.process.wait(), 30)
        await self.session.close()
        return status


@pytest.fixture(scope="session")
def model() -> Path:
    """The project's trained model."""
    return ensure_model(Settings().data_dir)


Start = Callable[..., Any]


@pytest.fixture
def start(model: Path, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Start an engine as a context manager; it is stopped on leaving."""

    @asynccontextmanager
    async def starting(*more: str, url: str = database_url) -> AsyncIterator[Engine]:
        engine = Engine(url, model, tmp_path_factory.mktemp("e"), *more)
        await engine.start()
        try:
            yield engine
        finally:
            await engine.stop()

    return starting
