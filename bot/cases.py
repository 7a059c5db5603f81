"""Cases: what the call center looks up by its 受付番号."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.db.models import Case
from bot.settings import JST


def normal(receipt: str) -> str:
    """Return a 受付番号 as it is stored: digits, however it was heard, typed or copied."""
    return "".join(c for c in unicodedata.normalize("NFKC", receipt) if c.isalnum()).upper()


class Cases:
    """Reads the stored cases."""

    def __init__(self, engine: Engine) -> None:
        """Take the database (``bot.db.migrate.engine``)."""
        self._engine = engine

    def of(self, receipt: str) -> list[Case]:
        """Return all that is kept under a 受付番号, the newest first; nothing when unknown."""
        query = select(Case).where(Case.receipt == normal(receipt)).order_by(Case.id.desc())
        return self._all(query.limit(100))

    def newest(self, count: int) -> list[Case]:
        """Return the cases stored last, the newest first."""
        return self._all(select(Case).order_by(Case.id.desc()).limit(count))

    def _all(self, query: select[tuple[Case]]) -> list[Case]:  # type: ignore[valid-type]
        with Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(query))


def in_japan(moment: datetime) -> datetime:
    """Return a moment as Japan's clocks show it."""
    return moment.astimezone(JST)
