"""``POST /webhooks/telegram``: secret, then stored, then 200; everything else happens later."""

from __future__ import annotations

import hmac
import json
import logging

import psycopg
import psycopg_pool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.bodies import TooBigError, read_body
from bot.channels.telegram import limits
from bot.channels.telegram.events import MalformedError, read
from bot.channels.telegram.take import take
from bot.inbox import Inbox

log = logging.getLogger(__name__)
PATH = "/webhooks/telegram"


class TelegramWebhook:
    """Telegram's webhook over an inbox."""

    def __init__(self, inbox: Inbox, secret: str) -> None:
        """Take where updates go, and the secret that Telegram sends with them."""
        self._inbox = inbox
        self._secret = secret.encode()

    def route(self) -> Route:
        """Return the route to mount."""
        return Route(PATH, self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """Answer one webhook call.

        400: no update. 401: no or a wrong secret. 413: far too big. 503: not stored; Telegram
        delivers again.
        """
        given = request.headers.get(limits.SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            log.warning("Telegram webhook refused: wrong secret")
            return PlainTextResponse("wrong secret", 401)
        try:
            step = read(json.loads(await read_body(request, limits.WEBHOOK_BYTES)))
        except TooBigError:
            return PlainTextResponse("too big", 413)
        except (MalformedError, ValueError, RecursionError, ClientDisconnect):
            log.warning("Telegram webhook refused: malformed")
            return PlainTextResponse("malformed", 400)
        try:
            await take(self._inbox, step)
        except (psycopg.Error, psycopg_pool.PoolTimeout) as error:
            log.error("Telegram webhook not stored: %s", type(error).__name__)
            return PlainTextResponse("try again", 503)
        return PlainTextResponse("OK")
