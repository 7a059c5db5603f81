"""Channel-neutral replies: what the assistant says, before a channel turns it into widgets.

The dialogue returns a list of :class:`Reply`; one renderer per channel (``bot/channels``)
turns each into LINE, Telegram, web or terminal widgets. They cross the process border as
JSON (``to_json`` / ``from_json``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Optional

#: Tokens are ASCII and short, so that ``interview:token`` fits Telegram's 64 bytes.
MAX_TOKEN_BYTES = 48


@dataclass(frozen=True)
class Choice:
    """A button that answers: ``label`` is read (≤ 20 UTF-16 units), ``token`` comes back.

    Tokens are ``question=value`` (``expires=2023-02-24``, ``balance=some``, ``app=unknown``),
    ``aside=topic`` or ``command=back|restart|stop|human|start``.
    """

    label: str
    token: str


@dataclass(frozen=True)
class DatePicker:
    """A calendar for a date answer; the chosen date comes back as ``question=YYYY-MM-DD``."""

    label: str
    question: str
    initial: str
    earliest: str
    latest: str


@dataclass(frozen=True)
class Link:
    """A button that leads out: ``kind`` ``url`` opens a page, ``phone`` dials ``target``."""

    kind: Literal["url", "phone"]
    label: str
    target: str


@dataclass(frozen=True)
class CardRow:
    """One labelled line of a card; ``mark`` ``met``, ``not_met``, ``unknown`` or ``None``."""

    label: str
    text: str
    mark: Optional[str] = None


@dataclass(frozen=True)
class Card:
    """The verdict (or the phone memo) as a card: a headline, sections of rows, links.

    ``tone`` colours it: ``eligible``, ``maybe``, ``not_eligible`` or ``info``. ``footer``
    is the ground (office, report, date, section) and the reservation of the office.
    """

    title: str
    headline: str
    tone: Literal["eligible", "maybe", "not_eligible", "info"]
    rows: tuple[CardRow, ...] = ()
    footer: str = ""


@dataclass(frozen=True)
class Reply:
    """One bubble: its text, and what the traveller can press below it.

    ``text`` always says everything, also what ``card`` shows, so that a channel without
    cards and a screen reader lose nothing; a channel that shows the card may leave the text
    out. ``interview`` marks whose buttons these are: presses carry it back, and those of an
    earlier interview are answered as stale.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    date_picker: Optional[DatePicker] = None
    links: tuple[Link, ...] = ()
    card: Optional[Card] = None
    interview: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reply:
        """Read back what :meth:`to_json` wrote."""
        card = data.get("card")
        picker = data.get("date_picker")
        return cls(
            text=data["text"],
            choices=tuple(Choice(**choice) for choice in data.get("choices", ())),
            date_picker=DatePicker(**picker) if picker else None,
            links=tuple(Link(**link) for link in data.get("links", ())),
            card=(
                Card(**{**card, "rows": tuple(CardRow(**row) for row in card.get("rows", ()))})
                if card
                else None
            ),
            interview=data.get("interview", ""),
        )


@dataclass(frozen=True)
class CaseRecord:
    """What must be kept of a finished interview or a hand-over; the front end stores it.

    ``receipt`` is the short 受付番号 read over the phone; ``answers`` and ``decision`` are
    JSON values (``Answers.to_mapping``, ``Decision.to_json``); ``event`` says why it is kept.
    """

    receipt: str
    event: Literal["verdict", "human", "stopped"]
    answers: Mapping[str, Any] = field(default_factory=dict)
    decision: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "receipt": self.receipt,
            "event": self.event,
            "answers": dict(self.answers),
            "decision": dict(self.decision),
        }
