"""A decision as text for a person at the terminal; the wording is ``actions/texts/decide.yml``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from actions.eligibility.decision import Criterion, Decision
from actions.notices import CriterionRule, Notice
from actions.texts import Texts


def verdict_text(texts: Texts, notice: Notice | None, decision: Decision, as_of: datetime) -> str:
    """Return the verdict, its reasons, routes, deadlines, the next question and the ground.

    Args:
        texts: the wording.
        notice: the decision's notice; ``None`` while the campaign is unknown.
        decision: what was decided.
        as_of: the moment it was decided for, in JST.
    """
    lines = _without_campaign if notice is None else _by_notice
    said = list(lines(_Voice(texts, notice), decision, as_of))
    if decision.next_question is not None:
        question = texts.say(f"decide.question.{decision.next_question}")
        said.append(texts.say("decide.next", question=question))
    if notice is not None:
        said.append(texts.say("decide.ground", notice=notice))
    said.append(texts.say("decide.final"))
    return "\n".join(said)


class _Voice:
    """Says one line of ``decide.yml`` at a time, keeping a line's indent."""

    def __init__(self, texts: Texts, notice: Notice | None) -> None:
        self.texts = texts
        self.notice = notice

    def say(self, key: str, **facts: object) -> str:
        return self.texts.say(f"decide.{key}", notice=self.notice, **facts)

    def item(self, key: str, **facts: object) -> str:
        return "  " + self.say(key, **facts)


def _without_campaign(voice: _Voice, decision: Decision, as_of: datetime) -> Iterator[str]:
    yield voice.say("head_unknown", as_of=as_of)
    if decision.possible:
        yield voice.say("verdict.somewhere", codes=decision.possible)
    else:
        yield voice.say("verdict.nowhere")


def _by_notice(voice: _Voice, decision: Decision, as_of: datetime) -> Iterator[str]:
    notice = voice.notice
    assert notice is not None
    yield voice.say("head", as_of=as_of)
    yield from _verdict(voice, notice, decision)
    yield voice.say("reasons")
    for criterion in decision.criteria:
        mark = voice.say(f"mark.{criterion.status}")
        yield voice.item(
            "reason",
            mark=mark,
            label=notice.label(criterion.class_code),
            text=_criterion(voice, _rule_of(notice, criterion)),
            section=criterion.section,
        )
    if decision.classes or decision.routes:
        yield voice.say("routes")
        yield from _routes(voice, notice, decision)
    if decision.deadlines:
        yield voice.say("deadlines")
    for deadline in decision.deadlines:
        yield voice.item(
            "deadline",
            label=notice.label(deadline.class_code),
            what=voice.say(f"due.{deadline.kind}"),
            at=deadline.at,
            passed=deadline.passed,
            section=deadline.section,
        )


def _verdict(voice: _Voice, notice: Notice, decision: Decision) -> Iterator[str]:
    if decision.classes:
        labels = [notice.label(code) for code in decision.classes]
        yield voice.say("verdict.certain", labels=labels)
    if decision.possible:
        labels = [notice.label(code) for code in decision.possible]
        yield voice.say("verdict.possible", labels=labels)
    if "other" in decision.routes:
        yield voice.say("verdict.other")
    elif not decision.classes and not decision.possible:
        yield voice.say("verdict.none")


def _rule_of(notice: Notice, criterion: Criterion) -> CriterionRule:
    rule = notice.rule(criterion.class_code)
    assert rule is not None
    return next(one for one in rule.criteria if one.id == criterion.id)


def _criterion(voice: _Voice, rule: CriterionRule) -> str:
    values: list[object] = [option.value for option in rule.accepts]
    if rule.question not in {"expires", "balance"}:
        values = [voice.say(f"value.{rule.question}.{value}") for value in values]
    return voice.say(
        f"criterion.{rule.question}", values=values, after=rule.left_after, at_least=rule.at_least
    )


def _routes(voice: _Voice, notice: Notice, decision: Decision) -> Iterator[str]:
    for code in decision.classes:
        if code not in decision.routes:
            question = voice.say("question.app")
            yield voice.item("route.undecided", label=notice.label(code), question=question)
    for key, route in decision.routes.items():
        label = voice.say("other_label") if key == "other" else notice.label(key)
        status = voice.say(
            f"status.{route.to}.{route.status}", opens=route.opens, closes=route.closes
        )
        yield voice.item(f"route.{route.to}", label=label, status=status, section=route.section)
