"""The classifier's ranking, weighed in the light of the pending question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Optional

import yaml

from .calendar_bounds import DATA

Ranking = Sequence[tuple[str, float]]

#: Labels whose first word is a question give a value of it; these are the others.
ANSWERED_BY_GRAMMAR = ("date", "amount", "place")


@dataclass(frozen=True)
class Rankings:
    """The classifier's ranking of a message, and of each of its sentences and clauses."""

    whole: Ranking = ()
    parts: Sequence[Ranking] = ()

    def values_of(self, question: str, *, beside: bool = False) -> dict[str, float]:
        """Return how surely each value of a question is said: in the part that says it best.

        Args:
            question: one whose values the classifier knows.
            beside: what the message says besides a date, sum or place: 紙で3000円分.

        Returns:
            values as the labels have them (``paper``, ``uninstalled``), with shares from 0 to 1.
        """
        best: dict[str, float] = {}
        for ranking in (self.whole, *self.parts):
            masked = sum(s for label, s in ranking if label in ANSWERED_BY_GRAMMAR) if beside else 0
            for label, share in ranking:
                if family(label) == question:
                    value = label.split("_", 1)[1]
                    best[value] = max(best.get(value, 0.0), share / max(1 - masked, 0.01))
        return best


@dataclass(frozen=True)
class Weighed:
    """The best label for the pending question, and its share among those that can apply."""

    label: str
    confidence: float


@lru_cache(maxsize=1)
def thresholds() -> dict[str, float]:
    """Return the calibrated thresholds (``data/thresholds.yml``)."""
    loaded: dict[str, float] = yaml.safe_load((DATA / "thresholds.yml").read_text("utf-8"))
    return loaded


#: Questions whose values the classifier knows; the others are the grammars' alone.
CLASSIFIED = ("incident", "app", "stay", "balance")
#: What a label can say of a question that is no value of it.
NO_VALUES = ("uninstalled", "unclear")


def family(label: str) -> str:
    """Return what a label is about: a question, ``aside``, ``command``, or the label itself."""
    head = label.split("_", 1)[0]
    known = ("expires", "incident", "app", "stay", "balance", "aside", "command")
    return head if head in known else label


#: Which topic a question back is likeliest about while a question is pending.
_NEAR = {
    "campaign": "aside_other_prefecture",
    "expires": "aside_expires_where",
    "incident": "aside_outage",
    "balance": "aside_balance_where",
    "app": "aside_app_where",
}


#: What is left for a question back, at least, where a message names a day of something else.
_SAID_BESIDE_A_DAY = 0.2


def aside_of(weighed: Sequence[Weighed], *, only_asks: bool = False) -> tuple[Optional[str], float]:
    """Return the likeliest topic and how likely it is that the message asks about any.

    ``None`` where something else is likelier than every question back together. A message that
    ``only_asks`` something may name a day or place that is no answer (24日って何があったんですか):
    that it is none says nothing against the question.
    """
    if only_asks:
        said = [entry for entry in weighed if not entry.label.endswith("_elsewhere")]
        total = sum(entry.confidence for entry in said)
        if total < _SAID_BESIDE_A_DAY:
            return None, 0.0
        weighed = [Weighed(entry.label, entry.confidence / total) for entry in said]
    asides = [entry for entry in weighed if family(entry.label) == "aside"]
    if not asides:
        return None, 0.0
    share = sum(entry.confidence for entry in asides)
    others = [entry.confidence for entry in weighed if family(entry.label) != "aside"]
    if others and max(others) >= share:
        return None, share
    return asides[0].label.split("_", 1)[1], share


def weigh(ranking: Ranking, question: Optional[str], *, only_asks: bool = False) -> list[Weighed]:
    """Return the labels that can apply at ``question``, best first, their shares adding up to 1.

    Values of other questions than the pending one lose nine tenths of their weight: at 残額,
    使ってない speaks of money before it speaks of the app. The topic nearest to the question
    gains. In a message that only asks something (``only_asks``) every value loses as much.
    """
    scored = []
    for label, confidence in ranking:
        of = family(label)
        other = of in CLASSIFIED and of != question
        weight = 0.1 if other and question is not None else 1.0
        if only_asks and of in CLASSIFIED:
            weight = 0.1
        if label == _NEAR.get(question or ""):
            weight = 1.5
        scored.append((label, confidence * weight))
    total = sum(score for _, score in scored) or 1.0
    weighed = [Weighed(label, score / total) for label, score in scored]
    return sorted(weighed, key=lambda entry: -entry.confidence)
