"""Whole journeys in the terminal against the real engine, piped: every campaign, to the card."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from actions.answers import CAMPAIGNS
from actions.notices import load_notices
from bot.settings import ROOT, Settings
from bot.training import ensure_model

pytestmark = pytest.mark.model

PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"


@pytest.fixture(scope="session")
def model() -> Path:
    return ensure_model(Settings().data_dir)


def talk(database_url: str, model: Path, said: list[str], *arguments: str) -> str:
    """Pipe lines into the chat and return what it prints, without its line breaks."""
    engine = [str(PYTHON), "-m", "nlu.engine", "--socket", "{socket}", "--model", str(model)]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "bot.cli", "chat", "--engine-command", shlex.join(engine)),
            *("--as-of", "2023-03-25T10:00", *arguments),
        ],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if name[:6] != "HOSHO_"},
            "PYTHONPATH": str(ROOT),
            "HOSHO_DATABASE_URL": database_url,
        },
        input="".join(f"{line}\n" for line in said),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_to_the_card_in_words(database_url: str, model: Path, campaign: str) -> None:
    notice = load_notices()[campaign]
    said = ["２／２４", "使えなかっただけで、引かれてはいません", "1500円", "紙のままです"]
    printed = talk(database_url, model, said, "--campaign", campaign)
    assert f"│ {notice.label('A')}の補償の対象です" in printed
    assert "根拠：" in printed
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT event, answers ->> 'campaign' FROM cases").fetchall()
    assert kept == [("verdict", campaign)]


def test_an_amount_is_never_taken_for_a_choice(database_url: str, model: Path) -> None:
    # 「1」 alone, where a balance is asked: one yen, not the first button.
    said = ["2/24", "使おうとしていない", "1", "紙のまま"]
    printed = talk(database_url, model, said, "--campaign", "nara")
    assert "1円" in printed
    assert "(A)の補償の対象です" in printed


def test_numbered_choices_lead_through(database_url: str, model: Path) -> None:
    # 1) is the first answer of every question, also of the one asked next.
    printed = talk(database_url, model, ["1)", "1)", "1)", "1)", "1)"])
    assert "│" in printed
    assert "うまく読み取れません" not in printed
