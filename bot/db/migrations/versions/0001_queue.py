"""procrastinate's schema as of 3.10, and the wake-up it lacks."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A job waiting for its lock is not announced when the lock comes free: procrastinate would find
# it at its next poll. This announces it, whichever process held the lock, and however it let go
# (done, given back, taken from a killed worker).
WAKE = """
CREATE INDEX hosho_jobs_waiting ON procrastinate_jobs (lock) WHERE status = 'todo';

CREATE FUNCTION hosho_lock_released() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    waiting record;
BEGIN
    SELECT id, queue_name INTO waiting FROM procrastinate_jobs
        WHERE status = 'todo' AND (lock = OLD.lock OR id = OLD.id)
        AND (scheduled_at IS NULL OR scheduled_at <= now()) LIMIT 1;
    IF FOUND THEN
        PERFORM pg_notify(
            'procrastinate_queue_v1#' || waiting.queue_name,
            json_build_object('type', 'job_inserted', 'job_id', waiting.id)::text
        );
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER hosho_lock_released_update AFTER UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.status = 'doing' AND NEW.status <> 'doing')
    EXECUTE FUNCTION hosho_lock_released();
CREATE TRIGGER hosho_lock_released_delete AFTER DELETE ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.status = 'doing')
    EXECUTE FUNCTION hosho_lock_released();
"""


def upgrade() -> None:
    """Create procrastinate's tables and our trigger on them."""
    # Its SQL holds colons and percent signs: it goes to the driver as it is.
    for sql in (SchemaManager.get_schema(), WAKE):
        op.get_bind().exec_driver_sql(sql.replace("%", "%%"))


def downgrade() -> None:
    """Remove them."""
    raise NotImplementedError("the first revision is not undone: drop the database instead")
