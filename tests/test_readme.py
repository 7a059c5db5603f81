"""The README says what the code does: its settings table and its commands are the code's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from bot.settings import settings_table

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_settings_table_is_the_codes() -> None:
    between = README.split("<!-- settings:begin -->")[1].split("<!-- settings:end -->")[0]
    assert between.strip() == settings_table()


def test_every_setting_read_anywhere_is_in_the_table() -> None:
    documented = set(re.findall(r"`(HOSHO_[A-Z_]+)`", settings_table()))
    # Only the measurements know these; the README tells of them where it tells of those.
    for name in ("HOSHO_STOCK_ENV", "HOSHO_UV"):
        assert f"`{name}`" in README
        documented.add(name)
    read = set()
    for folder in ("bot", "nlu", "actions", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            if ".venv" not in path.parts:
                read |= set(re.findall(r"[\"'](HOSHO_[A-Z_]+)[\"']", path.read_text("utf-8")))
    assert read == documented


def test_commands_named_in_the_readme_exist() -> None:
    listed = subprocess.run(
        (sys.executable, str(ROOT / "hosho")), capture_output=True, text=True, check=True
    ).stdout
    commands = set(re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE))
    named = set(re.findall(r"\./hosho ([a-z]+)", README))
    assert named
    assert named <= commands


def test_every_listed_command_has_a_line() -> None:
    listed = subprocess.run(
        (sys.executable, str(ROOT / "hosho")), capture_output=True, text=True, check=True
    ).stdout
    for row in re.findall(r"^  [a-z]+ .*$", listed, re.MULTILINE):
        name, _, line = row.strip().partition(" ")
        assert line.strip(), f"{name} has no help line"


def test_an_unknown_command_is_answered_with_the_list() -> None:
    done = subprocess.run(
        (sys.executable, str(ROOT / "hosho"), "dmeo"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no command 'dmeo'" in done.stderr
    assert "demo" in done.stderr


def test_linked_files_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
