"""Reading what the page posts: every way it can be wrong has its status and kind words."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import ClientDisconnect, Request

from bot.channels.web.port import Incoming, Kind

#: Characters (code points) of one message.
MAX_TEXT = 2_000
#: Bytes of one request: 2,000 characters of four bytes, escaped, with room around them.
MAX_BODY = 32 * 1024
#: ``interview:token``, as Telegram's limit has it for every channel.
MAX_BUTTON = 64
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BUTTON = re.compile(r"[!-~]+")
#: Control characters (line breaks and tabs aside) and halves of UTF-16 pairs: neither is
#: writing, and PostgreSQL can keep neither NUL nor the halves.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class RefusedError(Exception):
    """A request that is not taken: ``status``, a ``code`` for programs, words for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep all three."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        #: Seconds after which the same request may be made again.
        self.retry_after: int | None = None


async def read_incoming(request: Request, campaigns: frozenset[str]) -> Incoming:
    """Read one message.

    Args:
        request: ``POST /web/messages``; JSON ``{"id", "text" | "button" | "start"}``.
        campaigns: the campaigns a talk can start in.

    Raises:
        RefusedError: 400, 413 or 415.
    """
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise RefusedError(415, "not_json", "application/json で送ってください。")
    try:
        body = json.loads(await _body(request))
    except (ValueError, RecursionError):
        raise RefusedError(400, "bad_json", "送られた内容を読み取れませんでした。") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "bad_json", "送られた内容を読み取れませんでした。")
    message = body.get("id")
    if not isinstance(message, str) or not _ID.fullmatch(message):
        raise RefusedError(400, "bad_id", "メッセージの番号 (id) が正しくありません。")
    given = [kind for kind in ("text", "button", "start") if kind in body]
    if len(given) != 1:
        raise RefusedError(400, "bad_kind", "text、button、start のどれか1つを送ってください。")
    return _incoming(message, given[0], body[given[0]], campaigns)


def _incoming(message: str, kind: str, value: Any, campaigns: frozenset[str]) -> Incoming:
    if not isinstance(value, str):
        raise RefusedError(400, "bad_value", f"{kind} は文字で送ってください。")
    known: Kind
    if kind == "text":
        known, value = "text", _UNWRITABLE.sub("", value).strip()
        if not value:
            raise RefusedError(400, "empty", "文字を入力してから送ってください。")
        if len(value) > MAX_TEXT:
            raise RefusedError(
                413,
                "too_long",
                f"1回に送れるのは{MAX_TEXT:,}文字までです。短く分けて送ってください。",
            )
    elif kind == "button":
        known = "button"
        if len(value) > MAX_BUTTON or not _BUTTON.fullmatch(value):
            raise RefusedError(400, "bad_button", "このボタンは使えません。")
    else:
        known = "start"
        # An address may name a campaign we do not hold: the talk then simply begins.
        value = value if value in campaigns else ""
    return Incoming(message, known, value)


async def _body(request: Request) -> bytes:
    """Read the body, but no more of it than a message can have."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise RefusedError(413, "too_large", "送られた内容が大きすぎます。")
    except ClientDisconnect:
        raise RefusedError(400, "broken_off", "送信が途中で切れました。") from None
    return bytes(body)
