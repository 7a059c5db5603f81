"""``./hosho decide``: one case for people or as JSON, a file of cases, and its kind refusals."""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from actions.answers import CAMPAIGNS
from actions.eligibility.decide import decide
from actions.eligibility.windows import JST
from actions.notices import load_notices
from actions.texts import load_texts
from bot.cli.decide import main
from bot.verdict_text import verdict_text
from tests.rules.tables import MOMENTS, all_answers

CHIBA = [
    *("--campaign", "chiba", "--expires", "2023-02-25", "--balance", "800", "--incident", "none"),
    *("--app", "paper", "--stay", "overnight", "--as-of", "2023-03-25T10:00+09:00"),
]
Capture = pytest.CaptureFixture[str]


def run_batch(
    capsys: Capture, tmp_path: Path, lines: list[str], *more: str
) -> tuple[int, list[dict[str, Any]], str]:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    status = main(["--batch", str(path), *more])
    said = capsys.readouterr()
    return status, [json.loads(line) for line in said.out.splitlines()], said.err


def refused(capsys: Capture, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()[-1]


def test_a_verdict_for_people(capsys: Capture) -> None:
    assert main(CHIBA) == 0
    said = capsys.readouterr().out
    assert "判定：(1)②に当たります。" in said
    assert "○ (1)②　有効期限が2023年2月25日（土）〔1.(1)②〕" in said
    assert "0120-479-249" in said
    assert "コールセンターへの申し出：2023年3月27日（月）まで〔2.(1)②①〕" in said
    assert "根拠：千葉とく旅キャンペーン運営事務局のお知らせ、2023年3月15日（水）付" in said
    assert "最終的な判断は、事務局が行います。" in said
    assert "報" not in said


def test_the_same_as_json(capsys: Capture) -> None:
    assert main([*CHIBA, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["classes"] == ["A2"]
    assert found["possible"] == []
    assert found["routes"]["A2"]["to"] == "call_center"
    assert found["routes"]["A2"]["status"] == "open"
    assert found["next_question"] is None
    assert {reason["status"] for reason in found["reasons"]} == {"met", "not_met"}
    due = {deadline["kind"]: deadline["at"] for deadline in found["deadlines"]}
    assert due == {"report_by": "2023-03-27T23:59:59+09:00", "use_by": "2023-03-31T23:59:59+09:00"}


@pytest.mark.parametrize("unknown", [[], ["--campaign", "unknown", "--balance", "unknown"]])
def test_what_is_not_known_is_said(capsys: Capture, unknown: list[str]) -> None:
    assert main([*unknown, "--as-of", "2023-03-25T10:00"]) == 0
    said = capsys.readouterr().out
    assert "キャンペーン不明" in said
    assert "次に確かめること：ご旅行先" in said


def test_nothing_is_asked_when_no_campaign_could_change_it(capsys: Capture) -> None:
    assert main(["--expires", "2023-03-10", "--incident", "none"]) == 0
    said = capsys.readouterr().out
    assert "どのキャンペーンでも、補償の対象には当たりません" in said
    assert "次に確かめること" not in said


def test_every_decision_can_be_said() -> None:
    texts = load_texts()
    for campaign in CAMPAIGNS:
        notice = load_notices()[campaign]
        for answers, moment in zip(all_answers(campaign), itertools.cycle(MOMENTS[:-1])):
            decision = decide(notice, answers, moment)
            said = verdict_text(texts, notice, decision, moment)
            for code in (*decision.classes, *decision.possible):
                assert notice.label(code) in said
            assert "None" not in said
            assert ("次に確かめること" in said) == (decision.next_question is not None)


def test_the_clock_may_stand_still(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOSHO_AS_OF", "2023-03-20T09:00")
    case = {"campaign": "nara", "expires": "2023-02-24", "incident": "none", "balance": 1}
    lines = [
        json.dumps({**case, "app": "paper"}),
        json.dumps({**case, "app": "paper", "as_of": "2023-03-21T15:00Z"}),
        json.dumps({**case, "app": "paper", "as_of": None}),
    ]
    _, found, _ = run_batch(capsys, tmp_path, lines)
    assert [one["routes"]["A"]["status"] for one in found] == [
        "not_yet_open",
        "open",
        "not_yet_open",
    ]
    _, found, _ = run_batch(capsys, tmp_path, lines, "--as-of", "2023-05-01")
    assert [one["routes"]["A"]["status"] for one in found] == ["closed", "open", "closed"]


def test_without_a_set_clock_it_is_now(capsys: Capture) -> None:
    assert main(["--json"]) == 0
    as_of = datetime.fromisoformat(json.loads(capsys.readouterr().out)["as_of"])
    assert abs((datetime.now(JST) - as_of).total_seconds()) < 3600


def test_a_batch_answers_line_by_line(capsys: Capture, tmp_path: Path) -> None:
    lines = [
        '{"campaign": "gunma", "expires": "2023-02-24", "balance": "some", "incident": "other",'
        ' "app": "charged", "stay": null, "as_of": "2023-04-10T00:00"}',
        "",
        '{"campaign": "unknown", "stay": "unknown", "balance": "unknown"}',
        '{"campaign": "iwate", "incident": "charged_twice", "as_of": "2023-03-25T10:00+09:00"}',
    ]
    status, found, errors = run_batch(capsys, tmp_path, lines)
    assert (status, errors) == (0, "")
    assert found[0]["routes"]["A"]["to"] == "automatic"
    assert found[0]["routes"]["A"]["status"] == "open"
    assert found[0]["routes"]["other"]["to"] == "call_center"
    assert found[1]["next_question"] == "campaign"
    assert (found[2]["classes"], found[2]["possible"]) == (["B"], ["A"])


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ('{"campaign": "gunma", "expire": "2023-02-24"}', "'expire': unknown key; use campaign"),
        ('{"campaign": "tokyo"}', "campaign: 'tokyo' is not one of"),
        ('{"campaign": ["nara"]}', "campaign: ['nara'] is not one of"),
        ('{"expires": "2023-02-30"}', "expires: '2023-02-30' is not a date"),
        ('{"expires": "2023-W08-5"}', "expires: '2023-W08-5' is not a date"),
        ('{"expires": 20230224}', "expires: 20230224 is not a date"),
        ('{"balance": -1}', "balance: -1 is not a balance"),
        ('{"balance": 1.5}', "balance: 1.5 is not a balance"),
        ('{"balance": true}', "balance: True is not a balance"),
        ('{"balance": NaN}', "balance: nan is not a balance"),
        ('{"balance": "800"}', "balance: '800' is not a balance"),
        ('{"as_of": 5}', "as_of: 5 is not a time; write it as 2023-03-25T10:00+09:00"),
        ('{"as_of": "0001-01-01T00:00"}', "as_of: '0001-01-01T00:00' is not a time"),
        ('{"app": "paper", "app": "charged"}', "'app': stands twice"),
        ('{"\\ud800": 1}', "'\\ud800': unknown key"),
        ("[]", "is not a case; write an object"),
        ("null", "is not a case; write an object"),
        ('{"app": "paper"', "is not JSON: Expecting ',' delimiter at character 16"),
        ("[" * 100_000, "is nested too deep; write one flat object"),
        ('{"balance": ' + "9" * 5000 + "}", "holds a number too long to read"),
    ],
)
def test_a_bad_case_is_reported_and_the_rest_is_done(
    capsys: Capture, tmp_path: Path, line: str, mend: str
) -> None:
    good = '{"campaign": "nara"}'
    status, found, errors = run_batch(capsys, tmp_path, [good, line, good])
    assert status == 1
    assert found[0] == {**found[2], "as_of": found[0]["as_of"]}
    assert found[1]["line"] == 2
    assert found[1]["error"].startswith(mend)
    assert errors.startswith(f"hosho decide: line 2: {mend}")
    assert len(errors.splitlines()) == 1


def test_a_line_that_is_not_utf8(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes('\ufeff{"campaign": "nara"}\n'.encode() + b'{"campaign": "\xff"}\n')
    assert main(["--batch", str(path)]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found[0]["campaign"] == "nara"
    assert found[1] == {"line": 2, "error": "is not UTF-8; save the file as UTF-8"}


def test_lines_as_windows_editors_write_them(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes('\ufeff\r\n{"campaign": "nara"}\r\n  \r\n{"campaign": "iwate"}'.encode())
    assert main(["--batch", str(path)]) == 0
    shown = capsys.readouterr()
    assert [json.loads(line)["campaign"] for line in shown.out.splitlines()] == ["nara", "iwate"]
    assert shown.err == ""


def test_a_batch_from_standard_input(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = io.TextIOWrapper(io.BytesIO(b'{"campaign": "chiba", "stay": "day_trip"}'))
    monkeypatch.setattr(sys, "stdin", cases)
    assert main(["--batch", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["possible"] == ["A", "B"]


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (["--campaign", "gumma"], "--campaign: 'gumma' is not one of chiba, gunma"),
        (["--expires", "2/24"], "--expires: '2/24' is not a date; write it as 2023-02-24"),
        (["--balance", "-5"], "--balance: '-5' is not a balance; write whole yen"),
        (["--balance", "８００"], "--balance: '８００' is not a balance"),
        (["--as-of", "soon"], "--as-of: 'soon' is not a time"),
        (["--batch", "no-such-file"], "--batch: no-such-file cannot be read"),
        (["--batch", "-", "--app", "paper"], "--app cannot stand beside --batch"),
        (["--batch", "-", "--as-of", "soon"], "--as-of: 'soon' is not a time"),
        (["--colour", "red"], "unrecognized arguments: --colour red"),
    ],
)
def test_bad_usage_is_refused_kindly(capsys: Capture, arguments: list[str], mend: str) -> None:
    assert refused(capsys, *arguments).startswith(f"./hosho decide: error: {mend}")


def test_a_bad_clock_setting_is_refused(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSHO_AS_OF", "yesterday")
    assert "HOSHO_AS_OF: 'yesterday' is not a time" in refused(capsys)


def test_it_runs_as_a_module(checkout: Path) -> None:
    ended = subprocess.run(
        (sys.executable, "-m", "bot.cli.decide", *CHIBA, "--json"),
        capture_output=True,
        check=True,
        cwd=checkout,
    )
    assert json.loads(ended.stdout)["classes"] == ["A2"]
