"""Telegram: `telegram poll` needs no public address; `telegram setup` registers a webhook."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from contextlib import suppress

import psycopg
from sqlalchemy.exc import DBAPIError
from telegram.error import TelegramError

from bot.channels.telegram.bot import close_bot, make_bot
from bot.channels.telegram.poll import poll
from bot.channels.telegram.setup import SetUpError, explained, need_token, set_commands, set_up
from bot.db.migrate import upgrade
from bot.db.server import database
from bot.db.statements import Statements
from bot.inbox import Inbox
from bot.logs import set_up as set_up_logs
from bot.settings import Settings, SettingsError


def main(arguments: list[str]) -> int:
    """Poll until Ctrl-C, or register the webhook; 1 when something is missing, with its mend.

    Args:
        arguments: ``poll`` or ``setup``.
    """
    parser = argparse.ArgumentParser(prog="./hosho telegram", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("poll", help="fetch messages (beside `./hosho serve`) until Ctrl-C")
    commands.add_parser("setup", help="register the webhook and the command menu")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_env()
        set_up_logs(settings.log_level)
        if options.command == "setup":
            asyncio.run(set_up(settings, lambda line: print(f"Telegram: {line}")))
        else:
            need_token(settings)
            with database(settings) as url:
                upgrade(url)
                asyncio.run(_poll(settings, url))
    except TelegramError as error:
        print(f"hosho telegram: {explained(error)}", file=sys.stderr)
        return 1
    except (psycopg.Error, DBAPIError) as error:
        print(f"hosho telegram: the database failed ({type(error).__name__})", file=sys.stderr)
        return 1
    except (SettingsError, SetUpError) as error:
        print(f"hosho telegram: {error}", file=sys.stderr)
        return 1
    return 0


async def _poll(settings: Settings, url: str) -> None:
    bot = make_bot(settings)
    polling: asyncio.Task[None] | None = None
    try:
        me = await bot.get_me()
        await set_commands(bot)
        print(f"Telegram: polling; talk to it: https://t.me/{me.username}   (Ctrl-C stops)")
        async with Statements(url, size=1) as statements:
            polling = asyncio.create_task(poll(bot, Inbox(statements)))
            loop = asyncio.get_running_loop()
            for signum in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(signum, polling.cancel)
            with suppress(asyncio.CancelledError):
                await polling
    finally:
        await close_bot(bot)
