"""The web channel: a chat page of our own, its messages in, its replies streamed out."""
