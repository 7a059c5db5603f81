"""One engine's life: load, listen, answer, finish what is under way, leave."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from pathlib import Path
from typing import Optional

import asyncpg
from aiohttp import web

from nlu.engine.locks import ConversationLocks
from nlu.engine.processor import TurnProcessor
from nlu.engine.server import application
from nlu.engine.tracker_store import PostgresTrackerStore

logger = logging.getLogger("hosho.engine")
#: Seconds that turns under way may still take after SIGTERM.
GRACE = 20.0


async def run(
    model: Path,
    database_url: str,
    *,
    socket: Optional[Path] = None,
    port: Optional[int] = None,
    actions: str = "actions",
) -> None:
    """Answer turns until SIGTERM or SIGINT.

    Raises:
        SystemExit: when the database does not answer; the message says what to check.

    Args:
        model: the trained model (``.tar.gz``).
        database_url: ``postgresql://…``
        socket: unix socket to listen on, or
        port: port of 127.0.0.1 to listen on; 0 lets the system choose.
        actions: import name of the package with the custom actions.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    store = PostgresTrackerStore(None, database_url)
    processor = TurnProcessor(model, store, ConversationLocks(), actions)
    for name in processor.actions.missing():
        logger.warning("the domain's action %s is not in the package %s", name, actions)
    try:
        await store.connect(create_tables=True)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise SystemExit(
            f"hosho engine: the database does not answer ({type(error).__name__}); "
            "check HOSHO_DATABASE_URL and that PostgreSQL runs"
        ) from None
    # The model, Rasa and its modules stay: the collector need not look at them ever again.
    gc.collect()
    gc.freeze()
    gc.enable()
    runner = web.AppRunner(application(processor), access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        site = _site(runner, socket, port)
        await site.start()
        logger.info("ready on %s", ", ".join(str(address) for address in runner.addresses))
        await stop.wait()
    finally:
        await runner.cleanup()
        await store.close()


def _site(runner: web.AppRunner, socket: Optional[Path], port: Optional[int]) -> web.BaseSite:
    if socket is None:
        return web.TCPSite(runner, "127.0.0.1", port or 0)
    # Left behind by an engine that was killed.
    with contextlib.suppress(FileNotFoundError):
        socket.unlink()
    return web.UnixSite(runner, str(socket))
