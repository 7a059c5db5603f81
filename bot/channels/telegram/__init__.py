"""Telegram: Bot API, over python-telegram-bot 22."""

from __future__ import annotations

import os

# python-telegram-bot's own opt-in to its next major version's types (spans of time as
# timedelta); without it every pause that Telegram asks for comes with a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")
