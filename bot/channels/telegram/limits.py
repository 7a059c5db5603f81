"""What Telegram's platform allows, each with the place where Telegram says so.

A: https://core.telegram.org/bots/api  F: https://core.telegram.org/bots/features
About one message a second in a chat and 30 a second over all (https://core.telegram.org/bots/faq)
are no constants here: neighbouring bubbles share a message, and Telegram says itself
(``retry_after``) when it wants a pause, which all chats then keep.
"""

from __future__ import annotations

from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

#: A#sendmessage: characters after entities are parsed; counted here as UTF-16 units, the
#: stricter reading.
TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
#: A#inlinekeyboardbutton: bytes.
CALLBACK_DATA = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
#: What a phone shows of a button's label before it is cut (no documented limit).
LABEL = 40
#: Buttons in one row stay readable on a phone: their labels' units together.
ROW = 22
#: A#inlinekeyboardmarkup: Telegram refuses keyboards with more buttons.
BUTTONS = 100
#: F#deep-linking: 1 to 64 of these.
START_PAYLOAD = r"[A-Za-z0-9_-]{1,64}"
#: A#setwebhook: the header that carries our secret.
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 (a header's name)
#: A#setwebhook: what is delivered to us; the rest is never sent.
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
#: Far more than any update holds: texts of 4,096 characters and what is quoted in them.
WEBHOOK_BYTES = 1_000_000
#: A#getupdates: seconds a poll waits for news.
POLL_SECONDS = 50
