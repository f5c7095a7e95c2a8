"""Resolve declared options: flag, environment, the user's file, default; checked and with their origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codebase_core.errors import SettingsError, choices

if TYPE_CHECKING:
    from codebase_core_hookspecs import Option

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_EXPECTED = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Path: "a path",
    tuple: "a list of texts",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A value and where it came from."""

    option: Option
    value: Any
    origin: str

    def shown(self) -> Any:
        """Return the value as it may be printed: secrets are masked."""
        return "****" if self.option.secret and self.value is not None else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where options are looked up: ``environ`` as given, ``table`` from the user's file, which is ``file``."""

    environ: Mapping[str, str]
    table: Mapping[str, Any]
    file: str

    def resolve(self, option: Option, *, section: str | None = None, flag: Any = None) -> Resolved:
        """Find the value of an option; raise SettingsError if it cannot be converted to its type."""
        if flag is not None:
            return Resolved(option=option, value=_convert(option, flag, "command line"), origin="command line")
        for name in (*option.env, environment_name(option.name, section=section)):
            if self.environ.get(name):
                return Resolved(option=option, value=_convert(option, self.environ[name], name), origin=name)
        table = self.table if section is None else self.table.get("plugins", {}).get(section, {})
        if option.name in table:
            return Resolved(option=option, value=_convert(option, table[option.name], self.file), origin=self.file)
        return Resolved(option=option, value=option.default, origin="default")

    def check_section(self, section: str, known: Iterable[str]) -> None:
        """Raise SettingsError for what the file sets in a plugin's section and no descriptor of it declares."""
        for name in self.table.get("plugins", {}).get(section, {}):
            if name not in (names := sorted(set(known))):
                hint = choices(name, names) if names else "remove it: this plugin has no options"
                raise SettingsError(f"{self.file}: unknown setting {name!r} in [plugins.{section}]", hint=hint)


def environment_name(name: str, *, section: str | None) -> str:
    """Return the variable that always sets an option, e.g. ``CODEBASE_CORE_POSTGRES_POOL_MAX_SIZE``."""
    return "_".join(filter(None, ("CODEBASE_CORE", section, name))).upper().replace("-", "_")


def _convert(option: Option, raw: Any, origin: str) -> Any:
    try:
        return _parsed(option.type, raw)
    except (TypeError, ValueError, RuntimeError):  # the last one: ~NAME of an unknown user
        shown = "that value" if option.secret else repr(raw)
        expected = _EXPECTED.get(option.type, option.type.__name__)
        raise SettingsError(f"{origin}: {option.name} must be {expected}, not {shown}", hint=option.summary) from None


def _parsed(wanted: type, raw: Any) -> Any:
    if wanted is bool and isinstance(raw, str) and raw.lower() in _TRUE | _FALSE:
        return raw.lower() in _TRUE
    if wanted is tuple and isinstance(raw, str | list | tuple):
        parts = raw.split(",") if isinstance(raw, str) else raw
        if all(isinstance(part, str) for part in parts):
            return tuple(part.strip() for part in parts if part.strip())
    if wanted is Path and isinstance(raw, str | Path):
        return Path(raw).expanduser()
    if wanted in (int, float) and isinstance(raw, str | int | float) and not isinstance(raw, bool):
        if wanted is int and isinstance(raw, float):
            raise ValueError
        return wanted(raw)
    if wanted in (str, bool) and isinstance(raw, wanted):
        return raw
    raise TypeError
