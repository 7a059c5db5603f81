"""One conversation's messages, in order: engine turn, outbox, platform call, marked sent."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.channels.base import (
    Channel,
    DeliveryError,
    FetchedChannel,
    Instead,
    Letter,
    Sent,
    TryAgain,
    Undeliverable,
)
from bot.channels.texts import own_texts
from bot.engine_client import EngineClient, EngineError, EngineGoneError
from bot.outbox import Outbox, Pending, Said, Unsent

log = logging.getLogger(__name__)
#: Seconds after which a traveller is shown that an answer is on its way. Most answers are there
#: long before; a sign that only flickers costs a call and helps nobody.
BUSY_AFTER = 0.6


@dataclass(frozen=True)
class Patience:
    """How often and after how many seconds something is tried again.

    Args:
        letter: pauses between tries of a platform call; after the last one it is given up.
            About an hour in all: an answer that comes later answers nothing.
        turn: pauses between tries of an engine's turn that failed.
    """

    letter: Sequence[float] = (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 900, 1800)
    turn: Sequence[float] = (0.2, 1, 3)


@dataclass
class Tools:
    """What carrying a conversation on needs.

    Args:
        outbox: where messages wait and answers are stored.
        engine: who answers.
        engine_ready: awaited when the engine is gone, until there is one again.
        channels: by name; conversations of another channel wait until that is on.
        clock: the assistant's clock.
        patience: how long to try.
        beside: what runs beside the turns (typing signs); awaited before the process ends.
    """

    outbox: Outbox
    engine: EngineClient
    engine_ready: Callable[[], Awaitable[object]]
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    patience: Patience = Patience()
    beside: set[asyncio.Task[None]] = field(default_factory=set)


async def answer_fresh(
    tools: Tools, conversation: str, address: str, message: Pending, *, clear: bool
) -> Said | None:
    """Answer a message whose job runs for the first time; the caller holds the lock.

    Args:
        tools: what it needs.
        conversation: its id.
        address: the platform's user or chat id.
        message: what is answered.
        clear: whether nothing said before still waits to be sent.

    Returns:
        What was sent last: the caller notes it, together with the job's end.
    """
    channel = _channel(tools, conversation)
    if channel is None:
        return None
    run = _Run(tools, conversation, channel, address)
    await run.answer(message, at_once=clear and channel.knows_a_second_try)
    return run.last


async def carry_on(tools: Tools, conversation: str, *, again: bool = False) -> Said | None:
    """Send what a former run left, then answer the oldest message; the caller holds the lock.

    For jobs that come again: taken from a killed worker, or made for a further try. One message
    a job, since every message has a job of its own: conversations take turns, however much one
    of them has to say. Killed anywhere, a later call goes on where this one stopped.

    Args:
        tools: what it needs.
        conversation: its id.
        again: whether a worker that was killed may have answered the oldest message at once.

    Returns:
        What was sent last: the caller notes it, together with the job's end.
    """
    work = await tools.outbox.load(conversation)
    channel = _channel(tools, conversation)
    if work is None or channel is None:
        return None
    if work.blocked and work.pending:
        # They wrote: so they are back.
        await tools.outbox.unblock(conversation)
    run = _Run(tools, conversation, channel, work.address)
    await run.send_left(work.unsent)
    if work.pending:
        await run.answer(work.pending, uncertain=again and channel.knows_a_second_try)
    return run.last


def _channel(tools: Tools, conversation: str) -> Channel | None:
    name = conversation.partition(":")[0]
    channel = tools.channels.get(name)
    if channel is None:
        log.warning("%s is off: its messages wait until it is on again", name)
    return channel


@dataclass(frozen=True)
class _Answer:
    """What a message is answered with: rendered calls, the case to keep, why it is no answer."""

    bodies: list[dict[str, Any]]
    case: Mapping[str, Any] | None = None
    given_up: str | None = None
    #: Whether the engine said it. Its commit then is on the disk, and with it that the job was
    #: taken: a crash of PostgreSQL cannot make the message look like a new one.
    by_engine: bool = False


@dataclass
class _Run:
    """One stretch of work on one conversation."""

    tools: Tools
    conversation: str
    channel: Channel
    address: str
    #: What was sent but is not noted yet.
    last: Said | None = None
    #: The message whose buttons we have brought into view (Telegram).
    keyboard: str | None = None

    async def send_left(self, unsent: Sequence[Unsent]) -> None:
        """Send what a former run left."""
        for item in unsent:
            if item.due_in > 0:
                # Its own job comes when it is due.
                return
            letter = item.letter
            await self.tools.outbox.sending(letter.id, uncertain=letter.uncertain)
            if not await self._send(letter, item.attempts + 1):
                return
            if self.last is not None:
                await self.tools.outbox.note(self.last)
                self.last = None

    async def answer(
        self, message: Pending, *, at_once: bool = False, uncertain: bool = False
    ) -> None:
        """Answer one message: at most once, whatever happens.

        Args:
            message: what is answered.
            at_once: whether an answer of one call may be sent before it is stored. Only where a
                second try cannot be seen twice.
            uncertain: whether a killed worker may have done so.
        """
        acknowledged = self.channel.acknowledge(self.address, message.reply)
        if acknowledged is not None:
            self._beside(acknowledged)
        busy = asyncio.get_running_loop().call_later(BUSY_AFTER, self._show_busy, message.reply)
        as_of = self.tools.clock().isoformat(timespec="seconds")
        try:
            said = await self._turn(message, as_of)
        finally:
            busy.cancel()
        tried: DeliveryError | None = None
        if at_once and said.by_engine and len(said.bodies) == 1:
            tried = await self._try_at_once(message, said, as_of)
            if tried is None:
                return
        stored = await self.tools.outbox.store(
            self.conversation,
            message,
            said.bodies,
            address=self.address,
            as_of=as_of,
            case=said.case,
            fetched=isinstance(self.channel, FetchedChannel),
            uncertain=uncertain,
            given_up=said.given_up,
        )
        for number, letter in enumerate(stored.letters):
            if number:
                await self._mark(letter.id)
            if not await self._send(letter, 1, tried if not number else None):
                break
        if stored.letters:
            await self._tidy(message.reply.get("pressed"), stored.keyboard)

    async def _try_at_once(
        self, message: Pending, said: _Answer, as_of: str
    ) -> DeliveryError | None:
        """Send an answer before it is stored; return why it did not arrive, if it did not."""
        (body,) = said.bodies
        letter = Letter(0, body, "", False, self.address, message.reply, 0.0)
        try:
            await self._call(letter)
        except DeliveryError as error:
            return error
        self.last = Said.answer(self.conversation, message.id, body, as_of=as_of, case=said.case)
        return None

    async def _mark(self, following: int) -> None:
        """Mark the letter that was sent, if it was, and the following as being sent."""
        sent, self.last = self.last, None
        if sent is not None:
            await self.tools.outbox.sent(sent.values["letter"], following)
        else:
            await self.tools.outbox.sending(following, uncertain=False)

    async def _turn(self, message: Pending, as_of: str) -> _Answer:
        """Return what to say to a message: the engine's answer, or an apology."""
        name = message.turn.get("say")
        if name is not None:
            return self._own(name, message)
        pauses = self.tools.patience.turn
        failures = message.attempts
        while True:
            problem = ""
            try:
                turn = await self.tools.engine.turn(
                    self.conversation, str(message.id), as_of, message.turn
                )
                bodies = self.channel.render(turn.replies, message.reply)
                return _Answer(bodies, turn.case, by_engine=True)
            except EngineGoneError as error:
                problem = str(error)
                if not error.begun:
                    await self.tools.engine_ready()
                    continue
            except EngineError as error:
                problem = str(error)
            except Exception as error:
                problem = f"answer cannot be rendered ({type(error).__name__})"
                log.exception("inbox %s: %s", message.id, problem)
            failures = await self.tools.outbox.turn_failed(message.id, problem)
            if failures > len(pauses):
                log.error("inbox %s: given up: %s", message.id, problem)
                return self._own("apology", message, problem)
            log.warning("inbox %s: %s (failure %d)", message.id, problem, failures)
            await asyncio.sleep(pauses[failures - 1])
            await self.tools.engine_ready()

    def _own(self, name: str, message: Pending, given_up: str | None = None) -> _Answer:
        """Return one of the channels' own texts."""
        return _Answer(self.channel.render([own_texts()[name]], message.reply), None, given_up)

    async def _send(self, letter: Letter, attempt: int, tried: DeliveryError | None = None) -> bool:
        """Make one call and note how it went; return whether the next one may be made.

        Args:
            letter: the call.
            attempt: how often it is tried, this one included.
            tried: how this try went wrong, where it was made already.
        """
        outbox = self.tools.outbox
        try:
            try:
                if tried is not None:
                    raise tried
                sent = await self._call(letter)
            except Instead as other:
                await outbox.replace(letter.id, other.body)
                sent = await self._call(replace(letter, body=other.body, uncertain=False))
        except Undeliverable as error:
            if error.blocked:
                log.info("outbox %s: the traveller left the conversation", letter.id)
                await outbox.blocked(self.conversation, error.reason)
                return False
            await self._give_up(letter, error)
            return True
        except TryAgain as error:
            pauses = self.tools.patience.letter
            if attempt > len(pauses):
                await self._give_up(letter, error)
                return True
            after = max(pauses[attempt - 1] * random.uniform(0.9, 1.2), error.after or 0)  # noqa: S311
            log.warning(
                "outbox %s: %s (try %d); again in %.1f s", letter.id, error.reason, attempt, after
            )
            await outbox.failed(
                self.conversation,
                letter.id,
                problem=error.reason,
                after=after,
                uncertain=error.uncertain or letter.uncertain,
            )
            return False
        self.last = Said.letter(letter.id)
        if sent.keyboard is not None:
            self.keyboard = sent.keyboard
        return True

    async def _call(self, letter: Letter) -> Sent:
        try:
            return await self.channel.send(letter)
        except DeliveryError:
            raise
        except Exception as error:
            # A mistake of ours must not stop the conversation: it is tried again, then shown.
            log.exception("outbox %s: sending failed in the channel", letter.id)
            raise TryAgain(f"internal: {type(error).__name__}", uncertain=True) from error

    async def _give_up(self, letter: Letter, error: DeliveryError) -> None:
        log.error("outbox %s: given up: %s", letter.id, error.reason)
        await self.tools.outbox.gave_up(letter.id, error.reason)

    async def _tidy(self, pressed: str | None, before: str | None) -> None:
        """Take used buttons away: those pressed, and those that newer ones replace."""
        used = {pressed}
        if self.keyboard is not None:
            await self.tools.outbox.keyboard(self.conversation, self.keyboard)
            used.add(before)
        for keyboard in used:
            if keyboard is not None and keyboard != self.keyboard:
                self._beside(self.channel.tidy(self.address, keyboard))

    def _show_busy(self, reply: Mapping[str, Any]) -> None:
        self._beside(self.channel.show_busy(self.address, reply))

    def _beside(self, work: Awaitable[None]) -> None:
        """Let a courtesy run beside the turn: its failure is nobody's problem."""

        async def run() -> None:
            try:
                await work
            except Exception as error:
                log.info("%s: a courtesy call failed (%s)", self.channel.name, type(error).__name__)

        task = asyncio.create_task(run())
        self.tools.beside.add(task)
        task.add_done_callback(self.tools.beside.discard)
