"""Conversations, inbox, outbox and cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
MOMENT = sa.DateTime(timezone=True)

# Readers of the web page and the terminal wait for this (bot/outbox_listen.py); LINE and Telegram
# have none. One notification a statement, however many bubbles it stored.
NOTIFY = """
CREATE FUNCTION hosho_outbox_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hosho_outbox', conversation)
        FROM (SELECT DISTINCT conversation FROM stored) AS ready
        WHERE conversation NOT LIKE 'line:%' AND conversation NOT LIKE 'telegram:%';
    RETURN NULL;
END;
$$;

CREATE TRIGGER hosho_outbox_stored AFTER INSERT ON outbox
    REFERENCING NEW TABLE AS stored
    FOR EACH STATEMENT EXECUTE FUNCTION hosho_outbox_stored();
"""


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "conversation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("keyboard", sa.Text),
        sa.Column("blocked_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.UniqueConstraint("channel", "address"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("payload", postgresql.JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="pending"),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("problem", sa.Text),
        sa.Column("received_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("done_at", MOMENT),
        sa.UniqueConstraint("channel", "event_id"),
        sa.CheckConstraint("state IN ('pending', 'done', 'given_up')", name="inbox_state"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("inbox_id", sa.BigInteger, sa.ForeignKey("inbox.id"), nullable=False),
        sa.Column("seq", sa.SmallInteger, nullable=False),
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("body", postgresql.JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("uncertain", sa.Boolean, nullable=False, server_default="false"),
        sa.Column(
            "retry_key",
            sa.UUID,
            nullable=False,
            server_default=sa.text("gen_random_uuid()"),
        ),
        sa.Column("next_attempt_at", MOMENT),
        sa.Column("problem", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("sent_at", MOMENT),
        sa.UniqueConstraint("inbox_id", "seq"),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'given_up')", name="outbox_state"
        ),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("inbox_id", sa.BigInteger, sa.ForeignKey("inbox.id"), nullable=False),
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("answers", postgresql.JSONB, nullable=False),
        sa.Column("decision", postgresql.JSONB, nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.UniqueConstraint("inbox_id"),
    )
    pending = sa.text("state = 'pending'")
    unsent = sa.text("state IN ('waiting', 'sending')")
    given_up = sa.text("state = 'given_up'")
    op.create_index("inbox_pending", "inbox", ["conversation", "id"], postgresql_where=pending)
    op.create_index("inbox_given_up", "inbox", ["id"], postgresql_where=given_up)
    op.create_index("outbox_conversation", "outbox", ["conversation", "id"])
    op.create_index("outbox_unsent", "outbox", ["conversation", "id"], postgresql_where=unsent)
    op.create_index("outbox_given_up", "outbox", ["id"], postgresql_where=given_up)
    op.create_index("cases_receipt", "cases", ["receipt"])
    op.create_index("cases_created_at", "cases", ["created_at"])
    op.get_bind().exec_driver_sql(NOTIFY.replace("%", "%%"))


def downgrade() -> None:
    """Remove the tables."""
    for table in ("cases", "outbox", "inbox", "conversation"):
        op.drop_table(table)
    op.execute("DROP FUNCTION hosho_outbox_stored")
