"""Who is asking: the cookie that names a visitor's conversation, and the same-origin check."""

from __future__ import annotations

import hashlib
import re
import secrets
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

#: Behind HTTPS the prefix binds the cookie to this host alone and to encrypted connections.
SECURE_COOKIE = "__Host-hosho"
PLAIN_COOKIE = "hosho"
#: Seconds the cookie is kept: the months a compensation takes.
COOKIE_SECONDS = 180 * 24 * 3600
TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def is_secure(connection: HTTPConnection, public_url: str | None) -> bool:
    """Tell whether the visitor's browser reached us by HTTPS (perhaps ended by a proxy)."""
    if connection.url.scheme == "https":
        return True
    public = urlsplit(public_url or "")
    return public.scheme == "https" and connection.headers.get("host") == public.netloc


def token_of(connection: HTTPConnection, public_url: str | None) -> str | None:
    """Return the visitor's token, or ``None`` when there is none that we can have made."""
    name = SECURE_COOKIE if is_secure(connection, public_url) else PLAIN_COOKIE
    token = connection.cookies.get(name, "")
    return token if _TOKEN.fullmatch(token) else None


def new_token() -> str:
    """Return a fresh token nobody can guess (256 random bits)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def set_token(response: Response, token: str, *, secure: bool) -> None:
    """Hand the token to the browser: no script reads it, no other site's request carries it.

    ``lax``, not ``strict``: who follows a link to the page finds the conversation again.
    """
    response.set_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def name_of(token: str) -> str:
    """Return the visitor's name, by which their conversation is kept.

    A digest: who reads the database or a log cannot make the cookie from it and join in.
    """
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def is_same_origin(connection: HTTPConnection, public_url: str | None) -> bool:
    """Tell whether a request comes from our own page, or from no page at all.

    Browsers say it in ``Sec-Fetch-Site`` (no page can forge it) and, the older ones, in
    ``Origin``. A program that sends neither carries no visitor's cookies: nothing to forge.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    own = {connection.headers.get("host", ""), urlsplit(public_url or "").netloc} - {""}
    return urlsplit(origin).netloc in own
