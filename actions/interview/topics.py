"""What is said to a question back: the topic's text, with the facts of one notice alone."""

from __future__ import annotations

from actions.answers import INCIDENTS
from actions.interview import calling, facts
from actions.interview.scene import Scene
from actions.interview.state import State
from actions.notice_types import ClassRule, Notice
from actions.replies import Link, Reply

#: Topics whose answer is the same whatever the campaign; the others wait until it is known.
SAME_EVERYWHERE = frozenset({"privacy", "who", "other_prefecture"})
#: Topics below which the button that dials the call center is of use.
CALLING = frozenset({"call_center", "call_items", "not_arrived"})

#: Topics about what can be done, which is no use once every date has passed …
GONE_WHEN_OVER = frozenset(
    {
        "delivery",
        "not_arrived",
        "bank_transfer",
        "points",
        "extension",
        "application_site",
        "application_items",
        "lost_number",
        "procedure",
        "amount",
    }
)
#: … and topics about the application, which ends before.
GONE_WHEN_CLOSED = frozenset({"application_site", "application_items", "procedure"})


def same_everywhere(topic: str) -> bool:
    """Say whether a topic can be answered before the campaign is known."""
    return topic in SAME_EVERYWHERE


def answered(notice: Notice, topic: str) -> bool:
    """Say whether a notice has an answer to ``topic``; a button may only promise one it has."""
    silent = {
        "inquiry_number": notice.inquiry_number is None,
        "not_arrived": notice.delivery is None,
        "bank_transfer": notice.bank_transfer is None
        and all(rule.unused.kind != "transfer" for rule in notice.classes),
    }
    return not silent.get(topic, False)


def topic_reply(scene: Scene, state: State, topic: str) -> Reply:
    """Return the bubble that answers a question back about ``topic``.

    Raises:
        jinja2.UndefinedError: the topic depends on the campaign, which is not known.
    """
    if topic == "other_prefecture":
        return prefecture_reply(scene, state, "")
    notice = scene.notice(state)
    if notice is None:
        return Reply(scene.say(f"asides.{topic}.text"), interview=state.interview)
    printed = notice.paper_coupon.facts if notice.paper_coupon else ()
    links: list[Link] = []
    is_open = facts.site_takes_applications(notice, scene.as_of)
    if topic == "application_site" and notice.site.address and is_open:
        links.append(Link("url", scene.say("verdict.buttons.site"), notice.site.address.url))
    if topic in CALLING:
        links += calling.phone_links(scene, state)
    text = scene.say(
        f"asides.{topic}.text",
        notice=notice,
        silent=scene.say("asides.silent"),
        ask=scene.say("asides.ask", number=notice.call_center.number),
        calling=calling.calling_text(scene, state),
        today=scene.today,
        over=scene.today > facts.last_day([notice]),
        rules=_rules(scene, state, notice),
        app=state.answers.app,
        incidents={value: scene.wording.value("incident", value) for value in INCIDENTS},
        area=next((r.extension.use_area for r in notice.classes if r.extension.use_area), None),
        facts={fact.id: fact.text for fact in printed},
    )
    text = "\n".join((text, *_gone(scene, notice, topic)))
    return Reply(text, links=tuple(links), interview=state.interview)


def _gone(scene: Scene, notice: Notice, topic: str) -> list[str]:
    """Return the line that says it is too late, where it is."""
    last, apply_by = facts.last_day([notice]), notice.site.apply_by
    if scene.today > last and topic in GONE_WHEN_OVER:
        return [scene.say("asides.over", last=last)]
    if scene.today > apply_by and topic in GONE_WHEN_CLOSED:
        return [scene.say("asides.closed", apply_by=apply_by)]
    return []


def _rules(scene: Scene, state: State, notice: Notice) -> tuple[ClassRule, ...]:
    """Return the classes still worth speaking of: after a verdict the traveller's own."""
    decision = scene.decide(state) if state.stage == "verdict" else None
    live = {*decision.classes, *decision.possible} if decision else set()
    own = tuple(rule for rule in notice.classes if rule.code in live)
    return own or notice.classes


def prefecture_reply(scene: Scene, state: State, place: str) -> Reply:
    """Return the honest answer to a prefecture whose notice the assistant does not hold.

    Args:
        scene: the turn's surroundings.
        state: for the buttons' interview.
        place: the place as it was read, empty where it was not named.
    """
    text = scene.say(
        "asides.other_prefecture.text",
        text=place,
        prefectures=[notice.prefecture for notice in scene.notices.values()],
        number=facts.common_number(scene.notices),
    )
    return Reply(text, links=calling.phone_links(scene, State()), interview=state.interview)
