"""What the rules decide: classes, criteria, routes, deadlines, the next question worth asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Optional

ClassCode = Literal["A", "A2", "B"]
CriterionStatus = Literal["met", "not_met", "unknown"]
RouteTo = Literal["automatic", "application_site", "call_center"]
RouteStatus = Literal["not_yet_open", "open", "closed"]


@dataclass(frozen=True)
class Criterion:
    """One criterion of a class, held against the answers; ``section`` is the notice's."""

    class_code: ClassCode
    id: str
    question: str
    status: CriterionStatus
    section: str


@dataclass(frozen=True)
class Route:
    """Where a certain class (or ``other``) leads, and whether it can be taken at ``as_of``."""

    to: RouteTo
    status: RouteStatus
    section: str
    opens: Optional[datetime] = None
    closes: Optional[datetime] = None


@dataclass(frozen=True)
class Deadline:
    """A date that counts for the traveller, and whether it has passed; ``at`` is its last second.

    ``kind``: ``report_by`` (tell the call center), ``use_by``, ``apply_by``, ``receive_by``.
    """

    class_code: str
    kind: str
    at: datetime
    passed: bool
    section: str


@dataclass(frozen=True)
class Decision:
    """Everything the rules can say about one set of answers at one moment.

    ``classes`` are certain, ``possible`` still open (disjoint from ``classes``), both sorted.
    ``routes`` maps a class code or ``other`` to its route, present only where the class is
    certain and the route needs no missing fact. ``next_question`` is ``None`` when no open
    question can change ``classes``, ``possible`` or ``routes``. While the campaign is unknown
    nothing is certain, whatever the notices have in common: only one's own notice decides.
    """

    campaign: Optional[str]
    classes: tuple[ClassCode, ...]
    possible: tuple[ClassCode, ...]
    criteria: tuple[Criterion, ...]
    routes: Mapping[str, Route]
    deadlines: tuple[Deadline, ...]
    next_question: Optional[str]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values (``reasons`` holds the criteria)."""
        return {
            "campaign": self.campaign,
            "classes": list(self.classes),
            "possible": list(self.possible),
            "routes": {
                code: {
                    "to": route.to,
                    "status": route.status,
                    "section": route.section,
                    "opens": route.opens.isoformat() if route.opens else None,
                    "closes": route.closes.isoformat() if route.closes else None,
                }
                for code, route in self.routes.items()
            },
            "next_question": self.next_question,
            "reasons": [
                {
                    "class": criterion.class_code,
                    "criterion": criterion.id,
                    "question": criterion.question,
                    "status": criterion.status,
                    "section": criterion.section,
                }
                for criterion in self.criteria
            ],
            "deadlines": [
                {
                    "class": deadline.class_code,
                    "kind": deadline.kind,
                    "at": deadline.at.isoformat(),
                    "passed": deadline.passed,
                    "section": deadline.section,
                }
                for deadline in self.deadlines
            ],
        }
