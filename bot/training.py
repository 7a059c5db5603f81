"""The Rasa model: is it there and fresh, and training it when it is not."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NLU_PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
#: What the model is made of: a change in any of these files makes it stale.
SOURCES = (
    "domain.yml",
    "nlu/config.yml",
    "nlu/data/**/*.yml",
    "nlu/components/**/*.py",
    "actions/understanding/**/*",
    "requirements/nlu.txt",
)
#: Newest models left in place.
MODELS_KEPT = 3


class TrainingError(Exception):
    """Training failed; the message ends with what Rasa printed last."""


def fingerprint() -> str:
    """Return a digest of everything the model is made of."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def model_path(data_dir: Path) -> Path:
    """Return where the model of the present sources stands (or would stand)."""
    return data_dir / "models" / f"hosho-{fingerprint()[:16]}.tar.gz"


def ensure_model(data_dir: Path) -> Path:
    """Return the model's path, training it first when it is missing or stale.

    The latest few models stay: a service that runs on one of them may start its engine again.
    Whoever comes while it is being trained waits for it.

    Args:
        data_dir: our folder; the model goes to ``models/`` in it.

    Raises:
        TrainingError: when Rasa cannot train.
    """
    model = model_path(data_dir)
    if model.exists():
        return model
    model.parent.mkdir(parents=True, exist_ok=True)
    with (model.parent / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            _train(model)
    return model


def _train(model: Path) -> None:
    """Train the model and put it where it belongs; old ones go."""
    scratch = model.parent / f"training-{os.getpid()}"
    command = [
        *(str(NLU_PYTHON), "-m", "rasa", "train", "--fixed-model-name", "hosho"),
        *("--config", "nlu/config.yml", "--domain", "domain.yml", "--data", "nlu/data"),
        # Validation reads all examples once more; what it finds, the rules and tests find too.
        *("--out", str(scratch), "--skip-validation"),
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",  # Rasa's own dependencies warn at import; ours are tested
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0 or not (scratch / "hosho.tar.gz").exists():
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise TrainingError(f"training failed:\n{tail}")
    # The new model takes its place in one step: whoever starts meanwhile sees all or nothing.
    (scratch / "hosho.tar.gz").replace(model)
    scratch.rmdir()
    models = sorted(model.parent.glob("hosho-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-MODELS_KEPT]:
        old.unlink(missing_ok=True)
