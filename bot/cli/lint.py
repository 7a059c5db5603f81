"""Check formatting, lint and types of our own code."""

from __future__ import annotations

import argparse
import subprocess
import sys

from bot.training import ROOT

CHECKS = (
    ("ruff check", ("ruff", "check", "--quiet", ".")),
    ("ruff format", ("ruff", "format", "--check", "--quiet", ".")),
    ("mypy --strict", ("mypy",)),
    # Written for the other environment: Python 3.10, and libraries that this one lacks.
    (
        "mypy --strict of the engine",
        (
            "mypy",
            "--strict",
            "--python-version=3.10",
            "--ignore-missing-imports",
            "--allow-subclassing-any",
            *("nlu/engine", "nlu/stand_ins", "nlu/components"),
        ),
    ),
)


def main(arguments: list[str]) -> int:
    """Run every check, also after one has failed.

    Args:
        arguments: ``--fix`` lets ruff mend and format first.
    """
    parser = argparse.ArgumentParser(prog="./hosho lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="let ruff mend and format first")
    if parser.parse_args(arguments).fix:
        for words in (("check", "--fix", "--quiet", "."), ("format", "--quiet", ".")):
            subprocess.run((sys.executable, "-m", "ruff", *words), cwd=ROOT, check=False)
    failed = [
        name
        for name, words in CHECKS
        if subprocess.run((sys.executable, "-m", *words), cwd=ROOT, check=False).returncode
    ]
    for name in failed:
        print(f"hosho lint: {name} found something to mend (./hosho lint --fix mends some)")
    return 1 if failed else 0
