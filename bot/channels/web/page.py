"""The page itself: its HTML from the template, its static files, the headers that guard both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

import jinja2

from actions.notices import Notice

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
#: Nothing from elsewhere, no inline script or style, and no string ever becomes markup.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True)
class CallCenter:
    """Whom to ring when the page cannot help: name, number and hours as the notices have them."""

    name: str
    phone: str
    hours: str


@dataclass(frozen=True)
class PageFacts:
    """What the page takes from the notices.

    ``campaigns`` are the names a talk can start in (``/?campaign=gunma``); ``call_centers``
    the numbers shown where the chat cannot run.
    """

    campaigns: frozenset[str]
    call_centers: Sequence[CallCenter]

    @classmethod
    def of(cls, notices: Mapping[str, Notice]) -> PageFacts:
        """Take them from the notices; call centers that are the same stand once.

        Weekends are left out: they are served in one month only, and the page without
        JavaScript does not know which campaign's traveller reads it.
        """
        centers = {
            CallCenter(
                center.name,
                center.number,
                f"平日 {_hour(center.opens_at)}～{_hour(center.closes_at)}",
            ): None
            for center in (notice.call_center for notice in notices.values())
        }
        return cls(frozenset(notices), tuple(centers))


def moment_in_words(moment: datetime) -> str:
    """Return ``2023年3月25日（土）10:00`` (JST as given)."""
    day = f"{moment.year}年{moment.month}月{moment.day}日（{WEEKDAYS[moment.weekday()]}）"
    return f"{day}{moment.hour}:{moment.minute:02d}"


def _hour(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"


def static_version() -> str:
    """Return a digest of the static files: their address changes whenever they do."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


class Page:
    """Renders the page; the template is read once."""

    def __init__(self, facts: PageFacts, stopped_clock: datetime | None) -> None:
        """Keep what every visitor's page shows; ``stopped_clock`` only in a demonstration."""
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("index.html")
        self._facts = facts
        self._clock = moment_in_words(stopped_clock) if stopped_clock else None
        self.version = static_version()

    def render(self, campaign: str, max_text: int) -> str:
        """Return the HTML.

        Args:
            campaign: the campaign to start in, empty for none.
            max_text: characters one message may have.
        """
        return self._template.render(
            campaign=campaign,
            static=f"/web/static/{self.version}",
            clock=self._clock,
            call_centers=self._facts.call_centers,
            max_text=max_text,
        )
