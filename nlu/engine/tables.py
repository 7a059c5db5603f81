"""The engine's two tables. The service's migrations create them; the engine alone can, too."""

from __future__ import annotations

#: Statement by statement, each harmless when repeated; ``bot/db/migrations`` runs the same.
#:
#: ``tracker_state`` holds one small row a conversation: what the next turn needs, of a size that
#: does not grow with the conversation. Room is left in its pages, so that an update stays in its
#: page and touches no index. ``tracker_turn`` is only ever appended to: one row a turn with its
#: events, found again by the message's id.
CREATE_TABLES: tuple[str, ...] = (
    """
    CREATE TABLE IF NOT EXISTS tracker_state (
        conversation text PRIMARY KEY,
        version integer NOT NULL,
        state json NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
    ) WITH (fillfactor = 60)
    """,
    """
    CREATE TABLE IF NOT EXISTS tracker_turn (
        conversation text NOT NULL,
        message text NOT NULL,
        version integer NOT NULL,
        events json NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (conversation, message)
    )
    """,
)
DROP_TABLES: tuple[str, ...] = (
    "DROP TABLE IF EXISTS tracker_turn",
    "DROP TABLE IF EXISTS tracker_state",
)
