"""A date is read as itself in every notation people use, and as nothing at all when in doubt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.answers import Answers
from actions.understanding.calendar_bounds import bounds
from actions.understanding.interpret import interpret
from actions.understanding.understood import Understood

KANJI = "〇一二三四五六七八九"
WEEKDAYS = "月火水木金土日"
FULL_WIDTH = str.maketrans("0123456789/.-", "０１２３４５６７８９／．－")
#: Any day on which a coupon of the campaign could expire.
DAYS = st.dates(bounds().earliest, bounds().latest)


def at_expires(text: str) -> Understood:
    return interpret(text, "expires", [], Answers(campaign="gunma"))


def kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else KANJI[tens]) + "十") + (
        KANJI[ones] if ones else ""
    )


NOTATIONS = {
    "令和5年2月24日": lambda d: f"令和{d.year - 2018}年{d.month}月{d.day}日",
    "令和五年二月二十四日": lambda d: (
        f"令和{kanji(d.year - 2018)}年{kanji(d.month)}月{kanji(d.day)}日"
    ),
    "R5.2.24": lambda d: f"R{d.year - 2018}.{d.month}.{d.day}",
    "2023/02/24": lambda d: f"{d:%Y/%m/%d}",
    "2023-02-24": lambda d: f"{d:%Y-%m-%d}",
    "2023年2月24日": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "20230224": lambda d: f"{d:%Y%m%d}",
    "0224": lambda d: f"{d:%m%d}",
    "2/24": lambda d: f"{d.month}/{d.day}",
    "２／２４": lambda d: f"{d.month}/{d.day}".translate(FULL_WIDTH),
    "2月24日": lambda d: f"{d.month}月{d.day}日",
    "2月24": lambda d: f"{d.month}月{d.day}",
    "二月二十四日": lambda d: f"{kanji(d.month)}月{kanji(d.day)}日",
    "with its weekday": lambda d: f"{d.month}月{d.day}日({WEEKDAYS[d.weekday()]})",
    "politely, with the hour": lambda d: f"{d.month}月{d.day}日の23:59までとなっております。",
    "half-width kana beside": lambda d: f"ﾕｳｺｳｷｹﾞﾝﾊ{d.month}月{d.day}日ﾃﾞｽ",
}


@pytest.mark.parametrize("notation", NOTATIONS)
@given(day=DAYS)
def test_read_as_itself(notation: str, day: date) -> None:
    understood = at_expires(NOTATIONS[notation](day))
    assert understood.kind == "answer", NOTATIONS[notation](day)
    assert understood.values == {"expires": day.isoformat()}


@given(day=DAYS, apart=st.integers(1, 5))
def test_of_two_dates_the_denied_one_is_dropped(day: date, apart: int) -> None:
    other = day - timedelta(days=apart)
    understood = at_expires(f"{other.month}月{other.day}日じゃなくて{day.month}月{day.day}日です")
    assert understood.values == {"expires": day.isoformat()}


@given(day=DAYS, apart=st.integers(1, 20))
def test_of_two_dates_left_open_neither_is_taken(day: date, apart: int) -> None:
    other = day + timedelta(days=apart)
    understood = at_expires(f"{day.month}/{day.day}か{other.month}/{other.day}")
    assert understood.kind == "ask_back"
    assert "expires" not in understood.values
    assert understood.reading is not None


@pytest.mark.parametrize("text", ["2月30日", "2/31", "令和5年4月31日", "13月1日", "2023-02-29"])
def test_a_day_that_does_not_exist_is_named_and_asked_back(text: str) -> None:
    understood = at_expires(text)
    assert understood.kind == "ask_back"
    assert not understood.values
    assert understood.reading is not None
    assert understood.reading.text


@given(day=st.dates(date(2019, 5, 1), date(2035, 12, 31)))
def test_a_day_outside_the_campaign_is_never_taken(day: date) -> None:
    inside = bounds().earliest <= day <= bounds().latest
    understood = at_expires(f"{day.year}年{day.month}月{day.day}日")
    assert (understood.kind == "answer") is inside
    assert ("expires" in understood.values) is inside


@given(
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    number=st.integers(10_000_000, 99_999_999),
)
def test_no_date_in_times_amounts_and_telephone_numbers(
    hour: int, minute: int, number: int
) -> None:
    for text in (
        f"{hour}:{minute:02}ごろです",
        f"{hour}時{minute}分",
        f"{number % 10_000}円",
        f"090-{number // 10_000}-{number % 10_000}",
    ):
        assert "expires" not in at_expires(text).values, text


@settings(deadline=None)  # the first message compiles the grammars
@given(text=st.text(max_size=300))
def test_any_text_is_understood_somehow(text: str) -> None:
    for question in ("campaign", "expires", "incident", "balance", "app", "stay", None):
        understood = interpret(text, question, [], Answers())
        # What was taken is a value the rules accept.
        Answers.from_mapping(understood.values)
