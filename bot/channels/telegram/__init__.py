"""Telegram: Bot API, over python-telegram-bot 22."""
