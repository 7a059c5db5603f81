"""Stand-ins import, subclass and annotate like the real thing, and fail clearly when used."""

from __future__ import annotations

# ruff: noqa: PLC0415  (importing is what is tested)
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any, Optional

import pytest

from nlu.stand_ins import STAND_INS, MissingPackageError, StandInFinder, install


@pytest.mark.parametrize("name", sorted(STAND_INS))
def test_every_stand_in_imports_and_fails_by_name_when_called(name: str) -> None:
    module = importlib.import_module(name)
    with pytest.raises(MissingPackageError) as raised:
        module.Something("x")
    assert f"{name}.Something" in str(raised.value)
    assert f"pip install {STAND_INS[name]}" in str(raised.value)


def test_submodules_and_nested_names() -> None:
    import tensorflow as tf
    from tensorflow.keras.layers import Layer

    assert Optional[tf.Tensor]
    assert tf.keras.losses.Loss.__module__ == "tensorflow.keras.losses.Loss"

    class Ours(Layer):
        pass

    with pytest.raises(MissingPackageError, match="tensorflow"):
        Ours()
    with pytest.raises(MissingPackageError, match=r"tensorflow\.constant"):
        tf.constant([1])


def test_a_class_of_ours_has_only_its_own_attributes() -> None:
    from tensorflow.keras import Model

    class Ours(Model):
        here = 1

    assert Ours.here == 1
    assert not hasattr(Ours, "elsewhere")


def test_missing_exceptions_can_be_named_in_except() -> None:
    from botocore.exceptions import BotoCoreError

    def fails() -> None:
        try:
            raise KeyError("x")
        except (BotoCoreError, ValueError):
            raise AssertionError("caught by the wrong name") from None

    with pytest.raises(KeyError):
        fails()


def test_what_has_no_stand_in_stays_missing() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("torch")


def test_installing_twice_changes_nothing() -> None:
    install()
    install()
    assert sum(isinstance(finder, StandInFinder) for finder in sys.meta_path) == 1


def test_an_installed_package_is_preferred(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "twilio").mkdir()
    (tmp_path / "twilio" / "__init__.py").write_text("real = True")
    found = subprocess.run(
        [sys.executable, "-c", "import twilio; print(twilio.real)"],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "True"


def test_diet_is_refused_with_advice() -> None:
    from rasa.nlu.classifiers.diet_classifier import DIETClassifier
    from rasa.utils.tensorflow.models import RasaModel

    assert DIETClassifier
    with pytest.raises(MissingPackageError, match="pip install tensorflow"):
        RasaModel()


def test_no_tensorflow_is_imported_by_the_engine() -> None:
    code = (
        "import sys, nlu.engine.service; "
        "print(getattr(sys.modules.get('tensorflow'), '__file__', 'stand-in'))"
    )
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "stand-in"
