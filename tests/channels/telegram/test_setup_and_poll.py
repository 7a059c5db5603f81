"""``./hosho telegram setup`` and ``poll``: registered, fetched, stored once, kind errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from telegram.error import InvalidToken

from bot.channels.telegram import poll as polling
from bot.channels.telegram.bot import close_bot, make_bot
from bot.channels.telegram.poll import poll
from bot.channels.telegram.setup import SetUpError, set_up
from bot.db.statements import Statements
from bot.inbox import Inbox
from bot.settings import Settings
from tests.stand_ins import telegram_api
from tests.stand_ins.faults import Fault
from tests.stand_ins.telegram_api import TelegramApi


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as telegram:
        yield telegram


def _settings(telegram: TelegramApi, **more: str) -> Settings:
    return Settings.from_env(
        {
            "HOSHO_TELEGRAM_BOT_TOKEN": telegram_api.TOKEN,
            "HOSHO_TELEGRAM_WEBHOOK_SECRET": telegram_api.SECRET,
            "HOSHO_TELEGRAM_API_BASE_URL": telegram.address,
            "HOSHO_PUBLIC_URL": "https://hosho.example.jp",
            **more,
        }
    )


async def test_webhook_and_command_menu_are_set(telegram: TelegramApi) -> None:
    said: list[str] = []
    for _ in range(2):
        await set_up(_settings(telegram), said.append)
    assert telegram.webhook["url"] == "https://hosho.example.jp/webhooks/telegram"
    assert telegram.webhook["secret_token"] == telegram_api.SECRET
    names = [command["command"] for command in telegram.commands]
    assert names == ["start", "back", "restart", "human", "stop", "help"]
    assert said[-1] == "talk to it: https://t.me/hosho_bot"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"HOSHO_TELEGRAM_BOT_TOKEN": ""}, "HOSHO_TELEGRAM_BOT_TOKEN"),
        ({"HOSHO_TELEGRAM_BOT_TOKEN": "1:wrong"}, "HOSHO_TELEGRAM_BOT_TOKEN"),
        ({"HOSHO_TELEGRAM_WEBHOOK_SECRET": ""}, "HOSHO_TELEGRAM_WEBHOOK_SECRET"),
        ({"HOSHO_PUBLIC_URL": ""}, "HOSHO_PUBLIC_URL"),
        ({"HOSHO_TELEGRAM_API_BASE_URL": "http://127.0.0.1:9"}, "try again later"),
    ],
)
async def test_what_is_missing_is_named(
    telegram: TelegramApi, changed: dict[str, str], named: str
) -> None:
    with pytest.raises(SetUpError, match=named):
        await set_up(_settings(telegram, **changed), lambda _: None)


async def _stored(url: str, count: int) -> list[tuple[str, ...]]:
    """Wait until so many messages are stored, and return their turns."""
    async with (
        asyncio.timeout(20),
        await psycopg.AsyncConnection.connect(url, autocommit=True) as connection,
    ):
        while True:
            found = await connection.execute("SELECT payload -> 'turn' FROM inbox ORDER BY id")
            rows = await found.fetchall()
            if len(rows) >= count:
                return [row[0] for row in rows]
            await asyncio.sleep(0.02)


async def test_polled_updates_are_stored_once(
    telegram: TelegramApi, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PAUSE", (0.01, 0.02))
    telegram.webhook = {"url": "https://elsewhere.example.jp"}
    first = telegram.text(7, "a")
    telegram.offer(first, telegram.update(something_new={}), telegram.text(7, "/start gunma"))
    telegram.faults.add(
        "getUpdates", Fault("refuse", 502), Fault("refuse", 409), Fault("cut_after")
    )
    bot = make_bot(_settings(telegram))
    async with Statements(database_url) as statements:
        task = asyncio.create_task(poll(bot, Inbox(statements), wait=1))
        assert await _stored(database_url, 2) == [{"text": "a"}, {"start": "gunma"}]
        telegram.offer(telegram.text(7, "b"))
        assert (await _stored(database_url, 3))[2] == {"text": "b"}
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        # Begun anew, it asks from the start and gets what was not acknowledged: known already.
        telegram.offer(first)
        task = asyncio.create_task(poll(bot, Inbox(statements), wait=1))
        telegram.offer(telegram.text(7, "c"))
        assert (await _stored(database_url, 4))[3] == {"text": "c"}
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await close_bot(bot)
    assert telegram.webhook == {}


async def test_an_unknown_token_ends_the_polling(telegram: TelegramApi, database_url: str) -> None:
    bot = make_bot(_settings(telegram, HOSHO_TELEGRAM_BOT_TOKEN="1:wrong"))
    async with Statements(database_url) as statements:
        with pytest.raises(InvalidToken):
            await poll(bot, Inbox(statements), wait=1)
    await close_bot(bot)
