"""Pin the environments anew: hashed requirements files that name no host."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys

from bot.training import ROOT

COMPILE = ("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header")
#: What to compile: the arguments besides COMPILE, one tuple an environment.
ENVIRONMENTS = (
    ("--python-version", "3.12", "--extra", "dev", "pyproject.toml", "-o", "service.txt"),
    ("--python-version", "3.10", "--override", "nlu-overrides.txt", "nlu.in", "-o", "nlu.txt"),
    ("--python-version", "3.10", "stock.in", "-o", "stock.txt"),
)


def main(arguments: list[str]) -> int:
    """Write ``requirements/*.txt``.

    Args:
        arguments: ``--upgrade`` takes the newest releases instead of the present ones.
    """
    parser = argparse.ArgumentParser(prog="./hosho lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest releases")
    upgrade = ["--upgrade"] if parser.parse_args(arguments).upgrade else []
    ours = [ROOT / ".hosho" / "uv" / "bin" / "uv", ROOT / ".hosho" / "uv-target" / "bin" / "uv"]
    uv = shutil.which("uv") or next((str(path) for path in ours if path.exists()), None)
    if uv is None:
        print("hosho lock: there is no uv; install it (pip install uv) and retry", file=sys.stderr)
        return 1
    for words in ENVIRONMENTS:
        files = [
            word if not word.endswith((".txt", ".in")) else f"requirements/{word}" for word in words
        ]
        done = subprocess.run((uv, *COMPILE, *upgrade, *files), cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0
