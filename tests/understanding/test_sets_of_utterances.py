"""The sets of utterances: every line readable, its values exist, and none is trained on."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from actions.answers import QUESTIONS, Answers
from actions.understanding.normalise import normalise
from actions.understanding.understood import TOPICS, Command

FILES = sorted((Path(__file__).parent / "data").glob("*.jsonl"))
EXAMPLES = Path(__file__).resolve().parents[2] / "nlu" / "data" / "nlu"
#: In so few letters everybody says the same: わからない, 紙のまま.
SAID_BY_ALL = 10

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


@cache
def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@cache
def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(path)]


#: The set that was written to cover everything; the others are as their writers thought of them.
ROWS = rows(Path(__file__).parent / "data" / "unseen.jsonl")


def check(row: dict[str, Any]) -> None:
    """Assert that a line says what the benchmark needs, and nothing else."""
    assert {"question", "utterance", "expected"} <= set(row)
    assert set(row) <= {"question", "utterance", "expected", "answers", "as_of"}
    assert row["question"] in QUESTIONS
    assert row["utterance"].strip()
    assert len(row["utterance"]) <= 2500

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

    Answers.from_mapping(row.get("answers") or {})
    if "as_of" in row:
        assert datetime.fromisoformat(row["as_of"]).tzinfo or len(row["as_of"]) == len("2023-02-24")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_is_well_formed(path: Path) -> None:
    wrong = []
    for number, (line, row) in enumerate(zip(lines(path), rows(path), strict=True), start=1):
        try:
            check(row)
            assert line == json.dumps(row, ensure_ascii=False)
        except (AssertionError, ValueError) as error:
            wrong.append(f"line {number}: {error or row}")
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_said_twice_at_one_question(path: Path) -> None:
    said = Counter(
        (row["question"], row["utterance"], json.dumps(row.get("answers"))) for row in rows(path)
    )
    assert [key for key, times in said.items() if times > 1] == []


@cache
def examples() -> frozenset[str]:
    """Return the training data's examples, normalised."""
    found = []
    for path in sorted(EXAMPLES.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found += [line[2:] for line in block["examples"].splitlines() if line[:2] == "- "]
    return frozenset(normalise(re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", text)) for text in found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_of_a_set_is_trained_on(path: Path) -> None:
    said = [row["utterance"] for row in rows(path) if len(row["utterance"]) > SAID_BY_ALL]
    assert [text for text in said if normalise(text) in examples()] == []


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
