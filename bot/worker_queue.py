"""procrastinate as the worker uses it: one task, no wake-up missed, stalled jobs taken up again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions, jobs
from procrastinate.connector import BaseConnector
from procrastinate.job_context import JobContext
from procrastinate.manager import JobManager
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from bot.inbox import QUEUE, TASK
from bot.outbox import Pending
from bot.worker_turn import Tools, answer_fresh, carry_on

log = logging.getLogger(__name__)
#: First number of the advisory locks by which workers show that they live; the second is the
#: worker's id in procrastinate.
ALIVE = 20230224
#: The same for workers whose engine answers; ``/health`` counts them.
READY = ALIVE + 1
#: Seconds between two looks at the jobs of dead workers.
SWEEP_SECONDS = 1.0
#: Seconds between two looks for due retries (and the bound on any lost notification).
POLL_SECONDS = 1.0
#: Seconds before a job is done again that failed by a mistake of ours or for want of the database.
RETRY_SECONDS = 3
#: Jobs of workers whose advisory lock is gone: PostgreSQL lets go of it in the moment in which
#: the process dies, so nobody has to wait for a heartbeat to grow old.
_ORPHANED = f"""
SELECT job.id FROM procrastinate_jobs AS job
WHERE job.status = 'doing' AND job.queue_name = '{QUEUE}' AND NOT EXISTS (
    SELECT 1 FROM pg_locks AS l
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid = {ALIVE} AND l.objid = job.worker_id
)
"""  # noqa: S608
#: The net below the net: work without a job (its job failed, or its worker was stopped) gets one.
_FORGOTTEN = f"""
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    '{QUEUE}', '{TASK}', 0, conversation, NULL,
    jsonb_build_object('conversation', conversation), NULL
)::procrastinate_job_to_defer_v1])
FROM (
    SELECT conversation FROM inbox
    WHERE state = 'pending' AND received_at < now() - interval '3 seconds'
    UNION
    SELECT conversation FROM outbox
    WHERE state IN ('waiting', 'sending')
    AND coalesce(next_attempt_at, created_at) < now() - interval '3 seconds'
) AS work
WHERE split_part(conversation, ':', 1) = ANY(%s)
AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs
    WHERE lock = conversation AND status = 'todo')
AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs
    WHERE lock = conversation AND status = 'doing')
"""  # noqa: S608


#: What ``JobManager.finish_job`` does, and the letter's mark; this one waits for the disk.
FINISH = """
WITH sent AS (
    UPDATE outbox SET state = 'sent', sent_at = now(), problem = NULL WHERE id = %(letter)s
)
SELECT procrastinate_finish_job_v1(%(job_id)s, %(status)s, %(delete_job)s),
    set_config('synchronous_commit', 'on', true)
"""


class FrugalJobManager(JobManager):
    """procrastinate's job manager, asking for less.

    After the jobs that were announced the worker asks for one more, to hear that there is none:
    it can be told not to. And a job's end is noted together with the letter it sent last.
    """

    def __init__(self, connector: BaseConnector) -> None:
        """Take the base class's argument."""
        super().__init__(connector)
        #: Fetches that may still be made; ``None``: any number.
        self.allowed: int | None = None
        #: The letters that running jobs sent last, by job.
        self.letters: dict[int, int] = {}

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """Note that a job is done, and that its last letter is sent."""
        letter = self.letters.pop(job.id or 0, None)
        if letter is None:
            await super().finish_job(job, status, delete_job)
        else:
            await self.connector.execute_query_async(
                FINISH, job_id=job.id, status=status.value, delete_job=delete_job, letter=letter
            )

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """Return the next job; ``None`` also when no more is to be fetched."""
        if self.allowed == 0:
            return None
        job = await super().fetch_job(queues, worker_id)
        if self.allowed is not None:
            self.allowed -= 1
        return job


class PromptWorker(Worker):
    """procrastinate's worker without its blind spots.

    A notification that arrives while a fetch is under way is forgotten by the base class, and
    one for a job whose lock is held leads nowhere: either job would wait for the next poll.
    Here the first leads to one more fetch, and the second to one as soon as a job of ours is
    done, when its lock is free. And while ``ready`` says no (the engine is being started again)
    no further job is taken, so that other workers can. Pinned by ``tests/front/test_queue.py``.
    """

    def __init__(self, *args: Any, ready: Callable[[], bool], **kwargs: Any) -> None:
        """Take the base class's arguments, and ``ready``."""
        super().__init__(*args, **kwargs)
        self._ready = ready
        #: Jobs that were announced and that we have not got: new, locked, or another worker's.
        self._owed: set[int] = set()
        #: Whether something was announced since we last asked.
        self._heard = False
        #: Whether to take whatever there is, announced or not.
        self._look_around = True
        self._finished = 0

    def wake(self) -> None:
        """Look for jobs now."""
        self._look_around = True
        self._new_job_event.set()

    async def _handle_notification(self, *, channel: str, notification: jobs.Notification) -> None:
        if notification["type"] == "job_inserted":
            self._owed.add(notification["job_id"])
            self._heard = True
        await super()._handle_notification(channel=channel, notification=notification)

    async def _process_job(self, context: JobContext) -> None:
        self._owed.discard(context.job.id or 0)
        try:
            await super()._process_job(context)
        finally:
            self._finished += 1
            if self._owed:
                # One of them may have waited for the lock that is free now.
                self.wake()

    async def _fetch_and_process_jobs(self) -> None:
        # Come here by the clock: nothing was announced, so look around.
        self._look_around = self._look_around or not self._heard
        while self._ready() and (self._look_around or self._heard):
            await self._look_once()
            if self._stop_event.is_set():
                return
        self._new_job_event.clear()

    async def _look_once(self) -> None:
        manager = self.app.job_manager
        assert isinstance(manager, FrugalJobManager)
        manager.allowed = None if self._look_around else len(self._owed)
        self._heard = self._look_around = False
        known, finished = set(self._owed), self._finished
        await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]
        # A job's task runs for the first time with our next wait, and is no longer owed.
        await asyncio.sleep(0)
        if manager.allowed is None and not self._running_jobs:
            # All there was is taken, and no lock is held here: the rest is other workers'.
            self._owed -= known
        elif self._owed and self._finished != finished:
            # A lock may have come free just while we asked.
            self._look_around = True


class Queue:
    """The jobs of this process: runs them until asked to stop.

    Args:
        pool: connections to work with.
        conninfo: address for the connection that holds the sign of life.
        tools: what carrying conversations on needs.
        ready: whether jobs can be done at all.
        concurrency: conversations carried on at once.
        poll_seconds: see ``POLL_SECONDS``; tests show that nothing but retries depends on it.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        conninfo: str,
        tools: Tools,
        *,
        ready: Callable[[], bool],
        concurrency: int = 32,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        """See the class."""
        self._pool = pool
        self._conninfo = conninfo
        self._channels = list(tools.channels)
        self._ready = ready
        self._look = asyncio.Event()
        connector = procrastinate.PsycopgConnector()
        self._app = procrastinate.App(connector=connector)
        self._app.job_manager = manager = FrugalJobManager(connector)

        # A job that fails keeps its place: what was said before is answered before.
        again = procrastinate.RetryStrategy(wait=RETRY_SECONDS)

        @self._app.task(name=TASK, queue=QUEUE, pass_context=True, retry=again)
        async def converse(context: JobContext, /, conversation: str, **event: Any) -> None:
            try:
                if event and not context.job.attempts:
                    message = Pending(event["inbox"], event["turn"], event["reply"], 0)
                    letter = await answer_fresh(tools, conversation, event["address"], message)
                else:
                    letter = await carry_on(tools, conversation)
                if letter is not None:
                    manager.letters[context.job.id or 0] = letter
            except Exception:
                log.exception("a conversation could not be carried on")
                raise

        self._worker = PromptWorker(
            app=self._app,
            ready=ready,
            queues=[QUEUE],
            name=None,
            concurrency=concurrency,
            fetch_job_polling_interval=poll_seconds,
            # Finished jobs leave nothing behind: what happened stands in inbox and outbox.
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=6.0,
        )

    def wake(self) -> None:
        """Look for jobs now, and whether we are ready."""
        self._look.set()
        self._worker.wake()

    def stop(self) -> None:
        """Finish what is under way, then let :meth:`run` return."""
        self._worker.stop()  # type: ignore[no-untyped-call]

    async def run(self) -> None:
        """Do jobs until :meth:`stop` is called.

        Raises:
            psycopg.OperationalError: when the connection that shows that we live is lost. Then
                others take our conversations, so this process must end.
        """
        async with self._app.open_async(self._pool):
            work = asyncio.create_task(self._run_jobs(), name="jobs")
            sweep = asyncio.create_task(self._sweep(), name="sweep")
            try:
                await asyncio.wait({work, sweep}, return_when=asyncio.FIRST_COMPLETED)
                if sweep.done():
                    # Nobody sees any more that we live: our conversations are taken by others
                    # in a moment, so what is under way is dropped where it stands.
                    self._worker.shutdown_graceful_timeout = 0.0
                self._worker.stop()  # type: ignore[no-untyped-call]
                await asyncio.wait({work})
                (sweep if sweep.done() else work).result()
            finally:
                for task in (sweep, work):
                    task.cancel()
                await asyncio.gather(sweep, work, return_exceptions=True)

    async def _run_jobs(self) -> None:
        await self._worker.run()  # type: ignore[no-untyped-call]

    async def _sweep(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True
        ) as connection:
            while self._worker.worker_id is None:  # noqa: ASYNC110 (procrastinate sets it)
                await asyncio.sleep(0.01)
            worker = self._worker.worker_id
            await connection.execute("SELECT pg_advisory_lock(%s, %s)", (ALIVE, worker))
            orphaned: dict[int, float] = {}
            rounds = 0
            shown = False
            while True:
                if self._ready() != shown:
                    shown = not shown
                    verb = "lock" if shown else "unlock"
                    await connection.execute(f"SELECT pg_advisory_{verb}(%s, %s)", (READY, worker))
                # A worker that just starts has a job a moment before it shows that it lives:
                # only what was seen before, a little while ago, is a dead one's.
                moment = time.monotonic()
                rows = await (await connection.execute(_ORPHANED)).fetchall()
                orphaned = {row[0]: orphaned.get(row[0], moment) for row in rows}
                for job, since in sorted(orphaned.items()):
                    if moment - since >= SWEEP_SECONDS / 2:
                        await self._take_up(job)
                if rounds % 5 == 0:
                    found = await connection.execute(_FORGOTTEN, (self._channels,))
                    if found.rowcount:
                        log.warning("%d conversations without a job are taken up", found.rowcount)
                rounds += 1
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._look.wait(), SWEEP_SECONDS)
                self._look.clear()

    async def _take_up(self, job: int) -> None:
        """Give a dead worker's job back to the queue."""
        with contextlib.suppress(exceptions.ConnectorException):
            # Refused when the job was finished or taken up meanwhile.
            await self._app.job_manager.retry_job_by_id_async(
                job, retry_at=procrastinate.utils.utcnow()
            )
            log.warning("a killed worker's job %d is taken up again", job)
