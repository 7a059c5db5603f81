"""The evaluation set's form: every line readable, labelled with values that exist, said once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from actions.answers import QUESTIONS, Answers
from actions.understanding.understood import TOPICS, Command

PATH = Path(__file__).parent / "data" / "unseen.jsonl"
LINES = PATH.read_text(encoding="utf-8").splitlines()
ROWS: list[dict[str, Any]] = [json.loads(line) for line in LINES]

#: What ``expected`` holds besides its kind.
KINDS = {
    "answer": {"values"},
    "unknown": set(),
    "aside": {"topic"},
    "command": {"command"},
    "ask_back": set(),
}
AT_LEAST = {
    "campaign": 120,
    "expires": 300,
    "incident": 220,
    "balance": 120,
    "app": 120,
    "stay": 60,
}


@pytest.mark.parametrize("number", range(1, len(ROWS) + 1))
def test_a_line_is_well_formed(number: int) -> None:
    row = ROWS[number - 1]
    assert {"question", "utterance", "expected"} <= set(row)
    assert set(row) <= {"question", "utterance", "expected", "answers", "as_of"}
    assert row["question"] in QUESTIONS
    assert row["utterance"].strip()
    assert len(row["utterance"]) <= 2000
    assert LINES[number - 1] == json.dumps(row, ensure_ascii=False)

    expected = row["expected"]
    assert set(expected) == {"kind"} | KINDS[expected["kind"]]
    if "values" in expected:
        assert expected["values"]
        assert Answers.from_mapping(expected["values"]).to_mapping().keys() == (
            expected["values"].keys()
        )
    assert expected.get("topic", TOPICS[0]) in TOPICS
    assert expected.get("command", "back") in {"back", "restart", "stop", "human"}
    assert expected.get("command", "back") in get_args(Command)

    if "answers" in row:
        assert Answers.from_mapping(row["answers"]) != Answers()
    if "as_of" in row:
        date.fromisoformat(row["as_of"])


def test_there_are_enough_lines_for_each_question() -> None:
    counts = Counter(row["question"] for row in ROWS)
    assert len(ROWS) >= 900
    assert {name: n for name, n in AT_LEAST.items() if counts[name] < n} == {}


def test_a_tenth_of_the_lines_must_not_be_taken() -> None:
    refused = sum(row["expected"]["kind"] == "ask_back" for row in ROWS)
    assert 0.10 <= refused / len(ROWS) <= 0.15


def test_every_question_meets_every_kind() -> None:
    met = {(row["question"], row["expected"]["kind"]) for row in ROWS}
    assert {(q, kind) for q in QUESTIONS for kind in KINDS} - met == set()


def test_every_topic_and_command_is_asked() -> None:
    topics = {row["expected"].get("topic") for row in ROWS} - {None}
    commands = {row["expected"].get("command") for row in ROWS} - {None}
    assert topics == set(TOPICS)
    assert commands == {"back", "restart", "stop", "human"}


def test_nothing_is_said_twice_at_one_question() -> None:
    said = Counter(
        (row["question"], row["utterance"], json.dumps(row.get("answers"))) for row in ROWS
    )
    assert [key for key, times in said.items() if times > 1] == []
