"""Messages as long as the platforms let through are read like any other, whatever they repeat."""

from __future__ import annotations

import pytest

from actions.answers import Answers
from actions.understanding.interpret import interpret
from actions.understanding.normalise import MAX_CHARACTERS, normalise
from actions.understanding.parts import MOST, parts_of
from actions.understanding.tokens import tokens_of

#: One of these once kept a worker busy for ten minutes: patterns that can cut a run in many ways.
REPEATED = (
    *(
        "1",
        "一二三",
        "1,000円",
        "せん",
        "にじゅう",
        "2/24",
        "24 ",
        "24日か25日か",
        "1.",
        "１-",
        "9時",
    ),
    *(
        "あ",
        "ー",
        "（",
        "かもの",
        "のに",
        "現金で払",
        "ないわけじゃ",
        "東京 千葉",
        "、",
        "🙏",
        "?!",
    ),
    *("a", "n", "ka", "abcde", "tt", "R5.", "()", "減ってない", "チャージ", "泊", "じゃなくて"),
)


@pytest.mark.parametrize("piece", REPEATED)
def test_a_message_of_nothing_but_repetition_is_read(piece: str) -> None:
    text = piece * (5000 // len(piece))
    plain = normalise(text)
    assert len(plain) <= 2 * MAX_CHARACTERS
    assert normalise(plain) == plain
    assert isinstance(tokens_of(text), list)
    assert len(parts_of(text)) <= MOST
    for question in ("expires", "balance"):
        understood = interpret(text, question, [], Answers(campaign="gunma"))
        assert understood.kind in (
            *("answer", "unknown", "aside", "command", "ask_back", "out_of_scope"),
            *("greet", "thanks"),
        )


def test_a_number_without_end_is_no_sum() -> None:
    understood = interpret("1" * 4000, "balance", [], Answers(campaign="gunma"))
    assert understood.kind != "answer"
