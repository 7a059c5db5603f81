"""Each of Telegram's updates is answered sanely or let go, and nothing in them breaks us."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.events import MalformedError, read
from bot.channels.telegram.setup import commands
from tests.stand_ins.telegram_api import TelegramApi

TELEGRAM = TelegramApi()
PERSON = {"id": 7, "is_bot": False, "first_name": "旅"}
GROUP = {"id": -100200, "type": "supergroup", "title": "旅の仲間"}


def _turn(update: dict[str, Any]) -> Any:
    step = read(update)
    return step.event.turn if step and step.event else None


def test_a_text_is_what_was_typed() -> None:
    update = TELEGRAM.text(7, "２／２４でした")
    step = read(update)
    assert step is not None
    assert step.event is not None
    assert step.event.turn == {"text": "２／２４でした"}
    assert (step.event.event_id, step.event.address) == (str(update["update_id"]), "7")


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("/start", {"start": ""}),
        ("/start gunma", {"start": "gunma"}),
        ("/start@hosho_bot gunma", {"start": "gunma"}),
        ("/start " + "x" * 65, {"start": ""}),
        ("/start 群馬", {"start": ""}),
        ("/restart", {"button": ":command=restart"}),
        ("/back", {"button": ":command=back"}),
        ("/human", {"button": ":command=human"}),
        ("/stop", {"button": ":command=stop"}),
        ("/help", {"say": "help"}),
        ("/nothing", {"say": "help"}),
        ("/", {"text": "/"}),
        ("/ 24日", {"text": "/ 24日"}),
    ],
)
def test_commands(text: str, turn: dict[str, str]) -> None:
    assert _turn(TELEGRAM.text(7, text)) == turn


def test_every_command_of_the_menu_is_understood() -> None:
    for command in commands():
        turn = _turn(TELEGRAM.text(7, f"/{command.command}"))
        assert turn is not None
        assert "text" not in turn
        assert turn != {"say": "help"} or command.command == "help"


def test_a_press_is_its_interview_and_token() -> None:
    step = read(TELEGRAM.press_data(7, 42, "k3f9:app=paper"))
    assert step is not None
    assert step.event is not None
    assert step.event.turn == {"button": "k3f9:app=paper"}
    assert step.event.reply["pressed"] == "42"
    assert step.event.reply["callback"].startswith("callback")


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1,
                     "height": 1, "is_animated": False, "is_video": False}},
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
         "caption": "2/24"},
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
        {"location": {"longitude": 1.0, "latitude": 1.0}},
        {"contact": {"phone_number": "0", "first_name": "旅"}},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_attachment(content: dict[str, Any]) -> None:
    assert _turn(TELEGRAM.message(7, **content)) == {"event": "attachment"}


def test_an_edited_message_is_told_that_it_cannot_be_taken() -> None:
    message = TELEGRAM.text(7, "25日")["message"] | {"edit_date": 1}
    assert _turn(TELEGRAM.update(edited_message=message)) == {"say": "edited"}


def test_who_blocks_the_bot_has_left() -> None:
    change = {
        "chat": {"id": 7, "type": "private"},
        "from": PERSON,
        "date": 1,
        "old_chat_member": {"status": "member", "user": PERSON},
        "new_chat_member": {"status": "kicked", "user": PERSON, "until_date": 0},
    }
    step = read(TELEGRAM.update(my_chat_member=change))
    assert step is not None
    assert (step.kind, step.address) == ("left", "7")


def test_in_a_group_only_joining_and_commands_are_answered() -> None:
    bot = {"id": 1, "is_bot": True, "first_name": "補償ナビ"}
    joined = {
        "chat": GROUP,
        "from": PERSON,
        "date": 1,
        "old_chat_member": {"status": "left", "user": bot},
        "new_chat_member": {"status": "member", "user": bot},
    }
    assert _turn(TELEGRAM.update(my_chat_member=joined)) == {"say": "group"}
    started = TELEGRAM.text(7, "/start")
    started["message"]["chat"] = GROUP
    assert _turn(started) == {"say": "group"}
    chatting = TELEGRAM.text(7, "おはよう")
    chatting["message"]["chat"] = GROUP
    assert read(chatting) is None
    pressed = TELEGRAM.press_data(7, 1, "k:app=paper")
    pressed["callback_query"]["message"]["chat"] = GROUP
    assert read(pressed) is None


def test_other_updates_are_let_go() -> None:
    assert read(TELEGRAM.update(poll_answer={"poll_id": "1", "option_ids": []})) is None
    assert read(TELEGRAM.update(something_new={"a": 1})) is None
    assert read(TELEGRAM.message(7, pinned_message=TELEGRAM.text(7, "a")["message"])) is None


@pytest.mark.parametrize("data", [None, [], "x", {}, {"update_id": "1"}, {"update_id": True}])
def test_what_is_no_update_is_refused(data: Any) -> None:
    with pytest.raises(MalformedError):
        read(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.data())
def test_nothing_in_an_update_breaks_the_reading(data: st.DataObject) -> None:
    """A real update with one part replaced by anything."""
    update: Any = copy.deepcopy(
        data.draw(
            st.sampled_from(
                [TELEGRAM.text(7, "/start gunma"), TELEGRAM.press_data(7, 1, "k:app=paper")]
            )
        )
    )
    place = update[next(key for key in update if key != "update_id")]
    key = data.draw(st.sampled_from(sorted(place)))
    while isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place)))
    place[key] = data.draw(JSON)
    read(update)
