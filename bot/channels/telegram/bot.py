"""python-telegram-bot's Bot, as our settings want it."""

from __future__ import annotations

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.settings import Settings

#: Seconds one call may take to connect, and to be answered.
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0


def make_bot(settings: Settings) -> Bot:
    """Return a bot over the settings' token and address (Telegram must be on).

    It is not initialised with ``getMe``: nothing of ours needs its name, and a worker must start
    while Telegram cannot be reached.
    """
    assert settings.telegram_bot_token is not None
    request = HTTPXRequest(
        connection_pool_size=32,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        pool_timeout=ANSWER_SECONDS,
    )
    polling = HTTPXRequest(connect_timeout=CONNECT_SECONDS, read_timeout=ANSWER_SECONDS)
    return Bot(
        settings.telegram_bot_token,
        base_url=f"{settings.telegram_api_base_url}/bot",
        base_file_url=f"{settings.telegram_api_base_url}/file/bot",
        request=request,
        get_updates_request=polling,
    )


async def close_bot(bot: Bot) -> None:
    """Close its connections."""
    await bot.request.shutdown()
    await bot._request[0].shutdown()
