"""One conversation's state: what was answered, what is asked, where 戻る leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Optional, get_args

from actions.answers import QUESTIONS, Answers, BadAnswerError

Stage = Literal["new", "asking", "verdict", "handed_over", "stopped"]
#: 戻る leads back this many steps at most; more would only make every turn heavier.
MAX_HISTORY = 12


@dataclass(frozen=True)
class Step:
    """What stood before one step: 戻る restores it and asks ``question`` again."""

    answers: Answers
    unanswerable: frozenset[str]
    question: Optional[str]


@dataclass(frozen=True)
class State:
    """Everything one conversation carries from turn to turn.

    ``pending`` is the question a bare 「24日」 would answer, ``interview`` marks the buttons
    of the current interview, ``count`` how many interviews there have been, ``failures`` how
    many messages in a row were not understood, ``open_aside`` the topic of a question back
    that waits until the campaign is known.
    """

    answers: Answers = field(default_factory=Answers)
    pending: Optional[str] = None
    interview: str = ""
    count: int = 0
    unanswerable: frozenset[str] = frozenset()
    history: tuple[Step, ...] = ()
    failures: int = 0
    stage: Stage = "new"
    open_aside: Optional[str] = None

    def updated(self, **values: Any) -> State:
        """Return a copy with some fields replaced."""
        return replace(self, **values)

    def remembering(self) -> State:
        """Return a copy whose history ends with this very state."""
        step = Step(self.answers, self.unanswerable, self.pending)
        return replace(self, history=(*self.history, step)[-MAX_HISTORY:])

    def to_slots(self) -> dict[str, Any]:
        """Return the state as Rasa slots (JSON values), every slot present."""
        answers = self.answers.to_mapping()
        return {
            **{question: answers.get(question) for question in QUESTIONS},
            "pending_question": self.pending,
            "interview_id": self.interview or None,
            "interview_count": self.count,
            "unanswerable": sorted(self.unanswerable),
            "history": [
                {
                    "answers": step.answers.to_mapping(),
                    "unanswerable": sorted(step.unanswerable),
                    "question": step.question,
                }
                for step in self.history
            ],
            "failures": self.failures,
            "stage": self.stage,
            "open_aside": self.open_aside,
        }

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> State:
        """Read a state back from Rasa slots; missing or spoiled slots count as never set.

        A value that no question accepts (written by an older version, say) is dropped, so that
        its question is simply asked again.
        """
        return cls(
            answers=_answers(slots),
            pending=_question(slots.get("pending_question")),
            interview=_text(slots.get("interview_id")) or "",
            count=_number(slots.get("interview_count")),
            unanswerable=_questions(slots.get("unanswerable")),
            history=tuple(
                Step(
                    _answers(step.get("answers")),
                    _questions(step.get("unanswerable")),
                    _question(step.get("question")),
                )
                for step in _listed(slots.get("history"))
                if isinstance(step, Mapping)
            ),
            failures=_number(slots.get("failures")),
            stage=_stage(slots.get("stage")),
            open_aside=_text(slots.get("open_aside")),
        )


def _stage(value: Any) -> Stage:
    for stage in get_args(Stage):
        if stage == value:
            found: Stage = stage
            return found
    return "new"


def _answers(values: Any) -> Answers:
    answers = Answers()
    for question in QUESTIONS:
        value = values.get(question) if isinstance(values, Mapping) else None
        try:
            given = Answers.from_mapping({question: value})
        except (BadAnswerError, TypeError):
            continue
        answers = answers.updated(**{question: getattr(given, question)})
    return answers


def _question(value: Any) -> Optional[str]:
    return value if value in QUESTIONS else None


def _questions(values: Any) -> frozenset[str]:
    return frozenset(value for value in _listed(values) if value in QUESTIONS)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _text(value: Any) -> Optional[str]:
    return value if isinstance(value, str) and value else None
