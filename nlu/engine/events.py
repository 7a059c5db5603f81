"""Events out of JSON, without searching every class of Rasa's for each of them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from rasa.shared.core.events import Event


def deserialised(events: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Return Rasa's events, as ``rasa.shared.core.events.deserialise_events`` does.

    That function lists all subclasses of ``Event`` anew for every single event: a sixth of a turn.

    Args:
        events: as ``Event.as_dict`` wrote them.

    Raises:
        ValueError: for an event of a type that Rasa does not know.
    """
    found = ((_class_of(event.get("event")), event) for event in events)
    return [kind._from_parameters(event) for kind, event in found if kind is not None]


@functools.lru_cache(maxsize=256)
def _class_of(name: Optional[str]) -> Optional[type[Event]]:
    return None if name is None else Event.resolve_by_type(name)
