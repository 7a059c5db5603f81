"""LINE's Messaging API as documented, strict: what LINE would refuse is refused here.

https://developers.line.biz/en/reference/messaging-api/ (R in the comments). Its clock can be
moved; reply tokens live one minute and serve once; a retry key is accepted on push only.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.stand_ins.faults import Fault, Faults

SECRET = "channel-secret"
TOKEN = "channel-access-token"
USER = re.compile(r"U[0-9a-f]{32}")
CHAT = re.compile(r"[UCR][0-9a-f]{32}")


def units(text: str) -> int:
    """Return the length as LINE counts it."""
    return len(text.encode("utf-16-le")) // 2


def user_id(number: int) -> str:
    return f"U{number:032x}"


class Refused(Exception):
    """LINE's 400: the property that is wrong."""


def need(condition: bool, where: str) -> None:
    if not condition:
        raise Refused(where)


def text_of(value: Any, limit: int, where: str) -> None:
    need(isinstance(value, str) and bool(value.strip()) and units(value) <= limit, where)


def check_action(action: Any, where: str) -> None:
    need(isinstance(action, dict), where)
    known = {
        "postback": {"type", "label", "data", "displayText", "text", "inputOption", "fillInText"},
        "uri": {"type", "label", "uri", "altUri"},
        "message": {"type", "label", "text"},
        "datetimepicker": {"type", "label", "data", "mode", "initial", "max", "min"},
    }
    need(action.get("type") in known, f"{where}.type")
    need(set(action) <= known[action["type"]], where)
    text_of(action.get("label"), 20, f"{where}.label")
    if action["type"] == "postback":
        text_of(action.get("data"), 300, f"{where}.data")
        if "displayText" in action:
            text_of(action["displayText"], 300, f"{where}.displayText")
    if action["type"] == "uri":
        uri = action.get("uri")
        text_of(uri, 1000, f"{where}.uri")
        need(bool(re.match(r"(https?://[^\s]+|tel:\+?[0-9]+|line:)", uri)), f"{where}.uri")
        need(uri.isascii(), f"{where}.uri")
    if action["type"] == "datetimepicker":
        text_of(action.get("data"), 300, f"{where}.data")
        need(action.get("mode") in {"date", "time", "datetime"}, f"{where}.mode")
        dates = [action.get(key) for key in ("min", "initial", "max")]
        given = [date for date in dates if date is not None]
        need(all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in given), where)
        need(all("1900-01-01" <= date <= "2100-12-31" for date in given), where)
        need(given == sorted(given), where)
        need(dates[0] is None or dates[0] < dates[2], f"{where}.min")


def check_component(part: Any, where: str) -> None:
    need(isinstance(part, dict), where)
    kind = part.get("type")
    if kind == "box":
        need(part.get("layout") in {"vertical", "horizontal", "baseline"}, f"{where}.layout")
        need(isinstance(part.get("contents"), list), f"{where}.contents")
        for number, inner in enumerate(part["contents"]):
            check_component(inner, f"{where}.contents[{number}]")
    elif kind == "text":
        need(isinstance(part.get("text"), str) and bool(part["text"].strip()), f"{where}.text")
    elif kind == "button":
        need(part.get("style", "link") in {"primary", "secondary", "link"}, f"{where}.style")
        need(part.get("height", "md") in {"sm", "md"}, f"{where}.height")
        check_action(part.get("action"), f"{where}.action")
    else:
        need(kind == "separator", f"{where}.type")
    for key in ("color", "backgroundColor"):
        if key in part:
            need(bool(re.fullmatch(r"#[0-9A-Fa-f]{6}", part[key])), f"{where}.{key}")


def check_message(message: Any, where: str) -> None:
    need(isinstance(message, dict), where)
    kind = message.get("type")
    if kind == "text":
        need(set(message) <= {"type", "text", "quickReply", "sender", "emojis"}, where)
        text_of(message.get("text"), 5000, f"{where}.text")
    elif kind == "flex":
        need(set(message) <= {"type", "altText", "contents", "quickReply", "sender"}, where)
        text_of(message.get("altText"), 400, f"{where}.altText")
        bubble = message.get("contents")
        need(isinstance(bubble, dict) and bubble.get("type") == "bubble", f"{where}.contents")
        need(len(json.dumps(bubble).encode()) <= 30_000, f"{where}.contents")
        blocks = [name for name in ("header", "hero", "body", "footer") if name in bubble]
        need(bool(blocks), f"{where}.contents")
        for name in blocks:
            check_component(bubble[name], f"{where}.contents.{name}")
    else:
        raise Refused(f"{where}.type")
    if "quickReply" in message:
        items = message["quickReply"].get("items")
        need(isinstance(items, list) and 1 <= len(items) <= 13, f"{where}.quickReply.items")
        for number, item in enumerate(items):
            need(item.get("type") == "action", f"{where}.quickReply.items[{number}].type")
            check_action(item.get("action"), f"{where}.quickReply.items[{number}].action")


@dataclass
class Call:
    """One accepted call that said something."""

    kind: str
    chat: str
    messages: list[dict[str, Any]]

    @property
    def texts(self) -> list[str]:
        return [message.get("text") or message["altText"] for message in self.messages]


@dataclass
class LineApi:
    """The API, its users' screens (``calls``), and the webhooks it would send."""

    calls: list[Call] = field(default_factory=list)
    loading: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    #: Seconds that its clock is ahead.
    ahead: float = 0.0
    webhook_endpoint: str | None = None
    rich_menus: dict[str, dict[str, Any]] = field(default_factory=dict)
    rich_menu_images: dict[str, bytes] = field(default_factory=dict)
    default_rich_menu: str | None = None
    endpoint_works: bool = True
    address: str = ""
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    _used_keys: dict[str, str] = field(default_factory=dict)
    _count: int = 0
    _runner: web.AppRunner | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    # -- what tests do --------------------------------------------------------------------

    async def __aenter__(self) -> LineApi:
        app = web.Application(client_max_size=4_000_000)
        v2 = "/v2/bot"
        app.router.add_post(f"{v2}/message/reply", self._reply)
        app.router.add_post(f"{v2}/message/push", self._push)
        app.router.add_post(f"{v2}/chat/loading/start", self._loading)
        app.router.add_put(f"{v2}/channel/webhook/endpoint", self._set_endpoint)
        app.router.add_get(f"{v2}/channel/webhook/endpoint", self._get_endpoint)
        app.router.add_post(f"{v2}/channel/webhook/test", self._test_endpoint)
        app.router.add_post(f"{v2}/richmenu", self._create_menu)
        app.router.add_get(f"{v2}/richmenu/list", self._list_menus)
        app.router.add_delete(f"{v2}/richmenu/{{id}}", self._delete_menu)
        app.router.add_post(f"{v2}/richmenu/{{id}}/content", self._upload_menu)
        app.router.add_post(f"{v2}/user/all/richmenu/{{id}}", self._set_default_menu)
        app.router.add_get(f"{v2}/user/all/richmenu", self._get_default_menu)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def said_to(self, chat: str) -> list[str]:
        """Return every text on a user's screen, in order."""
        return [text for call in self.calls if call.chat == chat for text in call.texts]

    async def until(self, condition: Any, seconds: float = 20.0) -> None:
        """Wait until a condition on this stand-in holds."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), 0.1)
                except TimeoutError:
                    continue

    def event(self, number: int, kind: str = "message", **more: Any) -> dict[str, Any]:
        """Return a webhook event of a user with a fresh reply token and event id."""
        self._count += 1
        event: dict[str, Any] = {
            "type": kind,
            "mode": "active",
            "timestamp": int(self._now() * 1000),
            "source": {"type": "user", "userId": user_id(number)},
            "webhookEventId": f"01H{self._count:023d}",
            "deliveryContext": {"isRedelivery": False},
        }
        if kind not in {"unsend", "unfollow", "leave"}:
            event["replyToken"] = f"{self._count:032x}"
        event |= more
        if "replyToken" in event:
            source = event["source"]
            chat = source.get("groupId") or source.get("roomId") or source.get("userId")
            self._tokens.setdefault(event["replyToken"], (chat, self._now()))
        return event

    def text(self, number: int, text: str, **more: Any) -> dict[str, Any]:
        """Return the webhook event of a text message."""
        self._count += 1
        message = {"type": "text", "id": str(self._count), "text": text, "quoteToken": "q"}
        return self.event(number, message=message, **more)

    # -- the endpoints --------------------------------------------------------------------

    def _now(self) -> float:
        return time.time() + self.ahead

    async def _begin(self, request: web.Request, name: str) -> Fault | None:
        self.requests.append(name)
        self._news.set()
        fault = self.faults.take(name)
        if fault and fault.kind == "hold_before":
            assert fault.release is not None
            await fault.release.wait()
        if fault and fault.kind == "cut_before":
            assert request.transport is not None
            request.transport.abort()
            raise web.HTTPInternalServerError
        return fault

    async def _end(self, request: web.Request, fault: Fault | None, body: Any) -> web.Response:
        self._news.set()
        if fault and fault.kind == "hold":
            assert fault.release is not None
            await fault.release.wait()
        if fault and fault.kind == "cut_after":
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(body)

    async def _reply(self, request: web.Request) -> web.Response:
        return await self._say(request, "reply")

    async def _push(self, request: web.Request) -> web.Response:
        return await self._say(request, "push")

    async def _say(self, request: web.Request, kind: str) -> web.Response:
        fault = await self._begin(request, kind)
        if fault and fault.kind == "refuse":
            return _refusal(fault)
        problem = _unauthorized(request)
        if problem:
            return problem
        try:
            body = await request.json()
        except ValueError:
            return _bad("The request body could not be parsed as JSON")
        key = request.headers.get("X-Line-Retry-Key")
        if key is not None and kind == "reply":
            return _bad("The retry key is not supported on this endpoint")
        try:
            messages = body.get("messages")
            need(isinstance(messages, list) and 1 <= len(messages) <= 5, "messages")
            for number, message in enumerate(messages):
                check_message(message, f"messages[{number}]")
            if kind == "push":
                need(bool(CHAT.fullmatch(str(body.get("to")))), "to")
        except Refused as refused:
            return _bad("The request body has 1 error(s)", str(refused))
        if kind == "reply":
            chat, issued = self._tokens.get(body.get("replyToken"), ("", 0.0))
            if not chat or self._now() - issued > 60:
                return _bad("Invalid reply token")
            del self._tokens[body["replyToken"]]
        else:
            chat = body["to"]
            if key is not None:
                try:
                    uuid.UUID(key)
                except ValueError:
                    return _bad("Invalid retry key")
                if key in self._used_keys:
                    return web.json_response(
                        {"message": "The retry key is already accepted", "sentMessages": []},
                        status=409,
                        headers={"X-Line-Accepted-Request-Id": self._used_keys[key]},
                    )
                self._used_keys[key] = str(uuid.uuid4())
        self.calls.append(Call(kind, chat, messages))
        sent = [{"id": str(n), "quoteToken": "q"} for n in range(len(messages))]
        return await self._end(request, fault, {"sentMessages": sent})

    async def _loading(self, request: web.Request) -> web.Response:
        fault = await self._begin(request, "loading")
        if fault and fault.kind == "refuse":
            return _refusal(fault)
        problem = _unauthorized(request)
        if problem:
            return problem
        body = await request.json()
        seconds = body.get("loadingSeconds", 20)
        if not USER.fullmatch(str(body.get("chatId"))) or seconds not in range(5, 61, 5):
            return _bad("The request body has 1 error(s)", "chatId")
        self.loading.append(body["chatId"])
        return web.json_response({}, status=202)

    async def _set_endpoint(self, request: web.Request) -> web.Response:
        self.requests.append("set endpoint")
        problem = _unauthorized(request)
        if problem:
            return problem
        endpoint = (await request.json()).get("endpoint", "")
        if not endpoint.startswith("https://") or len(endpoint) > 500:
            return _bad("Invalid webhook endpoint URL", "endpoint")
        self.webhook_endpoint = endpoint
        return web.json_response({})

    async def _get_endpoint(self, request: web.Request) -> web.Response:
        problem = _unauthorized(request)
        if problem:
            return problem
        return web.json_response({"endpoint": self.webhook_endpoint or "", "active": True})

    async def _test_endpoint(self, request: web.Request) -> web.Response:
        self.requests.append("test endpoint")
        problem = _unauthorized(request)
        if problem:
            return problem
        works = self.endpoint_works
        return web.json_response(
            {
                "success": works,
                "timestamp": "2023-03-25T01:00:00Z",
                "statusCode": 200 if works else 404,
                "reason": "OK" if works else "ERROR_STATUS_CODE",
                "detail": "200" if works else "404",
            }
        )

    async def _create_menu(self, request: web.Request) -> web.Response:
        self.requests.append("create menu")
        problem = _unauthorized(request)
        if problem:
            return problem
        menu = await request.json()
        try:
            size = menu["size"]
            need(800 <= size["width"] <= 2500 and size["height"] >= 250, "size")
            need(size["width"] / size["height"] >= 1.45, "size")
            text_of(menu["chatBarText"], 14, "chatBarText")
            text_of(menu["name"], 300, "name")
            need(isinstance(menu["selected"], bool), "selected")
            need(1 <= len(menu["areas"]) <= 20, "areas")
            for number, area in enumerate(menu["areas"]):
                bounds = area["bounds"]
                need(bounds["x"] + bounds["width"] <= size["width"], f"areas[{number}].bounds")
                need(bounds["y"] + bounds["height"] <= size["height"], f"areas[{number}].bounds")
                check_action(area["action"], f"areas[{number}].action")
        except (Refused, KeyError) as refused:
            return _bad("The request body has 1 error(s)", str(refused))
        name = f"richmenu-{uuid.uuid4().hex}"
        self.rich_menus[name] = menu
        return web.json_response({"richMenuId": name})

    async def _list_menus(self, request: web.Request) -> web.Response:
        problem = _unauthorized(request)
        if problem:
            return problem
        menus = [{"richMenuId": name, **menu} for name, menu in self.rich_menus.items()]
        return web.json_response({"richmenus": menus})

    async def _delete_menu(self, request: web.Request) -> web.Response:
        self.requests.append("delete menu")
        problem = _unauthorized(request)
        if problem:
            return problem
        if self.rich_menus.pop(request.match_info["id"], None) is None:
            return web.json_response({"message": "Not found"}, status=404)
        return web.json_response({})

    async def _upload_menu(self, request: web.Request) -> web.Response:
        self.requests.append("upload menu")
        problem = _unauthorized(request)
        if problem:
            return problem
        name = request.match_info["id"]
        image = await request.read()
        if name not in self.rich_menus:
            return web.json_response({"message": "Not found"}, status=404)
        if name in self.rich_menu_images:
            return _bad("An image has already been uploaded to the richmenu")
        if request.content_type not in {"image/png", "image/jpeg"} or len(image) > 1_000_000:
            return _bad("Invalid image")
        self.rich_menu_images[name] = image
        return web.json_response({})

    async def _set_default_menu(self, request: web.Request) -> web.Response:
        self.requests.append("default menu")
        problem = _unauthorized(request)
        if problem:
            return problem
        name = request.match_info["id"]
        if name not in self.rich_menu_images:
            return _bad("must upload richmenu image before applying it to user")
        self.default_rich_menu = name
        return web.json_response({})

    async def _get_default_menu(self, request: web.Request) -> web.Response:
        problem = _unauthorized(request)
        if problem:
            return problem
        if self.default_rich_menu is None:
            return web.json_response({"message": "no default richmenu"}, status=404)
        return web.json_response({"richMenuId": self.default_rich_menu})


def signed(*events: dict[str, Any], destination: str = "Ubot") -> tuple[bytes, dict[str, str]]:
    """Return a webhook call's body and headers."""
    body = json.dumps({"destination": destination, "events": events}, ensure_ascii=False).encode()
    return body, {"Content-Type": "application/json", "X-Line-Signature": signature(body)}


def signature(body: bytes) -> str:
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _unauthorized(request: web.Request) -> web.Response | None:
    if request.headers.get("Authorization") == f"Bearer {TOKEN}":
        return None
    return web.json_response({"message": "Authentication failed"}, status=401)


def _refusal(fault: Fault) -> web.Response:
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else None
    return web.json_response({"message": fault.message}, status=fault.status, headers=headers)


def _bad(message: str, where: str = "") -> web.Response:
    body: dict[str, Any] = {"message": message}
    if where:
        body["details"] = [{"message": "Invalid value", "property": where}]
    return web.json_response(body, status=400)
