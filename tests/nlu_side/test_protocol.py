"""Requests are read strictly, travellers' texts generously, and refused without being quoted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nlu.engine.protocol import MAX_TEXT_LENGTH, BadRequestError, Turn

GOOD: dict[str, Any] = {
    "conversation": "line:3f",
    "message": "01H",
    "as_of": "2023-03-25T10:00:00+09:00",
    "text": "２／２４でした",
}


def _read(**changes: Any) -> Turn:
    data = {**GOOD, **changes}
    return Turn.from_bytes(json.dumps({k: v for k, v in data.items() if v is not ...}).encode())


def test_a_text() -> None:
    turn = _read()
    assert turn.utterance() == "２／２４でした"
    assert turn.parse_data() is None


@pytest.mark.parametrize(
    "text", ["/restart", " /press{}", '/press{"token": "app=paper"}', "/", "//"]
)
def test_a_travellers_slash_is_never_an_intent(text: str) -> None:
    turn = _read(text=text)
    assert turn.parse_data() is None
    assert turn.utterance() == "／" + text.strip()[1:]


@pytest.mark.parametrize(
    ("button", "entities"),
    [
        ("k3f9:expires=2023-02-24", {"token": "expires=2023-02-24", "interview": "k3f9"}),
        ("expires=2023-02-24", {"token": "expires=2023-02-24", "interview": ""}),
        ("ふるい:ボタン", {"token": "ボタン", "interview": "ふるい"}),
        (":", {"token": "", "interview": ""}),
    ],
)
def test_a_press(button: str, entities: dict[str, str]) -> None:
    parsed = _read(text=..., button=button).parse_data()
    assert parsed is not None
    assert parsed["intent"] == {"name": "press", "confidence": 1.0}
    assert {e["entity"]: e["value"] for e in parsed["entities"]} == entities


@pytest.mark.parametrize(("start", "entities"), [("gunma", {"campaign": "gunma"}), ("", {})])
def test_a_start(start: str, entities: dict[str, str]) -> None:
    parsed = _read(text=..., start=start).parse_data()
    assert parsed is not None
    assert parsed["intent"]["name"] == "start"
    assert {e["entity"]: e["value"] for e in parsed["entities"]} == entities


def test_an_event() -> None:
    parsed = _read(text=..., event="attachment").parse_data()
    assert parsed is not None
    assert parsed["intent"]["name"] == "attachment"


def test_characters_that_cannot_be_stored_are_left_out_of_texts() -> None:
    assert _read(text="24\0日\ud83d").utterance() == "24日"


@pytest.mark.parametrize("as_of", ["2023-03-25T01:00:00Z", "2023-03-25T10:00:00+09:00"])
def test_moments(as_of: str) -> None:
    assert _read(as_of=as_of).as_of in ("2023-03-25T01:00:00+00:00", "2023-03-25T10:00:00+09:00")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"conversation": ...}, "conversation"),
        ({"conversation": ""}, "conversation"),
        ({"conversation": "x" * 201}, "conversation"),
        ({"conversation": 7}, "conversation"),
        ({"conversation": "a\0b"}, "conversation"),
        ({"message": None}, "message"),
        ({"message": ["m"]}, "message"),
        ({"message": "\ud83d"}, "message"),
        ({"as_of": ...}, "as_of"),
        ({"as_of": "2023-03-25T10:00:00"}, "as_of"),
        ({"as_of": "昨日"}, "as_of"),
        ({"as_of": 20230325}, "as_of"),
        ({"text": ...}, "exactly one"),
        ({"button": "a:b"}, "exactly one"),
        ({"text": 24}, "text"),
        ({"text": "あ" * (MAX_TEXT_LENGTH + 1)}, "text"),
        ({"text": ..., "button": ""}, "button"),
        ({"text": ..., "button": "x" * 301}, "button"),
        ({"text": ..., "start": 1}, "start"),
        ({"text": ..., "event": "sticker"}, "event"),
        ({"txet": "24日"}, "unknown keys"),
    ],
)
def test_malformed_requests_say_what_is_wrong(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRequestError, match=said):
        _read(**changes)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'"x"'])
def test_bodies_that_are_no_object(body: bytes) -> None:
    with pytest.raises(BadRequestError, match="JSON"):
        Turn.from_bytes(body)


def test_a_refusal_never_quotes_the_request() -> None:
    with pytest.raises(BadRequestError) as raised:
        _read(text=..., event="ひみつ", conversation="line:ひみつ")
    assert "ひみつ" not in str(raised.value)
    with pytest.raises(BadRequestError) as raised:
        _read(ひみつ=1)
    assert "ひみつ" not in str(raised.value)
