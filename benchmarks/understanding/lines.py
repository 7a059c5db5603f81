"""The file to measure with: one utterance and what must be understood a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from actions.answers import QUESTIONS, Answers, BadAnswerError

KINDS = ("answer", "unknown", "aside", "command", "ask_back")
COMMANDS = ("back", "restart", "stop", "human")
JST = timezone(timedelta(hours=9))
#: The day on which a line without ``as_of`` is said: the demo's clock.
TODAY = datetime(2023, 3, 25, 10, tzinfo=JST)


class BadLineError(ValueError):
    """A line that cannot be measured; the message names its number and the mend."""


@dataclass(frozen=True)
class Line:
    """One utterance at one question, and what must be understood."""

    number: int
    question: str
    utterance: str
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    topic: str | None = None
    command: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    as_of: datetime = TODAY

    def request(self) -> dict[str, Any]:
        """Return what the sides need to know: not what is expected."""
        return {
            "question": self.question,
            "utterance": self.utterance,
            "answers": dict(self.answers),
            "as_of": self.as_of.isoformat(),
        }


def read(path: Path) -> list[Line]:
    """Return the lines of a file.

    Raises:
        BadLineError: naming the first line that does not fit the format.
    """
    lines = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.strip():
            try:
                lines.append(_line(number, json.loads(text)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BadLineError(f"{path}:{number}: {error!r}; see the README's format") from None
    return lines


def _line(number: int, data: Mapping[str, Any]) -> Line:
    expected = data["expected"]
    kind, question = expected["kind"], data["question"]
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is not one of {', '.join(KINDS)}")
    if question not in QUESTIONS:
        raise ValueError(f"question {question!r} is not one of {', '.join(QUESTIONS)}")
    command = expected.get("command")
    if kind == "command" and command not in COMMANDS:
        raise ValueError(f"command {command!r} is not one of {', '.join(COMMANDS)}")
    values = expected.get("values") or {}
    try:
        Answers.from_mapping(values)
        Answers.from_mapping(data.get("answers") or {})
    except BadAnswerError as error:
        raise ValueError(str(error)) from None
    return Line(
        number,
        question,
        data["utterance"],
        kind,
        values,
        expected.get("topic"),
        command,
        data.get("answers") or {},
        _moment(data.get("as_of")),
    )


def _moment(text: str | None) -> datetime:
    if not text:
        return TODAY
    moment = datetime.fromisoformat(text)
    if len(text) == len("2023-03-25"):
        moment = moment.replace(hour=TODAY.hour)
    return moment if moment.tzinfo else moment.replace(tzinfo=JST)
