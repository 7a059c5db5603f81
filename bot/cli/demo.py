"""Start everything with the clock at 2023-03-25 10:00 JST."""

from __future__ import annotations

import argparse

from bot.service import environment, start

#: A Saturday in the application period of every notice, before the extended coupons end.
DEMO_AS_OF = "2023-03-25T10:00:00+09:00"


def main(arguments: list[str]) -> int:
    """Serve the demonstration until Ctrl-C.

    Args:
        arguments: none but ``--help``; ``HOSHO_AS_OF`` moves the clock elsewhere.
    """
    parser = argparse.ArgumentParser(prog="./hosho demo", description=__doc__)
    parser.parse_args(arguments)
    return start({"HOSHO_AS_OF": DEMO_AS_OF, **environment()})
