"""Stand-ins of what the service talks to: they enforce the platforms' documented rules."""
