"""The service's tables: conversations, inbox, outbox, cases.

The hot path (``bot/inbox.py``, ``bot/outbox.py``) speaks SQL to them directly, one statement a
step; everything else reads them through these classes.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Tables of ours (procrastinate's and Rasa's are not described here)."""

    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        str: Text,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        uuid.UUID: UUID,
    }


class Conversation(Base):
    """One traveller on one channel (or one page, one terminal).

    ``id`` is opaque and safe to show; ``address`` is the platform's user or chat id and never
    leaves this table but to the platform. ``keyboard`` is the Telegram message whose buttons
    are in view.
    """

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    keyboard: Mapped[str | None]
    blocked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class InboxMessage(Base):
    """One event of a platform, stored once: ``event_id`` is unique in its channel.

    ``payload``: ``turn`` is what the engine gets (``text``, ``button``, ``start`` or
    ``event``) or ``say`` a text of the channel's own; ``reply`` what answering needs (LINE's
    reply token, Telegram's callback id).
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        CheckConstraint("state IN ('pending', 'done', 'given_up')", name="inbox_state"),
        Index("inbox_pending", "conversation", "id", postgresql_where=text("state = 'pending'")),
        Index("inbox_given_up", "id", postgresql_where=text("state = 'given_up'")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    channel: Mapped[str]
    event_id: Mapped[str]
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    problem: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    done_at: Mapped[datetime | None]


class Letter(Base):
    """One call to a platform that says something: the unit that is sent exactly once.

    ``body`` is what the channel's renderer made, so that a second try says the same words
    under the same ``retry_key``. ``uncertain``: a try was cut off before its answer came.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("inbox_id", "seq"),
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'given_up')", name="outbox_state"),
        Index("outbox_conversation", "conversation", "id"),
        Index(
            "outbox_unsent",
            "conversation",
            "id",
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index("outbox_given_up", "id", postgresql_where=text("state = 'given_up'")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    seq: Mapped[int] = mapped_column(SmallInteger)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    body: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    uncertain: Mapped[bool] = mapped_column(server_default="false")
    retry_key: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    next_attempt_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]


class Case(Base):
    """What is kept of a finished interview or a hand-over, found by its 受付番号.

    One row for each moment worth keeping (``event``); the newest row of a receipt is its
    present state. ``as_of`` is the assistant's clock, ``created_at`` the real one.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("inbox_id"),
        Index("cases_receipt", "receipt"),
        Index("cases_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    receipt: Mapped[str]
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    event: Mapped[str]
    answers: Mapped[dict[str, Any]]
    decision: Mapped[dict[str, Any]]
    as_of: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
