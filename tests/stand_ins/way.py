"""The whole way of a message, in tests: our front, real workers, stand-ins all around."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bot.channels.web.page import PageFacts
from bot.front import Front
from bot.settings import ROOT, Settings
from tests.stand_ins import line_api, telegram_api
from tests.stand_ins.line_api import LineApi, signed
from tests.stand_ins.telegram_api import TelegramApi

PYTHON = sys.executable


class WorkerProcess:
    """A real worker with the scripted engine; can be killed like any process."""

    def __init__(
        self, environment: dict[str, str], log: Path, engine_log: Path, *options: str
    ) -> None:
        self._environment = environment
        self._options = options
        self.log = log
        self._engine_log = engine_log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        engine = [PYTHON, "-m", "tests.stand_ins.fake_engine", "--socket", "{socket}"]
        engine += ["--log", str(self._engine_log)]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(
                    PYTHON,
                    "-m",
                    "bot.worker",
                    "--engine-command",
                    shlex.join(engine),
                    *self._options,
                ),
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def kill(self) -> None:
        """End it as a crash or the kernel would: at once, without a word."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    def kill_engine(self) -> None:
        """End the engine alone, if there is one just now."""
        assert self._process is not None
        pid = self._process.pid
        for engine in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(engine), signal.SIGKILL)

    async def terminate(self) -> int:
        """Ask it to end, and return its status."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), 20)

    async def ended(self) -> int:
        """Wait until it has ended by itself, and return its status."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), 20)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None


class Way:
    """Front (in this process), workers (real processes), LINE and Telegram (stand-ins)."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.database_url = database_url
        self.folder = folder
        self.line = LineApi()
        self.telegram = TelegramApi()
        self.workers: list[WorkerProcess] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Way:
        await self._stack.enter_async_context(self.line)
        await self._stack.enter_async_context(self.telegram)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "HOSHO_DATABASE_URL": self.database_url,
            "HOSHO_DATA_DIR": str(self.folder / "data"),
            "HOSHO_AS_OF": "2023-03-25T10:00",
            "HOSHO_LINE_CHANNEL_SECRET": line_api.SECRET,
            "HOSHO_LINE_CHANNEL_ACCESS_TOKEN": line_api.TOKEN,
            "HOSHO_LINE_API_BASE_URL": self.line.address,
            "HOSHO_TELEGRAM_BOT_TOKEN": telegram_api.TOKEN,
            "HOSHO_TELEGRAM_WEBHOOK_SECRET": telegram_api.SECRET,
            "HOSHO_TELEGRAM_API_BASE_URL": self.telegram.address,
        }
        self.settings = Settings.from_env(self.environment)
        self.front = Front(self.settings, self.database_url, PageFacts(frozenset(), ()))
        await self._stack.enter_async_context(
            self.front.app.router.lifespan_context(self.front.app)
        )
        self.http = await self._stack.enter_async_context(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=self.front.app), base_url="http://front"
            )
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for worker in self.workers:
            if worker.running:
                await worker.terminate()
        await self._stack.aclose()

    async def worker(self, *options: str, **environment: str) -> WorkerProcess:
        """Start one more worker."""
        worker = WorkerProcess(
            {**self.environment, **environment},
            self.folder / f"worker{len(self.workers)}.log",
            self.folder / "engine.log",
            *options,
        )
        self.workers.append(worker)
        await worker.start()
        return worker

    async def ready(self, engines: int = 1) -> None:
        """Wait until so many engines answer."""
        async with asyncio.timeout(30):
            while (await self.http.get("/health")).json()["engines"] < engines:
                await asyncio.sleep(0.05)

    async def line_sends(self, *events: dict[str, Any]) -> int:
        """Deliver a webhook call of LINE; return the status of the answer."""
        body, headers = signed(*events)
        response = await self.http.post("/webhooks/line", content=body, headers=headers)
        return response.status_code

    async def telegram_sends(self, update: dict[str, Any]) -> int:
        """Deliver a webhook call of Telegram; return the status of the answer."""
        response = await self.http.post(
            "/webhooks/telegram",
            json=update,
            headers={"X-Telegram-Bot-Api-Secret-Token": telegram_api.SECRET},
        )
        return response.status_code

    def logs(self) -> str:
        """Return what all workers have logged."""
        return "".join(worker.log.read_text(encoding="utf-8") for worker in self.workers)

    def turns(self) -> list[tuple[str, str]]:
        """Return (inbox id, said) of every turn that the engines were asked for."""
        log = self.folder / "engine.log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [(line.split("\t")[1], line.split("\t")[2]) for line in lines]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[call-overload]
