"""Patterns kept as data (``data/patterns/*.yml``): what can be said, one way a line."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from .calendar_bounds import DATA

_NAME = re.compile(r"\{([a-z_]+)\}")


@cache
def _file(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        (DATA / "patterns" / f"{name}.yml").read_text(encoding="utf-8")
    )
    return loaded


@cache
def source(file: str, key: str) -> str:
    """Return a pattern's source, with the patterns it names put in.

    Args:
        file: the file's name without its ending.
        key: the pattern's name; a list of alternatives, or ``before``, ``any`` and ``after``.

    Raises:
        KeyError: when the file has no such pattern.
    """
    entry = _file(file)[key]
    if isinstance(entry, dict):
        text = f"{entry['before']}(?:{'|'.join(entry['any'])}){entry['after']}"
    else:
        text = "|".join(entry)
    return _NAME.sub(lambda found: f"(?:{source(file, found[1])})", text)


def pattern(file: str, key: str) -> re.Pattern[str]:
    """Return a compiled pattern; see :func:`source`."""
    return re.compile(source(file, key))
