"""LINE: `line setup` registers the webhook and creates the rich menu.

`line menu FILE.png` writes the rich menu's picture into a file, to look at.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.channels.line.rich_menu import NoFontError, draw, find_font, menu
from bot.channels.line.setup import SetUpError, set_up
from bot.settings import Settings, SettingsError


def main(arguments: list[str]) -> int:
    """Set LINE up, or draw its menu; 1 when something is missing, with its mend.

    Args:
        arguments: ``setup``, or ``menu FILE``.
    """
    parser = argparse.ArgumentParser(prog="./hosho line", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="register the webhook, create the rich menu")
    drawn = commands.add_parser("menu", help="write the rich menu's picture into a file")
    drawn.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_env()
        if options.command == "menu":
            options.file.write_bytes(draw(menu()[1], find_font(settings.font)))
            return 0
        asyncio.run(set_up(settings, lambda line: print(f"LINE: {line}")))
        print("In LINE Official Account Manager: auto-reply messages off, webhooks on.")
    except (SettingsError, SetUpError, NoFontError, OSError) as error:
        print(f"hosho line: {error}", file=sys.stderr)
        return 1
    return 0
