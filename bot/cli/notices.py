"""Check the notices: every problem with file, line, field and mend.

./hosho notices check [DIRECTORY]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from actions.notices import DIRECTORY, NoticesError, load_notices


def main(arguments: list[str]) -> int:
    """Check every notice; 0 when all can be used, 1 when something is to mend.

    Args:
        arguments: ``check``, and the directory if it is not the project's own.
    """
    parser = argparse.ArgumentParser(
        prog="./hosho notices",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=["check"], help="check: read and check every notice")
    parser.add_argument("directory", nargs="?", type=Path, default=DIRECTORY, help="of the notices")
    options = parser.parse_args(arguments)
    try:
        notices = load_notices(options.directory)
    except NoticesError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        count = len(error.problems)
        print(f"hosho notices: {count} to mend; docs/notices.md tells how", file=sys.stderr)
        return 1
    for notice in notices.values():
        report = f"{notice.report}, " if notice.report else ""
        labels = " ".join(rule.label for rule in notice.classes)
        print(f"{notice.campaign}: {notice.campaign_name}, {report}{notice.revised}: {labels}")
    print(f"{len(notices)} notices, nothing to mend")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
