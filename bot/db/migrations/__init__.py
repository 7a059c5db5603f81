"""Alembic's revisions, oldest first in ``versions``."""
