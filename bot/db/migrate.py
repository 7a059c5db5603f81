"""Bring a database up to date: ours, procrastinate's and Rasa's tables, in one go.

Alembic as a library: no ini file, the address comes from the settings. Several processes may do
it at once: the first does the work, the others wait for it.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parent / "migrations"
#: Held while migrating; any number that nothing else in the database uses.
ADVISORY_LOCK = 7_022_402_023


def engine(url: str) -> Engine:
    """Return an SQLAlchemy engine without a pool, for migrations and the command line.

    Args:
        url: ``postgresql://…`` as in the settings.
    """
    address = "postgresql+psycopg://" + url.split("://", 1)[1]
    return create_engine(address, poolclass=NullPool)


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, working over ``connection``."""
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    configuration.attributes["connection"] = connection
    return configuration


def head() -> str | None:
    """Return the newest revision the code knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


def current(url: str) -> str | None:
    """Return the revision a database is at; ``None`` for an empty one."""
    with engine(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(url: str) -> str | None:
    """Bring the database at ``url`` to the newest revision and return that.

    Raises:
        sqlalchemy.exc.OperationalError: when the database cannot be reached.
    """
    with engine(url).begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
        command.upgrade(config(connection), "head")
        return MigrationContext.configure(connection).get_current_revision()
