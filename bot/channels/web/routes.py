"""The web channel's routes: ``/``, ``/web/messages``, ``/web/events`` and the static files."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.channels.web.incoming import MAX_TEXT, RefusedError, read_incoming
from bot.channels.web.limits import Bucket, Places
from bot.channels.web.page import SECURITY_HEADERS, STATIC, Page, PageFacts
from bot.channels.web.port import Mailbox, UnavailableError
from bot.channels.web.stream import events
from bot.channels.web.visitor import (
    is_same_origin,
    is_secure,
    name_of,
    new_token,
    set_token,
    token_of,
)

logger = logging.getLogger(__name__)

#: A person who hammers the buttons stays below this; a program that floods does not.
VISITOR_BURST, VISITOR_PER_SECOND = 30, 1.0
#: Many visitors share one address behind a mobile carrier's or a hotel's gateway.
ADDRESS_BURST, ADDRESS_PER_SECOND = 600, 20.0
#: Open pages (tabs, devices) of one visitor, and of one address.
STREAMS_A_VISITOR, STREAMS_AN_ADDRESS = 8, 400
CURSOR_LENGTH = 64


class _VersionedFiles(StaticFiles):
    """Static files below an address that names their content: kept by browsers for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(SECURITY_HEADERS)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class WebChannel:
    """The page and its two endpoints over a mailbox."""

    def __init__(
        self,
        mailbox: Mailbox,
        facts: PageFacts,
        *,
        public_url: str | None = None,
        stopped_clock: datetime | None = None,
    ) -> None:
        """Wire the channel.

        Args:
            mailbox: inbox and outbox.
            facts: what the page takes from the notices.
            public_url: our address as visitors have it, where it is known.
            stopped_clock: the moment at which a demonstration's clock stands (JST).
        """
        self._mailbox = mailbox
        self._facts = facts
        self._public_url = public_url
        self._page = Page(facts, stopped_clock)
        self._closing = asyncio.Event()
        self._visitors = Bucket(VISITOR_BURST, VISITOR_PER_SECOND)
        self._addresses = Bucket(ADDRESS_BURST, ADDRESS_PER_SECOND)
        self._streams = Places(STREAMS_A_VISITOR)
        self._address_streams = Places(STREAMS_AN_ADDRESS)

    def routes(self) -> list[BaseRoute]:
        """Return the routes to mount at ``/``."""
        return [
            Route("/", self._index, methods=["GET"]),
            Route("/web/messages", self._messages, methods=["POST"]),
            Route("/web/events", self._events, methods=["GET"]),
            Mount(f"/web/static/{self._page.version}", _VersionedFiles(directory=STATIC)),
        ]

    def close(self) -> None:
        """End the open streams, so that the server can stop; pages reconnect by themselves."""
        self._closing.set()

    async def _index(self, request: Request) -> Response:
        campaign = request.query_params.get("campaign", "")
        campaign = campaign if campaign in self._facts.campaigns else ""
        response = HTMLResponse(self._page.render(campaign, MAX_TEXT), headers=_HEADERS)
        token = token_of(request, self._public_url) or new_token()
        # Sent each time: the cookie's life counts from the last visit.
        set_token(response, token, secure=is_secure(request, self._public_url))
        return response

    async def _messages(self, request: Request) -> Response:
        try:
            visitor = self._visitor(request)
            self._slow_down(request, visitor)
            message = await read_incoming(request, self._facts.campaigns)
        except RefusedError as refused:
            return _refusal(refused)
        try:
            fresh = await self._mailbox.post(visitor, message)
        except UnavailableError as error:
            logger.error("web message not stored: %s", error)
            return _refusal(
                RefusedError(
                    503,
                    "unavailable",
                    "ただいま混み合っています。少しおいて、もう一度送ってください。",
                )
            )
        return JSONResponse({"id": message.id}, 202 if fresh else 200, headers=_HEADERS)

    async def _events(self, request: Request) -> Response:
        try:
            visitor = self._visitor(request)
            after = _cursor(request)
            address = _address(request)
            if not self._streams.free(visitor) or not self._address_streams.free(address):
                raise RefusedError(429, "too_many_pages", "開いているページが多すぎます。")
        except RefusedError as refused:
            return _refusal(refused)
        return StreamingResponse(
            self._stream(visitor, address, after),
            media_type="text/event-stream",
            headers={**_HEADERS, "X-Accel-Buffering": "no"},
        )

    async def _stream(self, visitor: str, address: str, after: str | None) -> AsyncGenerator[bytes]:
        with self._streams.taken(visitor), self._address_streams.taken(address):
            source = events(self._mailbox, visitor, after, self._closing)
            try:
                async for piece in source:
                    yield piece
            except Exception:
                # The headers are out: the stream can only end, and the page comes back.
                logger.exception("web stream broke off")
            finally:
                await source.aclose()

    def _visitor(self, request: Request) -> str:
        if not is_same_origin(request, self._public_url):
            raise RefusedError(403, "other_site", "ほかのサイトからは送れません。")
        token = token_of(request, self._public_url)
        if token is None:
            raise RefusedError(
                401,
                "no_visitor",
                "会話の続きが見つかりません。ページを読み込み直してください（Cookie が必要です）。",
            )
        return name_of(token)

    def _slow_down(self, request: Request, visitor: str) -> None:
        wait = self._visitors.wait(visitor) or self._addresses.wait(_address(request))
        if wait:
            refused = RefusedError(
                429, "too_fast", "続けて送られたため、少しお待ちください。もう一度送れます。"
            )
            refused.retry_after = math.ceil(wait)
            raise refused


_HEADERS = {**SECURITY_HEADERS, "Cache-Control": "no-store"}


def _refusal(refused: RefusedError) -> Response:
    headers = dict(_HEADERS)
    if refused.retry_after:
        headers["Retry-After"] = str(refused.retry_after)
    return JSONResponse(
        {"error": refused.code, "message": refused.message}, refused.status, headers=headers
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _cursor(request: Request) -> str | None:
    """Return where to go on: the browser's header on its own reconnects, else the page's query."""
    cursor = request.headers.get("last-event-id") or request.query_params.get("after") or None
    if cursor is not None and (len(cursor) > CURSOR_LENGTH or not cursor.isascii()):
        raise RefusedError(400, "bad_cursor", "会話の続きが見つかりません。")
    return cursor
