"""Who is right: the grammars and the classifier, weighed at the pending question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Optional, cast

from ..answers import Answers
from . import phrases
from .commands import read_command
from .message import Message
from .ranking import Ranking, Weighed, family, thresholds, weigh
from .understood import Command, Reading, Understood

#: What a question can be answered with when nothing certain was read: offered as buttons.
_CLASSIFIED = ("incident", "app", "stay", "balance")


def settle(message: Message, ranking: Ranking, answers: Answers) -> Understood:
    """Return what a message means.

    The order: noise and instructions to a program; short replies; commands; values that the
    grammars read for certain; わからない; questions back; what the classifier alone can tell;
    what was read and cannot be taken. Everything else is out of scope.
    """
    if not _says_anything(message.plain) or phrases.commands_the_machine(message.text):
        return Understood("out_of_scope")
    weighed = weigh(ranking, message.question)
    understood = (
        _short(message)
        or _command(message, weighed)
        or _answered(message, weighed, answers)
        or _unknown(message, weighed)
        or _aside(message, weighed)
        or _classified(message, weighed)
    )
    if understood is not None:
        return understood
    return _not_taken(message, weighed)


def _says_anything(plain: str) -> bool:
    return any(character.isalnum() for character in plain)


def _ask_back(
    question: str, *candidates: Any, reason: str = "unsure", text: str = ""
) -> Understood:
    return Understood("ask_back", reading=Reading(cast(Any, reason), question, text, candidates))


def _short(message: Message) -> Optional[Understood]:
    """Read はい, いいえ, なし and their like in the light of the question."""
    question, text = message.question, message.text
    if phrases.greets(message.plain):
        return Understood("greet")
    if phrases.gives_thanks(message.plain):
        return Understood("thanks")
    yes, no, none = phrases.says_yes(text), phrases.says_no(text), phrases.says_none(text)
    has, did, did_not = (
        phrases.says_there_is(text),
        phrases.says_did(text),
        phrases.says_did_not(text),
    )
    if not (yes or no or none or has or did or did_not):
        return None
    if question == "balance":
        if yes or has:
            return Understood("answer", {"balance": "some"})
        if no or none:
            return Understood("answer", {"balance": 0})
    if question == "incident" and (none or did_not):
        return Understood("answer", {"incident": "none"})
    if question == "app":
        if did:
            return Understood("answer", {"app": "charged"})
        if did_not:
            return Understood("answer", {"app": "paper"})
        return _ask_back("app", "charged", "paper")
    if question == "stay":
        return _ask_back("stay", "overnight", "day_trip")
    if question is None:
        return Understood("out_of_scope")
    return _ask_back(question)


def _command(message: Message, weighed: list[Weighed]) -> Optional[Understood]:
    command = read_command(message.text)
    if command is None:
        return None
    if message.question in message.values and message.corrected:
        return None  # 戻って、24日じゃなくて25日でした: the value says it all
    if command in ("stop", "back") and message.question in message.values:
        return None
    return Understood("command", command=command)


def _answered(message: Message, weighed: list[Weighed], answers: Answers) -> Optional[Understood]:
    """Take what the grammars read for certain, unless the message only asks or the classifier objects."""
    question = message.question
    values = {
        name: value
        for name, value in message.values.items()
        if name == question or _stands_alone(message, name, answers)
    }
    doubt = message.doubts.get(question or "")
    if doubt is not None and question not in values:
        if _doubt_is_an_aside(message, doubt, weighed):
            return None
        if question != "expires" and phrases.says_unknown(message.text) and not doubt.candidates:
            return None
        return Understood(
            "ask_back", _others(values, question), reading=doubt, correction=message.corrected
        )
    if question in values:
        objection = _objection(message, weighed, values[cast(str, question)])
        if objection is not None:
            return objection
    if not values:
        return None
    return Understood("answer", values, correction=message.corrected)


def _others(values: dict[str, Any], question: Optional[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != question}


def _stands_alone(message: Message, name: str, answers: Answers) -> bool:
    """Say whether a value of a question that is not pending is said plainly enough to be taken."""
    if name == "campaign":
        known = answers.campaign
        return (
            known is None
            or known == message.values[name]
            or message.corrected
            or message.question is None
        )
    if name == "expires":
        return True  # read_expiry asks for a cue itself
    if name == "app":
        return _plain_app(message)
    if name == "incident":
        return message.values[name] in (
            "paid_otherwise_and_deducted",
            "charged_twice",
        ) and message.question not in ("balance",)
    if name == "balance":
        return message.question not in ("incident",)
    return name == "stay" and message.corrected


def _plain_app(message: Message) -> bool:
    """At other questions 紙のまま and チャージ say it; 紙のクーポン and アプリで見た do not."""
    import re

    return bool(re.search(r"紙の?まま|ちゃーじ|退会|あぷり(?:は)?使って(?:い)?な", message.told))


def _doubt_is_an_aside(message: Message, doubt: Reading, weighed: list[Weighed]) -> bool:
    if not message.asking and not phrases.supposes(message.text):
        return False
    best = _best(weighed, "aside")
    return best is not None and weighed[0] == best and doubt.reason not in ("impossible", "outside")


def _best(weighed: list[Weighed], of: str) -> Optional[Weighed]:
    return next((entry for entry in weighed if family(entry.label) == of), None)


def _objection(message: Message, weighed: list[Weighed], value: Any) -> Optional[Understood]:
    """Return what to say instead of taking a value that the classifier is sure is something else."""
    question = message.question
    if not weighed or question not in ("incident", "app", "stay", "balance"):
        return None
    best = weighed[0]
    limit = thresholds()["contradiction"]
    if best.confidence < limit:
        return None
    if family(best.label) == "aside" and message.asking:
        return Understood("aside", topic=best.label.split("_", 1)[1], confidence=best.confidence)
    if family(best.label) == question and question in ("incident", "app", "stay"):
        said = best.label.split("_", 1)[1]
        if said != value:
            return _ask_back(
                question, *(v for v in (value, said) if v != "uninstalled"), reason="ambiguous"
            )
    return None


def _unknown(message: Message, weighed: list[Weighed]) -> Optional[Understood]:
    if message.question is None:
        return None
    if phrases.asks_for_meaning(message.text):
        best = weighed[0] if weighed else None
        if best and family(best.label) == "aside" and best.confidence >= thresholds()["aside"]:
            return Understood(
                "aside", topic=best.label.split("_", 1)[1], confidence=best.confidence
            )
        return _ask_back(message.question)
    if not phrases.says_unknown(message.text):
        best = weighed[0] if weighed else None
        if (
            best
            and best.label == "dont_know"
            and best.confidence >= thresholds()["unknown"]
            and not message.asking
        ):
            return Understood("unknown", confidence=best.confidence)
        return None
    aside = _best(weighed, "aside")
    if aside and aside == weighed[0] and aside.confidence >= thresholds()["aside"]:
        return Understood("aside", topic=aside.label.split("_", 1)[1], confidence=aside.confidence)
    return Understood("unknown")


def _aside(message: Message, weighed: list[Weighed]) -> Optional[Understood]:
    best = weighed[0] if weighed else None
    if best is None or family(best.label) != "aside" or best.confidence < thresholds()["aside"]:
        return None
    return Understood("aside", topic=best.label.split("_", 1)[1], confidence=best.confidence)


def _classified(message: Message, weighed: list[Weighed]) -> Optional[Understood]:
    """Take what only the classifier can tell, where it is sure enough."""
    best = weighed[0] if weighed else None
    if best is None or phrases.abuses(message.text):
        return None
    of, _, value = best.label.partition("_")
    limits = thresholds()
    if of == "command" and best.confidence >= limits["command"]:
        return Understood("command", command=cast(Command, value), confidence=best.confidence)
    if best.label in ("greet", "thanks") and best.confidence >= limits["command"]:
        return Understood(cast(Any, best.label), confidence=best.confidence)
    if of != message.question or of not in _CLASSIFIED or message.asking:
        return None
    if best.label == "app_uninstalled":
        return replace(
            _ask_back("app", "charged", "withdrawn", reason="uninstalled"),
            confidence=best.confidence,
        )
    if best.confidence >= limits["answer"]:
        taken: Any = (0 if value == "none" else "some") if of == "balance" else value
        return Understood(
            "answer", {of: taken}, correction=message.corrected, confidence=best.confidence
        )
    return None


def _not_taken(message: Message, weighed: list[Weighed]) -> Understood:
    """Ask back with what may have been meant, where anything on the question was said."""
    question = message.question
    if question not in _CLASSIFIED or phrases.abuses(message.text):
        return Understood("out_of_scope")
    likely = [
        entry.label.split("_", 1)[1]
        for entry in weighed
        if family(entry.label) == question and entry.confidence >= 0.2
    ][:3]
    if not likely:
        return Understood("out_of_scope")
    if question == "balance":
        return _ask_back("balance", "some", 0)
    return _ask_back(cast(str, question), *(value for value in likely if value != "uninstalled"))
