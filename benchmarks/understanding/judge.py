"""What an answer is worth: right, asked back, or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from actions.understanding.understood import TOPICS
from benchmarks.understanding.lines import Line

Verdict = Literal["right", "asked", "wrong"]
#: Kinds in which nothing is taken from the message.
NOTHING_TAKEN = ("ask_back", "out_of_scope", "greet", "thanks")


@dataclass(frozen=True)
class Heard:
    """What one side made of one utterance.

    ``said`` is what the traveller would read; ``kept`` the answers after the turn;
    ``nlu_ms`` and ``turn_ms`` the milliseconds to understand and for the whole turn.
    """

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    topic: str | None = None
    command: str | None = None
    reading: Mapping[str, Any] | None = None
    said: tuple[str, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    nlu_ms: float = 0.0
    turn_ms: float = 0.0


def judge(line: Line, heard: Heard) -> Verdict:
    """Hold what was understood against what was meant.

    *Right*: the same kind with the same values (all of them and no other), topic or command;
    where no value may be taken, none was. *Wrong*: a value, わからない or a command was taken
    that was not given. Everything else leaves the traveller where they were, to be asked again;
    so does an answer of which a part was taken, and nothing else: the rest is asked for.
    """
    if _is_right(line, heard):
        return "right"
    if heard.kind in ("command", "unknown"):
        return "wrong"
    given = dict(line.values) if line.kind == "answer" else {}
    taken_only = heard.values.items() <= given.items()
    return "asked" if taken_only else "wrong"


def _is_right(line: Line, heard: Heard) -> bool:
    if line.kind == "answer":
        return heard.kind == "answer" and dict(heard.values) == dict(line.values)
    if line.kind == "unknown":
        return heard.kind == "unknown" and not heard.values
    if line.kind == "aside":
        # A topic by a name we do not know can only be held against the kind.
        known = line.topic in TOPICS
        return heard.kind == "aside" and (heard.topic == line.topic or not known)
    if line.kind == "command":
        return heard.kind == "command" and heard.command == line.command
    return heard.kind in NOTHING_TAKEN and not heard.values
