"""Light tokens for the classifier: runs of one script, with dates, amounts and places masked."""

from __future__ import annotations

import re

from .amounts import amount_spans
from .dates import date_spans
from .normalise import normalise
from .places import place_spans
from .variants import canonical

#: Masks are capitals, which normalised text never has.
DATE, AMOUNT, PLACE, ELSEWHERE, NUMBER, LINK = "D", "Y", "P", "Q", "N", "U"
#: What the classifier reads of a long message: its beginning and its end.
_READ = 400

_LINK = re.compile(r"(?:https?://|www\.)\S*|[\w.+-]+@\w[\w.-]*")
#: Numbers that count how often something happened stay: 2回, 0泊.
_NUMBER = re.compile(r"(?!(?<!\d)[0-3](?!\d))\d+")
_RUN = re.compile(r"[A-Z]|[一-龥々〆]+|[ぁ-んー]+|[a-z]+|[^\s]")


def masked(text: str) -> str:
    """Return a message as the classifier reads it: one spelling, values masked.

    2月24日までです and 3/10までです are the same to it: which date it is, the grammars say.
    """
    plain, spans = date_spans(_LINK.sub(LINK, normalise(text)))
    plain = canonical(_cover(plain, spans, DATE))
    plain = _cover(plain, place_spans(plain), PLACE)
    plain = _cover(plain, place_spans(plain, elsewhere=True), ELSEWHERE)
    plain, spans = amount_spans(plain)
    plain = _NUMBER.sub(NUMBER, _cover(plain, spans, AMOUNT))
    if len(plain) > 2 * _READ:
        plain = f"{plain[:_READ]}\n{plain[-_READ:]}"
    return plain


def tokens_of(text: str) -> list[str]:
    """Return the tokens of a message as typed."""
    return _RUN.findall(masked(text))


def _cover(text: str, spans: list[tuple[int, int]], cover: str) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + cover + text[end:]
    return text
