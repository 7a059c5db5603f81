"""The sentences and clauses of a message, which the classifier ranks one by one as well."""

from __future__ import annotations

import re

from .normalise import normalise

#: More parts than this are not read; a rant's answer is rarely after its tenth sentence.
MOST = 10
_SENTENCES = re.compile(r"[。!?\n]+")
_CLAUSES = re.compile(r"[。!?\n、,…]+|\.{2,}|(?<=けど) ?|(?<=ので) ")
#: Shorter ones say nothing by themselves: あ、はい、えっと.
_SHORTEST = 3


def parts_of(text: str) -> list[str]:
    """Return a message's sentences and clauses, in order, where it has more than one.

    Args:
        text: the message as typed.

    Returns:
        at most ``MOST`` parts; a sentence stands before its clauses. Empty for a message that
        is a single clause.
    """
    found: list[str] = []
    for sentence in _SENTENCES.split(normalise(text)):
        clauses = _CLAUSES.split(sentence)
        for part in map(str.strip, (sentence, *clauses)):
            if len(part) >= _SHORTEST and part not in found:
                found.append(part)
    return found[:MOST] if len(found) > 1 else []
