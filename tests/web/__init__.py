"""The web channel, by HTTP and in a real browser."""
