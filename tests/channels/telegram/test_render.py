"""Any replies become Telegram messages within Telegram's limits, and no word of them is lost."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from actions.replies import Choice, DatePicker, Link, Reply
from bot.channels.telegram.render import render
from tests.channels.replies_of_any_kind import REPLIES, shown_of, words
from tests.stand_ins.fake_engine import ask, card
from tests.stand_ins.telegram_api import check_keyboard, parse_html, units


def _markup(body: dict[str, object]) -> list[list[dict[str, str]]] | None:
    """Return the keyboard as Telegram gets it."""
    keyboard = body["keyboard"]
    if keyboard is None:
        return None
    assert isinstance(keyboard, list)
    renamed = {"data": "callback_data"}
    return [
        [{renamed.get(k, k): v for k, v in button.items()} for button in row] for row in keyboard
    ]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPLIES)
def test_every_message_is_within_the_limits(replies: list[Reply]) -> None:
    for body in render(replies):
        text = parse_html(body["text"])
        assert text.strip()
        assert units(text) <= 4096 - 32  # room for the note before a second try
        keyboard = _markup(body)
        if keyboard is not None:
            check_keyboard(keyboard)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPLIES)
def test_no_word_and_no_button_is_lost(replies: list[Reply]) -> None:
    bodies = render(replies)
    said = words("".join(parse_html(body["text"]) for body in bodies))
    buttons = [button for body in bodies for row in _markup(body) or [] for button in row]
    data = {button.get("callback_data") for button in buttons}
    urls = {button.get("url") for button in buttons}
    for reply in replies:
        for part in shown_of(reply):
            assert words(part) in said
        for choice in reply.choices:
            assert f"{reply.interview}:{choice.token}" in data
        for link in reply.links:
            assert link.target in urls or words(link.target) in said


def test_markup_of_a_traveller_stays_text() -> None:
    [body] = render([Reply("<b>&amp; 1 < 2")])
    assert body["text"] == "&lt;b&gt;&amp;amp; 1 &lt; 2"


def test_buttons_carry_interview_and_token() -> None:
    [body] = render([Reply.from_json(ask("いつまでですか？"))])
    assert [button["data"] for row in body["keyboard"] for button in row] == [
        "k3f9:expires=2023-02-24",
        "k3f9:expires=2023-02-25",
        "k3f9:expires=unknown",
    ]


def test_a_date_is_typed_where_there_is_no_calendar() -> None:
    picker = DatePicker("カレンダー", "expires", "2023-02-24", "2022-10-11", "2023-07-31")
    [body] = render([Reply("期限は？", date_picker=picker)])
    assert body["text"] == "期限は？\n日付は「2/24」のように、文字でお送りください。"


def test_neighbouring_texts_share_a_message_and_a_card_stands_alone() -> None:
    bodies = render([Reply("一"), Reply("二"), Reply.from_json(card()), Reply("三")])
    assert [parse_html(body["text"]).split("\n")[0] for body in bodies] == ["一", "確認の結果"]
    assert parse_html(bodies[0]["text"]) == "一\n\n二"
    assert parse_html(bodies[1]["text"]).endswith("三")


def test_a_phone_number_is_text_and_a_site_a_button() -> None:
    [body] = render(
        [
            Reply(
                "こちらへ。",
                links=(
                    Link("url", "申請サイト", "https://example.jp/apply"),
                    Link("phone", "電話する", "0120-479-249"),
                ),
            )
        ]
    )
    assert "0120-479-249" in body["text"]
    assert body["keyboard"] == [[{"text": "申請サイト", "url": "https://example.jp/apply"}]]


def test_a_button_too_long_for_telegram_is_written_out() -> None:
    [body] = render([Reply("どれですか？", (Choice("長い名前", "app=" + "x" * 70),))])
    assert "・長い名前" in body["text"]
    assert body["keyboard"] is None
