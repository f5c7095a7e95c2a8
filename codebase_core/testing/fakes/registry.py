"""A registry in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from codebase_core_hookspecs import PluginContext, RegistryPlugin

from codebase_core.builtin.json_registry.registry import JsonRegistry
from codebase_core.builtin.json_registry.state import State

T = TypeVar("T")


@dataclass
class Records:
    """What registries share that are opened with one folder."""

    state: State = field(default_factory=State)


_KNOWN: dict[Path, Records] = {}


class MemoryRegistry(JsonRegistry):
    """The rules of the registry in a file, without the file."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def _state(self) -> State:
        return self.records.state

    async def _change(self, change: Callable[[State], T]) -> T:
        changed = self._state().copy()
        result = change(changed)
        self.records.state = changed
        return result

    async def aclose(self) -> None:
        """Hold nothing."""


async def open_memory_registry(context: PluginContext) -> MemoryRegistry:
    """Open the registry of a folder, in which nothing is written."""
    return MemoryRegistry(_KNOWN.setdefault(context.state_dir, Records()))


MEMORY_REGISTRY = RegistryPlugin(name="memory", summary="Records in memory", open=open_memory_registry, servers=False)
