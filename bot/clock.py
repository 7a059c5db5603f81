"""The service's clock: now in Japan, or the moment at which ``HOSHO_AS_OF`` stops it."""

from __future__ import annotations

from datetime import datetime

from bot.settings import JST, Settings


def now(settings: Settings) -> datetime:
    """Return the moment the assistant reasons about, in JST.

    With ``HOSHO_AS_OF`` the clock stands still at that moment: a demonstration shown at noon
    and again at midnight gives the same answers, and so does a test. Only what is *said*
    depends on it; leases, retries and platform deadlines run on the database's real clock.
    """
    return settings.as_of or datetime.now(JST)
