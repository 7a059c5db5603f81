"""Telegram's updates as the inbox takes them, by webhook or by polling."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram import limits
from bot.inbox import Event

log = logging.getLogger(__name__)
#: Our commands (``bot.channels.telegram.setup`` puts them into Telegram's menu) as buttons.
COMMANDS = {
    "restart": ":command=restart",
    "back": ":command=back",
    "human": ":command=human",
    "stop": ":command=stop",
}


@dataclass(frozen=True)
class Step:
    """What an update asks of us: ``answer`` it, or note that they ``left``."""

    kind: Literal["answer", "left"]
    address: str
    event: Event | None = None


class MalformedError(ValueError):
    """Not an update at all."""


def read(data: object) -> Step | None:
    """Return what to do about one update; ``None`` (and a log line) for nothing.

    Args:
        data: an ``Update`` as parsed from JSON (https://core.telegram.org/bots/api#update).

    Raises:
        MalformedError: when it is no object with an ``update_id``.
    """
    if not isinstance(data, dict) or type(data.get("update_id")) is not int:
        raise MalformedError("no update")
    try:
        update = Update.de_json(data, None)
        step = _read(update)
    except Exception as error:
        # Telegram delivers again whatever is not taken: what cannot be read is let go.
        log.warning("Telegram update ignored: cannot be read (%s)", type(error).__name__)
        return None
    if step is None:
        log.info("Telegram update ignored: nothing to answer")
    return step


def _read(update: Update) -> Step | None:
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    if update.message is not None:
        return _message(update.update_id, update.message)
    if update.edited_message is not None and update.edited_message.text is not None:
        return _edited(update.update_id, update.edited_message)
    return None


def _answer(
    update_id: int, chat: int, turn: Mapping[str, str], reply: Mapping[str, Any] | None = None
) -> Step:
    return Step("answer", str(chat), Event(str(update_id), str(chat), turn, reply or {}))


def _press(update_id: int, query: CallbackQuery) -> Step | None:
    message = query.message
    if message is None or query.data is None or message.chat.type != ChatType.PRIVATE:
        return None
    if not query.data.isprintable() or len(query.data.encode()) > limits.CALLBACK_DATA:
        return None
    reply = {"callback": query.id, "pressed": str(message.message_id)}
    return _answer(update_id, message.chat.id, {"button": query.data}, reply)


def _membership(update_id: int, change: ChatMemberUpdated) -> Step | None:
    chat = change.chat
    status = change.new_chat_member.status
    if chat.type == ChatType.PRIVATE:
        # Who comes back presses Start, which is a message of its own.
        return Step("left", str(chat.id)) if status == ChatMemberStatus.BANNED else None
    was_in = change.old_chat_member.status in {
        ChatMemberStatus.MEMBER,
        ChatMemberStatus.ADMINISTRATOR,
    }
    if status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}:
        return Step("left", str(chat.id))
    joined = status in {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR} and not was_in
    if joined and chat.type != ChatType.CHANNEL:
        return _answer(update_id, chat.id, {"say": "group"})
    return None


def _edited(update_id: int, message: Message) -> Step | None:
    if message.chat.type != ChatType.PRIVATE:
        return None
    return _answer(update_id, message.chat.id, {"say": "edited"})


def _message(update_id: int, message: Message) -> Step | None:
    if message.from_user is not None and message.from_user.is_bot:
        return None
    if message.chat.type != ChatType.PRIVATE:
        # Personal matters are for private chats; other talk in a group is not ours.
        is_command = bool(message.text) and _command(message.text or "") is not None
        return _answer(update_id, message.chat.id, {"say": "group"}) if is_command else None
    if message.text is not None:
        return _answer(update_id, message.chat.id, _turn(message.text))
    if message.effective_attachment is not None:
        return _answer(update_id, message.chat.id, {"event": "attachment"})
    # Service messages (pinned, joined, …): nobody said anything.
    return None


def _command(text: str) -> tuple[str, str] | None:
    found = re.fullmatch(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", text.strip(), re.DOTALL)
    return (found[1].lower(), (found[2] or "").strip()) if found else None


def _turn(text: str) -> dict[str, str]:
    """Return what the engine gets for a private text: a command of ours, or the text."""
    command = _command(text)
    if command is None:
        return {"text": text}
    name, rest = command
    if name == "start":
        return {"start": rest if re.fullmatch(limits.START_PAYLOAD, rest) else ""}
    if name in COMMANDS:
        return {"button": COMMANDS[name]}
    return {"say": "help"}
