"""Decide one case, or a file of cases, by the notices.

A case: campaign, expires (2023-02-24), incident, balance (yen, or some), app, stay and as_of
(2023-03-25T10:00+09:00; no offset: Japan's time). What is left out, null or "unknown" is not
known; without as_of the moment is HOSHO_AS_OF, or now.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, BinaryIO

from actions.answers import APPS, CAMPAIGNS, INCIDENTS, QUESTIONS, STAYS, Answers, BadAnswerError
from actions.eligibility.decide import decide
from actions.eligibility.decision import Decision
from actions.notices import Notice, NoticesError, load_notices
from actions.texts import load_texts
from bot.cli.__main__ import main as dispatch
from bot.clock import now
from bot.settings import JST, Settings, SettingsError
from bot.verdict_text import verdict_text

CASE_KEYS = (*QUESTIONS, "as_of")
_ACCEPTED = {
    "campaign": ", ".join(CAMPAIGNS),
    "expires": "the last day printed on the coupon, e.g. 2023-02-24",
    "incident": ", ".join(INCIDENTS),
    "balance": "yen left, or some",
    "app": ", ".join(APPS),
    "stay": ", ".join(STAYS),
}


class CaseError(ValueError):
    """A case cannot be read; the message names the key and the mend."""


@dataclass(frozen=True)
class _Rules:
    """What every case is decided by: the notices, and the moment of cases without their own."""

    notices: Mapping[str, Notice]
    moment: datetime

    def decide(self, case: Mapping[str, Any]) -> tuple[Notice | None, Decision, datetime]:
        """Decide one case.

        Raises:
            BadAnswerError, CaseError: a value cannot be used, or a key is unknown.
        """
        for key in case:
            if key not in CASE_KEYS:
                raise CaseError(f"{key!r}: unknown key; use {', '.join(CASE_KEYS)}")
        known = {key: None if value == "unknown" else value for key, value in case.items()}
        as_of = known.pop("as_of", None)
        moment = self.moment if as_of is None else _moment(as_of)
        answers = Answers.from_mapping(known)
        notice = self.notices[answers.campaign] if answers.campaign is not None else None
        decision = decide(notice, answers, moment, notices=self.notices)
        return notice, decision, moment


def main(arguments: list[str]) -> int:
    """Decide what the arguments say; 0, 1 when a case of a batch was bad, 2 for bad usage.

    Args:
        arguments: one case as flags, or ``--batch FILE``; see ``--help``.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    flags = {key: getattr(options, key) for key in CASE_KEYS if getattr(options, key) is not None}
    try:
        moment = now(Settings.from_env())
        rules = _Rules(load_notices(), moment)
        if options.batch is None:
            return _one(rules, flags, as_json=options.json)
        beside = sorted(set(flags) - {"as_of"})
        if beside:
            parser.error(f"--{beside[0]} cannot stand beside --batch; put it into the cases")
        if "as_of" in flags:
            rules = _Rules(rules.notices, _moment(flags["as_of"]))
        with _opened(parser, options.batch) as lines:
            return _batch(rules, lines)
    except SettingsError as error:
        parser.error(str(error))
    except (BadAnswerError, CaseError) as error:
        parser.error(f"--{error}".replace("--as_of", "--as-of"))
    except NoticesError as error:
        print(f"hosho decide: the notices need mending:\n{error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./hosho decide",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for question in QUESTIONS:
        parser.add_argument(f"--{question}", metavar="VALUE", help=_ACCEPTED[question])
    parser.add_argument("--as-of", metavar="TIME", help="the moment to decide for")
    parser.add_argument("--json", action="store_true", help="print the decision as JSON")
    parser.add_argument(
        "--batch",
        metavar="FILE",
        help="decide one JSON case a line (-: standard input), print one JSON line each",
    )
    return parser


def _one(rules: _Rules, flags: dict[str, Any], *, as_json: bool) -> int:
    if re.fullmatch("[0-9]{1,12}", flags.get("balance", "")):
        flags["balance"] = int(flags["balance"])
    notice, decision, moment = rules.decide(flags)
    if as_json:
        shown = {**decision.to_json(), "as_of": moment.isoformat()}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        print(verdict_text(load_texts(), notice, decision, moment))
    return 0


@contextlib.contextmanager
def _opened(parser: argparse.ArgumentParser, name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 - closed below; only the opening may fail kindly
    except OSError as error:
        parser.error(f"--batch: {name} cannot be read ({error.strerror})")
    with file:
        yield file


def _batch(rules: _Rules, lines: BinaryIO) -> int:
    """Print one JSON line for each case, in order; a bad one does not stop the rest."""
    status = 0
    for number, line in enumerate(lines, start=1):
        if not line.removeprefix(codecs.BOM_UTF8).strip():
            continue
        try:
            _, decision, moment = rules.decide(_case(line))
        except (BadAnswerError, CaseError) as error:
            status = 1
            print(f"hosho decide: line {number}: {error}", file=sys.stderr)
            shown: dict[str, Any] = {"line": number, "error": str(error)}
        else:
            shown = {**decision.to_json(), "as_of": moment.isoformat()}
        print(json.dumps(shown, ensure_ascii=False))
    return status


def _case(line: bytes) -> dict[str, Any]:
    try:
        case = json.loads(line.decode("utf-8-sig").rstrip(), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise CaseError("is not UTF-8; save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        raise CaseError(f"is not JSON: {error.msg} at character {error.colno}") from None
    except RecursionError:
        raise CaseError("is nested too deep; write one flat object") from None
    except CaseError:
        raise
    except ValueError:
        # What else the parser refuses is a number of thousands of digits.
        raise CaseError("holds a number too long to read; write whole yen") from None
    if not isinstance(case, dict):
        raise CaseError('is not a case; write an object such as {"campaign": "gunma"}')
    return case


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise CaseError(f"{key!r}: stands twice; keep one")
        values[key] = value
    return values


def _moment(value: Any) -> datetime:
    """Read a moment; without an offset it is Japan's time."""
    try:
        moment = datetime.fromisoformat(value)
        aware = moment.replace(tzinfo=JST) if moment.tzinfo is None else moment
        # By way of UTC, so that the first and last hours of the calendar fail here, kindly.
        return aware.astimezone(timezone.utc).astimezone(JST)
    except (TypeError, ValueError, OverflowError):
        mend = "write it as 2023-03-25T10:00+09:00 (no offset: Japan's time)"
        raise CaseError(f"as_of: {value!r} is not a time; {mend}") from None


if __name__ == "__main__":
    raise SystemExit(dispatch(["decide", *sys.argv[1:]]))
