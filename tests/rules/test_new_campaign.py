"""A further campaign, or other criteria, is a file: the rules follow it with no line of Python."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from actions.answers import Answers
from actions.eligibility.decide import decide
from actions.eligibility.windows import JST
from actions.notices import DIRECTORY, Notice, load_notices

AS_OF = datetime(2023, 3, 23, 12, tzinfo=JST)


@pytest.fixture
def notices(tmp_path: Path) -> dict[str, Notice]:
    """Load the project's notices and one of a made-up campaign whose every figure differs."""
    for path in DIRECTORY.iterdir():
        shutil.copy(path, tmp_path)
    text = (DIRECTORY / "gunma.yml").read_text(encoding="utf-8")
    for old, new in (
        ("campaign: gunma", "campaign: oita"),
        ("prefecture_code: 10", "prefecture_code: 44"),
        ("label: (A)", "label: 甲"),
        ("value: 2023-02-24\n", "value: 2023-02-26\n"),
        ("at_least: 1\n", "at_least: 100\n"),
        ("value: charged_twice", "value: unusable"),
        ("opens_on: 2023-03-24", "opens_on: 2023-03-23"),
        ('opens_at: "14:00"', 'opens_at: "09:30"'),
        ("app: [charged]", "app: [charged, withdrawn]"),
        ("app: [paper, withdrawn]", "app: [paper]"),
        ("apply_by: 2023-04-30", "apply_by: 2023-05-07"),
        (
            "receive_by: 2023-05-31\n  section: 2.(A)《申請方法》\n\nsite:",
            "receive_by: 2023-06-30\n  section: 2.(A)《申請方法》\n\nsite:",
        ),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "oita.yml").write_text(text, encoding="utf-8")
    return dict(load_notices(tmp_path))


def answers(**values: object) -> Answers:
    return Answers.from_mapping({"expires": "2023-02-26", "incident": "none", **values})


def test_it_stands_among_the_others_by_prefecture(notices: dict[str, Notice]) -> None:
    assert list(notices) == ["iwate", "gunma", "chiba", "nara", "oita", "kagoshima"]
    assert notices["oita"].label("A") == "甲"


def test_its_own_dates_and_thresholds_decide(notices: dict[str, Notice]) -> None:
    decision = decide(notices["oita"], answers(balance=100, app="paper"), AS_OF)
    assert decision.classes == ("A",)
    route = decision.routes["A"]
    assert (route.to, route.status) == ("application_site", "open")
    assert route.opens == datetime(2023, 3, 23, 9, 30, tzinfo=JST)
    assert route.closes == datetime(2023, 5, 7, 23, 59, 59, tzinfo=JST)
    assert decide(notices["oita"], answers(balance=99), AS_OF).classes == ()
    before = AS_OF.replace(hour=9, minute=29, second=59)
    early = decide(notices["oita"], answers(balance=100, app="paper"), before)
    assert early.routes["A"].status == "not_yet_open"


def test_some_balance_is_not_yet_a_hundred_yen(notices: dict[str, Notice]) -> None:
    decision = decide(notices["oita"], answers(balance="some"), AS_OF)
    assert (decision.classes, decision.possible) == ((), ("A",))


def test_its_own_incidents_and_routes_decide(notices: dict[str, Notice]) -> None:
    unusable = decide(notices["oita"], answers(incident="unusable", balance=0), AS_OF)
    assert unusable.classes == ("B",)
    twice = decide(notices["oita"], answers(incident="charged_twice", balance=0), AS_OF)
    assert twice.classes == ()
    left = decide(notices["oita"], answers(balance=500, app="withdrawn"), AS_OF)
    assert left.routes["A"].to == "automatic"
    undecided = decide(notices["oita"], answers(balance=500), AS_OF)
    assert (undecided.routes, undecided.next_question) == ({}, "app")


def test_it_counts_while_the_campaign_is_unknown(notices: dict[str, Notice]) -> None:
    given = answers(balance=500, stay="day_trip")
    assert decide(None, given, AS_OF).possible == ()
    assert decide(None, given, AS_OF, notices=notices).possible == ("A",)


def test_a_receipt_day_that_differs_by_route_waits_for_the_route(
    notices: dict[str, Notice],
) -> None:
    days = {}
    for app in ("charged", "paper", None):
        decision = decide(notices["oita"], answers(balance=500, app=app), AS_OF)
        days[app] = {d.kind: d.at.date().isoformat() for d in decision.deadlines}
    assert days["charged"] == {"use_by": "2023-03-31", "receive_by": "2023-06-30"}
    assert days["paper"] == {
        "use_by": "2023-03-31",
        "apply_by": "2023-05-07",
        "receive_by": "2023-05-31",
    }
    assert days[None] == {"use_by": "2023-03-31"}


def test_other_trouble_is_asked_about_even_where_no_class_depends_on_it(tmp_path: Path) -> None:
    text = (DIRECTORY / "gunma.yml").read_text(encoding="utf-8")
    start, end = text.index("  - code: B"), text.index("other:\n")
    (tmp_path / "gunma.yml").write_text(text[:start] + text[end:], encoding="utf-8")
    shutil.copy(DIRECTORY / "schema.json", tmp_path)
    gunma = load_notices(tmp_path)["gunma"]
    expired = Answers.from_mapping({"expires": "2023-03-10"})
    assert decide(gunma, expired, AS_OF).next_question == "incident"
    settled = decide(gunma, expired.updated(incident="charged_twice"), AS_OF)
    assert (settled.next_question, settled.classes, settled.possible) == (None, (), ())
