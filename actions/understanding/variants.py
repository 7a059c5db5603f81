"""Kana spellings, dialect and common slips, written the one way that the grammars read."""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from .calendar_bounds import DATA


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    data = yaml.safe_load((DATA / "variants.yml").read_text(encoding="utf-8"))
    return tuple((re.compile(pattern), replacement) for pattern, replacement in data)


def canonical(plain: str) -> str:
    """Return normalised text with the variants of ``data/variants.yml`` written one way.

    Args:
        plain: normalised text.
    """
    for pattern, replacement in _rules():
        plain = pattern.sub(replacement, plain)
    return plain
