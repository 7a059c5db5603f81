"""procrastinate as the worker uses it: one task, no wake-up missed, stalled jobs taken up again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from bot.inbox import QUEUE, TASK

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
        self._notified = 0
        self._started = 0
        #: Whether we heard of a job that we did not get.
        self._missed = False

    def wake(self) -> None:
        """Look for jobs now."""
        self._notified += 1
        self._new_job_event.set()

    async def _handle_notification(self, **arguments: Any) -> None:
        self._notified += 1
        await super()._handle_notification(**arguments)

    async def _process_job(self, context: Any) -> None:
        self._started += 1
        try:
            await super()._process_job(context)
        finally:
            if self._missed:
                self.wake()

    async def _fetch_and_process_jobs(self) -> None:
        seen, started = self._notified - 1, self._started
        while self._ready():
            heard, seen = self._notified - seen, self._notified
            self._missed = False
            await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]
            self._missed = self._started - started < heard
            started = self._started
            if seen == self._notified or self._stop_event.is_set():
                return
        self._new_job_event.clear()


class Queue:
    """The jobs of this process: runs them until asked to stop.

    Args:
        pool: connections to work with.
        conninfo: address for the connection that holds the sign of life.
        carry_on: what a job does with its conversation.
        channels: names of the channels whose conversations can be carried on here.
        ready: whether jobs can be done at all.
        concurrency: conversations carried on at once.
        poll_seconds: see ``POLL_SECONDS``; tests show that nothing but retries depends on it.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        conninfo: str,
        carry_on: Callable[[str], Awaitable[None]],
        *,
        channels: list[str],
        ready: Callable[[], bool],
        concurrency: int = 32,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        """See the class."""
        self._pool = pool
        self._conninfo = conninfo
        self._channels = channels
        self._ready = ready
        self._look = asyncio.Event()
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())

        @self._app.task(name=TASK, queue=QUEUE)
        async def converse(conversation: str) -> None:
            try:
                await carry_on(conversation)
            except psycopg.OperationalError:
                # The database is gone: this process ends, the next one goes on from what is
                # stored there.
                log.exception("the database cannot be reached")
                raise
            except Exception:
                # Not raised: procrastinate would log the job's arguments. The sweep comes back.
                log.exception("a conversation could not be carried on")

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
