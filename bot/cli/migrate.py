"""Bring the database up to date (demo and serve do it by themselves)."""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.exc import OperationalError

from bot.db.migrate import upgrade
from bot.db.server import database
from bot.settings import Settings, SettingsError


def main(arguments: list[str]) -> int:
    """Migrate, and say at which revision the database is.

    Args:
        arguments: none.
    """
    argparse.ArgumentParser(prog="./hosho migrate", description=__doc__).parse_args(arguments)
    try:
        settings = Settings.from_env()
        with database(settings) as url:
            print(f"database is at revision {upgrade(url)}")
    except (SettingsError, OperationalError) as error:
        print(f"hosho migrate: {error}", file=sys.stderr)
        return 1
    return 0
