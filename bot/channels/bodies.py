"""Reading a request's body, but not one that never ends."""

from __future__ import annotations

from starlette.requests import Request


class TooBigError(ValueError):
    """The body is bigger than anything the platform sends."""


async def read_body(request: Request, limit: int) -> bytes:
    """Return a request's body.

    Args:
        request: the request.
        limit: bytes it may have.

    Raises:
        TooBigError: when it has more.
        starlette.requests.ClientDisconnect: when it breaks off.
    """
    if int(request.headers.get("content-length") or 0) > limit:
        raise TooBigError
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise TooBigError
    return bytes(body)
