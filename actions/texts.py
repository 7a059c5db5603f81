"""The assistant's wording: templates from ``actions/texts/*.yml``, compiled once, strict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import yaml

DIRECTORY = Path(__file__).with_name("texts")
_WEEKDAYS = "月火水木金土日"


class TextsError(ValueError):
    """A wording file cannot be used; the message names file, key and what is wrong."""


def long_date(day: date) -> str:
    """Return ``2023年2月24日（金）``, the form in which every date is read back."""
    return f"{plain_date(day)}（{_WEEKDAYS[day.weekday()]}）"


def short_date(day: date) -> str:
    """Return ``2月24日（金）``."""
    return f"{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def plain_date(day: date) -> str:
    """Return ``2023年2月24日``, where brackets stand around it already."""
    return f"{day.year}年{day.month}月{day.day}日"


def clock_time(moment: datetime | time) -> str:
    """Return ``10時``, or ``17時45分`` where the minutes count."""
    return f"{moment.hour}時{moment.minute}分" if moment.minute else f"{moment.hour}時"


def yen(amount: int) -> str:
    """Return ``1,500円``."""
    return f"{amount:,}円"


class Texts:
    """Compiled templates by dotted key (``questions.expires.ask``: file, then keys in it).

    Every name a template uses must be given: a forgotten fact raises
    ``jinja2.UndefinedError`` instead of leaving a hole in a sentence.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        """Compile ``sources``, dotted key to template.

        Raises:
            TextsError: naming the key whose template cannot be compiled.
        """
        environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined,
            autoescape=False,  # noqa: S701 - plain text; each channel escapes for itself
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            day=long_date, short=short_date, plain=plain_date, clock=clock_time, yen=yen
        )
        self._templates: dict[str, jinja2.Template | str] = {}
        for key, source in sources.items():
            if "{" not in source:
                # Most texts have no facts in them: nothing to render.
                self._templates[key] = _tidy(source)
                continue
            try:
                self._templates[key] = environment.from_string(source)
            except jinja2.TemplateSyntaxError as error:
                raise TextsError(f"{key}: line {error.lineno}: {error.message}") from error

    def __contains__(self, key: str) -> bool:
        """Say whether there is a template of that key."""
        return key in self._templates

    def keys(self) -> Iterator[str]:
        """Yield every key."""
        return iter(self._templates)

    def under(self, prefix: str) -> list[str]:
        """Return the last parts of the keys directly below ``prefix``, in the file's order."""
        start = prefix + "."
        return [
            key[len(start) :]
            for key in self._templates
            if key.startswith(start) and "." not in key[len(start) :]
        ]

    def say(self, key: str, **facts: Any) -> str:
        """Render ``key`` with ``facts``; blank lines are collapsed, ends trimmed.

        Raises:
            KeyError: no such template.
            jinja2.UndefinedError: the template needs a fact that was not given.
        """
        template = self._templates[key]
        return template if isinstance(template, str) else _tidy(template.render(**facts))


def _tidy(said: str) -> str:
    said = re.sub(r"[ \t]+\n", "\n", said)
    return re.sub(r"\n{3,}", "\n\n", said).strip()


@lru_cache(maxsize=4)
def load_texts(directory: Path = DIRECTORY) -> Texts:
    """Load every ``*.yml`` of ``directory``; the file's name begins the keys.

    Raises:
        TextsError: a file is not a mapping of (mappings of) texts, or a template is broken.
    """
    sources: dict[str, str] = {}
    for path in sorted(directory.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise TextsError(f"{path.name}: must map keys to texts")
        sources.update(_flatten(path.stem, content))
    return Texts(sources)


def _flatten(prefix: str, content: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        key = f"{prefix}.{name}"
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            yield from _flatten(key, value)
        else:
            # `yes`, `no` and bare numbers are YAML's own values: quoting mends them.
            raise TextsError(f"{key}: must be a text (quote it), not {type(value).__name__}")
