"""What all tests share: a real PostgreSQL (the embedded one), a fresh migrated database a test."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from bot.db.migrate import upgrade
from bot.postgres import embedded

_NUMBERS = itertools.count(1)
# No test of ours is timed: how busy a machine is must not decide whether it passes.
settings.register_profile("hosho", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hosho")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what needs the trained model last: ``./hosho test`` trains beside the others."""
    items.sort(key=lambda item: item.get_closest_marker("model") is not None)


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> None:
    """Whoever runs the tests may have a ``HOSHO_*`` set: tests set their own."""
    for name in [name for name in os.environ if name.startswith("HOSHO_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of the tests' own (its ``postgres`` database)."""
    # Not below pytest's own folder: each start of pytest closes that one to other users, and
    # where root runs the tests the server is another user.
    with tempfile.TemporaryDirectory(prefix="hosho-pg-") as folder, embedded(Path(folder)) as url:
        yield url


def _database(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    head, _, tail = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """The name of a migrated database that fresh ones are copied from."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_hosho")
    upgrade(_database(postgres, "template_hosho"))
    return "template_hosho"


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """The address of a fresh database without any table."""
    yield from _fresh(postgres, "template0")


@pytest.fixture
def database_url(postgres: str, template: str) -> Iterator[str]:
    """The address of a fresh, migrated database; dropped afterwards."""
    yield from _fresh(postgres, template)


def _fresh(postgres: str, template: str) -> Iterator[str]:
    name = f"hosho_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield _database(postgres, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def checkout() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parent.parent
