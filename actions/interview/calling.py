"""The call center in words: its number, its hours, and whether it answers at this moment."""

from __future__ import annotations

from typing import Optional

from actions.calling_hours import Hours, calling
from actions.interview import facts
from actions.interview.scene import Scene
from actions.interview.state import State
from actions.notice_types import CallCenter, Notice
from actions.replies import Link, Reply


def calling_text(scene: Scene, state: State, form: str = "info") -> str:
    """Return number, hours and next opening, from the traveller's own notice where it is known.

    Args:
        scene: the turn's surroundings.
        state: says whose notice.
        form: ``info`` with the center's name, or ``short``.
    """
    notice = scene.notice(state)
    if notice is not None:
        center = notice.call_center
        hours = scene.say("calling.hours", center=center, today=scene.today)
        return scene.say(f"calling.{form}", center=center, hours=hours, now=_now(scene, notice))
    # Until the campaign is known, only what all notices say alike may be said.
    return scene.say("calling.info_common", center=_any_center(scene), count=len(scene.notices))


def calling_reply(scene: Scene, state: State) -> Reply:
    """Return the bubble that answers 人に相談."""
    return Reply(
        scene.say("calling.human", info=calling_text(scene, state), over=_over(scene, state)),
        links=phone_links(scene, state),
        interview=state.interview,
    )


def phone_links(scene: Scene, state: State) -> tuple[Link, ...]:
    """Return the button that dials the call center."""
    number = phone(scene, state)
    return (Link("phone", scene.say("calling.button"), number),) if number else ()


def phone(scene: Scene, state: State) -> Optional[str]:
    """Return the call center's number: the campaign's, else the one all notices share."""
    notice = scene.notice(state)
    return notice.call_center.number if notice else facts.common_number(scene.notices)


def _over(scene: Scene, state: State) -> bool:
    notice = scene.notice(state)
    return scene.today > facts.last_day([notice] if notice else scene.notices.values())


def _any_center(scene: Scene) -> CallCenter:
    return next(iter(scene.notices.values())).call_center


def _now(scene: Scene, notice: Notice) -> str:
    if scene.today > facts.last_day([notice]):
        return scene.say("calling.now.over", office=notice.office)
    center = notice.call_center
    weekends = center.weekends
    hours = Hours(
        center.opens_at,
        center.closes_at,
        weekends.starts if weekends else None,
        weekends.ends if weekends else None,
    )
    found = calling(hours, scene.as_of)
    if found.open_now:
        return scene.say("calling.now.open", until=found.until)
    return scene.say("calling.now.closed", opens=found.opens, today=scene.today)
