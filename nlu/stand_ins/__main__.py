"""Last step of building the nlu environment: ``nlu/.venv/bin/python -m nlu.stand_ins``.

Writes ``hosho.pth`` into the environment's site-packages, which at every start of its Python puts
the project on the path and the stand-ins behind the import system: so that ``rasa train``,
``rasa shell``, ``rasa data validate`` and ``python -m nlu.engine`` all work from it unchanged.
Then removes the test suites that came with the packages (:mod:`nlu.stand_ins.trim`).
"""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

from nlu.stand_ins.trim import trim

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write the file; its path line is relative, so that the checkout may be moved."""
    site_packages = Path(sysconfig.get_path("purelib"))
    lines = [
        os.path.relpath(ROOT, site_packages),
        "import nlu.stand_ins; nlu.stand_ins.install()",
    ]
    (site_packages / "hosho.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")
    trim(site_packages)


if __name__ == "__main__":
    main()
