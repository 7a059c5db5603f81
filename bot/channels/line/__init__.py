"""LINE: Messaging API, over line-bot-sdk v3."""
