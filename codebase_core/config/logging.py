"""Structured logging on stderr: lines for people, or a JSON object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from codebase_core.errors import SettingsError

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}


class JsonFormatter(logging.Formatter):
    """Write ``at`` (UTC), ``level``, ``logger``, ``message`` and whatever was given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _STANDARD},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def set_up(*, line_format: str, level: int) -> None:
    """Send the log of codebase-core and its plugins to stderr; raise SettingsError for an unknown format."""
    if line_format not in ("text", "json"):
        raise SettingsError(
            f"CODEBASE_CORE_LOG must be text or json, not {line_format!r}", hint="leave it unset for text"
        )
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if line_format == "json" else logging.Formatter("%(levelname)s: %(message)s"))
    # A lost connection is an error of ours; asyncio would tell of every byte that could not be sent.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    for name in ("codebase_core", "codebase_core_postgres", "codebase_core_static"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO if line_format == "json" and level > logging.INFO else level)
        logger.propagate = False
