"""Lengths as LINE and Telegram count them (UTF-16 units), and safe cuts."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
#: Marks that belong to the character before them: variation selectors, joiner, skin tones.
_JOINER = "\u200d"


def length(text: str) -> int:
    """Return the number of UTF-16 units of a text (an emoji has two)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Return the text, shortened to ``limit`` units with an ellipsis where it is longer."""
    if length(text) <= limit:
        return text
    return text[: _fit(text, limit - 1)] + ELLIPSIS


def split(text: str, limit: int) -> list[str]:
    """Return the text in pieces of at most ``limit`` units; joined they are the text.

    Cuts after a line's or a sentence's end where there is one in the second half of a piece,
    and never inside a character.
    """
    pieces = []
    while length(text) > limit:
        end = _fit(text, limit)
        for mark in ("\n", "。", "、", " "):
            found = text.rfind(mark, end // 2, end)
            if found >= 0:
                end = found + 1
                break
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]


def _fit(text: str, limit: int) -> int:
    """Return how many code points fit into ``limit`` units without tearing a character."""
    end = units = 0
    while end < len(text) and units + 1 + (text[end] > "\uffff") <= limit:
        units += 1 + (text[end] > "\uffff")
        end += 1
    whole = end
    while 0 < whole < len(text) and _continues(text, whole):
        whole -= 1
    # A chain of marks longer than the limit is torn after all: nothing may be lost.
    return whole or end


def _continues(text: str, position: int) -> bool:
    character = text[position]
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or character == _JOINER
        or text[position - 1] == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or ("\U0001f1e6" <= character <= "\U0001f1ff" and _odd_flags(text, position))
    )


def _odd_flags(text: str, position: int) -> bool:
    """Return whether a flag (two regional indicators) would be torn at this position."""
    count = 0
    while position > 0 and "\U0001f1e6" <= text[position - 1] <= "\U0001f1ff":
        count += 1
        position -= 1
    return count % 2 == 1
