"""What LINE's platform allows, each with the place where LINE says so.

R: https://developers.line.biz/en/reference/messaging-api/
G: https://developers.line.biz/en/docs/messaging-api/
Lengths count UTF-16 code units (G, "text-character-count").
"""

from __future__ import annotations

#: R#send-reply-message: message objects of one reply or push call.
MESSAGES_A_CALL = 5
#: R#text-message.
TEXT = 5_000
#: R#items-object: quick reply buttons of one message; shown below the newest message only.
QUICK_REPLIES = 13
#: R#action-objects: label of a quick reply's action; of a button's we use no more.
LABEL = 20
#: R#postback-action.
POSTBACK_DATA = 300
DISPLAY_TEXT = 300
#: R#uri-action: http, https, line and tel.
URI = 1_000
#: R#flex-message. 1,500 today, 400 for long: what a notification shows is shorter still.
ALT_TEXT = 400
#: R#bubble: bytes of the JSON of one bubble.
BUBBLE_BYTES = 30_000
#: R#datetime-picker-action: dates it can be limited to.
EARLIEST_DATE, LATEST_DATE = "1900-01-01", "2100-12-31"
#: R#send-reply-message: a token serves once, and within one minute of the webhook. Ten seconds
#: are left for the way to LINE, so that "refused within its life" means "was used".
REPLY_TOKEN_SECONDS = 50.0
#: Reply tokens of the events by which LINE's console tested webhooks in the past; nobody waits.
TEST_TOKENS = ("0" * 32, "f" * 32)
#: What R#send-reply-message answers with status 400 for a token that is used or too old.
INVALID_TOKEN = "Invalid reply token"  # noqa: S105 (an error's text)
#: R#send-reply-message, R#send-push-message.
REPLY_PATH, PUSH_PATH = "/v2/bot/message/reply", "/v2/bot/message/push"
#: G#retrying-api-request: the header of push calls, and the status that says "accepted before".
RETRY_KEY_HEADER = "X-Line-Retry-Key"
ACCEPTED_BEFORE = 409
#: R#error-responses: 429 for a full month's quota, which no waiting mends.
MONTHLY_LIMIT = "monthly limit"
#: R#display-a-loading-indicator: seconds, a multiple of 5 from 5 to 60; one-on-one chats only.
LOADING_SECONDS = 20
#: G#receiving-messages: webhooks are to be answered within two seconds; a body of ours holds
#: few events, each below a text's 5,000 units.
WEBHOOK_BYTES = 1_000_000
#: R#rich-menu-object and R#upload-rich-menu-image-requirements.
RICH_MENU_SIZE = (2500, 843)
RICH_MENU_IMAGE_BYTES = 1_000_000
CHAT_BAR_TEXT = 14
RICH_MENU_NAME = 300
