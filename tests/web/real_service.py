"""The real thing for the page's journeys: front, worker and Rasa engine as processes."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bot.settings import ROOT, Settings
from bot.training import ensure_model
from tests.conftest import _fresh
from tests.web.conftest import free_port

START_SECONDS = 90


class RealService:
    """Front and worker over a database of their own, with the clock at ``as_of``."""

    def __init__(self, database_url: str, as_of: str, model: Path, log: Path) -> None:
        self.database_url = database_url
        self.as_of = as_of
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._model = model
        self.log = log
        self._processes: list[asyncio.subprocess.Process] = []

    async def start(self) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if name[:6] != "HOSHO_"},
            "PYTHONPATH": str(ROOT),
            "HOSHO_DATABASE_URL": self.database_url,
            "HOSHO_AS_OF": self.as_of,
            "HOSHO_PORT": str(self.port),
        }
        python = ROOT / "nlu" / ".venv" / "bin" / "python"
        engine = [str(python), "-m", "nlu.engine", "--socket", "{socket}"]
        engine += ["--model", str(self._model)]
        for words in (["bot.front"], ["bot.worker", "--engine-command", shlex.join(engine)]):
            with self.log.open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", *words),
                    cwd=ROOT,
                    env=environment,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            self._processes.append(process)
        try:
            async with asyncio.timeout(START_SECONDS), httpx.AsyncClient() as client:
                while not await self._healthy(client):
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"not ready; its log:\n{self.log.read_text()[-3000:]}") from None

    async def _healthy(self, client: httpx.AsyncClient) -> bool:
        ended = [process.returncode for process in self._processes if process.returncode]
        assert not ended, f"ended with {ended}; its log:\n{self.log.read_text()[-3000:]}"
        try:
            return (await client.get(f"{self.url}/health")).status_code == 200
        except httpx.TransportError:
            return False

    async def stop(self) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.terminate()
        for process in self._processes:
            await asyncio.wait_for(process.wait(), 30)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()


class RealServices:
    """One service a clock, started when first asked for."""

    def __init__(self, postgres: str, template: str, folder: Path) -> None:
        self._postgres = postgres
        self._template = template
        self._folder = folder
        self._running: dict[str, RealService] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> RealServices:
        # Named once: whoever edits training data meanwhile changes what the model would be.
        self._model = await asyncio.to_thread(ensure_model, Settings().data_dir)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def at(self, as_of: str) -> RealService:
        """Return the service whose clock stands at ``as_of``."""
        if as_of not in self._running:
            url = self._stack.enter_context(contextmanager(_fresh)(self._postgres, self._template))
            log = self._folder / f"service-{len(self._running)}.log"
            service = RealService(url, as_of, self._model, log)
            self._stack.push_async_callback(service.stop)
            await service.start()
            self._running[as_of] = service
        return self._running[as_of]
