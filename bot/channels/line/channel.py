"""LINE as the worker sees it: reply with the token, push when that has expired."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.request import getproxies

import aiohttp
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    ShowLoadingAnimationRequest,
)

from actions.replies import Reply
from bot.channels.base import DeliveryError, Instead, Letter, Sent, TryAgain, Undeliverable
from bot.channels.line import limits
from bot.channels.line.render import render
from bot.settings import Settings

#: Seconds one call may take.
CALL_SECONDS = 10.0
DEFAULT_ADDRESS = "https://api.line.me"


class LineChannel:
    """Implements :class:`bot.channels.base.Channel` over line-bot-sdk."""

    name = "line"
    #: A reply token serves once.
    knows_a_second_try = True

    def __init__(self, access_token: str, base_url: str = DEFAULT_ADDRESS) -> None:
        """Take the channel access token and the API's address."""
        self._configuration = Configuration(access_token=access_token, host=base_url)
        self._client: AsyncApiClient | None = None
        self._messaging: AsyncMessagingApi | None = None
        self._timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)

    @classmethod
    def from_settings(cls, settings: Settings) -> LineChannel:
        """Return the channel of the settings (LINE must be on)."""
        assert settings.line_channel_access_token is not None
        return cls(
            settings.line_channel_access_token, settings.line_api_base_url or DEFAULT_ADDRESS
        )

    def render(self, replies: Sequence[Reply], reply: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the calls that say these replies."""
        calls = render(replies)
        if "token" not in reply:
            calls = [{**call, "by": "push"} for call in calls]
        return calls

    async def send(self, letter: Letter) -> Sent:
        """Reply or push.

        A reply has no retry key. But its token serves once: when a try was cut off, and LINE
        refuses the token within its life, then that try has used it, and the letter is there.
        How long a token of a redelivered event lives is not known: then the refusal says nothing,
        and a push it is.
        """
        try:
            if letter.body["by"] == "reply":
                await self._reply(letter)
            else:
                await self._push(letter)
        except ApiException as error:
            raise _judged(error) from None
        except aiohttp.ClientConnectorError:
            raise TryAgain("LINE cannot be reached") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryAgain(f"LINE: {type(error).__name__}", uncertain=True) from None
        return Sent()

    def acknowledge(self, address: str, reply: Mapping[str, Any]) -> None:
        """Do nothing: LINE marks messages as read by itself."""

    async def show_busy(self, address: str, reply: Mapping[str, Any]) -> None:
        """Show the loading indicator, which one-on-one talks have."""
        if reply.get("alone"):
            request = ShowLoadingAnimationRequest(
                chatId=address, loadingSeconds=limits.LOADING_SECONDS
            )
            await self._api().show_loading_animation(request, _request_timeout=self._timeout)

    async def tidy(self, address: str, keyboard: str) -> None:
        """Do nothing: LINE takes quick replies away by itself."""

    async def close(self) -> None:
        """Close the connections to LINE."""
        if self._client is not None:
            await self._client.close()

    async def _reply(self, letter: Letter) -> None:
        body = {"replyToken": letter.reply["token"], "messages": letter.body["messages"]}
        try:
            await self._post(limits.REPLY_PATH, body, {})
        except ApiException as error:
            if error.status != 400 or limits.INVALID_TOKEN not in _body(error):
                raise
            young = letter.age < limits.REPLY_TOKEN_SECONDS and "redelivered" not in letter.reply
            if letter.uncertain and young:
                return
            raise Instead({**letter.body, "by": "push"}) from None

    async def _push(self, letter: Letter) -> None:
        body = {"to": letter.address, "messages": letter.body["messages"]}
        try:
            await self._post(limits.PUSH_PATH, body, {limits.RETRY_KEY_HEADER: letter.retry_key})
        except ApiException as error:
            if error.status != limits.ACCEPTED_BEFORE:
                raise

    async def _post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        """Make a call whose messages are JSON already, as the outbox keeps them.

        Through the SDK's own HTTP layer, beside its models: these would be made of the messages,
        JSON of them again, and models of an answer that nobody reads, which is most of what a
        call costs. That the models read our messages and change nothing is held by
        ``tests/channels/line``.

        Raises:
            ApiException: LINE answered with an error.
        """
        client = self._api().api_client
        await client.rest_client.post_request(
            self._configuration.host + path,
            headers={
                "Authorization": f"Bearer {self._configuration.access_token}",
                "User-Agent": client.user_agent,
                **headers,
            },
            body=body,
            _request_timeout=self._timeout,
        )

    def _api(self) -> AsyncMessagingApi:
        if self._messaging is None:
            # Made late: it needs the running event loop.
            self._client = make_client(self._configuration)
            self._messaging = AsyncMessagingApi(self._client)
        return self._messaging


def make_client(configuration: Configuration) -> AsyncApiClient:
    """Return the SDK's client, which looks for proxies only where there are some.

    Its HTTP session asks the environment for a proxy before every call, in a thread of its own:
    a tenth of what a call costs.
    """
    client = AsyncApiClient(configuration)
    if not getproxies():
        asking = client.rest_client.pool_manager
        client.rest_client.pool_manager = aiohttp.ClientSession(connector=asking.connector)
        asking.detach()
    return client


def _judged(error: ApiException) -> DeliveryError:
    """Return what a refusal of LINE means for the letter."""
    status = error.status
    if status == 429:
        if limits.MONTHLY_LIMIT in _body(error):
            return Undeliverable("LINE 429: this month's messages are used up")
        return TryAgain("LINE 429", after=_retry_after(error))
    if status in {401, 403}:
        return TryAgain(f"LINE {status}: check HOSHO_LINE_CHANNEL_ACCESS_TOKEN")
    if not status or status >= 500:
        return TryAgain(f"LINE {status}", after=_retry_after(error), uncertain=True)
    return Undeliverable(f"LINE {status}: {_complaint(error)}")


def _body(error: ApiException) -> str:
    body = error.body
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")


def _retry_after(error: ApiException) -> float | None:
    """Return the seconds of a Retry-After header."""
    value = (error.headers or {}).get("Retry-After", "")
    return min(float(value), 3600.0) if value.isascii() and value.isdigit() else None


def _complaint(error: ApiException) -> str:
    """Return which properties LINE found wrong; its texts could quote what was sent."""
    try:
        details = json.loads(_body(error)).get("details") or []
        properties = [str(detail["property"])[:80] for detail in details[:3]]
    except (ValueError, KeyError, TypeError, AttributeError):
        properties = []
    return ", ".join(properties) or "refused"
