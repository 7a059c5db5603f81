"""Start everything with the real clock."""

from __future__ import annotations

import argparse

from bot.service import environment, start


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C.

    Args:
        arguments: none but ``--help``; everything is set by ``HOSHO_*``.
    """
    parser = argparse.ArgumentParser(prog="./hosho serve", description=__doc__)
    parser.parse_args(arguments)
    return start(environment())
