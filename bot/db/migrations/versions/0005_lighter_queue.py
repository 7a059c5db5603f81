"""One notification a job in place of two, jobs found by their lock, letters as they are."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# procrastinate announces a job on its queue's channel and on one for workers of all queues, which
# we have not; and makes the payload by a query.
ANNOUNCE = """
CREATE FUNCTION hosho_job_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name,
        '{"type": "job_inserted", "job_id": ' || NEW.id || '}');
    RETURN NULL;
END;
$$;

DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs;
CREATE TRIGGER hosho_job_inserted AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN (NEW.status = 'todo') EXECUTE FUNCTION hosho_job_inserted();
"""
# A job that is deleted cannot be the one that waits: only another one of its lock.
RELEASED = """
CREATE FUNCTION hosho_lock_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    waiting record;
BEGIN
    SELECT id, queue_name INTO waiting FROM procrastinate_jobs
        WHERE status = 'todo' AND lock = OLD.lock
        AND (scheduled_at IS NULL OR scheduled_at <= now()) LIMIT 1;
    IF FOUND THEN
        PERFORM pg_notify('procrastinate_queue_v1#' || waiting.queue_name,
            '{"type": "job_inserted", "job_id": ' || waiting.id || '}');
    END IF;
    RETURN NULL;
END;
$$;

DROP TRIGGER hosho_lock_released_delete ON procrastinate_jobs;
CREATE TRIGGER hosho_lock_released_delete AFTER DELETE ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.status = 'doing')
    EXECUTE FUNCTION hosho_lock_deleted();
"""
# procrastinate looks for other jobs of a lock, whatever their state; it has no index that begins
# with the lock, and PostgreSQL reads another one from end to end, with all jobs that are done and
# not vacuumed yet. This one serves that and what the former served.
BY_LOCK = """
CREATE INDEX hosho_jobs_open ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing');
DROP INDEX hosho_jobs_waiting;
"""
# A letter that fits into a page is not compressed: that costs more than the disk it saves.
PLAIN = "ALTER TABLE outbox SET (toast_tuple_target = 8160)"


def upgrade() -> None:
    """Replace two triggers and an index, and set the table's parameter."""
    for sql in (ANNOUNCE, RELEASED, BY_LOCK, PLAIN):
        op.get_bind().exec_driver_sql(sql.replace("%", "%%"))


def downgrade() -> None:
    """Nothing: earlier code works with these triggers too."""
