"""What the queue relies on in procrastinate 3.10, and that several may migrate at once."""

from __future__ import annotations

import inspect
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import procrastinate
import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from procrastinate import jobs, sql
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from bot.db.migrate import current, engine, head, upgrade
from bot.db.migrations import env_tables
from bot.db.models import Base
from bot.db.pool import open_pool
from bot.db.statements import Statements
from bot.inbox import QUEUE, RECEIVE, TASK, Event, Inbox, conversation_id
from bot.worker_queue import FINISH, PromptWorker


def test_the_methods_we_override_are_there() -> None:
    """An update of procrastinate that renames them must fail here, not in the night."""
    for name in ("_handle_notification", "_fetch_and_process_jobs"):
        assert inspect.iscoroutinefunction(getattr(Worker, name)), name
        assert getattr(PromptWorker, name) is not getattr(Worker, name)
    source = inspect.getsource(Worker)
    # The loop that ours takes the place of, and what the base class's shutdown looks at.
    assert "while not self._stop_event.is_set():" in inspect.getsource(Worker._run_loop)
    assert "await self._fetch_and_process_jobs()" in inspect.getsource(Worker._run_loop)
    assert "asyncio.wait(\n                self._running_jobs" in source
    assert "for task, context in self._running_jobs.items()" in source
    # What our one call each does as procrastinate does it.
    assert "procrastinate_fetch_job_v2(" in sql.queries["fetch_job"]
    assert "procrastinate_finish_job_v1(" in sql.queries["finish_job"]
    assert "procrastinate_finish_job_v1(" in FINISH


def test_the_pool_gives_the_connection_used_last() -> None:
    source = inspect.getsource(AsyncConnectionPool._get_ready_connection)
    assert "conn = self._pool.popleft()" in source
    assert "self._pool.append(conn)" in inspect.getsource(AsyncConnectionPool)


async def test_a_received_message_is_the_job_that_procrastinate_would_make(
    database_url: str,
) -> None:
    async with open_pool(database_url) as pool, Statements(database_url) as statements:
        app = procrastinate.App(connector=procrastinate.PsycopgConnector())

        @app.task(name=TASK, queue=QUEUE)
        async def converse(**event: object) -> None: ...

        async with app.open_async(pool):
            conversation = conversation_id("web", "x")
            number = await Inbox(statements).receive("web", Event("1", "x", {"text": "a"}, {}))
            await converse.configure(lock=conversation).defer_async(
                conversation=conversation, inbox=number, address="x", turn={"text": "a"}, reply={}
            )
            ours, theirs = await app.job_manager.list_jobs_async()
    assert ours.evolve(id=None) == theirs.evolve(id=None)
    assert ours.status == jobs.Status.TODO.value
    assert "procrastinate_defer_jobs_v1" in RECEIVE


def test_our_classes_describe_the_migrated_database(database_url: str) -> None:
    with engine(database_url).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": env_tables.include_name, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_several_may_migrate_at_once(empty_database: str) -> None:
    assert current(empty_database) is None
    with ThreadPoolExecutor(4) as pool:
        revisions = list(pool.map(upgrade, [empty_database] * 4))
    assert revisions == [head()] * 4


def test_migrating_again_changes_nothing(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO conversation (id, channel, address) VALUES ('a','web','a')")
        assert upgrade(database_url) == head()
        assert connection.execute("SELECT count(*) FROM conversation").fetchone() == (1,)


@pytest.mark.parametrize("process", ["bot.front", "bot.worker"])
def test_a_bad_setting_is_told_kindly(process: str, checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", process],
        cwd=checkout,
        env={"HOSHO_PORT": "99999", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "HOSHO_PORT" in done.stderr
    assert "Traceback" not in done.stderr
