"""Words that nobody uses in answering: who says Netflix or 飲み会 speaks of something else."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import yaml

from .calendar_bounds import DATA

_KATAKANA = re.compile(r"[ァ-ヶー]+")
_LATIN = re.compile(r"[a-z0-9+]+")
_HIRAGANA = re.compile(r"[ぁ-んー]+")
#: Shorter words in katakana are parts of others: パン in パンフレット.
_WHOLE_BELOW = 4
#: No word has more characters than a sentence of this length has of them.
_READ = 120


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], int]:
    groups = yaml.safe_load((DATA / "other_subjects.yml").read_text(encoding="utf-8"))
    words = frozenset(word for group in groups.values() for word in group)
    return words, max(map(len, words))


def other_subject(text: str) -> str:
    """Return the first word of ``data/other_subjects.yml`` that a message has, or nothing.

    Args:
        text: the message as typed (katakana stays katakana); its first 120 characters are read.
    """
    words, longest = _words()
    said = unicodedata.normalize("NFKC", text).lower()[:_READ]
    for start in range(len(said)):
        for end in range(min(start + longest, len(said)), start + 1, -1):
            if said[start:end] in words and _stands_alone(said, start, end):
                return said[start:end]
    return ""


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether what stands at a place is the word, and not a part of another one."""
    word, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    if _LATIN.fullmatch(word):
        return not (_LATIN.fullmatch(before) or _LATIN.fullmatch(after))
    if _KATAKANA.fullmatch(word):
        whole = len(word) < _WHOLE_BELOW
        return not (_KATAKANA.fullmatch(before) or (whole and _KATAKANA.fullmatch(after)))
    return not (_HIRAGANA.fullmatch(word) and _HIRAGANA.fullmatch(before))
