"""One trained model and one engine for all conversations of the run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from bot.settings import Settings
from bot.training import ensure_model
from tests.dialogue.engine import running_engine


@pytest.fixture(scope="session")
def model() -> Path:
    """The model, trained of the present sources."""
    return ensure_model(Settings().data_dir)


@pytest.fixture(scope="session")
def engine(
    postgres: str, template: str, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client to a running engine over a database of its own."""
    name = f"dialogue_{os.getpid()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    head, mark, options = postgres.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}{mark}{options}"
    with running_engine(model, url, tmp_path_factory.mktemp("engine")) as client:
        yield client
