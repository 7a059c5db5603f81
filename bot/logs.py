"""Logs that keep secrets: no travellers' words, ids or tokens, whatever a library says."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

#: Libraries that put addresses with tokens, or what they were given, into their lines.
TALKATIVE = ("httpx", "httpcore", "telegram", "linebot", "procrastinate", "psycopg", "aiohttp")


class DiscreetFormatter(logging.Formatter):
    """Formats an exception by its type and place, without its message.

    Messages of database and HTTP errors quote the values they choked on.
    """

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Return the traceback's places and the type of each error in the chain."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            lines += [f"  {type(error).__module__}.{type(error).__qualname__}"]
            lines += [f"    {place}" for place in places]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def _is_discreet(record: logging.LogRecord) -> bool:
    """Tell whether a record may be shown: procrastinate's about one job quote its arguments."""
    return not (record.name.startswith("procrastinate") and hasattr(record, "job"))


def set_up(level: str, stream: TextIO = sys.stderr) -> None:
    """Send all logs of this process to one stream.

    Args:
        level: ``DEBUG`` to ``ERROR``; the talkative libraries never go below ``WARNING``.
        stream: where to.
    """
    handler = logging.StreamHandler(stream)
    handler.addFilter(_is_discreet)
    handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
