"""Stock Rasa: its environment, its model, its two servers."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from benchmarks.engine.processes import Family
from benchmarks.engine.travellers import Step

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).parent / "stock"
ENVIRONMENT = ROOT / ".venv-stock"
#: Seconds within which any side must be ready.
READY_WITHIN = 300.0
PORT, ACTIONS_PORT = 5055 - 50, 5055  # Rasa's defaults


def clean_environment() -> dict[str, str]:
    """Return the variables for a side's processes: quiet, and free to keep compiled modules."""
    ours = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONPROFILEIMPORTTIME"}
    }
    return {**kept, **ours}


def build(environment: Path, uv: str) -> Path:
    """Return the Python of stock Rasa's environment, built from the lock when it is missing."""
    python = environment / "bin" / "python"
    if not python.exists():
        print(f"building stock Rasa's environment in {environment} (2.7 GB) ...", file=sys.stderr)
        lock = ROOT / "requirements" / "stock.txt"
        for words in (
            (uv, "venv", "-q", "-p", "3.10", environment),
            # As pip does, and as the first start would: modules compiled.
            (uv, "pip", "sync", "-q", "--compile-bytecode", "--require-hashes", "-p", python, lock),
        ):
            subprocess.run(words, check=True, cwd=ROOT)
    return python


def train(python: Path, folder: Path) -> Path:
    """Return the project with its model, trained when its sources or the environment changed."""
    digest = hashlib.sha256(str(python).encode())
    for path in sorted(PROJECT.rglob("*")):
        if path.is_file() and path.suffix in {".yml", ".py"}:
            digest.update(path.read_bytes())
    project = folder / f"stock-{digest.hexdigest()[:12]}"
    if not list(project.glob("models/*.tar.gz")):
        print("training stock Rasa (about a minute) ...", file=sys.stderr)
        shutil.rmtree(project, ignore_errors=True)
        shutil.copytree(PROJECT, project)
        done = subprocess.run(
            [python, "-m", "rasa", "train"],
            cwd=project,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"stock Rasa could not train:\n{done.stdout}{done.stderr}")
    return project


class StockRasa:
    """The running servers, over Rasa's REST channel."""

    def __init__(self, session: aiohttp.ClientSession, family: Family, ready: float) -> None:
        self._session = session
        self.family = family
        self.seconds_to_ready = ready

    async def say(self, traveller: str, step: Step) -> list[str]:
        message = {
            "start": "/begin",
            "press": "/inform"
            + json.dumps({step.token.partition("=")[0]: step.token.partition("=")[2]}),
        }.get(step.kind, step.text)
        async with self._session.post(
            f"http://127.0.0.1:{PORT}/webhooks/rest/webhook",
            json={"sender": traveller, "message": message},
        ) as response:
            response.raise_for_status()
            return [said.get("text", "") for said in await response.json()]


@asynccontextmanager
async def running(python: Path, project: Path) -> AsyncIterator[StockRasa]:
    """Start Rasa's server and its action server, and end them on leaving."""
    begun = time.perf_counter()
    with (project / "rasa.log").open("w") as log:
        processes = [
            await asyncio.create_subprocess_exec(
                str(python),
                "-m",
                "rasa",
                *words,
                cwd=project,
                env=clean_environment(),
                stdout=log,
                stderr=log,
            )
            for words in (
                ("run", "actions", "--actions", "actions.actions", "--port", str(ACTIONS_PORT)),
                ("run", "--port", str(PORT), "--interface", "127.0.0.1"),
            )
        ]
    try:
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=300), connector=aiohttp.TCPConnector(limit=0)
        ) as session:
            for url in (f"http://127.0.0.1:{ACTIONS_PORT}/health", f"http://127.0.0.1:{PORT}/"):
                await until_answered(session, url, processes)
            ready = time.perf_counter() - begun
            yield StockRasa(session, Family(process.pid for process in processes), ready)
    finally:
        for process in processes:
            if process.returncode is None:
                process.terminate()
        await asyncio.gather(*(process.wait() for process in processes))


async def until_answered(
    session: aiohttp.ClientSession, url: str, processes: list[asyncio.subprocess.Process]
) -> None:
    """Wait until an address answers 200; give up when a process has ended, or after minutes."""
    deadline = time.perf_counter() + READY_WITHIN
    while True:
        if time.perf_counter() > deadline:
            raise SystemExit(f"{url} did not answer within {READY_WITHIN:.0f} s")
        for process in processes:
            if process.returncode is not None:
                raise SystemExit(
                    f"a server ended before it was ready (status {process.returncode})"
                )
        try:
            async with session.get(url) as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.02)
