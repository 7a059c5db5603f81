"""Pass every check and every test."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from bot.cli import lint
from bot.settings import Settings
from bot.training import NLU_PYTHON, ROOT, TrainingError, ensure_model, model_path


def main(arguments: list[str]) -> int:
    """Run lint, train when needed, then the tests of both environments.

    Training and the tests inside Rasa's environment, which need the model, run beside the checks
    and the other tests; of these, those that need the model come last and wait for it.

    Args:
        arguments: passed on to pytest; with any, only the service's tests run.
    """
    parser = argparse.ArgumentParser(
        prog="./hosho test",
        description=f"{__doc__} What follows is given to pytest: ./hosho test tests/rules -k chiba",
    )
    _, pytest_arguments = parser.parse_known_args(arguments)
    trains = not model_path(Settings.from_env().data_dir).exists()
    if pytest_arguments:
        if trains:
            _say("training the model ...")
        return 1 if _trained() | _tests(*pytest_arguments) else 0
    if trains:
        _say("training the model beside the checks and tests ...")
    with ThreadPoolExecutor(max_workers=1) as beside:
        inside = beside.submit(_tests_inside)
        _say("lint and types ...")
        status = lint.main([])
        status |= _tests()
        inside_status, printed = inside.result()
    _say(f"tests inside Rasa's environment ...\n{printed}")
    return 1 if status | inside_status else 0


def _trained() -> int:
    """Train when needed; return the exit status."""
    try:
        ensure_model(Settings.from_env().data_dir)
    except TrainingError as error:
        print(f"hosho test: {error}", file=sys.stderr)
        return 1
    return 0


def _tests(*arguments: str) -> int:
    """Run the service's tests; return the exit status."""
    _say("tests ...")
    words = (sys.executable, "-m", "pytest", *arguments)
    return subprocess.run(words, cwd=ROOT, env=_environment(), check=False).returncode


def _tests_inside() -> tuple[int, str]:
    """Train when needed, run the tests inside Rasa's environment; return status and output."""
    if _trained():
        return 1, "not run: training failed, see above"
    words = (str(NLU_PYTHON), "-m", "pytest", "-c", "tests/nlu_side/pytest.ini", "tests/nlu_side")
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=_environment(),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _say(text: str) -> None:
    print(f"hosho test: {text}", flush=True)
