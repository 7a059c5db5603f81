"""A date, sum or place of something else is asked about, however surely it was read."""

from __future__ import annotations

import pytest

from actions.answers import Answers
from actions.understanding.interpret import interpret
from actions.understanding.understood import Understood

#: What the classifier gives where it is sure of one thing.
SURE = 0.95


def heard(
    text: str, question: str, label: str, share: float = SURE, part: str | None = None
) -> Understood:
    """Return what a message means to a classifier that is sure of one label."""
    masked = {"expires": "date", "balance": "amount", "campaign": "place"}[question]
    ranking = [(label, share), (masked, 1 - share)]
    parts = [] if part is None else [[(part, SURE)], [("out_of_scope", SURE)]]
    return interpret(text, question, ranking, Answers(), parts=parts)


ELSEWHERE = [
    ("予約したのは1月15日", "expires", "date_elsewhere"),
    ("荷物が届くの25日の午前中らしい", "expires", "date_elsewhere"),
    ("駐車場が1日1000円だった", "balance", "amount_elsewhere"),
    ("千葉って人に言われて来ました", "campaign", "place_elsewhere"),
]


@pytest.mark.parametrize(("text", "question", "label"), ELSEWHERE)
def test_it_is_asked_about_and_not_taken(text: str, question: str, label: str) -> None:
    understood = heard(text, question, label)
    assert understood.kind == "ask_back"
    assert understood.values == {}


@pytest.mark.parametrize(("text", "question", "_label"), ELSEWHERE[1:])
def test_the_same_words_are_taken_where_the_classifier_takes_them_for_the_answer(
    text: str, question: str, _label: str
) -> None:
    masked = {"expires": "date", "balance": "amount", "campaign": "place"}[question]
    assert question in heard(text, question, masked).values


@pytest.mark.parametrize("text", ["2/24公開の映画もう観た", "金曜日はカレーの日"])
def test_another_subject_stays_one(text: str) -> None:
    assert heard(text, "expires", "out_of_scope").kind == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        ("金曜の24日です", "expires", "2023-02-24"),
        ("２４日ｗｗｗ", "expires", "2023-02-24"),
        ("2月24日？", "expires", "2023-02-24"),
        ("１", "balance", 1),
        ("3,000", "balance", 3000),
        ("さんぜんごひゃくえんです", "balance", 3500),
        ("鹿児島じゃっど", "campaign", "kagoshima"),
    ],
)
def test_a_value_and_courtesies_need_no_second_look(
    text: str, question: str, value: object
) -> None:
    masked = {"expires": "date", "balance": "amount", "campaign": "place"}[question]
    assert heard(text, question, f"{masked}_elsewhere").values == {question: value}


def test_what_calls_itself_the_coupons_is_taken() -> None:
    understood = heard("クーポンの期限は24日なんですけどね", "expires", "date_elsewhere")
    assert understood.values == {"expires": "2023-02-24"}
    other = heard("dポイントの期限は24日なんですけどね", "expires", "date_elsewhere", 0.99)
    assert other.values == {}


def test_a_clause_that_answers_is_heard_beside_one_that_does_not() -> None:
    text = "24日やと思うわ、雨の日にみんなで出かけた話やけど"
    assert heard(text, "expires", "date_elsewhere").values == {}
    taken = heard(text, "expires", "date_elsewhere", 0.9, part="date")
    assert taken.values == {"expires": "2023-02-24"}
    assert heard(text, "expires", "date_elsewhere", 0.9, part="date_elsewhere").values == {}
