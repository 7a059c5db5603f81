"""Any sequence of messages: no crash, no question asked twice or in vain, always a verdict."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from actions.answers import APPS, CAMPAIGNS, INCIDENTS, QUESTIONS, STAYS
from actions.interview.relevance import can_matter
from actions.interview.scene import Pressed, Stale, Started, Unreadable
from actions.interview.state import State
from actions.understanding.understood import TOPICS, Command, Reading, Reason, Understood
from tests.dialogue.talk import Talk

values = st.fixed_dictionaries(
    {},
    optional={
        "campaign": st.sampled_from(CAMPAIGNS),
        "expires": st.sampled_from(["2023-02-23", "2023-02-24", "2023-02-25", "2023-03-10"]),
        "incident": st.sampled_from(INCIDENTS),
        "balance": st.sampled_from([0, 1, 1500, "some"]),
        "app": st.sampled_from(APPS),
        "stay": st.sampled_from(STAYS),
    },
)
DATES = st.sampled_from(
    [f"{day}T10:00+09:00" for day in ("2023-03-10", "2023-03-25", "2023-05-10", "2026-11-21")]
)


def moved(state: State) -> tuple[Any, ...]:
    """What changes when the interview goes on, rather than round."""
    return state.answers, state.unanswerable, state.history, state.interview, state.stage


class Interview(RuleBasedStateMachine):
    """A traveller who says anything at all."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        #: The question of an unclear reading that is still being asked back.
        self.asked_back: str | None = None

    def take(self, event: Any) -> None:
        before = self.talk.state
        self.talk.take(event)
        after = self.talk.state
        if moved(before) != moved(after):
            self.asked_back = None

    @rule(as_of=DATES)
    def time_passes(self, as_of: str) -> None:
        self.talk.as_of = as_of

    @rule(given=values, correction=st.booleans())
    def tells(self, given: dict[str, Any], correction: bool) -> None:
        self.take(Understood("answer", given, correction=correction))

    @rule(given=values)
    def does_not_know(self, given: dict[str, Any]) -> None:
        self.take(Understood("unknown", given))

    @rule(topic=st.sampled_from(TOPICS), given=values)
    def asks(self, topic: str, given: dict[str, Any]) -> None:
        self.take(Understood("aside", given, topic=topic))

    @rule(name=st.sampled_from(get_args(Command)))
    def commands(self, name: Any) -> None:
        self.take(Understood("command", command=name))

    @rule(
        reason=st.sampled_from(get_args(Reason)),
        question=st.sampled_from(QUESTIONS),
        given=values,
        candidates=st.lists(st.sampled_from(["2023-02-24", "paper", "gunma", 0]), max_size=2),
    )
    def is_misread(
        self, reason: Any, question: str, given: dict[str, Any], candidates: list[Any]
    ) -> None:
        reading = Reading(reason, question, "24日か25日", tuple(candidates))
        self.take(Understood("ask_back", given, reading=reading))
        if self.talk.state.pending == question:
            self.asked_back = question

    @rule(kind=st.sampled_from(["out_of_scope", "greet", "thanks"]))
    def chats(self, kind: Any) -> None:
        self.take(Understood(kind))

    @rule(event=st.sampled_from([Stale(), Unreadable(), Pressed("app=paper", "elder")]))
    def does_something_else(self, event: Any) -> None:
        answers = self.talk.state.answers
        self.take(event)
        assert self.talk.state.answers == answers

    @rule(campaign=st.none() | st.sampled_from(CAMPAIGNS))
    def opens_a_link(self, campaign: Any) -> None:
        self.take(Started(campaign))

    @precondition(lambda self: any(reply.choices for reply in self.talk.said))
    @rule(data=st.data())
    def presses(self, data: st.DataObject) -> None:
        buttons = [(c, r.interview) for r in self.talk.said for c in r.choices]
        choice, interview = data.draw(st.sampled_from(buttons))
        self.take(Pressed(choice.token, interview))
        assert "前のやりとりのもの" not in self.talk.text, "buttons just shown are never stale"

    @invariant()
    def something_is_said_and_can_be_pressed(self) -> None:
        if self.talk.state == State():
            return
        assert 1 <= len(self.talk.said) <= 5
        assert self.talk.said[-1].choices
        assert len(self.talk.said[-1].choices) <= 13
        assert all(reply.text for reply in self.talk.said)

    @invariant()
    def nothing_answered_or_irrelevant_is_asked(self) -> None:
        state = self.talk.state
        question = state.pending
        if question is None or state.stage != "asking":
            return
        if question == self.asked_back:
            # A correction that was not clear is asked back whatever it is about.
            return
        if question == "campaign":
            assert state.answers.campaign is None
            return
        assert state.answers.campaign is not None
        assert getattr(state.answers, question) is None
        notice = self.talk.notices[state.answers.campaign]
        moment = self.talk.moment
        assert can_matter(notice, state.answers, question, moment, state.unanswerable)

    def teardown(self) -> None:
        talk = self.talk
        if talk.state.stage in ("handed_over", "stopped", "new"):
            talk.command("start")
        for _ in range(len(QUESTIONS) + 2):
            if talk.state.stage == "verdict":
                break
            talk.unknown()
        assert talk.state.stage == "verdict"


Interview.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestInterview = Interview.TestCase
