"""Which tables Alembic's comparison looks at: those that our classes describe."""

from __future__ import annotations

from bot.db.models import Base

# Tables of procrastinate and of Rasa live in the same schema and are not ours to compare.
OURS = set(Base.metadata.tables)


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Tell Alembic whether to compare something of this name."""
    return kind != "table" or name in OURS
