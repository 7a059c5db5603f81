"""Each of LINE's events is answered sanely or let go, and nothing in them breaks us."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line.events import read
from tests.stand_ins.line_api import LineApi, user_id

LINE = LineApi()
GROUP = {"type": "group", "groupId": "C" + "1" * 32, "userId": user_id(1)}


def _turn(event: dict[str, Any]) -> Any:
    step = read(event)
    return step.event.turn if step and step.event else None


def test_a_text_is_what_was_typed() -> None:
    event = LINE.text(1, "２／２４でした")
    step = read(event)
    assert step is not None
    assert step.event is not None
    assert step.event.turn == {"text": "２／２４でした"}
    assert step.event.event_id == event["webhookEventId"]
    assert step.event.address == user_id(1)
    assert step.event.reply["token"] == event["replyToken"]


def test_a_press_is_its_interview_and_token() -> None:
    event = LINE.event(1, "postback", postback={"data": "k3f9:app=paper"})
    assert _turn(event) == {"button": "k3f9:app=paper"}


def test_a_date_of_the_calendar_becomes_the_tokens_value() -> None:
    postback = {"data": "k3f9:expires=", "params": {"date": "2023-02-24"}}
    assert _turn(LINE.event(1, "postback", postback=postback)) == {
        "button": "k3f9:expires=2023-02-24"
    }


def test_a_rich_menus_button_has_no_interview() -> None:
    event = LINE.event(1, "postback", postback={"data": ":command=restart"})
    assert _turn(event) == {"button": ":command=restart"}


def test_who_follows_is_greeted_and_who_unfollows_has_left() -> None:
    assert _turn(LINE.event(1, "follow", follow={"isUnblocked": False})) == {"start": ""}
    step = read(LINE.event(1, "unfollow"))
    assert step is not None
    assert (step.kind, step.address) == ("left", user_id(1))


def test_a_group_that_sent_us_away_is_left() -> None:
    step = read(LINE.event(1, "leave", source=GROUP))
    assert step is not None
    assert (step.kind, step.address) == ("left", GROUP["groupId"])


@pytest.mark.parametrize("token", ["0" * 32, "f" * 32])
def test_the_consoles_test_events_are_let_go(token: str) -> None:
    assert read(LINE.text(1, "Hello, world", replyToken=token)) is None


def test_a_message_taken_back_is_named() -> None:
    step = read(LINE.event(1, "unsend", unsend={"messageId": "325708"}))
    assert step is not None
    assert (step.kind, step.message) == ("unsend", "325708")


@pytest.mark.parametrize(
    "kind", ["sticker", "image", "video", "audio", "file", "location", "hologram"]
)
def test_what_cannot_be_read_is_an_attachment(kind: str) -> None:
    event = LINE.event(1, message={"id": "1", "type": kind})
    assert _turn(event) == {"event": "attachment"}


@pytest.mark.parametrize(
    "kind",
    ["memberJoined", "beacon", "accountLink", "videoPlayComplete", "membership", "新"],
)
def test_other_events_are_let_go(kind: str) -> None:
    assert read(LINE.event(1, kind)) is None


def test_in_a_group_only_joining_and_being_called_is_answered() -> None:
    assert _turn(LINE.event(1, "join", source=GROUP)) == {"say": "group"}
    assert _turn(LINE.text(1, "おはよう", source=GROUP)) is None
    assert _turn(LINE.event(1, "postback", source=GROUP, postback={"data": "k:app=x"})) is None
    called = LINE.text(1, "@補償ナビ 教えて", source=GROUP)
    called["message"]["mention"] = {
        "mentionees": [{"index": 0, "length": 6, "type": "user", "isSelf": True}]
    }
    step = read(called)
    assert step is not None
    assert step.event is not None
    assert (step.event.turn, step.event.address) == ({"say": "group"}, GROUP["groupId"])


def test_while_another_module_answers_we_are_silent() -> None:
    assert read(LINE.text(1, "こんにちは", mode="standby")) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "source", "userId", "message", "text", "postback", "data"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_nothing_breaks_the_reading(event: Any) -> None:
    read(event)


@given(st.data())
def test_nor_does_any_part_that_is_different(data: st.DataObject) -> None:
    """A real event with one part replaced by anything."""
    event: Any = copy.deepcopy(
        data.draw(
            st.sampled_from(
                [
                    LINE.text(1, "a"),
                    LINE.event(1, "postback", postback={"data": "k:expires=", "params": {}}),
                    LINE.event(1, "unsend", unsend={"messageId": "1"}),
                    LINE.event(1, "join", source=GROUP),
                ]
            )
        )
    )
    place = event
    key = data.draw(st.sampled_from(sorted(place)))
    while isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place)))
    place[key] = data.draw(JSON)
    read(event)
