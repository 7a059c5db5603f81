"""Long polling: Telegram's updates into the same inbox, where no public address is at hand."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import limits
from bot.channels.telegram.events import read
from bot.channels.telegram.take import take
from bot.inbox import Inbox

log = logging.getLogger(__name__)
#: Seconds before asking again after a failure; doubled up to the second.
PAUSE = (1.0, 60.0)


async def poll(bot: Bot, inbox: Inbox, *, wait: int = limits.POLL_SECONDS) -> None:
    """Store updates as they come, without end.

    An update counts as taken once it is stored: killed before, it is delivered again, and the
    inbox knows it by its id.

    Args:
        bot: the bot to ask.
        inbox: where updates go.
        wait: seconds a poll waits for news.

    Raises:
        telegram.error.InvalidToken: when Telegram does not know the token.
        psycopg.Error: when the inbox cannot be reached.
    """
    # A registered webhook and polling exclude each other; nothing that waits is dropped.
    await bot.delete_webhook(drop_pending_updates=False)
    offset: int | None = None
    pause = PAUSE[0]
    while True:
        try:
            updates = await bot.get_updates(
                offset, timeout=wait, allowed_updates=list(limits.UPDATES)
            )
        except InvalidToken:
            raise
        except Conflict:
            log.error("Telegram: somebody else polls, or a webhook was registered meanwhile")
        except RetryAfter:
            log.warning("Telegram asked for a pause")
        except TelegramError as error:
            log.warning("Telegram cannot be polled (%s)", type(error).__name__)
        else:
            pause = PAUSE[0]
            for update in updates:
                await _store(inbox, update)
                offset = update.update_id + 1
            continue
        await asyncio.sleep(pause)
        pause = min(pause * 2, PAUSE[1])


async def _store(inbox: Inbox, update: Update) -> None:
    await take(inbox, read(update.to_dict()))
