"""Start one engine: ``python -m nlu.engine --socket PATH --model PATH --database-url URL``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path

from nlu.engine.quiet import quieten

logger = logging.getLogger("hosho.engine")
#: Seconds a turn may still take after SIGTERM.
GRACE = 20.0


def arguments() -> argparse.Namespace:
    """Return the command line, read."""
    parser = argparse.ArgumentParser(prog="python -m nlu.engine", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--socket", type=Path, help="unix socket to listen on")
    where.add_argument("--port", type=int, help="port on 127.0.0.1 to listen on instead")
    parser.add_argument("--model", type=Path, required=True, help="trained model (.tar.gz)")
    parser.add_argument(
        "--database-url",
        default=os.environ.get("HOSHO_DATABASE_URL"),
        help="postgresql://… (default: HOSHO_DATABASE_URL)",
    )
    parser.add_argument(
        "--actions", default="actions", help="import name of the package with the custom actions"
    )
    found = parser.parse_args()
    if not found.database_url:
        parser.error("give --database-url or set HOSHO_DATABASE_URL")
    if not found.model.is_file():
        parser.error(f"--model: there is no file {found.model}; train it first (./hosho train)")
    return found


async def serve(options: argparse.Namespace) -> None:
    """Load the model, then answer until SIGTERM or SIGINT; turns under way are finished."""
    # Imported here: Rasa takes seconds, and wrong arguments should not.
    from aiohttp import web

    from nlu.engine.locks import ConversationLocks
    from nlu.engine.processor import TurnProcessor
    from nlu.engine.server import application
    from nlu.engine.tracker_store import PostgresTrackerStore

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    store = PostgresTrackerStore(None, options.database_url)
    processor = TurnProcessor(options.model, store, ConversationLocks(), options.actions)
    for name in processor.actions.missing():
        logger.warning("the domain's action %s is not in the package %s", name, options.actions)
    await store.connect(create_tables=True)
    runner = web.AppRunner(application(processor), access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        if options.socket:
            with contextlib.suppress(FileNotFoundError):
                options.socket.unlink()
            site: web.BaseSite = web.UnixSite(runner, str(options.socket))
        else:
            site = web.TCPSite(runner, "127.0.0.1", options.port)
        await site.start()
        logger.info("ready on %s", site.name)
        await stop.wait()
    finally:
        await runner.cleanup()
        await store.close()


def main() -> None:
    """Run until told to stop."""
    options = arguments()
    quieten()
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
