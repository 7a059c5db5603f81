"""Test suites that scientific packages install beside their code: 45 MB that nothing here runs."""

from __future__ import annotations

import shutil
from pathlib import Path

#: Packages whose ``tests`` folders go. Their public test helpers (``numpy.testing``) stay.
TRIMMED = ("dask", "joblib", "networkx", "numpy", "scipy", "skops", "sklearn")


def trim(site_packages: Path) -> int:
    """Remove the packages' ``tests`` folders; return how many there were.

    Args:
        site_packages: an environment's folder of installed packages.
    """
    found = [
        folder
        for package in TRIMMED
        for folder in sorted((site_packages / package).rglob("tests"))
        if folder.is_dir()
    ]
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return len(found)
