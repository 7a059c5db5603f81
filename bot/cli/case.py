"""Look a case up by its 受付番号, or list the newest ones."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError, ProgrammingError

from actions.answers import QUESTIONS, Answers, BadAnswerError
from actions.eligibility.decide import decide
from actions.interview.ids import spoken
from actions.interview.wording import Wording
from actions.notices import NoticesError, load_notices
from actions.texts import load_texts
from bot.cases import Cases, in_japan
from bot.db.migrate import engine
from bot.db.models import Case
from bot.db.server import database
from bot.settings import Settings, SettingsError
from bot.verdict_text import verdict_text

TEXTS = Path(__file__).parent.parent / "texts"


def main(arguments: list[str]) -> int:
    """Print one case, or the newest; 1 when there is none.

    Args:
        arguments: a 受付番号 in any writing, ``--json``, ``--last N``.
    """
    parser = argparse.ArgumentParser(prog="./hosho case", description=__doc__)
    parser.add_argument("receipt", nargs="?", help="the 受付番号, as 1234-5678 or １２３４５６７８")
    parser.add_argument("--json", action="store_true", help="print JSON, one case a line")
    parser.add_argument("--last", type=int, default=20, metavar="N", help="how many to list")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_env()
        with database(settings) as url:
            cases = Cases(engine(url))
            if options.receipt is None:
                return _list(cases.newest(max(1, min(options.last, 1000))), as_json=options.json)
            found = cases.of(options.receipt)
    except (SettingsError, NoticesError) as error:
        print(f"hosho case: {error}", file=sys.stderr)
        return 1
    except (OperationalError, ProgrammingError):
        print("hosho case: the database cannot be read; run ./hosho migrate", file=sys.stderr)
        return 1
    if not found:
        print(f"hosho case: nothing is kept under {options.receipt}", file=sys.stderr)
        return 1
    if options.json:
        for case in found:
            print(json.dumps(_json(case), ensure_ascii=False))
    else:
        print(_page(found))
    return 0


def _list(cases: list[Case], *, as_json: bool) -> int:
    texts, notices = load_texts(TEXTS), load_notices()
    for case in cases:
        if as_json:
            print(json.dumps(_json(case), ensure_ascii=False))
            continue
        notice = notices.get(case.answers.get("campaign", ""))
        print(
            texts.say(
                "case.row",
                spoken=spoken(case.receipt),
                at=in_japan(case.created_at),
                campaign=notice.prefecture if notice else texts.say("case.no_campaign"),
                event=texts.say(f"case.event.{case.event}"),
                classes=_classes(case),
            )
        )
    return 0


def _page(cases: list[Case]) -> str:
    """Return the newest record of a case in full, and one line for each earlier one."""
    texts, newest = load_texts(TEXTS), cases[0]
    lines = [texts.say("case.head", spoken=spoken(newest.receipt)), _moment(newest), ""]
    lines += _answers(newest)
    lines += ["", *_told(newest)]
    if len(cases) > 1:
        lines += ["", texts.say("case.earlier"), *("  " + _moment(case) for case in cases[1:])]
    return "\n".join(lines)


def _moment(case: Case) -> str:
    texts = load_texts(TEXTS)
    return texts.say(
        "case.moment",
        at=in_japan(case.created_at),
        channel=texts.say(f"case.channel.{case.conversation.partition(':')[0]}"),
        event=texts.say(f"case.event.{case.event}"),
    )


def _answers(case: Case) -> list[str]:
    texts = load_texts(TEXTS)
    wording = Wording(load_texts(), load_notices())
    answers = Answers.from_mapping(case.answers)
    lines = [texts.say("case.answers")]
    for question in QUESTIONS:
        name, value = wording.name(question), getattr(answers, question)
        if value is None:
            lines.append("  " + texts.say("case.unanswered", name=name))
        else:
            shown = wording.value(question, value)
            lines.append("  " + texts.say("case.answer", name=name, value=shown))
    return lines


def _told(case: Case) -> list[str]:
    """Return what the traveller was told; it is decided anew, and compared with what was kept."""
    texts, notices = load_texts(TEXTS), load_notices()
    if not case.decision:
        return [texts.say("case.nothing_told")]
    as_of = in_japan(case.as_of)
    try:
        answers = Answers.from_mapping(case.answers)
        notice = notices[answers.campaign] if answers.campaign is not None else None
    except (BadAnswerError, KeyError):
        return [texts.say("case.changed", told=_classes(case))]
    decision = decide(notice, answers, as_of, notices=notices)
    lines = [texts.say("case.as_told", as_of=as_of)]
    if list(decision.classes) != list(case.decision.get("classes", [])):
        lines.append(texts.say("case.changed", told=_classes(case)))
    return [*lines, verdict_text(load_texts(), notice, decision, as_of)]


def _classes(case: Case) -> str:
    texts = load_texts(TEXTS)
    classes = case.decision.get("classes") or []
    if classes:
        return "・".join(classes)
    is_open = not case.decision or case.decision.get("possible")
    return texts.say("case.open_class" if is_open else "case.none_class")


def _json(case: Case) -> dict[str, Any]:
    return {
        "receipt": case.receipt,
        "event": case.event,
        "channel": case.conversation.partition(":")[0],
        "answers": case.answers,
        "decision": case.decision,
        "as_of": in_japan(case.as_of).isoformat(),
        "created_at": in_japan(case.created_at).isoformat(),
    }
