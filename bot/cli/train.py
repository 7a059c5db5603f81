"""Train the Rasa model when its sources have changed."""

from __future__ import annotations

import argparse
import sys

from bot.settings import Settings
from bot.training import TrainingError, ensure_model, model_path


def main(arguments: list[str]) -> int:
    """Train when needed.

    Args:
        arguments: ``--force`` trains also when the model is fresh.
    """
    parser = argparse.ArgumentParser(prog="./hosho train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even when the model is fresh")
    options = parser.parse_args(arguments)
    data_dir = Settings.from_env().data_dir
    if options.force:
        model_path(data_dir).unlink(missing_ok=True)
    try:
        print(ensure_model(data_dir))
    except TrainingError as error:
        print(f"hosho train: {error}", file=sys.stderr)
        return 1
    return 0
