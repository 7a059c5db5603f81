"""The product whole: signed LINE webhooks in, reply calls at a stand-in of LINE's API out."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import socket
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks.engine.processes import Family
from benchmarks.engine.product import NLU_PYTHON, Postgres, postgres
from benchmarks.engine.stock_rasa import ROOT, clean_environment, until_answered
from benchmarks.engine.travellers import Step
from bot.settings import Settings

SECRET, TOKEN = "benchmark-channel-secret", "benchmark-channel-token"
#: Seconds after which a reply counts as lost.
LOST = 60.0


class LineStandIn:
    """LINE's API as far as a conversation goes: takes replies and pushes, wakes who waits."""

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[list[dict[str, Any]]]] = {}
        self.tokens: dict[str, str] = {}
        self.replies = self.pushes = self.unexpected = 0
        self._ids = itertools.count(1)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v2/bot/message/reply", self._reply)
        app.router.add_post("/v2/bot/message/push", self._push)
        app.router.add_post("/v2/bot/chat/loading/start", self._loading)
        return app

    async def _reply(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.replies += 1
        return self._said(self.tokens.pop(body["replyToken"], ""), body["messages"])

    async def _push(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.pushes += 1
        return self._said(body["to"], body["messages"])

    async def _loading(self, _request: web.Request) -> web.Response:
        return web.json_response({}, status=202)

    def _said(self, user: str, messages: list[dict[str, Any]]) -> web.Response:
        future = self.waiting.get(user)
        if future is None or future.done():
            self.unexpected += 1
        else:
            future.set_result(messages)
        sent = [{"id": str(next(self._ids)), "quoteToken": "q"} for _ in messages]
        return web.json_response({"sentMessages": sent})


class Whole:
    """The whole as one side: a turn is a webhook, its answer the call that brings the reply."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        address: str,
        line: LineStandIn,
        family: Family,
        ready: float,
    ) -> None:
        self._session = session
        self._address = address
        self.line = line
        self.family = family
        self.seconds_to_ready = ready
        self._count = itertools.count(1)
        self._run = uuid.uuid4().hex[:10].upper()
        self._buttons: dict[str, dict[str, str]] = {}

    async def say(self, traveller: str, step: Step) -> list[str]:
        user = "U" + hashlib.md5(traveller.encode(), usedforsecurity=False).hexdigest()
        number = next(self._count)
        token = f"{number:032x}"
        event: dict[str, Any] = {
            "type": "message",
            "mode": "active",
            "timestamp": int(time.time() * 1000),
            "source": {"type": "user", "userId": user},
            "webhookEventId": f"{self._run}{number:016d}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": token,
        }
        offered = self._buttons.get(user, {})
        if step.kind == "start":
            event |= {"type": "follow", "follow": {"isUnblocked": False}}
        elif step.kind == "press" and step.token in offered:
            event |= {"type": "postback", "postback": {"data": offered[step.token]}}
        else:
            message = {"type": "text", "id": str(number), "text": step.text, "quoteToken": "q"}
            event |= {"message": message}
        future = asyncio.get_running_loop().create_future()
        self.line.waiting[user] = future
        self.line.tokens[token] = user
        body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
        signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest())
        async with self._session.post(
            f"{self._address}/webhooks/line",
            data=body,
            headers={"X-Line-Signature": signature.decode(), "Content-Type": "application/json"},
        ) as response:
            if response.status != 200:
                raise AssertionError(f"webhook: {response.status}")
        messages = await asyncio.wait_for(future, LOST)
        self._buttons[user] = {
            item["action"]["data"].partition(":")[2]: item["action"]["data"]
            for message in messages
            for item in message.get("quickReply", {}).get("items", [])
            if item["action"]["type"] == "postback"
        }
        return [message.get("text") or message.get("altText", "") for message in messages]


@asynccontextmanager
async def running(folder: Path, model: Path, workers: int = 1) -> AsyncIterator[Whole]:
    """Start PostgreSQL, front and workers (each with its engine); end all of it on leaving."""
    async with AsyncExitStack() as stack:
        line = LineStandIn()
        runner = web.AppRunner(line.application(), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        begun = time.perf_counter()
        database = await stack.enter_async_context(postgres(folder))
        port = _free_port()
        environment = {
            **clean_environment(),
            "PYTHONPATH": str(ROOT),
            "HOSHO_DATABASE_URL": database.url,
            "HOSHO_DATA_DIR": str(Settings.from_env().data_dir),
            "HOSHO_PORT": str(port),
            "HOSHO_AS_OF": "2023-03-25T10:00+09:00",
            "HOSHO_LINE_CHANNEL_SECRET": SECRET,
            "HOSHO_LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "HOSHO_LINE_API_BASE_URL": f"http://127.0.0.1:{runner.addresses[0][1]}",
        }
        await _migrate(environment)
        _empty(database)
        processes = []
        log = stack.enter_context((folder / "whole.log").open("w"))
        engine = f"{NLU_PYTHON} -m nlu.engine --socket {{socket}} --model {model}"
        worker = ("bot.worker", "--engine-command", engine)
        for words in (("bot.front",), *[worker] * workers):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *words,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
            stack.push_async_callback(_end, process)
            processes.append(process)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        )
        address = f"http://127.0.0.1:{port}"
        await until_answered(session, f"{address}/health", processes)
        family = Family([*(process.pid for process in processes), *database.family.roots])
        side = Whole(session, address, line, family, 0.0)
        # Ready is when a traveller is answered: the engine may come after the front.
        await side.say("first", Step("start"))
        side.seconds_to_ready = time.perf_counter() - begun
        yield side


async def _migrate(environment: dict[str, str]) -> None:
    code = (
        "import os; from bot.db.migrate import upgrade; upgrade(os.environ['HOSHO_DATABASE_URL'])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, env=environment
    )
    if await process.wait():
        raise SystemExit("the migrations failed")


def _empty(database: Postgres) -> None:
    """Forget earlier runs' conversations; the tables themselves stay."""
    database.run(
        """
        DO $$ DECLARE names text; BEGIN
            SELECT string_agg(format('%I', tablename), ', ') INTO names FROM pg_tables
            WHERE schemaname = 'public'
            AND tablename IN ('conversation', 'inbox', 'outbox', 'cases', 'tracker_state',
                              'tracker_turn', 'procrastinate_jobs');
            IF names IS NOT NULL THEN EXECUTE 'TRUNCATE ' || names || ' CASCADE'; END IF;
        END $$
        """
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
