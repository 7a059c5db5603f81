"""Telegram's Bot API as documented, strict: what Telegram would refuse is refused here.

https://core.telegram.org/bots/api. Keeps the chats' screens (``messages``), delivers updates to
pollers, and limits a chat to a burst of messages a second when told to.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp import web

from tests.stand_ins.faults import Fault, Faults

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
SECRET = "telegram-webhook-secret"
TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}


class Refused(Exception):
    """Telegram's 400: its description."""


def need(condition: bool, description: str) -> None:
    if not condition:
        raise Refused(f"Bad Request: {description}")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class _Html(HTMLParser):
    """Reads Telegram's HTML: few tags, all closed, every other < and & escaped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        need(tag in TAGS, f"can't parse entities: unsupported start tag {tag}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        need(bool(self.open) and self.open.pop() == tag, "can't parse entities: unexpected end tag")

    def handle_data(self, data: str) -> None:
        need("<" not in data and "&" not in data, "can't parse entities")
        self.text += data

    def handle_entityref(self, name: str) -> None:
        known = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
        need(name in known, "can't parse entities")
        self.text += known[name]

    def handle_charref(self, name: str) -> None:
        self.text += chr(int(name))


def parse_html(text: str) -> str:
    """Return what the reader sees."""
    parser = _Html()
    parser.feed(text)
    parser.close()
    need(not parser.open, "can't parse entities: can't find end tag")
    return parser.text


@dataclass
class Shown:
    """One message on a chat's screen."""

    id: int
    chat: int
    text: str
    keyboard: list[list[dict[str, str]]] | None


@dataclass
class TelegramApi:
    """The API, its chats' screens and the updates it would deliver."""

    messages: list[Shown] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    actions: list[tuple[int, str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    blocked: set[int] = field(default_factory=set)
    commands: list[dict[str, str]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    #: Messages a second in one chat above which it answers 429; None: no limit.
    burst: int | None = None
    address: str = ""
    _updates: list[dict[str, Any]] = field(default_factory=list)
    _callbacks: set[str] = field(default_factory=set)
    _times: dict[int, list[float]] = field(default_factory=dict)
    _count: int = 1000
    _runner: web.AppRunner | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    # -- what tests do --------------------------------------------------------------------

    async def __aenter__(self) -> TelegramApi:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def said_to(self, chat: int) -> list[str]:
        """Return every text on a chat's screen, in order."""
        return [message.text for message in self.messages if message.chat == chat]

    async def until(self, condition: Any, seconds: float = 20.0) -> None:
        """Wait until a condition on this stand-in holds."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), 0.1)
                except TimeoutError:
                    continue

    def update(self, **content: Any) -> dict[str, Any]:
        """Return an update with a fresh id."""
        self._count += 1
        return {"update_id": self._count, **content}

    def message(self, chat: int, **content: Any) -> dict[str, Any]:
        """Return the update of a message in a private chat."""
        self._count += 1
        person = {"id": chat, "is_bot": False, "first_name": "旅"}
        return self.update(
            message={
                "message_id": self._count,
                "date": int(time.time()),
                "chat": {"id": chat, "type": "private", "first_name": "旅"},
                "from": person,
                **content,
            }
        )

    def text(self, chat: int, text: str) -> dict[str, Any]:
        """Return the update of a text message."""
        entities = (
            [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
            if text.startswith("/")
            else []
        )
        return self.message(chat, text=text, **({"entities": entities} if entities else {}))

    def press(self, message: Shown, label: str) -> dict[str, Any]:
        """Return the update of a press on a button that is on the screen."""
        data = next(
            button["callback_data"]
            for row in message.keyboard or []
            for button in row
            if button["text"] == label
        )
        return self.press_data(message.chat, message.id, data)

    def press_data(self, chat: int, message: int, data: str) -> dict[str, Any]:
        """Return the update of a press with any data."""
        self._count += 1
        name = f"callback{self._count}"
        self._callbacks.add(name)
        person = {"id": chat, "is_bot": False, "first_name": "旅"}
        return self.update(
            callback_query={
                "id": name,
                "from": person,
                "chat_instance": "1",
                "data": data,
                "message": {
                    "message_id": message,
                    "date": int(time.time()),
                    "chat": {"id": chat, "type": "private", "first_name": "旅"},
                    "from": {"id": 1, "is_bot": True, "first_name": "補償ナビ"},
                    "text": "…",
                },
            }
        )

    def offer(self, *updates: dict[str, Any]) -> None:
        """Have updates delivered to whoever polls."""
        self._updates.extend(updates)
        self._news.set()

    # -- the methods ----------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _error(401, "Unauthorized")
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(method)
        self._news.set()
        fault = self.faults.take(method)
        if fault and fault.kind == "hold_before":
            assert fault.release is not None
            await fault.release.wait()
        if fault and fault.kind == "cut_before":
            assert request.transport is not None
            request.transport.abort()
            return _error(500, "cut")
        if fault and fault.kind == "refuse":
            return _error(fault.status, fault.message, fault.retry_after)
        try:
            result = await getattr(self, f"_{_snake(method)}")(form)
        except Refused as refused:
            return _error(400, str(refused))
        except _Failed as failed:
            return _error(failed.status, failed.description, failed.retry_after)
        self._news.set()
        return await _finish(request, fault, result)

    async def _get_me(self, form: dict[str, str]) -> Any:
        return {"id": 1, "is_bot": True, "first_name": "補償ナビ", "username": "hosho_bot"}

    async def _send_message(self, form: dict[str, str]) -> Any:
        chat = int(form["chat_id"])
        if chat in self.blocked:
            raise _Failed(403, "Forbidden: bot was blocked by the user")
        text = form.get("text", "")
        seen = parse_html(text) if form.get("parse_mode") == "HTML" else text
        need(bool(seen.strip()), "message text is empty")
        need(units(seen) <= 4096, "message is too long")
        keyboard = None
        if "reply_markup" in form:
            keyboard = json.loads(form["reply_markup"])["inline_keyboard"]
            check_keyboard(keyboard)
        if self.burst is not None:
            now = time.monotonic()
            times = self._times.setdefault(chat, [])
            times[:] = [moment for moment in times if now - moment < 1]
            if len(times) >= self.burst:
                raise _Failed(429, "Too Many Requests: retry after 1", 1)
            times.append(now)
        self._count += 1
        self.messages.append(Shown(self._count, chat, seen, keyboard))
        return self._as_message(self.messages[-1])

    async def _answer_callback_query(self, form: dict[str, str]) -> Any:
        name = form["callback_query_id"]
        need(name in self._callbacks, "query is too old and response timeout expired")
        need(units(form.get("text", "")) <= 200, "MESSAGE_TOO_LONG")
        self._callbacks.discard(name)
        self.answered.append(name)
        return True

    async def _edit_message_reply_markup(self, form: dict[str, str]) -> Any:
        wanted = int(form["message_id"])
        message = next((one for one in self.messages if one.id == wanted), None)
        need(message is not None, "message to edit not found")
        assert message is not None
        need(message.keyboard is not None, "message is not modified")
        message.keyboard = None
        return self._as_message(message)

    async def _send_chat_action(self, form: dict[str, str]) -> Any:
        self.actions.append((int(form["chat_id"]), form["action"]))
        return True

    async def _set_my_commands(self, form: dict[str, str]) -> Any:
        commands = json.loads(form["commands"])
        need(len(commands) <= 100, "too many commands")
        for command in commands:
            need(bool(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"])), "BOT_COMMAND_INVALID")
            need(1 <= units(command["description"]) <= 256, "BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = commands
        return True

    async def _set_webhook(self, form: dict[str, str]) -> Any:
        need(form.get("url", "").startswith("https://"), "bad webhook: HTTPS url must be provided")
        secret = form.get("secret_token", "")
        need(bool(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret)), "secret token")
        self.webhook = form
        return True

    async def _delete_webhook(self, form: dict[str, str]) -> Any:
        self.webhook = {}
        return True

    async def _get_webhook_info(self, form: dict[str, str]) -> Any:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }

    async def _get_updates(self, form: dict[str, str]) -> Any:
        if self.webhook:
            raise _Failed(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(form.get("offset", 0))
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        deadline = time.monotonic() + float(form.get("timeout", 0))
        while not self._updates and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        return self._updates[: int(form.get("limit", 100))]

    def _as_message(self, message: Shown) -> dict[str, Any]:
        return {
            "message_id": message.id,
            "date": int(time.time()),
            "chat": {"id": message.chat, "type": "private", "first_name": "旅"},
            "text": message.text,
        }


class _Failed(Exception):
    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.retry_after = status, description, retry_after


def check_keyboard(keyboard: Any) -> None:
    """Refuse what Telegram refuses of an inline keyboard."""
    need(isinstance(keyboard, list) and bool(keyboard), "inline keyboard expected")
    need(sum(len(row) for row in keyboard) <= 100, "reply markup is too long")
    for row in keyboard:
        need(isinstance(row, list) and 1 <= len(row) <= 8, "inline keyboard row")
        for button in row:
            need(bool(button.get("text", "").strip()), "button text is empty")
            kinds = set(button) - {"text"}
            need(kinds in ({"url"}, {"callback_data"}), "button needs exactly one action")
            if "callback_data" in button:
                need(1 <= len(button["callback_data"].encode()) <= 64, "BUTTON_DATA_INVALID")
            else:
                url = button["url"]
                need(bool(re.fullmatch(r"https?://[^\s/]+\.[^\s]+", url)), "BUTTON_URL_INVALID")


def _snake(method: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", method).lower()


async def _finish(request: web.Request, fault: Fault | None, result: Any) -> web.Response:
    if fault and fault.kind == "hold":
        assert fault.release is not None
        await fault.release.wait()
    if fault and fault.kind == "cut_after":
        assert request.transport is not None
        request.transport.abort()
    return web.json_response({"ok": True, "result": result})


def _error(status: int, description: str, retry_after: int | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if retry_after:
        body["parameters"] = {"retry_after": retry_after}
    return web.json_response(body, status=status)
