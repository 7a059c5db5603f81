"""Fixtures of the web tests: a served page, and a real Chromium that tolerates no console error."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright
from starlette.applications import Starlette

from bot.channels.web.port import Mailbox
from bot.channels.web.routes import WebChannel
from bot.settings import JST
from tests.web.stand_in import FACTS, MemoryMailbox

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CLOCK = datetime(2023, 3, 25, 10, 0, tzinfo=JST)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Site:
    """The page, served on a port of its own; can be stopped and started again."""

    def __init__(self, mailbox: Mailbox, clock: datetime | None = CLOCK) -> None:
        self.mailbox = mailbox
        self.clock = clock
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.channel = WebChannel(self.mailbox, FACTS, stopped_clock=self.clock)
        app = Starlette(routes=self.channel.routes())
        self.server = uvicorn.Server(
            uvicorn.Config(
                app, port=self.port, log_level="error", lifespan="off", timeout_graceful_shutdown=2
            )
        )
        # The test runner keeps its own signal handlers.
        self.task = asyncio.create_task(self.server._serve())
        while not self.server.started:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self.channel.close()
        self.server.should_exit = True
        await self.task


@pytest.fixture
async def memory() -> MemoryMailbox:
    return MemoryMailbox()


@pytest.fixture
async def site(memory: MemoryMailbox) -> AsyncIterator[Site]:
    served = Site(memory)
    await served.start()
    yield served
    await served.stop()


def chromium(own: str) -> str:
    """Return the path of the browser to use: one on the PATH, else Playwright's ``own``."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    if not Path(own).exists():
        pytest.fail(
            "no Chromium found: install one (apt-get install chromium, or "
            ".venv/bin/python -m playwright install chromium) and run the tests again"
        )
    return own


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        launched = await playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, *root], headless=True
        )
        yield launched
        await launched.close()


Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[Open]:
    """Open pages; ``expected`` names the console errors a test provokes, others fail it."""
    complaints: list[str] = []

    async with AsyncExitStack() as stack:

        async def open_(
            url: str,
            *,
            context: BrowserContext | None = None,
            expected: str = r"(?!)",
            **options: Any,
        ) -> Page:
            if context is None:
                context = await browser.new_context(locale="ja-JP", **options)
                stack.push_async_callback(context.close)
            page = await context.new_page()

            def heard(message: ConsoleMessage) -> None:
                if message.type in {"error", "warning"} and not re.search(expected, message.text):
                    complaints.append(message.text)

            page.on("console", heard)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(url)
            return page

        yield open_
    assert complaints == []
