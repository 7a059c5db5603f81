"""Messages as long as the platforms let through, or cut anywhere, are read like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.answers import QUESTIONS, Answers
from actions.understanding.interpret import interpret
from actions.understanding.normalise import MAX_CHARACTERS, normalise
from actions.understanding.parts import MOST, parts_of
from actions.understanding.tokens import tokens_of

TABLE = yaml.safe_load(
    (Path(__file__).parent / "data" / "wordings.yml").read_text(encoding="utf-8")
)
WORDINGS = [text for groups in TABLE.values() for group in groups for text in group["said"]]
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


CUT = st.tuples(st.sampled_from(WORDINGS), st.integers(0, 12), st.integers(1, 12)).map(
    lambda cut: cut[0][cut[1] : cut[1] + cut[2]]
)


@given(pieces=st.lists(CUT, min_size=1, max_size=5), question=st.sampled_from(QUESTIONS))
def test_any_pieces_of_what_people_say_are_read(pieces: list[str], question: str) -> None:
    """奈良でも ends where a grammar looked for what follows."""
    text = "".join(pieces)
    for pending in (question, None):
        interpret(text, pending, [], Answers(campaign="gunma"))
    assert isinstance(tokens_of(text), list)
