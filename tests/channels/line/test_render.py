"""Any replies become LINE messages within LINE's limits, and no word of them is lost."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from linebot.v3.messaging import Message, ReplyMessageRequest

from actions.replies import Choice, DatePicker, Link, Reply
from bot.channels.line.render import render
from tests.channels.replies_of_any_kind import REPLIES, shown_of, words
from tests.stand_ins.fake_engine import ask, card
from tests.stand_ins.line_api import check_message, units


def _said(value: Any, *keys: str) -> str:
    """Return what stands under these keys, one after the other as they are read."""
    if isinstance(value, dict):
        return "".join(
            item if isinstance(item, str) and key in keys else _said(item, *keys)
            for key, item in value.items()
            if not isinstance(item, str) or key in keys
        )
    return "".join(_said(item, *keys) for item in value) if isinstance(value, list) else ""


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPLIES)
def test_every_call_is_within_the_limits(replies: list[Reply]) -> None:
    calls = render(replies)
    for number, call in enumerate(calls):
        assert call["by"] == ("reply" if number == 0 else "push")
        assert 1 <= len(call["messages"]) <= 5
        for message in call["messages"]:
            check_message(message, "message")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPLIES)
def test_no_word_and_no_button_is_lost(replies: list[Reply]) -> None:
    calls = render(replies)
    messages = [message for call in calls for message in call["messages"]]
    said = words(_said(messages, "text"))
    labels = words(_said(messages, "label", "displayText"))
    links = _said(messages, "uri")
    actions = _actions(messages)
    for reply in replies:
        for part in shown_of(reply):
            assert words(part) in said
        for choice in reply.choices:
            assert f"{reply.interview}:{choice.token}" in actions
        if reply.date_picker is not None:
            assert f"{reply.interview}:{reply.date_picker.question}=" in actions
        for link in reply.links:
            assert words(link.label) in labels + said
            digits = "".join(c for c in link.target if c.isdigit())
            assert words(link.target) in said or link.target in links or f"tel:{digits}" in links


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPLIES)
def test_the_sdk_reads_them_and_changes_nothing(replies: list[Reply]) -> None:
    for call in render(replies):
        for message in call["messages"]:
            assert Message.from_dict(message).to_dict() == message


def test_rendering_is_pure() -> None:
    replies = [Reply.from_json(ask("いつまでですか？")), Reply.from_json(card())]
    assert render(replies) == render(replies)


def test_buttons_stand_below_the_last_message_only() -> None:
    """LINE shows quick replies of the newest message alone."""
    question = Reply("期限は？", (Choice("2月24日", "expires=2023-02-24"),), interview="k")
    [call] = render([question, Reply("補足です。")])
    assert ["quickReply" in message for message in call["messages"]] == [False, True]


def test_a_calendar_carries_its_question_and_limits() -> None:
    picker = DatePicker("カレンダー", "expires", "2023-02-24", "2022-10-11", "2023-07-31")
    [call] = render([Reply("期限は？", date_picker=picker, interview="k3f9")])
    [item] = call["messages"][0]["quickReply"]["items"]
    assert item["action"] == {
        "type": "datetimepicker",
        "label": "カレンダー",
        "data": "k3f9:expires=",
        "mode": "date",
        "initial": "2023-02-24",
        "min": "2022-10-11",
        "max": "2023-07-31",
    }


def test_a_card_has_a_site_button_and_dials() -> None:
    [call] = render([Reply.from_json(card())])
    [message] = call["messages"]
    footer = message["contents"]["footer"]["contents"]
    assert [part["action"]["uri"] for part in footer] == [
        "https://example.jp/apply",
        "tel:0120000000",
    ]
    assert message["altText"] == "補償の対象です（A）。手続きは不要です。"
    assert "○ 有効期限" in json.dumps(message["contents"], ensure_ascii=False)


def test_a_label_is_cut_between_characters_and_shown_whole_when_pressed() -> None:
    label = "有効期限がわからないので教えてほしい😀😀"
    [call] = render([Reply("期限は？", (Choice(label, "expires=unknown"),))])
    action = call["messages"][0]["quickReply"]["items"][0]["action"]
    assert units(action["label"]) <= 20
    assert action["label"].endswith("…")
    assert action["displayText"] == label


def test_more_buttons_than_quick_replies_hold_are_all_there() -> None:
    choices = tuple(Choice(f"選択肢{number}", f"app=x{number}") for number in range(30))
    calls = render([Reply("どれですか？", choices)])
    messages = [message for call in calls for message in call["messages"]]
    assert _actions(messages) == {f":app=x{number}" for number in range(30)}


def test_a_phone_number_is_dialled_by_its_digits() -> None:
    [call] = render([Reply("お電話ください。", links=(Link("phone", "電話する", "0120-479-249"),))])
    button = call["messages"][0]["contents"]["footer"]["contents"][0]
    assert button["action"] == {"type": "uri", "label": "電話する", "uri": "tel:0120479249"}


def test_seven_bubbles_are_one_call() -> None:
    """Pushing costs money: neighbouring texts are joined rather than pushed."""
    [call] = render([Reply(f"吹き出し{number}") for number in range(7)])
    assert len(call["messages"]) == 5
    request = ReplyMessageRequest.from_dict({"replyToken": "t", "messages": call["messages"]})
    assert len(request.messages) == 5


def _actions(messages: list[dict[str, Any]]) -> set[str]:
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") in {"postback", "datetimepicker"}:
                found.add(value["data"])
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(messages)
    return found
