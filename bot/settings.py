"""Every ``HOSHO_*`` setting: its name, default, meaning and check, in one place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
#: Japan Standard Time has no daylight saving: a fixed offset says it whole.
JST = timezone(timedelta(hours=9), "JST")


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names it and the mend."""

    def __init__(self, name: str, message: str) -> None:
        """Keep the variable's ``name`` beside the message."""
        super().__init__(f"{name}: {message}")
        self.name = name


def _about(name: str, read: Callable[[str], Any], shown: str, about: str) -> Mapping[str, Any]:
    return {"name": name, "read": read, "shown": shown, "about": about}


def _text(value: str) -> str:
    return value


def _line_of_ascii(value: str) -> str:
    # Tokens go into HTTP headers and URLs: a pasted line break or space is a sure mistake.
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("has spaces, line breaks or non-ASCII letters; paste it again")
    return value


def _webhook_secret(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError("must be 1 to 256 of A-Z a-z 0-9 _ - (Telegram's rule for secret_token)")
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"{value!r} is not a web address such as https://hosho.example.jp")
    return value.rstrip("/")


def _database(value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://")):
        raise ValueError("must start with postgresql:// (PostgreSQL 14 or later)")
    return "postgresql://" + value.split("://", 1)[1]


def _port(value: str) -> int:
    number = _whole(value)
    if not 1 <= number <= 65535:
        raise ValueError(f"{value!r} is not a port; use 1 to 65535")
    return number


def _count(value: str) -> int:
    number = _whole(value)
    if not 1 <= number <= 64:
        raise ValueError(f"{value!r} is out of range; use 1 to 64")
    return number


def _whole(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise ValueError(f"{value!r} is not a whole number")
    return int(value)


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(
            f"{value!r} is not a time; write it as 2023-03-25T10:00+09:00 (no offset: Japan's time)"
        ) from None
    return moment.replace(tzinfo=JST) if moment.tzinfo is None else moment.astimezone(JST)


def _folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _font(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if not path.is_file():
        raise ValueError(f"there is no file {value!r}; name a Japanese .ttf, .otf or .ttc font")
    return path


def _log_level(value: str) -> str:
    level = value.upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(f"{value!r} is none of DEBUG, INFO, WARNING, ERROR")
    return level


@dataclass(frozen=True)
class Settings:
    """What the environment says; an unset or empty variable means its default.

    Secrets (tokens, and the database address, which may hold a password) never show in
    ``repr``.
    """

    host: str = field(
        default="127.0.0.1",
        metadata=_about("HOSHO_HOST", _text, "`127.0.0.1`", "address the front listens on"),
    )
    port: int = field(
        default=8000, metadata=_about("HOSHO_PORT", _port, "`8000`", "port the front listens on")
    )
    public_url: str | None = field(
        default=None,
        metadata=_about(
            "HOSHO_PUBLIC_URL",
            _web_address,
            "none",
            "public HTTPS address in front of it; `line setup` and `telegram setup` register "
            "webhooks below it",
        ),
    )
    database_url: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "HOSHO_DATABASE_URL",
            _database,
            "embedded server",
            "`postgresql://…` of your own PostgreSQL (14 or later) in place of the embedded one",
        ),
    )
    data_dir: Path = field(
        default=ROOT / ".hosho",
        metadata=_about(
            "HOSHO_DATA_DIR",
            _folder,
            "`.hosho`",
            "folder of the embedded database, the trained model and the sockets",
        ),
    )
    as_of: datetime | None = field(
        default=None,
        metadata=_about(
            "HOSHO_AS_OF",
            _moment,
            "now",
            "moment at which the assistant's clock stands, e.g. `2023-03-25T10:00` (no offset: "
            "Japan's time)",
        ),
    )
    engines: int = field(
        default=1,
        metadata=_about(
            "HOSHO_ENGINES",
            _count,
            "`1`",
            "how many workers, each with its own engine, are started",
        ),
    )
    log_level: str = field(
        default="INFO",
        metadata=_about(
            "HOSHO_LOG_LEVEL", _log_level, "`INFO`", "`DEBUG`, `INFO`, `WARNING` or `ERROR`"
        ),
    )
    line_channel_secret: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "HOSHO_LINE_CHANNEL_SECRET",
            _line_of_ascii,
            "LINE off",
            "LINE channel secret; webhooks are checked with it",
        ),
    )
    line_channel_access_token: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "HOSHO_LINE_CHANNEL_ACCESS_TOKEN",
            _line_of_ascii,
            "LINE off",
            "LINE channel access token; messages are sent with it",
        ),
    )
    line_api_base_url: str | None = field(
        default=None,
        metadata=_about(
            "HOSHO_LINE_API_BASE_URL",
            _web_address,
            "LINE's own",
            "address of the LINE Messaging API, set for tests against a stand-in",
        ),
    )
    telegram_bot_token: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "HOSHO_TELEGRAM_BOT_TOKEN",
            _line_of_ascii,
            "Telegram off",
            "Telegram bot token from @BotFather",
        ),
    )
    telegram_webhook_secret: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "HOSHO_TELEGRAM_WEBHOOK_SECRET",
            _webhook_secret,
            "webhook off",
            "secret Telegram sends with each webhook call; not needed for `telegram poll`",
        ),
    )
    telegram_api_base_url: str = field(
        default="https://api.telegram.org",
        metadata=_about(
            "HOSHO_TELEGRAM_API_BASE_URL",
            _web_address,
            "Telegram's own",
            "address of the Telegram Bot API, set for a local Bot API server or a stand-in",
        ),
    )
    font: Path | None = field(
        default=None,
        metadata=_about(
            "HOSHO_FONT", _font, "searched", "Japanese font file for the LINE rich menu's picture"
        ),
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Args:
            environ: where to read; the process's environment when absent.

        Raises:
            SettingsError: naming the variable and what it accepts.
        """
        source = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name = setting.metadata["name"]
            raw = source.get(name, "").strip()
            if not raw:
                continue
            try:
                values[setting.name] = setting.metadata["read"](raw)
            except ValueError as error:
                raise SettingsError(name, str(error)) from None
        return cls(**values)

    @property
    def line_on(self) -> bool:
        """Whether LINE can work: it has its secret and its token."""
        return bool(self.line_channel_secret and self.line_channel_access_token)

    @property
    def telegram_on(self) -> bool:
        """Whether Telegram can send: it has its token (polling needs no more)."""
        return bool(self.telegram_bot_token)

    @property
    def telegram_webhook_on(self) -> bool:
        """Whether Telegram's webhook can work: it has its secret as well."""
        return bool(self.telegram_bot_token and self.telegram_webhook_secret)

    def channel_notes(self) -> list[str]:
        """Return one English line a channel saying whether it is on, for the start of a process."""
        missing = [
            name
            for name, value in (
                ("HOSHO_LINE_CHANNEL_SECRET", self.line_channel_secret),
                ("HOSHO_LINE_CHANNEL_ACCESS_TOKEN", self.line_channel_access_token),
            )
            if not value
        ]
        line = "LINE: on" if not missing else f"LINE: off ({' and '.join(missing)} not set)"
        if not self.telegram_on:
            telegram = "Telegram: off (HOSHO_TELEGRAM_BOT_TOKEN not set)"
        elif not self.telegram_webhook_on:
            telegram = (
                "Telegram: on for `hosho telegram poll`; its webhook is off "
                "(HOSHO_TELEGRAM_WEBHOOK_SECRET not set)"
            )
        else:
            telegram = "Telegram: on"
        return ["web page: on", line, telegram]


def settings_table() -> str:
    """Return the settings as the Markdown table that stands in the README."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    rows += [
        f"| `{item.metadata['name']}` | {item.metadata['shown']} | {item.metadata['about']} |"
        for item in fields(Settings)
    ]
    return "\n".join(rows)
