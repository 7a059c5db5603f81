"""Alembic's entry: runs the revisions over the connection it was given."""

from __future__ import annotations

from alembic import context

from bot.db.migrations.env_tables import include_name
from bot.db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=include_name,
    # One transaction around everything: a failed migration leaves the database as it was.
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
