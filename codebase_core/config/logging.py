"""Structured logging on stderr: lines for people, or a JSON object a line."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import cache
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


class _OwnPackages(logging.Filter):
    """Lets through what codebase-core and its plugins log, whatever packages those are; of other libraries only errors."""

    def __init__(self, plugin_packages: Callable[[], Collection[str]]) -> None:
        super().__init__()
        self._plugin_packages = cache(plugin_packages)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is of core or of a package that declares plugins, or is an error."""
        package = record.name.partition(".")[0]
        return package == "codebase_core" or record.levelno >= logging.ERROR or package in self._plugin_packages()


def set_up(*, line_format: str, level: int, plugin_packages: Callable[[], Collection[str]]) -> None:
    """Send the log of codebase-core and its plugins to stderr; raise SettingsError for an unknown format.

    ``plugin_packages`` names the packages of the installed plugins; it is called when another package logs for the first time.
    """
    if line_format not in ("text", "json"):
        raise SettingsError(
            f"CODEBASE_CORE_LOG must be text or json, not {line_format!r}", hint="leave it unset for text"
        )
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if line_format == "json" else logging.Formatter("%(levelname)s: %(message)s"))
    handler.addFilter(_OwnPackages(plugin_packages))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO if line_format == "json" and level > logging.INFO else level)
