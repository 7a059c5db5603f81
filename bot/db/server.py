"""Which PostgreSQL: the one of the settings, else the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield the database's address, with the embedded server running when it is that one.

    An embedded server that another process of ours runs is joined and left running.
    """
    if settings.database_url:
        yield settings.database_url
        return
    # Imported late: whoever has a server of their own need not have the wheel.
    from bot.postgres import embedded  # noqa: PLC0415

    with embedded(settings.data_dir) as url:
        yield url
