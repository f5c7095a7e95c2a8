"""Settings: what the user chose, from command line, environment and the user's file, each value with its origin."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from codebase_core_hookspecs import Option, Server

from codebase_core.errors import SettingsError, choices

from .options import Resolved, Sources

EMBEDDED = "embedded"
ENVIRONMENT, REGISTRY = "environment", "registry"
_BUILT_IN = (EMBEDDED, ENVIRONMENT, REGISTRY)

CORE_OPTIONS = (
    Option(name="home", summary="Folder for state: the embedded server, the machine's id.", type=Path),
    Option(name="config", summary="The user's settings file.", type=Path),
    Option(name="project", summary="Project to use, by name or id, whatever the folder says."),
    Option(
        name="default_project", summary="Use one project for every folder that no tier knows.", type=bool, default=False
    ),
    Option(name="store", summary="Isolation strategy of new projects.", default="postgres-database"),
    Option(name="server", summary="Server of new projects: a name from [servers.NAME], or embedded."),
    Option(name="registry", summary="Where project records live.", default="postgres"),
    Option(name="registry_server", summary="Server of the registry; by default the same as server."),
    Option(name="embedder", summary="Embedding model of new projects, PLUGIN or PLUGIN:MODEL.", default="static"),
    Option(name="max_file_bytes", summary="Larger files are skipped, in bytes.", type=int, default=1_000_000),
    Option(name="workers", summary="Worker processes of indexing; 0 chooses by cores.", type=int, default=0),
    Option(name="file_timeout", summary="Seconds a file may take to be cut.", type=float, default=20.0),
    Option(
        name="vector_cache_mb",
        summary="Megabytes of vectors that are kept to be reused, of models that take long; 0 keeps none.",
        type=int,
        default=1_000,
    ),
    Option(name="disable_plugins", summary="Plugins not to load, by entry point name.", type=tuple, default=()),
    Option(name="auto_index", summary="Index a folder when an agent first asks about it.", type=bool, default=True),
    Option(
        name="allowed_roots",
        summary="Folders that agents may have indexed; by default their workspace, else the folder the server began in.",
        type=tuple,
        default=(),
    ),
    Option(
        name="revalidate_seconds",
        summary="Seconds between two looks at a tree that an agent asks about.",
        type=float,
        default=5.0,
    ),
    Option(
        name="refresh_budget",
        summary="Seconds that search, outline, related and status take to compare the tree with its index.",
        type=float,
        default=1.0,
    ),
    Option(
        name="checkout_budget",
        summary="Seconds that the first question in a new worktree or clone waits for what is in it; a job goes on after that.",
        type=float,
        default=5.0,
    ),
    Option(name="revalidate_budget", summary="Seconds that an answer waits for such a look.", type=float, default=1.0),
    Option(
        name="reranker",
        summary="Model that reorders the first hits, PLUGIN or PLUGIN:MODEL; code is the one that comes along.",
        default="none",
    ),
    Option(name="rerank_budget", summary="Seconds that an answer waits for it.", type=float, default=2.0),
    Option(name="log", summary="Form of log lines on stderr: text or json.", default="text"),
)
_LEAST = {
    "max_file_bytes": 1,
    "workers": 0,
    "file_timeout": 0.001,
    "vector_cache_mb": 0,
    "revalidate_seconds": 0,
    "revalidate_budget": 0,
    "rerank_budget": 0,
    "refresh_budget": 0,
    "checkout_budget": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is known before a plugin is loaded. ``values`` are the core options by name."""

    home: Path
    values: Mapping[str, Resolved]
    servers: Mapping[str, Server]
    sources: Sources
    plugins: bool = True

    def __getitem__(self, name: str) -> Any:
        return self.values[name].value

    def server(self, name: str) -> Server:
        """Return a configured server; raise SettingsError listing the known ones."""
        if name not in self.servers:
            raise SettingsError(f"no server is called {name!r}", hint=choices(name, sorted(self.servers)))
        return self.servers[name]


def load_settings(
    *, flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None, plugins: bool = True
) -> Settings:
    """Read the settings; raise SettingsError naming file or variable. ``flags`` override everything else."""
    flags, environ = flags or {}, os.environ if environ is None else environ
    chosen_home = flags.get("home") or environ.get("CODEBASE_CORE_HOME")
    home = Path(chosen_home).expanduser() if chosen_home else Path(platformdirs.user_data_path("codebase-core"))
    config_dir = home if chosen_home else Path(platformdirs.user_config_path("codebase-core"))
    chosen = flags.get("config") or environ.get("CODEBASE_CORE_CONFIG")
    file = Path(chosen or config_dir / "config.toml").expanduser()
    table = _read(file, chosen=bool(chosen))
    sources = Sources(environ=environ, table=table, file=str(file))
    values = {option.name: sources.resolve(option, flag=flags.get(option.name)) for option in CORE_OPTIONS}
    _check_numbers(values)
    servers = {EMBEDDED: Server(name=EMBEDDED)} | _configured(table, file) | _of_environment(environ)
    _refine(values, home, file, sources=sources, default_server=ENVIRONMENT if ENVIRONMENT in servers else EMBEDDED)
    return Settings(
        home=values["home"].value.absolute(), values=values, servers=servers, sources=sources, plugins=plugins
    )


def _check_numbers(values: Mapping[str, Resolved]) -> None:
    for name, least in _LEAST.items():
        found = values[name]
        if not found.value >= least:  # not a number is not at least anything
            raise SettingsError(
                f"{found.origin}: {name} must be at least {least}, not {found.value}", hint=found.option.summary
            )


def _refine(values: dict[str, Resolved], home: Path, file: Path, *, sources: Sources, default_server: str) -> None:
    def default(name: str, value: Any) -> None:
        if values[name].value is None:
            values[name] = Resolved(option=values[name].option, value=value, origin="default")

    default("home", home)
    default("config", file)
    default("server", default_server)
    # A flag places one project; it must not move the registry.
    lasting = sources.resolve(values["server"].option).value or default_server
    default("registry_server", REGISTRY if default_server == ENVIRONMENT else lasting)


def _read(file: Path, *, chosen: bool) -> Mapping[str, Any]:
    """Read the user's file; only where the user named none may there be none."""
    try:
        text = file.read_text(encoding="utf-8")
        import tomllib  # noqa: PLC0415 - 2 ms, and most users have no file

        table = tomllib.loads(text)
    except FileNotFoundError:
        if chosen:
            raise SettingsError(
                f"{file} does not exist", hint="write the file, or unset CODEBASE_CORE_CONFIG"
            ) from None
        return {}
    except (OSError, ValueError) as exc:  # the latter: not UTF-8, or not TOML
        raise SettingsError(f"{file}: {exc}", hint="fix the file, or set CODEBASE_CORE_CONFIG to another") from exc
    known = [option.name for option in CORE_OPTIONS if option.name != "config"] + ["servers", "plugins"]
    for key in table:
        if key not in known:
            raise SettingsError(f"{file}: unknown setting {key!r}", hint=choices(key, known))
    for key in ("servers", "plugins"):
        if not isinstance(table.get(key, {}), dict):
            raise SettingsError(f"{file}: {key} is not a table", hint=f"write [{key}.NAME] and the settings below it")
    for name, options in table.get("plugins", {}).items():
        if not isinstance(options, dict):
            raise SettingsError(f"{file}: plugins.{name} is not a table", hint=f"write [plugins.{name}]")
    return table


def _configured(table: Mapping[str, Any], file: Path) -> dict[str, Server]:
    servers = {}
    for name, entry in table.get("servers", {}).items():
        if not isinstance(entry, dict) or not isinstance(entry.get("url"), str) or name in _BUILT_IN:
            raise SettingsError(
                f"{file}: [servers.{name}] is not a server",
                hint=f'write [servers.NAME] and url = "postgresql://…"; {", ".join(_BUILT_IN)} are built in',
            )
        pooling = entry.get("pooling", "session")
        wrong = min(set(entry) - {"url", "admin_url", "pooling"}, default=None)
        if not isinstance(entry.get("admin_url", ""), str):
            wrong = "admin_url"
        if pooling not in ("session", "transaction"):
            wrong = "pooling"
        if wrong is not None:
            raise SettingsError(
                f"{file}: [servers.{name}] has a wrong {wrong!r}",
                hint='known: url, admin_url, pooling ("session" or "transaction")',
            )
        servers[name] = Server(name=name, url=entry["url"], admin_url=entry.get("admin_url"), pooling=pooling)
    return servers


def _of_environment(environ: Mapping[str, str]) -> dict[str, Server]:
    """Take the servers of an older installation; DATABASE_URL alone is somebody's production database."""
    registry = environ.get("REGISTRY_DATABASE_URL")
    if not registry:
        return {}
    return {
        REGISTRY: Server(name=REGISTRY, url=registry),
        ENVIRONMENT: Server(name=ENVIRONMENT, url=environ.get("DATABASE_URL") or registry),
    }
