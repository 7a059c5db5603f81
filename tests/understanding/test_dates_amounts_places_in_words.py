"""Dates, amounts and places in people's own words: read as meant, or not taken at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.answers import Answers
from actions.understanding.calendar_bounds import bounds
from actions.understanding.interpret import interpret
from actions.understanding.message import Message

TABLE = yaml.safe_load(
    (Path(__file__).parent / "data" / "wordings.yml").read_text(encoding="utf-8")
)
ROWS: list[tuple[str, str, Any]] = [
    (question, text, None if group["value"] is None else group["value"])
    for question, groups in TABLE.items()
    for group in groups
    for text in group["said"]
]
JST = timezone(timedelta(hours=9))
NOW = datetime(2023, 3, 25, 10, tzinfo=JST)
DAYS = st.dates(bounds().earliest, bounds().latest)
NEAR = st.integers(bounds().first_bare_day, bounds().last_bare_day)
#: What replaces the first of two values by the second.
REPAIRS = [
    "、ちゃう、",
    "、あちゃう",
    "…いや、",
    "、もとい",
    "じゃなくて",
    "やのうて",
    "→",
    "、違う、",
]


def read(question: str, text: str, as_of: datetime = NOW) -> Any:
    return Message.read(text, question, as_of).values.get(question)


@pytest.mark.parametrize(("question", "text", "value"), ROWS)
def test_a_wording_is_read_as_meant(question: str, text: str, value: Any) -> None:
    assert read(question, text) == value


@pytest.mark.parametrize("repair", REPAIRS)
@given(day=DAYS, apart=st.integers(1, 20))
def test_a_date_taken_back_is_replaced(repair: str, day: date, apart: int) -> None:
    slip = day - timedelta(apart)
    text = f"{slip.month}/{slip.day}{repair}{day.month}/{day.day}です"
    assert read("expires", text) == day.isoformat(), text


@pytest.mark.parametrize("repair", REPAIRS)
@given(yen=st.integers(1, 200), apart=st.integers(1, 50))
def test_a_sum_taken_back_is_replaced(repair: str, yen: int, apart: int) -> None:
    assert read("balance", f"{(yen + apart) * 100}円{repair}{yen * 100}円") == yen * 100


@pytest.mark.parametrize("repair", REPAIRS)
def test_a_place_taken_back_is_replaced(repair: str) -> None:
    assert read("campaign", f"栃木{repair}群馬") == "gunma"
    assert read("campaign", f"群馬{repair}千葉") == "chiba"


@given(day=DAYS)
def test_a_month_said_once_holds_for_the_day_beside_it(day: date) -> None:
    for text in (f"{day.day}日。{day.month}月のね", f"{day.month}月です。{day.day}日"):
        assert read("expires", text) in (day.isoformat(), None), text


@given(day=DAYS)
def test_one_day_said_twice_is_one_day(day: date) -> None:
    text = f"{day.month}月{day.day}日。{day.day}日です"
    assert read("expires", text) == day.isoformat()
    weekday = "月火水木金土日"[day.weekday()]
    assert read("expires", f"{day.month}/{day.day}まで。{weekday}曜日") == day.isoformat()


@given(day=DAYS)
def test_digits_typed_apart_are_one_number(day: date) -> None:
    month, number = " ".join(str(day.month)), " ".join(str(day.day))
    assert read("expires", f"{month} 月 {number} 日") == day.isoformat()


@given(day=st.dates(bounds().earliest, bounds().latest))
def test_today_is_taken_from_the_clock_of_the_talk(day: date) -> None:
    as_of = datetime(day.year, day.month, day.day, 9, 30, tzinfo=JST)
    assert read("expires", "ちょうど今日まで!!", as_of) == day.isoformat()
    assert read("expires", "今日の天気は?", as_of) is None


def test_today_long_after_the_campaign_is_named_and_asked_back() -> None:
    as_of = datetime(2026, 11, 21, 9, 30, tzinfo=JST)
    understood = interpret("今日まで", "expires", [], Answers(campaign="gunma"), as_of)
    assert understood.kind == "ask_back"
    assert understood.reading is not None
    assert understood.reading.text == "今日"


@given(day=NEAR, other=NEAR)
def test_two_days_that_nothing_tells_apart_are_asked_back(day: int, other: int) -> None:
    if day != other:
        for text in (f"{day}か{other}", f"{day}日と{other}日", f"{day}日、{other}日"):
            assert read("expires", text) is None, text


@given(number=st.integers(1, 99), unit=st.sampled_from(list("枚人歳回階号番円分時")))
def test_a_count_is_no_date(number: int, unit: str) -> None:
    assert read("expires", f"{number}{unit}です") is None
