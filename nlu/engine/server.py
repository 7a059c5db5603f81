"""The engine protocol over HTTP: ``POST /turn``, ``GET /health`` (docs/architecture.md)."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import asyncpg
from aiohttp import web

from nlu.engine.actions import ActionFailedError, describe
from nlu.engine.processor import TurnProcessor
from nlu.engine.protocol import BadRequestError, Turn
from nlu.engine.tracker_store import ConflictError

logger = logging.getLogger("hosho.engine")
#: A turn is at most a text of 10,000 characters, escaped.
MAX_BODY_BYTES = 256 * 1024
#: What another try may well not meet again.
_TRY_AGAIN = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
    asyncio.TimeoutError,
    ConflictError,
)
PROCESSOR: web.AppKey[TurnProcessor] = web.AppKey("processor", TurnProcessor)


def application(processor: TurnProcessor) -> web.Application:
    """Return the HTTP application over a loaded processor."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app[PROCESSOR] = processor
    app.router.add_post("/turn", _turn)
    app.router.add_get("/health", _health)
    return app


async def _turn(request: web.Request) -> web.Response:
    try:
        turn = Turn.from_bytes(await request.read())
    except BadRequestError as error:
        return _json({"error": str(error)}, 400)
    except web.HTTPRequestEntityTooLarge:
        return _json({"error": f"the body is longer than {MAX_BODY_BYTES} bytes"}, 413)
    # A client that hangs up does not stop a turn half-way: it is finished, stored, and given
    # again when the message is delivered again.
    task = asyncio.ensure_future(request.app[PROCESSOR].take_turn(turn))
    try:
        return _json(await asyncio.shield(task), 200)
    except ActionFailedError as error:
        logger.error("turn failed, nothing kept: %s", error)
        return _json({"error": "an action failed; the conversation is unchanged"}, 500)
    except _TRY_AGAIN as error:
        logger.error("turn not stored: %s", describe(error))
        return _json({"error": "the turn could not be stored; try again"}, 503)
    except Exception as error:
        logger.error("turn failed, nothing kept: %s", describe(error))
        return _json({"error": "the turn failed; the conversation is unchanged"}, 500)


async def _health(_request: web.Request) -> web.Response:
    return _json({"status": "ready"}, 200)


def _json(body: dict[str, Any], status: int) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        status=status,
        content_type="application/json",
    )
