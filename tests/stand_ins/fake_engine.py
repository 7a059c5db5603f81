"""A scripted engine: speaks the engine's protocol, says what its text tells it to.

``python tests/stand_ins/fake_engine.py --socket PATH [--log FILE]``. Answers ``<text>`` with
``answer to <text>``; some texts ask for more:

``slow:SECONDS …``  takes its time
``many:N``          answers with N bubbles
``card``            answers with a verdict's card
``ask``             asks a question with buttons and a calendar
``boom``            answers 500, always
``boom-once:KEY``   answers 500 the first time
``die-once:KEY``    ends its process the first time
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web


def ask(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "interview": "k3f9",
        "choices": [
            {"label": "2月24日（金）", "token": "expires=2023-02-24"},
            {"label": "2月25日（土）", "token": "expires=2023-02-25"},
            {"label": "わからない", "token": "expires=unknown"},
        ],
        "date_picker": {
            "label": "カレンダーで選ぶ",
            "question": "expires",
            "initial": "2023-02-24",
            "earliest": "2022-10-11",
            "latest": "2023-07-31",
        },
        "links": [],
        "card": None,
    }


def card() -> dict[str, Any]:
    return {
        "text": "補償の対象です（A）。手続きは不要です。",
        "interview": "k3f9",
        "choices": [{"label": "最初から", "token": "command=restart"}],
        "date_picker": None,
        "links": [
            {"kind": "url", "label": "申請サイトを開く", "target": "https://example.jp/apply"},
            {"kind": "phone", "label": "電話する", "target": "0120-000-000"},
        ],
        "card": {
            "title": "確認の結果",
            "headline": "補償の対象です（A）",
            "tone": "eligible",
            "rows": [
                {"label": "有効期限", "text": "2023年2月24日（金）", "mark": "met"},
                {"label": "残額", "text": "1円以上", "mark": "met"},
            ],
            "footer": "根拠: お知らせ 1.(A)",
        },
    }


def plain(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "interview": "",
        "choices": [],
        "date_picker": None,
        "links": [],
        "card": None,
    }


class FakeEngine:
    def __init__(self, log: Path | None) -> None:
        self._log = log

    async def turn(self, request: web.Request) -> web.Response:
        body = await request.json()
        kinds = [kind for kind in ("text", "button", "start", "event") if kind in body]
        keys = {"conversation", "message", "as_of", *kinds}
        if len(kinds) != 1 or set(body) != keys:
            return web.json_response({"error": "malformed"}, status=400)
        kind = kinds[0]
        said = body[kind] if kind == "text" else f"{kind} {body[kind]}".strip()
        earlier = self._lines()
        if self._log:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(f"{body['conversation']}\t{body['message']}\t{said}\n")
        first, _, _ = said.partition(" ")
        name, _, value = first.partition(":")
        case = None
        replies = [plain(f"answer to {said}")]
        if name == "slow":
            await asyncio.sleep(float(value))
        elif name == "many":
            replies = [plain(f"bubble {number} of {said}") for number in range(1, int(value) + 1)]
        elif name == "ask":
            replies = [ask(f"answer to {said}")]
        elif name == "card":
            replies = [card()]
            case = {
                "receipt": f"R{body['message']}",
                "event": "verdict",
                "answers": {"campaign": "gunma"},
                "decision": {"classes": ["A"]},
            }
        elif name == "boom" or (name == "boom-once" and not any(said in line for line in earlier)):
            return web.json_response({"error": "boom"}, status=500)
        elif name == "die-once" and not any(said in line for line in earlier):
            os._exit(3)
        return web.json_response({"replies": replies, "case": case})

    async def health(self, request: web.Request) -> web.Response:
        return web.json_response({"ready": True})

    def _lines(self) -> list[str]:
        if self._log and self._log.exists():
            return self._log.read_text(encoding="utf-8").splitlines()
        return []


@asynccontextmanager
async def serving(socket: Path, log: Path | None = None) -> AsyncIterator[None]:
    """Serve within this process."""
    engine = FakeEngine(log)
    app = web.Application()
    app.router.add_post("/turn", engine.turn)
    app.router.add_get("/health", engine.health)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.UnixSite(runner, str(socket)).start()
    yield
    await runner.cleanup()


async def run(socket: Path, log: Path | None) -> None:
    async with serving(socket, log):
        await _until_the_worker_ends()


async def _until_the_worker_ends() -> None:
    """Wait for the pipe from our worker to close."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    asyncio.run(run(options.socket, options.log))
