"""Reads the reviewers' tables: Japanese words to answers, each combination to exactly one row."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from actions.answers import Answers
from actions.eligibility.windows import JST
from actions.notices import Notice

TABLES = Path(__file__).with_name("table")
#: Every answer the tests try, by the word the tables have for it. ``None`` is unknown.
WORDS: dict[str, dict[str, Any]] = {
    "有効期限": {
        "2月23日": date(2023, 2, 23),
        "2月24日": date(2023, 2, 24),
        "2月25日": date(2023, 2, 25),
        "2月26日": date(2023, 2, 26),
        "3月10日": date(2023, 3, 10),
        "不明": None,
    },
    "障害時の支払い": {
        "使おうとしなかった": "none",
        "使えず引き落としもなかった": "unusable",
        "現金などで払ったのに引き落とされた": "paid_otherwise_and_deducted",
        "二重に引き落とされた": "charged_twice",
        "そのほかのトラブル": "other",
        "不明": None,
    },
    "残額": {"0円": 0, "1円": 1, "800円": 800, "額は不明だが残っている": "some", "不明": None},
    "アプリ": {
        "チャージした": "charged",
        "紙のまま": "paper",
        "退会した": "withdrawn",
        "不明": None,
    },
    "宿泊・日帰り": {"宿泊": "overnight", "日帰り": "day_trip", "不明": None},
}
QUESTION = {
    "有効期限": "expires",
    "障害時の支払い": "incident",
    "残額": "balance",
    "アプリ": "app",
    "宿泊・日帰り": "stay",
}
COLUMN = {question: column for column, question in QUESTION.items()}
#: The moments around which something changes in one of the notices.
MOMENTS = tuple(
    datetime.fromisoformat(text).replace(tzinfo=JST)
    for text in (
        "2023-03-21T12:00",
        "2023-03-21T23:59:59.999999",
        "2023-03-22T00:00",
        "2023-03-24T13:59:59.999999",
        "2023-03-24T14:00",
        "2023-03-27T23:59:59.999999",
        "2023-03-28T00:00",
        "2023-03-31T23:59:59.999999",
        "2023-04-01T00:00",
        "2023-04-09T23:59:59.999999",
        "2023-04-10T00:00",
        "2023-04-30T23:59:59.999999",
        "2023-05-01T00:00",
        "2023-05-31T23:59:59.999999",
        "2023-06-01T00:00",
        "2026-11-21T15:00",
    )
)
Row = dict[str, str]


def read(campaign: str, kind: str) -> list[Row]:
    """Return the rows of one table."""
    with (TABLES / f"{campaign}-{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def accepts(column: str, cell: str, value: Any) -> bool:
    """Say whether a cell stands for an answer.

    Raises:
        KeyError: the cell has a word that no answer goes by.
    """
    if cell == "すべて":
        return True
    if cell == "不明以外":
        return value is not None
    named = [WORDS[column][word] for word in cell.split("／")]
    # 1 == True and 0 == False never meet here; the balance 1 and "some" stay apart.
    return value in named


def the_row(rows: list[Row], **values: Any) -> Row:
    """Return the one row that holds for the answers, given by column.

    Raises:
        AssertionError: no row holds, or more than one.
    """
    found = [row for row in rows if all(accepts(c, row[c], v) for c, v in values.items())]
    assert len(found) == 1, f"{len(found)} rows for {values}: {found}"
    return found[0]


def combinations(*questions: str) -> Iterator[dict[str, Any]]:
    """Yield every combination of tried answers to the questions."""
    choices = [WORDS[COLUMN[question]].values() for question in questions]
    for values in itertools.product(*choices):
        yield dict(zip(questions, values, strict=True))


def all_answers(campaign: str) -> Iterator[Answers]:
    """Yield every combination of tried answers of one campaign's travellers."""
    for values in combinations("expires", "incident", "balance", "app", "stay"):
        yield Answers(campaign=campaign, **values)


def code_of(notice: Notice, label: str) -> str:
    """Return the code of a class by the notice's label; ``other`` for その他."""
    if label == "その他":
        return "other"
    return next(rule.code for rule in notice.classes if rule.label == label)
