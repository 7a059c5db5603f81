"""Whole conversations through the real engine, typed and pressed, sorted by what travellers do.

``cases/<what they do>/*.yml`` holds them. A turn is ``write``, ``press``, ``press_old``,
``start`` or ``event``; it expects ``says``, ``never``, ``buttons``, ``asks`` (the question the
last bubble's buttons answer), and of the case kept: ``classes``, ``possible``, ``routes``, and
``kept`` (why).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.dialogue.engine import EngineTalk
from tests.dialogue.talk import OPEN

pytestmark = pytest.mark.model

CASES = Path(__file__).with_name("cases")
KINDS = {"happy", "correction", "digression", "negation", "invalid", "cancellation"}
EXPECTATIONS = {"says", "never", "buttons", "asks", "classes", "possible", "routes", "kept"}
DOINGS = {"write", "press", "press_old", "start", "event"}


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*/*.yml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield pytest.param(case, id=f"{path.parent.name}: {case['case']}")


def test_the_cases_are_sorted_and_spelled() -> None:
    assert {path.parent.name for path in CASES.glob("*/*.yml")} == KINDS
    for parameter in cases():
        case = parameter.values[0]
        assert set(case) <= {"case", "as_of", "turns"}, case
        for turn in case["turns"]:
            assert len(set(turn) & DOINGS) == 1, turn
            assert set(turn) <= DOINGS | EXPECTATIONS, turn
        assert any(set(turn) & EXPECTATIONS for turn in case["turns"]), case


@pytest.mark.parametrize("case", list(cases()))
def test_conversation(engine: httpx.Client, case: dict[str, Any]) -> None:
    talk = EngineTalk(engine, as_of=case.get("as_of", OPEN))
    for turn in case["turns"]:
        do(talk, turn)
        check(talk, turn)


def do(talk: EngineTalk, turn: dict[str, Any]) -> None:
    if "write" in turn:
        talk.write(turn["write"])
    elif "press" in turn:
        talk.press(turn["press"])
    elif "press_old" in turn:
        talk.press_old(turn["press_old"])
    elif "start" in turn:
        talk.start(turn["start"])
    else:
        talk.send(event=turn["event"])


def check(talk: EngineTalk, turn: dict[str, Any]) -> None:
    for part in turn.get("says", ()):
        assert part in talk.text, (turn, talk.text)
    for part in turn.get("never", ()):
        assert part not in talk.text, (turn, talk.text)
    for button in turn.get("buttons", ()):
        assert button in talk.labels, (turn, talk.labels)
    if "asks" in turn:
        tokens = [choice.token for choice in talk.said[-1].choices]
        assert f"{turn['asks']}=unknown" in tokens, (turn, talk.text)
    if EXPECTATIONS & {"classes", "possible", "routes", "kept"} & set(turn):
        assert talk.case is not None, (turn, talk.text)
        assert talk.case["event"] == turn.get("kept", "verdict")
    decision = (talk.case or {}).get("decision", {})
    for key in ("classes", "possible"):
        if key in turn:
            assert decision[key] == turn[key], (turn, talk.text)
    if "routes" in turn:
        assert {code: r["to"] for code, r in decision["routes"].items()} == turn["routes"]


WAY_TO: dict[str, tuple[str, ...]] = {
    "campaign": (),
    "expires": ("千葉県",),
    "incident": ("千葉県", "2月25日（土）"),
    "balance": ("千葉県", "2月25日（土）", "使おうとしていない"),
    "stay": ("千葉県", "2月25日（土）", "使おうとしていない", "残っていた"),
    "app": ("群馬県", "2月24日（金）", "使おうとしていない", "残っていた"),
}


@pytest.mark.parametrize("question", WAY_TO)
def test_a_button_s_words_typed_mean_what_the_button_means(
    engine: httpx.Client, question: str
) -> None:
    def arrived() -> EngineTalk:
        talk = EngineTalk(engine).start()
        for label in WAY_TO[question]:
            talk.press(label)
        return talk

    labels = [label for label in arrived().labels if label != "この中にない"]
    assert len(labels) >= 3
    for label in labels:
        pressed, typed = arrived().press(label), arrived().write(label)
        tokens = [
            [c.token for reply in talk.said for c in reply.choices] for talk in (pressed, typed)
        ]
        assert tokens[0] == tokens[1], (label, typed.text)
        assert without_receipt(pressed.text) == without_receipt(typed.text), label


def without_receipt(text: str) -> str:
    return re.sub(r"[0-9]{4}-[0-9]{4}\b", "", text)


def test_the_same_message_again_gives_the_same_replies(engine: httpx.Client) -> None:
    talk = EngineTalk(engine).start("gunma")
    body = {
        "conversation": talk.conversation,
        "message": "the-same",
        "as_of": OPEN,
        "text": "2月24日",
    }
    first, second = (engine.post("/turn", json=body).json() for _ in range(2))
    assert first == second
    assert "2023年2月24日（金）" in first["replies"][0]["text"]
    # Nothing was taken twice: one step back leads to the first question.
    talk.write("戻る")
    assert "expires=unknown" in [choice.token for choice in talk.said[-1].choices]
