"""The verdict: class and why, what to do now, by when, with what in hand, and on what ground."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, Optional

from actions.eligibility.decision import Criterion, Decision, Route
from actions.interview import calling, facts, press
from actions.interview.asking import answer_choices
from actions.interview.card import card_text
from actions.interview.memo import memo_reply
from actions.interview.scene import Scene
from actions.interview.state import State
from actions.interview.topics import answered
from actions.notice_types import ClassRule, Notice
from actions.replies import Card, CardRow, Choice, Link, Reply

#: Topics offered below the verdict, by where it leads.
TOPICS_AFTER: dict[str, tuple[str, ...]] = {
    "automatic": ("delivery", "not_arrived", "points", "bank_transfer"),
    "application_site": ("application_items", "inquiry_number", "lost_number", "bank_transfer"),
    "call_center": ("call_items", "inquiry_number", "bank_transfer"),
    "undecided": ("procedure", "deadline", "points", "bank_transfer"),
    "none": ("eligibility", "call_center", "office"),
}
#: LINE shows at most 13 quick replies.
MAX_CHOICES = 13
Tone = Literal["eligible", "maybe", "not_eligible", "info"]


def verdict_replies(scene: Scene, state: State, decision: Optional[Decision]) -> tuple[Reply, ...]:
    """Return the verdict's card, and the memo where the way leads to the call center."""
    notice = scene.notice(state)
    if decision is None or notice is None:
        return (_without_campaign(scene, state),)
    return _Verdict(scene, state, notice, decision).replies()


def closing_choices(scene: Scene, state: State) -> tuple[Choice, ...]:
    """Return the buttons below the verdict: fitting questions back, then the ways on."""
    notice, decision = scene.notice(state), scene.decide(state)
    if notice is None or decision is None:
        choices = answer_choices(scene, state, "campaign")
    else:
        topics: dict[str, None] = {}
        over = scene.today > facts.last_day([notice])
        for place in ["none"] if over else _places(decision):
            topics.update(dict.fromkeys(TOPICS_AFTER[place]))
        choices = [
            press.aside(scene.say(f"asides.{topic}.button"), topic)
            for topic in topics
            if answered(notice, topic)
        ]
    ways = []
    if state.history:
        ways.append(press.command(scene.say("verdict.buttons.mend"), "back"))
    ways.append(press.command(scene.say("talk.buttons.human"), "human"))
    ways.append(press.command(scene.say("talk.buttons.restart"), "restart"))
    return (*choices[: MAX_CHOICES - len(ways)], *ways)


def _places(decision: Decision) -> list[str]:
    places: list[str] = [route.to for route in decision.routes.values()]
    if decision.possible or any(code not in decision.routes for code in decision.classes):
        places.append("undecided")
    return places or ["none"]


def _without_campaign(scene: Scene, state: State) -> Reply:
    return Reply(
        scene.say("verdict.no_campaign", calling=calling.calling_text(scene, state)),
        choices=closing_choices(scene, state),
        links=calling.phone_links(scene, state),
        interview=state.interview,
    )


@dataclass(frozen=True)
class _Verdict:
    scene: Scene
    state: State
    notice: Notice
    decision: Decision

    @property
    def over(self) -> bool:
        """Every date of the notice has passed."""
        return self.scene.today > facts.last_day([self.notice])

    @property
    def rules(self) -> list[ClassRule]:
        """The rules of the classes that are certain or possible, certain ones first."""
        codes = (*self.decision.classes, *self.decision.possible)
        return [rule for code in codes if (rule := self.notice.rule(code))]

    @property
    def live(self) -> set[str]:
        """The codes of the classes that are certain or possible."""
        return {*self.decision.classes, *self.decision.possible}

    def replies(self) -> tuple[Reply, ...]:
        card = self.card()
        verdict = Reply(
            card_text(self.scene, card),
            choices=closing_choices(self.scene, self.state),
            links=self.links(),
            card=card,
            interview=self.state.interview,
        )
        if self.over or not self.to_call_center():
            return (verdict,)
        # The buttons belong below the last bubble, where they are seen.
        memo = memo_reply(self.scene, self.state, choices=verdict.choices)
        return (replace(verdict, choices=()), memo)

    def card(self) -> Card:
        rows = [*self.why(), *self.find()]
        for rule in self.rules:
            if rule.code in self.decision.classes:
                rows += self.steps(rule, self.decision.routes.get(rule.code))
            else:
                rows.append(self.would_be(rule))
        if "other" in self.decision.routes:
            rows.append(self.row("do", self.say("other")))
        elif not self.live:
            rows.append(self.row("do", self.say("not_eligible")))
        if self.to_call_center() and not self.over:
            hours = calling.calling_text(self.scene, self.state, "short")
            rows.append(CardRow(self.say("center"), hours))
        return Card(
            title=self.say("title"),
            headline=self.headline(),
            tone=self.tone(),
            rows=tuple(rows),
            footer=self.ground(),
        )

    def say(self, key: str, **known: Any) -> str:
        return self.scene.say(
            f"verdict.{key}",
            **{"notice": self.notice, "today": self.scene.today, "over": self.over, **known},
        )

    def row(self, part: str, text: str, prefix: str = "") -> CardRow:
        return CardRow(f"{prefix} {self.say(f'{part}.label')}".strip(), text)

    def tone(self) -> Tone:
        if self.decision.classes:
            return "eligible"
        if self.decision.possible:
            return "maybe"
        return "info" if "other" in self.decision.routes else "not_eligible"

    def headline(self) -> str:
        certain, possible = self.decision.classes, self.decision.possible
        if certain and possible:
            form = "certain_and_possible"
        elif certain:
            form = "both" if len(certain) > 1 else "certain"
        elif possible:
            form = "possible"
        else:
            form = "other" if "other" in self.decision.routes else "none"
        return self.say(
            f"headline.{form}", classes=self.labels(certain), possible=self.labels(possible)
        )

    def labels(self, codes: Iterable[str]) -> str:
        return "と".join(self.notice.label(code) for code in codes)

    def why(self) -> list[CardRow]:
        """Return a row for each criterion that speaks for what is said, or against everything."""
        shown = [
            criterion
            for criterion in self.decision.criteria
            if criterion.class_code in self.live
            or (not self.live and criterion.status != "unknown")
        ]
        several = len({criterion.class_code for criterion in shown}) > 1
        rows: dict[tuple[str, str], CardRow] = {}
        for criterion in shown:
            label = self.scene.wording.name(criterion.question)
            if several:
                label = f"{self.notice.label(criterion.class_code)} {label}"
            text = self.criterion(criterion)
            rows.setdefault((label, text), CardRow(label, text, criterion.status))
        return list(rows.values())

    def criterion(self, criterion: Criterion) -> str:
        rule = facts.criterion(self.notice, criterion.class_code, criterion.id)
        given = getattr(self.state.answers, criterion.question)
        return self.say(
            f"why.{criterion.question}.{criterion.status}",
            value=self.scene.wording.value(criterion.question, given),
            days=[option.value for option in rule.accepts] if rule else [],
            at_least=rule.at_least if rule else None,
            after=rule.left_after if rule else None,
        )

    def find(self) -> list[CardRow]:
        """Return how to find each missing fact that would settle the outcome."""
        missing: dict[str, None] = {}
        for criterion in self.decision.criteria:
            if criterion.status == "unknown" and criterion.class_code in self.decision.possible:
                missing[criterion.question] = None
        if any(code not in self.decision.routes for code in self.decision.classes):
            missing["app"] = None
        ways = [self.scene.say(f"questions.{question}.find") for question in missing]
        return [CardRow(self.say("find"), "\n".join(ways))] if ways else []

    def steps(self, rule: ClassRule, route: Optional[Route]) -> list[CardRow]:
        """Return what to do now, by when and with what in hand, for a class that is certain."""
        place = route.to if route else "undecided"
        prefix = rule.label if len(self.rules) > 1 else ""
        rows = []
        for part in ("do", "by", "hand"):
            if f"verdict.{part}.{place}" not in self.scene.texts:
                continue
            status = route.status if route else None
            text = self.say(f"{part}.{place}", rule=rule, status=status)
            if text:
                rows.append(self.row(part, text, prefix))
        return rows

    def would_be(self, rule: ClassRule) -> CardRow:
        """Return in one row what a class that is still possible would mean."""
        place = "call_center" if rule.routes[0].to == "call_center" else "undecided"
        return CardRow(
            self.say("would_be.label", label=rule.label), self.say(f"would_be.{place}", rule=rule)
        )

    def ground(self) -> str:
        sections: dict[str, None] = {}
        for criterion in self.decision.criteria:
            if not self.live or criterion.class_code in self.live:
                sections[criterion.section] = None
        for route in self.decision.routes.values():
            sections[route.section] = None
        return self.say("ground", sections=list(sections))

    def to_call_center(self) -> bool:
        return any(route.to == "call_center" for route in self.decision.routes.values()) or any(
            rule.routes[0].to == "call_center" for rule in self.rules
        )

    def links(self) -> tuple[Link, ...]:
        if self.over:
            return ()
        links: list[Link] = []
        places = {*_places(self.decision)}
        address = self.notice.site.address
        is_open = facts.site_takes_applications(self.notice, self.scene.as_of)
        if address and is_open and places & {"application_site", "undecided"}:
            links.append(Link("url", self.say("buttons.site"), address.url))
        if places != {"automatic"}:
            links += calling.phone_links(self.scene, self.state)
        return tuple(links)
