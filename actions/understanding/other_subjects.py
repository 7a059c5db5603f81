"""Words that nobody uses in answering: who says Netflix or 飲み会 speaks of something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from .calendar_bounds import DATA

_KATAKANA = re.compile(r"[ァ-ヶー]+")
_LATIN = re.compile(r"[a-z0-9+]+")
_KANJI = re.compile(r"[一-龥々]+")
_IN_A_COMPOUND = re.compile(r"[一-龥々\d]")
#: Where the next word begins without a particle: 体重半分にしたい.
_NEXT_WORD = "半全残紙未"
_HIRAGANA = re.compile(r"[ぁ-んー]+")
#: Shorter words in katakana or kanji are parts of others: パン in パンフレット.
_WHOLE_BELOW = 4
#: What comes later is not searched: a longer message is no short one about something else.
_READ = 120


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], int]:
    lines = (DATA / "other_subjects.txt").read_text(encoding="utf-8").splitlines()
    groups = [line.split("、") for line in lines if line and not line.startswith("#")]
    words = frozenset(word for group in groups for word in group)
    return words, max(map(len, words))


def other_subject(text: str) -> str:
    """Return the first word of ``data/other_subjects.txt`` that a message has, or nothing.

    Args:
        text: the message as typed (katakana stays katakana); its first 120 characters are read.
    """
    said = _said(text)
    return next((said[start:end] for start, end in _found(said)), "")


def coupon_of_another_subject(text: str) -> str:
    """Return the word whose coupon a message speaks of, or nothing: ポテトのクーポンが2/28まで."""
    said = _said(text)
    return next((said[s:e] for s, e in _found(said) if _COUPON.match(said, e)), "")


#: A coupon, right after the word that says whose it is.
_COUPON = re.compile(r"の?(?:割引)?(?:クーポン|チケット|ポイント|会員)")


def _said(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()[:_READ]


def _found(said: str) -> Iterator[tuple[int, int]]:
    words, longest = _words()
    for start in range(len(said)):
        for end in range(min(start + longest, len(said)), start + 1, -1):
            if said[start:end] in words and _stands_alone(said, start, end):
                yield start, end
                break


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether what stands at a place is the word, and not a part of another one."""
    word, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    if _LATIN.fullmatch(word):
        return not (_LATIN.fullmatch(before) or _LATIN.fullmatch(after))
    if _KATAKANA.fullmatch(word):
        whole = len(word) < _WHOLE_BELOW
        return not (_KATAKANA.fullmatch(before) or (whole and _KATAKANA.fullmatch(after)))
    if _KANJI.fullmatch(word) and len(word) < _WHOLE_BELOW:
        # 約分 in 予約分, 大家 in 大家族, 月給 in 2月給料
        compound = _KANJI.fullmatch(after) and after not in _NEXT_WORD
        return not (_IN_A_COMPOUND.fullmatch(before) or compound)
    return not (_HIRAGANA.fullmatch(word) and _HIRAGANA.fullmatch(before))
