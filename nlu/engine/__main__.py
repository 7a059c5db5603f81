"""Start one engine: ``python -m nlu.engine --socket PATH --model PATH --database-url URL``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
from pathlib import Path

from nlu.engine.quiet import quieten


def arguments() -> argparse.Namespace:
    """Return the command line, read."""
    parser = argparse.ArgumentParser(prog="python -m nlu.engine", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--socket", type=Path, help="unix socket to listen on")
    where.add_argument("--port", type=int, help="port on 127.0.0.1 to listen on instead")
    parser.add_argument("--model", type=Path, required=True, help="trained model (.tar.gz)")
    parser.add_argument(
        "--database-url",
        default=os.environ.get("HOSHO_DATABASE_URL"),
        help="postgresql://… (default: HOSHO_DATABASE_URL)",
    )
    parser.add_argument(
        "--actions", default="actions", help="import name of the package with the custom actions"
    )
    found = parser.parse_args()
    if not found.database_url:
        parser.error("give --database-url or set HOSHO_DATABASE_URL")
    if not found.model.is_file():
        parser.error(f"--model: there is no file {found.model}; train it first (./hosho train)")
    return found


def main() -> None:
    """Run until told to stop."""
    options = arguments()
    quieten()
    # Nothing of what loading creates is garbage; service.run switches collecting on again.
    gc.disable()
    # Imported here: Rasa takes seconds to import, which a wrong argument should not.
    from nlu.engine.service import run  # noqa: PLC0415

    asyncio.run(
        run(
            options.model,
            options.database_url,
            socket=options.socket,
            port=options.port,
            actions=options.actions,
        )
    )


if __name__ == "__main__":
    main()
