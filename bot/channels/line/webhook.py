"""``POST /webhooks/line``: signature, then stored, then 200; everything else happens later."""

from __future__ import annotations

import json
import logging

import psycopg
import psycopg_pool
from linebot.v3.webhook import SignatureValidator  # type: ignore[import-untyped]
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.bodies import TooBigError, read_body
from bot.channels.line import limits
from bot.channels.line.events import read
from bot.inbox import Inbox

log = logging.getLogger(__name__)
CHANNEL = "line"
PATH = "/webhooks/line"


class LineWebhook:
    """LINE's webhook over an inbox."""

    def __init__(self, inbox: Inbox, channel_secret: str) -> None:
        """Take where events go, and the channel secret that signs them."""
        self._inbox = inbox
        self._validator = SignatureValidator(channel_secret)

    def route(self) -> Route:
        """Return the route to mount."""
        return Route(PATH, self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """Answer one webhook call.

        400: no JSON of LINE's shape. 401: no or a wrong signature. 413: far too big. 503: not
        stored; LINE delivers again where webhook redelivery is on.
        """
        try:
            text = (await read_body(request, limits.WEBHOOK_BYTES)).decode()
        except TooBigError:
            return PlainTextResponse("too big", 413)
        except (UnicodeDecodeError, ClientDisconnect):
            return PlainTextResponse("malformed", 400)
        if not self._validator.validate(text, request.headers.get("x-line-signature", "")):
            log.warning("LINE webhook refused: wrong signature")
            return PlainTextResponse("wrong signature", 401)
        try:
            events = json.loads(text)["events"]
            if not isinstance(events, list):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            log.warning("LINE webhook refused: malformed")
            return PlainTextResponse("malformed", 400)
        try:
            for event in events:
                await self._take(event)
        except (psycopg.Error, psycopg_pool.PoolTimeout) as error:
            log.error("LINE webhook not stored: %s", type(error).__name__)
            return PlainTextResponse("try again", 503)
        return PlainTextResponse("OK")

    async def _take(self, event: object) -> None:
        step = read(event)
        if step is None:
            return
        if step.event is not None:
            await self._inbox.receive(CHANNEL, step.event)
        elif step.kind == "left":
            await self._inbox.left(CHANNEL, step.address)
        else:
            await self._inbox.unsend(CHANNEL, step.address, step.message)
