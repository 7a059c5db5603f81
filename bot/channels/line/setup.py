"""``./hosho line setup``: the webhook's address and the rich menu, at LINE."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    Configuration,
    RichMenuRequest,
    SetWebhookEndpointRequest,
    TestWebhookEndpointRequest,
)

from bot.channels.line.channel import DEFAULT_ADDRESS
from bot.channels.line.rich_menu import SHIPPED, NoFontError, draw, find_font, menu
from bot.channels.line.webhook import PATH
from bot.settings import Settings

#: https://developers.line.biz/en/reference/messaging-api/#domain-name: pictures go elsewhere.
DATA_ADDRESS = "https://api-data.line.me"
OURS = "hosho-navi "


class SetUpError(Exception):
    """LINE could not be set up; the message says what to do."""


async def set_up(settings: Settings, say: Callable[[str], None]) -> None:
    """Register and test the webhook, create the rich menu and make it everybody's.

    Harmless when repeated: what stands already is left, what changed is replaced.

    Args:
        settings: with LINE's tokens and ``HOSHO_PUBLIC_URL``.
        say: gets one line a step.

    Raises:
        SetUpError: saying what is missing or what LINE refused.
    """
    if not settings.line_on:
        raise SetUpError(
            "set HOSHO_LINE_CHANNEL_SECRET and HOSHO_LINE_CHANNEL_ACCESS_TOKEN first (README: "
            "Connect LINE)"
        )
    if not settings.public_url or not settings.public_url.startswith("https://"):
        raise SetUpError("set HOSHO_PUBLIC_URL to the https:// address LINE can reach")
    address = settings.line_api_base_url or DEFAULT_ADDRESS
    data_address = settings.line_api_base_url or DATA_ADDRESS
    token = settings.line_channel_access_token
    try:
        async with (
            AsyncApiClient(Configuration(access_token=token, host=address)) as client,
            AsyncApiClient(Configuration(access_token=token, host=data_address)) as data_client,
        ):
            api, blob = AsyncMessagingApi(client), AsyncMessagingApiBlob(data_client)
            await _webhook(api, settings.public_url + PATH, say)
            await _rich_menu(api, blob, settings, say)
    except ApiException as error:
        mend = {401: "check HOSHO_LINE_CHANNEL_ACCESS_TOKEN", 403: "check the channel's plan"}
        raise SetUpError(
            f"LINE answered {error.status}; {mend.get(error.status, 'try again later')}"
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SetUpError(f"LINE cannot be reached ({type(error).__name__})") from None


async def _webhook(api: AsyncMessagingApi, endpoint: str, say: Callable[[str], None]) -> None:
    await api.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint=endpoint))
    say(f"webhook registered: {endpoint}")
    result = await api.test_webhook_endpoint(TestWebhookEndpointRequest(endpoint=endpoint))
    if result.success:
        say("webhook tested: LINE reaches it")
    else:
        raise SetUpError(
            f"LINE cannot use the webhook ({result.reason}, status {result.status_code}); is "
            "`./hosho serve` running, and does HOSHO_PUBLIC_URL lead to it?"
        )


async def _rich_menu(
    api: AsyncMessagingApi,
    blob: AsyncMessagingApiBlob,
    settings: Settings,
    say: Callable[[str], None],
) -> None:
    body, buttons = menu()
    there = (await api.get_rich_menu_list()).richmenus or []
    ours = [item for item in there if item.name.startswith(OURS)]
    try:
        default = (await api.get_default_rich_menu_id()).rich_menu_id
    except ApiException as error:
        if error.status != 404:
            raise
        default = None
    if any(item.name == body["name"] and item.rich_menu_id == default for item in ours):
        say("rich menu stands already")
    else:
        try:
            picture = draw(buttons, find_font(settings.font))
        except NoFontError as error:
            if settings.font:
                raise SetUpError(str(error)) from None
            say(f"{error}; meanwhile the picture that comes with the project is used")
            picture = SHIPPED.read_bytes()
        created = await api.create_rich_menu(RichMenuRequest.from_dict(body))
        default = created.rich_menu_id
        await blob.set_rich_menu_image(
            default, bytearray(picture), _headers={"Content-Type": "image/png"}
        )
        await api.set_default_rich_menu(default)
        say("rich menu created and shown to everybody")
    for item in ours:
        if item.rich_menu_id != default:
            await api.delete_rich_menu(item.rich_menu_id)
            say("an earlier rich menu of ours removed")
