"""Talk to an engine: HTTP over a unix socket, connections kept (docs/architecture.md)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from actions.replies import Reply

#: Seconds one turn may take before it counts as failed.
TURN_SECONDS = 30.0


class EngineError(Exception):
    """The engine could not do a turn; the message names the status, never the content."""


class EngineGoneError(EngineError):
    """There is no engine to talk to, or it ended in the middle of the turn (``begun``)."""

    def __init__(self, message: str, *, begun: bool) -> None:
        """Keep whether the turn may have been begun."""
        super().__init__(message)
        self.begun = begun


@dataclass(frozen=True)
class Turn:
    """What the engine answered: the replies, and what must be kept."""

    replies: list[Reply]
    case: Mapping[str, Any] | None


class EngineClient:
    """A client of one engine; use as an async context manager, or call :meth:`close`."""

    def __init__(self, socket: Path) -> None:
        """Take the unix socket on which the engine listens (it need not listen yet)."""
        self._socket = socket
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> EngineClient:
        """Return itself; connections are made when needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def ready(self) -> bool:
        """Return whether the engine answers that it is ready."""
        try:
            async with self._open().get("http://engine/health") as response:
                return response.status == 200
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    async def turn(
        self, conversation: str, message: str, as_of: str, turn: Mapping[str, Any]
    ) -> Turn:
        """Have one message answered.

        Args:
            conversation: its id, e.g. ``line:3f9c…``.
            message: the inbox id; the same one again gives the recorded replies again.
            as_of: the assistant's clock, ISO with offset.
            turn: exactly one of ``text``, ``button``, ``start``, ``event``.

        Raises:
            EngineGoneError: no engine, or it ended meanwhile; trying again is safe.
            EngineError: it answered with an error, or not in time.
        """
        body = {"conversation": conversation, "message": message, "as_of": as_of, **turn}
        try:
            async with self._open().post(
                "http://engine/turn",
                data=json.dumps(body).encode(),
                headers={"Content-Type": "application/json"},
            ) as response:
                if response.status != 200:
                    raise EngineError(f"engine answered {response.status}")
                answer = json.loads(await response.read())
        except (aiohttp.ClientConnectorError, FileNotFoundError, ConnectionRefusedError):
            raise EngineGoneError("no engine", begun=False) from None
        except TimeoutError:
            raise EngineError(f"engine took more than {TURN_SECONDS:.0f} s") from None
        except (aiohttp.ClientError, OSError):
            raise EngineGoneError("engine ended during the turn", begun=True) from None
        except ValueError:
            raise EngineError("engine answered no JSON") from None
        try:
            replies = [Reply.from_json(item) for item in answer["replies"]]
            return Turn(replies, answer.get("case"))
        except (KeyError, TypeError, AttributeError):
            raise EngineError("engine answered something that is no list of replies") from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            asyncio.get_running_loop()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(path=str(self._socket), limit=64),
                timeout=aiohttp.ClientTimeout(total=TURN_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session
