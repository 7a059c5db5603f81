"""The front end: channels, inbox and outbox, cases, command line."""
