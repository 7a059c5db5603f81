"""The front: webhooks and the web page over the inbox; answers at once, decides nothing.

``python -m bot.front``; ends on SIGTERM or SIGINT when the requests under way are answered.
"""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from socket import socket as Socket

import psycopg
import psycopg_pool
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from actions.notices import load_notices
from bot.channels.web.mailbox import StoredMailbox
from bot.channels.web.page import PageFacts
from bot.channels.web.routes import WebChannel
from bot.db.pool import open_pool
from bot.db.server import database
from bot.db.statements import Statements
from bot.inbox import Inbox
from bot.logs import set_up
from bot.outbox_listen import OutboxListener
from bot.settings import Settings, SettingsError
from bot.worker_queue import READY

log = logging.getLogger(__name__)
#: Seconds that requests under way may take once the front is asked to end.
STOP_SECONDS = 3
#: Seconds to wait for a connection to the database: LINE waits two for its answer, and delivers
#: again what was not acknowledged.
STORE_SECONDS = 1.5
#: Whether some worker has an engine that answers (see ``bot/worker_queue.py``).
_SERVED = f"""
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = {READY}
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608


class Front:
    """The web application and what it holds open."""

    def __init__(self, settings: Settings, url: str, facts: PageFacts) -> None:
        """Put the parts together; nothing is opened yet.

        Args:
            settings: which channels are on.
            url: the database's address.
            facts: what the page shows of the notices.
        """
        self._pool = open_pool(url, patience=STORE_SECONDS)
        self._listener = OutboxListener(self._pool, url)
        self._statements = Statements(url, patience=STORE_SECONDS)
        inbox = Inbox(self._statements)
        self.web = WebChannel(
            StoredMailbox(inbox, self._listener, self._pool),
            facts,
            public_url=settings.public_url,
            stopped_clock=settings.as_of,
        )
        # In the order in which they are looked through: the webhooks first.
        routes: list[BaseRoute] = []
        if settings.line_on:
            # Imported only where it is used: the libraries are big.
            from bot.channels.line.webhook import LineWebhook  # noqa: PLC0415

            assert settings.line_channel_secret is not None
            routes.append(LineWebhook(inbox, settings.line_channel_secret).route())
        if settings.telegram_webhook_on:
            from bot.channels.telegram.webhook import TelegramWebhook  # noqa: PLC0415

            assert settings.telegram_webhook_secret is not None
            routes.append(TelegramWebhook(inbox, settings.telegram_webhook_secret).route())
        routes += [Route("/health", self._health), *self.web.routes()]
        self.app = Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with self._pool, self._statements, self._listener:
            yield

    async def _health(self, request: Request) -> Response:
        """Answer 200 when a message would be answered: the database is there, and an engine."""
        try:
            async with self._pool.connection(timeout=2) as connection:
                row = await (await connection.execute(_SERVED)).fetchone()
        except (psycopg.Error, psycopg_pool.PoolTimeout):
            return JSONResponse({"database": False, "engines": 0}, 503)
        engines = row[0] if row else 0
        return JSONResponse({"database": True, "engines": engines}, 200 if engines else 503)


class _Server(uvicorn.Server):
    """uvicorn, which tells the open pages first that it is about to end."""

    def __init__(self, config: uvicorn.Config, front: Front) -> None:
        super().__init__(config)
        self._front = front

    async def shutdown(self, sockets: list[Socket] | None = None) -> None:
        self._front.web.close()
        await super().shutdown(sockets)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT.

    Args:
        arguments: none.
    """
    argparse.ArgumentParser(prog="python -m bot.front", description=__doc__).parse_args(arguments)
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.stderr.write(f"hosho front: {error}\n")
        return 2
    set_up(settings.log_level)
    with database(settings) as url:
        front = Front(settings, url, PageFacts.of(load_notices()))
        config = uvicorn.Config(
            front.app,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        server = _Server(config, front)
        for signum in (signal.SIGTERM, signal.SIGINT):
            # uvicorn ends in order and then raises the signal once more: that one is done with.
            signal.signal(signum, lambda *_: None)
        # What is loaded stays: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    raise SystemExit(main())
