"""The commands of ``./hosho``: one module each, its first docstring line is its help line."""
