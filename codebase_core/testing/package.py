"""What every package must hold that declares plugins, whatever their kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from codebase_core.plugins.manager import PluginInfo, PluginManager

from .base import Conformance

HEAVY = frozenset(
    {
        *(
            "aiohttp",
            "asyncpg",
            "boto3",
            "google",
            "httpx",
            "huggingface_hub",
            "matplotlib",
            "mcp",
            "numpy",
            "ollama",
            "onnxruntime",
        ),
        *("onnxruntime", "openai", "pandas", "psycopg", "pydantic", "requests", "scipy", "sentence_transformers"),
        *("sklearn", "sqlalchemy", "tensorflow", "tokenizers", "torch", "transformers", "tree_sitter", "urllib3"),
    }
)
MILLISECONDS = 50
"""As long may it take to import what a package declares: every command waits for all of them."""

_LOADING = """
import json, os, sys, time
entry = sys.argv[1]
import pluggy, codebase_core_hookspecs
from codebase_core_hookspecs import hooks
from importlib.metadata import entry_points
(found,) = [each for each in entry_points(group="codebase_core") if each.name == entry]
touched, before = [], set(sys.modules)

def watch(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        if "__pycache__" not in str(arguments[0]):
            touched.append(f"writes {arguments[0]}")
    elif event.startswith(("socket.connect", "socket.getaddrinfo", "subprocess.", "os.exec", "os.fork", "os.system")):
        touched.append(event)

out = os.dup(1)
os.dup2(2, 1)
sys.stdout.flush()
said = os.pipe()
os.dup2(said[1], 1)
sys.addaudithook(watch)
began = time.process_time()
plugin = found.load()
manager = pluggy.PluginManager("codebase_core")
manager.add_hookspecs(hooks)
manager.register(plugin)
first = [list(getattr(manager.hook, name)()) for name in sorted(vars(manager.hook)) if name.startswith("codebase_core_")]
took = time.process_time() - began
again = [list(getattr(manager.hook, name)()) for name in sorted(vars(manager.hook)) if name.startswith("codebase_core_")]
sys.stdout.flush()
os.close(said[1])
os.dup2(out, 1)
os.set_blocking(said[0], False)
try:
    printed = os.read(said[0], 10_000).decode(errors="replace")
except BlockingIOError:
    printed = ""
names = lambda result: [[d.name for d in declared] for hook in result for declared in hook]
print(json.dumps({
    "seconds": took, "touched": touched, "printed": printed, "same": names(first) == names(again),
    "modules": sorted({name.partition(".")[0] for name in set(sys.modules) - before}),
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """What happened while a package was loaded in a process of its own."""

    seconds: float
    touched: list[str]
    printed: str
    same: bool
    modules: list[str]


class PackageConformance(Conformance):
    """An entry point that loads, quickly and quietly, and declares what can be told apart and understood."""

    @pytest.fixture
    def entry_point(self) -> str:
        """The name of the entry point in the group ``codebase_core``; the package must be installed."""
        pytest.fail(f"{type(self).__name__} needs a fixture `entry_point` that returns the name of the entry point")

    @pytest.fixture
    def loaded(self, entry_point: str) -> PluginInfo:
        """What became of it among all that is installed."""
        named = [each for each in PluginManager.load().plugins if each.name == entry_point]
        assert named, f"no entry point {entry_point!r} in the group codebase_core: is the package installed?"
        return named[-1]

    @pytest.fixture
    def loading(self, entry_point: str) -> Loading:
        """What it does while it is loaded."""
        return loading_of(entry_point)

    def test_it_is_active(self, loaded: PluginInfo) -> None:
        """Not failed, and no name of it is taken."""
        assert (loaded.status, loaded.error) == ("active", None)

    def test_its_distribution_is_known(self, loaded: PluginInfo) -> None:
        """By name and version, so that errors can name it."""
        assert "unknown" not in (loaded.distribution, loaded.version)

    def test_everything_it_declares_says_what_it_is(self, loaded: PluginInfo) -> None:
        """A summary of one line."""
        assert loaded.provides, "nothing is declared"
        for each in loaded.provides:
            assert each.summary.strip(), f"{each.name} has no summary"
            assert "\n" not in each.summary, each.summary

    def test_its_options_can_be_set_and_understood(self, loaded: PluginInfo) -> None:
        """A summary, a default of the type that is said, names of variables that a shell takes, no secret in the code."""
        for descriptor in loaded.provides:
            for option in descriptor.options:
                said = f"{descriptor.name}: {option.name}"
                assert option.name.isidentifier(), said
                assert option.summary.strip(), said
                assert option.default is None or isinstance(option.default, option.type), said
                assert all(name.isidentifier() and name == name.upper() for name in option.env), said
                assert not option.secret or option.default is None, said

    def test_an_option_means_one_thing_in_a_section(self, loaded: PluginInfo) -> None:
        """The descriptors of one section are opened with the options of all of them."""
        declared: dict[tuple[str, str], Any] = {}
        for descriptor in loaded.provides:
            for option in descriptor.options:
                known = declared.setdefault((descriptor.table, option.name), option)
                assert option == known, f"[plugins.{descriptor.table}] {option.name} means two things"

    def test_no_section_of_another_plugin_is_taken(self, loaded: PluginInfo) -> None:
        """A setting belongs to one plugin."""
        others = {
            d.table for p in PluginManager.load().plugins if p.name != loaded.name for d in p.provides if d.options
        }
        taken = {each.table for each in loaded.provides if each.options} & others
        assert not taken

    def test_loading_imports_nothing_heavy(self, loading: Loading) -> None:
        """Libraries are imported in `open`, when the plugin is used."""
        assert not HEAVY & set(loading.modules)

    def test_loading_imports_no_engine(self, loading: Loading, loaded: PluginInfo) -> None:
        """The contract is what is promised; the engine changes."""
        assert "codebase_core" not in loading.modules or loaded.target.startswith("codebase_core.")

    def test_loading_takes_no_time(self, entry_point: str, loading: Loading) -> None:
        """Of the processor, the best of three: every command waits for it."""
        took = min(loading.seconds, *(loading_of(entry_point).seconds for _ in range(2)))
        assert took * 1000 < MILLISECONDS, f"{took * 1000:.0f} ms"

    def test_loading_touches_nothing(self, loading: Loading) -> None:
        """No file is written, no process started, nobody called over the network."""
        assert loading.touched == []

    def test_loading_prints_nothing(self, loading: Loading) -> None:
        """It would stand in the answer of every command."""
        assert loading.printed == ""

    def test_hooks_declare_the_same_every_time(self, loading: Loading) -> None:
        """Worker processes load plugins again, and must find the same."""
        assert loading.same

    def test_names_are_unique(self, loaded: PluginInfo) -> None:
        """Among all that is installed, of one kind."""
        own = {(type(each), each.name) for each in loaded.provides}
        others = [(type(d), d.name) for p in PluginManager.load().plugins if p.name != loaded.name for d in p.provides]
        assert not own & set(others)


def loading_of(entry_point: str) -> Loading:
    """Load one entry point in a process of its own and watch it."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADING, entry_point], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    return Loading(**json.loads(done.stdout.splitlines()[-1]))
