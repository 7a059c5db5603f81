"""Button tokens, written and read: ``question=value``, ``aside=topic``, ``command=name``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional, get_args

from actions.answers import QUESTIONS, Answers, BadAnswerError
from actions.replies import MAX_TOKEN_BYTES, Choice
from actions.understanding.understood import TOPICS, Command, Understood

#: LINE cuts labels of quick replies at 20 characters, counted in UTF-16 units.
MAX_LABEL_UNITS = 20


@dataclass(frozen=True)
class Press:
    """A pressed button: what it means, and the question it stood under (わからない needs it)."""

    understood: Understood
    question: Optional[str] = None


def answer(label: str, question: str, value: Any) -> Choice:
    """Return the button that answers ``question`` with a JSON ``value`` (or ``unknown``)."""
    return _choice(label, f"{question}={value}")


def aside(label: str, topic: str) -> Choice:
    """Return the button that asks about ``topic``."""
    return _choice(label, f"aside={topic}")


def command(label: str, name: Command) -> Choice:
    """Return the button for a command."""
    return _choice(label, f"command={name}")


def read_press(token: str) -> Optional[Press]:
    """Return what a token means, or ``None`` where no button of ours could have sent it."""
    name, separator, value = token.partition("=")
    if not separator or not token.isascii() or len(token) > MAX_TOKEN_BYTES:
        return None
    if name == "aside":
        return Press(Understood("aside", topic=value)) if value in TOPICS else None
    if name == "command":
        known = {command: command for command in get_args(Command)}
        return Press(Understood("command", command=known[value])) if value in known else None
    return _read_answer(name, value) if name in QUESTIONS else None


def _read_answer(question: str, value: str) -> Optional[Press]:
    if value == "unknown":
        return Press(Understood("unknown"), question)
    amount = question == "balance" and value.isdecimal()
    values: Mapping[str, Any] = {question: int(value) if amount else value}
    try:
        Answers.from_mapping(values)
    except BadAnswerError:
        return None
    return Press(Understood("answer", values), question)


def _choice(label: str, token: str) -> Choice:
    if len(label.encode("utf-16-le")) // 2 > MAX_LABEL_UNITS or not token.isascii():
        raise ValueError(f"button {label!r} ({token}) is beyond what every channel can show")
    return Choice(label, token)
