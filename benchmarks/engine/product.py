"""This project's engine with its PostgreSQL, as a worker would use it."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from benchmarks.engine.processes import Family
from benchmarks.engine.stock_rasa import ROOT, clean_environment, until_answered
from benchmarks.engine.travellers import AS_OF, Step

NLU_PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
#: Run apart, so that the server is no child of the measuring process's own account.
POSTGRES = """
import sys
from pathlib import Path
from bot.postgres import embedded
with embedded(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


class Postgres:
    """An embedded server of the benchmark's own."""

    def __init__(self, url: str, postmaster: int) -> None:
        self.url = url
        self.family = Family([postmaster])

    def run(self, *statements: str) -> None:
        """Run statements, each by itself."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@asynccontextmanager
async def postgres(folder: Path) -> AsyncIterator[Postgres]:
    """Start PostgreSQL over a folder (kept from run to run), end it on leaving."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    keeper = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-c",
        POSTGRES,
        str(folder),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        url = (await keeper.stdout.readline()).decode().strip()
        postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        yield Postgres(url, postmaster)
    finally:
        keeper.stdin.close()
        await keeper.wait()


class Engine:
    """One running engine and a client of it."""

    def __init__(self, process: asyncio.subprocess.Process, session: aiohttp.ClientSession) -> None:
        self.process = process
        self.session = session
        self.family = Family([process.pid])

    async def turn(self, body: dict[str, Any]) -> dict[str, Any]:
        """Post one turn; return what was answered."""
        async with self.session.post(
            "http://engine/turn", data=json.dumps(body, ensure_ascii=False).encode()
        ) as response:
            if response.status != 200:
                raise AssertionError(f"engine: {response.status} {await response.text()}")
            return json.loads(await response.read())  # type: ignore[no-any-return]


@asynccontextmanager
async def engine(url: str, model: Path) -> AsyncIterator[Engine]:
    """Start an engine, wait until it is ready, end it on leaving."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hosho-bench-"))
        socket = Path(folder) / "engine"
        process = await asyncio.create_subprocess_exec(
            *(str(NLU_PYTHON), "-m", "nlu.engine", "--socket", str(socket)),
            *("--model", str(model), "--database-url", url),
            cwd=ROOT,
            env=clean_environment(),
        )
        try:
            session = await stack.enter_async_context(
                aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=str(socket), limit=0))
            )
            await until_answered(session, "http://engine/health", [process])
            yield Engine(process, session)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


class Product:
    """The engines as one side: a conversation's turns go to any of them."""

    def __init__(self, engines: list[Engine], database: Postgres, ready: float = 0.0) -> None:
        self._turns = itertools.cycle(engines)
        self.engines = engines
        self.database = database
        self.family = Family(pid for part in (*engines, database) for pid in part.family.roots)
        self.seconds_to_ready = ready
        self._messages = itertools.count(1)
        self._buttons: dict[str, dict[str, str]] = {}

    async def say(self, traveller: str, step: Step) -> list[str]:
        offered = self._buttons.get(traveller, {})
        content: dict[str, str] = {"text": step.text}
        if step.kind == "start":
            content = {"start": ""}
        elif step.kind == "press" and step.token in offered:
            content = {"button": offered[step.token]}
        answer = await next(self._turns).turn(
            {
                "conversation": traveller,
                "message": f"{time.time_ns():x}-{next(self._messages)}",
                "as_of": AS_OF,
                **content,
            }
        )
        replies = answer["replies"]
        self._buttons[traveller] = {
            choice["token"]: f"{reply['interview']}:{choice['token']}"
            for reply in replies
            for choice in reply["choices"]
        }
        return [reply["text"] for reply in replies]


@asynccontextmanager
async def running(folder: Path, model: Path, engines: int = 1) -> AsyncIterator[Product]:
    """Start PostgreSQL and engines with empty tables; end all of it on leaving."""
    async with AsyncExitStack() as stack:
        begun = time.perf_counter()
        database = await stack.enter_async_context(postgres(folder))
        started = await asyncio.gather(
            *(stack.enter_async_context(engine(database.url, model)) for _ in range(engines))
        )
        ready = time.perf_counter() - begun
        database.run("TRUNCATE tracker_state, tracker_turn")
        yield Product(list(started), database, ready)
