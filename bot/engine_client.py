"""Talk to an engine: HTTP over a unix socket, connections kept (docs/architecture.md)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.replies import Reply
from bot.engine_wire import Wire

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


class _NoEngineError(ConnectionError):
    """Nobody listens on the socket."""


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
        #: Connections that carry nothing now; the one used last is used next.
        self._free: list[Wire] = []

    async def __aenter__(self) -> EngineClient:
        """Return itself; connections are made when needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        while self._free:
            self._free.pop().close()

    async def ready(self) -> bool:
        """Return whether the engine answers that it is ready."""
        try:
            return (await self._ask("GET", "/health", b""))[0] == 200
        except (OSError, TimeoutError):
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
            status, content = await self._ask("POST", "/turn", json.dumps(body).encode())
            if status != 200:
                raise EngineError(f"engine answered {status}")
            answer = json.loads(content)
        except _NoEngineError:
            raise EngineGoneError("no engine", begun=False) from None
        except TimeoutError:
            raise EngineError(f"engine took more than {TURN_SECONDS:.0f} s") from None
        except OSError:
            raise EngineGoneError("engine ended during the turn", begun=True) from None
        except ValueError:
            raise EngineError("engine answered no JSON") from None
        try:
            replies = [Reply.from_json(item) for item in answer["replies"]]
            return Turn(replies, answer.get("case"))
        except (KeyError, TypeError, AttributeError):
            raise EngineError("engine answered something that is no list of replies") from None

    async def _ask(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Return the status and the body that answer a request.

        Raises:
            _NoEngineError: nobody listens; nothing was asked.
            ConnectionError: the connection broke.
            TimeoutError: it took longer than ``TURN_SECONDS``.
        """
        wire = await self._wire()
        answer = await wire.ask(method, path, body, TURN_SECONDS)
        if wire.open:
            self._free.append(wire)
        return answer

    async def _wire(self) -> Wire:
        while self._free:
            wire = self._free.pop()
            if wire.open:
                return wire
        try:
            loop = asyncio.get_running_loop()
            return (await loop.create_unix_connection(Wire, str(self._socket)))[1]
        except OSError:
            raise _NoEngineError from None
