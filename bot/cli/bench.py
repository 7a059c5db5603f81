"""Run a measurement: engine or understanding."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from bot.settings import Settings
from bot.training import ROOT, ensure_model

BENCHMARKS = ("engine", "understanding")


def main(arguments: list[str]) -> int:
    """Run one benchmark beside stock Rasa and print the ratios.

    Args:
        arguments: the benchmark's name, then its own arguments.
    """
    parser = argparse.ArgumentParser(prog="./hosho bench", description=__doc__, add_help=False)
    parser.add_argument("name", choices=BENCHMARKS)
    options, rest = parser.parse_known_args(arguments)
    ensure_model(Settings.from_env().data_dir)
    words = (sys.executable, "-m", f"benchmarks.{options.name}", *rest)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode
