"""Every combination of answers, at every critical moment, is decided as the reviewers' tables say.

The tables (``table/*.csv``) were written from the notices, for a campaign office to review.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import pytest

from actions.answers import CAMPAIGNS, QUESTIONS, Answers
from actions.eligibility.decide import decide
from actions.eligibility.windows import JST
from actions.notices import load_notices
from tests.rules.tables import (
    COLUMN,
    MOMENTS,
    QUESTION,
    Row,
    accepts,
    all_answers,
    code_of,
    read,
    the_row,
)

PLACES = {
    "手続き不要": "automatic",
    "補償対応特設サイト": "application_site",
    "コールセンター": "call_center",
}
STATUSES = {"まだ": "not_yet_open", "受付中": "open", "終了": "closed"}
DUE = {"申し出": "report_by", "利用": "use_by", "申請": "apply_by", "受け取り": "receive_by"}


class Tables:
    """One campaign's four tables, looked up by the answers."""

    def __init__(self, campaign: str) -> None:
        self.notice = load_notices()[campaign]
        self.classes = read(campaign, "classes")
        self.routes = read(campaign, "routes")
        self.deadlines = read(campaign, "deadlines")
        self.questions = read(campaign, "questions")
        self.labels = list(dict.fromkeys(row["区分"] for row in self.classes))

    @cache  # noqa: B019 - lives as long as the tests
    def class_row(self, label: str, *values: Any) -> Row:
        rows = [row for row in self.classes if row["区分"] == label]
        columns = ("有効期限", "障害時の支払い", "残額", "宿泊・日帰り")
        return the_row(rows, **dict(zip(columns, values, strict=True)))

    @cache  # noqa: B019
    def route(self, code: str, app: Any, as_of: datetime) -> tuple[str, str] | None:
        rows = [
            row
            for row in self.routes
            if code_of(self.notice, row["区分"]) == code
            and accepts("アプリ", row["アプリ"], app)
            and (not row["この日時から"] or as_of >= _moment(row["この日時から"]))
            and (not row["この日時より前"] or as_of < _moment(row["この日時より前"]))
        ]
        assert len(rows) == 1, f"{len(rows)} rows for {code}, {app}, {as_of}"
        place = rows[0]["案内先"]
        return None if place == "なし" else (PLACES[place], STATUSES[rows[0]["状態"]])

    @cache  # noqa: B019
    def due(self, code: str, app: Any, as_of: datetime) -> set[tuple[str, str, str, bool]]:
        rows = [row for row in self.deadlines if code_of(self.notice, row["区分"]) == code]
        row = the_row(rows, アプリ=app)
        days = {kind: row[column] for column, kind in DUE.items() if row[column]}
        return {
            (code, kind, f"{day}T23:59:59+09:00", as_of.date().isoformat() > day)
            for kind, day in days.items()
        }

    @cache  # noqa: B019
    def question(self, *values: Any) -> str | None:
        row = the_row(self.questions, **dict(zip(QUESTION, values, strict=True)))
        asked = row["次の質問"]
        return None if asked == "なし" else QUESTION[asked]

    def expected(self, answers: Answers, as_of: datetime) -> dict[str, Any]:
        given = (answers.expires, answers.incident, answers.balance, answers.stay)
        verdicts = {
            code_of(self.notice, label): self.class_row(label, *given)["当否"]
            for label in self.labels
        }
        certain = sorted(code for code, verdict in verdicts.items() if verdict == "当たる")
        leading = [*certain, *(["other"] if answers.incident == "other" else [])]
        routes = {code: self.route(code, answers.app, as_of) for code in leading}
        return {
            "classes": certain,
            "possible": sorted(
                code for code, verdict in verdicts.items() if verdict == "まだわからない"
            ),
            "routes": {code: route for code, route in routes.items() if route},
            "deadlines": set().union(*(self.due(code, answers.app, as_of) for code in certain)),
            "next_question": self.question(
                *(getattr(answers, question) for question in QUESTION.values())
            ),
        }


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_every_combination_at_every_critical_moment(campaign: str) -> None:
    tables = Tables(campaign)
    for answers in all_answers(campaign):
        for as_of in MOMENTS:
            decision = decide(tables.notice, answers, as_of)
            found = {
                "classes": list(decision.classes),
                "possible": list(decision.possible),
                "routes": {code: (r.to, r.status) for code, r in decision.routes.items()},
                "deadlines": {
                    (d.class_code, d.kind, d.at.isoformat(), d.passed) for d in decision.deadlines
                },
                "next_question": decision.next_question,
            }
            expected = tables.expected(answers, as_of)
            if found != expected:
                pytest.fail(f"{answers} at {as_of}:\n  {found}\n  the table says {expected}")


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_a_met_class_cites_the_section_of_the_table(campaign: str) -> None:
    tables = Tables(campaign)
    for answers in all_answers(campaign):
        decision = decide(tables.notice, answers, MOMENTS[0])
        for code in decision.classes:
            given = (answers.expires, answers.incident, answers.balance, answers.stay)
            row = tables.class_row(tables.notice.label(code), *given)
            cited = {c.section for c in decision.criteria if c.class_code == code}
            assert cited == {row["根拠"]}


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_tables_use_every_row_and_know_every_class(campaign: str) -> None:
    tables = Tables(campaign)
    assert tables.labels == [rule.label for rule in tables.notice.classes]
    used: set[int] = set()
    for answers in all_answers(campaign):
        given = (answers.expires, answers.incident, answers.balance, answers.stay)
        used |= {id(tables.class_row(label, *given)) for label in tables.labels}
        used.add(id(the_row(tables.questions, **_by_column(answers))))
    for row in (*tables.classes, *tables.questions):
        assert id(row) in used, f"no combination reaches {row}"


def _by_column(answers: Answers) -> dict[str, Any]:
    return {COLUMN[q]: getattr(answers, q) for q in QUESTIONS if q != "campaign"}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JST)
