"""The wording: every template compiles, holes are errors, every topic and value has its text."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import get_args

import jinja2
import pytest

from actions.answers import APPS, INCIDENTS, QUESTIONS, STAYS
from actions.texts import Texts, TextsError, clock_time, load_texts, long_date, short_date, yen
from actions.understanding.understood import TOPICS, Reason


def test_every_template_compiles() -> None:
    assert len(list(load_texts().keys())) > 200


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_text_and_a_button(topic: str) -> None:
    texts = load_texts()
    assert f"asides.{topic}.text" in texts
    assert len(texts.say(f"asides.{topic}.button")) <= 20


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_can_be_asked_in_every_way(question: str) -> None:
    parts = ["name", "ask", "hint", "again", "help"]
    if question != "campaign":
        parts.append("find")
    for part in parts:
        assert f"questions.{question}.{part}" in load_texts()


def test_every_value_can_be_said() -> None:
    texts = load_texts()
    groups = {"incidents": INCIDENTS, "apps": APPS, "stays": STAYS, "balances": ("none", "some")}
    for group, values in groups.items():
        for value in values:
            for form in ("button", "value", "readback"):
                assert texts.say(f"questions.{group}.{value}.{form}")


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reading_can_be_asked_back(reason: str) -> None:
    assert f"talk.ask_back.{reason}" in load_texts()


def test_a_forgotten_fact_is_an_error_not_a_hole() -> None:
    texts = Texts({"a.b": "{{ office }}へ"})
    assert texts.say("a.b", office="事務局") == "事務局へ"
    with pytest.raises(jinja2.UndefinedError):
        texts.say("a.b")


def test_broken_wording_names_its_key(tmp_path: Path) -> None:
    with pytest.raises(TextsError, match=r"x\.y: line 1"):
        Texts({"x.y": "{{ oops"})
    (tmp_path / "w.yml").write_text("a:\n  b: 1\n", encoding="utf-8")
    with pytest.raises(TextsError, match=r"w\.a\.b: must be a text"):
        load_texts(tmp_path)
    (tmp_path / "w.yml").write_text("- a\n", encoding="utf-8")
    load_texts.cache_clear()
    with pytest.raises(TextsError, match=r"w\.yml"):
        load_texts(tmp_path)
    load_texts.cache_clear()


def test_filters() -> None:
    day = date(2023, 2, 24)
    assert long_date(day) == "2023年2月24日（金）"
    assert short_date(day) == "2月24日（金）"
    assert clock_time(time(14)) == "14時"
    assert clock_time(time(17, 45)) == "17時45分"
    assert yen(1500) == "1,500円"
