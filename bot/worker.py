"""The worker: takes conversations in order to its engine and sends what is to be said.

``python -m bot.worker``; ends on SIGTERM or SIGINT when what is under way is done.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import shlex
import signal
import sys
from collections.abc import Sequence

import psycopg
import uvloop

from bot import clock
from bot.channels.base import Channel, FetchedChannel
from bot.db.pool import open_pool
from bot.db.server import database
from bot.db.statements import Statements
from bot.logs import set_up
from bot.outbox import Outbox
from bot.settings import Settings, SettingsError
from bot.worker_engine import EngineProcess, default_command, engine_environment
from bot.worker_queue import POLL_SECONDS, Queue
from bot.worker_turn import Tools

log = logging.getLogger(__name__)


def channels_of(settings: Settings) -> dict[str, Channel]:
    """Return the channels that are on, by name; their libraries are loaded only then."""
    channels: dict[str, Channel] = {name: FetchedChannel(name) for name in ("web", "terminal")}
    if settings.line_on:
        from bot.channels.line.channel import LineChannel  # noqa: PLC0415

        channels["line"] = LineChannel.from_settings(settings)
    if settings.telegram_on:
        from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415

        channels["telegram"] = TelegramChannel.from_settings(settings)
    return channels


async def run(
    settings: Settings,
    url: str,
    engine_command: Sequence[str],
    poll_seconds: float = POLL_SECONDS,
) -> int:
    """Work until SIGTERM or SIGINT.

    Args:
        settings: the settings.
        url: the database's address.
        engine_command: how the engine is started (``{socket}`` for its socket).
        poll_seconds: how often due retries are looked for.

    Returns:
        The exit status.
    """
    pool = open_pool(url, size=2)
    statements = Statements(url)
    queue: Queue | None = None

    def wake() -> None:
        if queue is not None:
            queue.wake()

    engine = EngineProcess(engine_command, engine_environment(url), on_ready=wake)
    async with pool, statements, engine:
        # In a thread, while the engine starts: the platforms' libraries take a second to import.
        channels = await asyncio.to_thread(channels_of, settings)
        tools = Tools(
            outbox=Outbox(pool),
            engine=engine.client,
            engine_ready=engine.wait_ready,
            channels=channels,
            clock=lambda: clock.now(settings),
        )
        queue = Queue(
            pool,
            statements,
            url,
            tools,
            ready=lambda: engine.ready,
            poll_seconds=poll_seconds,
        )
        # What is loaded stays: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, queue.stop)
        log.info("working for %s", ", ".join(channels))
        try:
            await queue.run()
        except psycopg.Error as error:
            log.error("the database is gone (%s): ending, to begin anew", type(error).__name__)
            return 1
        finally:
            if tools.beside:
                await asyncio.wait(tools.beside, timeout=2)
            for channel in channels.values():
                await channel.close()
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a worker with its engine.

    Args:
        arguments: ``--engine-command`` replaces the engine, ``--poll-seconds`` the pace at
            which due retries are looked for (tests).
    """
    parser = argparse.ArgumentParser(prog="python -m bot.worker", description=__doc__)
    parser.add_argument("--engine-command", help="start this engine; {socket} is its socket's path")
    parser.add_argument("--poll-seconds", type=float, default=POLL_SECONDS, help="look for retries")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.stderr.write(f"hosho worker: {error}\n")
        return 2
    set_up(settings.log_level)
    command = (
        shlex.split(options.engine_command) if options.engine_command else default_command(settings)
    )
    with database(settings) as url:
        return uvloop.run(run(settings, url, command, options.poll_seconds))


if __name__ == "__main__":
    raise SystemExit(main())
