"""Run the comparison and print it: ``python -m benchmarks.understanding`` (see the package)."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.engine.stock_rasa import ENVIRONMENT
from benchmarks.understanding import report, sides
from benchmarks.understanding.judge import Heard, judge
from benchmarks.understanding.lines import BadLineError, read
from bot.settings import Settings
from bot.training import NLU_PYTHON, ROOT, ensure_model

DEFAULT = ROOT / "tests" / "understanding" / "data" / "unseen.jsonl"


def arguments() -> argparse.Namespace:
    """Return the command line, read."""
    parser = argparse.ArgumentParser(prog="./hosho bench understanding", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT, help="JSON lines")
    parser.add_argument("--json", action="store_true", help="one line per utterance, ours")
    parser.add_argument(
        "--sides", default="ours,stock", help="which to measure (default: ours,stock)"
    )
    parser.add_argument(
        "--stock-env",
        type=Path,
        default=Path(os.environ.get("HOSHO_STOCK_ENV") or ENVIRONMENT),
        help="environment with plain `pip install rasa`; built when missing (default: .venv-stock)",
    )
    parser.add_argument(
        "--stock-every",
        type=int,
        default=1,
        metavar="N",
        help="train stock on every Nth example of each intent only (all of them take hours)",
    )
    parser.add_argument("--errors", action="store_true", help="list what was not right, ours")
    parser.add_argument(
        "--no-calibration", action="store_true", help="leave out the calibration of the thresholds"
    )
    parser.add_argument(
        "--calibrate", action="store_true", help="write the thresholds the calibration finds"
    )
    return parser.parse_args()


def main() -> int:
    """Measure and print."""
    options = arguments()
    try:
        lines = read(options.file)
    except (OSError, BadLineError) as error:
        print(f"hosho bench understanding: {error}", file=sys.stderr)
        return 1
    data_dir = Settings.from_env().data_dir
    model = ensure_model(data_dir)
    if options.calibrate:
        return _calibration("--write")
    heard = sides.ours(lines, model)
    if options.json:
        for line, entry in zip(lines, heard, strict=True):
            print(report.as_json(line, entry))
        return 0
    measured: dict[str, list[Heard]] = {"ours": heard}
    if "stock" in options.sides.split(","):
        measured["stock"] = sides.stock(
            lines, options.stock_env, data_dir / "bench", every=max(1, options.stock_every)
        )
    print(f"{options.file}: {len(lines)} utterances\n")
    print(report.table(lines, measured))
    if "stock" in measured and options.stock_every > 1:
        print(f"\nstock was trained on every {options.stock_every}th example of each intent only")
    print(f"\nto reach (ours; model {model.stat().st_size / 1e6:.1f} MB of at most 20 MB):")
    print(report.goals(lines, heard))
    if options.errors:
        for line, entry in zip(lines, heard, strict=True):
            if judge(line, entry) != "right":
                print(report.as_json(line, entry))
    return 0 if options.no_calibration else _calibration()


def _calibration(*more: str) -> int:
    """Print the calibration, which needs scikit-learn and so runs in Rasa's environment."""
    print(flush=True)
    words = (NLU_PYTHON, "-m", "benchmarks.understanding.calibration", *more)
    # The sums are of sparse rows: threads would only wait for each other.
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment = {**os.environ, **alone, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
