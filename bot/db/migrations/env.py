"""Alembic's entry: runs the revisions over the connection it was given."""

from __future__ import annotations

from alembic import context

from bot.db.models import Base

# Tables of procrastinate and of Rasa live in the same schema and are not ours to compare.
OURS = set(Base.metadata.tables)


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Tell Alembic's comparison (tests) which tables are described by our classes."""
    return kind != "table" or name in OURS


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=include_name,
    # One transaction around everything: a failed migration leaves the database as it was.
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
