"""What a turn looks at besides the state: notices, moment, conversation; and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Optional, Union

from actions.eligibility.decide import decide
from actions.eligibility.decision import Decision
from actions.interview.facts import outage_day
from actions.interview.ids import interview_id, receipt_number
from actions.interview.state import State
from actions.interview.wording import Wording
from actions.notice_types import Notice
from actions.replies import CaseRecord, Reply
from actions.texts import Texts, load_texts
from actions.understanding.understood import Understood


@dataclass(frozen=True)
class Pressed:
    """A button was pressed: its token, and the interview it belongs to."""

    token: str
    interview: str


@dataclass(frozen=True)
class Started:
    """The traveller opened the talk, from a link to ``campaign`` perhaps."""

    campaign: Optional[str] = None


@dataclass(frozen=True)
class Stale:
    """A button of an earlier interview was pressed."""


@dataclass(frozen=True)
class Unreadable:
    """Something came that is not text: a sticker, a picture, a voice message."""


Event = Union[Understood, Pressed, Started, Stale, Unreadable]


@dataclass(frozen=True)
class TurnResult:
    """A turn's outcome: the new state, what is said, and what must be kept, if anything."""

    state: State
    replies: tuple[Reply, ...]
    case: Optional[CaseRecord] = None


@dataclass(frozen=True)
class Scene:
    """What is the same for the whole turn.

    Args:
        notices: by campaign.
        as_of: the moment to speak at, aware, in Japan's time.
        seed: names the conversation; interview ids and 受付番号 derive from it.
    """

    notices: Mapping[str, Notice]
    as_of: datetime
    seed: str
    texts: Texts

    @classmethod
    def of(cls, notices: Mapping[str, Notice], as_of: datetime, seed: str) -> Scene:
        """Return the scene with the assistant's own wording."""
        return cls(notices, as_of, seed, load_texts())

    @cached_property
    def wording(self) -> Wording:
        """Answers in words."""
        return Wording(self.texts, self.notices)

    @property
    def outage(self) -> date:
        """The day of the outage."""
        return outage_day(self.notices)

    @property
    def today(self) -> date:
        """The day to speak at."""
        return self.as_of.date()

    def say(self, key: str, **facts: Any) -> str:
        """Render a text."""
        return self.texts.say(key, **facts)

    def notice(self, state: State) -> Optional[Notice]:
        """Return the notice of the traveller's campaign, once it is known."""
        return self.notices.get(state.answers.campaign or "")

    def decide(self, state: State) -> Optional[Decision]:
        """Return what the rules say to the answers so far; nothing without a campaign."""
        notice = self.notice(state)
        if notice is None:
            return None
        return decide(notice, state.answers, self.as_of, state.unanswerable)

    def begun(self, state: State) -> State:
        """Return the state with an interview under way: the same one, or the first."""
        return state if state.interview else self.anew(state)

    def anew(self, state: State) -> State:
        """Return the state at the start of the conversation's next interview."""
        count = state.count + 1
        return State(interview=interview_id(self.seed, count), count=count, stage="asking")

    def receipt(self, state: State) -> str:
        """Return the 受付番号 of the interview under way."""
        return receipt_number(self.seed, state.count)

    def case(self, state: State, event: str, decision: Optional[Decision]) -> CaseRecord:
        """Return the record to keep: ``event`` is ``verdict``, ``human`` or ``stopped``."""
        return CaseRecord(
            receipt=self.receipt(state),
            event=event,  # type: ignore[arg-type]
            answers=state.answers.to_mapping(),
            decision=decision.to_json() if decision else {},
        )
