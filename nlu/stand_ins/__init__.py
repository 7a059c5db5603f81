"""Stand-ins for what Rasa imports at its start and this project never calls (TensorFlow, SDKs).

Rasa imports TensorFlow and every chat platform's SDK whether or not anything uses them: 2 GB on
disk, most of the memory and of the time to start. :func:`install` lets those imports succeed.
Names of a stand-in can be imported, subclassed and written in annotations; using one in earnest
raises :class:`MissingPackageError`, which says what to install. A package that *is* installed is
always preferred: installing TensorFlow gives the whole of Rasa back.

``python -m nlu.stand_ins`` (:mod:`nlu.stand_ins.__main__`) puts this into the environment it runs
in.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Optional

#: Import name -> the distribution that holds the real thing, for the error's advice.
STAND_INS = {
    "aio_pika": "aio-pika",
    "aiogram": "aiogram",
    "aiormq": "aio-pika",
    "boto3": "boto3",
    "botocore": "boto3",
    "cachecontrol": "CacheControl",
    "fbmessenger": "fbmessenger",
    "google.auth": "google-auth",
    "google.oauth2": "google-auth",
    "keras": "tensorflow",
    "matplotlib": "matplotlib",
    "pymongo": "pymongo",
    "slack_sdk": "slack-sdk",
    "tensorflow": "tensorflow",
    "twilio": "twilio",
    "webexteamssdk": "webexteamssdk",
}


class MissingPackageError(ImportError):
    """Something of a package that this environment leaves out was used, not only imported."""

    def __init__(self, name: str) -> None:
        """Name what was used, dotted, e.g. ``tensorflow.keras.Model``."""
        super().__init__(
            f"{name} was called, but this environment leaves {distribution_of(name)!r} out to stay "
            f"small: use a component that does not need it, or install it: "
            f"pip install {distribution_of(name)} (requirements/nlu-overrides.txt)"
        )
        self.name = name


def distribution_of(name: str) -> str:
    """Return the distribution to install for a dotted name below a stand-in."""
    for prefix, distribution in STAND_INS.items():
        if name == prefix or name.startswith(prefix + "."):
            return distribution
    return name.split(".", maxsplit=1)[0]


class _StandInType(ABCMeta):
    """Class of every stand-in name: dotted access gives more of them, a call raises."""

    def __getattr__(cls, name: str) -> Any:
        # Only names of the missing package itself: a class of Rasa's that inherits from one
        # must not seem to have every attribute.
        if name.startswith("__") or "_stands_for" not in cls.__dict__:
            raise AttributeError(f"{cls.__qualname__} has no attribute {name!r}")
        return stand_in(f"{cls._stands_for}.{name}")

    def __call__(cls, *_args: Any, **_keywords: Any) -> Any:
        raise MissingPackageError(str(cls._stands_for))


def stand_in(name: str) -> Any:
    """Return the stand-in for a dotted name, e.g. ``tensorflow.keras.Model``."""
    last = name.rpartition(".")[2]
    # So that "except TheirError" compares with it instead of raising a TypeError of its own.
    bases = (Exception,) if last.endswith(("Error", "Exception", "Failure")) else ()
    return _StandInType(last, bases, {"_stands_for": name, "__module__": name})


class _StandInModule(ModuleType):
    """A module whose every public name is a stand-in."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = stand_in(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class StandInFinder(MetaPathFinder, Loader):
    """Last resort of the import system for the packages in :data:`STAND_INS`."""

    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]] = None,
        target: Optional[ModuleType] = None,
    ) -> Optional[ModuleSpec]:
        """Return a spec for a missing package that has a stand-in, else ``None``."""
        for name in STAND_INS:
            # "google" itself is a namespace that must be there before google.auth can be.
            if f"{fullname}.".startswith(f"{name}.") or name.startswith(f"{fullname}."):
                return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return an empty stand-in module."""
        return _StandInModule(spec.name, "Stand-in: this environment leaves the package out.")

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: a stand-in has no code."""


def install() -> None:
    """Let the imports of missing packages succeed from here on; calling twice changes nothing."""
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.append(StandInFinder())
