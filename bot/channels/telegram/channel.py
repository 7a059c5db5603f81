"""Telegram as the worker sees it."""
from bot.channels.base import FetchedChannel
class TelegramChannel(FetchedChannel):
    @classmethod
    def from_settings(cls, settings): return cls("telegram")
