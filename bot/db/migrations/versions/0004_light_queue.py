"""Several jobs in one call, and less work a job in procrastinate's triggers."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Takes the next jobs as procrastinate does, one after the other. ``crowded`` is looked at once a
# job is ours, in a snapshot of its own: then nobody else touches its conversation's letters.
# That a job was taken need not wait for the disk: lost in a crash of PostgreSQL together with all
# that came after it, the job is taken again.
FETCH = """
CREATE FUNCTION hosho_fetch_jobs(queue text, worker bigint, number integer)
RETURNS TABLE (id bigint, lock text, args jsonb, attempts integer, crowded boolean)
LANGUAGE plpgsql AS $$
DECLARE
    job procrastinate_jobs;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    FOR _ IN 1..number LOOP
        job := procrastinate_fetch_job_v2(ARRAY[queue]::varchar[], worker);
        EXIT WHEN job.id IS NULL;
        RETURN QUERY SELECT job.id, job.lock, job.args, job.attempts, EXISTS (
            SELECT 1 FROM outbox AS o
            WHERE o.conversation = job.lock AND o.state IN ('waiting', 'sending'));
    END LOOP;
END;
$$
"""
# The history of jobs that are deleted at their end, and goes with them: two rows a job.
# What happened stands in inbox and outbox.
NO_HISTORY = """
DROP TRIGGER procrastinate_trigger_status_events_update_v1 ON procrastinate_jobs;
DROP TRIGGER procrastinate_trigger_status_events_insert_v1 ON procrastinate_jobs;
"""
# LINE's and Telegram's letters, the most of all, have no readers: nothing is called for them.
NOTIFY = """
DROP TRIGGER hosho_outbox_stored ON outbox;
CREATE OR REPLACE FUNCTION hosho_outbox_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hosho_outbox', NEW.conversation);
    RETURN NULL;
END;
$$;
CREATE TRIGGER hosho_outbox_stored AFTER INSERT ON outbox FOR EACH ROW
    WHEN (NEW.conversation NOT LIKE 'line:%' AND NEW.conversation NOT LIKE 'telegram:%')
    EXECUTE FUNCTION hosho_outbox_stored();
"""


def upgrade() -> None:
    """Create the function and change the triggers."""
    for sql in (FETCH, NO_HISTORY, NOTIFY):
        op.get_bind().exec_driver_sql(sql.replace("%", "%%"))


def downgrade() -> None:
    """Nothing: earlier code works with these triggers too, and does not call the function."""
