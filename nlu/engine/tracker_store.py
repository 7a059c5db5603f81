"""Rasa's tracker store on PostgreSQL: turns are appended, a small state row is replaced.

Rasa's own SQL store writes a row an event and rereads the whole conversation before every turn, so
turn 500 costs thirteen times turn 10. Here the next turn needs one row of constant size (the
slots and the last turn's events), and leaves behind one row with the turn's own events.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import asyncpg
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.engine.events import deserialised
from nlu.engine.tables import CREATE_TABLES

#: Turns before the present one that policies can look back on. The longest rule needs no more
#: than the message itself; one turn more keeps rules that start a conversation off its middle.
KEPT_TURNS = 1
#: What of a kept turn the policies look at; slots are kept by value, replies not at all.
KEPT_EVENTS = (UserUttered, ActionExecuted, ActionExecutionRejected, LoopInterrupted)
#: Connections of one engine. A turn holds one for well under a millisecond at either end; each is
#: a PostgreSQL process, whose memory is what more of them would cost.
MAX_CONNECTIONS = 2
#: Seconds after which a statement is given up, so that the turn fails and is tried again.
STATEMENT_TIMEOUT = 20.0

_TABLES_EXIST = """
SELECT to_regclass('tracker_state') IS NOT NULL AND to_regclass('tracker_turn') IS NOT NULL
"""
_READ = """
SELECT state.version, state.state, turn.events
FROM (SELECT) AS always
LEFT JOIN tracker_state AS state ON state.conversation = $1
LEFT JOIN tracker_turn AS turn ON turn.conversation = $1 AND turn.message = $2
"""
# One statement, so one transaction and one round trip: the turn's row is only there when the
# state still was what the turn started from.
_WRITE = """
WITH written AS (
    INSERT INTO tracker_state AS state (conversation, version, state)
    VALUES ($1, $2, $3)
    ON CONFLICT (conversation) DO UPDATE
    SET version = excluded.version, state = excluded.state, updated_at = now()
    WHERE state.version = excluded.version - 1
    RETURNING 1
)
INSERT INTO tracker_turn (conversation, message, version, events)
SELECT $1, $4, $2, $5 FROM written
RETURNING 1
"""


class ConflictError(Exception):
    """Another engine took a turn of this conversation meanwhile: read it again and redo."""


class StoredTracker(DialogueStateTracker):
    """A tracker that knows what of it is stored.

    Attributes:
        version: how many turns are stored; 0 for a new conversation.
        stored_events: how many events at its beginning are not to be stored again.
    """

    version = 0
    stored_events = 0


@dataclass(frozen=True)
class Opened:
    """A conversation at the beginning of a turn.

    Attributes:
        tracker: its state.
        recorded: the events of this very message, when it was answered before.
    """

    tracker: StoredTracker
    recorded: Optional[list[dict[str, Any]]]


class PostgresTrackerStore(TrackerStore):
    """Conversations in ``tracker_state`` and ``tracker_turn`` (:mod:`nlu.engine.tables`)."""

    def __init__(
        self,
        domain: Optional[Domain],
        database_url: str,
        event_broker: Optional[EventBroker] = None,
    ) -> None:
        """Keep the address; the first use connects.

        Args:
            domain: names the slots; Rasa sets it again once the model is loaded.
            database_url: ``postgresql://…`` as libpq reads it.
            event_broker: where Rasa would publish events, if anywhere.
        """
        super().__init__(domain, event_broker)
        self._database_url = database_url
        self._pool: Optional[asyncpg.Pool] = None
        # Made by the loop that uses it: the store is built before there is one.
        self._connecting: Optional[asyncio.Lock] = None

    async def connect(self, *, create_tables: bool = False) -> None:
        """Open the connections, creating the two tables when asked to and they are missing."""
        # Turns that come together must not make a pool each.
        if self._connecting is None:
            self._connecting = asyncio.Lock()
        async with self._connecting:
            if self._pool is not None:
                if create_tables:
                    await _create_tables(self._pool)
                return
            pool = await asyncpg.create_pool(
                self._database_url,
                min_size=1,
                max_size=MAX_CONNECTIONS,
                max_inactive_connection_lifetime=0,
                command_timeout=STATEMENT_TIMEOUT,
                reset=_leave_as_it_is,
            )
            try:
                if create_tables:
                    await _create_tables(pool)
            except BaseException:
                await pool.close()
                raise
            # Only now: whoever finds it finds the tables, too.
            self._pool = pool

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await pool.close()

    async def open_turn(self, conversation: str, message: str) -> Opened:
        """Return the conversation's tracker, and what this message led to if it was answered.

        Args:
            conversation: Rasa's sender id.
            message: the inbox id of the message about to be answered.
        """
        row = await (await self._connected()).fetchrow(_READ, conversation, message)
        tracker = self._tracker(conversation, row["version"], row["state"])
        return Opened(tracker, None if row["events"] is None else json.loads(row["events"]))

    async def close_turn(self, tracker: StoredTracker, message: str) -> list[dict[str, Any]]:
        """Store what the turn added, under its message's id, all or nothing.

        Returns:
            the turn's events, as stored.

        Raises:
            ConflictError: when the conversation was moved on meanwhile; nothing is stored.
        """
        events = [
            event.as_dict()
            for event in itertools.islice(tracker.events, tracker.stored_events, None)
        ]
        kept = state_events(tracker)
        try:
            written = await (await self._connected()).fetchval(
                _WRITE, tracker.sender_id, tracker.version + 1, _dump(kept), message, _dump(events)
            )
        except asyncpg.UniqueViolationError:  # the same message, answered by another engine
            written = None
        if not written:
            raise ConflictError(tracker.sender_id)
        tracker.version += 1
        tracker.stored_events = len(tracker.events)
        return events

    async def get_or_create_tracker(
        self,
        sender_id: str,
        max_event_history: Optional[int] = None,
        append_action_listen: bool = True,
    ) -> DialogueStateTracker:
        """Return the conversation's tracker, empty when it is new (nothing is written yet)."""
        tracker = (await self.open_turn(sender_id, "")).tracker
        if append_action_listen and not tracker.events:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Return the conversation's tracker with its slots and last turn; ``None`` when new."""
        tracker = (await self.open_turn(sender_id, "")).tracker
        return tracker if tracker.version else None

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Return a tracker with every event of the conversation; ``None`` when it is new."""
        rows = await (await self._connected()).fetch(
            "SELECT version, events FROM tracker_turn WHERE conversation = $1 ORDER BY version",
            conversation_id,
        )
        if not rows:
            return None
        tracker = StoredTracker(conversation_id, self.domain.slots)
        for row in rows:
            for event in deserialised(json.loads(row["events"])):
                tracker.update(event)
        tracker.version = rows[-1]["version"]
        tracker.stored_events = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what was added since the tracker was read (``rasa shell``, Rasa's own server)."""
        if not isinstance(tracker, StoredTracker):
            raise TypeError("only a tracker read from this store can be saved in it")
        await self.stream_events(tracker)
        latest = tracker.latest_message
        message = (latest.message_id if latest else None) or uuid.uuid4().hex
        if len(tracker.events) > tracker.stored_events:
            await self.close_turn(tracker, message)

    async def keys(self) -> Iterable[str]:
        """Return every conversation's id."""
        rows = await (await self._connected()).fetch("SELECT conversation FROM tracker_state")
        return [row["conversation"] for row in rows]

    async def _connected(self) -> asyncpg.Pool:
        if self._pool is None:
            await self.connect(create_tables=True)
        assert self._pool is not None
        return self._pool

    def _tracker(
        self, conversation: str, version: Optional[int], state: Optional[str]
    ) -> StoredTracker:
        tracker = StoredTracker(conversation, self.domain.slots)
        if state is not None:
            for event in deserialised(json.loads(state)):
                # A slot that the domain no longer has is forgotten.
                if not isinstance(event, SlotSet) or event.key in tracker.slots:
                    tracker.update(event)
            tracker.version = version or 0
        tracker.stored_events = len(tracker.events)
        return tracker


class EnvironmentTrackerStore(TrackerStore):
    """For Rasa's own tools (``nlu/endpoints.yml``): PostgreSQL where it is set, else memory."""

    def __init__(
        self,
        domain: Optional[Domain],
        host: Optional[str] = None,
        event_broker: Optional[EventBroker] = None,
        **_options: Any,
    ) -> None:
        """Choose by ``HOSHO_DATABASE_URL``, or by the endpoint's ``url``."""
        super().__init__(domain, event_broker)
        database_url = os.environ.get("HOSHO_DATABASE_URL") or host
        known = domain or Domain.empty()
        self._store: TrackerStore = (
            PostgresTrackerStore(known, database_url, event_broker)
            if database_url
            else InMemoryTrackerStore(known, event_broker)
        )

    @property
    def domain(self) -> Domain:
        """Return the domain of the store in use."""
        return self._store.domain

    @domain.setter
    def domain(self, domain: Optional[Domain]) -> None:
        self._store.domain = domain or Domain.empty()

    async def get_or_create_tracker(
        self,
        sender_id: str,
        max_event_history: Optional[int] = None,
        append_action_listen: bool = True,
    ) -> DialogueStateTracker:
        """Return the conversation's tracker from the store in use."""
        return await self._store.get_or_create_tracker(
            sender_id, max_event_history, append_action_listen
        )

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Return the conversation's tracker from the store in use."""
        return await self._store.retrieve(sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Return every event of the conversation from the store in use."""
        return await self._store.retrieve_full_tracker(conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker in the store in use."""
        await self._store.save(tracker)

    async def keys(self) -> Iterable[str]:
        """Return every conversation's id from the store in use."""
        return list(await self._store.keys())


def state_events(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """Return the events that rebuild what the next turn needs of a tracker.

    The slots that are set, an active loop and a pause by one event each, then the last turn.
    Their number depends on the domain and on the last turn, never on the conversation's length.
    """
    kept: list[Event] = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value
    ]
    if tracker.active_loop is not None:
        kept.append(ActiveLoop(tracker.active_loop.name))
    if tracker.is_paused():
        kept.append(ConversationPaused())
    # Says that the conversation is under way: a rule for its start must not match again.
    kept.append(ActionExecuted(ACTION_LISTEN_NAME))
    return [_lean(event.as_dict()) for event in (*kept, *_last_turns(tracker.applied_events()))]


def _last_turns(events: Sequence[Event]) -> list[Event]:
    turns = 0
    for start in range(len(events) - 1, -1, -1):
        if isinstance(events[start], UserUttered):
            turns += 1
            if turns == KEPT_TURNS:
                return [event for event in events[start:] if isinstance(event, KEPT_EVENTS)]
    return []


def _lean(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event without what only the full record is for (rankings, tokens, model ids)."""
    lean = {
        key: value
        for key, value in event.items()
        if value is not None and key not in ("metadata", "parse_data")
    }
    parse_data: Optional[Mapping[str, Any]] = event.get("parse_data")
    if parse_data is not None:
        lean["parse_data"] = {
            key: parse_data[key] for key in ("text", "intent", "entities") if key in parse_data
        }
    return lean


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def _create_tables(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        # Engines that start together must not create the same table twice.
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('tracker'))")
        # Where the service's migrations made them, the engine may not be allowed to.
        if not await connection.fetchval(_TABLES_EXIST):
            for statement in CREATE_TABLES:
                await connection.execute(statement)


async def _leave_as_it_is(_connection: asyncpg.Connection) -> None:
    """Skip the pool's clean-up statement: nothing here changes a session's settings."""
