"""The terminal's widgets: lines that fit, choices that never steal an amount or a date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.replies import Card, CardRow, Choice, DatePicker, Link, Reply
from bot.channels.terminal import NARROWEST, NoSuchChoiceError, Screen, columns, wrap

QUESTION = Reply(
    "有効期限はいつですか？",
    (Choice("2月24日（金）", "expires=2023-02-24"), Choice("わからない", "expires=unknown")),
    DatePicker("選ぶ", "expires", "2023-02-24", "2023-01-10", "2023-04-30"),
    interview="k3f9",
)
VERDICT = Reply(
    "(A) の補償の対象です。",
    (Choice("最初から", "command=restart"),),
    links=(Link("url", "サイト", "https://example.jp/"), Link("phone", "電話する", "0120-000-000")),
    card=Card(
        "確認の結果",
        "(A) の補償の対象です",
        "eligible",
        (
            CardRow("有効期限", "2023年2月24日（金）まで", "met"),
            CardRow("残額", "0円", "not_met"),
            CardRow("アプリ", "", "unknown"),
            CardRow("期限", "申請：2023年4月30日（日）まで\n受け取り：2023年5月31日（水）まで"),
        ),
        "根拠：お知らせ 1.(A)",
    ),
    interview="k3f9",
)


def screen(*replies: Reply, width: int = 60) -> Screen:
    made = Screen(width, colour=False)
    made.draw(replies)
    return made


@pytest.mark.parametrize("typed", ["1)", "１）", "(1)", "（１）", " 1 ) ", "①", "1番", "1)\n"])
def test_a_number_in_brackets_presses(typed: str) -> None:
    assert screen(QUESTION).read(typed) == {"button": "k3f9:expires=2023-02-24"}


@pytest.mark.parametrize(
    "typed",
    ["1", "２", "1円", "2/24", "24", "2.24", "1,000", "1)と2)", "(1)です", "1番目", "R5.2.24"],
)
def test_everything_else_is_what_the_traveller_says(typed: str) -> None:
    assert screen(QUESTION).read(typed) == {"text": typed}


@pytest.mark.parametrize("typed", ["3)", "0)", "99)", "⑳"])
def test_a_number_nobody_offers_is_said_kindly(typed: str) -> None:
    with pytest.raises(NoSuchChoiceError, match=r"1\) から 2\) まで"):
        screen(QUESTION).read(typed)
    with pytest.raises(NoSuchChoiceError, match="ありません"):
        screen(Reply("ありがとうございました。")).read(typed)


def test_numbers_run_through_a_turn_and_a_new_turn_begins_again() -> None:
    made = screen(QUESTION, VERDICT)
    assert [choice.number for choice in made.in_view] == [1, 2, 3]
    assert made.read("3)") == {"button": "k3f9:command=restart"}
    made.draw([VERDICT])
    assert made.read("1)") == {"button": "k3f9:command=restart"}


def test_buttons_of_no_interview_belong_to_the_one_that_goes_on() -> None:
    made = screen(QUESTION)
    made.draw([Reply("申し訳ありません。", (Choice("人に相談", "command=human"),))])
    assert made.read("1)") == {"button": "k3f9:command=human"}


def test_a_card_says_everything_in_words_and_links_in_full() -> None:
    text = "\n".join(Screen(60, colour=False).draw([VERDICT]))
    for said in (
        "(A) の補償の対象です",
        "✓ あてはまる：有効期限",
        "× あてはまらない：残額",
        "？ まだわからない：アプリ",
        "受け取り：2023年5月31日（水）まで",
        "根拠：お知らせ 1.(A)",
        "→ サイト：https://example.jp/",
        "☎ 電話する：0120-000-000",
    ):
        assert said in text


@given(width=st.integers(0, 200))
def test_a_card_s_frame_is_straight_at_every_width(width: int) -> None:
    lines = Screen(width, colour=False).draw([VERDICT])
    frame = [line for line in lines if line[:1] in {"┌", "│", "├", "└"}]
    assert len({columns(line) for line in frame}) == 1
    assert len(frame) > 8


@given(text=st.text(), width=st.integers(NARROWEST, 80))
def test_lines_fit_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    squeezed = "".join("".join(lines).split())
    assert squeezed == "".join(text.split())
    assert all(columns(line) <= width + 2 for line in lines)


@given(
    text=st.lists(
        st.sampled_from(["あ", "漢字", "「い」", "う。", "（12）", "ラー", "ab ", "え、"])
    ).map("".join),
    width=st.integers(NARROWEST, 40),
)
def test_closing_marks_begin_no_line_and_opening_ones_end_none(text: str, width: int) -> None:
    for line in wrap(text, width):
        assert line[:1] not in {"」", "。", "）", "ー", "、"}
        assert line[-1:] not in {"「", "（"}


def test_colours_only_where_they_are_shown() -> None:
    assert "\x1b[" in "".join(Screen(60, colour=True).draw([VERDICT, QUESTION]))
    assert "\x1b[" not in "".join(Screen(60, colour=False).draw([VERDICT, QUESTION]))
