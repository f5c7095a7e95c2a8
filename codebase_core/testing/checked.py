"""The suites of ``plugins check``: one for the package, one for each thing that it declares. Not collected by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from codebase_core_hookspecs import (
    ApplicationPlugin,
    ChunkerPlugin,
    CommandPlugin,
    Descriptor,
    EmbedderPlugin,
    RegistryPlugin,
    RerankerPlugin,
    ResolverPlugin,
    Server,
    StorePlugin,
)

from codebase_core.config.settings import load_settings
from codebase_core.engine import Engine
from codebase_core.testing import (
    ApplicationConformance,
    ChunkerConformance,
    CommandConformance,
    Conformance,
    EmbedderConformance,
    PackageConformance,
    RegistryConformance,
    RerankerConformance,
    ResolverConformance,
    StoreConformance,
)

NAME, MODEL = "CODEBASE_CORE_CHECKED", "CODEBASE_CORE_CHECKED_MODEL"
KITS: Mapping[type[Descriptor], type[Conformance]] = {
    ApplicationPlugin: ApplicationConformance,
    ChunkerPlugin: ChunkerConformance,
    CommandPlugin: CommandConformance,
    EmbedderPlugin: EmbedderConformance,
    RegistryPlugin: RegistryConformance,
    RerankerPlugin: RerankerConformance,
    ResolverPlugin: ResolverConformance,
    StorePlugin: StoreConformance,
}


def suites(name: str) -> dict[str, type[Conformance]]:
    """Return the classes of tests for an entry point, by name."""
    plugin = next(each for each in Engine(load_settings()).plugins.plugins if each.name == name)

    @pytest.fixture
    def entry_point(self: Conformance) -> str:
        return name

    made = {
        "TestPackage": type(
            "TestPackage", (PackageConformance,), _contents(entry_point=entry_point, subject=f"package {name}")
        )
    }
    for each in plugin.provides:
        kind = type(each).__name__.removesuffix("Plugin")
        title = f"Test{kind}_{each.name.replace('-', '_')}"
        made[title] = type(title, (KITS[type(each)],), _fixtures(each))
    return made


def _fixtures(descriptor: Descriptor) -> dict[str, Any]:
    @pytest.fixture
    def plugin(self: Conformance) -> Descriptor:
        return descriptor

    @pytest.fixture
    def options(self: Conformance) -> Mapping[str, Any]:
        return Engine(load_settings()).context(descriptor).options

    kind = type(descriptor).__name__.removesuffix("Plugin").lower()
    given: dict[str, Callable[..., Any]] = {"plugin": plugin, "options": options}
    if isinstance(descriptor, EmbedderPlugin | RerankerPlugin):

        @pytest.fixture
        def model(self: Conformance) -> str | None:
            return os.environ.get(MODEL)

        given["model"] = model
    if getattr(descriptor, "servers", False):

        @pytest.fixture
        def servers(self: Conformance, postgres_url: str) -> Mapping[str, Server]:
            return {"environment": Server(name="environment", url=postgres_url)}

        given["servers"] = servers
    return _contents(**given, subject=f"{kind} {descriptor.name}")


def _contents(**contents: Any) -> dict[str, Any]:
    return {"__module__": __name__, **contents}


if NAME in os.environ:
    globals().update(suites(os.environ[NAME]))
