"""Start the whole service: database, migrations, model, front and workers under one parent."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

import httpx
from sqlalchemy.exc import OperationalError

from bot.clock import now
from bot.db.migrate import upgrade
from bot.db.server import database
from bot.settings import Settings, SettingsError
from bot.supervisor import Child, PortTakenError, Supervisor, check_port
from bot.training import ROOT, TrainingError, ensure_model, model_path
from bot.worker_engine import default_command


def start(environment: Mapping[str, str]) -> int:
    """Start everything and keep it running until Ctrl-C; return the exit status.

    Args:
        environment: the environment variables, ``HOSHO_*`` among them.
    """
    try:
        settings = Settings.from_env(environment)
        check_port(settings.host, settings.port)
        _say("connecting to PostgreSQL ..." if settings.database_url else "starting PostgreSQL ...")
        with database(settings) as database_url:
            _say("migrating the database ...")
            upgrade(database_url)
            if not model_path(settings.data_dir).exists():
                _say("training the model (about a minute, only when its sources have changed) ...")
            ensure_model(settings.data_dir)
            inherited = {
                **environment,
                "HOSHO_DATABASE_URL": database_url,
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
            }
            return asyncio.run(_supervise(settings, inherited))
    except (SettingsError, PortTakenError, TrainingError, OperationalError) as error:
        print(f"hosho: {error}", file=sys.stderr)
        return 1


def _say(text: str) -> None:
    print(f"hosho: {text}", flush=True)


async def _supervise(settings: Settings, environment: Mapping[str, str]) -> int:
    children = [Child("front", (sys.executable, "-m", "bot.front"))]
    # The model of this start, also for a worker that starts again after its sources changed.
    engine = shlex.join(default_command(settings))
    children += [
        Child(f"worker{number}", (sys.executable, "-m", "bot.worker", "--engine-command", engine))
        for number in range(1, settings.engines + 1)
    ]
    supervisor = Supervisor(children, environment)
    announcement = asyncio.create_task(_announce(settings, time.monotonic()))
    await supervisor.run()
    announcement.cancel()
    with suppress(asyncio.CancelledError):
        await announcement
    _say("everything has stopped.")
    return 0


async def _announce(settings: Settings, started: float) -> None:
    """Say where to click, as soon as a message would be answered."""
    everywhere = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on
    host = "127.0.0.1" if settings.host in everywhere else settings.host
    address = f"http://{host}:{settings.port}"
    async with httpx.AsyncClient(timeout=2) as client:
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get(f"{address}/health")).status_code == httpx.codes.OK:
                    break
            await asyncio.sleep(0.1)
    _say(f"ready after {time.monotonic() - started:.1f} s")
    for note in settings.channel_notes():
        _say(note)
    if settings.as_of:
        _say(f"the clock stands at {now(settings):%Y-%m-%d %H:%M} JST")
    _say(f"talk to it here:  {settings.public_url or address}/     (Ctrl-C stops everything)")


def environment() -> dict[str, str]:
    """Return a copy of this process's environment variables."""
    return dict(os.environ)
