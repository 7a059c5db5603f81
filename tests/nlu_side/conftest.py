"""What the tests inside Rasa's environment share: PostgreSQL, the trained model, an engine."""

from __future__ import annotations

# ruff: noqa: PLC0415  (the service's environment has none of what is imported late)
import asyncio
import importlib.util
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from socket import socket
from typing import Any

import pytest

# The service's environment has no Rasa: its own run leaves this folder to the run inside.
collect_ignore_glob = [] if importlib.util.find_spec("rasa") else ["*.py"]

ROOT = Path(__file__).resolve().parents[2]
# Rasa uses SQLAlchemy as of 1.4, which says at every import that 2.0 is out.
os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
SERVICE_PYTHON = ROOT / ".venv" / "bin" / "python"
#: Run by the service's Python, which has the embedded server: prints its address, waits for EOF.
POSTGRES = """
import sys
from pathlib import Path
from bot.postgres import embedded
with embedded(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""
MODEL = """
from bot.settings import Settings
from bot.training import ensure_model
print(ensure_model(Settings.from_env().data_dir))
"""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of the tests' own."""
    # A unix socket's path has at most 107 bytes: not below pytest's long folder names.
    folder = tmp_path_factory.mktemp("pg")
    server = subprocess.Popen(
        [SERVICE_PYTHON, "-W", "ignore", "-c", POSTGRES, folder],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    assert server.stdin is not None
    url = server.stdout.readline().strip()
    assert url, "the embedded PostgreSQL did not start"
    yield url
    server.stdin.close()
    server.wait(timeout=30)
    server.stdout.close()


@pytest.fixture(scope="session")
def model() -> Path:
    """The project's trained model; trained now when it is missing or stale."""
    done = subprocess.run(
        [SERVICE_PYTHON, "-c", MODEL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def database(postgres: str) -> str:
    """The server's address, with the engine's tables empty."""
    import asyncpg

    from nlu.engine.tables import CREATE_TABLES, DROP_TABLES

    async def empty() -> None:
        connection = await asyncpg.connect(postgres)
        for statement in (*DROP_TABLES, *CREATE_TABLES):
            await connection.execute(statement)
        await connection.close()

    asyncio.run(empty())
    return postgres


@pytest.fixture(scope="session")
def processor(model: Path) -> Any:
    """Rasa's processor as the engine has it, loaded once, with actions that echo."""
    from nlu.engine.locks import ConversationLocks
    from nlu.engine.processor import TurnProcessor
    from nlu.engine.tracker_store import PostgresTrackerStore

    unconnected = PostgresTrackerStore(None, "")  # each test brings its own
    return TurnProcessor(model, unconnected, ConversationLocks(), "tests.nlu_side.echo_actions")


@pytest.fixture
def with_engine(processor: Any, database: str) -> Callable[..., Any]:
    """Run a coroutine function with a processor over an empty database."""
    from nlu.engine.processor import TURNS_AT_ONCE
    from nlu.engine.tracker_store import PostgresTrackerStore

    def run(test: Callable[[Any], Awaitable[Any]]) -> Any:
        async def inside() -> Any:
            processor.tracker_store = store = PostgresTrackerStore(processor.domain, database)
            # An asyncio lock belongs to the loop in which somebody first waited for it.
            processor.under_way = asyncio.Semaphore(TURNS_AT_ONCE)
            try:
                return await test(processor)
            finally:
                await store.close()

        return asyncio.run(inside())

    return run


@pytest.fixture(scope="session")
def action_server() -> Iterator[str]:
    """The address of the project's actions behind rasa_sdk's own server."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-W", "ignore", "-m", "rasa_sdk"),
            *("--actions", "actions", "--port", str(port)),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        server.terminate()
        server.wait(timeout=30)
