"""Light tokens for the classifier: runs of one script, and masks for values."""

from __future__ import annotations

import re

from .normalise import normalise

_RUN = re.compile(r"[ァ-ヶＡ-Ｚ]+|[一-龥々〆]+|[ぁ-んー]+|[a-z]+|\d+|[^\s]")


def tokens_of(text: str) -> list[str]:
    """Return the tokens of a message as typed."""
    return _RUN.findall(normalise(text))
