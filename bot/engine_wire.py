"""One kept HTTP connection to the engine: writes a request, gives back the answer.

Over httptools, which parses for uvicorn too. What a general client makes of each call (URL,
cookies, headers, streams, timers, traces) is several times the work of the call itself, and
none of it means anything on a socket that has our own engine at its other end.
"""

from __future__ import annotations

import asyncio
from typing import cast

import httptools


class Wire(asyncio.Protocol):
    """One connection, which carries one request at a time."""

    def __init__(self) -> None:
        """Be unconnected; the event loop connects it."""
        self._transport: asyncio.WriteTransport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @property
    def open(self) -> bool:
        """Whether another request can be written."""
        return self._transport is not None

    async def ask(self, method: str, path: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        """Return the status and the body that answer a request.

        Args:
            method: ``GET`` or ``POST``.
            path: where to.
            body: JSON.
            seconds: how long it may take.

        Raises:
            ConnectionError: the connection broke, or what came is no HTTP.
            TimeoutError: it took longer.
        """
        if self._transport is None:
            raise ConnectionError
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[int, bytes]] = loop.create_future()
        self._answer = answer
        self._transport.write(
            f"{method} {path} HTTP/1.1\r\nHost: engine\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        late = loop.call_later(seconds, self._end, TimeoutError())
        try:
            return await answer
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            late.cancel()
            self._answer = None

    def close(self) -> None:
        """Close the connection."""
        self._end(ConnectionError())

    def _end(self, error: Exception) -> None:
        if self._transport is not None:
            self._transport.abort()
            self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be connected."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Be unconnected: what was asked gets no answer."""
        self.close()

    # httptools

    def on_message_begin(self) -> None:
        """Begin an answer; one that nobody asked for is a mistake of the other end's."""
        self._body.clear()

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """Give the answer to who asked."""
        answer = self._answer
        if answer is not None and not answer.done():
            answer.set_result((self._parser.get_status_code(), bytes(self._body)))
        if answer is None or not self._parser.should_keep_alive():
            self.close()
