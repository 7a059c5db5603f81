"""Rasa's tables, as the engine declares them."""

from __future__ import annotations

from alembic import op

from nlu.engine.tables import CREATE_TABLES, DROP_TABLES

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables (the engine's own statements: harmless where they exist)."""
    for statement in CREATE_TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Remove them."""
    for statement in DROP_TABLES:
        op.execute(statement)
