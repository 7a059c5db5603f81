"""Answers in words: the button that gives one, how it is repeated, how a correction names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.answers import Answers
from actions.notice_types import Notice
from actions.texts import Texts


@dataclass(frozen=True)
class Wording:
    """Says answers with the wording files' texts and the notices' names."""

    texts: Texts
    notices: Mapping[str, Notice]

    def name(self, question: str) -> str:
        """Return what the question is about, as a noun (``有効期限``)."""
        return self.texts.say(f"questions.{question}.name")

    def button(self, question: str, value: Any) -> str:
        """Return the label of the button that answers ``question`` with a typed ``value``."""
        return self._say(question, value, "button")

    def value(self, question: str, value: Any) -> str:
        """Return the answer as it stands inside a sentence."""
        return self._say(question, value, "value")

    def readback(self, question: str, value: Any) -> str:
        """Return the answer repeated in one short line."""
        return self._say(question, value, "readback")

    def readbacks(self, answers: Answers, questions: list[str]) -> str:
        """Return the lines repeating several answers, one below the other."""
        return "\n".join(self.readback(q, getattr(answers, q)) for q in questions)

    def _say(self, question: str, value: Any, form: str) -> str:
        known: dict[str, Any] = {}
        if value is None:
            group = "unknown"
        elif question == "campaign":
            group, notice = "campaigns", self.notices[value]
            known = {"prefecture": notice.prefecture, "campaign_name": notice.campaign_name}
        elif question == "expires":
            group, known = "dates", {"day": value}
        elif question == "balance" and value not in ("some", 0):
            group, known = "balances.amount", {"amount": value}
        else:
            group = f"{question}s.{value or 'none'}"
        return self.texts.say(f"questions.{group}.{form}", **known)
