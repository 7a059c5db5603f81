"""procrastinate as the worker uses it: one task, no wake-up missed, stalled jobs taken up again."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import functools
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import procrastinate
import psycopg
from procrastinate import exceptions, jobs
from procrastinate.connector import BaseConnector
from procrastinate.job_context import JobContext
from procrastinate.manager import JobManager, NotificationCallback, get_channel_for_queues
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from bot.db.statements import Statements
from bot.inbox import QUEUE, TASK
from bot.outbox import Pending, Said
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
#: Seconds before listening again when that broke off (polls go on meanwhile).
LISTEN_AGAIN_SECONDS = 0.5
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
    jsonb_build_object('conversation', conversation, 'again', true), NULL
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


#: What ``JobManager.fetch_job`` asks, for several, and whether letters of that conversation wait.
FETCH = "SELECT * FROM hosho_fetch_jobs(%(queue)s, %(worker)s, %(number)s)"
#: What ``JobManager.finish_job`` asks.
FINISH = "SELECT procrastinate_finish_job_v1(%(job)s, 'succeeded', true)"
#: Alone it need not wait for the disk: a job that is done again finds nothing to do.
FINISH_ALONE = f"{FINISH}, set_config('synchronous_commit', 'off', true)"


@dataclass(frozen=True)
class Taken:
    """A job that is ours, and whether something said before still waits to be sent."""

    job: jobs.Job
    crowded: bool


class FrugalJobManager(JobManager):
    """procrastinate's job manager, which takes several jobs and ends one with what it said."""

    def __init__(self, connector: BaseConnector, statements: Statements, conninfo: str) -> None:
        """Take the base class's argument, what speaks faster, and where to listen."""
        super().__init__(connector)
        self._statements = statements
        self._conninfo = conninfo

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Listen, as the base class does, over asyncpg: nothing runs between two notifications.

        ``on_notification`` must not wait for anything: it is run to its end at once.
        """

        def heard(_connection: object, _pid: int, channel: str, payload: object) -> None:
            callback = on_notification(channel=channel, notification=json.loads(str(payload)))
            with contextlib.suppress(StopIteration):
                callback.__await__().__next__()
                raise RuntimeError("a notification's callback waits for something")

        while True:
            lost = asyncio.Event()
            try:
                connection = await asyncpg.connect(self._conninfo)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(LISTEN_AGAIN_SECONDS)
                continue
            try:
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                for channel in get_channel_for_queues(queues=queues):
                    await connection.add_listener(channel, heard)
                await lost.wait()
            except (asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(LISTEN_AGAIN_SECONDS)
            finally:
                connection.terminate()

    async def take(self, worker: int, number: int) -> list[Taken]:
        """Return the next jobs, at most ``number`` of them, marked as under way."""
        values = {"queue": QUEUE, "worker": worker, "number": number}
        rows = await self._statements.rows(FETCH, values)
        return [
            Taken(
                jobs.Job(
                    id=row["id"],
                    queue=QUEUE,
                    lock=row["lock"],
                    queueing_lock=None,
                    task_name=TASK,
                    task_kwargs=json.loads(row["args"]),
                    attempts=row["attempts"],
                    worker_id=worker,
                ),
                row["crowded"],
            )
            for row in rows
        ]

    async def finish(self, job: jobs.Job, said: Said | None) -> None:
        """Store that a job is done, together with what it said last; it leaves nothing behind."""
        if said is None:
            await self._statements.rows(FINISH_ALONE, {"job": job.id})
        else:
            await self._statements.rows(said.beside(FINISH), {"job": job.id, **said.values})


class PromptWorker(Worker):
    """procrastinate's worker without its blind spots, and with less ado.

    A notification that arrives while a fetch is under way is forgotten by the base class, and
    one for a job whose lock is held leads nowhere: either job would wait for the next poll.
    Here the first leads to one more fetch, and the second to one as soon as a job of ours is
    done, when its lock is free. And while ``ready`` says no (the engine is being started again)
    no further job is taken, so that other workers can.

    The base class makes five tasks a job and writes it out four times for its log, message and
    all; here a job is one task and is never written out. Registering, heartbeat, listening and
    shutdown are the base class's. Pinned by ``tests/front/test_queue.py``.
    """

    def __init__(
        self,
        *args: Any,
        do: Callable[[Taken], Awaitable[Said | None]],
        ready: Callable[[], bool],
        **kwargs: Any,
    ) -> None:
        """Take the base class's arguments, what a job does, and ``ready``."""
        super().__init__(*args, **kwargs)
        self._do = do
        self._ready = ready
        #: Ends with the error when the end of a job could not be stored.
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        #: Jobs that were announced and that we have not got: new, locked, or another worker's.
        self._owed: set[int] = set()
        #: How many were announced since we last asked.
        self._heard = 0
        #: Whether to take whatever there is, announced or not.
        self._look_around = True
        self._finished = 0

    def wake(self) -> None:
        """Look for jobs now."""
        self._look_around = True
        self._new_job_event.set()

    def stop(self) -> None:
        """Take no more jobs and finish those under way."""
        super().stop()  # type: ignore[no-untyped-call]
        self._new_job_event.set()

    async def _handle_notification(self, *, channel: str, notification: jobs.Notification) -> None:
        if notification["type"] == "job_inserted":
            self._owed.add(notification["job_id"])
            self._heard += 1
        await super()._handle_notification(channel=channel, notification=notification)

    async def _fetch_and_process_jobs(self) -> None:
        """Take jobs as they come, until asked to stop."""
        loop = asyncio.get_running_loop()
        while not self._stop_event.is_set():
            while self._hungry():
                await self._look_once()
            self._new_job_event.clear()
            poll = loop.call_later(self.fetch_job_polling_interval, self.wake)
            try:
                if not self._stop_event.is_set():
                    await self._new_job_event.wait()
            finally:
                poll.cancel()

    def _hungry(self) -> bool:
        """Tell whether there may be jobs for us, and we could do one."""
        return (
            (self._look_around or self._heard > 0)
            and self._ready()
            and len(self._running_jobs) < self.concurrency
            and not self._stop_event.is_set()
        )

    async def _look_once(self) -> None:
        manager = self.app.job_manager
        assert isinstance(manager, FrugalJobManager)
        assert self.worker_id is not None
        around = self._look_around
        number = 1 if around else min(self._heard, self.concurrency - len(self._running_jobs))
        self._heard, self._look_around = 0, False
        known, finished = set(self._owed), self._finished
        found = await manager.take(self.worker_id, number)
        for taken in found:
            self._start(taken)
        if found and (around or not known.issuperset(taken.job.id for taken in found)):
            # There may be more, announced or not.
            self._look_around = True
        elif around and not self._running_jobs:
            # All there was is taken, and no lock is held here: the rest is other workers'.
            self._owed -= known
        elif self._owed and self._finished != finished:
            # A lock may have come free just while we asked.
            self._look_around = True

    def _start(self, taken: Taken) -> None:
        self._owed.discard(taken.job.id or 0)
        task = asyncio.create_task(self._carry_out(taken))
        self._running_jobs[task] = JobContext(
            app=self.app, job=taken.job, abort_reason=lambda: None, start_timestamp=time.time()
        )
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._running_jobs[task]
        self._finished += 1
        if not task.cancelled() and (error := task.exception()) and not self.lost.done():
            # Its end is not stored: while we live it would stand as under way, and its
            # conversation still.
            wrapped = isinstance(error, exceptions.ConnectorException) and error.__cause__
            self.lost.set_exception(wrapped or error)
        if self._owed or self._heard or self._look_around:
            # One of them may have waited for the lock that is free now, or for room.
            self.wake()

    async def _carry_out(self, taken: Taken) -> None:
        """Do a job and store its end; one that fails keeps its place: what was said first is
        answered first.
        """
        manager = self.app.job_manager
        assert isinstance(manager, FrugalJobManager)
        try:
            said = await self._do(taken)
        except asyncio.CancelledError:
            # We end: others may have it at once.
            await manager.retry_job(taken.job)
            raise
        except Exception:
            log.exception("a conversation could not be carried on")
            after = datetime.timedelta(seconds=RETRY_SECONDS)
            await manager.retry_job(taken.job, retry_at=procrastinate.utils.utcnow() + after)
        else:
            await manager.finish(taken.job, said)


class Queue:
    """The jobs of this process: runs them until asked to stop.

    Args:
        pool: connections for procrastinate.
        statements: connections for what every job needs.
        conninfo: address for the connection that holds the sign of life.
        tools: what carrying conversations on needs.
        ready: whether jobs can be done at all.
        concurrency: conversations carried on at once.
        poll_seconds: see ``POLL_SECONDS``; tests show that nothing but retries depends on it.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        statements: Statements,
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
        self._app.job_manager = FrugalJobManager(connector, statements, conninfo)

        @self._app.task(name=TASK, queue=QUEUE)
        async def converse(**_: object) -> None:
            """Stand for the jobs' name; the worker does them itself."""

        self._worker = PromptWorker(
            app=self._app,
            do=functools.partial(_do, tools),
            ready=ready,
            queues=[QUEUE],
            name=None,
            concurrency=concurrency,
            fetch_job_polling_interval=poll_seconds,
            install_signal_handlers=False,
            shutdown_graceful_timeout=6.0,
        )

    def wake(self) -> None:
        """Look for jobs now, and whether we are ready."""
        self._look.set()
        self._worker.wake()

    def stop(self) -> None:
        """Finish what is under way, then let :meth:`run` return."""
        self._worker.stop()

    async def run(self) -> None:
        """Do jobs until :meth:`stop` is called.

        Raises:
            psycopg.Error: when the connection that shows that we live is lost, or a job's end
                cannot be stored. Then others take our conversations, so this process must end.
        """
        async with self._app.open_async(self._pool):
            work = asyncio.create_task(self._run_jobs(), name="jobs")
            sweep = asyncio.create_task(self._sweep(), name="sweep")
            try:
                lost = self._worker.lost
                await asyncio.wait({work, sweep, lost}, return_when=asyncio.FIRST_COMPLETED)
                if sweep.done() or lost.done():
                    # Nobody sees any more that we live: our conversations are taken by others
                    # in a moment, so what is under way is dropped where it stands.
                    self._worker.shutdown_graceful_timeout = 0.0
                self._worker.stop()
                await asyncio.wait({work})
                next(task for task in (lost, sweep, work) if task.done()).result()
            finally:
                for task in (sweep, work, self._worker.lost):
                    task.cancel()
                await asyncio.gather(sweep, work, self._worker.lost, return_exceptions=True)

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


async def _do(tools: Tools, taken: Taken) -> Said | None:
    """Do what a job says: answer the message that it carries, or carry its conversation on."""
    job = taken.job
    given: Mapping[str, Any] = job.task_kwargs
    if "inbox" in given and not job.attempts:
        message = Pending(given["inbox"], given["turn"], given["reply"], 0)
        return await answer_fresh(
            tools, given["conversation"], given["address"], message, clear=not taken.crowded
        )
    again = bool(job.attempts) or "again" in given
    return await carry_on(tools, given["conversation"], again=again)
