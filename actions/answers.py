"""What a traveller has told us: the six questions and the values their answers can take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, Optional, Union

#: The name of one of the files ``notices/*.yml``: a further campaign is a further file.
Campaign = str
Incident = Literal["none", "unusable", "paid_otherwise_and_deducted", "charged_twice", "other"]
App = Literal["charged", "paper", "withdrawn"]
Stay = Literal["overnight", "day_trip"]
#: Yen left, or ``"some"``: at least one yen, the amount not stated.
Balance = Union[int, Literal["some"]]
Question = Literal["campaign", "expires", "incident", "balance", "app", "stay"]

_NOTICES = Path(__file__).resolve().parent.parent / "notices"
CAMPAIGNS: tuple[Campaign, ...] = tuple(sorted(path.stem for path in _NOTICES.glob("*.yml")))
INCIDENTS: tuple[Incident, ...] = (
    "none",
    "unusable",
    "paid_otherwise_and_deducted",
    "charged_twice",
    "other",
)
APPS: tuple[App, ...] = ("charged", "paper", "withdrawn")
STAYS: tuple[Stay, ...] = ("overnight", "day_trip")
#: In the order in which the interview asks them, where they can matter.
QUESTIONS: tuple[Question, ...] = ("campaign", "expires", "incident", "balance", "app", "stay")
#: Python 3.10 and 3.12 read ISO dates differently (2023-W08-5): only this form counts.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadAnswerError(ValueError):
    """A value no question accepts; ``field`` names the key, the message says the mend."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the ``field`` beside the message."""
        super().__init__(f"{field}: {message}")
        self.field = field


@dataclass(frozen=True)
class Answers:
    """One traveller's answers; ``None`` is unknown (not asked yet, or わからない)."""

    campaign: Optional[Campaign] = None
    expires: Optional[date] = None
    incident: Optional[Incident] = None
    balance: Optional[Balance] = None
    app: Optional[App] = None
    stay: Optional[Stay] = None

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Answers:
        """Read answers from JSON-like values (ISO dates, yen as int), absent or null = unknown.

        Raises:
            BadAnswerError: naming the key and what it accepts.
        """
        known = {field.name for field in fields(cls)}
        for key in values:
            if key not in known:
                raise BadAnswerError(key, f"unknown key; use {', '.join(sorted(known))}")
        return cls(
            campaign=_one_of("campaign", values.get("campaign"), CAMPAIGNS),
            expires=_date("expires", values.get("expires")),
            incident=_one_of("incident", values.get("incident"), INCIDENTS),
            balance=_balance("balance", values.get("balance")),
            app=_one_of("app", values.get("app"), APPS),
            stay=_one_of("stay", values.get("stay"), STAYS),
        )

    def to_mapping(self) -> dict[str, Any]:
        """Return the JSON-like values of the known answers only."""
        values = {name: getattr(self, name) for name in QUESTIONS}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value is not None
        }

    def updated(self, **values: Any) -> Answers:
        """Return a copy with some answers replaced (already typed values)."""
        return replace(self, **values)


def _one_of(field: str, value: Any, allowed: tuple[Any, ...]) -> Any:
    if value is None or value in allowed:
        return value
    raise BadAnswerError(field, f"{value!r} is not one of {', '.join(allowed)}")


def _date(field: str, value: Any) -> Optional[date]:
    if value is None or (isinstance(value, date) and not hasattr(value, "hour")):
        return value
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise BadAnswerError(field, f"{value!r} is not a date; write it as 2023-02-24") from None


def _balance(field: str, value: Any) -> Optional[Balance]:
    if value is None:
        return None
    if value == "some":
        return "some"
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        mend = "write whole yen, 0 or more, or some"
        raise BadAnswerError(field, f"{value!r} is not a balance; {mend}")
    return value
