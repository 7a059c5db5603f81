"""A conversation in a test: pure turns, with what was said and what can be pressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.interview.scene import Event, Pressed, Started, TurnResult
from actions.interview.state import State
from actions.interview.turn import take_turn
from actions.notice_types import Notice
from actions.notices import load_notices
from actions.replies import CaseRecord, Reply
from actions.understanding.understood import Reading, Understood

#: While everything is open: the coupon, the application site, the call center.
OPEN = "2023-03-25T10:00+09:00"


@dataclass
class Talk:
    """One traveller; ``said`` is the assistant's latest turn."""

    as_of: str = OPEN
    seed: str = "test:1"
    notices: Mapping[str, Notice] = field(default_factory=load_notices)
    state: State = field(default_factory=State)
    said: tuple[Reply, ...] = ()
    case: CaseRecord | None = None
    log: list[Reply] = field(default_factory=list)

    def take(self, event: Event) -> TurnResult:
        before = State.from_slots(self.state.to_slots())
        assert before == self.state, "the state must survive its slots"
        result = take_turn(
            before, event, self.notices, datetime.fromisoformat(self.as_of), self.seed
        )
        again = take_turn(
            before, event, self.notices, datetime.fromisoformat(self.as_of), self.seed
        )
        assert result == again, "a turn must be reproducible"
        self.state, self.said, self.case = result.state, result.replies, result.case
        self.log += result.replies
        return result

    def start(self, campaign: str | None = None) -> Talk:
        self.take(Started(campaign))
        return self

    def tell(self, **values: Any) -> Talk:
        self.take(Understood("answer", values))
        return self

    def correct(self, **values: Any) -> Talk:
        self.take(Understood("answer", values, correction=True))
        return self

    def unknown(self, **values: Any) -> Talk:
        self.take(Understood("unknown", values))
        return self

    def ask(self, topic: str, **values: Any) -> Talk:
        self.take(Understood("aside", values, topic=topic))
        return self

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.as_of)

    def command(self, name: Any) -> Talk:
        self.take(Understood("command", command=name))
        return self

    def noise(self) -> Talk:
        self.take(Understood("out_of_scope"))
        return self

    def misread(self, reason: Any, question: str, text: str = "", *candidates: Any) -> Talk:
        self.take(Understood("ask_back", reading=Reading(reason, question, text, candidates)))
        return self

    def press(self, label: str) -> Talk:
        """Press the button of that label in the latest turn."""
        for reply in self.said:
            for choice in reply.choices:
                if choice.label == label:
                    self.take(Pressed(choice.token, reply.interview))
                    return self
        raise AssertionError(f"no button {label!r}; there are {self.labels}")

    @property
    def text(self) -> str:
        return "\n---\n".join(reply.text for reply in self.said)

    @property
    def labels(self) -> list[str]:
        return [choice.label for reply in self.said for choice in reply.choices]

    @property
    def everything(self) -> str:
        """Everything said in the whole conversation, links included."""
        return "\n".join(shown(reply) for reply in self.log)


def shown(reply: Reply) -> str:
    """Everything a traveller can see of a reply."""
    parts = [reply.text, *(choice.label for choice in reply.choices)]
    parts += [f"{link.label} {link.target}" for link in reply.links]
    if reply.card:
        card = reply.card
        parts += [card.title, card.headline, card.footer]
        parts += [f"{row.label} {row.text}" for row in card.rows]
    if reply.date_picker:
        parts.append(reply.date_picker.label)
    return "\n".join(parts)
