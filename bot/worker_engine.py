"""The worker's own engine: a child process that is started again when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from bot.engine_client import EngineClient
from bot.settings import ROOT, Settings
from bot.training import model_path

log = logging.getLogger(__name__)
#: Seconds between two looks whether a starting engine is ready.
LOOK_SECONDS = 0.1
#: Seconds an engine may take to become ready, before it is killed and started again.
START_SECONDS = 120.0
#: Seconds before an engine that ended is started again; doubled while it ends young.
RESTART_SECONDS = (0.1, 10.0)
#: Seconds an engine may take to end on SIGTERM.
STOP_SECONDS = 3.0


def default_command(settings: Settings) -> list[str]:
    """Return how the engine is started; ``{socket}`` stands for the path of its socket."""
    python = ROOT / "nlu" / ".venv" / "bin" / "python"
    model = model_path(settings.data_dir)
    return [str(python), "-m", "nlu.engine", "--socket", "{socket}", "--model", str(model)]


class EngineProcess:
    """Keeps one engine running; use as an async context manager.

    Args:
        command: the engine's command line; ``{socket}`` in it becomes the socket's path.
        environment: its environment variables.
        on_ready: called whenever an engine became ready.
        log_file: where its output goes; into this process's own without it.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        on_ready: Callable[[], None] | None = None,
        log_file: IO[bytes] | None = None,
    ) -> None:
        """See the class."""
        # Short, since a unix socket's path has at most 107 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="hosho-"))
        self._socket = self._folder / "engine"
        self._command = [word.replace("{socket}", str(self._socket)) for word in command]
        self._environment = dict(environment)
        self._on_ready = on_ready
        self._log_file = log_file
        self._ready = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self.client = EngineClient(self._socket)

    @property
    def ready(self) -> bool:
        """Whether there is an engine that can be asked."""
        return self._ready.is_set()

    async def wait_ready(self) -> None:
        """Wait until there is an engine that can be asked."""
        await self._ready.wait()

    async def __aenter__(self) -> EngineProcess:
        """Begin starting the engine; it is ready later."""
        self._task = asyncio.create_task(self._keep(), name="engine")
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the engine."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.client.close()
        await self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _keep(self) -> None:
        pause, longest = RESTART_SECONDS
        while True:
            started = time.monotonic()
            self._socket.unlink(missing_ok=True)
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env=self._environment,
                # Never written to: it closes when this process is killed, and the engine ends.
                stdin=asyncio.subprocess.PIPE,
                stdout=self._log_file,
                stderr=self._log_file,
            )
            gone = asyncio.create_task(self._process.wait())
            try:
                if await self._becomes_ready(gone):
                    log.info("engine ready after %.1f s", time.monotonic() - started)
                    pause = RESTART_SECONDS[0]
                    self._ready.set()
                    if self._on_ready:
                        self._on_ready()
                    await gone
                elif not gone.done():
                    log.error("engine not ready after %.0f s", START_SECONDS)
                    self._process.kill()
                    await gone
            finally:
                self._ready.clear()
                gone.cancel()
            log.error(
                "engine ended (status %s); starting it again in %.1f s",
                self._process.returncode,
                pause,
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest)

    async def _becomes_ready(self, gone: asyncio.Task[int]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while not gone.done() and time.monotonic() < deadline:
            if self._socket.exists() and await self.client.ready():
                return True
            await asyncio.wait({gone}, timeout=LOOK_SECONDS)
        return False

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def engine_environment(url: str) -> dict[str, str]:
    """Return the environment an engine gets: ours, the database, and the checkout to import."""
    return {**os.environ, "HOSHO_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
