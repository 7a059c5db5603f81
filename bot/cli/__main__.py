"""Dispatch: ``python -m bot.cli COMMAND …`` calls ``bot.cli.COMMAND.main(arguments)``."""

from __future__ import annotations

import importlib
import signal
import sys


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: the command's name and its own arguments.
    """
    # A shell starts background jobs with Ctrl-C ignored, and that is inherited; whoever sends it
    # nevertheless means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    module = importlib.import_module(f"bot.cli.{arguments[0]}")
    try:
        return int(module.main(arguments[1:]))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone: not our error, and nothing more can be said.
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
