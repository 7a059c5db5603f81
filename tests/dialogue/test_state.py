"""The state survives Rasa's slots, spoiled ones too; buttons say what they said when made."""

from __future__ import annotations

import json
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.answers import APPS, CAMPAIGNS, INCIDENTS, QUESTIONS, STAYS, Answers
from actions.interview.ids import interview_id, receipt_number, spoken
from actions.interview.press import answer, aside, command, read_press
from actions.interview.state import MAX_HISTORY, Stage, State, Step
from actions.replies import MAX_TOKEN_BYTES
from actions.understanding.understood import TOPICS, Command, Understood

answers = st.builds(
    Answers,
    campaign=st.none() | st.sampled_from(CAMPAIGNS),
    expires=st.none() | st.dates(date(2022, 1, 1), date(2024, 1, 1)),
    incident=st.none() | st.sampled_from(INCIDENTS),
    balance=st.none() | st.just("some") | st.integers(0, 10**9),
    app=st.none() | st.sampled_from(APPS),
    stay=st.none() | st.sampled_from(STAYS),
)
questions = st.none() | st.sampled_from(QUESTIONS)
some_questions = st.frozensets(st.sampled_from(QUESTIONS))
states = st.builds(
    State,
    answers=answers,
    pending=questions,
    interview=st.just("") | st.just("k3f9ab"),
    count=st.integers(0, 99),
    unanswerable=some_questions,
    history=st.lists(st.builds(Step, answers, some_questions, questions), max_size=4).map(tuple),
    failures=st.integers(0, 9),
    stage=st.sampled_from(get_args(Stage)),
    open_aside=st.none() | st.sampled_from(TOPICS),
)


@given(states)
def test_slots_bring_the_state_back(state: State) -> None:
    assert State.from_slots(json.loads(json.dumps(state.to_slots()))) == state


@given(
    st.dictionaries(
        st.sampled_from(list(State().to_slots())),
        st.none() | st.integers() | st.text() | st.lists(st.text()) | st.lists(st.none()),
    )
)
def test_spoiled_slots_count_as_never_set(slots: dict[str, object]) -> None:
    state = State.from_slots(slots)
    assert State.from_slots(state.to_slots()) == state


def test_history_stays_short() -> None:
    state = State()
    for _ in range(MAX_HISTORY + 5):
        state = state.remembering()
    assert len(state.history) == MAX_HISTORY


@pytest.mark.parametrize("topic", TOPICS)
def test_aside_buttons(topic: str) -> None:
    pressed = read_press(aside("…", topic).token)
    assert pressed is not None
    assert pressed.understood == Understood("aside", topic=topic)


@pytest.mark.parametrize("name", get_args(Command))
def test_command_buttons(name: Command) -> None:
    pressed = read_press(command("…", name).token)
    assert pressed is not None
    assert pressed.understood == Understood("command", command=name)


@given(answers.map(Answers.to_mapping))
def test_answer_buttons(values: dict[str, object]) -> None:
    for question, value in values.items():
        choice = answer("…", question, value)
        assert len(f"k3f9ab:{choice.token}".encode()) <= 64
        assert len(choice.token) <= MAX_TOKEN_BYTES
        pressed = read_press(choice.token)
        assert pressed is not None
        assert pressed.understood == Understood("answer", {question: value})


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_unknown_button_says_which_question_it_stood_under(question: str) -> None:
    pressed = read_press(answer("…", question, "unknown").token)
    assert pressed is not None
    assert (pressed.understood.kind, pressed.question) == ("unknown", question)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "=",
        "app",
        "app=",
        "app=other",
        "expires=2023-02-30",
        "balance=-1",
        "balance=１",
        "aside=unheard",
        "command=drop",
        "stay=overnight" + " " * 64,
        "pending_question=app",
    ],
)
def test_foreign_tokens_mean_nothing(token: str) -> None:
    assert read_press(token) is None


@given(st.text())
def test_any_token_can_be_read(token: str) -> None:
    read_press(token)


def test_labels_beyond_line_s_limit_are_refused() -> None:
    answer("あ" * 20, "app", "paper")
    with pytest.raises(ValueError, match="app=paper"):
        answer("あ" * 21, "app", "paper")
    with pytest.raises(ValueError, match="app=paper"):
        # Beyond the basic plane a character counts twice.
        answer("𠮷" * 11, "app", "paper")


def test_names_are_derived_and_differ() -> None:
    assert interview_id("line:1", 1) == interview_id("line:1", 1)
    ids = {interview_id(f"line:{n}", count) for n in range(50) for count in (1, 2)}
    assert len(ids) == 100
    assert all(len(name) == 6 and name.isascii() and name.isalnum() for name in ids)
    receipts = {receipt_number(f"line:{n}", 1) for n in range(200)}
    assert len(receipts) == 200
    assert all(len(number) == 8 and number.isdigit() for number in receipts)
    assert spoken("12345678") == "1234-5678"
