"""``./hosho telegram setup``: the webhook's address and the command menu, at Telegram."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml
from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram import limits
from bot.channels.telegram.bot import close_bot, make_bot
from bot.channels.telegram.webhook import PATH
from bot.settings import Settings


class SetUpError(Exception):
    """Telegram could not be set up; the message says what to do."""


def commands() -> list[BotCommand]:
    """Return the command menu (``commands.yml``)."""
    content = yaml.safe_load((Path(__file__).parent / "commands.yml").read_text(encoding="utf-8"))
    return [BotCommand(name, about) for name, about in content.items()]


def need_token(settings: Settings) -> None:
    """Raise SetUpError when there is no bot token."""
    if not settings.telegram_on:
        raise SetUpError("set HOSHO_TELEGRAM_BOT_TOKEN first (README: Connect Telegram)")


def explained(error: TelegramError) -> SetUpError:
    """Return a Telegram error with its mend."""
    if isinstance(error, InvalidToken):
        return SetUpError("Telegram does not know the token; check HOSHO_TELEGRAM_BOT_TOKEN")
    return SetUpError(f"Telegram answered: {type(error).__name__}; try again later")


async def set_commands(bot: Bot) -> None:
    """Put our commands into Telegram's menu."""
    await bot.set_my_commands(commands())


async def set_up(settings: Settings, say: Callable[[str], None]) -> None:
    """Register the webhook and the command menu; harmless when repeated.

    Args:
        settings: with Telegram's token and secret, and ``HOSHO_PUBLIC_URL``.
        say: gets one line a step.

    Raises:
        SetUpError: saying what is missing or what Telegram refused.
    """
    need_token(settings)
    if not settings.telegram_webhook_secret:
        raise SetUpError("set HOSHO_TELEGRAM_WEBHOOK_SECRET to a secret of your choice")
    if not settings.public_url or not settings.public_url.startswith("https://"):
        raise SetUpError("set HOSHO_PUBLIC_URL to the https:// address Telegram can reach")
    bot = make_bot(settings)
    try:
        me = await bot.get_me()
        endpoint = settings.public_url + PATH
        await bot.set_webhook(
            endpoint,
            secret_token=settings.telegram_webhook_secret,
            allowed_updates=list(limits.UPDATES),
        )
        say(f"webhook registered: {endpoint}")
        await set_commands(bot)
        say("command menu set")
        say(f"talk to it: https://t.me/{me.username}")
    except TelegramError as error:
        raise explained(error) from None
    finally:
        await close_bot(bot)
