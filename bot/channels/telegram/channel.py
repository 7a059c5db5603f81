"""Telegram as the worker sees it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from actions.replies import Reply
from bot.channels.base import DeliveryError, Letter, Sent, TryAgain, Undeliverable
from bot.channels.telegram.bot import close_bot, make_bot
from bot.channels.telegram.render import render
from bot.channels.texts import own_texts
from bot.settings import Settings

_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class TelegramChannel:
    """Implements :class:`bot.channels.base.Channel` over python-telegram-bot."""

    name = "telegram"
    knows_a_second_try = False

    def __init__(self, bot: Bot) -> None:
        """Take the bot to speak through."""
        self._bot = bot
        #: Until when (monotonic seconds) Telegram asked us to be silent in all chats.
        self._silent_until = 0.0

    @classmethod
    def from_settings(cls, settings: Settings) -> TelegramChannel:
        """Return the channel of the settings (Telegram must be on)."""
        return cls(make_bot(settings))

    def render(self, replies: Sequence[Reply], reply: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the messages that say these replies."""
        return render(replies)

    async def send(self, letter: Letter) -> Sent:
        """Send one message.

        Telegram has no key by which a second try is known: when a try was cut off before its
        answer, the second says so (docs/decisions/messages-once.md).
        """
        silence = self._silent_until - time.monotonic()
        if silence > 0:
            raise TryAgain("Telegram asked for a pause", after=silence)
        text = letter.body["text"]
        if letter.uncertain:
            text = f"{own_texts()['again'].text}\n{text}"
        keyboard = letter.body["keyboard"]
        try:
            message = await self._bot.send_message(
                chat_id=int(letter.address),
                text=text,
                parse_mode=ParseMode.HTML,
                reply_markup=_markup(keyboard) if keyboard else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            judged = _judged(error)
            if isinstance(error, RetryAfter) and isinstance(judged, TryAgain):
                self._silent_until = time.monotonic() + (judged.after or 0)
            raise judged from None
        pressable = keyboard and any("data" in button for row in keyboard for button in row)
        return Sent(keyboard=str(message.message_id) if pressable else None)

    def acknowledge(self, address: str, reply: Mapping[str, Any]) -> Awaitable[None] | None:
        """Take the spinner off a pressed button."""
        callback = reply.get("callback")
        return self._take_spinner_off(callback) if isinstance(callback, str) else None

    async def _take_spinner_off(self, callback: str) -> None:
        await self._bot.answer_callback_query(callback)

    async def show_busy(self, address: str, reply: Mapping[str, Any]) -> None:
        """Show that somebody is typing."""
        await self._bot.send_chat_action(int(address), ChatAction.TYPING)

    async def tidy(self, address: str, keyboard: str) -> None:
        """Remove a message's buttons."""
        await self._bot.edit_message_reply_markup(int(address), int(keyboard), reply_markup=None)

    async def close(self) -> None:
        """Close the connections to Telegram."""
        await close_bot(self._bot)


def _markup(keyboard: Sequence[Sequence[Mapping[str, str]]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    button["text"], url=button.get("url"), callback_data=button.get("data")
                )
                for button in row
            ]
            for row in keyboard
        ]
    )


def _judged(error: TelegramError) -> DeliveryError:  # noqa: PLR0911 (one way out a kind)
    """Return what an error of Telegram means for the message."""
    if isinstance(error, RetryAfter):
        after = error.retry_after
        seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
        return TryAgain("Telegram 429", after=seconds)
    if isinstance(error, Forbidden):
        return Undeliverable("Telegram 403: blocked by the traveller", blocked=True)
    if isinstance(error, InvalidToken):
        return TryAgain("Telegram 401: check HOSHO_TELEGRAM_BOT_TOKEN")
    if isinstance(error, BadRequest | ChatMigrated):
        gone = "chat not found" in str(error).lower()
        return Undeliverable("Telegram 400: refused", blocked=gone)
    if isinstance(error, TimedOut | NetworkError):
        cause = error.__cause__
        if isinstance(cause, _NEVER_ARRIVED):
            return TryAgain("Telegram cannot be reached")
        # With a cause the connection broke; without one Telegram answered with 5xx.
        return TryAgain(f"Telegram: {type(error).__name__}", uncertain=cause is not None)
    if isinstance(error, Conflict):
        return TryAgain("Telegram 409")
    return TryAgain(f"Telegram: {type(error).__name__}")
