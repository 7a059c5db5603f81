"""Rasa's own tools still work on the project, in the environment without TensorFlow.

(``rasa train`` made the model that every other test here uses.)
"""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RASA = str(Path(sys.executable).with_name("rasa"))
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("HOSHO_")},
    "RASA_TELEMETRY_ENABLED": "false",
    "PYTHONWARNINGS": "ignore",
    "TERM": "dumb",
}


def test_rasa_data_validate() -> None:
    done = subprocess.run(
        [
            *(RASA, "data", "validate", "--config", "nlu/config.yml"),
            *("--domain", "domain.yml", "--data", "nlu/data"),
        ],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "No story structure conflicts found" in done.stderr


def test_rasa_shell_talks_with_the_project(model: Path, action_server: str) -> None:
    """Over a terminal, as people use it; memory takes PostgreSQL's place."""
    endpoints = model.parent / "endpoints-of-a-test.yml"
    endpoints.write_text(
        (ROOT / "nlu" / "endpoints.yml")
        .read_text(encoding="utf-8")
        .replace("http://127.0.0.1:5055/webhook", action_server),
        encoding="utf-8",
    )
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        words = [RASA, "shell", "--model", str(model), "--endpoints", str(endpoints)]
        os.execve(RASA, [*words, "--credentials", "nlu/credentials.yml"], ENVIRONMENT)
    try:
        _read_until(terminal, "Your input")
        os.write(terminal, "群馬です\r".encode())
        _read_until(terminal, "有効期限")
        os.write(terminal, b"/stop\r")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        os.close(terminal)
        endpoints.unlink()


def _read_until(terminal: int, wanted: str) -> None:
    seen, deadline = b"", time.monotonic() + 90
    while wanted not in seen.decode(errors="replace"):
        assert time.monotonic() < deadline, seen.decode(errors="replace")[-3000:]
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65536)
