"""Training: whoever needs the model while it is being trained waits for it, and trains none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from bot import training


def test_two_who_need_the_model_at_once_train_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[Path] = []
    together = Barrier(2)

    def train(model: Path) -> None:
        trained.append(model)
        model.write_bytes(b"model")

    def need() -> Path:
        together.wait(10)
        return training.ensure_model(tmp_path)

    monkeypatch.setattr(training, "_train", train)
    with ThreadPoolExecutor(2) as people:
        models = [found.result(30) for found in [people.submit(need), people.submit(need)]]
    assert models == [training.model_path(tmp_path)] * 2
    assert trained == models[:1]


def test_a_failed_training_leaves_no_model_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(model: Path) -> None:
        raise training.TrainingError("no room")

    monkeypatch.setattr(training, "_train", fail)
    for _ in range(2):
        with pytest.raises(training.TrainingError, match="no room"):
            training.ensure_model(tmp_path)
    assert not training.model_path(tmp_path).exists()
