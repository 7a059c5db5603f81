"""What the engine may log: its own lines in full, of everybody else's only where they come from.

Rasa logs messages, intents, entities and slots, through ``logging`` and through ``structlog``
(which prints everything as long as nobody configures it). None of that may leave the process.
"""

from __future__ import annotations

import logging
import sys

import structlog

#: Loggers whose lines are ours and hold nothing a traveller said.
OWN = "hosho"


class _Withhold(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] != OWN:
            record.msg = f"{record.filename}:{record.lineno} (text withheld)"
            record.args = None
            record.exc_info = None
            record.exc_text = None
        return True


def quieten() -> None:
    """Send warnings and errors to stderr, those of other packages without their text."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_Withhold())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(logging.INFO)
    # Rasa's own dependencies warn at import, and Rasa's warnings quote messages; some change the
    # filters, so that ignoring is not enough.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").disabled = True
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=True,
    )
