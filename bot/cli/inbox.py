"""What could not be answered or sent: list, show, retry.

`inbox` lists what was given up, `inbox list --all` also what waits; `inbox show in:7` tells all
about one (its words too), `inbox retry out:9` or `inbox retry all` has it tried again.
"""

from __future__ import annotations

import argparse
import json
import re
import sys

from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.cases import in_japan
from bot.db.migrate import engine
from bot.db.server import database
from bot.inbox_desk import Desk, Item, Kind
from bot.settings import Settings, SettingsError


def main(arguments: list[str]) -> int:
    """List, show or retry; 1 when what was named is not there.

    Args:
        arguments: ``list [--all] [--json]``, ``show NAME`` or ``retry NAME…``.
    """
    parser = argparse.ArgumentParser(
        prog="./hosho inbox",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command")
    listing = commands.add_parser("list", help="what was given up")
    listing.add_argument("--all", action="store_true", help="also what still waits")
    listing.add_argument("--json", action="store_true", help="one JSON line each")
    show = commands.add_parser("show", help="all about one, its words included")
    show.add_argument("name", type=_name, metavar="in:N|out:N")
    retry = commands.add_parser("retry", help="try again")
    retry.add_argument("names", type=_name, nargs="+", metavar="in:N|out:N|all")
    options = parser.parse_args(arguments or ["list"])
    try:
        with database(Settings.from_env()) as url:
            desk = Desk(engine(url))
            if options.command == "show":
                return _show(desk, options.name)
            if options.command == "retry":
                return _retry(desk, options.names)
            return _list(desk, everything=options.all, as_json=options.json)
    except SettingsError as error:
        print(f"hosho inbox: {error}", file=sys.stderr)
    except (OperationalError, ProgrammingError):
        print("hosho inbox: the database cannot be read; run ./hosho migrate", file=sys.stderr)
    return 1


def _name(value: str) -> tuple[Kind, int] | None:
    """Read ``in:7``, ``out:9`` or ``all`` (None)."""
    if value == "all":
        return None
    found = re.fullmatch(r"(in|out):([0-9]{1,18})", value)
    if not found:
        raise argparse.ArgumentTypeError(f"{value!r} is none of in:N, out:N, all")
    return ("in" if found[1] == "in" else "out", int(found[2]))


def _list(desk: Desk, *, everything: bool, as_json: bool) -> int:
    items = desk.items(waiting=everything)
    if as_json:
        for item in items:
            print(json.dumps(_json(item), ensure_ascii=False))
        return 0
    for kind, title in (("in", "inbox"), ("out", "outbox")):
        states = [f"{count} {state}" for name, state, count in desk.counts() if name == kind]
        print(f"{title}: {', '.join(states) or 'empty'}")
    for item in items:
        print(_line(item))
    if any(item.state == "given_up" for item in items):
        print("./hosho inbox retry NAME (or all) tries again; ./hosho inbox show NAME tells more")
    return 0


def _line(item: Item) -> str:
    name = f"{item.kind}:{item.id}"
    when = f"{in_japan(item.at):%Y-%m-%d %H:%M:%S}"
    line = f"{name:<10} {when}  {item.channel:<8} {item.state:<8} tries {item.attempts}"
    if item.problem:
        line += f"  {item.problem}"
    if item.next_at and item.state == "waiting":
        line += f"  (next try {in_japan(item.next_at):%H:%M:%S})"
    return line


def _json(item: Item) -> dict[str, object]:
    return {
        "name": f"{item.kind}:{item.id}",
        "channel": item.channel,
        "state": item.state,
        "tries": item.attempts,
        "problem": item.problem,
        "at": in_japan(item.at).isoformat(),
        "next_try": in_japan(item.next_at).isoformat() if item.next_at else None,
    }


def _show(desk: Desk, name: tuple[Kind, int] | None) -> int:
    found = desk.one(*name) if name else None
    if found is None:
        print("hosho inbox: there is no such message; ./hosho inbox lists them", file=sys.stderr)
        return 1
    print(json.dumps(found, ensure_ascii=False, indent=2, default=str))
    return 0


def _retry(desk: Desk, names: list[tuple[Kind, int] | None]) -> int:
    count = 0
    for name in names:
        if name is None:
            count += desk.again("in", None) + desk.again("out", None)
        elif (done := desk.again(*name)) == 0:
            print(f"hosho inbox: {name[0]}:{name[1]} was not given up", file=sys.stderr)
            return 1
        else:
            count += done
    print(f"{count} tried again")
    return 0
