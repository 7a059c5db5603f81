"""Pass every check and every test."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from bot.cli import lint
from bot.settings import Settings
from bot.training import NLU_PYTHON, ROOT, TrainingError, ensure_model, model_path


def main(arguments: list[str]) -> int:
    """Run lint, train when needed, then the tests of both environments.

    Args:
        arguments: passed on to pytest; with any, only the service's tests run.
    """
    parser = argparse.ArgumentParser(
        prog="./hosho test",
        description=f"{__doc__} What follows is given to pytest: ./hosho test tests/rules -k chiba",
    )
    _, pytest_arguments = parser.parse_known_args(arguments)
    status = 0
    if not pytest_arguments:
        _say("lint and types ...")
        status = lint.main([])
    data_dir = Settings.from_env().data_dir
    if not model_path(data_dir).exists():
        _say("training the model ...")
    try:
        ensure_model(data_dir)
    except TrainingError as error:
        print(f"hosho test: {error}", file=sys.stderr)
        return 1
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if not pytest_arguments:
        _say("tests inside Rasa's environment ...")
        inside = (
            str(NLU_PYTHON),
            "-m",
            "pytest",
            "-c",
            "tests/nlu_side/pytest.ini",
            "tests/nlu_side",
        )
        status |= subprocess.run(inside, cwd=ROOT, env=environment, check=False).returncode
    _say("tests ...")
    words = (sys.executable, "-m", "pytest", *pytest_arguments)
    status |= subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode
    return 1 if status else 0


def _say(text: str) -> None:
    print(f"hosho test: {text}", flush=True)
