"""Telegram's Bot API as documented, strict (to be filled)."""

from __future__ import annotations

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
SECRET = "telegram-webhook-secret"


class TelegramApi:
    address = "http://127.0.0.1:1"

    async def __aenter__(self):
        return self

    async def __aexit__(self, *a):
        pass
