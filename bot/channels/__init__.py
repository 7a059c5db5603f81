"""Channels: what each platform can show, how it is spoken to, and what comes from it."""
