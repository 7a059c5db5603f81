"""``./hosho case``: what the call center reads by a 受付番号, however it was written down."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from actions.answers import Answers
from actions.eligibility.decide import decide
from actions.notices import load_notices
from bot.cases import in_japan, normal
from bot.cli.case import main as case
from bot.clock import now
from bot.settings import Settings

AS_OF = now(Settings.from_env({"HOSHO_AS_OF": "2023-03-25T10:00"}))


@pytest.fixture
def kept(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    monkeypatch.setenv("HOSHO_DATABASE_URL", database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO conversation (id, channel, address) VALUES ('line:a', 'line', 'U')"
        )
        yield connection


def _keep(kept: psycopg.Connection, event: str, **answers: object) -> None:
    notices = load_notices()
    known = Answers.from_mapping(answers)
    notice = notices[known.campaign] if known.campaign else None
    decision = decide(notice, known, AS_OF, notices=notices).to_json() if answers else {}
    [count] = kept.execute("SELECT count(*) FROM inbox").fetchone() or [0]
    kept.execute(
        "WITH i AS (INSERT INTO inbox (channel, event_id, conversation, payload) "
        "VALUES ('line', %s, 'line:a', '{}') RETURNING id) "
        "INSERT INTO cases (receipt, inbox_id, conversation, event, answers, decision, as_of) "
        "SELECT '12345678', i.id, 'line:a', %s, %s, %s, %s FROM i",
        (str(count), event, Jsonb(answers), Jsonb(decision), AS_OF),
    )


@pytest.mark.parametrize("written", ["12345678", "1234-5678", "１２３４−５６７８", " 1234 5678 "])
def test_a_number_is_found_in_any_writing(
    kept: psycopg.Connection, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    _keep(kept, "verdict", campaign="gunma", expires="2023-02-24", balance=2000, app="charged",
          incident="none")  # fmt: skip
    assert case([written]) == 0
    page = capsys.readouterr().out
    assert page.startswith("受付番号 1234-5678\n")
    for words in (
        "LINE",
        "群馬県",
        "2023年2月24日（金）",
        "2,000円",
        "(A)に当たります",
        "お知らせ",
    ):
        assert words in page


def test_the_newest_record_is_shown_and_the_earlier_ones_named(
    kept: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    _keep(kept, "verdict", campaign="gunma", expires="2023-03-10", incident="none")
    _keep(kept, "human", campaign="gunma", expires="2023-02-24")
    assert case(["12345678"]) == 0
    page = capsys.readouterr().out
    assert "相談をご希望です" in page.split("以前の記録")[0]
    assert "確認の結果までお進みです" in page.split("以前の記録")[1]


def test_before_anything_was_said_the_page_says_so(
    kept: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    _keep(kept, "human")
    assert case(["12345678"]) == 0
    assert "まだ何もご案内していません" in capsys.readouterr().out


def test_a_verdict_that_the_notices_no_longer_support_is_marked(
    kept: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    _keep(kept, "verdict", campaign="gunma", expires="2023-02-24", balance=2000, incident="none")
    kept.execute("UPDATE cases SET decision = jsonb_set(decision, '{classes}', '[\"B\"]')")
    assert case(["12345678"]) == 0
    assert "ご案内のときの区分：B" in capsys.readouterr().out


def test_json_and_the_list(kept: psycopg.Connection, capsys: pytest.CaptureFixture[str]) -> None:
    _keep(kept, "verdict", campaign="gunma", expires="2023-02-24", balance=2000, incident="none")
    _keep(kept, "stopped")
    assert case(["--json"]) == 0
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [item["event"] for item in shown] == ["stopped", "verdict"]
    assert shown[1]["decision"]["classes"] == ["A"]
    assert case([]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].endswith("旅行先不明　途中でおやめになりました　未定")
    assert rows[1].endswith("群馬県　確認の結果までお進みです　A")
    assert case(["--last", "1"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_an_unknown_number_is_told(
    kept: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert case(["00000000"]) == 1
    assert "00000000" in capsys.readouterr().err


def test_a_database_without_tables_is_told(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOSHO_DATABASE_URL", empty_database)
    assert case([]) == 1
    assert "hosho migrate" in capsys.readouterr().err


def test_numbers_and_times() -> None:
    assert normal("１２３４－５６７８") == "12345678"
    assert in_japan(AS_OF).isoformat() == "2023-03-25T10:00:00+09:00"
