"""What all kits share: the descriptor under test, and the context that it is opened with."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from codebase_core_hookspecs import Descriptor, PluginContext, Server


class Conformance:
    """A kit. A subclass gives the fixture ``plugin``; all other fixtures have defaults that suit most plugins."""

    def __init_subclass__(cls) -> None:
        """Let coroutines run whatever the mode of pytest-asyncio."""
        for name, each in vars(cls).items():
            if name.startswith("test_") and inspect.iscoroutinefunction(each):
                pytest.mark.asyncio(each)

    @pytest.fixture
    def plugin(self) -> Descriptor:
        """The descriptor under test, as the hook returns it."""
        pytest.fail(f"{type(self).__name__} needs a fixture `plugin` that returns the descriptor under test")

    @pytest.fixture
    def options(self) -> Mapping[str, Any]:
        """What a user has set of the plugin's options; what is not named here has its default."""
        return {}

    @pytest.fixture
    def servers(self) -> Mapping[str, Server]:
        """The servers of the user's settings."""
        return {}

    @pytest.fixture
    def server(self, servers: Mapping[str, Server]) -> str:
        """The name of the server to use: the first one, none where there is none."""
        return next(iter(servers), "")

    @pytest.fixture
    def context(
        self,
        plugin: Descriptor,
        options: Mapping[str, Any],
        servers: Mapping[str, Server],
        server: str,
        tmp_path: Path,
    ) -> PluginContext:
        """What the plugin is opened with: its options, a private folder, the servers."""
        return context_of(plugin, options=options, servers=servers, server=server, folder=tmp_path / "state")


def context_of(
    plugin: Descriptor,
    *,
    folder: Path,
    options: Mapping[str, Any] = {},
    servers: Mapping[str, Server] = {},
    server: str = "",
) -> PluginContext:
    """Return a context with the defaults of the plugin's options; nothing may be downloaded."""
    defaults = {option.name: option.default for option in plugin.options}
    unknown = sorted(set(options) - set(defaults))
    assert not unknown, f"{plugin.name} declares no option {unknown}"
    folder.mkdir(parents=True, exist_ok=True)
    settled = {**defaults, **options}
    return PluginContext(options=settled, state_dir=folder, servers=servers, server=server, fetch=False)


def says_what_to_do(error: BaseException) -> bool:
    """Tell whether an error of the contract has a message, and a hint that names the next step."""
    return bool(getattr(error, "message", "")) and bool(getattr(error, "hint", ""))
